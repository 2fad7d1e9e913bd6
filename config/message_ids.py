"""The message ids that code and templates ask gettext for, found without gettext's programs."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "config",
    "common",
    "accounts",
    "notices",
    "knowledge",
    "tickets",
    "feedback",
    "sla",
    "surveys",
    "reports",
    "supervision",
)
CALLS = {  # name: how many leading texts are context, singular, plural
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
CALL = re.compile(rf"(?<![\w.])({'|'.join(sorted(CALLS, key=len, reverse=True))})\(")


@dataclass(frozen=True, order=True)
class MessageId:
    singular: str
    plural: str = ""
    context: str = ""


def wanted(root: Path = ROOT) -> dict[MessageId, set[str]]:
    """Every message id with the files that ask for it. ValueError for a call whose text is not a plain literal."""
    found: dict[MessageId, set[str]] = {}
    for path in python_files(root):
        for message in of_python(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()):
            found.setdefault(message, set()).add(path.relative_to(root).as_posix())
    for path in template_files(root):
        for message in of_template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()):
            found.setdefault(message, set()).add(path.relative_to(root).as_posix())
    return found


def python_files(root: Path = ROOT) -> Iterator[Path]:
    for app in APPS:
        yield from sorted(path for path in (root / app).rglob("*.py") if "migrations" not in path.parts)


def template_files(root: Path = ROOT) -> Iterator[Path]:
    folders = [root / "templates", *(root / app / "templates" for app in APPS)]
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"})


def of_python(source: str, name: str) -> Iterator[MessageId]:
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS and node.args:
                if isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript | ast.Call):
                    continue  # a text that is translated elsewhere, such as a choice's label
                yield message_of(called, node.args, f"{name}:{node.lineno}")


def of_template(source: str, name: str) -> Iterator[MessageId]:
    """Django turns the tags into calls as gettext's programs would read them; those are read here."""
    from django.utils.translation.template import templatize

    code = templatize(source, origin=name)
    for found in CALL.finditer(code):
        call = ast.parse(balanced(code[found.start() :]), mode="eval").body
        assert isinstance(call, ast.Call)
        yield message_of(found.group(1), call.args, name)


def balanced(code: str) -> str:
    """The call with which `code` begins, up to its closing bracket."""
    depth, lines = 0, code.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        depth += (token.string == "(") - (token.string == ")") if token.type == tokenize.OP else 0
        if token.string == ")" and depth == 0:
            row, column = token.end
            return "".join([*lines[: row - 1], lines[row - 1][:column]])
    raise ValueError(f"a call is not closed: {code[:60]!r}")


def message_of(called: str, arguments: Iterable[ast.expr], where: str) -> MessageId:
    kinds = CALLS[called]
    texts = []
    for argument in list(arguments)[: len(kinds)]:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise ValueError(f"{where}: {called}() wants its text written out, so that it can be translated")
        texts.append(argument.value)
    parts = dict(zip(kinds, texts, strict=True))
    return MessageId(parts["s"], parts.get("p", ""), parts.get("c", ""))

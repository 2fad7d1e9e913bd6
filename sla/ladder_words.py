"""The steps of a ladder in people's words, one a line, and such lines read again, in whichever language they are written.

“On the due time: owner, department head; raise to the department head; open an accountability record”. The codes of
`sla/ladder.py` (`due owner head level=1 account`) are understood too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, override

from sla import ladder

LANGUAGES = ("zh-hans", "en")
ON_DUE, AT_START, SHARE = (
    gettext_lazy("on the due time"), gettext_lazy("at the start"), gettext_lazy("%(n)s%% of the limit used"),
)  # fmt: skip
AFTER = {
    "wd": ngettext_lazy("%(n)s working day after the due time", "%(n)s working days after the due time", "n"),
    "wh": ngettext_lazy("%(n)s working hour after the due time", "%(n)s working hours after the due time", "n"),
    "wm": ngettext_lazy("%(n)s working minute after the due time", "%(n)s working minutes after the due time", "n"),
    "d": ngettext_lazy("%(n)s natural day after the due time", "%(n)s natural days after the due time", "n"),
    "h": ngettext_lazy("%(n)s hour after the due time", "%(n)s hours after the due time", "n"),
    "m": ngettext_lazy("%(n)s minute after the due time", "%(n)s minutes after the due time", "n"),
    "s": ngettext_lazy("%(n)s second after the due time", "%(n)s seconds after the due time", "n"),
}
BEFORE = {
    "wd": ngettext_lazy("%(n)s working day before the due time", "%(n)s working days before the due time", "n"),
    "wh": ngettext_lazy("%(n)s working hour before the due time", "%(n)s working hours before the due time", "n"),
    "wm": ngettext_lazy("%(n)s working minute before the due time", "%(n)s working minutes before the due time", "n"),
    "d": ngettext_lazy("%(n)s natural day before the due time", "%(n)s natural days before the due time", "n"),
    "h": ngettext_lazy("%(n)s hour before the due time", "%(n)s hours before the due time", "n"),
    "m": ngettext_lazy("%(n)s minute before the due time", "%(n)s minutes before the due time", "n"),
    "s": ngettext_lazy("%(n)s second before the due time", "%(n)s seconds before the due time", "n"),
}
TELL: dict[str, str | Promise] = {
    "owner": gettext_lazy("owner"),
    "first_contact": gettext_lazy("first contact"),
    "head": gettext_lazy("department head"),
    "office": gettext_lazy("feedback office"),
    "leaders": gettext_lazy("leadership"),
}
DO: dict[str, str | Promise] = {
    "level=0": gettext_lazy("raise to the owner"),
    "level=1": gettext_lazy("raise to the department head"),
    "level=2": gettext_lazy("raise to the feedback office"),
    "level=3": gettext_lazy("raise to leadership"),
    "account": gettext_lazy("open an accountability record"),
    "remind": gettext_lazy("remind in writing"),
    "notice": gettext_lazy("issue a supervision notice"),
    "group": gettext_lazy("call the special group together"),
    "reassign=head": gettext_lazy("give the case to the department head"),
    "reassign=office": gettext_lazy("give the case to the feedback office"),
    "reassign=duty": gettext_lazy("give the case to who is on duty"),
}
_OFFSET = re.compile(r"([+-])(\d+)(\w+)", re.ASCII)
_COLON, _BETWEEN = re.compile("[:：]"), re.compile("[;；,，、]")


def as_words(steps: Sequence[dict[str, Any]]) -> str:
    """One step a line, in the reader's language."""
    return "\n".join(line(codes) for codes in ladder.as_text(steps).splitlines())


def line(codes: str) -> str:
    at, *rest = codes.split()
    told = _(", ").join(str(TELL[word]) for word in rest if word in TELL)
    done = [str(DO[word]) for word in rest if word in DO]
    return f"{moment(at)}{_(': ')}{_('; ').join(filter(None, [told, *done]))}"


def moment(at: str) -> str:
    """`+1wd` as “1 working day after the due time”."""
    if at == ladder.DUE:
        return str(ON_DUE)
    if at == "0%":
        return str(AT_START)
    if at.endswith("%"):
        return str(SHARE) % {"n": at[:-1]}
    sign, amount, unit = _OFFSET.fullmatch(at).groups()  # type: ignore[union-attr]
    return str((AFTER if sign == "+" else BEFORE)[unit] % {"n": int(amount)})


def from_words(text: str) -> list[ladder.Step]:
    """The steps of such lines. ValueError names the words that are not understood."""
    return ladder.from_text("\n".join(codes_of(one) for one in text.splitlines() if one.strip()))


def codes_of(text: str) -> str:
    if not _COLON.search(text):
        return text if text.split()[0] == moment_of(text.split()[0]) else moment_of(text)
    at, rest = _COLON.split(text, maxsplit=1)
    known = vocabulary()
    found = [moment_of(at)]
    for word in _BETWEEN.split(rest):
        said = tidy(word)
        if said and said not in known:
            raise ValueError(word.strip())
        found += [known[said]] if said else []
    return " ".join(found)


def moment_of(text: str) -> str:
    """The code of a moment; what is not understood comes back as it is, for `ladder.from_text` to refuse."""
    said = tidy(text)
    for pattern, code in moments():
        if found := pattern.fullmatch(said):
            return code % found.groups()
    return text.strip() if " " not in text.strip() else refuse(text)


def refuse(text: str) -> str:
    raise ValueError(text.strip())


def tidy(text: str) -> str:
    return "".join(text.casefold().split())


def vocabulary() -> dict[str, str]:
    """What each word for people and deeds stands for, in all languages; codes stand for themselves."""
    known = {tidy(code): code for code in (*TELL, *DO)}
    for language in LANGUAGES:
        with override(language):
            known |= {tidy(str(words)): code for code, words in (*TELL.items(), *DO.items())}
    return known


def moments() -> Iterator[tuple[re.Pattern[str], str]]:
    """How moments are said in all languages, with the code that each stands for."""
    for language in LANGUAGES:
        with override(language):
            yield re.compile(re.escape(tidy(str(ON_DUE)))), "due"
            yield re.compile(re.escape(tidy(str(AT_START)))), "0%%"
            yield numbered(str(SHARE) % {"n": 77}), "%s%%"
            for sign, said in (("+", AFTER), ("-", BEFORE)):
                for unit, words in said.items():
                    for amount in (1, 77):
                        yield numbered(str(words % {"n": amount}), str(amount)), f"{sign}%s{unit}"


def numbered(said: str, number: str = "77") -> re.Pattern[str]:
    return re.compile(re.escape(tidy(said)).replace(number, r"(\d{1,4})", 1))


def all_words() -> dict[str, list[str]]:
    """What may be written, for the help beside the editor."""
    samples = ["50%", "due", "+1wd", "+2wh", "-30wm", "0%"]
    return {
        "moments": [moment(at) for at in samples],
        "people": [str(words) for words in TELL.values()],
        "deeds": [str(words) for words in DO.values()],
    }

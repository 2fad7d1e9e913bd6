"""The parameters of `Content-Type` and `Content-Disposition`: RFC 2231, RFC 2047 against the rules, raw 8-bit names."""

import re
from urllib.parse import unquote_to_bytes

from feedback.mail.message.charsets import decode
from feedback.mail.message.words import as_bytes, decoded

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80}?)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_CODED = re.compile(r"(?:%[89A-F][0-9A-F]){2}", re.IGNORECASE)
_LONGEST = 20_000


def main_value(header: str) -> str:
    """`text/plain` of `Text/Plain; charset=x`."""
    return header.partition(";")[0].strip().lower()


def parameters(header: str, *, charset: str = "") -> dict[str, str]:
    """Names in lower case to decoded values. The sections of RFC 2231 are joined as bytes, in their order."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _PARAMETER.findall(header[:_LONGEST].replace("\r", "").replace("\n", " ")):
        value = unquoted(value)
        found = _SECTION.fullmatch(name.lower())
        if found and (found[2] or found[3]):
            sections.setdefault(found[1], {}).setdefault(int(found[2] or 0), (value, bool(found[3])))
        else:
            plain.setdefault(name.lower(), decoded(value, charset=charset))
    return plain | {name: joined(parts, charset) for name, parts in sections.items()}


def unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:])
    return value


def joined(parts: dict[int, tuple[str, bool]], charset: str) -> str:
    """RFC 2231: `charset'language'` stands before the first section; only sections with a star are percent-coded."""
    data = b""
    for place, (_number, (value, coded)) in enumerate(sorted(parts.items())):
        if place == 0 and coded and value.count("'") >= 2:
            stated, _language, value = value.split("'", 2)
            charset = stated or charset
        data += unquote_to_bytes(as_bytes(value)) if coded else as_bytes(value)
    text, _doubtful = decode(data, charset)
    return decoded(text) if "=?" in text else text


def file_name(value: str) -> str:
    """A name that some program percent-coded as if it stood in an address; any other as it is."""
    if not _CODED.search(value):
        return value
    try:
        return unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return value

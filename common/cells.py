"""Text in the cells of a spreadsheet: it never becomes a formula (S-4). Pure."""

import re

_BLANKS = r"[ \u00a0\u2000-\u200d\u2060\ufeff\u3000]*"
_AT_THE_START = re.compile(rf"^(?={_BLANKS}[=+\-@|;\t\r\n＝＋－＠])")
_BEHIND_A_DIVIDER = re.compile(rf"(?<=[;|\t\r\n])(?={_BLANKS}(?:[=@＝＠]|[+\-＋－]\S))")
_OURS = re.compile(rf"(?:^'(?={_BLANKS}[=+\-@|;\t\r\n＝＋－＠])|(?<=[;|\t\r\n])'(?={_BLANKS}(?:[=@＝＠]|[+\-＋－]\S)))")


def harmless(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return _AT_THE_START.sub("'", text)


def harmless_in_csv(text: str) -> str:
    """Also behind what another reader's divider may be: to Excel with semicolons `"a","x;=1+1;"` has a cell `=1+1`."""
    return _BEHIND_A_DIVIDER.sub("'", harmless(text))


def as_it_was(text: str) -> str:
    """What `harmless` and `harmless_in_csv` were given."""
    return _OURS.sub("", text)

"""Telephone numbers as people write them, and as they are kept. Pure."""

import re

from common.text import digits, one_line

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EXTENSION = re.compile(r"(转|分机|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)


def phone_number(text: str) -> str:
    """A telephone number as it is kept: digits, a leading + for abroad, an extension after `转`. ValueError if none.

    Short numbers of services (12345, 10086) are nobody's own.

    `+86 138-0000-1234`, full-width digits and blanks all become `13800001234`.
    """
    text = one_line(text)
    extension = ""
    if found := _EXTENSION.search(text):
        text, extension = text[: found.start()], digits(found.group(2))
    number = digits(text)
    left_over = re.sub(r"[\d\s()（）+＋\-－–—.·]", "", text)
    if left_over:
        raise ValueError("letters in a telephone number")
    abroad = text.lstrip().startswith(("+", "＋"))
    for prefix, is_there in (("0086", True), ("86", abroad)):
        if is_there and number.startswith(prefix):
            number, abroad = _at_home(number[len(prefix) :]), False
            break
    if not 7 <= len(number) <= 15 or (number.startswith("1") and not abroad and not _MOBILE.fullmatch(number)):
        raise ValueError("nobody can be called there")
    if len(set(number)) < 3:
        raise ValueError("one digit over and over")
    return f"{'+' if abroad else ''}{number}" + (f"转{extension}" if extension else "")


def _at_home(number: str) -> str:
    """As it is dialled inside the country: behind +86 the 0 of a land line is left out."""
    is_land_line = 9 <= len(number) <= 11 and not (_MOBILE.fullmatch(number) or number.startswith(("0", "400", "800")))
    return f"0{number}" if is_land_line else number

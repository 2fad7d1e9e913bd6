"""The code on a printed sheet: `G1-0007-K`. Pure.

The last character is a weighted sum over the others, modulo a prime, so that one wrong character, or two that changed
places, never make the code of another sheet.
"""

import re

from common.text import fold

LETTERS = "0123456789ABCDEFGHJKMNPQRSTUVWX"  # 31 of them, a prime; without I, L, O and their likes
_CODE = re.compile(r"([A-Z][A-Z0-9]*)-(\d{4,7})-([0-9A-Z])")


def code_of(questionnaire: str, serial: int) -> str:
    stem = f"{questionnaire}-{serial:04d}"
    return f"{stem}-{check(stem)}"


def check(stem: str) -> str:
    return LETTERS[sum(place * (ord(char) - 47) for place, char in enumerate(stem, start=2)) % len(LETTERS)]


def read(typed: str) -> str:
    """The code in what was typed, or in the address that a scanner reads from the QR code. ValueError for none."""
    text = fold(typed).upper().strip().rstrip("/").rpartition("/")[2].replace(" ", "")
    found = _CODE.fullmatch(text)
    if not found or check(text[:-2]) != found.group(3):
        raise ValueError("not the code of a sheet")
    return text

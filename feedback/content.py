"""One piece of feedback as an adapter hands it over: read, cleaned, not yet judged. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.text import digits, one_line

SHORTEST = 10
LONGEST = 5000
CONSENT_VERSION = "2026-11"
"""Of the text on the privacy notice page; stored with each consent."""

_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)\s")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EXTENSION = re.compile(r"(转|分机|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Content:
    """`nature`, `category` and `region` are what the sender states; empty where they leave it to us.

    `category` is a code; `region` a six-digit code or words. `source` and `external_id` name it in another system.
    """

    text: str
    subject: str = ""
    nature: str = ""
    category: str = ""
    region: str = ""
    place: str = ""
    occurred_at: datetime | None = None
    remedy_sought: str = ""
    stars: int | None = None
    bad_stars: int = 3  # a review with so many or fewer is a bad one
    anonymous: bool = False
    language: str = "zh-hans"
    consent_version: str = ""
    source: str = ""
    external_id: str = ""
    source_url: str = ""
    answered_at_once: bool = False
    acknowledged: bool = True  # the sender is told that it arrived
    parent: Any = None  # the archived Ticket that this goes on from

    def headline(self) -> str:
        """The subject, else the first sentence."""
        return one_line(self.subject)[:200] or headline(self.text)


def headline(text: str, longest: int = 50) -> str:
    """The first sentence of a text on one line, cut at `longest` characters, never inside one that is combined."""
    first = next((one_line(part) for part in _SENTENCE.split(text) if one_line(part)), "")
    if len(first) <= longest:
        return first.rstrip("。.;；") or first
    cut = longest
    while cut > 1 and (
        first[cut] in "\u200d\ufe0f" or first[cut - 1] == "\u200d" or "\u0300" <= first[cut] <= "\u036f"
    ):
        cut -= 1
    return first[:cut].rstrip() + "…"


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
    left_over = re.sub(r"[\d\s()（）+＋\-–—.·]", "", text)
    if left_over:
        raise ValueError("letters in a telephone number")
    abroad = text.lstrip().startswith(("+", "＋"))
    for prefix, is_there in (("0086", True), ("86", abroad)):
        if is_there and number.startswith(prefix):
            number, abroad = number[len(prefix) :], False
            break
    if not 7 <= len(number) <= 15 or (number.startswith("1") and not abroad and not _MOBILE.fullmatch(number)):
        raise ValueError("nobody can be called there")
    if len(set(number)) < 3:
        raise ValueError("one digit over and over")
    return f"{'+' if abroad else ''}{number}" + (f"转{extension}" if extension else "")

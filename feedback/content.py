"""One piece of feedback as an adapter hands it over: read, cleaned, not yet judged. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.text import one_line

SHORTEST = 10
LONGEST = 5000
CONSENT_VERSION = "2026-11"
"""Of the text on the privacy notice page; stored with each consent."""

_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)\s")


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
    """The first sentence of a text on one line, cut at `longest` characters, never inside one that is combined.

    Latin letters are half as wide, so more of them stand in it; it is cut between their words.
    """
    first = next((one_line(part) for part in _SENTENCE.split(text) if one_line(part)), "")
    longest += longest * first.isascii()
    if len(first) <= longest:
        return first.rstrip("。.;；") or first
    cut = longest
    while cut > 1 and (
        first[cut] in "\u200d\ufe0f" or first[cut - 1] == "\u200d" or "\u0300" <= first[cut] <= "\u036f"
    ):
        cut -= 1
    kept = first[:cut]
    if first[cut].isascii() and first[cut].isalnum():
        kept = re.sub(r"(?<=\s)[A-Za-z0-9'-]{1,20}$", "", kept)
    return kept.rstrip() + "…"

"""Text as it comes from people: cleaned of what no one can see, known for empty when nothing is left. Needs no Django."""

import re
import unicodedata

# Control characters but tab and line feed; lone surrogates; bidirectional overrides; zero-width marks.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINK = re.compile(
    r"(?:https?:|ftp:)?//[^\s，。；！？、）】》]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:[/:?#][^\s，。；！？、）】》]*)?",
    re.IGNORECASE | re.ASCII,
)


def clean(text: str) -> str:
    """Line ends as `\\n`, invisible and control characters dropped. Everything a person can see stays."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text)


def one_line(text: str) -> str:
    """`clean`, with every run of white space as one blank: for names, subjects, mail headers."""
    return " ".join(clean(text).split()) if text else ""


def without_links(text: str) -> str:
    """A stranger's short line for a mail to an address that may be somebody else's: nothing in it can be pressed (S-6)."""
    return _LINK.sub("…", text)


# The signs of nearly every Chinese sentence. Without them most texts are in normal form, which is told five times as fast as made.
_USUAL = {"，": ",", "？": "?", "！": "!", "：": ":", "；": ";", "（": "(", "）": ")", "…": "..."}


def fold(text: str) -> str:
    """The form in which text is compared and searched: NFKC (full width becomes half width), lower case."""
    for wide, narrow in _USUAL.items():
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).lower()


def squeezed(text: str) -> str:
    """`fold` with one blank for any run of white space: for comparing whole texts. The length may change."""
    return " ".join(fold(text).split())


def is_visible(text: str) -> bool:
    """Whether at least one character would be seen when printed."""
    return any(unicodedata.category(char)[0] not in "CZ" for char in text)


def storable(text: str) -> bool:
    """Whether PostgreSQL can take it: no NUL, no half of a character (a lone surrogate)."""
    return not _UNSTORABLE.search(text)


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """What `text` says as a whole number of at most so many ASCII digits; None for anything else. 18 fit into any key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def digits(text: str) -> str:
    """Only the ASCII digits, full-width ones included."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char in "0123456789")

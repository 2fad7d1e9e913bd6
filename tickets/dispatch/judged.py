"""What a text would be taken for if it came in now: nature, category, region. It is judged above; read from here."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """In codes; empty what the text does not tell."""

    nature: str = ""
    category: str = ""
    region: str = ""


_readers: list[Callable[[str, str], Taken]] = []


def read_by(reader: Callable[[str, str], Taken]) -> None:
    """Whoever judges texts says at startup how; it takes the text and the channel."""
    if reader not in _readers:
        _readers.append(reader)


def of_text(text: str, channel: str) -> Taken:
    return _readers[0](text, channel) if _readers and text.strip() else Taken()

"""`winmail.dat`: what Outlook wraps files in when it takes the receiver for another Outlook."""

import logging
from dataclasses import dataclass

from tnefparse import TNEF

from feedback.mail.message.charsets import decode

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it tells of every property that it does not know


@dataclass(frozen=True)
class Opened:
    files: tuple[tuple[str, bytes], ...]
    text: str


def opened(data: bytes) -> Opened | None:
    """The files inside and the text; None when it cannot be read, and the file stays as it came."""
    try:
        wrapped = TNEF(data, do_checksum=False)
        files = tuple((name_of(item), bytes(item.data)) for item in wrapped.attachments if item.data is not None)
        text = wrapped.body or ""
    except Exception:  # a library that reads what strangers send: whatever it raises, the file itself is kept
        return None
    return Opened(files, text if isinstance(text, str) else decode(bytes(text))[0])


def name_of(item: object) -> str:
    name = getattr(item, "long_filename", None)
    name = name() if callable(name) else name
    name = name or getattr(item, "name", "")
    return name.strip("\0") if isinstance(name, str) else decode(bytes(name or b"").strip(b"\0"))[0]

"""The files of a mail: their names, their types, and what is shown inside the text."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from common.text import one_line
from feedback.mail.message.parameters import main_value
from feedback.mail.message.structure import Part

_ENDINGS = {
    "message/rfc822": "eml", "text/calendar": "ics", "text/html": "html", "text/plain": "txt", "image/jpeg": "jpg",
    "image/png": "png", "image/gif": "gif", "image/bmp": "bmp", "image/webp": "webp", "application/pdf": "pdf",
    "text/rfc822-headers": "txt", "application/pkcs7-signature": "p7s", "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m", "text/x-vcard": "vcf", "text/vcard": "vcf", "audio/mpeg": "mp3", "audio/amr": "amr",
    "audio/wav": "wav", "video/mp4": "mp4", "message/delivery-status": "txt",
}  # fmt: skip
LONGEST_NAME = 255


@dataclass(frozen=True)
class File:
    """What came with a mail. `inline`: shown inside its text, under `content_id`."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""
    inline: bool = False

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def named(part: Part) -> File:
    """A leaf as a file. Without a name it gets one of its type."""
    media_type = main_value(part.media_type) or "application/octet-stream"
    name = one_line(part.name).replace("\\", "/").rpartition("/")[2].strip()
    ending = _ENDINGS.get(media_type, "bin")
    if not name:
        name = f"{media_type.partition('/')[0]}.{ending}"
    elif media_type == "message/rfc822" and "." not in name[-6:]:
        name = f"{name}.eml"
    inline = bool(part.content_id) and media_type.startswith("image/") and part.disposition != "attachment"
    return File(shortened(name), media_type, part.data, part.content_id, inline)


def shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else name[:LONGEST_NAME]


def no_repeats(files: Iterable[File]) -> list[File]:
    """Without the second copy of a picture inside the text: a signature's logo comes once a quotation."""
    seen, kept = set(), []
    for file in files:
        if file.inline and file.sha256 in seen:
            continue
        seen.add(file.sha256)
        kept.append(file)
    return kept

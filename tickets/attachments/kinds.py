"""What a file truly is, told by its content and never by its name (S-10)."""

import io
import lzma
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from common.text import one_line

_HEAD = 4096
_BROKEN = (  # what a ZIP that is none, or not whole, makes of the libraries
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
TYPES = {
    "jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "bmp": "image/bmp",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "wav": "audio/wav", "ogg": "audio/ogg",
    "opus": "audio/ogg", "amr": "audio/amr", "flac": "audio/flac", "weba": "audio/webm",
    "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "3gp": "video/3gpp", "avi": "video/x-msvideo",
    "mkv": "video/x-matroska",
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "rtf": "application/rtf",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
SOUNDS = {"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/aac", "audio/flac"}
COPIED = {"audio/amr"}  # voices of WeChat, which no browser plays: a copy is played
FILMS = {"video/mp4", "video/webm", "video/quicktime"}
SHOWN_INLINE = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}
_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "oga": "ogg", "ogv": "ogg", "ogx": "ogg", "mpga": "mp3",
         "m4v": "mp4", "f4a": "m4a", "qt": "mov", "qtvr": "mov", "dib": "bmp", "log": "txt"}  # fmt: skip
_TWINS = ({"m4a", "mp4", "3gp", "mov"}, {"webm", "weba", "mkv"}, {"ogg", "opus"}, {"doc", "xls", "ppt"}, {"txt", "csv"})
_ZIPPED = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_LARGEST_CONTENTS = 2**20  # of a ZIP's table of contents, read whole: more than ten thousand names


class FileRefused(ValidationError):
    """The file cannot be taken; the message names it and says why, for the person who sent it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="file-refused")


def clean_name(name: str) -> str:
    """What is shown of a sender's file name: one line, no path, nothing hidden, at most 120 characters."""
    last = one_line(name).replace("\\", "/").rpartition("/")[2].strip(". -~")
    stem, dot, ending = last.rpartition(".")
    if dot and len(last) > 120:
        return f"{stem[: 119 - len(ending[:20])]}.{ending[:20]}"
    return last[:120] or _("file")


def ending_of(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return _SAME.get(ending, ending)


def with_ending(name: str, ending: str) -> str:
    """The name, with the ending of its true type behind a false or missing one."""
    return name if ending_of(name) == ending else f"{name}.{ending}"


def kind_of(upload: File, name: str) -> str:
    """The ending of the file's true type, by content; the name only decides between twins. Raises FileRefused."""
    upload.seek(0)
    head = upload.read(_HEAD)
    upload.seek(0)
    wished = ending_of(name)
    found = zipped(upload) if head.startswith(b"PK\x03\x04") else by_signature(head)
    for ending in found:
        for twins in _TWINS:
            if ending in twins and wished in twins:
                return wished
        if ending in TYPES:
            return ending
    raise FileRefused(
        _("“%(name)s” is not a picture, a recording, a video, a PDF or an office document, so it was not taken.")
        % {"name": name}
    )


def by_signature(head: bytes) -> list[str]:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError, IndexError, LookupError):
        matches = []
    endings = [_SAME.get(match.extension.lstrip("."), match.extension.lstrip(".")) for match in matches]
    if matches and matches[0].confidence >= 0.3:
        return endings[:1] if endings[0] in {"html", "svg", "xml", "exe"} else [e for e in endings if e in TYPES]
    strong = [ending for ending in endings if ending in {"mp3", "bmp", "jpg", "rtf"}]
    return strong or (["txt"] if is_plain_text(head) else [])


def is_plain_text(head: bytes) -> bool:
    """Readable text without markup: a browser that guesses must find nothing to run."""
    for cut in range(4):  # the piece may end inside a character
        try:
            text = head[: len(head) - cut].decode("utf-8-sig")
            break
        except UnicodeDecodeError:
            continue
    else:
        try:
            text = head.decode("gb18030", errors="strict" if len(head) < _HEAD else "ignore")
        except UnicodeDecodeError:
            return False
    return "<" not in text[:1024] and not any(char < " " and char not in "\t\r\n\f" for char in text)


def zipped(upload: IO[bytes]) -> list[str]:
    """What an office document in a ZIP is, by its table of contents; nothing is unpacked."""
    if contents_of(upload) > _LARGEST_CONTENTS:
        return []
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()[:5000]
            if any(name.endswith("vbaProject.bin") for name in names):
                return []  # macros
            if "[Content_Types].xml" in names:
                return [ending for folder, ending in _ZIPPED.items() if any(name.startswith(folder) for name in names)]
            if "mimetype" in names and unpacks_by_little(archive.getinfo("mimetype")):
                with archive.open("mimetype") as told:
                    kind = told.read(100).decode("ascii", "ignore")
                return [ending for ending in ("odt", "ods") if TYPES[ending] == kind]
    except _BROKEN:
        pass
    finally:
        upload.seek(0)
    return []


def unpacks_by_little(entry: zipfile.ZipInfo) -> bool:
    """Whether so much is unpacked as is read: of the other methods a piece becomes gigabytes at once, whatever it says."""
    return entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def contents_of(upload: IO[bytes]) -> int:
    """Bytes of a ZIP's table of contents as its end tells; 4 GB for the long form, which no document needs."""
    upload.seek(0, io.SEEK_END)
    upload.seek(max(0, upload.tell() - 65_600))
    tail = upload.read()
    upload.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22 or b"PK\x06\x07" in tail[max(0, end - 20) : end]:
        return 2**32
    return int.from_bytes(tail[end + 12 : end + 16], "little")

"""Files of people: taken in by content, not by name; kept without traces of the camera; given out safely (S-10, S-11).

`store` reads an upload in pieces and writes it under a random name. Images whose file holds anything but the picture
(EXIF, GPS, XMP, comments, something behind the end) are drawn anew; a clean image, and every other file, is kept as it
came, so that `sha256` and `size` are those of the file that is given out.
"""

import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Any

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

from accounts.models import User
from common.text import one_line
from tickets.models import Attachment

LARGEST = 50 * 2**20
MOST = 10
MAX_IMAGE_PIXELS = 25_000_000
MOST_FRAMES = 300
KEPT_UNUSED = timedelta(days=1)

_HEAD = 4096
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
SHOWN_INLINE = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}
_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "oga": "ogg", "ogv": "ogg", "ogx": "ogg", "mpga": "mp3",
         "m4v": "mp4", "f4a": "m4a", "qt": "mov", "qtvr": "mov", "dib": "bmp", "log": "txt"}  # fmt: skip
_TWINS = ({"m4a", "mp4", "3gp", "mov"}, {"webm", "weba", "mkv"}, {"ogg", "opus"}, {"doc", "xls", "ppt"}, {"txt", "csv"})
_ZIPPED = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_CLEAN_INFO = {"dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progressive",
               "progression", "gamma", "transparency", "srgb", "aspect", "interlace", "chromaticity"}  # fmt: skip
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"sBIT", b"bKGD"}
_LARGEST_CONTENTS = 2**20  # of a ZIP's table of contents, read whole: more than ten thousand names


class FileRefused(ValidationError):
    """The file cannot be taken; the message names it and says why, for the person who sent it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="file-refused")


def store(upload: File, *, at: datetime, by: User | None = None) -> Attachment:
    """Keep one upload, not yet linked to a ticket. Reads and writes in pieces; one query. Raises FileRefused."""
    name = clean_name(upload.name or "")
    if (upload.size or 0) > LARGEST:
        raise FileRefused(_("“%(name)s” is larger than %(mb)s MB.") % {"name": name, "mb": LARGEST // 2**20})
    if not upload.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    ending = kind_of(upload, name)
    content = upload
    if TYPES[ending] in SHOWN_INLINE:
        content = without_traces(upload, name)
    key = uuid.uuid4()
    row = Attachment(key=key, name=with_ending(name, ending), media_type=TYPES[ending], uploaded_at=at, uploaded_by=by)
    row.sha256, row.size = measure(content)
    row.file.save(key.hex, content, save=False)
    try:
        row.save(force_insert=True)
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


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
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                kind = archive.read("mimetype").decode("ascii", "ignore")
                return [ending for ending in ("odt", "ods") if TYPES[ending] == kind]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        pass
    finally:
        upload.seek(0)
    return []


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


def without_traces(upload: File, name: str) -> File:
    """The image itself when it holds the picture alone, else drawn anew. Raises FileRefused for bombs and wrecks."""
    with words_for_images(name):
        upload.seek(0)
        image = Image.open(upload)
        frames = getattr(image, "n_frames", 1) if image.format in {"GIF", "WEBP"} else 1
        pixels = image.width * image.height
        if pixels > MAX_IMAGE_PIXELS or frames > MOST_FRAMES or frames * pixels > 4 * MAX_IMAGE_PIXELS:
            raise FileRefused(_("“%(name)s” has too many pixels; 25 million are the most.") % {"name": name})
        if frames == 1:
            image.load()
        if is_clean(image, upload):
            upload.seek(0)
            return upload
        return redrawn(image, frames)


def is_clean(image: Image.Image, upload: File) -> bool:
    if image.format not in {"JPEG", "PNG"} or not set(image.info) <= _CLEAN_INFO or image.getexif():
        return False
    if any(name != "APP0" and name != "APP14" for name, _data in getattr(image, "applist", [])):
        return False
    return only_picture_chunks(upload) if image.format == "PNG" else ends_once(upload)


def only_picture_chunks(upload: IO[bytes]) -> bool:
    """Whether a PNG is made of what draws it: no date, no private chunk, nothing behind the end."""
    upload.seek(8)
    while len(head := upload.read(8)) == 8:
        if head[4:] not in _PNG_CHUNKS:
            return False
        upload.seek(int.from_bytes(head[:4], "big") + 4, io.SEEK_CUR)
        if head[4:] == b"IEND":
            return not upload.read(1)
    return False


def ends_once(upload: IO[bytes]) -> bool:
    """Whether a JPEG's first end is the end of the file: what a picture holds never looks like one."""
    upload.seek(0)
    before = b""
    while piece := upload.read(1 << 20):
        piece = before + piece
        if (end := piece.find(b"\xff\xd9")) >= 0:
            return end == len(piece) - 2 and not upload.read(1)
        before = piece[-1:]
    return False


def redrawn(image: Image.Image, frames: int) -> File:
    form = image.format or "PNG"
    drawn = io.BytesIO()
    if frames > 1:
        first, *rest = [frame.copy() for frame in ImageSequence.Iterator(image)]
        for frame in (first, *rest):
            frame.info.pop("comment", None)
        first.save(drawn, form, save_all=True, append_images=rest, loop=0, duration=image.info.get("duration", 100))
    else:
        upright = ImageOps.exif_transpose(image)
        bare = Image.new(upright.mode, upright.size)
        if upright.palette and upright.mode == "P":
            bare.putpalette(upright.palette)
        bare.paste(upright)
        more = {"quality": 90} if form in {"JPEG", "WEBP"} else {}
        if "transparency" in image.info and form in {"PNG", "GIF"}:
            more["transparency"] = image.info["transparency"]
        bare.save(drawn, form, **more)
    return ContentFile(drawn.getvalue())


@contextmanager
def words_for_images(name: str) -> Iterator[None]:
    try:
        yield
    except FileRefused:
        raise
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        LookupError,
        MemoryError,
        Image.DecompressionBombError,
    ) as error:
        raise FileRefused(_("“%(name)s” is damaged: the picture cannot be read.") % {"name": name}) from error


def measure(content: File) -> tuple[str, int]:
    """SHA-256 and size, read in pieces."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size


def unlinked(keys: Iterable[str], *, at: datetime) -> list[Attachment]:
    """Uploads that belong to nobody yet, locked; inside a transaction. One query.

    Raises FileRefused when one is unknown, used already, or older than a day: a file of ticket A never goes to B.
    """
    wanted = []
    for key in dict.fromkeys(keys):
        try:
            wanted.append(uuid.UUID(str(key)))
        except ValueError:
            raise FileRefused(_("One of the files is unknown. Upload it again.")) from None
    if len(wanted) > MOST:
        raise FileRefused(_("At most %(most)s files.") % {"most": MOST})
    if not wanted:
        return []
    rows = Attachment.objects.select_for_update().filter(
        key__in=wanted, ticket=None, message=None, uploaded_at__gt=at - KEPT_UNUSED
    )
    found = {row.key: row for row in rows}
    if len(found) < len(set(wanted)):
        raise FileRefused(_("One of the files is unknown. Upload it again."))
    return [found[key] for key in wanted]


def forget_unused(*, before: datetime) -> int:
    """Drop uploads that nobody sent with anything. Returns how many."""
    rows = Attachment.objects.filter(ticket=None, message=None, uploaded_at__lt=before)
    dropped = 0
    for row in rows.iterator():
        deleted, _models = Attachment.objects.filter(pk=row.pk, ticket=None).delete()
        if deleted:
            row.file.delete(save=False)
            dropped += 1
    return dropped


def respond(attachment: Attachment) -> FileResponse:
    """The file as a download, streamed; pictures may be shown. Nothing in it can run in this site's name."""
    shown = attachment.media_type in SHOWN_INLINE
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not shown,
        filename=attachment.name,
        content_type=attachment.media_type if attachment.media_type in TYPES.values() else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


class SizeCap(FileUploadHandler):
    """First in `FILE_UPLOAD_HANDLERS`: stops reading a file into memory or disk once it is too large.

    The rest of the request goes on, so that the text beside the file is not lost; `request.cut_off_files` names it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.read_so_far = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read_so_far += len(raw_data)
        if self.read_so_far > LARGEST:
            names = self.request.__dict__.setdefault("cut_off_files", [])
            names.append(clean_name(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

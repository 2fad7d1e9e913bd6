"""Pictures: kept without traces of camera and place, small ones for lists, bombs refused by their header (S-11, P-6)."""

import io
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

import pi_heif
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

from tickets.attachments.kinds import FileRefused
from tickets.attachments.stored import PIECE

MAX_IMAGE_PIXELS = 25_000_000
MOST_FRAMES = 300
MOST_SCANS, MOST_SEGMENTS = 64, 2000  # of a JPEG; programs make ten scans, cameras some hundred segments
THUMBNAIL = (480, 320)  # twice the size at which it is shown
_CLEAN_INFO = {"dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progressive",
               "progression", "gamma", "transparency", "srgb", "aspect", "interlace", "chromaticity"}  # fmt: skip
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # of a JPEG, where pictures have bytes
_ALONE = {0x01, *range(0xD0, 0xDA)}  # markers behind which no length stands
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"sBIT", b"bKGD"}


def is_heif(upload: IO[bytes]) -> bool:
    """Whether this is a photo as iPhones keep it, which few browsers show."""
    upload.seek(0)
    head = upload.read(64)
    upload.seek(0)
    return head[4:8] == b"ftyp" and (head[8:12] in _HEIF or (head[8:12] in {b"mif1", b"msf1"} and b"heic" in head[16:]))


def as_jpeg(upload: File, name: str) -> File:
    """The photo as JPEG, upright and without a trace. Raises FileRefused for bombs and wrecks."""
    with words_for_images(name):
        upload.seek(0)
        photo = pi_heif.open_heif(upload)
        if photo.size[0] * photo.size[1] > MAX_IMAGE_PIXELS:
            raise FileRefused(_too_many_pixels(name))
        image = photo.to_pillow()
        bare = Image.new("RGB", image.size, "white")
        bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
        drawn = io.BytesIO()
        bare.save(drawn, "JPEG", quality=90)
        return ContentFile(drawn.getvalue())


def _too_many_pixels(name: str) -> str:
    return _("“%(name)s” has too many pixels; 25 million are the most.") % {"name": name}


def without_traces(upload: File, name: str) -> File:
    """The image itself when it holds the picture alone, else drawn anew. Raises FileRefused for bombs and wrecks."""
    with words_for_images(name):
        refuse_made_to_cost(upload)
        image = Image.open(upload)
        frames = getattr(image, "n_frames", 1) if image.format in {"GIF", "WEBP"} else 1
        pixels = image.width * image.height
        if pixels > MAX_IMAGE_PIXELS or frames > MOST_FRAMES or frames * pixels > 4 * MAX_IMAGE_PIXELS:
            raise FileRefused(_too_many_pixels(name))
        if frames == 1:
            image.load()
        if is_clean(image, upload):
            upload.seek(0)
            return upload
        return redrawn(image, frames)


def refuse_made_to_cost(upload: IO[bytes]) -> None:
    """Raises ValueError for a JPEG of countless scans, each of which is as much work as the picture (2 kB for 16 million
    pixels), or of countless segments. Rewinds the file.
    """
    upload.seek(0)
    if upload.read(2) == b"\xff\xd8":
        scans = 0
        for _segment in range(MOST_SEGMENTS):
            head = upload.read(4)
            if len(head) < 4 or (scans and head[:2] == b"\xff\xd9"):  # what stands behind the end is not read
                break
            if head[0] != 0xFF or head[1] in {0x00, 0xFF}:  # it fills a gap
                upload.seek(-3, io.SEEK_CUR)
            elif head[1] in _ALONE:
                upload.seek(-2, io.SEEK_CUR)
            else:
                upload.seek(int.from_bytes(head[2:], "big") - 2, io.SEEK_CUR)
            if head[:2] == b"\xff\xda":
                scans += 1
                to_next_marker(upload)
            if scans > MOST_SCANS:
                raise ValueError("too many scans")
        else:
            raise ValueError("too many segments")
    upload.seek(0)


def to_next_marker(upload: IO[bytes]) -> None:
    """Over the picture's own bytes in a JPEG."""
    while len(piece := upload.read(PIECE)) > 1:
        if found := _MARKER.search(piece):
            upload.seek(found.start() - len(piece), io.SEEK_CUR)
            return
        upload.seek(-1, io.SEEK_CUR)


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
        bare = _without_comment(ImageSequence.Iterator(image))  # one after the other: a small film is large in memory
        next(bare).save(
            drawn, form, save_all=True, append_images=bare, loop=0, duration=image.info.get("duration", 100)
        )
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


def _without_comment(frames: Iterable[Image.Image]) -> Iterator[Image.Image]:
    for frame in frames:
        copy = frame.copy()
        copy.info.pop("comment", None)
        yield copy


def thumbnail(content: File, name: str) -> File | None:
    """A small copy of a picture that was found good: WebP, without any trace; None when the picture itself is small.

    A JPEG is shrunk while it is decoded, so that a large photo costs little time and memory.
    """
    with words_for_images(name):
        content.seek(0)
        image = Image.open(content)
        if image.width <= THUMBNAIL[0] and image.height <= THUMBNAIL[1] and (content.size or 0) < 50_000:
            content.seek(0)
            return None
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))
        image.thumbnail(THUMBNAIL)
        small = image.convert("RGBA" if "transparency" in image.info or image.mode in {"RGBA", "LA"} else "RGB")
        drawn = io.BytesIO()
        small.save(drawn, "WEBP", quality=80)
        content.seek(0)
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
        RuntimeError,
        MemoryError,
        struct.error,
        Image.DecompressionBombError,
    ) as error:
        raise FileRefused(_("“%(name)s” is damaged: the picture cannot be read.") % {"name": name}) from error

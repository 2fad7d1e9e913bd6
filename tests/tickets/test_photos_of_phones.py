"""C2.2: photos as iPhones keep them (HEIC) become pictures that every browser shows, upright and without their traces."""

import base64
import io
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.make import NOON
from tickets.attachments import files
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
# 96 by 64 points, left blue and right red, taken upright (turned by its header), with the name of a camera in its EXIF.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAABxQABAAAAAAAAAE8AAgAAAAACFAABAAAAAAAAAEAAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAi"
    "QAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAA"
    "EFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAJdtZGF0AAAASygBrxOAeXMFyL//+atRX/mCav+lC7wSwX067/+I9uX5cS4qiEXT"
    "4mq7BUhYiEMQfZl1cEMmR7SpgdHrmn2BLS8EwHhWT+wFYca0cAAAAAZFeGlmAABNTQAqAAAACAACAQ8AAgAAAA8AAAAmARIAAwAAAAEABgAAAA"
    "AAAGlQaG9uZS1vZi1XYW5nAAA="
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def store(name: str, content: bytes) -> Attachment:
    return files.store(SimpleUploadedFile(name, content), at=NOON)


@pytest.mark.parametrize(
    ("name", "kept"), [("IMG_0001.HEIC", "IMG_0001.jpg"), ("photo", "photo.jpg"), ("a.mp4", "a.jpg")]
)
def test_it_is_kept_as_a_jpeg_upright_and_without_its_camera(name: str, kept: str) -> None:
    row = store(name, HEIC)
    content = row.file.read()
    image = Image.open(io.BytesIO(content))
    assert (row.name, row.media_type, row.size, image.format) == (kept, "image/jpeg", len(content), "JPEG")
    assert image.size == (64, 96)
    assert b"iPhone" in HEIC and b"iPhone" not in content and not image.getexif()


def test_a_bomb_is_refused_by_its_header_and_a_wreck_in_words() -> None:
    found = HEIC.index(b"ispe")
    bomb = HEIC[: found + 8] + struct.pack(">II", 9000, 9000) + HEIC[found + 16 :]
    for content in (bomb, HEIC[:300], HEIC[:-100], HEIC[:40] + b"x" * 500):
        with pytest.raises(files.FileRefused):
            store("a.heic", content)
    assert not Attachment.objects.exists()


def test_a_film_is_still_a_film() -> None:
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 100
    assert store("a.mp4", film).media_type == "video/mp4"

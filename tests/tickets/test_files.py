"""Files are taken by content, kept without traces, named harmlessly."""

import hashlib
import io
import struct
import time
import zipfile
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import zips
from tests.make import NOON, a_ticket
from tests.memory import grown_while
from tickets.attachments import files
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF"


def store(name: str, content: bytes) -> Attachment:
    return files.store(SimpleUploadedFile(name, content), at=NOON)


def photo(form: str = "JPEG", **more: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, form, **more)
    return drawn.getvalue()


def broken_odt() -> bytes:
    """Its word of what it is cannot be unpacked."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return whole.getvalue().replace(whole.getvalue()[38:46], b"\xff" * 8, 1)


# Its second picture ends within the words that say how large it is.
CUT_OFF_FILM = bytes.fromhex(
    "4749463837611e001e00810000ff00000000000000000000002c000000001e001e000008320001081c48b0a0c18308132a5cc8b0a1c387102"
    "34a9c48b1a2c58b18336adcc8b1a3c78f20438a1c49b2a4c99328539e0c080021f90401000001002c000000001e"
)


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 7.0)
    return photo(exif=exif, comment=b"home of Wang")


def test_a_photo_loses_place_camera_and_comment_but_not_its_way_up() -> None:
    row = store("a.jpg", with_gps())
    stored = row.file.read()
    assert b"SecretCamera" not in stored
    assert b"home of Wang" not in stored
    image = Image.open(io.BytesIO(stored))
    assert not image.getexif()
    assert image.size == (30, 40)
    assert (row.sha256, row.size) == (hashlib.sha256(stored).hexdigest(), len(stored))


def test_a_clean_picture_is_kept_to_the_byte() -> None:
    for name, content in (("a.png", photo("PNG")), ("b.jpg", photo())):
        assert store(name, content).sha256 == hashlib.sha256(content).hexdigest()


def test_what_stands_behind_the_end_of_a_picture_is_not_kept() -> None:
    assert b"<script>" not in store("a.png", photo("PNG") + b"<script>alert(1)</script>").file.read()


def test_a_bomb_of_pixels_is_refused_by_its_header() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    with pytest.raises(files.FileRefused, match=r"bomb\.png"):
        store("bomb.png", bomb)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>"),
        ("a.txt", b"hello <script>alert(1)</script>"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("a.pdf", b"MZ\x90\x00" + b"\0" * 100),
        ("a.docx", b"PK\x03\x04 not a zip"),
        ("a.png", photo("PNG")[:12] + b"x" * 40),
        ("a.jpg", b""),
        ("a", b"\x00\x01\x02"),
        ("a.odt", broken_odt()),
        ("a.gif", CUT_OFF_FILM),
    ],
)
def test_what_is_not_what_it_seems_is_refused_by_name(name: str, content: bytes) -> None:
    with pytest.raises(files.FileRefused, match="a"):
        store(name, content)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "报告.pdf", "application/pdf"),
        (photo("PNG"), "x.jpg", "image/png"),
        (photo("WEBP"), "x.webp", "image/webp"),
        (photo("GIF"), "x.gif", "image/gif"),
        ("说明：第一次来访\n".encode(), "a.txt", "text/plain"),
        ("说明：第一次来访，请看附件。\n".encode("gb18030"), "a.txt", "text/plain"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"\0" * 50, "v.m4a", "audio/mp4"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 50, "v.mp4", "video/mp4"),
        (b"#!AMR\n" + b"\0" * 30, "v.amr", "audio/amr"),
    ],
)
def test_the_kind_is_told_by_the_content(content: bytes, name: str, kind: str) -> None:
    assert store(name, content).media_type == kind


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "C:\\x\\y.pdf", "\u200b.htaccess", "a\u202egpj.exe", "..", "x" * 300 + ".pdf", "-rf", "a\x00b.pdf",
     "con.txt", "😀.pdf"],
)  # fmt: skip
def test_a_name_is_only_ever_shown(name: str) -> None:
    upload = SimpleUploadedFile("x", PDF)
    upload._name = name  # as a hostile client sends it, past Django's own cleaning
    row = files.store(upload, at=NOON)
    assert row.file.name.rpartition("/")[2] == row.key.hex
    assert row.name.endswith(".pdf")
    assert len(row.name) <= 200
    assert not set(row.name) & set("/\\\u202e\u200b\x00")


def test_uploads_that_nobody_sent_are_forgotten_after_a_day() -> None:
    lost, sent = store("a.pdf", PDF), store("b.pdf", PDF + b"2")
    Attachment.objects.filter(pk=sent.pk).update(ticket=a_ticket())
    assert files.forget_unused(before=NOON + timedelta(days=1)) == 1
    assert list(Attachment.objects.all()) == [sent]
    assert not lost.file.storage.exists(lost.file.name)


def test_a_file_too_large_is_cut_off_and_the_text_is_not_lost(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "largest", lambda kind="": 100_000)
    upload = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 200_000)
    page = client.post("/", {"content": "这是一段不能丢失的说明文字，请看视频。", "anonymous": "1", "uploads": upload})
    assert page.status_code == 422
    assert "film.mp4" in page.content.decode()
    assert "不能丢失的说明文字" in page.content.decode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("kind", [b"prVt", b"tIME", b"caBX", b"zzXt"])
def test_what_hides_in_a_chunk_of_its_own_is_not_kept(kind: bytes) -> None:
    plain = photo("PNG")
    cut = plain.index(b"IDAT") - 4
    hiding = plain[:cut] + chunk(kind, b"30.25 N 120.1 E") + plain[cut:]
    assert b"30.25" not in store("a.png", hiding).file.read()


def test_what_hides_behind_a_photo_under_an_end_of_its_own_is_not_kept() -> None:
    assert b"secret" not in store("a.jpg", photo() + b"<script>secret</script>\xff\xd9").file.read()


@pytest.mark.parametrize("long_form", [False, True])
def test_a_document_of_countless_names_is_refused_before_they_are_read(long_form: bool) -> None:
    name = b"word/x"
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, *[0] * 7, len(name), *[0] * 6) + name
    first, names = b"PK\x03\x04" + bytes(26), entry * 100_000
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 9, 9, 0 if long_form else len(names), len(first), 0)
    if long_form:
        where = len(first) + len(names)
        end = (
            struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 100_000, 100_000, len(names), len(first))
            + struct.pack("<IIQI", 0x07064B50, 0, where, 1)
            + end
        )
    begun = time.process_time()
    with pytest.raises(files.FileRefused):
        store("a.docx", first + names + end)
    assert time.process_time() - begun < 0.25


@pytest.mark.parametrize("method", zips.METHODS)
def test_what_an_office_file_says_that_it_is_is_not_unpacked_whole(method: int) -> None:
    content = zips.lying("mimetype", method=method)
    assert zips.refused(files.FileRefused, lambda: store("a.ods", content)) < 40


def test_a_photo_that_is_made_to_cost_is_refused_before_it_is_read() -> None:
    """Each scan of a progressive JPEG is as much work as the picture, in two kilobytes for 16 million pixels."""
    good, drawn = photo(), io.BytesIO()
    Image.new("RGB", (4000, 4000), "teal").save(drawn, "JPEG", progressive=True)
    large = drawn.getvalue()
    scan = large[large.rindex(b"\xff\xda") : -2]
    begun = time.process_time()
    hidden = scan + b"\xff\xfe\0\4\xff\xd9"  # an end within a comment is none
    for costly in (
        large[:-2] + hidden * 200 + large[-2:],
        good[:2] + b"\xff\xd9" + b"\xff\xe0\0\2" * 400_000 + good[2:],
        large[:-2] + scan * 200 + large[-2:],
        good[:2] + b"\xff\xe0\0\2" * 400_000 + good[2:],
        good[:2] + b"\xff" * 2_000_000 + good[2:],
        good[:2] + bytes(2_000_000) + good[2:],
    ):
        with pytest.raises(files.FileRefused, match=r"a\.jpg"):
            store("a.jpg", costly)
    assert time.process_time() - begun < 0.5
    assert store("a.jpg", large).media_type == "image/jpeg"
    assert store("a.jpg", large + b"\xff\xda" * 1000).size  # a film behind a photo looks like anything
    assert store("a.jpg", good[:2] + b"\xff" * 100 + b"\xff\xfe\0\4ab" * 500 + good[2:]).media_type == "image/jpeg"


def test_a_small_film_of_many_frames_is_not_in_memory_all_at_once() -> None:
    """300 kB of a GIF were half a gigabyte."""
    drawn, frames = io.BytesIO(), [Image.new("L", (580, 580), shade) for shade in range(120)]
    frames[0].save(drawn, "GIF", save_all=True, append_images=frames[1:], comment=b"home of Wang")
    del frames
    row, more = grown_while(lambda: store("a.gif", drawn.getvalue()))
    kept = row.file.read()
    assert more < 100
    assert b"Wang" not in kept
    assert Image.open(io.BytesIO(kept)).n_frames == 120

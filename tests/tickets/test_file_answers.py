"""Files given out: in pieces where a player asks for them, harmless, small pictures for lists (S-1)."""

import io
import uuid
import wave

import av
import numpy
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import translation
from PIL import Image

from tests.make import NOON, a_ticket
from tests.tickets.test_files import photo, with_gps
from tickets.attachments import files, sounds
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 400


@pytest.fixture
def film(lin, customer_service):
    row = files.store(SimpleUploadedFile("漏水.mp4", FILM), at=NOON)
    Attachment.objects.filter(pk=row.pk).update(ticket=a_ticket(department=customer_service))
    return row


@pytest.fixture
def ask(client, lin, film):
    client.force_login(lin)
    return lambda **headers: client.get(film.get_absolute_url(), headers=headers)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_without_a_range_all_of_it_comes(ask):
    answer = ask()
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (200, str(len(FILM)), "bytes")
    assert body(answer) == FILM


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=100-", 100, None), ("bytes=-50", -50, None),
     ("bytes=102000-999999999", 102000, None), ("bytes=-999999999", 0, None)],
)  # fmt: skip
def test_a_player_gets_the_piece_it_asks_for(ask, asked, start, end):
    answer = ask(Range=asked)
    piece = FILM[start:end]
    first = start % len(FILM)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{first + len(piece) - 1}/{len(FILM)}"
    assert answer["Content-Length"] == str(len(piece))
    assert body(answer) == piece


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_piece_beyond_the_end_is_refused_with_the_length(ask, asked):
    answer = ask(Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(FILM)}")


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-5", "bytes=-", "bytes=" + "9" * 40 + "-"]
)
def test_a_range_that_nobody_understands_gets_all_of_it(ask, asked):
    answer = ask(Range=asked)
    assert (answer.status_code, body(answer)) == (200, FILM)


def test_a_piece_of_another_version_is_not_given(ask):
    assert ask(Range="bytes=0-5", **{"If-Range": '"other"'}).status_code == 200
    tag = ask()["ETag"]
    assert ask(Range="bytes=0-5", **{"If-Range": tag}).status_code == 206


def test_every_answer_is_harmless(ask):
    for answer in (ask(), ask(Range="bytes=0-5"), ask(Range="bytes=999999999-")):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
    assert ask()["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_gone_from_the_disk_is_a_404(client, lin, film):
    client.force_login(lin)
    film.file.delete(save=False)
    assert client.get(film.get_absolute_url()).status_code == 404
    assert client.get(film.get_absolute_url() + "small/").status_code == 404


def test_a_photo_has_a_small_copy_upright_and_without_a_trace(client, lin, customer_service):
    large = io.BytesIO()
    exif = Image.open(io.BytesIO(with_gps())).getexif()
    Image.effect_noise((1600, 900), 80).convert("RGB").save(large, "JPEG", exif=exif, quality=95)
    row = files.store(SimpleUploadedFile("a.jpg", large.getvalue()), at=NOON)
    Attachment.objects.filter(pk=row.pk).update(ticket=a_ticket(department=customer_service))
    client.force_login(lin)
    answer = client.get(row.get_absolute_url() + "small/")
    drawn = body(answer)
    small = Image.open(io.BytesIO(drawn))
    assert (answer["Content-Type"], small.format, small.height) == ("image/webp", "WEBP", 320)
    assert small.width < small.height, "the way up of the camera is kept"
    assert not small.getexif() and b"SecretCamera" not in drawn
    assert len(drawn) < row.size / 4


def test_a_tiny_picture_needs_no_small_copy():
    assert not files.store(SimpleUploadedFile("a.png", photo("PNG")), at=NOON).thumb


def test_a_file_of_another_department_has_no_small_copy_either(client, han, film):
    client.force_login(han)
    assert client.get(f"/files/{film.key}/small/").status_code == 404
    assert client.get(f"/files/{uuid.uuid4()}/small/").status_code == 404


def voice(seconds: int) -> bytes:
    """As WeChat records it: AMR of one channel with 8,000 samples a second."""
    made = io.BytesIO()
    with av.open(made, "w", format="amr") as target:
        track = target.add_stream("libopencore_amrnb", rate=8000, layout="mono")
        track.bit_rate = 12200
        for start in range(0, seconds * 8000, 160):
            tone = (8000 * numpy.sin(numpy.arange(start, start + 160) / 4)).astype("int16")
            frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = 8000
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return made.getvalue()


def test_a_voice_of_wechat_is_kept_as_it_came_and_played_from_a_copy(client, lin, customer_service):
    came = voice(3)
    row = files.store(SimpleUploadedFile("voice.amr", came), at=NOON)
    Attachment.objects.filter(pk=row.pk).update(ticket=a_ticket(department=customer_service))
    client.force_login(lin)
    assert (row.media_type, row.shown_as) == ("audio/amr", "sound")
    assert body(client.get(row.get_absolute_url())) == came
    played = client.get(f"{row.get_absolute_url()}small/", headers={"Range": "bytes=0-99999999"})
    assert (played.status_code, played["Content-Type"]) == (206, "audio/wav"), "Safari asks for pieces"
    with wave.open(io.BytesIO(body(played))) as copy:
        heard = numpy.frombuffer(copy.readframes(copy.getnframes()), "int16")
        assert (copy.getframerate(), round(copy.getnframes() / 8000)) == (8000, 3)
    assert 4000 < abs(heard).max() < 12000, "it is the tone, not silence"


def test_of_a_voice_that_is_none_it_is_said_that_it_has_to_be_downloaded(client, lin, customer_service):
    row = files.store(SimpleUploadedFile("voice.amr", b"#!AMR\n" + b"\0" * 3), at=NOON)
    assert (row.shown_as, bool(row.thumb)) == ("", False)
    with translation.override("zh-hans"):
        assert "下载后收听" in render_to_string("ui/file.html", {"file": row, "there": "/x/"})


@pytest.mark.parametrize(("seconds", "told"), [(5, True), (1, False)])
def test_of_a_recording_of_hours_the_beginning_can_be_played_and_that_it_is_no_more_is_said(monkeypatch, seconds, told):
    monkeypatch.setattr(sounds, "LONGEST", 2)
    row = files.store(SimpleUploadedFile("voice.amr", voice(seconds)), at=NOON)
    with row.thumb.open() as kept, wave.open(kept) as copy:
        assert round(copy.getnframes() / 8000) == min(seconds, 2)
    with translation.override("zh-hans"):
        assert ("只播放前五分钟" in render_to_string("ui/file.html", {"file": row, "there": "/x/"})) is told


def test_players_beside_each_other_say_which_file_each_plays():
    one = files.store(SimpleUploadedFile("第一段.amr", voice(1)), at=NOON)
    two = files.store(SimpleUploadedFile("第二段.amr", voice(1)), at=NOON)
    alone = render_to_string("tickets/_files.html", {"files": [one]})
    both = render_to_string("tickets/_files.html", {"files": [one, two]})
    assert "<bdi>第一段.amr</bdi>" not in alone, "its name stands below"
    assert (
        both.index("<bdi>第一段.amr</bdi>")
        < both.index('aria-label="第二段.amr"')
        < both.index("<bdi>第二段.amr</bdi>")
    )


def test_of_a_voice_that_is_broken_what_stands_before_is_played():
    came = voice(4)
    heard, _goes_on = sounds.playable(SimpleUploadedFile("voice.amr", came[: len(came) // 2] + b"\xff" * 40))
    with wave.open(heard) as copy:
        assert 1 <= copy.getnframes() / 8000 <= 3

"""Large files in pieces: what came stays, the sender goes on; tried with tuspy, a client of others (C2.1)."""

import base64
import hashlib
import io
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tusclient.client import TusClient

from tests import memory
from tests.make import NOON
from tickets.attachments import files, stored, uploads
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
HEAD = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
FILM = HEAD + bytes(range(256)) * 2000
WHOLE = len(FILM)
ADDRESS = "/api/v1/attachments/"
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def rooms(settings, tmp_path):
    settings.MEDIA_ROOT, settings.UPLOADS_ROOT = tmp_path / "files", tmp_path / "uploads"
    return tmp_path


def begin(client, length=WHOLE, name="漏水过程.mp4", **headers):
    told = {"Upload-Length": str(length), "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}
    return client.post(ADDRESS, headers=TUS | told | headers)


def send(client, place, offset, piece, **headers):
    told = TUS | {"Upload-Offset": str(offset)} | headers
    return client.patch(place, piece, content_type="application/offset+octet-stream", headers=told)


def test_a_film_in_three_pieces_is_one_file(client):
    answer = begin(client)
    place = answer["Location"]
    assert answer.status_code == 201
    assert place == f"{ADDRESS}{answer.json()['id']}/"
    for start in range(0, len(FILM), 200_000):
        sent = send(client, place, start, FILM[start : start + 200_000])
        assert sent.status_code == 204
        assert sent["Upload-Offset"] == str(min(start + 200_000, len(FILM)))
    row = Attachment.objects.get()
    assert (str(row.key), row.name, row.media_type) == (answer.json()["id"], "漏水过程.mp4", "video/mp4")
    assert row.sha256 == hashlib.sha256(FILM).hexdigest()
    told = client.get(place).json()
    assert told["attachment"]["sha256"] == row.sha256
    assert told["mark"]
    assert client.head(place, headers=TUS)["Upload-Offset"] == str(len(FILM))


def test_what_came_before_the_break_stays(client):
    place = begin(client)["Location"]
    send(client, place, 0, FILM[:1000])
    assert client.head(place, headers=TUS)["Upload-Offset"] == "1000"
    again = send(client, place, 0, FILM[:500])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-offset")
    assert send(client, place, 1000, FILM[1000:]).status_code == 204
    assert Attachment.objects.get().size == len(FILM)


def test_a_file_sent_in_pieces_goes_with_a_form_and_by_the_api(client):
    place = begin(client)["Location"]
    send(client, place, 0, FILM)
    told = client.get(place).json()
    words = {"content": "空调一直滴水，请看视频里的情况。", "anonymous": "1", "token": "t" * 24}
    assert client.post("/", words | {"kept": [told["mark"]]}).status_code == 302
    assert Attachment.objects.get().ticket is not None
    assert client.get(place).status_code == 404, "what was sent with something is nobody's upload any more"
    body = {"channel": "app", "content": words["content"], "anonymous": True, "customer": None}
    stolen = client.post(
        "/api/v1/feedback/", body | {"attachments": [told["attachment"]["id"]]}, content_type="application/json"
    )
    assert stolen.status_code == 400


def test_a_client_of_others_uploads_and_goes_on(live_server, tmp_path):
    film = tmp_path / "a.mp4"
    film.write_bytes(FILM)
    client = TusClient(live_server.url + ADDRESS)
    first = client.uploader(str(film), chunk_size=100_000, metadata={"filename": "a.mp4"})
    first.upload_chunk()
    first.upload_chunk()
    second = client.uploader(str(film), chunk_size=100_000, url=first.url)
    assert second.offset == 200_000
    second.upload()
    assert Attachment.objects.get().sha256 == hashlib.sha256(FILM).hexdigest()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "x"}, 400), ({"Upload-Length": "-1"}, 400), ({"Upload-Length": "٣"}, 400),
        ({"Upload-Length": "0"}, 400), ({"Upload-Length": "9" * 15}, 400), ({"Upload-Length": "9" * 400}, 400),
        ({"Upload-Metadata": "filename ä"}, 400), ({"Tus-Resumable": "0.2"}, 412),
    ],
)  # fmt: skip
def test_a_beginning_that_makes_no_sense_is_refused(client, headers, status, rooms):
    answer = begin(client, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not list((rooms / "uploads").glob("*"))


def test_pieces_that_make_no_sense_are_refused(client):
    place = begin(client, length=2000)["Location"]
    assert client.patch(place, b"x", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"}).status_code == 415
    assert send(client, place, 0, b"x", **{"Tus-Resumable": "2"}).status_code == 412
    assert send(client, place, 0, b"x", **{"Upload-Offset": "a"}).status_code == 400
    assert send(client, place, 0, FILM[:3000]).status_code == 422, "more than was said"
    assert send(client, f"{ADDRESS}{uuid.uuid4()}/", 0, b"x").status_code == 404
    assert client.get(f"{ADDRESS}{uuid.uuid4()}/").status_code == 404


def test_what_is_not_a_file_of_ours_is_refused_when_it_is_whole_and_nothing_stays(client, rooms):
    page = b"<html><script>alert(1)</script>" * 20
    place = begin(client, length=len(page), name="x.mp4")["Location"]
    answer = send(client, place, 0, page)
    assert answer.status_code == 422
    assert "x.mp4" in answer.json()["detail"]
    assert not Attachment.objects.exists()
    assert not list((rooms / "uploads").glob("*"))


def test_two_writers_of_one_upload_do_not_meet(client):
    place = begin(client)["Location"]
    upload = uploads.find(uuid.UUID(place.split("/")[-2]))
    with uploads.locked(upload):
        assert send(client, place, 0, FILM).status_code == 423
    assert send(client, place, 0, FILM).status_code == 204


def test_a_sender_who_breaks_off_inside_a_piece_loses_nothing_of_it():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            piece = super().read(1000)
            if not piece:
                raise OSError("gone")
            return piece

    upload = uploads.begin(name="a.mp4", length=len(FILM), by=None)
    assert uploads.append(upload, offset=0, stream=Broken(FILM[:5000])) == 5000
    assert upload.path.read_bytes() == FILM[:5000]


def test_a_sender_may_take_it_back(client, rooms):
    place = begin(client)["Location"]
    send(client, place, 0, FILM[:1000])
    assert client.delete(place, headers=TUS).status_code == 204
    assert client.head(place, headers=TUS).status_code == 404
    place = begin(client)["Location"]
    send(client, place, 0, FILM)
    assert client.delete(place, headers=TUS).status_code == 204
    assert not Attachment.objects.exists()
    assert not [path for path in rooms.rglob("*") if path.is_file()]


def nearly_full(monkeypatch, **facts):
    """A disk of which only so much is free."""
    free = {"f_bavail": 2**40, "f_frsize": 1, "f_files": 1000, "f_favail": 900} | facts
    monkeypatch.setattr(os, "statvfs", lambda _place: SimpleNamespace(**free))


@pytest.mark.parametrize("facts", [{"f_bavail": 2**30}, {"f_favail": 49}], ids=["bytes", "names"])
def test_when_the_disk_is_full_it_says_so(client, monkeypatch, facts):
    nearly_full(monkeypatch, **facts)
    assert begin(client).status_code == 507


def test_begun_uploads_do_not_fill_the_disk_together(client, monkeypatch):
    """Each had room when it began; the database stands on the same disk."""
    place = begin(client)["Location"]
    nearly_full(monkeypatch, f_bavail=2**30 - 1)
    assert send(client, place, 0, FILM[:1000]).status_code == 507
    nearly_full(monkeypatch)
    assert send(client, place, 0, FILM[:1000]).status_code == 204


def test_a_file_sent_at_once_leaves_the_disk_its_room_too(client, monkeypatch):
    nearly_full(monkeypatch, f_bavail=2**30 - 1)
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile("视频.mp4", FILM)})
    assert answer.status_code == 400
    assert "视频.mp4" in answer.json()["errors"]["file"][0]
    assert not Attachment.objects.exists()


def test_a_disk_that_counts_no_names_has_room_for_them(monkeypatch):
    nearly_full(monkeypatch, f_files=0, f_favail=0)
    assert stored.has_room(1)


def test_uploads_that_nobody_went_on_with_are_forgotten_after_a_day(client, rooms):
    place = begin(client)["Location"]
    send(client, place, 0, FILM[:1000])
    assert uploads.forget_old(before=timezone.now() - timedelta(days=1)) == 0
    assert uploads.forget_old(before=timezone.now() + timedelta(minutes=1)) == 1
    assert not list((rooms / "uploads").glob("*"))


def test_what_is_understood_is_told(client):
    answer = client.options(ADDRESS)
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert "creation" in answer["Tus-Extension"]


def test_a_stored_file_without_a_row_is_dropped_after_a_day(rooms):
    from django.core.files.base import ContentFile

    kept = files.store(ContentFile(FILM, name="a.mp4"), at=NOON)
    lost = rooms / "files" / "attachments" / "2026" / "lost"
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"x")
    assert files.drop_orphans(before=timezone.now() - timedelta(days=1)) == 0
    assert files.drop_orphans(before=timezone.now() + timedelta(minutes=1)) == 1
    assert not lost.exists()
    assert kept.file.storage.exists(kept.file.name)


SENDER = """
import http.client, sys
host, kind = sys.argv[1], sys.argv[2]
SIZE = 100 * 2**20
head = bytes.fromhex("0000001866747970") + b"mp42" + bytes(4) + b"mp42isom"
def film(start, length):
    block = b"\\x01" * 65536
    if start == 0:
        yield head; length -= len(head)
    while length > 0:
        yield block[:length]; length -= len(block)
line = http.client.HTTPConnection(host, timeout=120)
if kind == "whole":
    before = b'--X\\r\\nContent-Disposition: form-data; name="file"; filename="a.mp4"\\r\\n\\r\\n'
    after = b"\\r\\n--X--\\r\\n"
    line.putrequest("POST", "/api/v1/attachments/")
    line.putheader("Content-Type", "multipart/form-data; boundary=X")
    line.putheader("Content-Length", str(len(before) + SIZE + len(after)))
    line.endheaders()
    line.send(before)
    for piece in film(0, SIZE): line.send(piece)
    line.send(after)
    print(line.getresponse().status)
else:
    tus = {"Tus-Resumable": "1.0.0"}
    said = {"Upload-Length": str(SIZE), "Upload-Metadata": "filename YS5tcDQ="}
    line.request("POST", "/api/v1/attachments/", headers=tus | said)
    answer = line.getresponse(); answer.read(); place = answer.headers["Location"]
    for start in range(0, SIZE, 4 * 2**20):
        length = 4 * 2**20
        line.putrequest("PATCH", place)
        told = tus | {"Upload-Offset": str(start), "Content-Length": str(length)}
        for name, value in (told | {"Content-Type": "application/offset+octet-stream"}).items():
            line.putheader(name, value)
        line.endheaders()
        for piece in film(start, length): line.send(piece)
        answer = line.getresponse(); answer.read()
    print(answer.status)
"""


def begun_elsewhere(url: str) -> str:
    """A small upload of each kind, so that the measured one is not the first."""
    head, tail = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n', b"\r\n--X--\r\n"
    whole = {"Content-Type": "multipart/form-data; boundary=X"}
    urlopen(Request(f"{url}{ADDRESS}", head + b"%PDF-1.4\n1 0 obj\n%%EOF" + tail, whole)).read()
    told = Request(f"{url}{ADDRESS}", b"", TUS | {"Upload-Length": "9"})
    return urlopen(told).headers["Location"].split("/")[-2]


@pytest.mark.parametrize("kind", ["whole", "pieces"])
def test_a_film_of_100_mb_does_not_pass_through_memory(live_server, kind):
    """The peak of this process, which holds the server, while another one sends."""
    urlopen(
        f"{live_server.url}/api/v1/attachments/{begun_elsewhere(live_server.url)}/"
    ).read()  # loads what a first call loads
    host = live_server.url.removeprefix("http://")
    sent, grown = memory.grown_while(
        lambda: subprocess.run([sys.executable, "-c", SENDER, host, kind], capture_output=True, text=True, check=True)
    )
    print(f"100 MB {kind}: peak {grown:+.1f} MB")
    assert sent.stdout.strip() in {"201", "204"}
    assert Attachment.objects.get(name="a.mp4").size == 100 * 2**20
    assert grown < 25

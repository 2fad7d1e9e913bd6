"""The virus scan speaks clamd's INSTREAM with a server of the tests that speaks it too (B-5)."""

import contextlib
import socket
import socketserver
import struct
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.make import NOON
from tests.receiver import served
from tickets.attachments import files, scanning
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF"


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM as clamd does it: pieces with their length in front, a piece of no length at the end."""

    def handle(self):
        if (asked := self.rfile.read(6)) == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert asked + self.rfile.read(4) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(content)
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture
def clamd(settings):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    server.daemon_threads, server.limit, server.scanned = True, 10_000_000, []
    settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield server


def store(content: bytes):
    return files.store(SimpleUploadedFile("报告.pdf", content), at=NOON)


def test_a_clean_file_is_scanned_whole_and_kept(clamd):
    content = PDF + b"x" * 300_000
    assert store(content).file.read() == content
    assert clamd.scanned == [content]


def test_a_virus_is_refused_by_name_and_nothing_stays(clamd, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(files.FileRefused, match=r"报告\.pdf"):
        store(PDF + EICAR)
    assert not Attachment.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_over_the_scanners_own_limit_is_not_taken_unscanned(clamd):
    clamd.limit = 1000
    with pytest.raises(files.FileRefused, match="太大"):  # and nobody is told to try the same again
        store(PDF + b"x" * 900_000)


def test_a_scanner_that_is_away_lets_nothing_pass(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CLAMD = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(files.FileRefused):
            store(PDF)


def test_a_scanner_on_a_unix_socket_is_asked_too(settings, tmp_path):
    path = str(tmp_path / "clamd.ctl")
    server = socketserver.ThreadingUnixStreamServer(path, Clamd)
    server.limit, server.scanned = 10_000, []
    settings.CLAMD = f"unix://{path}"
    with served(server):
        assert store(PDF).size == len(PDF)


class Odd(socketserver.StreamRequestHandler):
    """Says in `server.way` how it goes wrong; counts who asked."""

    def handle(self):
        if (asked := self.rfile.read(6)) == b"zPING\0":
            self.wfile.write(b"PONG\0" * self.server.alive)
            return
        self.server.asked += asked + self.rfile.read(4) == b"zINSTREAM\0"
        if self.server.way == "early":
            self.rfile.read(10_000)
            self.wfile.write(b"stream: OK\0")
            return
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            self.rfile.read(length)
        if self.server.way == "cut off":
            self.wfile.write(b"stream: OK")  # and what would have followed
        for _second in range(40 if self.server.way in {"drips", "hangs"} else 0):
            with contextlib.suppress(OSError):
                self.wfile.write(b"s" * (self.server.way == "drips"))
            time.sleep(0.1)


@pytest.fixture
def odd(settings, monkeypatch):
    for name, seconds in (("TIMEOUT", 0.5), ("LONGEST", 1), ("PATIENCE", 0.5)):
        monkeypatch.setattr(scanning, name, seconds, raising=False)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Odd)
    server.daemon_threads, server.way, server.alive, server.asked = True, "", True, 0
    settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield server


@pytest.mark.parametrize("way", ["early", "cut off", "drips", "hangs"])
def test_an_answer_that_is_none_lets_nothing_pass_and_is_not_waited_for(odd, way):
    odd.way, begun = way, time.monotonic()
    with pytest.raises(files.FileRefused, match="稍后"):
        store(PDF + b"x" * 3_000_000)
    assert time.monotonic() - begun < 3


def test_a_scanner_that_hangs_is_not_given_a_file_nor_asked_again_for_a_while(odd):
    """Else every thread of the web would come to wait for it."""
    odd.alive, begun = False, time.monotonic()
    for _try in range(3):
        with pytest.raises(files.FileRefused, match="稍后"):
            store(PDF)
    assert odd.asked == 0
    assert time.monotonic() - begun < 1


def test_without_the_setting_nobody_is_asked(settings):
    assert settings.CLAMD == ""
    assert store(PDF + EICAR).size

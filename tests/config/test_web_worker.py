"""What never reaches the application is answered as the API answers: JSON, in both languages, without a line on who it was."""

import json
import logging
import socket
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from config import web_worker
from config.web_worker import Worker


@pytest.mark.parametrize(
    ("error", "status"),
    [(LimitRequestLine(9000, 8190), 414), (LimitRequestHeaders("limit request headers fields size"), 431)],
)
def test_an_address_or_header_that_is_too_long_is_told_as_a_problem(error: Exception, status: int, caplog) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, caplog.at_level(logging.DEBUG):
        Worker.handle_error(object.__new__(Worker), None, ours, ("192.0.2.7", 1), error)
        ours.shutdown(socket.SHUT_WR)
        head, _blank, body = theirs.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["errors"]) == (status, {})
    assert "too l" in told["title"]
    assert "192.0.2.7" not in caplog.text


@pytest.mark.parametrize(
    "moves", [lambda line: line.recv(10), lambda line: line.sendall(bytes(10**7))], ids=["in", "out"]
)
def test_a_connection_on_which_nothing_moves_ends(moves: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A telephone that lost its network, or somebody who means it, would keep a thread for ever."""
    monkeypatch.setattr(web_worker, "STILL", 0.2)
    monkeypatch.setattr(ThreadWorker, "handle", lambda worker, conn: moves(conn.sock))
    ours, theirs = socket.socketpair()
    begun = time.monotonic()
    with ours, theirs, pytest.raises(BlockingIOError):
        theirs.settimeout(2)
        Worker.handle(object.__new__(Worker), SimpleNamespace(sock=ours))
    assert time.monotonic() - begun < 1.5

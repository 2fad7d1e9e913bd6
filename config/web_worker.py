"""gunicorn's worker, which answers itself what never reaches the application: addresses and headers that are too long (B-3).

A connection on which nothing moves for half a minute ends: its thread is wanted by others (0105).
"""

import contextlib
import json
import socket
import struct
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

TOO_LONG = {414: "地址过长 · The address is too long", 431: "请求头过大 · The headers are too large"}
STILL = 30.0  # seconds without a byte, in or out


class Worker(ThreadWorker):
    def handle(self, conn: Any) -> Any:
        seconds = struct.pack("ll", int(STILL), int(STILL % 1 * 1_000_000))
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # gunicorn itself takes every time-out off again
            conn.sock.setsockopt(socket.SOL_SOCKET, way, seconds)
        return super().handle(conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """A problem as the API tells it, readable in a browser too; and no line in the log with the address of a person."""
        status = 414 if isinstance(exc, LimitRequestLine) else 431 if isinstance(exc, LimitRequestHeaders) else 0
        if not status:
            super().handle_error(req, client, addr, exc)
            return
        with contextlib.suppress(OSError):  # who sends such a thing may be gone already
            client.sendall(answer(status))


def answer(status: int) -> bytes:
    title = TOO_LONG[status]
    told = {"type": "/problems/too-long", "title": title, "status": status, "detail": title, "errors": {}}
    body = json.dumps(told, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status} Too Long\r\nContent-Type: application/problem+json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

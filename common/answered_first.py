"""An answer that is out before its work begins: who measures learns nothing of what is found, and no thread waits (S-12)."""

import logging
import socket
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)


class AnsweredFirst(HttpResponse):
    """The web server closes it once the other side has all of it. Work that fails is logged: nobody is there to be told.

    The connection ends before the work, else the next call over it would have to wait, and its sender could measure that.
    """

    def __init__(self, request: HttpRequest, content: str, *, then: Callable[[], None]) -> None:
        super().__init__(content)
        self._socket: socket.socket | None = request.META.get("gunicorn.socket")
        self._then: Callable[[], None] | None = then

    def close(self) -> None:
        work, self._then = self._then, None
        if work is not None and self._socket is not None:
            with suppress(OSError):  # the other side may be gone already
                self._socket.shutdown(socket.SHUT_RDWR)
        try:
            if work is not None:
                work()
        except Exception:
            log.exception("The work after an answer failed")
        finally:
            super().close()

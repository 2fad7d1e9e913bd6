"""An answer that is out before its work begins: who measures learns nothing of what is found, and no thread waits (S-12)."""

import logging
from collections.abc import Callable

from django.http import HttpResponse

log = logging.getLogger(__name__)


class AnsweredFirst(HttpResponse):
    """The web server closes it once the other side has all of it. Work that fails is logged: nobody is there to be told."""

    def __init__(self, content: str, *, then: Callable[[], None]) -> None:
        super().__init__(content)
        self._then: Callable[[], None] | None = then

    def close(self) -> None:
        work, self._then = self._then, None
        try:
            if work is not None:
                work()
        except Exception:
            log.exception("The work after an answer failed")
        finally:
            super().close()

"""The virus scan: clamd's INSTREAM, off until `CLAMD` names where it listens (B-5).

`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. The file goes there in pieces. Where a scan is wanted and cannot be
had, nothing is taken: the sender is told to try again, and keeps what was written. It is asked for a sign of life first:
for one that hangs every thread would come to wait.
"""

import logging
import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from tickets.attachments.kinds import FileRefused

TIMEOUT, LONGEST = 30, 90  # seconds, for each step and for all
PATIENCE, REST = 2, 10  # seconds for a sign of life; how long a scanner that gave none is not asked
logger = logging.getLogger(__name__)
_away: dict[str, float] = {}  # until when, by address


def check(upload: File, name: str) -> None:
    """Raises FileRefused when something was found, or when the scanner gives no clear answer. Rewinds the file."""
    if not settings.CLAMD:
        return
    verdict = ""
    try:
        if is_there():
            verdict = ask(upload)
    except (OSError, ValueError) as error:
        logger.error("The virus scanner cannot be asked: %s", type(error).__name__)
    finally:
        upload.seek(0)
    if verdict.endswith(" FOUND"):
        logger.warning("The virus scanner found %s", verdict.removeprefix("stream: "))
        raise FileRefused(_("“%(name)s” was not taken: the virus scanner found something in it.") % {"name": name})
    if "size limit exceeded" in verdict:  # another time will not help
        logger.error("clamd's StreamMaxLength is smaller than a file that we take: %s bytes", upload.size)
        raise FileRefused(
            _("“%(name)s” is too large for the virus scanner here. Send it smaller, or go on without it.")
            % {"name": name}
        )
    if not verdict.endswith(" OK"):
        if verdict:
            logger.error("The virus scanner answered: %s", verdict[:200])
        raise FileRefused(
            _("“%(name)s” could not be scanned for viruses just now. Send it later, or go on without it.")
            % {"name": name}
        )


def ask(upload: File) -> str:
    """clamd's one line: `stream: OK`, or `stream: Eicar-Signature FOUND`. Empty when it was cut off, or told before all was heard."""
    ends = time.monotonic() + LONGEST
    with connect(settings.CLAMD, TIMEOUT) as line:
        upload.seek(0)
        try:
            say(line, b"zINSTREAM\0", ends)
            for chunk in upload.chunks():
                say(line, struct.pack("!I", len(chunk)) + chunk, ends)
            say(line, struct.pack("!I", 0), ends)
        except (BrokenPipeError, ConnectionResetError):  # over clamd's own limit: it has said so before it hung up
            answer = hear(line, ends)
            return "" if answer.endswith(" OK") else answer
        return hear(line, ends)


def say(line: socket.socket, words: bytes, ends: float) -> None:
    line.settimeout(left(ends))
    line.sendall(words)


def hear(line: socket.socket, ends: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        line.settimeout(left(ends))
        part = line.recv(4096)
        if not part:
            return ""
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def left(ends: float) -> float:
    """Seconds for the next step. Raises TimeoutError when there are none."""
    if (seconds := ends - time.monotonic()) <= 0:
        raise TimeoutError
    return min(seconds, TIMEOUT)


def is_there() -> bool:
    """Whether clamd gives a sign of life, as it does while it scans; after none it is not asked for a while."""
    now = time.monotonic()
    if now < _away.get(settings.CLAMD, 0):
        return False
    try:
        with connect(settings.CLAMD, PATIENCE) as line:
            say(line, b"zPING\0", now + PATIENCE)
            if hear(line, now + PATIENCE) == "PONG":
                return True
        told = "no PONG"
    except (OSError, ValueError) as error:
        told = type(error).__name__
    logger.error("The virus scanner gives no sign of life: %s", told)
    _away[settings.CLAMD] = time.monotonic() + REST
    return False


def connect(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        line.connect(parts.path)
        return line
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMD is tcp://host:port or unix:///path")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=seconds)

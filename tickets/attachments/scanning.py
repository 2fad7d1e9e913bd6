"""The virus scan: clamd's INSTREAM, off until `CLAMD` names where it listens (B-5).

`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. The file goes there in pieces. Where a scan is wanted and cannot be
had, nothing is taken: the sender is told to try again, and keeps what was written.
"""

import logging
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from tickets.attachments.kinds import FileRefused

TIMEOUT = 30  # seconds, for each step
logger = logging.getLogger(__name__)


def check(upload: File, name: str) -> None:
    """Raises FileRefused when something was found, or when the scanner gives no clear answer. Rewinds the file."""
    if not settings.CLAMD:
        return
    try:
        verdict = ask(upload)
    except (OSError, ValueError) as error:
        logger.error("The virus scanner cannot be asked: %s", type(error).__name__)
        verdict = ""
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
    """clamd's one line: `stream: OK`, or `stream: Eicar-Signature FOUND`."""
    with connect(settings.CLAMD) as line:
        line.settimeout(TIMEOUT)
        line.sendall(b"zINSTREAM\0")
        upload.seek(0)
        try:
            for chunk in upload.chunks():
                line.sendall(struct.pack("!I", len(chunk)) + chunk)
            line.sendall(struct.pack("!I", 0))
        except BrokenPipeError:  # over clamd's own limit: it has said so before it hung up
            pass
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            part = line.recv(4096)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        line.connect(parts.path)
        return line
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMD is tcp://host:port or unix:///path")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=TIMEOUT)

"""Files that arrive in pieces: what came stays when the connection breaks, and the sender goes on from there (C2.1).

Of each upload two files stand below `UPLOADS_ROOT`: what has arrived, whose length is the offset, and a note beside it.
Nothing is in the database until the file is whole; then it is stored like any other, under the upload's own key.
"""

import fcntl
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.attachments import files
from tickets.attachments.stored import PIECE, has_room
from tickets.models import Attachment


class WrongOffset(Exception):
    """The piece does not begin where the last one ended; `offset` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__(_("The piece does not begin where the last one ended."))
        self.offset = offset


class Busy(Exception):
    """Another piece of the same upload is being written."""


class NoRoom(Exception):
    """The disk is nearly full."""


@dataclass(frozen=True)
class Upload:
    key: uuid.UUID
    name: str
    length: int
    by: int | None

    @property
    def path(self) -> Path:
        return settings.UPLOADS_ROOT / self.key.hex

    @property
    def note(self) -> Path:
        return settings.UPLOADS_ROOT / f"{self.key.hex}.json"

    @property
    def offset(self) -> int:
        return self.path.stat().st_size


class Whole(File):
    """A complete upload; the local storage moves it into place instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.file.name)


def begin(*, name: str, length: int, by: User | None) -> Upload:
    """Room for a file of `length` bytes. Raises FileRefused when it would be too large, NoRoom."""
    name = files.clean_name(name)
    if length > files.largest():
        raise files.too_large(name)
    if length < 1:
        raise files.FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if not has_room(length):
        raise NoRoom
    upload = Upload(uuid.uuid4(), name, length, by.pk if by else None)
    upload.path.touch(mode=0o600)
    upload.note.write_text(json.dumps({"name": name, "length": length, "by": upload.by}), encoding="utf-8")
    return upload


def find(key: uuid.UUID) -> Upload | None:
    upload = Upload(key, "", 0, None)
    try:
        told = json.loads(upload.note.read_text(encoding="utf-8"))
        upload.offset  # noqa: B018 - there, or not
    except (FileNotFoundError, ValueError):
        return None
    return Upload(key, told["name"], told["length"], told["by"])


def finished(key: uuid.UUID) -> Attachment | None:
    """What an upload became, until it is sent with something."""
    return Attachment.objects.filter(key=key, ticket=None, message=None).first()


def append(upload: Upload, *, offset: int, stream: IO[bytes]) -> int:
    """Write what the stream gives, in small pieces; returns the new offset, also when the sender is gone midway.

    Raises WrongOffset, Busy, NoRoom, FileRefused when more comes than was said.
    """
    if not has_room():  # when it began, others may have begun too
        raise NoRoom
    with locked(upload) as target:
        here = target.seek(0, 2)
        if offset != here:
            raise WrongOffset(here)
        try:
            while piece := stream.read(PIECE):
                here += len(piece)
                if here > upload.length:
                    raise files.too_large(upload.name) if here > files.largest() else more_than_said(upload)
                target.write(piece)
        except OSError:  # the connection broke: what came is kept
            pass
        target.flush()
        return target.tell()


def more_than_said(upload: Upload) -> files.FileRefused:
    return files.FileRefused(_("“%(name)s” is larger than was said at first.") % {"name": upload.name})


def finish(upload: Upload, *, at: datetime) -> Attachment:
    """Store a complete upload under its own key; whatever comes of it, the upload is gone. Raises FileRefused, Busy."""
    with locked(upload) as target:
        if found := finished(upload.key):
            return found
        by = User.objects.filter(pk=upload.by).first() if upload.by else None
        try:
            row = files.store(Whole(target, name=upload.name), at=at, by=by, key=upload.key)
        except files.FileRefused:
            forget(upload)
            raise
        forget(upload)
        return row


def forget(upload: Upload) -> None:
    upload.note.unlink(missing_ok=True)
    upload.path.unlink(missing_ok=True)


def forget_old(*, before: datetime) -> int:
    """Drop uploads that nobody went on with. Returns how many."""
    dropped = 0
    for path in list(settings.UPLOADS_ROOT.glob("*")) if settings.UPLOADS_ROOT.is_dir() else []:
        try:
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                dropped += path.suffix != ".json"
        except FileNotFoundError:
            continue
    return dropped


@contextmanager
def locked(upload: Upload) -> Iterator[IO[bytes]]:
    """The part, alone; one writer at a time, also between processes. Raises Busy; FileNotFoundError when it is gone."""
    with upload.path.open("r+b") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield target

"""What storages do not offer alike: a piece of a file, and a list of all with size and age. Local disk and S3."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

PIECE = 64 * 1024
LEAST_FREE = 2**30  # bytes that files leave free on the disk, on which the database may stand too


@dataclass(frozen=True)
class Stored:
    name: str
    size: int
    modified: datetime


class Slice:
    """Reads at most `length` bytes; closing it closes what it reads from."""

    def __init__(self, source: Any, length: int) -> None:
        self.source, self.left = source, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        found = self.source.read(wanted) if wanted else b""
        self.left -= len(found)
        return found

    def close(self) -> None:
        self.source.close()


def has_room(length: int = 0) -> bool:
    """Whether our disk takes so many bytes more. Also whether it takes more files: each begun upload is two, however small."""
    root = settings.UPLOADS_ROOT
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    disk = os.statvfs(root)
    return disk.f_bavail * disk.f_frsize >= LEAST_FREE + length and disk.f_favail >= disk.f_files / 20


def is_remote(storage: Storage) -> bool:
    return hasattr(storage, "bucket")


def piece(file: FieldFile, start: int, length: int) -> Slice:
    """Bytes `start` to `start + length` of a stored file, read as they are asked for; of S3 only they travel.

    Raises FileNotFoundError.
    """
    storage: Any = file.storage
    if is_remote(storage):
        client = storage.connection.meta.client
        wanted = f"bytes={start}-{start + length - 1}"
        try:
            answer = client.get_object(Bucket=storage.bucket_name, Key=file.name, Range=wanted)
        except client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(file.name) from error
        return Slice(answer["Body"], length)
    source: IO[bytes] = storage.open(file.name, "rb")
    source.seek(start)
    return Slice(source, length)


def listing(storage: Storage, folder: str) -> Iterator[Stored]:
    """Every file below a folder of the storage."""
    if is_remote(storage):
        for item in storage.bucket.objects.filter(Prefix=f"{folder}/"):  # type: ignore[attr-defined]
            yield Stored(item.key, item.size, item.last_modified)
        return
    root = Path(storage.path(""))
    for place, _folders, names in os.walk(root / folder):
        for name in names:
            path = Path(place) / name
            try:
                facts = path.stat()
            except FileNotFoundError:  # went meanwhile
                continue
            yield Stored(
                path.relative_to(root).as_posix(), facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=UTC)
            )

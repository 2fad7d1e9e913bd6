"""Files of people: taken in by content, not by name; kept without traces of the camera (S-10, S-11).

`store` reads an upload in pieces and writes it under a random name. Images whose file holds anything but the picture
(EXIF, GPS, XMP, comments, something behind the end) are drawn anew, photos of iPhones (HEIC) as JPEG; a clean image, and
every other file, is kept as it came, so that `sha256` and `size` are those of the file that is given out. How they are given
out: `file_answers`.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.attachments import scanning, stored
from tickets.attachments.kinds import COPIED, SHOWN_INLINE, TYPES, FileRefused, clean_name, kind_of, with_ending
from tickets.attachments.pictures import as_jpeg, is_heif, thumbnail, without_traces
from tickets.attachments.sounds import BEGINNING, playable
from tickets.models import Attachment

__all__ = ["MOST", "SHOWN_INLINE", "FileRefused", "SizeCap", "clean_name", "store", "unlinked"]

MOST = settings.ATTACHMENT_MOST
KEPT_UNUSED = timedelta(days=1)


def largest(media_type: str = "video/") -> int:
    """Bytes that a file of this type may have; without a type, that any may have."""
    megabytes = settings.ATTACHMENT_VIDEO_MB if media_type.startswith("video/") else settings.ATTACHMENT_MB
    return max(megabytes, settings.ATTACHMENT_MB) * 2**20


def too_large(name: str, media_type: str = "video/") -> FileRefused:
    return FileRefused(
        _("“%(name)s” is larger than %(mb)s MB.") % {"name": clean_name(name), "mb": largest(media_type) // 2**20}
    )


def store(upload: File, *, at: datetime, by: User | None = None, key: uuid.UUID | None = None) -> Attachment:
    """Keep one upload, not yet linked to a ticket. Reads and writes in pieces; one query. Raises FileRefused.

    The scan for viruses, where one is set up, is the last thing before it is kept.
    """
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size > largest():
        raise too_large(name)
    if not size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    from_phone = is_heif(upload)
    ending = "jpg" if from_phone else kind_of(upload, name)
    media_type = TYPES[ending]
    if size > largest(media_type):
        raise too_large(name, media_type)
    if not stored.has_room():
        raise FileRefused(
            _("There is no room for “%(name)s” just now. Send it later, or go on without it.") % {"name": name}
        )
    scanning.check(upload, name)
    if from_phone:
        upload, name = as_jpeg(upload, name), f"{name.rpartition('.')[0] or name}.jpg"
    content = without_traces(upload, name) if media_type in SHOWN_INLINE else upload
    key = key or uuid.uuid4()
    row = Attachment(key=key, name=with_ending(name, ending), media_type=media_type, uploaded_at=at, uploaded_by=by)
    row.sha256, row.size = measure(content)
    try:
        small, goes_on = (thumbnail(content, name) if media_type in SHOWN_INLINE else None), False
        if media_type in COPIED:
            small, goes_on = playable(content)
        if small:
            row.thumb.save(f"{key.hex}{BEGINNING if goes_on else '.small'}", small, save=False)
        row.file.save(key.hex, content, save=False)
        row.save(force_insert=True)
    except BaseException:
        forget(row)
        raise
    return row


def drop(row: Attachment) -> bool:
    """Forget an upload that was not sent with anything; False when it was, meanwhile."""
    deleted, _models = Attachment.objects.filter(pk=row.pk, ticket=None, message=None).delete()
    if deleted:
        forget(row)
    return bool(deleted)


def forget(row: Attachment) -> None:
    """Drop what is stored for a row that is gone, or never came to be."""
    for kept in (row.file, row.thumb):
        if kept:
            kept.delete(save=False)


def measure(content: File) -> tuple[str, int]:
    """SHA-256 and size, read in pieces."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size


def no_longer_here() -> FileRefused:
    return FileRefused(_("One of the files was sent before, or lay here for more than a day. Choose it again."))


def unlinked(keys: Iterable[str], *, at: datetime) -> list[Attachment]:
    """Uploads that belong to nobody yet, locked; inside a transaction. One query.

    Raises FileRefused when one is unknown, used already, or older than a day: a file of ticket A never goes to B.
    """
    wanted = []
    for key in dict.fromkeys(keys):
        try:
            wanted.append(uuid.UUID(str(key)))
        except ValueError:
            raise no_longer_here() from None
    if len(wanted) > MOST:
        raise FileRefused(_("At most %(most)s files.") % {"most": MOST})
    if not wanted:
        return []
    rows = Attachment.objects.select_for_update().filter(
        key__in=wanted, ticket=None, message=None, uploaded_at__gt=at - KEPT_UNUSED
    )
    found = {row.key: row for row in rows}
    if len(found) < len(set(wanted)):
        raise no_longer_here()
    return [found[key] for key in wanted]


def forget_unused(*, before: datetime) -> int:
    """Drop uploads that nobody sent with anything. Returns how many."""
    rows = Attachment.objects.filter(ticket=None, message=None, uploaded_at__lt=before)
    return sum(drop(row) for row in rows.iterator())


def drop_orphans(*, before: datetime) -> int:
    """Drop stored files that no row knows of, left by a crash between the two (DI-12). Returns how many."""
    known: set[str] = set()
    for names in Attachment.objects.values_list("file", "thumb").iterator():
        known.update(names)
    dropped = 0
    storage = Attachment._meta.get_field("file").storage
    for one in list(stored.listing(storage, "attachments")):
        if one.name not in known and one.modified < before:
            storage.delete(one.name)
            dropped += 1
    return dropped


class SizeCap(FileUploadHandler):
    """First in `FILE_UPLOAD_HANDLERS`: stops reading a file into memory or disk once it is too large.

    The rest of the request goes on, so that the text beside the file is not lost; `request.cut_off_files` names it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.read_so_far = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read_so_far += len(raw_data)
        if self.read_so_far > largest():
            names = self.request.__dict__.setdefault("cut_off_files", [])
            names.append(clean_name(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

"""Files given out: streamed, in pieces where a player asks for them; nothing in them can run in this site's name (S-1)."""

import re
from typing import TypeVar

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tickets.attachments import stored
from tickets.attachments.kinds import COPIED, SHOWN_INLINE, TYPES
from tickets.models import Attachment

Answer = TypeVar("Answer", bound=HttpResponseBase)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def respond(attachment: Attachment, request: HttpRequest) -> HttpResponseBase:
    """The file as a download; pictures may be shown, recordings played. Honours one `Range`. Raises FileNotFoundError."""
    media_type = attachment.media_type if attachment.media_type in TYPES.values() else "application/octet-stream"
    inline = attachment.media_type in SHOWN_INLINE
    tag = attachment.sha256[:32]
    return in_pieces(attachment.file, attachment.size, media_type, tag, request, name=attachment.name, inline=inline)


def respond_small(attachment: Attachment, request: HttpRequest) -> HttpResponseBase:
    """The small picture for lists, or the copy of a recording that browsers play. Raises FileNotFoundError without one."""
    copy = attachment.thumb
    if not copy:
        raise FileNotFoundError
    ending, media_type = ("wav", "audio/wav") if attachment.media_type in COPIED else ("webp", "image/webp")
    tag = f"small-{attachment.sha256[:26]}"
    return in_pieces(copy, copy.size, media_type, tag, request, name=f"{attachment.key}.{ending}", inline=True)


def in_pieces(
    file: FieldFile, size: int, media_type: str, tag: str, request: HttpRequest, *, name: str, inline: bool
) -> HttpResponseBase:
    tag = f'"{tag}"'
    start, end = 0, size - 1
    asked = wanted(request, size, tag)
    if asked == ():
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return harmless(refused)
    if asked:
        start, end = asked
    response = answer_of(file, start, end - start + 1, media_type, name=name, inline=inline)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def answer_of(file: FieldFile, start: int, length: int, media_type: str, *, name: str, inline: bool) -> FileResponse:
    source = stored.piece(file, start, length)
    response = FileResponse(source, as_attachment=not inline, filename=name, content_type=media_type)
    response.block_size = stored.PIECE
    response.headers["Content-Length"] = str(length)
    return harmless(response)


def harmless(response: Answer) -> Answer:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def wanted(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | tuple[()] | None:
    """First and last byte that are asked for; None for all of it, () for what is not there."""
    if request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return None
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        return (max(0, size - int(last)), size - 1) if int(last) else ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if start >= size:
        return ()
    return (start, end) if start <= end else None

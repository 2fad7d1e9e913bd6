"""Large files in pieces, by the rules of tus 1.0.0 (tus.io): creation, termination, and going on after a break.

POST  /api/v1/attachments/         Tus-Resumable: 1.0.0, Upload-Length, Upload-Metadata  -> 201 Location
HEAD  …/attachments/{id}/          -> Upload-Offset
PATCH …/attachments/{id}/          Upload-Offset, application/offset+octet-stream        -> 204 Upload-Offset
GET   …/attachments/{id}/          how far it is; once whole, the file as `POST` without tus answers it
"""

import base64
import uuid
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, UnsupportedMediaType, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import KEY, idempotent
from feedback import serializers
from feedback.api import PublicView
from feedback.forms import WithFiles
from tickets.attachments import files, uploads

VERSION = "1.0.0"
MEDIA_TYPE = "application/offset+octet-stream"
HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_OFFSET = OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)
_TUS = OpenApiParameter("Tus-Resumable", str, OpenApiParameter.HEADER, required=True, enum=[VERSION])


class OtherVersion(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "tus-version"


class NotNow(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "wrong-offset"


class Occupied(APIException):
    status_code = status.HTTP_423_LOCKED
    default_code = "still-running"


class Refused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "file-refused"


class NoSpace(APIException):
    status_code = status.HTTP_507_INSUFFICIENT_STORAGE
    default_code = "no-space"
    default_detail = gettext_lazy("There is no room for files just now. Please send it later.")


def number_in(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValidationError({name: [_("This header has to be a whole number.")]})
    return int(text)


def name_in(request: Request) -> str:
    """`filename` of `Upload-Metadata`: pairs by commas, each a word and base64."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        word, _blank, coded = pair.strip().partition(" ")
        if word == "filename":
            try:
                return base64.b64decode(coded, validate=True).decode()
            except ValueError:
                raise ValidationError({"Upload-Metadata": [_("A value is not base64 of UTF-8.")]}) from None
    return ""


def begin(request: Request) -> Response:
    """The answer to a POST with `Tus-Resumable`."""
    check_version(request)
    by = request.user if request.user.is_authenticated else None
    try:
        upload = uploads.begin(name=name_in(request), length=number_in(request, "Upload-Length"), by=by)
    except files.FileRefused as refused:
        raise ValidationError({"file": refused.messages}) from None
    except uploads.NoRoom:
        raise NoSpace from None
    place = f"{request.path}{upload.key}/"
    return Response(
        {"id": str(upload.key), "offset": 0, "length": upload.length},
        status=status.HTTP_201_CREATED,
        headers=HEADERS | {"Location": place, "Upload-Offset": "0"},
    )


def check_version(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise OtherVersion(_("Tus-Resumable has to be 1.0.0."))


class AttachmentsView(PublicView):
    """A file on its own, to be named by `id` in what is sent next; forgotten after a day."""

    parser_classes = [MultiPartParser]
    public_rate = "upload"

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What of tus is understood here."""
        told = {"Tus-Version": VERSION, "Tus-Extension": "creation,termination", "Tus-Max-Size": str(files.largest())}
        return Response(status=status.HTTP_204_NO_CONTENT, headers=HEADERS | told)

    @extend_schema(
        operation_id="attachments_create",
        request={"multipart/form-data": serializers.UploadSerializer},
        responses={201: serializers.FileSerializer},
        parameters=[KEY],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """With `Tus-Resumable: 1.0.0` and `Upload-Length` it begins an upload in pieces, and `Location` is where."""
        if "Tus-Resumable" in request.headers:
            return begin(request)
        form = serializers.UploadSerializer(data=request.data)  # only then it is known what was cut off
        if names := getattr(request._request, "cut_off_files", []):
            raise ValidationError({"file": [error for name in names for error in files.too_large(name).messages]})
        form.is_valid(raise_exception=True)
        by = request.user if request.user.is_authenticated else None
        try:
            row = files.store(form.validated_data["file"], at=timezone.now(), by=by)
        except files.FileRefused as refused:
            raise ValidationError({"file": refused.messages}) from None
        return Response(dict(serializers.FileSerializer(row).data), status=status.HTTP_201_CREATED)


class UploadView(PublicView):
    """One upload. Its id is random and known to its sender alone."""

    parser_classes: list = []
    public_rate = "piece"
    refusals = {
        409: "The piece does not begin where the last one ended.",
        412: "`Tus-Resumable: 1.0.0` is missing.",
        422: "The file is whole now, and refused.",
        507: "There is no room for files just now.",
    }

    def upload(self, key: uuid.UUID) -> uploads.Upload:
        found = uploads.find(key)
        if found is None:
            raise NotFound
        return found

    @extend_schema(operation_id="attachments_progress", responses=serializers.ProgressSerializer, tags=["feedback"])
    def get(self, request: Request, upload: uuid.UUID) -> Response:
        if row := uploads.finished(upload):
            told = {"offset": row.size, "length": row.size, "attachment": row, "mark": WithFiles.mark(row)}
        else:
            found = self.upload(upload)
            told = {"offset": found.offset, "length": found.length, "attachment": None, "mark": ""}
        return Response(serializers.ProgressSerializer(told).data, headers=HEADERS)

    def head(self, request: Request, upload: uuid.UUID) -> Response:
        check_version(request)
        if row := uploads.finished(upload):
            offset = length = row.size
        else:
            found = self.upload(upload)
            offset, length = found.offset, found.length
        return Response(headers=HEADERS | {"Upload-Offset": str(offset), "Upload-Length": str(length)})

    @extend_schema(
        operation_id="attachments_piece",
        request={MEDIA_TYPE: bytes},
        responses={204: None},
        parameters=[_TUS, _OFFSET],
        tags=["feedback"],
    )
    def patch(self, request: Request, upload: uuid.UUID) -> Response:
        """The next piece. With the last one the file is looked at and kept, or refused with 422."""
        check_version(request)
        if request.content_type != MEDIA_TYPE:
            raise UnsupportedMediaType(request.content_type or "")
        found = self.upload(upload)
        try:
            offset = uploads.append(found, offset=number_in(request, "Upload-Offset"), stream=request._request)
            if offset == found.length:
                uploads.finish(found, at=timezone.now())
        except uploads.WrongOffset as error:
            raise NotNow(str(error)) from None
        except uploads.NoRoom:
            raise NoSpace from None
        except uploads.Busy:
            raise Occupied(_("Another piece of this file is being written.")) from None
        except files.FileRefused as refused:
            raise Refused(" ".join(refused.messages)) from None
        except FileNotFoundError:
            raise Http404 from None
        return Response(status=status.HTTP_204_NO_CONTENT, headers=HEADERS | {"Upload-Offset": str(offset)})

    @extend_schema(operation_id="attachments_cancel", responses={204: None}, parameters=[_TUS], tags=["feedback"])
    def delete(self, request: Request, upload: uuid.UUID) -> Response:
        """Drop what has arrived; a whole file that was not sent with anything goes too."""
        check_version(request)
        if row := uploads.finished(upload):
            files.drop(row)
        else:
            uploads.forget(self.upload(upload))
        return Response(status=status.HTTP_204_NO_CONTENT, headers=HEADERS)

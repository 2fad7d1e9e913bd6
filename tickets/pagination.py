"""How the API pages: tickets by the key of the last row, small lists by DRF's cursor."""

import re
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination, Cursor
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from common.pagination import RowsPagination, bad_cursor, page_parameters, page_size_of
from tickets.querysets import TicketQuerySet
from tickets.queue import seek

__all__ = ["CodesPagination", "FilesPagination", "RowsPagination", "SeekPagination"]
SIZE, LARGEST = 50, 200


class SeekPagination(BasePagination):
    """`{next, previous, results}` in the order of `?ordering=`; `?page_size=` up to 200."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        ordering = request.query_params.get("ordering") or seek.DEFAULT
        size = page_size_of(request, usual=SIZE, most=LARGEST)
        self.address = remove_query_param(request.build_absolute_uri(), "cursor")
        try:
            cursor = request.query_params.get("cursor", "")
            self.page = seek.page(queryset, ordering, size, cursor, load=TicketQuerySet.for_list)
        except seek.BadCursor:
            raise bad_cursor() from None
        return self.page.rows

    def link(self, cursor: str) -> str | None:
        return replace_query_param(self.address, "cursor", cursor) if cursor else None

    def get_paginated_response(self, data: Any) -> Response:
        following, preceding = self.link(self.page.following), self.link(self.page.preceding)
        return Response({"next": following, "previous": preceding, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return page_parameters(LARGEST)


class FilesPagination(RowsPagination):
    ordering = ("uploaded_at", "pk")


class CodesPagination(RowsPagination):
    ordering = ("position", "code")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The position is a number; a forged one is refused like any other broken cursor."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not re.fullmatch(r"[0-9]{1,9}", cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor

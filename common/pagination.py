"""Pages of short lists: DRF's cursor with the envelope `{next, previous, results}`, and what is asked wrongly named."""

from typing import Any

from django.core.exceptions import ValidationError as BadValue
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from common.text import whole_number


def page_size_of(request: Request, *, usual: int, most: int) -> int:
    """What `?page_size=` asks for, at most `most`. Raises ValidationError for what is no number above zero."""
    asked = request.query_params.getlist("page_size")
    if not asked:
        return usual
    if not all(whole_number(one, digits=9) for one in asked):
        raise ValidationError({"page_size": [_("A whole number from 1 to %(most)s.") % {"most": most}]})
    return min(int(asked[-1]), most)


def bad_cursor() -> ValidationError:
    return ValidationError({"cursor": [_("This cursor was not given out here.")]})


class RowsPagination(CursorPagination):
    """By the moment of the rows; another order is a subclass."""

    page_size, max_page_size = 200, 1000
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("at", "pk")

    def get_page_size(self, request: Request) -> int:
        return page_size_of(request, usual=self.page_size, most=self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, BadValue, ValueError):
            raise bad_cursor() from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return page_parameters(self.max_page_size)


def page_parameters(most: int) -> list[dict[str, Any]]:
    """How the schema tells of a page."""
    cursor = {"type": "string", "description": "From `next` or `previous`."}
    size = {"type": "integer", "minimum": 1, "description": f"More than {most} means {most}."}
    return [{"name": "cursor", "in": "query", "schema": cursor}, {"name": "page_size", "in": "query", "schema": size}]

"""Pages of a list by their number, without a total: one row more is read than is shown, to know whether a page follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

from common.text import whole_number


class Sliced(Protocol):
    """A queryset, or a list."""

    def __getitem__(self, part: slice, /) -> Iterable[Any]: ...


@dataclass(frozen=True)
class Page:
    """`around` is what `{% pager %}` shows: the places of the first and last row, and the addresses of the pages beside."""

    rows: list[Any]
    around: dict[str, Any]


def page_of(request: HttpRequest, found: Sliced, *, size: int) -> Page:
    """The page that `?page=` asks for, from 1 on; the first for anything else. One query."""
    number = whole_number(request.GET.get("page", ""), digits=5) or 1
    before = (number - 1) * size
    rows = list(found[before : before + size + 1])
    more, rows = len(rows) > size, rows[:size]
    around = {
        "first": before + 1 if rows else 0,
        "last": before + len(rows),
        "previous_url": address(request, page=str(number - 1)) if number > 1 else "",
        "next_url": address(request, page=str(number + 1)) if more else "",
    }
    return Page(rows, around)


def address(request: HttpRequest, **changed: str) -> str:
    """The tail of this page's address with some parameters changed; another list begins with its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return "?" + query.urlencode()

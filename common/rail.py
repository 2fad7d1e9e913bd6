"""The main navigation of the work pages. This module knows no app: settings name the function that fills it.

`RAIL = "config.navigation.entries"` names a function `entries(request) -> iterable of Entry`. The entry whose url_name is
`notices:list` is drawn as the bell of the top bar.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.module_loading import import_string

BELL = "notices:list"
LONG = 14  # entries that fit on a laptop's screen with their headings


@dataclass(frozen=True)
class Entry:
    """One place of the rail. `count` is shown when not zero, `hot` colours it; `minor` hides it in the phone's bar."""

    url_name: str
    label: str
    icon: str
    count: int = 0
    hot: bool = False
    minor: bool = False
    group: str = ""  # the heading under which it stands; none: it stands by itself
    covers: tuple[str, ...] = ()  # other url names that are part of this place
    url: str = ""
    here: bool = False


def entries(request: HttpRequest) -> list[Entry]:
    """What this person sees, each with its address."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return list(_placed(import_string(settings.RAIL)(request), name))


@dataclass(frozen=True)
class Group:
    """Neighbouring entries under one heading, or without one. `open` when it need not be unfolded first."""

    label: str
    entries: list[Entry]
    open: bool


def groups(places: list[Entry]) -> list[Group]:
    """A short rail shows everything; a long one folds its groups, except the one that holds the present page."""
    short = len(places) <= LONG
    return [
        Group(label, members, short or any(entry.here for entry in members))
        for label, members in ((label, list(members)) for label, members in groupby(places, attrgetter("group")))
    ]


@cache
def address(name: str, urlconf: str | None) -> str:
    """Forty of them stand on every page, and none ever changes."""
    return reverse(name, urlconf)


def _placed(given: Iterable[Entry], name: str) -> Iterable[Entry]:
    urlconf = get_urlconf()
    for entry in given:
        here = name == entry.url_name or name in entry.covers
        yield replace(entry, url=address(entry.url_name, urlconf), here=here)

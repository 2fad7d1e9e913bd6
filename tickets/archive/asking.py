"""A resolved case is not archived while its customer is still to be asked whether it helped (A5.3 C5.1 D4).

Who asks stands above this app and says so here: `register(Asking(...))` in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from tickets.models import Ticket
from tickets.querysets import TicketQuerySet


@dataclass(frozen=True)
class Asking:
    """`asked`: keys of the cases whose customer is being asked, or will be; `given_up`: those of the given ones whose
    customer was asked in vain."""

    asked: Callable[[], QuerySet]
    given_up: Callable[[Iterable[Ticket]], set[int]]


_registered: dict[str, Asking] = {}


def register(name: str, asking: Asking) -> None:
    _registered[name] = asking


def over(tickets: TicketQuerySet) -> TicketQuerySet:
    """Those that nobody asks about any more. No query."""
    for asking in _registered.values():
        tickets = tickets.exclude(pk__in=asking.asked())
    return tickets


def given_up(tickets: Iterable[Ticket]) -> set[int]:
    """Keys of those whose customer was not reached. One query for all."""
    return set().union(*(asking.given_up(tickets) for asking in _registered.values()))

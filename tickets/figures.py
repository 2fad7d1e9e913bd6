"""Which tickets a figure counts, so that every number can link to exactly those (`kpis.md`).

The app that computes figures registers each one in its `AppConfig.ready()`:
    figures.register("first_response_rate", tickets_counted)
`tickets_counted(queryset, params)` narrows the tickets that the reader may see; `params` are the plain values of the
address (`from`, `to`, `part` and what else the link was made with). It raises ValueError for what it cannot read.
The address is `tickets:queue` with `?figure=CODE&from=…&to=…`, and any further filter of the queue beside it.
"""

from collections.abc import Callable, Mapping

from tickets.querysets import TicketQuerySet

Counted = Callable[[TicketQuerySet, Mapping[str, str]], TicketQuerySet]

_registered: dict[str, Counted] = {}


def register(code: str, counted: Counted) -> None:
    _registered[code] = counted


def codes() -> list[str]:
    return sorted(_registered)


def apply(code: str, tickets: TicketQuerySet, params: Mapping[str, str]) -> TicketQuerySet:
    """The tickets that figure `code` counts. KeyError for an unknown one, ValueError for unreadable `params`."""
    counted = _registered[code]
    return counted(tickets, params)

"""Until when a department may return a case (退单). The limit is kept above, where limits are; it is read from here."""

from collections.abc import Callable
from datetime import datetime

from tickets.models import Ticket

_readers: list[Callable[[Ticket], datetime | None]] = []


def read_by(reader: Callable[[Ticket], datetime | None]) -> None:
    """Whoever keeps limits says at startup how this one is read."""
    if reader not in _readers:
        _readers.append(reader)


def returned_until(ticket: Ticket) -> datetime | None:
    """The end of the time for returning; None where the company sets none. A query at most."""
    return next((until for reader in _readers if (until := reader(ticket)) is not None), None)

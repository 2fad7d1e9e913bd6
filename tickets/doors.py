"""How a neighbour of `feedback` hands a voice to the one door without knowing it.

A questionnaire or a visit, which `surveys` holds, brings words that are feedback. `feedback` registers its adapter in
`AppConfig.ready()`; whoever hears a voice calls `hand_in` with the channel. Imports go on pointing down.
"""

from collections.abc import Callable
from typing import Any

from tickets.models import Ticket

Take = Callable[..., Ticket]

_doors: dict[str, Take] = {}


def register(channel: str, take: Take) -> None:
    _doors[channel] = take


def hand_in(channel: str, **said: Any) -> Ticket:
    """The case that was opened. What `said` holds is the adapter's matter. KeyError when nobody stands at that door."""
    return _doors[channel](**said)

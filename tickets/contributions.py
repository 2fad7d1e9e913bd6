"""What the apps above add to a ticket's page and to its API form, so that tickets need not know them.

An app registers in its `AppConfig.ready()`:
    contributions.register("clocks", describe=clocks_as_json, template="sla/panel.html", context=panel_context)
`describe(ticket, user)` gives plain values for the API; `context(ticket, user, at)` fills the panel's template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.models import Ticket


@dataclass(frozen=True)
class Contribution:
    name: str
    describe: Callable[[Ticket, User], Any] | None = None
    template: str = ""
    context: Callable[[Ticket, User, datetime], dict[str, Any]] | None = None
    position: int = 100


_registered: dict[str, Contribution] = {}


def register(name: str, **parts: Any) -> None:
    _registered[name] = Contribution(name, **parts)


def all_contributions() -> list[Contribution]:
    return sorted(
        _registered.values(),
        key=lambda contribution: (contribution.position, contribution.name),
    )

"""What a list's address asks for: a saved view, filters, an order. A ticket's page finds its neighbours by it."""

from datetime import datetime
from functools import cached_property

from django.http import QueryDict

from accounts.models import User
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue import facets, saved_views, seek

PARAMETERS = (*TicketFilter.base_filters, "view", "from", "to", "by", "key", "part", "interval")
LONGEST = 2000


class Listing:
    """Reads only known parameters, so that the address can be handed on safely."""

    def __init__(self, data: QueryDict, *, user: User, at: datetime) -> None:
        self.user, self.at = user, at
        self.data = QueryDict(mutable=True)
        for name, values in data.lists():
            if name in PARAMETERS and any(values):
                self.data.setlist(name, [value for value in values if value])
        code = self.data.get("view", "")
        if code not in saved_views.VIEWS:
            narrowed = set(self.data) - {"q", "ordering", "view"}
            code = "all" if narrowed or self.data.get("q") else "open"
        self.view = saved_views.VIEWS[code]
        self.visible = Ticket.objects.visible_to(user)

    @classmethod
    def from_text(cls, text: str, *, user: User, at: datetime) -> "Listing":
        try:
            data = QueryDict(text[:LONGEST])
        except ValueError:  # more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS
            data = QueryDict()
        return cls(data, user=user, at=at)

    @cached_property
    def filter(self) -> TicketFilter:
        base = self.view.narrow(self.visible, self.user, self.at)
        return TicketFilter(self.data, queryset=base, at=self.at, user=self.user)

    @property
    def tickets(self) -> TicketQuerySet:
        """What the address asks for; nothing when it cannot be read (`errors`)."""
        found = self.filter.qs
        return found.none() if self.filter.errors else found

    @property
    def errors(self) -> list[str]:
        fields = self.filter.form.fields
        return [f"{fields[name].label}: {error}" for name, found in self.filter.errors.items() for error in found]

    @property
    def before_facets(self) -> TicketQuerySet:
        """The same without the facets' own filters."""
        if not any(name in self.data for name in facets.NAMES):
            return self.tickets
        data = self.data.copy()
        for name in facets.NAMES:
            data.pop(name, None)
        base = self.view.narrow(self.visible, self.user, self.at)
        plain = TicketFilter(data, queryset=base, at=self.at, user=self.user)
        found = plain.qs
        return found.none() if plain.errors else found

    @property
    def ordering(self) -> str:
        asked = self.data.get("ordering", "")
        return asked if asked in seek.ORDERINGS else self.view.ordering

    @property
    def query(self) -> str:
        return self.data.urlencode()

    def query_with(self, **changes: str | list[str] | None) -> str:
        """The address with some parameters changed; None drops one."""
        data = self.data.copy()
        for name, value in changes.items():
            data.pop(name, None)
            if value is not None:
                data.setlist(name, value if isinstance(value, list) else [value])
        return data.urlencode()

    @property
    def conditions(self) -> list[tuple[str, str, str]]:
        """Filters beside the facets, search and order: (label, value, address without it)."""
        fields = self.filter.form.fields
        shown = []
        for name in self.data:
            if name in facets.NAMES or name in {"view", "ordering", "q"} or name not in fields:
                continue
            values = ", ".join(self.data.getlist(name))
            shown.append((str(fields[name].label), values, self.query_with(**{name: None})))
        return shown

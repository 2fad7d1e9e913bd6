"""Past cases like this one, found by the search index and ranked by likeness (A3.1, C5.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import User
from knowledge import matter, similarity
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import terms as search_terms
from tickets.search import windows as search_windows
from tickets.search.windows import Holding

MOST = 5
CANDIDATES = 40
TERMS = 8


@dataclass(frozen=True)
class Similar:
    ticket: Ticket
    percent: int


def similar_to(ticket: Ticket, user: User, *, days: int = similarity.WITHIN_DAYS) -> list[Similar]:
    """The most alike of the tickets that the user sees, none further away than `days`."""
    near = neighbours(ticket, Ticket.objects.visible_to(user), days=days)
    found = [ticket, *near]
    pairs = similarity.likeness([_item(one) for one in found], days=days)
    alike = sorted(((value, -two) for (one, two), value in pairs.items() if one == 0), reverse=True)
    return [Similar(found[-place], round(100 * value)) for value, place in alike[:MOST] if value >= similarity.ALIKE]


def neighbours(ticket: Ticket, tickets: TicketQuerySet, *, days: int) -> list[Ticket]:
    """Those of `tickets` that share telling words with the title of this one, newest first. A few queries."""
    query = _query(_telling(f"{ticket.subject}\n{ticket.content}"))
    if not query:
        return []
    span = timedelta(days=days)
    found = (
        tickets.filter(Holding(F("pk"), words=(query,)))
        .filter(received_at__gte=ticket.received_at - span, received_at__lte=ticket.received_at + span)
        .exclude(pk=ticket.pk)
        .order_by("-received_at", "-pk")
    )
    keys = search_windows.keys(found, "-received", CANDIDATES)
    rows = Ticket.objects.defer("verdict").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def group_of(ticket: Ticket, *, days: int = similarity.WITHIN_DAYS) -> list[Similar]:
    """The tickets of whatever department that speak of the same trouble as this one, most alike first.

    As the command groups texts: by the average likeness of all that belong together. Void ones are left out.
    """
    found = [ticket, *neighbours(ticket, Ticket.objects.counted(), days=days)]
    items = [_item(one) for one in found]
    pairs = similarity.likeness(items, days=days)
    home = similarity.joined(pairs, len(items))
    if home[0] is None:
        return []
    mates = [place for place, group in enumerate(home) if place and group == home[0]]
    values = {place: pairs.get((0, place), 0.0) for place in mates}
    return [Similar(found[place], round(100 * values[place])) for place in sorted(mates, key=lambda one: -values[one])]


def _item(ticket: Ticket) -> similarity.Item:
    at: datetime = ticket.received_at
    return similarity.Item(ticket.pk, f"{ticket.subject}\n{ticket.content}", ticket.region_id or "", at)


def _telling(text: str) -> list[str]:
    """The pairs of characters by which others like it are looked for: the rarest of the title."""
    title, _ = similarity.split_title(text)
    known = matter.shipped().known(set(matter.pairs(similarity.cleaned(title))))
    chinese = [one for one in known if search_terms.runs(one) == [(one, True)]]
    return sorted(chinese, key=lambda one: (known[one].share, one))[:TERMS]


def _query(ones: list[str]) -> str:
    return " | ".join(search_terms.quote(one) for one in ones)

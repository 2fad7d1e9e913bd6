"""Past cases like this one, found by the search index and ranked by likeness (A3.1, C5.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from knowledge import matter, similarity
from tickets import search_terms
from tickets.models import SearchDocument, Ticket

MOST = 5
CANDIDATES = 40
TERMS = 8


@dataclass(frozen=True)
class Similar:
    ticket: Ticket
    percent: int


def similar_to(ticket: Ticket, user: User, *, days: int = similarity.WITHIN_DAYS) -> list[Similar]:
    """The most alike of the tickets that the user sees, none further away than `days`. One query at most."""
    query = _query(_telling(f"{ticket.subject}\n{ticket.content}"))
    if not query:
        return []
    hits = SearchDocument.objects.filter(visibility=SearchDocument.Visibility.PUBLIC)
    hits = hits.extra(where=["tsv @@ %s::tsquery"], params=[query])
    span = timedelta(days=days)
    near = (
        Ticket.objects.visible_to(user)
        .filter(pk__in=hits.values("ticket_id"))
        .filter(received_at__gte=ticket.received_at - span, received_at__lte=ticket.received_at + span)
        .exclude(pk=ticket.pk)
        .defer("verdict")
        .order_by("-received_at", "-pk")[:CANDIDATES]
    )
    found = [ticket, *near]
    pairs = similarity.likeness([_item(one) for one in found], days=days)
    alike = sorted(((value, -two) for (one, two), value in pairs.items() if one == 0), reverse=True)
    return [Similar(found[-place], round(100 * value)) for value, place in alike[:MOST] if value >= similarity.ALIKE]


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

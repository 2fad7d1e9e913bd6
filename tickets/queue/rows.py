"""The rows of a table of tickets, in the reader's words: worked out once a page instead of once a cell."""

from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.urls import get_urlconf, reverse
from django.utils.translation import gettext as _

from tickets.models import Ticket
from tickets.search import shown as search_shown
from tickets.workflow import Nature, Status, Tier


def rows(
    tickets: Iterable[Ticket], *, carry: str, picked: Container[str] = (), words: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Needs `for_rows()`; no query. `carry` is the tail of each address, `picked` the numbers that are ticked.

    With `words`, which were searched for, they are marked, and each row tells where they stand; two queries at most.
    """
    tickets = list(tickets)
    found_in: dict[int, str] = {}
    if words:
        pks = [ticket.pk for ticket in tickets]
        texts = Ticket.objects.filter(pk__in=pks).order_by().values_list("pk", "subject", "content")
        found_in = dict(search_shown.snippets(texts, words))
    natures, states = dict(Nature.choices), dict(Status.choices)
    labels = {code: str(label) for named in (natures, states) for code, label in named.items()}
    major, review, round_, tick = Tier.L1.label, _("Manual review"), _("Round %(n)s"), _("Tick %(number)s")
    urlconf = get_urlconf()
    names: dict[Any, str] = {}  # one department and one person stand in many rows

    def name(row: Any) -> str:
        key = (type(row), row.pk)
        if key not in names:
            names[key] = str(row)
        return names[key]

    found = []
    for ticket in tickets:
        number, department, owner = ticket.number or "", ticket.department, ticket.owner
        in_charge = name(department) if department else ""
        region = ticket.region
        found.append(
            {
                "number": number,
                "version": str(ticket.version),
                "url": f"{address(str(ticket.number), urlconf)}?{carry}",
                "subject": search_shown.marked(ticket.subject, words) if words else ticket.subject,
                "found_in": found_in.get(ticket.pk, ""),
                "tier": major if ticket.tier == Tier.L1 else "",
                "round": round_ % {"n": ticket.round} if ticket.round > 1 else "",
                "review": review if ticket.needs_review else "",
                "is_open": ticket.is_open,
                "due_at": ticket.next_due_at,
                "soon_at": ticket.soon_at,
                "paused": ticket.is_paused,
                "nature": labels[ticket.nature],
                "status": ticket.state_label if ticket.merged_into_id else labels[ticket.status],
                "in_charge": f"{in_charge} {name(owner)}" if in_charge and owner else in_charge,
                "place": (region.local_full_name if region else "") or ticket.region_text,
                "region": (region.local_name if region else "") or ticket.region_text,
                "picked": number in picked,
                "tick": tick % {"number": number},
            }
        )
    return found


@lru_cache(maxsize=4096)
def address(number: str, urlconf: str | None) -> str:
    """Of a case's page. Lists show the same cases again and again, and an address never changes."""
    return reverse("tickets:ticket", urlconf, [number])

"""Which cases a sample holds. Anybody can draw it again from the seed with a pencil and SHA-256."""

import hashlib
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from tickets.models import Ticket

WHICH = {
    "": Q(),
    "rounds": Q(round__gt=1),
    "dissatisfied": Q(rating="dissatisfied"),
    "closed": Q(status="closed"),
    "bad_reviews": Q(is_bad_review=True),
}


def population(
    start: object, end: object, *, nature: str = "", tier: str = "", department: str = "", which: str = ""
) -> QuerySet:
    """Cases received from `start` to `end`, both days included, that fit; void and merged ones are left out."""
    rows = (
        Ticket.objects.counted().filter(received_at__date__gte=start, received_at__date__lte=end).filter(WHICH[which])
    )
    wanted = {"nature": nature, "tier": tier, "department__code": department}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def drawn(numbers: Sequence[str], seed: str, size: int) -> list[str]:
    """The `size` numbers whose SHA-256 of "seed:number" is smallest, in that order."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())[:size]


def fingerprint(numbers: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()

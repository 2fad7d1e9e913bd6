"""Manual review (C3.2): what the classifier was unsure of or warned of, confirmed or corrected by a person.

What is to be looked at comes from `Ticket.needs_review` (abuse, suspected fraud, spam, too short, another language, nature unsure) and from
alerts that nobody has looked at. Every look is a `classify` event; the corrections among them are training rows.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When

from accounts.models import User
from feedback.models import Correction
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent
from tickets.querysets import TicketQuerySet
from tickets.workflow import Tier, VoidReason

ALERT = "alert"
CAUSES = ("abuse", "fraud", "spam", "nature_unsure", "language", "too_short", ALERT)
MOST = 200
AGREEMENT_DAYS = 90
FIELDS = ("nature", "category", "tier", "region")
_TOLD = ("urgent", "breakdown", "authority")
"""Alerts that ask for a look by themselves; that a text says 投诉 is no reason to look twice."""


def waiting(user: User) -> TicketQuerySet:
    """Open tickets that the user sees and that wait for a look, oldest first."""
    looked = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind="classify").exclude(actor=None)
    alerts = Q(pk__in=[])
    for code in _TOLD:
        alerts |= Q(verdict__alerts__contains=[code])
    seen = Ticket.objects.visible_to(user).open()
    return seen.filter(Q(needs_review=True) | (alerts & ~Exists(looked))).order_by("received_at", "pk")


def causes_of(ticket: Ticket) -> list[str]:
    """Why it waits, most serious first; `other` where a person asked for the look."""
    verdict: Mapping[str, Any] = ticket.verdict or {}
    known = set(verdict.get("review_causes", ())) if ticket.needs_review else set()
    if set(verdict.get("alerts", ())) & set(_TOLD):
        known.add(ALERT)
    return [cause for cause in CAUSES if cause in known] or ["other"]


def queue(user: User) -> tuple[list[Ticket], Counter[str]]:
    """The first `MOST` that wait, those of major cases first, and how many of them wait for each cause. One query."""
    first = waiting(user).order_by(Case(When(tier=Tier.L1, then=0), default=1), "received_at", "pk")
    rows = list(first.select_related("category", "region", "department", "customer")[:MOST])
    rows.sort(key=lambda row: (row.tier != "L1", CAUSES.index(first) if (first := causes_of(row)[0]) in CAUSES else 9))
    return rows, Counter(cause for row in rows for cause in causes_of(row))


def confirm(ticket: Ticket, *, by: User, at: datetime, version: int | None = None) -> Ticket:
    """It is what it was taken for."""
    return tickets.classify(ticket, by=by, at=at, version=version, needs_review=False)


def correct(ticket: Ticket, *, by: User, at: datetime, version: int | None = None, **classes: Any) -> Ticket:
    """It is something else; what was proposed and what it became is kept to learn from."""
    return tickets.classify(ticket, by=by, at=at, version=version, needs_review=False, **classes)


def throw_out(ticket: Ticket, *, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Spam: void, on record, in no figure."""
    return tickets.void(ticket, reason=VoidReason.SPAM, by=by, at=at, version=version)


@dataclass(frozen=True)
class Agreement:
    """Of `looked` cases that people looked at, how many kept what the classifier had proposed for `field`."""

    field: str
    looked: int
    agreed: int

    @property
    def percent(self) -> float | None:
        return 100 * self.agreed / self.looked if self.looked else None


def agreement(at: datetime, *, days: int = AGREEMENT_DAYS) -> list[Agreement]:
    """How often people agreed with the classifier in the last `days`, field by field. Two queries.

    A case counts once, by what the classifier said and what people made of it last.
    """
    since = at - timedelta(days=days)
    looks = TicketEvent.objects.filter(kind="classify", at__gte=since, at__lte=at).exclude(actor=None)
    rows = Ticket.objects.filter(pk__in=looks.values("ticket")).exclude(verdict={})
    fields = ("nature", "tier", "category__code", "region_id")
    proposed = ("verdict__nature", "verdict__tier", "verdict__category", "verdict__region")
    found = list(rows.values_list("pk", *fields, *proposed))
    corrected = set(Correction.objects.filter(ticket__in=[row[0] for row in found]).values_list("ticket_id", "field"))
    answers = []
    for field, now, said in (("nature", 1, 5), ("category", 3, 7), ("tier", 2, 6), ("region", 4, 8)):
        # a place that nobody named and a category that has no row were no proposals
        told = [row for row in found if row[said] and (row[now] or (row[0], field) in corrected)]
        answers.append(Agreement(field, len(told), sum(row[now] == row[said] for row in told)))
    return answers

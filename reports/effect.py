"""B3.5: what a rectification was worth, judged from what came after it: the customer's word, and whether the matter came back.

Nobody has to remember to judge, and nobody judges the own work. Only of complaints; of the last round of each.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Exists, OuterRef, When
from django.utils.translation import gettext_lazy as _

from reports.facts import DAY, REPEAT_DAYS, cases
from tickets.models import Ticket
from tickets.workflow import ANSWERED, Nature, Rating


class Effect(models.TextChoices):
    EFFECTIVE = "effective", _("Effective: the customer is satisfied, and the matter has not come back")
    PARTLY = "partly", _("Partly effective: the customer is neither satisfied nor dissatisfied")
    AGAIN = "again", _("Not effective: it had to be handled again")
    CAME_BACK = "came_back", _("Not effective: the matter came back within 90 days")
    UNKNOWN = "unknown", _("Not known: the customer has not said")


SHORT = {
    Effect.EFFECTIVE: _("effective"), Effect.PARTLY: _("partly effective"), Effect.AGAIN: _("not effective"),
    Effect.CAME_BACK: _("not effective"), Effect.UNKNOWN: _("not known"),
}  # fmt: skip


BY_RATING = {
    Rating.SATISFIED: Effect.EFFECTIVE, Rating.NEUTRAL: Effect.PARTLY, Rating.DISSATISFIED: Effect.AGAIN,
    "": Effect.UNKNOWN,
}  # fmt: skip


def judged(ticket: Ticket, *, round_: int, rating: str, came_back: bool) -> Effect | None:
    """Of one round, with the rating that the customer gave it; None where nothing was rectified yet. Pure."""
    if ticket.nature != Nature.COMPLAINT:
        return None
    if round_ < ticket.round:
        return Effect.AGAIN
    if ticket.status not in ANSWERED:
        return None
    if came_back:
        return Effect.CAME_BACK
    return BY_RATING[rating]


def came_back(keys: Iterable[int]) -> set[int]:
    """Those of the answered cases whose problem, or without one the same customer and category, had a complaint within
    `REPEAT_DAYS` after the result, as the repeat rate counts it. One query."""
    later = (
        cases(Ticket.objects.all())
        .filter(
            nature=Nature.COMPLAINT,
            received_at__gt=OuterRef("resolved_at"),
            received_at__lte=OuterRef("resolved_at") + REPEAT_DAYS * DAY,
        )
        .exclude(pk=OuterRef("pk"))
        .order_by()
    )
    back = Case(
        When(problem__isnull=False, then=Exists(later.filter(problem=OuterRef("problem")))),
        When(
            customer__isnull=False,
            category__isnull=False,
            then=Exists(later.filter(customer=OuterRef("customer"), category=OuterRef("category"))),
        ),
        default=False,
    )
    answered = Ticket.objects.filter(pk__in=list(keys), nature=Nature.COMPLAINT, resolved_at__isnull=False)
    return set(answered.order_by().annotate(back=back).filter(back=True).values_list("pk", flat=True))

"""Samples of the handling, and the review of each case in them (B5). Auditors only, and never of what they had a part in."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from common.wording import listed
from supervision import drawing
from supervision.models import Checklist, Sample, SampledCase
from tickets.models import Ticket

MOST = 200
LARGEST = 200_000
"""A population is read by its numbers: so many at most."""


class Refused(Exception):
    """The message says why, for the user."""


def auditing(by: User) -> None:
    if not by.has_role(Role.AUDITOR):
        raise Refused(_("Only auditors supervise."))


@transaction.atomic
def draw(
    *, name: str, checklist: Checklist, start: date, end: date, size: int, by: User, at: datetime, seed: str = "",
    nature: str = "", tier: str = "", department: str = "", which: str = "",
) -> Sample:  # fmt: skip
    """A random sample: the same seed over the same cases gives the same ones. Raises Refused when there is none."""
    auditing(by)
    conditions = {"nature": nature, "tier": tier, "department": department, "which": which}
    rows = drawing.population(start, end, **conditions).order_by("pk").values_list("number", flat=True)
    numbers = [number for number in rows[:LARGEST] if number]
    if not numbers:
        raise Refused(_("No case fits."))
    seed = seed or secrets.token_hex(8)
    return _stored(
        Sample(name=name, mode=Sample.Mode.RANDOM, start=start, end=end, conditions=conditions, seed=seed),
        numbers, drawing.drawn(numbers, seed, min(size, MOST)), checklist, by, at,
    )  # fmt: skip


@transaction.atomic
def choose(*, name: str, checklist: Checklist, numbers: Sequence[str], by: User, at: datetime) -> Sample:
    """A targeted sample of cases named by their numbers. Raises Refused, naming those that do not exist."""
    auditing(by)
    wanted = list(dict.fromkeys(numbers))[:MOST]
    there = set(Ticket.objects.filter(number__in=wanted).values_list("number", flat=True))
    if missing := [number for number in wanted if number not in there]:
        raise Refused(_("There is no such case: %(numbers)s") % {"numbers": listed(missing)})
    if not wanted:
        raise Refused(_("No case fits."))
    return _stored(Sample(name=name, mode=Sample.Mode.TARGETED), wanted, wanted, checklist, by, at)


def _stored(
    sample: Sample, numbers: Sequence[str], chosen: Sequence[str], checklist: Checklist, by: User, at: datetime
) -> Sample:
    sample.population, sample.population_sha256 = len(numbers), drawing.fingerprint(numbers)
    sample.questions, sample.questions_en = checklist.questions, checklist.questions_en
    sample.drawn_at, sample.drawn_by = at, by
    sample.save()
    ids = dict(Ticket.objects.filter(number__in=chosen).values_list("number", "pk"))
    SampledCase.objects.bulk_create(
        SampledCase(sample=sample, ticket_id=ids[number], position=position)
        for position, number in enumerate(chosen, start=1)
    )
    return sample


@transaction.atomic
def review(
    row: SampledCase,
    *,
    answers: Sequence[str],
    notes: Sequence[str],
    verdict: str,
    called: str = "",
    by: User,
    at: datetime,
) -> SampledCase:
    """Fill in the sheet; who was first is told to whoever comes second. Raises Refused, SampledCase.DoesNotExist."""
    auditing(by)
    row = SampledCase.objects.visible_to(by).select_related("sample").select_for_update(of=("self",)).get(pk=row.pk)
    if row.reviewed_by_id not in {None, by.pk}:
        raise Refused(_("%(name)s has reviewed this case already.") % {"name": row.reviewed_by})
    if len(answers) != len(row.sample.questions) or not set(answers) <= {"yes", "no", "na"}:
        raise Refused(_("Answer every question."))
    row.answers, row.notes, row.verdict, row.called = list(answers), list(notes), verdict, called
    row.reviewed_at, row.reviewed_by = at, by
    row.save(update_fields=["answers", "notes", "verdict", "called", "reviewed_at", "reviewed_by"])
    return row

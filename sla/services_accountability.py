"""The accountability ledger (A4.2 D7): decided once with grounds, objected to by the person, reviewed by somebody else."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from notices import services as notices
from sla.models import Accountability

TO_OBJECT = timedelta(days=15)
Outcome = Accountability.Outcome


class LedgerRefused(Exception):
    """The message says why, for the user."""


def may_decide(user: User, row: Accountability) -> bool:
    """The office and leadership, and never about oneself."""
    return user.has_role(Role.OFFICE, Role.LEADER) and user.pk != row.person_id


def may_review(user: User, row: Accountability) -> bool:
    """An objection is decided by an auditor or leadership, not by who decided first, nor by the person."""
    return user.has_role(Role.AUDITOR, Role.LEADER) and user.pk not in {row.person_id, row.decided_by_id}


def may_object(user: User, row: Accountability, at: datetime) -> bool:
    return (
        row.person_id == user.pk
        and row.outcome == Outcome.CONFIRMED
        and row.objected_at is None
        and row.decided_at is not None
        and at <= row.decided_at + TO_OBJECT
    )


@transaction.atomic
def decide(
    row: Accountability, *, outcome: str, grade: str = "", decision: str, by: User, at: datetime
) -> Accountability:
    """Confirmed with a grade, or excused; both with grounds. The person hears of it."""
    row = locked(row)
    if not may_decide(by, row):
        raise LedgerRefused(_("The office or leadership decides, never about oneself."))
    if row.outcome != Outcome.OPEN:
        raise LedgerRefused(_("This record is decided already."))
    row.outcome, row.grade = checked(outcome, grade)
    row.decision, row.decided_by, row.decided_at = decision, by, at
    row.save(update_fields=["outcome", "grade", "decision", "decided_by", "decided_at"])
    tell(row, "decided", at)
    return row


def checked(outcome: str, grade: str) -> tuple[str, str]:
    if outcome not in {Outcome.CONFIRMED, Outcome.EXCUSED}:
        raise LedgerRefused(_("Confirm or excuse it."))
    if outcome == Outcome.CONFIRMED and grade not in Accountability.Grade.values:
        raise LedgerRefused(_("A confirmed record needs a grade."))
    return outcome, grade if outcome == Outcome.CONFIRMED else ""


@transaction.atomic
def object_to(row: Accountability, *, text: str, by: User, at: datetime) -> Accountability:
    """The person objects: once, within fifteen days of the decision."""
    row = locked(row)
    if not may_object(by, row, at):
        raise LedgerRefused(_("Only the person may object, once, within 15 days of a decision that confirms it."))
    row.objection, row.objected_at = text, at
    row.save(update_fields=["objection", "objected_at"])
    return row


@transaction.atomic
def review(row: Accountability, *, outcome: str, grade: str = "", text: str, by: User, at: datetime) -> Accountability:
    """The objection is decided, for good."""
    row = locked(row)
    if not row.waits_for_review:
        raise LedgerRefused(_("No objection waits for a decision."))
    if not may_review(by, row):
        raise LedgerRefused(_("An auditor or leadership decides on an objection, not who decided first."))
    row.outcome, row.grade = checked(outcome, grade)
    row.review, row.reviewed_by, row.reviewed_at = text, by, at
    row.save(update_fields=["outcome", "grade", "review", "reviewed_by", "reviewed_at"])
    tell(row, "reviewed", at)
    return row


def locked(row: Accountability) -> Accountability:
    """The row fresh, held until the end of the transaction: of two who decide at once the second is told."""
    return Accountability.objects.select_for_update(of=("self",)).select_related("person", "ticket").get(pk=row.pk)


def tell(row: Accountability, step: str, at: datetime) -> None:
    if row.person is None or not row.person.is_active:
        return
    context = {"pk": row.pk, "outcome": row.outcome, "grade": row.grade, "metric": row.ground, "step": step}
    key = f"accountability:{row.pk}:{step}"
    notices.add(
        notices.to_user(
            row.person, "accountability", key=key, at=at, topic=row.ticket.number or "", context=context, by_mail=True
        )
    )

"""Findings: opened by auditors with an owner and a limit, answered by the owner, closed by auditors only (A6.1 B5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from notices import outbox
from notices import services as notices
from sla import rulebook, worktime
from supervision.models import Finding, FindingEntry, SampledCase
from supervision.services_samples import Refused, auditing
from tickets.handling.impartial import has_part
from tickets.models import Ticket

Kind, State = FindingEntry.Kind, Finding.State
OFFICE = "office"
LATE_FOR_LEADERS = 3  # working days after which leadership hears of a finding that nobody answered


@transaction.atomic
def open_finding(
    ticket: Ticket, *, text: str, owner: User, days: int, by: User, at: datetime, sampled: SampledCase | None = None
) -> Finding:
    """Due at the close of the n-th working day. The owner is told, and so is the owner's head."""
    auditing(by)
    if has_part(ticket, by):
        raise Refused(_("You had a part in this case; another auditor examines it."))
    if not owner.is_active or owner.is_app:
        raise Refused(_("%(person)s is not active.") % {"person": owner})
    due = worktime.due(at, days, "wd", rulebook.current(OFFICE))
    row = Finding.objects.create(
        sampled=sampled, ticket=ticket, text=text, owner=owner, department=owner.department, opened_at=at, opened_by=by,
        due_at=due,
    )  # fmt: skip
    _write(row, Kind.OPENED, text, by, at)
    tell(row, "opened", {owner, *_heads(owner.department)} - {by}, at)
    return row


@transaction.atomic
def answer(row: Finding, *, text: str, by: User, at: datetime) -> Finding:
    """What was done about it, by the owner or the department's head."""
    row = _locked(row)
    _answering(row, by)
    row.state = State.ANSWERED
    row.save(update_fields=["state"])
    _write(row, Kind.ANSWERED, text, by, at)
    tell(row, "answered", {row.opened_by}, at)
    return row


@transaction.atomic
def report_difficulty(row: Finding, *, text: str, by: User, at: datetime) -> Finding:
    """B3.3: what stands in the way goes upward: to the head, the office's head, and the auditor; the limit runs on."""
    row = _locked(row)
    _answering(row, by)
    _write(row, Kind.DIFFICULTY, text, by, at)
    office = Department.objects.filter(is_office=True).select_related("head").first()
    tell(row, "difficulty", {row.opened_by, *_heads(row.department), *_heads(office)} - {by}, at)
    return row


@transaction.atomic
def send_back(row: Finding, *, text: str, days: int, by: User, at: datetime) -> Finding:
    """Not good enough: the owner has `days` working days more."""
    row = _judged(row, by, State.ANSWERED)
    row.state, row.due_at = State.OPEN, worktime.due(at, days, "wd", rulebook.current(OFFICE))
    row.save(update_fields=["state", "due_at"])
    _write(row, Kind.SENT_BACK, text, by, at)
    tell(row, "sent_back", {row.owner}, at)
    return row


@transaction.atomic
def prolong(row: Finding, *, text: str, days: int, by: User, at: datetime) -> Finding:
    """More time, such as after a difficulty."""
    row = _judged(row, by, State.OPEN)
    row.due_at = worktime.due(at, days, "wd", rulebook.current(OFFICE))
    row.save(update_fields=["due_at"])
    _write(row, Kind.PROLONGED, text, by, at)
    tell(row, "prolonged", {row.owner}, at)
    return row


@transaction.atomic
def close(row: Finding, *, text: str, by: User, at: datetime) -> Finding:
    """Mended, and checked. Only after an answer."""
    row = _judged(row, by, State.ANSWERED)
    row.state, row.closed_at, row.closed_by = State.CLOSED, at, by
    row.save(update_fields=["state", "closed_at", "closed_by"])
    _write(row, Kind.CLOSED, text, by, at)
    tell(row, "closed", {row.owner}, at)
    return row


def may_answer(user: User, row: Finding) -> bool:
    return row.state == State.OPEN and (user.pk == row.owner_id or user in _heads(row.department))


def may_judge(user: User, row: Finding) -> bool:
    """Auditors without a part in the case, and never the one who answers for it."""
    return (
        row.closed_at is None
        and user.has_role(Role.AUDITOR)
        and user.pk != row.owner_id
        and not has_part(row.ticket, user)
    )


def _answering(row: Finding, by: User) -> None:
    if not may_answer(by, row):
        raise Refused(_("The owner or the department's head answers, while the finding is open."))


def _judged(row: Finding, by: User, state: str) -> Finding:
    row = _locked(row)
    if not may_judge(by, row):
        raise Refused(_("Only an auditor without a part in the case decides on a finding."))
    if row.state != state:
        raise Refused(_("This finding is not in that state any more."))
    return row


def _locked(row: Finding) -> Finding:
    related = ("ticket", "owner", "opened_by", "department__head")
    return Finding.objects.select_for_update(of=("self",)).select_related(*related).get(pk=row.pk)


def _heads(department: Department | None) -> set[User]:
    return {department.head} if department and department.head and department.head.is_active else set()


def _write(row: Finding, kind: str, text: str, by: User, at: datetime) -> FindingEntry:
    return FindingEntry.objects.create(finding=row, at=at, by=by, kind=kind, text=text)


def tell(row: Finding, step: str, people: set[User], at: datetime, *, once: str = "") -> None:
    """`once` makes a reminder one for its due time; every other step is told as often as it happens."""
    key = f"finding:{row.pk}:{step}:{once or at.isoformat()}"
    rows = []
    for person in sorted(people, key=lambda one: one.pk):
        context = {"pk": row.pk, "step": step, "due": row.due_at.isoformat()}
        topic = row.ticket.number or ""
        rows += notices.to_user(person, "finding", key=key, at=at, topic=topic, context=context, by_mail=True)
    notices.add(rows)


def remind(*, at: datetime) -> int:
    """Every morning: the owner hears on the last working day, owner and head when it is late, leadership three days on.

    Each once for a due time, however often it runs; all in one statement. Returns how many findings were looked at.
    """
    calendar = rulebook.current(OFFICE)
    soon = worktime.due(at, 2, "wd", calendar)
    rows = Finding.objects.filter(state=State.OPEN, due_at__lte=soon).select_related(
        "ticket", "owner", "department__head"
    )
    leaders = set(User.objects.active().with_role(Role.LEADER))
    with outbox.together():
        for row in rows:
            due = row.due_at.isoformat()
            if row.due_at > at:
                tell(row, "soon", {row.owner}, at, once=due)
                continue
            tell(row, "late", {row.owner, *_heads(row.department)}, at, once=due)
            if worktime.due(row.due_at, LATE_FOR_LEADERS, "wd", calendar) <= at:
                tell(row, "very_late", leaders, at, once=due)
    return len(rows)

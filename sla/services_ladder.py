"""What a step of the ladder does besides telling people: remind, reassign, issue a supervision notice (督办单)."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Department
from sla import ladder, rulebook, worktime
from sla.defaults import OFFICE
from sla.models import SupervisionNotice
from sla.services_overdue import Step
from tickets import services as tickets
from tickets.models import Ticket

log = logging.getLogger(__name__)


def act(steps: Sequence[Step], at: datetime) -> None:
    """Everything in order. No statement when no step asks for it."""
    issue([step for step in steps if step.plan.get("notice")], at)
    for step in steps:
        if step.plan.get("remind"):
            one_move(step, "remind", at)
        if step.plan.get("reassign"):
            one_move(step, "reassign", at)


def issue(steps: Sequence[Step], at: datetime) -> None:
    """One notice a clock and step. Its answer is due at close of the next working day. Two statements."""
    if not steps:
        return
    calendar = rulebook.current(OFFICE)
    answer_by = worktime.due(at, 1, "wd", calendar)
    SupervisionNotice.objects.bulk_create(
        [
            SupervisionNotice(
                number=f"DB-{step.clock.ticket.number}-{step.clock.pk}{step.threshold}", ticket=step.clock.ticket,
                clock=step.clock, threshold=step.threshold, issued_at=at, answer_by=answer_by,
                department_id=step.clock.ticket.department_id, person_id=step.clock.answerable_id,
            )
            for step in steps
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def one_move(step: Step, what: str, at: datetime) -> None:
    """A move by the system. A state that does not allow it any more (answered, in review) leaves the case as it is."""
    ticket = step.clock.ticket
    try:
        with transaction.atomic():
            if what == "remind":
                tickets.remind(ticket, by=None, at=at, text=f"{step.clock.metric} {step.threshold}")
            else:
                reassign(ticket, step.plan["reassign"], at)
    except tickets.ActionNotAllowed as refusal:
        log.info("%s: %s is left out: %s", ticket.number, what, refusal)


def reassign(ticket: Ticket, to: str, at: datetime) -> None:
    """To the head of the department that has the case, or to the office."""
    office = to == ladder.OFFICE or ticket.department is None
    department = Department.objects.filter(is_office=True).first() if office else ticket.department
    if department is None:
        return
    head = department.head if department.head and department.head.is_active else None
    if head is not None and head.pk == ticket.owner_id:
        return
    if head is not None and head.department_id != department.pk:
        head = None
    tickets.assign(ticket, department=department, owner=head, by=None, at=at, reason="ladder")

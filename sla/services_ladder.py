"""What a step of the ladder does besides telling people: remind, reassign, issue a supervision notice (督办单), end the wait
for the customer."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts import duty
from accounts.models import Department, User
from accounts.roles import Role
from sla import ladder, rulebook, worktime
from sla.answerable import Answerable
from sla.defaults import OFFICE
from sla.models import Metric, SupervisionNotice
from sla.services_overdue import Step
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import UNANSWERED

log = logging.getLogger(__name__)
_callers: list[Callable[[Ticket, datetime], object]] = []


def call_group_by(caller: Callable[[Ticket, datetime], object]) -> None:
    """Who calls the special group of a case together, at startup: `caller(ticket, at)`. It may be called again for a case
    that has its group, and may raise ActionNotAllowed."""
    _callers.append(caller)


MOVES = ("remind", "group", "reassign")
WAIT_OVER = "wait_over"


def act(steps: Sequence[Step], at: datetime) -> None:
    """Everything in order. No statement when no step asks for it."""
    issue([step for step in steps if step.plan.get("notice")], at)
    called: set[int] = set()  # the first response and the plan of a major case call its group at the same moment
    for step in steps:
        for what in MOVES:
            if step.plan.get(what) and not (what == "group" and step.clock.ticket_id in called):
                one_move(step, what, at)
        if step.plan.get("group"):
            called.add(step.clock.ticket_id)
        if step.clock.metric == Metric.CUSTOMER_REPLY and step.threshold == ladder.DUE:
            one_move(step, WAIT_OVER, at)


def issue(steps: Sequence[Step], at: datetime) -> None:
    """One notice a clock and step. Its answer is due at close of the next working day. Two statements."""
    if not steps:
        return
    calendar, people = rulebook.current(OFFICE), Answerable()
    people.learn(step.clock for step in steps)
    answer_by = worktime.due(at, 1, "wd", calendar)
    SupervisionNotice.objects.bulk_create(
        [
            SupervisionNotice(
                number=f"DB-{step.clock.ticket.number}-{step.clock.pk}-{code_of(step.threshold)}", ticket=step.clock.ticket,
                clock=step.clock, threshold=step.threshold, issued_at=at, answer_by=answer_by,
                department_id=people.department_of(step.clock), person_id=step.clock.answerable_id,
            )
            for step in steps
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def code_of(threshold: str) -> str:
    """A step as part of a number: `+3wd` is 3WD, `80%` is 80P."""
    return threshold.strip("+-").replace("%", "P").upper()


def one_move(step: Step, what: str, at: datetime) -> None:
    """A move by the system. A state that does not allow it any more (answered, in review) leaves the case as it is."""
    ticket = step.clock.ticket
    try:
        with transaction.atomic():
            if what == WAIT_OVER:
                tickets.wait_over(ticket, by=None, at=step.fire_at)
            elif what == "remind":
                tickets.remind(ticket, by=None, at=at, text=f"{step.clock.metric} {step.threshold}")
            elif what == "group":
                for caller in _callers:
                    caller(ticket, at)
            else:
                reassign(ticket, step.plan["reassign"], at)
    except tickets.ActionNotAllowed as refusal:
        log.info("%s: %s is left out: %s", ticket.number, what, refusal)


def reassign(ticket: Ticket, to: str, at: datetime) -> None:
    """To the head of the department that has the case, to the office, or to who is on duty in the department."""
    office = to == ladder.OFFICE or ticket.department is None
    department = Department.objects.filter(is_office=True).first() if office else ticket.department
    if department is None:
        return
    person = freest(department, at) if to == ladder.DUTY else head_of(department)
    if person is not None and person.pk == ticket.owner_id:
        return
    tickets.assign(ticket, department=department, owner=person, by=None, at=at, reason="ladder")


def head_of(department: Department) -> User | None:
    head = department.head if department.head and department.head.is_active else None
    return head if head is not None and head.department_id == department.pk else None


def freest(department: Department, at: datetime) -> User | None:
    """Who deals with cases there and is on duty now (C3.2), with the fewest open ones. Three queries."""
    people = User.objects.active().with_role(Role.HANDLER).filter(department=department, is_absent=False).order_by("pk")
    pool = duty.on_duty_of(list(people), at)
    open_ones = Ticket.objects.filter(owner__in=pool, status__in=UNANSWERED).order_by()
    has = dict(open_ones.values_list("owner").annotate(count=Count("pk")))
    return min(pool, key=lambda person: has.get(person.pk, 0), default=None)

"""A missed limit on record: the ticket's history, who is answerable, who is told (A4.2 C3.3 D7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts import duty
from accounts.models import Department, User
from accounts.roles import Role
from common.bulk import add_rows
from notices import services as notices
from notices.models import Notice
from sla import ladder
from sla.answerable import Answerable, responsible
from sla.models import RIGHTS, Accountability, Clock
from tickets import services as tickets
from tickets.models import TicketEvent
from tickets.workflow import Tier

SINGLY = 20  # notices to one person from one sweep


@dataclass(frozen=True)
class Step:
    """A step of a clock's ladder that was reached now."""

    clock: Clock
    threshold: str
    fire_at: datetime

    @property
    def is_breach(self) -> bool:
        missed = self.threshold == ladder.DUE and self.clock.state == Clock.State.MISSED
        return missed and self.clock.metric not in RIGHTS

    @cached_property
    def plan(self) -> dict[str, Any]:
        return ladder.step_of(self.clock.target["ladder"], self.threshold)


def record_late(clocks: Sequence[Clock], *, imported: bool = False) -> None:
    """Limits that a late answer showed to be missed: on record like swept ones, but nobody need be woken any more."""
    if clocks:
        steps = [Step(clock, ladder.DUE, clock.breached_at) for clock in clocks if clock.breached_at]
        on_record(steps, raise_level=False, imported=imported)
        account(steps)


def reached(steps: Sequence[Step], at: datetime) -> set[int]:
    """Everything that steps found by the sweep bring with them. About eight statements for any number of steps.

    Returns the ids of the tickets that were written.
    """
    if not steps:
        return set()
    events = on_record([step for step in steps if step.is_breach or "level" in step.plan], raise_level=True)
    account([step for step in steps if step.is_breach])
    tell(steps, at)
    return {event.ticket_id for event in events}


def on_record(steps: Iterable[Step], *, raise_level: bool, imported: bool = False) -> list[tickets.TimeEvent]:
    names = usernames(step.clock.answerable_id for step in steps)
    return tickets.go_overdue(
        [
            tickets.Overdue(
                ticket=step.clock.ticket,
                at=step.fire_at,
                metric=step.clock.metric,
                round=step.clock.round,
                is_breach=step.is_breach,
                level=step.plan.get("level") if raise_level else None,
                person=names.get(step.clock.answerable_id),
            )
            for step in steps
        ],
        imported=imported,
    )


def usernames(keys: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {key for key in keys if key}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "username")) if wanted else {}


def account(steps: Iterable[Step]) -> None:
    """Open an accountability record for each breach whose ladder asks for one. One statement."""
    people, rows = Answerable(), []
    asked = [step for step in steps if step.plan.get("account")]
    people.learn(step.clock for step in asked)
    for step in asked:
        clock, department = step.clock, people.department_of(step.clock)
        rows.append((clock.ticket_id, clock.pk, clock.answerable_id, department, clock.metric, step.fire_at))
    add_rows(Accountability, ["ticket_id", "clock_id", "person_id", "department_id", "ground", "opened_at"], rows)


def tell(steps: Sequence[Step], at: datetime) -> None:
    """Notices to those whom the ladder names: in the app, and by mail from the due time on. Five statements.

    Of one case a person hears the weightiest step only. Who would get more than `SINGLY` from one sweep (after an outage),
    however many batches it has, gets one that names the first of them; L1 always singly.
    """
    people = People(steps, at)
    told: dict[int, dict[int, Step]] = {}
    users: dict[int, User] = {}
    for step in sorted(steps, key=weight):
        for user in people.of(step):
            users[user.pk] = user
            told.setdefault(user.pk, {})[step.clock.ticket_id] = step
    rows: list[Notice] = []
    before = notices.told_at(at, users, ("time_limit", "time_limits"))
    for key, user in users.items():
        mine = sorted(told[key].values(), key=lambda step: step.clock.ticket.tier != Tier.L1)
        ordinary = [step for step in mine if step.clock.ticket.tier != Tier.L1]
        together = len(ordinary) + before.get(key, 0) > SINGLY
        for step in mine:
            if not (together and step.clock.ticket.tier != Tier.L1):
                rows += notices.to_user(
                    user, "time_limit", key=f"clock:{step.clock.pk}:{step.threshold}:{step.clock.due_version}", at=at,
                    topic=step.clock.ticket.number or "", context=words_of(step),
                    urgent=step.clock.ticket.tier == Tier.L1, by_mail=is_late(step),
                )  # fmt: skip
        if together:
            context = {"limits": [words_of(step) for step in ordinary[:SINGLY]]}
            rows += notices.to_user(
                user, "time_limits", key=f"clocks:{at.isoformat()}", at=at, context=context, by_mail=True
            )
    notices.add(rows)


def weight(step: Step) -> tuple[int, bool, datetime]:
    """By level, then missed before warned, then the later one."""
    return step.plan.get("level", -1), is_late(step), step.fire_at


def is_late(step: Step) -> bool:
    return step.fire_at >= (step.clock.due_at or step.fire_at)


def words_of(step: Step) -> dict[str, Any]:
    clock = step.clock
    return {
        "number": clock.ticket.number or "",
        "subject": clock.ticket.subject,
        "metric": clock.metric,
        "threshold": step.threshold,
        "due_at": clock.due_at.isoformat() if clock.due_at else "",
        "late": is_late(step),
    }


class People:
    """The users that the roles of a ladder stand for; loaded once for all steps.

    The owner of a step is whom its limit binds, the head that of whose limit it is: a co-department is reminded of its own
    part. Once it is late, whoever waits for it hears of it too.
    """

    def __init__(self, steps: Sequence[Step], at: datetime) -> None:
        named = {role for step in steps for role in step.plan.get("tell", [])}
        bound = Answerable()
        bound.learn(step.clock for step in steps)
        self.bound = {step.clock.pk: bound.of(step.clock) or responsible(step.clock.ticket) for step in steps}
        self.departments = {step.clock.pk: bound.department_of(step.clock) for step in steps}
        ids = {key for step in steps for key in (step.clock.ticket.owner_id, step.clock.ticket.first_contact_id) if key}
        ids |= {key for key in self.bound.values() if key}
        departments = {key for key in self.departments.values() if key}
        self.heads: dict[int, int | None] = {}
        if ladder.HEAD in named and departments:
            self.heads = dict(Department.objects.filter(pk__in=departments).values_list("pk", "head_id"))
            ids |= {head for head in self.heads.values() if head}
        self.by_id = User.objects.active().in_bulk(ids) if ids else {}
        office = self.with_role(Role.OFFICE) if ladder.OFFICE in named or ladder.HEAD in named else []
        self.office = duty.on_duty_of(office, at)
        self.leaders = self.with_role(Role.LEADER) if ladder.LEADERS in named else []

    @staticmethod
    def with_role(role: str) -> list[User]:
        return list(User.objects.active().with_role(role))

    def of(self, step: Step) -> list[User]:
        """Each person once. A case without a department is the office's."""
        found: dict[int, User] = {}
        for role in step.plan.get("tell", []):
            for user in self.in_role(step, role):
                found[user.pk] = user
        return list(found.values())

    def in_role(self, step: Step, role: str) -> list[User]:
        ticket, department = step.clock.ticket, self.departments[step.clock.pk]
        if role == ladder.OFFICE:
            return self.office
        if role == ladder.LEADERS:
            return self.leaders
        if role == ladder.HEAD and department is None:
            return self.office
        keys = {
            ladder.OWNER: [self.bound[step.clock.pk], ticket.owner_id if is_late(step) else None],
            ladder.FIRST_CONTACT: [ticket.first_contact_id],
            ladder.HEAD: [self.heads.get(department or 0)],
        }[role]
        return [self.by_id[key] for key in keys if key in self.by_id]


def tell_of_major(event: TicketEvent) -> None:
    """C3.3 D3.3: a case became a major one. Leadership, the office and the head of its department hear of it at once."""
    ticket = event.ticket
    people = {user.pk: user for user in User.objects.active().with_role(Role.LEADER, Role.OFFICE)}
    head = ticket.department.head if ticket.department else None
    if head is not None and head.is_active:
        people[head.pk] = head
    context = {"subject": ticket.subject, "alerts": [], "channel": ticket.channel}
    notices.add(
        row
        for user in people.values()
        for row in notices.to_user(
            user, "major", key=f"major:{event.pk}", at=event.at, topic=ticket.number or "", context=context, urgent=True,
            by_mail=True,
        )
    )  # fmt: skip

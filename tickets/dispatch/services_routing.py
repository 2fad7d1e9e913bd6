"""Dispatch by rules: the department, and the person by the rule's strategy, each with its reason (B3.1 B3.2).

Capacity (`User.capacity`), absence and shifts are respected; cases dealt at one moment wait for each other where somebody has a limit, so
that nobody gets more than fits. Where nobody is free the case waits in its department and those who can help hear of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from accounts import duty
from accounts.models import Department, User
from accounts.roles import Role
from common.copying import Keys, Wanted
from common.remembered import remembered
from notices import services as notices
from tickets.dispatch import pool, routing
from tickets.dispatch.models import Strategy
from tickets.dispatch.services import KEYS, assign
from tickets.models import Assignment, Category, Customer, RoutingRule, Ticket, Undealt
from tickets.moves import ActionNotAllowed, StaleTicket
from tickets.workflow import Status

BATCH = 200


@dataclass(frozen=True)
class Route:
    """Where a case goes. `because` is kept in the event, in codes: the rule, what fitted, who was considered."""

    department: Department | None = None
    owner: User | None = None
    rule: RoutingRule | None = None
    because: dict[str, Any] = field(default_factory=dict)
    keys: Keys = field(default_factory=list)  # of the rows of the case, when the dealing took them

    @property
    def waits(self) -> bool:
        """A person was wanted and nobody is free."""
        return self.rule is not None and self.rule.strategy != Strategy.DEPARTMENT and self.owner is None


def rules_known() -> list[RoutingRule]:
    """The rules in force, in their order. One short query unless something has changed."""
    return remembered("routing rules", (RoutingRule, Department), rules_now)


def rules_now() -> list[RoutingRule]:
    rows = RoutingRule.objects.filter(is_active=True, department__is_active=True)
    return list(rows.select_related("department", "department__head").order_by("position", "code"))


def case_of(
    *,
    nature: str,
    channel: str,
    category: Category | None,
    region: Any,
    customer: Customer | None,
    subject: str,
    content: str,
) -> routing.Case:
    return routing.Case(
        nature=nature,
        channel=channel,
        category=category.code if category else "",
        region=getattr(region, "pk", region) or "",
        customer_class=customer.customer_class if customer else "",
        text=f"{subject}\n{content}",
    )


def case_of_ticket(ticket: Ticket) -> routing.Case:
    """`customer` and `category` have to be read already."""
    return case_of(
        nature=ticket.nature, channel=ticket.channel, category=ticket.category, region=ticket.region_id,
        customer=ticket.customer, subject=ticket.subject, content=ticket.content,
    )  # fmt: skip


def route(
    case: routing.Case,
    *,
    category: Category | None,
    customer: Customer | None,
    at: datetime,
    rules: Sequence[RoutingRule] | None = None,
    dealing: bool = True,
) -> Route:
    """The first rule that fits, else the category's department, else nowhere: the office decides.

    `dealing` locks those considered who have a limit until the transaction ends; without it nothing is locked (try-out).
    One query; two where the rule names a person, four where somebody there has a limit.
    """
    hit = routing.first(rules_known() if rules is None else rules, case)
    if hit is None:
        department = category.department if category else None
        if department is None or not department.is_active or category is None:
            return Route()
        return Route(department, because={"category": category.code})
    rule, matched = hit
    because: dict[str, Any] = {"rule": rule.code, "matched": matched, "strategy": rule.strategy}
    if rule.strategy == Strategy.DEPARTMENT:
        return Route(rule.department, rule=rule, because=because)
    chosen = choose(rule, customer, at, dealing=dealing, with_keys=KEYS if dealing else ())
    return Route(rule.department, chosen.owner, rule, because | chosen.told, chosen.keys)


# --- the person ------------------------------------------------------------------------------------
class Choice(NamedTuple):
    """Who gets the case, and who was considered: `{"people": [[user name, open cases, capacity]], "nobody": reason}`."""

    owner: User | None
    told: dict[str, Any]
    keys: Keys = []


def choose(
    rule: RoutingRule,
    customer: Customer | None,
    at: datetime,
    *,
    dealing: bool = True,
    barred: Sequence[str] = (),
    with_keys: Sequence[Wanted] = (),
) -> Choice:
    """Open cases are counted up to `pool.COUNTED_TO`."""
    everybody = [
        one for one in pool.candidates(rule.department, at, dealing=dealing) if one.user.username not in barred
    ]
    present = [one for one in everybody if not one.user.is_absent]
    on_duty = working_now(rule, present)
    free = {one.user.pk: one for one in on_duty if one.is_free}
    told: dict[str, Any] = {"people": [one.told for one in on_duty[:20]]}
    if not free:
        reasons = ((everybody, "nobody_works_there"), (present, "absent"), (on_duty, "off_duty"))
        return Choice(None, told | {"nobody": next((reason for some, reason in reasons if not some), "full")})
    users = [one.user for one in free.values()]
    if rule.strategy == Strategy.SAME_OWNER and customer is not None:
        known = last_owner(customer, users)
        if known is not None:
            return Choice(known, told | {"by": "same_owner"})
    if rule.strategy == Strategy.ROUND_ROBIN:
        ranked, by = in_turn(users, at), "round_robin"
    else:
        ranked, by = sorted(users, key=lambda user: (free[user.pk].open_cases, user.pk)), "least_loaded"
        if len(ranked) > 1 and free[ranked[0].pk].open_cases >= pool.COUNTED_TO:  # nobody has fewest: the moment draws
            turn = at.microsecond % len(ranked)
            ranked, by = ranked[turn:] + ranked[:turn], "drawn"
    chosen, keys = pool.unless_dealt_to(ranked, at, with_keys=with_keys) if dealing else (ranked[0], [])
    told |= {"by": by} | ({} if chosen is ranked[0] else {"besides": ranked[0].username})
    return Choice(chosen, told, keys)


def working_now(rule: RoutingRule, present: Sequence[pool.Candidate]) -> list[pool.Candidate]:
    """Those on duty. Only `on_duty` insists on it; with the others everybody present works where nobody has a shift."""
    on_duty = [one for one in present if one.on_shift]
    return on_duty if rule.strategy == Strategy.ON_DUTY else on_duty or list(present)


def last_owner(customer: Customer, free: Sequence[User]) -> User | None:
    """Who of `free` had the customer's last case."""
    rows = Ticket.objects.filter(customer=customer, owner__in=[user.pk for user in free])
    found = rows.order_by("-received_at", "-pk").values_list("owner", flat=True).first()
    return next((user for user in free if user.pk == found), None)


def in_turn(free: Sequence[User], at: datetime) -> list[User]:
    """First whose share of the cases dealt today is smallest; of equals, whose last one is longest ago. One statement, which
    reads of each person's cases those of the day and the last."""
    sharing = [user for user in free if user.share] or list(free)
    start = duty.moment(timezone.localdate(at), time())
    own = Assignment.objects.filter(owner=OuterRef("pk"), role=Assignment.Role.LEAD)
    today = own.filter(assigned_at__gte=start).order_by().values("owner").annotate(count=Count("pk")).values("count")
    counted = User.objects.filter(pk__in=[user.pk for user in sharing]).order_by()
    dealt = {
        owner: (count or 0, last)
        for owner, count, last in counted.values_list(
            "pk", Subquery(today), Subquery(own.order_by("-assigned_at").values("assigned_at")[:1])
        )
    }

    def turn(user: User) -> tuple[float, float, int]:
        today, last = dealt[user.pk]
        return (today + 1) / (user.share or 1), last.timestamp() if last else 0.0, user.pk

    return sorted(sharing, key=turn)


# --- nobody is free --------------------------------------------------------------------------------
def wait(ticket: Ticket, found: Route, *, at: datetime) -> None:
    """Keep the case for whoever is free first, and tell the department's head and the office. Three queries."""
    assert found.rule is not None
    assert found.department is not None
    Undealt.objects.get_or_create(ticket=ticket, defaults={"rule": found.rule, "since": at})
    people = {user.pk: user for user in User.objects.active().with_role(Role.OFFICE)}
    head = found.department.head
    if head is not None and head.is_active:
        people[head.pk] = head
    context = {
        "subject": ticket.subject,
        "department": found.department.name,
        "department_en": found.department.name_en,
    }
    context["reason"] = found.because.get("nobody", "")
    notices.add(
        row
        for user in people.values()
        for row in notices.to_user(
            user, "nobody_free", key=f"nobody_free:{ticket.pk}", at=at, topic=ticket.number or "", context=context,
            urgent=ticket.tier == "L1", by_mail=True,
        )
    )  # fmt: skip


def deal_waiting(at: datetime) -> int:
    """Give the cases that wait to whoever is free now, oldest first; returns how many. Safe with many workers."""
    dealt, full = 0, set[int]()
    keys = list(Undealt.objects.order_by("ticket__received_at", "pk").values_list("pk", "rule_id")[: BATCH * 5])
    for key, rule in keys:
        if rule in full:
            continue
        outcome = deal_one(key, at)
        if outcome is None:
            full.add(rule)
        dealt += bool(outcome)
    return dealt


@transaction.atomic
def deal_one(key: int, at: datetime) -> bool | None:
    """True: dealt. False: it does not wait any more, or another worker has it. None: nobody is free."""
    row = Undealt.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=key)
    waiting = row.select_related("rule__department", "ticket__customer").first()
    if waiting is None:
        return False
    ticket, rule = waiting.ticket, waiting.rule
    still = ticket.status == Status.ASSIGNED and ticket.owner_id is None and ticket.department_id == rule.department_id
    if not (still and rule.is_active and rule.department.is_active):
        waiting.delete()
        return False
    owner, considered, _keys = choose(rule, ticket.customer, at)
    if owner is None:
        return None
    because = {"rule": rule.code, "strategy": rule.strategy, "waited": True} | considered
    try:
        with transaction.atomic():
            assign(
                ticket, department=rule.department, owner=owner, by=None, at=at, version=ticket.version, because=because
            )
    except (ActionNotAllowed, StaleTicket):
        return False  # somebody was quicker, or this person may not take the round: the department names one
    waiting.delete()
    return True

"""The dispatch board: what waits to be assigned, with the rules' advice, and how much everybody has (B3.2 C3.4)."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import Department, Shift, User
from tickets.dispatch import routing
from tickets.dispatch import wording as wording_routing
from tickets.dispatch.pool import DEALS
from tickets.dispatch.services_routing import case_of_ticket, rules_known
from tickets.forms import Offer
from tickets.models import Ticket, TicketEvent, Undealt
from tickets.wording import Names, label
from tickets.workflow import UNANSWERED, ReturnReason, Status

SIZE = 50
FEW = 20
"""Up to so many departments, those with nothing open stand unfolded too."""


def board(user: User, at: datetime) -> dict[str, Any]:
    """About nine queries, however many cases and people there are."""
    offer = Offer()
    names = offer.names()
    departments = [row for row in offer.departments.values() if row.is_active]
    loads = workload(departments, at)
    return {
        "new": new_cases(user, names),
        "waiting": waiting(user),
        "busy": [row for row in loads if row["open"]],
        "idle": [row for row in loads if not row["open"]],
        "few": len(loads) <= FEW,
        "choices": offer.department_choices(),
        "people": offer.people_choices(""),
        "size": SIZE,
    }


def new_cases(user: User, names: Names) -> list[dict[str, Any]]:
    """Cases that nobody has, what is due first on top; where they came back from; where the rules would send them."""
    rows = Ticket.objects.visible_to(user).filter(status=Status.NEW).by_urgency()
    found = list(rows.select_related("category__department", "customer", "department")[:SIZE])
    returns = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket__in=found, kind="return_to_dispatch").order_by("pk"):
        returns[event.ticket_id].append(event.data)
    rules = rules_known()
    cases = []
    for ticket in found:
        hit = routing.first(rules, case_of_ticket(ticket))
        home = hit[0].department if hit else ticket.category.department if ticket.category else None
        because = {"rule": hit[0].code, "matched": hit[1]} if hit else {}
        if home and not hit and ticket.category:
            because = {"category": ticket.category.code}
        back = returns[ticket.pk]
        cases.append(
            {
                "ticket": ticket,
                "home": home if home and home.is_active else None,
                "why": wording_routing.why(because, names),
                "returns": len(back),
                "returned_by": names.department(back[-1].get("department")) if back else "",
                "reason": label(ReturnReason, back[-1].get("reason")) if back else "",
                "text": back[-1].get("text", "") if back else "",
            }
        )
    return cases


def waiting(user: User) -> list[Undealt]:
    rows = Undealt.objects.filter(ticket__in=Ticket.objects.visible_to(user), ticket__owner=None)
    return list(rows.select_related("ticket__department", "rule").order_by("ticket__received_at", "pk")[:SIZE])


def workload(departments: list[Department], at: datetime) -> list[dict[str, Any]]:
    """What each department and each of its people has open now. Four queries."""
    late = Count("pk", filter=Q(next_due_at__lte=at))
    open_ones = Ticket.objects.filter(status__in=UNANSWERED).order_by()
    by_department = {
        row.pop("department"): row
        for row in open_ones.values("department").annotate(
            open=Count("pk"), overdue=late, unaccepted=Count("pk", filter=Q(status=Status.ASSIGNED)),
            review=Count("pk", filter=Q(status=Status.IN_REVIEW)),
        )
    }  # fmt: skip
    by_person = {row["owner"]: row for row in open_ones.values("owner").annotate(open=Count("pk"), overdue=late)}
    people = User.objects.active().with_role(*DEALS).filter(department__in=departments).order_by("username")
    on_duty = set(Shift.objects.at(at).values_list("person", flat=True))
    of_department = defaultdict(list)
    for person in people.only("username", "name", "name_en", "department_id", "is_absent", "capacity"):
        has = by_person.get(person.pk, {})
        count = has.get("open", 0)
        of_department[person.department_id].append(
            {
                "person": person, "open": count, "overdue": has.get("overdue", 0), "on_duty": person.pk in on_duty,
                "full": person.capacity is not None and count >= person.capacity,
            }
        )  # fmt: skip
    nothing = {"open": 0, "overdue": 0, "unaccepted": 0, "review": 0}
    return [
        {"department": row, "people": of_department[row.pk], **by_department.get(row.pk, nothing)}
        for row in departments
    ]

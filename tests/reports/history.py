"""Random cases for the figures: rows written straight to the tables, and the same facts again in plain Python."""

import random
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Region, User
from sla.models import Clock, Metric
from surveys.models import FollowUp
from tests.make import moment
from tests.people import department, user
from tickets.archive import erasing
from tickets.models import Category, Customer, Ticket, TicketEvent

FROM, TO = moment("2026-09-20 00:00"), moment("2026-11-20 00:00")


def a_random_history(seed: int, count: int = 250) -> None:
    """Until the test's transaction ends archived cases may be rewritten: figures follow whatever the rows say."""
    erasing.set_erasing(True)
    chance = random.Random(seed)
    departments = [department(code, code) for code in ("sales", "service", "quality")]
    people = [user(f"u{i}", f"U{i}", [], departments[i % 3]) for i in range(5)]
    categories = [Category.objects.create(code=code, name=code) for code in ("product", "delivery")]
    regions = [
        Region.objects.create(code=code, name=code, level=2, full_name=code) for code in ("330100", "330200", "340100")
    ]
    customers = [
        Customer.objects.create(name=f"C{i}", customer_class=chance.choice(["", "gold"]), created_at=FROM)
        for i in range(40)
    ]
    for _index in range(count):
        _a_case(chance, departments, people, categories, regions, customers)
    survivors = list(Ticket.objects.filter(merged_into=None)[:20])
    for ticket in Ticket.objects.order_by("?")[:15]:
        if ticket not in survivors:
            Ticket.objects.filter(pk=ticket.pk).update(merged_into=survivors[0], status="void")
    with connection.cursor() as cursor:  # what autovacuum does by itself: plans for rows that exist
        cursor.execute("ANALYZE tickets_ticket, tickets_ticketevent, sla_clock, surveys_followup")


def later(chance: random.Random, at: datetime, hours: int) -> datetime:
    return at + timedelta(seconds=chance.randrange(hours * 3600))


def _a_case(chance, departments, people, categories, regions, customers) -> None:
    received = later(chance, FROM, 24 * 60)
    home = chance.choice([*departments, None])
    ticket = Ticket(
        channel=chance.choice(["web", "phone", "email"]),
        subject="-",
        content="-",
        nature=chance.choice(["complaint", "complaint", "suggestion", "inquiry"]),
        tier="L2",
        is_bad_review=chance.random() < 0.2,
        category=chance.choice([*categories, None]),
        region=chance.choice([*regions, None]),
        customer=chance.choice([*customers, None]),
        department=home,
        owner=chance.choice([*people, None]),
        first_contact=chance.choice([*people, None]),
        received_at=received,
        registered_at=received,
        status="new",
    )
    events = [(received, "register", 1, "new", {})]
    if home:
        at = later(chance, received, 8)
        events.append((at, "assign", 1, "assigned", {"department": home.code}))
        if chance.random() < 0.3:
            back = later(chance, at, 8)
            events.append((back, "return_to_dispatch", 1, "new", {"department": home.code}))
            again = chance.choice(departments)
            events.append((later(chance, back, 8), "assign", 1, "assigned", {"department": again.code}))
    if chance.random() < 0.8:
        ticket.first_response_at = later(chance, received, 72)
    if chance.random() < 0.7:
        resolved = later(chance, max(ticket.first_response_at or received, events[-1][0]), 240)
        ticket.first_resolved_at = ticket.resolved_at = resolved
        events.append((resolved, "resolve", 1, "resolved", {}))
        ticket.status = "resolved"
        if chance.random() < 0.4:
            again = later(chance, resolved, 240)
            events.append((again, "reopen", 2, "assigned", {"department": "service"}))
            ticket.status, ticket.resolved_at, ticket.round = "assigned", None, 2
            if chance.random() < 0.5:
                ticket.resolved_at = later(chance, again, 240)
                ticket.status = "closed"
                events.append((ticket.resolved_at, "resolve", 2, "resolved", {}))
                events.append((later(chance, ticket.resolved_at, 100), "close", 2, "closed", {}))
    elif chance.random() < 0.2:
        ticket.status, ticket.void_reason = "void", "spam"
    ticket.save()
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, at=at, kind=kind, round=round_, version=i + 1, status=status, data=data)
        for i, (at, kind, round_, status, data) in enumerate(events)
    )
    _clocks_and_follow_ups(chance, ticket, people)


def _clocks_and_follow_ups(chance: random.Random, ticket: Ticket, people: list[User]) -> None:
    for round_ in range(1, ticket.round + 1):
        for metric in (Metric.REGISTER, Metric.FIRST_RESPONSE, Metric.RESOLUTION):
            state = chance.choice(["met", "met", "missed", "running", "paused", "void"])
            started = ticket.received_at
            due = later(chance, started, 200)
            decided = {"met": later(chance, started, 100), "missed": due}.get(state)
            Clock.objects.create(
                ticket=ticket,
                metric=metric,
                round=round_,
                target={},
                started_at=started,
                due_at=None if state == "paused" else due,
                state=state,
                decided_at=decided,
                breached_at=due if state == "missed" else None,
                answerable=chance.choice([*people, ticket.first_contact]) if state == "missed" else None,
            )
        if ticket.resolved_at and chance.random() < 0.7:
            sent = later(chance, ticket.first_resolved_at, 48)
            given = chance.choice(["satisfied", "satisfied", "neutral", "dissatisfied", ""])
            FollowUp.objects.create(
                ticket=ticket,
                round=round_,
                mode="link",
                planned_at=sent,
                send_at=sent,
                sent_at=sent,
                expires_at=sent + timedelta(days=30),
                answered_at=later(chance, sent, 100) if given else None,
                rating=given,
            )

"""People and departments leave; their cases do not fall through."""

from datetime import date, timedelta

import pytest

from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets import defaults
from tickets import services as tickets
from tickets.models import Improvement, Ticket

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def leaves(person):
    person.is_active = False
    person.save(update_fields=["is_active"])


def fresh(ticket):
    return Ticket.objects.select_related("department", "owner", "first_contact").get(pk=ticket.pk)


def test_the_cases_of_who_left_come_back_to_the_department_and_its_head_hears(chen, gao, after_sales, zhou):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    leaves(chen)
    tickets.rehouse(LATER)
    ticket = fresh(ticket)
    assert (ticket.status, ticket.department, ticket.owner, ticket.first_contact) == (
        "assigned",
        after_sales,
        None,
        gao,
    )
    assert ticket.events.filter(kind="assign").order_by("pk").last().data["reason"] == "owner_left"
    assert Notice.objects.filter(user=gao, topic=ticket.number).exists()
    assert tickets.rehouse(LATER) == 0


def test_who_moved_to_another_department_leaves_the_cases_behind(chen, gao, after_sales, logistics):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    chen.department = logistics
    chen.save()
    assert tickets.rehouse(LATER) == 1
    assert fresh(ticket).owner is None


def test_heads_leadership_and_co_departments_keep_what_is_theirs(
    chen, gao, zhou, han, tang, after_sales, logistics, office
):
    mine = tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON)
    up = tickets.resolve(
        tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON), text="谢谢", by=chen, at=NOON
    )
    for _round in range(3):
        up = tickets.reopen(up, reason="x", by=None, at=NOON)
        up = tickets.accept(up, by=up.owner, at=NOON)
        if up.owner != tang:
            up = tickets.resolve(up, text="谢谢", by=up.owner, at=NOON)
    assert up.owner == tang
    assert tickets.rehouse(LATER) == 0
    assert (fresh(mine).owner, fresh(up).owner) == (gao, tang)


def test_what_the_office_took_for_a_department_stays_with_it(zhou, gao, after_sales, office):
    ticket = tickets.accept(a_ticket(department=after_sales), by=zhou, at=NOON)
    assert tickets.rehouse(LATER) == 0
    assert (fresh(ticket).owner, fresh(ticket).department) == (zhou, after_sales)


def test_who_accepts_a_case_of_another_department_takes_it_into_their_own(lin, gao, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=lin, at=NOON)
    assert tickets.rehouse(LATER) == 0
    assert (fresh(ticket).owner, fresh(ticket).department) == (lin, lin.department)
    assert ticket.assignments.get(ended_at=None).owner == lin


def test_a_case_in_review_keeps_its_state_and_gets_the_head_as_owner(chen, gao, zhou, after_sales, office):
    defaults.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="x", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="x", by=chen, at=NOON)
    ticket = tickets.report(ticket, text="x", by=chen, at=NOON)
    leaves(chen)
    tickets.rehouse(LATER)
    ticket = fresh(ticket)
    assert (ticket.status, ticket.owner) == ("in_review", gao)
    ticket = tickets.approve(ticket, by=zhou, at=LATER)  # the head handles it now, so the office decides in their place
    assert ticket.events.filter(kind="approve").exists()


def test_the_cases_of_a_department_that_closed_go_above_or_to_the_office(
    chen, gao, zhou, after_sales, logistics, office
):
    first = a_ticket(department=after_sales)
    after_sales.is_active = False
    after_sales.save()
    tickets.rehouse(LATER)
    assert fresh(first).department == office
    second = a_ticket(department=logistics)
    customer = office
    logistics.parent, logistics.is_active = customer, False
    logistics.save()
    tickets.rehouse(LATER)
    assert fresh(second).department == office


def test_an_offer_to_who_left_lapses_and_a_part_falls_back_to_its_department(chen, han, gao, after_sales, logistics):
    offered = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    tickets.transfer(offered, department=logistics, owner=han, reason="x", by=chen, at=NOON)
    shared = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    tickets.co_assign(shared, department=logistics, owner=han, task="x", by=chen, at=NOON)
    leaves(han)
    tickets.rehouse(LATER)
    assert offered.transfers.get().accepted is False
    assert shared.assignments.get(role="co").owner is None
    assert fresh(offered).owner == chen


def test_an_improvement_goes_to_the_head(chen, gao, zhou, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales, nature="suggestion"), by=chen, at=NOON)
    tickets.assess(ticket, verdict="adopt", reason="x", improvement="x", due_on=date(2027, 1, 1), by=chen, at=NOON)
    leaves(chen)
    tickets.rehouse(LATER)
    assert Improvement.objects.get().owner == gao


def test_what_nobody_is_answerable_for_is_never_left_open(chen, gao, han, zhou, lin, after_sales, logistics, office):
    for person in (chen, han):
        for _n in range(2):
            tickets.accept(a_ticket(department=person.department), by=person, at=NOON)
    for person in (chen, han, gao):
        leaves(person)
    tickets.rehouse(LATER)
    assert not Ticket.objects.open().filter(owner__is_active=False).exists()
    assert not Ticket.objects.open().filter(first_contact__is_active=False).exists()
    assert not Ticket.objects.open().filter(department=None, status="assigned").exists()

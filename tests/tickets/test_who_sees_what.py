"""`visible_to` and `may`, role by role."""

import pytest

from accounts.models import Department
from tests.make import NOON, a_ticket
from tickets import access
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(after_sales, logistics, lin, chen, gao):
    return {
        "pool": a_ticket(),
        "after_sales": a_ticket(department=after_sales),
        "logistics": a_ticket(department=logistics),
        "logistics_l1": a_ticket(department=logistics, tier="L1"),
        "taken": tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON),
        "lins": a_ticket(department=logistics, channel="phone", by=lin),
        "void": tickets.void(a_ticket(department=after_sales), reason="spam", by=gao, at=NOON),
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("lin", {"pool", "after_sales", "logistics", "logistics_l1", "lins"}),  # what no person has touched yet
        ("chen", {"after_sales", "taken", "void"}),
        ("gao", {"after_sales", "taken", "void"}),
        ("han", {"logistics", "logistics_l1", "lins"}),
        ("zhou", {"pool", "after_sales", "taken", "logistics", "logistics_l1", "lins", "void"}),
        ("he", {"pool", "after_sales", "taken", "logistics", "logistics_l1", "lins", "void"}),
        ("xu", {"pool", "after_sales", "taken", "logistics", "logistics_l1", "lins", "void"}),
        ("tang", {"logistics_l1"}),
        ("nobody", set()),
    ],
)
def test_each_role_sees_its_tickets(who, sees, cases, request, django_assert_max_num_queries):
    user = request.getfixturevalue(who)
    with django_assert_max_num_queries(1):
        seen = set(Ticket.objects.visible_to(user).values_list("pk", flat=True))
    assert {name for name, ticket in cases.items() if ticket.pk in seen} == sees


def test_a_head_sees_the_departments_below(gao, after_sales):
    below = Department.objects.create(code="site", name="杭州站", parent=after_sales, path="-")
    below.path = f"{after_sales.path}{below.pk}/"
    below.save()
    ticket = a_ticket(department=below)
    assert Ticket.objects.visible_to(gao).filter(pk=ticket.pk).exists()


def test_somebody_who_left_sees_nothing(zhou):
    a_ticket()
    zhou.is_active = False
    assert not Ticket.objects.visible_to(zhou).exists()


@pytest.mark.parametrize("who", ["he", "xu", "nobody"])
def test_those_who_only_read_move_nothing(who, cases, request):
    user = request.getfixturevalue(who)
    assert not any(access.may(user, verb, ticket) for ticket in cases.values() for verb in MOVES)


def test_a_leader_forms_groups_and_moves_only_the_case_that_came_up_to_them(tang, after_sales):
    ticket = a_ticket(department=after_sales, tier="L1")
    assert access.allowed_verbs(tang, ticket) == ["form_group"]
    ticket.owner = tang
    assert "accept" in access.allowed_verbs(tang, ticket)


def test_a_handler_answers_but_does_not_dispatch(chen, han, after_sales):
    verbs = access.allowed_verbs(chen, a_ticket(department=after_sales))
    assert {"accept", "return_to_dispatch", "reply", "note"} <= set(verbs)
    assert not {"assign", "void", "classify"} & set(verbs)


def test_a_co_department_writes_notes_but_gives_no_answer(han, after_sales, logistics):
    ticket = a_ticket(department=after_sales)
    ticket.departments = [after_sales.pk, logistics.pk]
    assert set(access.allowed_verbs(han, ticket)) == {"note", "remind"}


def test_only_the_office_restores(cases, gao, zhou):
    assert "restore" not in access.allowed_verbs(gao, cases["void"])
    assert "restore" in access.allowed_verbs(zhou, cases["void"])


def test_the_head_of_a_co_department_writes_notes_but_gives_no_answer(gao, after_sales, logistics):
    ticket = a_ticket(department=logistics)
    ticket.departments = [logistics.pk, after_sales.pk]
    assert set(access.allowed_verbs(gao, ticket)) == {"note", "remind"}


def test_a_head_moves_what_lies_below_the_department_led(gao, after_sales, customer_service):
    below = Department.objects.create(code="site", name="杭州站", parent=after_sales, path="-")
    below.path = f"{after_sales.path}{below.pk}/"
    below.save()
    assert {"assign", "void", "reply"} <= set(access.allowed_verbs(gao, a_ticket(department=below)))
    gao.department = customer_service  # heads another department than the own one
    assert {"assign", "void", "reply"} <= set(access.allowed_verbs(gao, a_ticket(department=below)))

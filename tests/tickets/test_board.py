"""The dispatch board: new and returned cases with advice, who waits, and how much everybody has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Department
from tests.make import NOON, a_ticket
from tickets import defaults
from tickets import services as tickets
from tickets.models import Category, RoutingRule, Ticket, Undealt

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(customer_service, after_sales, logistics, office, zhou, chen, gao, han):
    defaults.create_defaults()


def test_it_shows_new_and_returned_cases_with_the_rules_advice(client, house, zhou, chen, after_sales, logistics):
    RoutingRule.objects.create(code="r", name="物流", match={"keyword": ["快递"]}, department=logistics)
    new = a_ticket(subject="快递丢了")
    back = tickets.return_to_dispatch(
        a_ticket(department=after_sales, category=Category.objects.get(code="product")),
        reason="not_ours", text="是物流的事", by=chen, at=NOON,
    )  # fmt: skip
    client.force_login(zhou)
    answer = client.get(reverse("tickets:board"))
    rows = {row["ticket"].number: row for row in answer.context["new"]}
    assert rows[new.number]["home"] == logistics
    assert (rows[back.number]["returns"], rows[back.number]["returned_by"]) == (1, "售后服务部")
    assert "是物流的事" in answer.content.decode()


def test_cases_are_assigned_from_it_ticked_or_as_advised(client, house, zhou, han, logistics, after_sales):
    RoutingRule.objects.create(code="r", name="物流", match={"keyword": ["快递"]}, department=logistics)
    one, two, three = (a_ticket(subject=f"快递丢了{n}") for n in range(3))
    client.force_login(zhou)
    client.post(reverse("tickets:board-assign"), {"advised": one.number, f"home-{one.number}": "logistics"})
    ticked = {"pick": [two.number, three.number], "department": "logistics", "owner": "han"}
    client.post(reverse("tickets:board-assign"), ticked | {f"version-{three.number}": "7"})
    found = {row.number: (row.department, row.owner) for row in Ticket.objects.select_related("department", "owner")}
    assert found[one.number] == (logistics, None)
    assert found[two.number] == (logistics, han)
    assert found[three.number] == (None, None)  # somebody had changed it


@pytest.mark.parametrize("given", [{}, {"pick": ["Q1"]}, {"pick": ["Q1"], "department": "x"}, {"advised": "Q1"}])
def test_what_is_missing_is_said(client, house, zhou, given):
    client.force_login(zhou)
    answer = client.post(reverse("tickets:board-assign"), given, follow=True)
    assert "请" in answer.content.decode()


def test_it_says_how_much_everybody_has(client, house, zhou, chen, after_sales):
    chen.capacity, chen.is_absent = 1, True
    chen.save()
    tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    waits = a_ticket(department=after_sales)
    rule = RoutingRule.objects.create(code="r", name="x", department=after_sales, strategy="least_loaded")
    Undealt.objects.create(ticket=waits, rule=rule, since=NOON)
    client.force_login(zhou)
    context = client.get(reverse("tickets:board")).context
    row = next(row for row in context["busy"] if row["department"] == after_sales)
    assert (row["open"], row["unaccepted"]) == (2, 1)
    assert [(one["person"], one["open"], one["full"]) for one in row["people"]] == [(chen, 1, True)]
    assert [row.ticket for row in context["waiting"]] == [waits]


def test_departments_with_nothing_open_are_folded_away_where_there_are_many(
    client, house, zhou, after_sales, logistics
):
    a_ticket(department=after_sales)
    client.force_login(zhou)
    context = client.get(reverse("tickets:board")).context
    assert [row["department"] for row in context["busy"]] == [after_sales]
    assert logistics in [row["department"] for row in context["idle"]]
    assert context["few"]
    for number in range(20):
        Department.objects.create(code=f"shop-{number}", name=f"第{number}营业厅")
    page = client.get(reverse("tickets:board"))
    assert not page.context["few"]
    assert "第19营业厅" in page.content.decode()


def test_it_costs_the_same_for_3_cases_and_30(client, house, zhou):
    client.force_login(zhou)

    def cost():
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("tickets:board"))
        return len(made)

    for _n in range(3):
        a_ticket()
    client.get(reverse("tickets:board"))
    few = cost()
    for _n in range(27):
        a_ticket()
    assert cost() == few <= 18


@pytest.mark.parametrize("who", ["lin", "gao", "xu", "tang", "nobody"])
def test_it_is_the_offices(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("tickets:board")).status_code == 403
    assert client.post(reverse("tickets:board-assign")).status_code == 403

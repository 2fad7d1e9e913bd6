"""The queue shows what a person may see, narrows by address, and costs the same for 3 rows and 30."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.make import NOON, a_ticket
from tickets import figures
from tickets import services as tickets
from tickets.models import Ticket
from tickets.situation import settings_known

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def numbers(page) -> set[str]:
    return set(re.findall(r"Q\d{8}-\d{6}", re.sub(r"<option.*?</option>", "", page.content.decode())))


def test_a_handler_sees_the_tickets_of_the_own_department_only(signed_in, chen, zhou, after_sales, logistics):
    ours = a_ticket(department=after_sales)
    theirs = a_ticket(department=logistics)
    page = signed_in(chen).get(reverse("tickets:queue"))
    assert numbers(page) == {ours.number}
    assert theirs.subject in signed_in(zhou).get(reverse("tickets:queue")).content.decode()


@pytest.mark.parametrize("rows", [3, 30])
def test_the_queue_costs_the_same_for_3_rows_and_30(
    rows, signed_in, zhou, after_sales, django_assert_max_num_queries, request
):
    for _row in range(rows):
        a_ticket(department=after_sales)
    client = signed_in(zhou)
    settings_known()  # read again only after somebody has changed departments, categories, causes or rules
    with django_assert_max_num_queries(15) as seen:
        page = client.get(reverse("tickets:queue"))
    assert len(numbers(page)) == rows
    test_the_queue_costs_the_same_for_3_rows_and_30.__dict__.setdefault("counts", set()).add(len(seen))
    assert len(test_the_queue_costs_the_same_for_3_rows_and_30.counts) == 1


def test_filters_narrow_and_facets_count_across(signed_in, zhou, after_sales, logistics):
    complaint = a_ticket(department=after_sales)
    inquiry = a_ticket(nature="inquiry", department=logistics)
    client = signed_in(zhou)
    assert numbers(client.get("/tickets/?nature=inquiry")) == {inquiry.number}
    assert numbers(client.get("/tickets/?department=after_sales")) == {complaint.number}
    assert numbers(client.get("/tickets/?department=after_sales,logistics")) == {complaint.number, inquiry.number}
    facets = client.get("/tickets/?nature=inquiry").context["facets"]
    natures = next(facet for facet in facets.facets if facet.name == "nature")
    assert {choice.value: choice.count for choice in natures.choices} == {"complaint": 1, "inquiry": 1}
    assert facets.count == 1


def test_ticking_a_filter_stays_in_the_view(signed_in, zhou):
    assert ("view", "open") in signed_in(zhou).get("/tickets/").context["hidden"]


def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(signed_in, zhou):
    a_ticket()
    page = signed_in(zhou).get("/tickets/?round=many")
    assert not numbers(page)
    assert page.context["listing"].errors


def test_codes_that_are_not_there_are_told_one_by_one(signed_in, zhou, after_sales):
    a_ticket(department=after_sales)
    page = signed_in(zhou).get("/tickets/?department=after_sales,nix&owner=nobody")
    assert not numbers(page)
    assert page.context["listing"].errors == ["牵头部门: 没有“nix”。", "经办人: 没有“nobody”。"]
    assert "没有“nix”" in page.content.decode()


@pytest.mark.parametrize("view", ["overdue", "today", "first", "mine", "unassigned", "review", "resolved", "all"])
def test_a_saved_view_holds_what_its_tab_says(view, signed_in, lin, zhou, customer_service, office):
    at, later = timezone.now(), timedelta(minutes=30)  # a slow machine takes seconds to show the page
    expected = set()
    for due, changes, views in (
        (at - timedelta(minutes=5), {}, {"overdue", "unassigned"}),
        (at + later, {}, {"unassigned"}),
        (None, {"first_contact": lin}, {"first", "unassigned"}),
        (None, {"owner": lin, "status": "in_progress"}, {"mine"}),
        (None, {"needs_review": True, "status": "assigned"}, {"review"}),
        (None, {"status": "resolved"}, {"resolved"}),
    ):
        ticket = a_ticket(department=None)
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due, **changes)
        if view in views or view == "all":
            expected.add(ticket.number)
    if view == "today":
        ticket = Ticket.objects.order_by("pk")[1]
        local = timezone.localtime(at)
        if (local + later).date() == local.date():
            Ticket.objects.filter(pk=ticket.pk).update(next_due_at=local.replace(hour=23, minute=59, second=59))
            expected = {ticket.number}
    page = signed_in(lin).get(f"/tickets/?view={view}")
    assert numbers(page) == expected
    tab = next(tab for tab in page.context["tabs"] if tab["here"])
    assert tab["count"] in {len(expected), 0 if view in {"resolved", "all"} else len(expected)}


def test_going_on_through_pages_meets_every_ticket_once(signed_in, zhou, after_sales, monkeypatch):
    monkeypatch.setattr("tickets.queue.views.SIZE", 4)
    at = timezone.now()
    for position in range(11):
        ticket = a_ticket(department=after_sales)
        due = None if position % 4 == 0 else at + timedelta(hours=position // 2)
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
    client = signed_in(zhou)
    for ordering in ("due", "-due", "received", "-number"):
        forward, address = [], f"?view=open&ordering={ordering}"
        while address:
            page = client.get("/tickets/" + address)
            forward += [ticket.number for ticket in page.context["page"].rows]
            last, address = page, page.context["next_url"]
        assert len(forward) == len(set(forward)) == 11
        backward = [ticket.number for ticket in last.context["page"].rows]
        address = last.context["previous_url"]
        while address:
            page = client.get("/tickets/" + address)
            backward = [ticket.number for ticket in page.context["page"].rows] + backward
            address = page.context["previous_url"]
        assert backward == forward


def test_a_cursor_from_nowhere_starts_at_the_beginning(signed_in, zhou):
    a_ticket()
    for cursor in ("x", "W10", "bnVsbA", "WzAsIngiLDFd"):
        assert signed_in(zhou).get(f"/tickets/?after={cursor}").status_code == 200


def test_a_figure_leads_to_exactly_the_tickets_it_counts(signed_in, zhou, monkeypatch):
    wanted, _other = a_ticket(), a_ticket()
    monkeypatch.setattr(figures, "_registered", {})
    figures.register("volume", lambda queryset, params: queryset.filter(number=params["key"]))
    client = signed_in(zhou)
    assert numbers(client.get(f"/tickets/?figure=volume&key={wanted.number}&from=2026-11-01")) == {wanted.number}
    assert client.get("/tickets/?figure=nothing").context["listing"].errors


def test_bulk_assigning_tells_what_became_of_each(signed_in, zhou, chen, after_sales):
    good, done = a_ticket(), a_ticket()
    tickets.void(done, reason="spam", by=zhou, at=NOON)
    page = signed_in(zhou).post(
        reverse("tickets:bulk"),
        {"action": "assign", "department": "after_sales", "pick": [good.number, done.number, "Q1"]},
    )
    outcome = {result["number"]: bool(result["refused"]) for result in page.context["results"]}
    assert outcome == {good.number: False, done.number: True, "Q1": True}
    good.refresh_from_db()
    assert (good.department, good.status) == (after_sales, "assigned")


def test_anonymous_visitors_are_sent_to_sign_in(client):
    for name in ("tickets:queue", "tickets:desk"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302


def test_a_case_that_waits_for_its_customer_is_paused_not_without_limit(signed_in, zhou, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales, owner=None), by=chen, at=NOON)
    ticket = tickets.request_information(ticket, by=chen, at=NOON, text="请拍一张铭牌的照片。")
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=None)
    page = signed_in(zhou).get(reverse("tickets:queue")).content.decode()
    assert "暂停" in page and "待用户补充" in page and "无时限" not in page


def test_while_the_demo_is_written_the_pages_say_so_and_look_again(signed_in, zhou, settings):
    def said(address, words="演示数据正在生成"):
        page = signed_in(zhou).get(reverse(address)).content.decode()
        return words in page, 'hx-trigger="every 5s"' in page

    settings.DEMO = True
    assert said("tickets:queue") == said("tickets:desk") == (True, True)
    settings.DEMO = False
    assert said("tickets:queue", "暂时没有工单") == (True, False)
    settings.DEMO = True
    a_ticket()
    assert said("tickets:queue") == said("tickets:desk") == (False, False)

"""您说了，我们改了 (A7): written by the office, read by strangers; and the office's words on public pages."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from knowledge.models import PageText, Problem, PublicImprovement
from tests.make import a_ticket
from tickets.models import Improvement, Ticket

pytestmark = pytest.mark.django_db
NEW, LIST, SHOWN = reverse("tickets:improvement-new"), reverse("tickets:public-pages"), "/knowledge/improvements/"
GIVEN = {"said": "搬楼另收费", "did": "一律免费。", "said_en": "", "did_en": "", "done_on": "2026-11-20", "problem": ""}


@pytest.fixture
def page(client, zhou):
    client.force_login(zhou)
    return client


def test_what_is_made_public_can_be_read_by_strangers(page, zhou, client):
    assert page.post(NEW, GIVEN).status_code == 302
    row = PublicImprovement.objects.get()
    assert LogEntry.objects.get(user=zhou).object_id == str(row.pk)
    page.logout()
    assert "搬楼另收费" not in client.get(SHOWN).content.decode()
    client.force_login(zhou)
    page.post(reverse("tickets:improvement-edit", args=[row.pk]), GIVEN | {"is_public": "on"})
    page.logout()
    shown = client.get(SHOWN).content.decode()
    assert "搬楼另收费" in shown and "一律免费。" in shown and "2026年11月20日" in shown


def test_the_newest_stands_first_in_whatever_order_they_were_written(client):
    for day in (17, 20, 3):
        words = {"said": f"第 {day} 日", "done_on": date(2026, 11, day), "problem": None}
        PublicImprovement.objects.create(**GIVEN | words, is_public=True)
    shown = client.get(SHOWN).content.decode()
    assert shown.index("第 20 日") < shown.index("第 17 日") < shown.index("第 3 日")


def test_english_readers_get_english_where_it_is_written(client):
    row = PublicImprovement.objects.create(**{**GIVEN, "problem": None, "done_on": date(2026, 11, 20)}, is_public=True)
    client.cookies["language"] = "en"
    assert "搬楼另收费" in client.get(SHOWN).content.decode()
    PublicImprovement.objects.filter(pk=row.pk).update(said_en="Stairs cost extra", did_en="Free now.")
    shown = client.get(SHOWN).content.decode()
    assert "Stairs cost extra" in shown and "搬楼另收费" not in shown


def test_how_many_said_so_comes_from_the_common_problem_without_void_cases(client, zhou):
    problem = Problem.objects.create(title="搬楼费", created_at=timezone.now())
    cases = [a_ticket() for _ in range(4)]
    Ticket.objects.filter(pk__in=[case.pk for case in cases]).update(problem=problem)
    Ticket.objects.filter(pk=cases[0].pk).update(status="void")
    PublicImprovement.objects.create(
        said="搬楼", did="免费", done_on=date(2026, 11, 20), problem=problem, is_public=True
    )
    shown = client.get(SHOWN).content.decode()
    assert "3 位用户提出" in shown
    assert not any(case.number in shown for case in cases)


def test_what_was_done_for_a_suggestion_is_proposed_until_it_is_told(page, zhou, after_sales):
    ticket = a_ticket(department=after_sales, subject="请送货入户")
    Improvement.objects.create(
        ticket=ticket, text="改条款", owner=zhou, due_on=date(2026, 11, 1), opened_at=timezone.now(), state="done",
        result="条款已改。", ended_at=timezone.now(), ended_by=zhou,
    )  # fmt: skip
    assert f"?case={ticket.number}" in page.get(LIST).content.decode()
    form = page.get(NEW, {"case": ticket.number}).context["form"]
    assert (form["said"].value(), form["did"].value()) == ("请送货入户", "条款已改。")
    page.post(f"{NEW}?case={ticket.number}", GIVEN)
    assert PublicImprovement.objects.get().case_number == ticket.number
    assert f"?case={ticket.number}" not in page.get(LIST).content.decode()
    assert page.get(NEW, {"case": a_ticket().number}).status_code == 404  # nothing was done there
    assert page.get(NEW, {"case": "Q\x00"}).status_code in {400, 404}


def test_an_error_names_its_field_and_keeps_what_was_typed(page):
    answer = page.post(NEW, GIVEN | {"said": "", "did": "写了很久的一段"})
    assert answer.status_code == 422 and "写了很久的一段" in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"said"}


@pytest.mark.parametrize("name, address", [("promise", "/promise/"), ("improvements", SHOWN)])
def test_the_words_of_the_office_stand_on_the_page(page, name, address):
    page.post(reverse("tickets:page-text", args=[name]), {"text": "我们说到做到。<b>", "text_en": ""})
    assert PageText.objects.get().page == name
    assert "我们说到做到。&lt;b&gt;" in page.get(address).content.decode()


def test_turned_off_it_is_neither_found_nor_linked(client, settings):
    settings.PUBLIC_PAGES = []
    assert client.get(SHOWN).status_code == 404
    assert SHOWN not in client.get("/").content.decode()


@pytest.mark.parametrize("who, status", [("lin", 403), ("chen", 403), ("gao", 403), ("zhou", 200)])
def test_only_the_office_writes(client, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert {client.get(address).status_code for address in (LIST, NEW)} == {status}


def test_the_public_page_costs_as_much_for_thirty_as_for_three(client, django_assert_max_num_queries):
    for number in range(30):
        PublicImprovement.objects.create(said=f"第{number}条", did="改了", done_on=date(2026, 11, 20), is_public=True)
    with django_assert_max_num_queries(2):
        client.get(SHOWN)

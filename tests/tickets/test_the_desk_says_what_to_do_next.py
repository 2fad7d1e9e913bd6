"""Each row of what is due has one button: what this reader does next with the case, else reading it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests.make import NOON, a_ticket
from tickets import defaults, next_step
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Nature

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(hours=2)


def act(ticket: Ticket, person: User, *, late: bool = False, reviews: bool = False) -> tuple[str, str]:
    ticket.next_due_at = NOON - timedelta(minutes=1) if late else SOON
    found = next_step.at_a_glance(ticket, person, NOON, reviews=reviews)
    assert found.own is (found.label != "查看")
    return str(found.label), found.part


def test_whoever_sorts_assigns_and_whoever_is_given_a_case_accepts_it(lin, chen, han, gao, after_sales):
    new = a_ticket()
    assert act(new, lin) == ("分派", "next")
    assert act(new, chen) == ("查看", "main")
    given = tickets.assign(new, department=after_sales, by=lin, at=NOON)
    assert act(given, chen) == act(given, gao) == ("签收", "next")
    assert act(given, han)[0] == "查看"
    given.round = 2
    assert act(given, gao, late=True) == ("查看", "main"), "who had it before may be barred; the case's page knows"
    given.round = 1
    named = tickets.assign(given, department=after_sales, owner=chen, by=lin, at=NOON)
    assert act(named, chen) == ("签收", "next")
    assert act(named, gao)[0] == "查看"


def test_who_has_a_case_works_on_it_and_answers_a_question(chen, after_sales):
    case = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    assert act(case, chen, late=True) == ("办理", "next")
    asked = tickets.accept(a_ticket(department=after_sales, nature=Nature.INQUIRY), by=chen, at=NOON)
    assert act(asked, chen) == ("答复", "composer")


def test_the_first_contact_reminds_only_when_a_limit_has_passed(lin, chen, he, after_sales):
    case = tickets.assign(a_ticket(), department=after_sales, by=lin, at=NOON)
    case = tickets.accept(case, by=chen, at=NOON)
    assert case.first_contact == lin
    assert act(case, lin) == ("查看", "main")
    assert act(case, lin, late=True) == ("催办", "move-remind")
    assert act(case, he, late=True)[0] == "查看", "who only reads reminds nobody"
    waits = tickets.request_information(case, text="请告知型号。", by=chen, at=NOON)
    waits.next_due_at = None
    assert next_step.at_a_glance(waits, lin, NOON, reviews=False).label == "查看"


def test_a_result_at_the_readers_gate_is_reviewed_there(client, gao, zhou, chen, after_sales, office):
    defaults.create_defaults()
    case = tickets.accept(a_ticket(timezone.now(), department=after_sales), by=chen, at=timezone.now())
    case = tickets.investigate(case, facts="排水口堵塞", by=chen, at=timezone.now())
    case = tickets.plan(case, measures="清理并加试水", remedy="repair", by=chen, at=timezone.now())
    tickets.report(case, text="已清理，试机两小时不漏", by=chen, at=timezone.now())
    Ticket.objects.update(next_due_at=timezone.now() + timedelta(hours=1))
    client.force_login(gao)
    page = client.get("/desk/").content.decode()
    assert (
        f'class="btn primary" href="{case.get_absolute_url()}?in=view%3Dopen#next" aria-label="审核：空调安装后漏水">审核<'
        in page
    )
    client.force_login(chen)
    assert 'aria-label="查看：空调安装后漏水">查看<' in client.get("/desk/").content.decode()


def test_the_buttons_ask_the_database_nothing(client, lin, gao, chen, after_sales):
    def count(person: User) -> int:
        client.force_login(person)
        client.get("/desk/")
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/desk/").content.decode()
        assert page.count('#next"') + page.count("#move-remind") == page.count("due-slot") > 0
        return len(seen)

    def one_of_each() -> None:
        new = a_ticket()
        taken = tickets.assign(a_ticket(), department=after_sales, by=lin, at=NOON)
        tickets.accept(taken, by=chen, at=NOON)
        tickets.assign(a_ticket(), department=after_sales, by=lin, at=NOON)
        Ticket.objects.filter(pk__gte=new.pk).update(next_due_at=NOON)

    one_of_each()
    before = [count(person) for person in (lin, gao, chen)]
    one_of_each()
    assert [count(person) for person in (lin, gao, chen)] == before

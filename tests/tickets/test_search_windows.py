"""A page of hits is read from the newest days on, and is the same page that a look at all hits would give."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer, SearchDocument, Ticket
from tickets.queue import seek
from tickets.search import index as search
from tickets.search import terms as search_terms
from tickets.search import windows as search_windows

pytestmark = pytest.mark.django_db


day_windows = search_windows.day_windows


@pytest.fixture(autouse=True)
def always(monkeypatch):
    monkeypatch.setattr(search_windows, "WORTH_IT", -2)
    monkeypatch.setattr(search_windows, "day_windows", lambda documents, days: [1, 3, 8])


@pytest.fixture
def cases():
    """Tickets of two years, some on one day, most with the word."""
    dice = random.Random(5)
    days = [dice.choice([0, 0, 1, 3, 7, 20, 33, 90, 127, 128, 129, 200, 700]) for _ticket in range(40)]
    made = []
    for number, day in enumerate(days):
        text = "上门安装后漏水" if number % 4 else "客服态度很差"
        received = NOON - timedelta(days=day, minutes=dice.randrange(3000))
        made.append(a_ticket(content=text, subject=f"第{number}件", anonymous=True, received_at=received))
    return made


def every_page(found, ordering, size=7):
    cursor, seen = "", []
    while True:
        page = seek.page(found, ordering, size, cursor)
        seen += [row.pk for row in page.rows]
        cursor = page.following
        if not cursor:
            return seen


@pytest.mark.parametrize("ordering", ["-received", "received"])
@pytest.mark.parametrize("few", [-1, 300])
@pytest.mark.parametrize("text", ["漏水", "安装后漏水", "差", "态度很差", "水", "没有这个词"])
def test_going_on_page_after_page_shows_each_hit_once_and_in_order(ordering, text, few, cases, monkeypatch):
    monkeypatch.setattr(search_windows, "FEW", few)
    sign = "-" if ordering.startswith("-") else ""
    wanted = Ticket.objects.filter(Q(content__contains=text)).order_by(f"{sign}received_at", f"{sign}pk")
    found = search.search(Ticket.objects.all(), text)
    assert every_page(found, ordering) == list(wanted.values_list("pk", flat=True))


def test_the_page_before_is_the_page_one_came_from(cases):
    found = search.search(Ticket.objects.all(), "漏水")
    first = seek.page(found, "-received", 5)
    second = seek.page(found, "-received", 5, first.following)
    back = seek.page(found, "-received", 5, second.preceding)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_permission_and_filters_hold_in_every_window(cases, chen, han, after_sales):
    mine = cases[1::4]
    for ticket in mine:
        tickets.assign(ticket, by=None, at=NOON, department=after_sales)
    found = search.search(Ticket.objects.visible_to(chen), "漏水").filter(channel="web")
    assert set(every_page(found, "-received")) == {ticket.pk for ticket in mine}
    assert every_page(search.search(Ticket.objects.visible_to(han), "漏水"), "-received") == []


def test_a_full_window_ends_the_search(cases):
    found = search.search(Ticket.objects.all(), "漏水")
    with CaptureQueriesContext(connection) as seen:
        assert len(search_windows.keys(seek.ordered(found, "-received"), "-received", 2)) == 2
    looks = [query["sql"] for query in seen if "tsv @@" in query["sql"]]
    assert len(looks) == 1 and looks[0].count("#2026") == 1


@pytest.mark.parametrize("ordering", ["due", "-due", "number"])
def test_other_orders_look_once(ordering, cases):
    assert len(list(search_windows.parts(search.search(Ticket.objects.all(), "漏水"), ordering))) == 1


def test_a_search_that_is_denied_or_an_alternative_is_not_narrowed(cases):
    holding = search_windows.Holding(F("pk"), query=search_terms.query("漏水"))
    for condition in (~Q(holding), Q(holding) | Q(subject="第0件")):
        assert len(list(search_windows.parts(Ticket.objects.filter(condition), "-received"))) == 1


def test_every_document_says_the_day_of_receipt_whoever_wrote_it(chen, after_sales):
    received = NOON - timedelta(days=3)
    ticket = a_ticket(department=after_sales, received_at=received)
    tickets.note(ticket, text="怀疑是排水泵叶轮", by=chen, at=NOON)
    assert search_terms.received_terms(received) == ["#20261120", "#202611"]
    days = [row.tsv for row in SearchDocument.objects.filter(ticket=ticket)]
    assert len(days) == 2 and all("'#20261120'" in tsv and "'#202611'" in tsv for tsv in days)


@pytest.mark.parametrize("typed", ["#20261123", "#202611", "#", "＃20261123"])
def test_the_day_is_no_word_that_one_can_search_for(typed):
    a_ticket()
    assert not search.search(Ticket.objects.all(), typed).exists()


def test_the_first_windows_hold_as_many_tickets_however_many_come_a_day():
    assert day_windows(1_000_000, 365) == [1, 3, 9]
    assert day_windows(1_000_000, 3650) == [10, 28, 83]
    assert day_windows(60_000, 3650) == [90, 90]
    assert day_windows(60_000, 1) == [1]


@pytest.mark.parametrize("ordering", ["-received", "received"])
@pytest.mark.parametrize("typed", ["138", "8000", "Q20", "q2026", "q20261123"])
def test_a_short_beginning_of_a_number_is_looked_for_among_the_newest_first(typed, ordering, cases, chen, after_sales):
    for number in range(12):
        customer = Customer.objects.create(name="王", phone=f"1380000{number:04}", created_at=NOON)
        home = after_sales if number % 2 else None
        a_ticket(customer=customer, department=home, received_at=NOON - timedelta(days=number * 20))
    for person, personal in ((None, True), (chen, True), (None, False)):
        seen = Ticket.objects.visible_to(person) if person else Ticket.objects.all()
        sign = "-" if ordering.startswith("-") else ""
        wanted = Q(number__startswith=typed.upper())
        if personal:
            wanted |= Q(customer__phone__contains=typed)
        held = list(seen.filter(wanted).order_by(f"{sign}received_at", f"{sign}pk").values_list("pk", flat=True))
        found = search.search(seen, typed, personal=personal, reader=person)
        assert every_page(found, ordering) == held
        one_look = [row.pk for row in seek.ordered(found, ordering)]
        assert one_look == held and len(list(search_windows.parts(found, ordering))) == (1 if len(typed) > 8 else 3)

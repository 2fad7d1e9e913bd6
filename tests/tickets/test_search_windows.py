"""A page of hits is read from the newest days on, and is the same page that a look at all hits would give."""

import random
from datetime import date, timedelta
from itertools import islice

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer, SearchDocument, Ticket
from tickets.queue import seek
from tickets.search import commonness
from tickets.search import index as search
from tickets.search import terms as search_terms
from tickets.search import windows as search_windows

pytestmark = pytest.mark.django_db


def analysed():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_searchdocument")


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """However few documents there are; and no window reaches far."""
    monkeypatch.setattr(search_windows, "WORTH_IT", 0)
    monkeypatch.setattr(search_windows, "ENOUGH", 0.02)
    monkeypatch.setattr(search_windows, "GROWTH", 3)
    monkeypatch.setattr(search_windows, "ONE_BY_ONE", (0.1, 0.3, 1))


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
    analysed()
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
@pytest.mark.parametrize("enough", [0.02, 0.2, 1.5])
@pytest.mark.parametrize("text", ["漏水", "安装后漏水", "差", "态度很差", "水", "没有这个词"])
def test_going_on_page_after_page_shows_each_hit_once_and_in_order(ordering, text, enough, cases, monkeypatch):
    monkeypatch.setattr(search_windows, "ENOUGH", enough)
    sign = "-" if ordering.startswith("-") else ""
    wanted = Ticket.objects.filter(Q(content__contains=text)).order_by(f"{sign}received_at", f"{sign}pk")
    found = search.search(Ticket.objects.all(), text)
    assert every_page(found, ordering) == list(wanted.values_list("pk", flat=True))


@pytest.mark.parametrize("ordering", ["-received", "received", "due"])
@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("差", "漏"),
        ("件", "漏水"),
        ("件", "安装后漏水"),
        ("件", "第"),
        ("差", "没有这个词"),
        ("后", "office"),
        ("件", "off"),
    ],
)
def test_what_must_not_stand_there_is_left_out_whichever_document_holds_it(ordering, text, without, cases, zhou):
    for ticket in cases[::5]:
        tickets.note(ticket, text="漏水已由 office 看过", by=zhou, at=NOON)
    analysed()
    noted = Q(pk__in=[ticket.pk for ticket in cases[::5]]) if without in "漏水已由 office 看过" else Q(pk__in=[])
    stands = Q(subject__contains=without) | Q(content__contains=without) | noted
    wanted = Ticket.objects.filter(Q(subject__contains=text) | Q(content__contains=text)).exclude(stands)
    found = search.search(Ticket.objects.all(), text, without=[without])
    pages = every_page(found, ordering)
    assert sorted(pages) == sorted(wanted.values_list("pk", flat=True)) and len(set(pages)) == len(pages)


@pytest.mark.parametrize(
    ("without", "asked_of_the_index"), [("漏水", True), ("水", True), ("安装后", False), ("office", False)]
)
def test_the_index_itself_leaves_out_what_its_terms_prove(without, asked_of_the_index, cases):
    """A word that stands nearly everywhere would otherwise be looked for in one ticket after the other."""
    found = search.search(Ticket.objects.all(), "件", without=[without])
    with CaptureQueriesContext(connection) as seen:
        list(search_windows.keys(seek.ordered(found, "-received"), "-received", 5))
    looks = [query["sql"] for query in seen if "MATERIALIZED" in query["sql"]]
    assert looks and all((" & !(" in sql) == asked_of_the_index for sql in looks)


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
    assert len(looks) == 1 and looks[0].count("#2026") <= 3


@pytest.mark.parametrize("ordering", ["due", "-due", "number"])
def test_other_orders_look_once(ordering, cases):
    assert len(list(search_windows.parts(search.search(Ticket.objects.all(), "漏水"), ordering, most=9))) == 1


def test_a_search_that_is_denied_or_an_alternative_is_not_narrowed(cases):
    holding = search_windows.Holding(F("pk"), words=tuple(search_terms.queries("漏水")))
    for condition in (~Q(holding), Q(holding) | Q(subject="第0件")):
        assert len(list(search_windows.parts(Ticket.objects.filter(condition), "-received", most=9))) == 1


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


def looks(found, seen=0, most=50):
    """How many days or months each look names, where the last one names none; `seen` hits have come from each."""
    got = []
    for part in search_windows.parts(found, "-received", most=most, found=got):
        (holding,) = search_windows._searches(part.query.where)
        got += [0] * seen
        yield len(holding.when)


@pytest.fixture
def a_million(monkeypatch):
    """A year of them, by what the tables say."""
    monkeypatch.undo()
    scale = "SELECT timestamptz '2025-11-24 00:00+00', timestamptz '2026-11-23 23:00+00', 1000000, 1, 1"
    monkeypatch.setattr(search_windows, "_SCALE", scale)


def test_the_first_window_is_as_long_as_the_word_is_seldom(a_million, monkeypatch, db):
    said = search.search(Ticket.objects.all(), "漏水 很差")
    for share, days_or_months in ((0.5, 1), (0.01, 6), (0.001, 3), (0.0004, 5)):
        monkeypatch.setattr(commonness, "of", lambda query, share=share: share)
        assert next(looks(said)) == days_or_months


def test_the_next_window_is_as_long_as_the_hits_are_few(a_million, monkeypatch, db):
    monkeypatch.setattr(commonness, "of", lambda query: 0.5)
    said = search.search(Ticket.objects.all(), "漏水")
    assert list(islice(looks(said, seen=40), 3)) == [1, 1, 1]
    assert list(looks(said, seen=0)) == [1, 1, 0]  # a day, the rest of its month, and then all at once


def test_what_is_left_is_read_at_once_when_few_hits_are_to_be_expected(a_million, monkeypatch, db):
    monkeypatch.setattr(commonness, "of", lambda query: 0.01)
    said = search.search(Ticket.objects.all(), "漏水")
    assert list(looks(said, seen=0)) == [6, 0]  # some 120 in a million
    assert list(islice(looks(said, seen=40), 2)) == [6, 5]  # some 2,500: only as far as is needed


@pytest.mark.parametrize(
    "way, until, edge, terms",
    [
        (-1, date(2026, 11, 14), date(2026, 11, 14), 7),
        (-1, date(2026, 11, 13), date(2026, 11, 1), 1),
        (-1, date(2025, 12, 31), date(2025, 12, 1), 12),
        (1, date(2027, 2, 3), date(2027, 2, 28), 4),
    ],
)
def test_a_long_window_ends_with_a_month(way, until, edge, terms):
    at = search_windows._start(until) + timedelta(hours=9)
    last, named = search_windows._window(date(2026, 11, 20), at, way)
    assert (last, len(named)) == (edge, terms)


def test_the_most_seldom_term_is_asked_of_the_index_first(monkeypatch, db):
    shares = {"漏水": 0.2, "很差": 0.01, "#20261123": 0.05}
    monkeypatch.setattr(commonness, "of", lambda query: next(its for term, its in shares.items() if term in query))
    (holding,) = search_windows._searches(search.search(Ticket.objects.all(), "漏水 很差").query.where)
    asked = holding.within(("#20261123",), 0.05).seldom_first
    assert [term for one in asked for term in shares if term in one] == ["很差", "#20261123", "漏水"]


def test_what_is_common_is_told_by_the_statistics_of_the_table(cases):
    analysed()
    commonness.refresh("now")
    assert commonness.of("'漏水'") == pytest.approx(0.75) and commonness.of("'漏水' | '@漏水'") == pytest.approx(0.75)
    assert commonness.of("'没有'") == commonness.UNKNOWN
    assert commonness.of("'漏':*") > commonness.of("'漏水'")  # of all terms that begin so


def test_a_long_text_is_asked_for_in_a_few_conditions(cases):
    text = "空调安装以后一直漏水而且客服态度很差没有人来修理"
    late = a_ticket(content=f"{text}。", anonymous=True, received_at=NOON - timedelta(days=200))
    with CaptureQueriesContext(connection) as seen:
        assert every_page(search.search(Ticket.objects.all(), text), "-received") == [late.pk]
    assert all(query["sql"].count("tsv @@") <= search_windows.MOST_CONDITIONS + 1 for query in seen)


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
        assert one_look == held and len(list(search_windows.parts(found, ordering, most=9))) == (
            1 if len(typed) > 8 else 4 if person else 3
        )

"""The index knows whose list a case is in: a search finds what a plain look finds, for every kind of reader."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from tests.make import NOON, a_ticket
from tests.people import department, user
from tickets import services as tickets
from tickets.models import Improvement, SearchDocument, SpecialGroup, Ticket
from tickets.queue import seek
from tickets.search import index as search
from tickets.search import readers as search_readers
from tickets.search import windows as search_windows
from tickets.workflow import Status

pytestmark = pytest.mark.django_db
ROLES = (
    ["office"], ["auditor"], ["agent"], ["handler"], ["head"], ["leader"], ["admin"],
    ["agent", "handler"], ["head", "handler"], ["leader", "head"], ["agent", "analyst"],
)  # fmt: skip


@pytest.fixture
def company(monkeypatch):
    """Six departments, one below another and one the office; people of every kind in each, some in none."""
    monkeypatch.setattr(search_windows, "WORTH_IT", 0)
    monkeypatch.setattr(search_windows, "ENOUGH", 0.02)
    homes = [department(f"home-{number}", f"部门{number}") for number in range(5)]
    below = department("below", "下级")
    below.path = f"{homes[0].path}{below.pk}/"
    below.save()
    homes += [below, department("of-the-office", "办公室", is_office=True)]
    people = [
        user(f"p{number}-{place}", f"某{number}{place}", roles, home)
        for number, roles in enumerate(ROLES)
        for place, home in enumerate([*random.Random(number).sample(homes, 2), None])
    ]
    homes[1].head = people[-1]
    homes[1].save()
    return homes, people


def shuffled(dice, homes, people):
    """A case that has come somewhere, by whatever way: what the table holds is all that counts."""
    ticket = a_ticket(
        content=dice.choice(["上门安装后漏水", "客服态度很差", "漏水漏电"]),
        subject="一件",
        anonymous=True,
        received_at=NOON - timedelta(days=dice.choice([0, 1, 5, 30, 100, 400, 900])),
    )
    for _change in range(dice.randint(0, 3)):
        lead = dice.choice([None, *homes])
        co = dice.sample(homes, dice.choice([0, 0, 1, 2]))
        Ticket.objects.filter(pk=ticket.pk).update(
            department=lead,
            departments=list({*([lead.pk] if lead else []), *(one.pk for one in co)}),
            owner=dice.choice([None, *people]),
            first_contact=dice.choice([None, *people]),
            status=dice.choice([Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.IN_REVIEW, Status.RESOLVED]),
            tier=dice.choice(["L1", "L2", "L2"]),
            level=dice.choice([0, 0, 1, 3]),
        )
    if dice.random() < 0.1:
        group = SpecialGroup.objects.create(ticket=ticket, leader=dice.choice(people), formed_at=NOON)
        group.members.set(dice.sample(people, 2))
    if dice.random() < 0.1:
        Improvement.objects.create(
            ticket=ticket, owner=dice.choice(people), text="改", due_on=NOON.date(), opened_at=NOON
        )
    return ticket


@pytest.mark.parametrize("seed", range(3))
def test_a_search_finds_what_a_plain_look_finds_for_every_kind_of_reader(seed, company):
    dice = random.Random(seed)
    homes, people = company
    for _case in range(60):
        shuffled(dice, homes, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_searchdocument")
    found_by_anybody = 0
    for person in people:
        for word in ("漏水", "态度很差", "差", "无此"):
            visible = Ticket.objects.visible_to(person)
            wanted = set(visible.filter(Q(content__contains=word)).values_list("pk", flat=True))
            for ordering in ("-received", "received", "due"):
                page = seek.page(search.search(visible, word, reader=person), ordering, 100)
                assert {row.pk for row in page.rows} == wanted, (person.roles, word, ordering)
            found_by_anybody += len(wanted)
    assert found_by_anybody > 300


def test_the_terms_follow_the_case_from_hand_to_hand(chen, lin, after_sales):
    def terms():
        with connection.cursor() as cursor:
            cursor.execute("SELECT unnest(tsvector_to_array(tsv)) FROM tickets_searchdocument")
            return {term for (term,) in cursor.fetchall() if term.startswith("~")}

    ticket = a_ticket()
    assert terms() == {"~free"}
    tickets.assign(ticket, by=lin, at=NOON, department=after_sales, owner=chen)
    ticket.refresh_from_db()
    assert terms() == set(search_readers.of(ticket)) >= {f"~u{chen.pk}", f"~d{after_sales.pk}"}
    tickets.classify(ticket, by=lin, at=NOON, tier="L1")
    assert "~major" in terms() and "~free" not in terms()


def test_python_and_the_database_make_the_same_terms(company):
    dice = random.Random(9)
    for _case in range(30):
        shuffled(dice, *company)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id, {search_readers.SQL.format('t')} FROM tickets_ticket t")
        made = {pk: set(terms) for pk, terms in cursor.fetchall()}
    assert made == {ticket.pk: set(search_readers.of(ticket)) for ticket in Ticket.objects.all()}


def test_nobody_searches_by_the_marks_of_readers(zhou):
    a_ticket()
    for typed in ("~free", "~", "free", "～free"):
        assert not search.search(Ticket.objects.all(), typed, reader=zhou).exists()


def test_a_change_that_moves_nobody_leaves_the_index_alone():
    ticket = a_ticket()
    before = SearchDocument.objects.values_list("tsv", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM tickets_searchdocument")
        written = cursor.fetchall()
        Ticket.objects.filter(pk=ticket.pk).update(tier="L2", subject="别的")
        cursor.execute("SELECT xmin::text FROM tickets_searchdocument")
        assert cursor.fetchall() == written
    assert SearchDocument.objects.values_list("tsv", flat=True).get() == before

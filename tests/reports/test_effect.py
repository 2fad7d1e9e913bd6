"""B3.5: the effect of every rectification is judged from what came after it."""

from datetime import timedelta

import pytest

from reports import case_file, ledgers, periods
from reports.effect import Effect, came_back
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.defaults import create_categories
from tickets.models import Category, Customer, Ticket

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ANSWER = "已修好，今后改进，谢谢。"


@pytest.fixture
def wang(db):
    create_categories()
    return Customer.objects.create(name="王小明", phone="13800001234", email="wang@example.com", created_at=NOON)


def resolved(by, department, at=NOON, **fields):
    fields.setdefault("category", Category.objects.get(code="product"))
    ticket = tickets.accept(a_ticket(at, department=department, **fields), by=by, at=at)
    return tickets.resolve(ticket, text=ANSWER, by=by, at=at)


def effects(ticket, reader):
    return [one.effect for one in case_file.gather(Ticket.objects.get(pk=ticket.pk), reader, NOON, full=True).rounds]


def test_it_is_the_customers_word(chen, zhou, after_sales, wang):
    ticket = resolved(chen, after_sales, customer=wang)
    assert effects(ticket, zhou) == [Effect.UNKNOWN]
    tickets.rate(ticket, rating="satisfied", at=NOON + DAY)
    assert effects(ticket, zhou) == [Effect.EFFECTIVE]
    neutral = tickets.rate(resolved(chen, after_sales, nature="complaint"), rating="neutral", at=NOON + DAY)
    assert effects(neutral, zhou) == [Effect.PARTLY]


def test_a_round_that_was_followed_by_another_had_none(chen, gao, zhou, after_sales, wang):
    ticket = tickets.rate(resolved(chen, after_sales, customer=wang), rating="dissatisfied", at=NOON + DAY)
    assert effects(ticket, zhou) == [Effect.AGAIN, None]
    ticket = tickets.accept(ticket, by=gao, at=NOON + DAY)
    ticket = tickets.resolve(ticket, text=ANSWER, by=gao, at=NOON + DAY)
    assert effects(tickets.rate(ticket, rating="satisfied", at=NOON + 2 * DAY), zhou) == [
        Effect.AGAIN, Effect.EFFECTIVE,
    ]  # fmt: skip


def test_the_matter_that_comes_back_within_ninety_days_says_more_than_the_customer_did(chen, zhou, after_sales, wang):
    ticket = tickets.rate(resolved(chen, after_sales, customer=wang), rating="satisfied", at=NOON + DAY)
    for days, fields in (
        (91, {"customer": wang}),
        (9, {"customer": wang, "category": Category.objects.get(code="delivery")}),
        (9, {"customer": wang, "nature": "inquiry"}),
        (9, {"category": ticket.category}),  # of somebody else
    ):
        a_ticket(NOON + days * DAY, **{"category": ticket.category} | fields)
        assert effects(ticket, zhou) == [Effect.EFFECTIVE], fields
    a_ticket(NOON + 89 * DAY, customer=wang, category=ticket.category)
    assert effects(ticket, zhou) == [Effect.CAME_BACK]
    assert came_back([ticket.pk]) == {ticket.pk}


def test_the_ledger_tells_it_and_of_other_natures_nothing_is_judged(chen, zhou, after_sales, wang):
    tickets.rate(resolved(chen, after_sales, customer=wang), rating="satisfied", at=NOON + DAY)
    november = periods.containing(NOON, "month")
    (line,) = ledgers.all_lines("complaint", ledgers.tickets_of("complaint", november, Ticket.objects.all()), full=True)
    names = [str(column.name) for column in ledgers.columns("complaint")]
    assert dict(zip(names, line, strict=True))["整改效果"] == "有效"
    assert "整改效果" not in {str(column.name) for column in ledgers.columns("inquiry")}
    assert effects(resolved(chen, after_sales, nature="inquiry"), zhou) == [None]

"""Resolved cases are archived after the quiet period (workflow, after resolving)."""

from datetime import timedelta

import pytest

from surveys import services as surveys
from surveys.models import FollowUp
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer
from tickets.tasks import close_quiet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rating", "days", "status", "reason"),
    [("", 6, "resolved", None), ("", 7, "closed", "quiet"), ("satisfied", 6, "resolved", None),
     ("satisfied", 8, "closed", "rated"), ("neutral", 8, "closed", "rated")],
)  # fmt: skip
def test_a_resolved_case_is_archived_once_it_has_been_quiet(rating, days, status, reason, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales, anonymous=True), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已修好，今后改进，谢谢", by=chen, at=NOON)
    if rating:
        tickets.rate(ticket, rating=rating, at=NOON)
    at = (NOON + timedelta(days=days)).isoformat()
    close_quiet(at)
    assert close_quiet(at) == 0
    ticket.refresh_from_db()
    assert ticket.status == status
    closing = ticket.events.filter(kind="close").first()
    assert (closing.data["reason"] if closing else None) == reason


def resolved(chen, after_sales, **contact):
    customer = Customer.objects.create(name="王小明", created_at=NOON, **contact)
    ticket = tickets.accept(a_ticket(department=after_sales, customer=customer), by=chen, at=NOON)
    return tickets.resolve(ticket, text="已修好，今后改进，谢谢", by=chen, at=NOON)


def days(number):
    return NOON + timedelta(days=number)


def test_a_case_waits_until_its_customer_was_called_in_vain_three_times(chen, lin, after_sales):
    """The customer has the last word: nobody archives a case whose return visit was never made (D4 C5.1)."""
    ticket = resolved(chen, after_sales, phone="13800001234")
    assert close_quiet(days(8).isoformat()) == 0
    for number in (8, 9):
        surveys.not_reached(FollowUp.objects.get(), by=lin, at=days(number))
    assert close_quiet(days(9).isoformat()) == 0
    surveys.not_reached(FollowUp.objects.get(), by=lin, at=days(10))
    assert close_quiet(days(10).isoformat()) == 1
    assert ticket.events.get(kind="close").data["reason"] == "not_reached"
    assert FollowUp.objects.get().state == "not_reached"


def test_a_case_waits_for_the_link_to_be_answered_until_its_time_is_over(chen, after_sales, settings):
    ticket = resolved(chen, after_sales, email="wang@example.com")
    for number in range(1, 14):
        surveys.send_due(days(number))
        assert close_quiet(days(number).isoformat()) == 0, "until then the answer counts"
    again = surveys.answer(ticket, rating="dissatisfied", at=days(13))
    assert (again.round, again.status) == (2, "assigned")

    other = resolved(chen, after_sales, email="zhang@example.com")
    over = settings.SURVEY_PATIENCE_DAYS + 1
    surveys.send_due(days(over))
    assert close_quiet(days(over).isoformat()) == 1
    assert other.events.get(kind="close").data["reason"] == "not_reached"


def test_who_archives_by_hand_before_takes_it_off_the_list_of_calls(chen, zhou, after_sales):
    ticket = resolved(chen, after_sales, phone="13800001234")
    assert FollowUp.objects.to_call().count() == 1
    tickets.close(ticket, by=zhou, at=days(1), reason="person")
    assert FollowUp.objects.to_call().count() == 0
    assert FollowUp.objects.get().state == "cancelled"

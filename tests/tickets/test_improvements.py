"""A suggestion that is adopted opens an improvement; when it is done the customer hears, months later too."""

from datetime import date, timedelta

import pytest

from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer, Improvement, Ticket

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)
THREE_MONTHS = NOON + timedelta(days=95)


@pytest.fixture
def suggested(after_sales, chen, gao):
    wang = Customer.objects.create(name="王小明", email="wang@example.com", created_at=NOON)
    ticket = a_ticket(department=after_sales, nature="suggestion", customer=wang, subject="加一个童锁")
    return tickets.accept(ticket, by=chen, at=NOON)


def adopted(ticket, chen, **fields):
    given = {"improvement": "遥控器加童锁", "due_on": DUE} | fields
    return tickets.assess(ticket, verdict="adopt", reason="合理", by=chen, at=NOON, **given)


def test_an_adopted_suggestion_opens_an_action_with_owner_and_date(suggested, chen, han):
    ticket = adopted(suggested, chen, owner=han)
    row = Improvement.objects.get()
    assert (row.ticket, row.owner, row.due_on, row.state) == (ticket, han, DUE, "open")
    assert ticket.events.get(kind="assess").data["due_on"] == "2027-03-01"
    assert Ticket.objects.visible_to(han).filter(pk=ticket.pk).exists()


def test_a_declined_one_opens_none_and_half_an_action_is_none(suggested, chen):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assess(suggested, verdict="decline", reason="x", improvement="x", due_on=DUE, by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assess(suggested, verdict="adopt", reason="x", due_on=DUE, by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        adopted(suggested, chen, due_on=date(2026, 11, 22))


def test_assessed_anew_the_same_action_changes(suggested, chen):
    ticket = adopted(suggested, chen)
    adopted(ticket, chen, improvement="整机加童锁")
    assert Improvement.objects.get().text == "整机加童锁"


def test_months_later_on_an_archived_case_the_customer_is_told_what_came_of_it(suggested, chen, zhou):
    ticket = adopted(suggested, chen)
    ticket = tickets.resolve(ticket, text="已采纳，谢谢", by=chen, at=NOON)
    ticket = tickets.close(ticket, by=zhou, at=NOON + timedelta(days=8))
    ticket = tickets.improvement_done(ticket, text="新款已带童锁", by=chen, at=THREE_MONTHS)
    assert (ticket.status, Improvement.objects.get().state) == ("closed", "done")
    mail = Notice.objects.get(kind="improved")
    assert (mail.address, mail.context["text"]) == ("wang@example.com", "新款已带童锁")
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.improvement_done(ticket, text="x", by=chen, at=THREE_MONTHS)


def test_one_that_is_dropped_is_told_with_the_reason(suggested, chen):
    ticket = adopted(suggested, chen)
    tickets.improvement_dropped(ticket, reason="法规不允许", by=chen, at=THREE_MONTHS)
    assert Notice.objects.get(kind="improved").context["dropped"] is True


def test_owners_are_reminded_a_week_before_and_their_heads_when_it_is_late(suggested, chen, gao):
    adopted(suggested, chen)
    due = NOON.replace(year=2027, month=3, day=1)

    def told():
        rows = Notice.objects.filter(kind="improvement_due", channel="in_app")
        return sorted(rows.values_list("user__username", flat=True))

    tickets.remind_of_improvements(due - timedelta(days=30))
    assert told() == []
    tickets.remind_of_improvements(due - timedelta(days=6))
    tickets.remind_of_improvements(due - timedelta(days=5))
    assert told() == ["chen"]
    tickets.remind_of_improvements(due + timedelta(days=8))
    assert told() == ["chen", "chen", "gao"]

from datetime import timedelta

import pytest
from django.core import mail

from notices import services as notices
from surveys import links, services
from surveys.models import FollowUp
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def resolved(chen, gao, zhou, after_sales) -> Ticket:
    customer = Customer.objects.create(name="王小明", email="wang@example.com", created_at=NOON)
    ticket = a_ticket(department=after_sales, customer=customer)
    tickets.accept(ticket, by=chen, at=NOON)
    return tickets.resolve(ticket, text="已换排水管，谢谢。", by=chen, at=NOON)


def answered_by_link(client, follow_up, rating="satisfied"):
    return client.post(
        f"/survey/{links.token(follow_up.pk, follow_up.ticket.customer_id)}/", {"rating": rating, "comment": "很快"}
    )


def test_resolving_plans_one_follow_up_for_the_round(resolved):
    follow_up = resolved.follow_ups.get()
    assert (follow_up.mode, follow_up.round, follow_up.state) == ("link", 1, "planned")


@pytest.mark.parametrize(("customer", "mode"), [({"phone": "13800001234"}, "call"), ({}, "page")])
def test_without_an_address_the_customer_is_called_or_asked_on_the_page(chen, after_sales, customer, mode):
    ticket = a_ticket(department=after_sales, customer=Customer.objects.create(created_at=NOON, **customer))
    tickets.accept(ticket, by=chen, at=NOON)
    tickets.resolve(ticket, text="好了", by=chen, at=NOON)
    assert ticket.follow_ups.get().mode == mode


def test_the_question_goes_out_after_the_delay_and_twice_more(resolved):
    later = NOON + timedelta(hours=3)
    assert services.send_due(NOON) == 0
    assert services.send_due(later) == 1
    assert services.send_due(later) == 0
    for days in range(1, 20):
        services.send_due(later + timedelta(days=days))
    follow_up = resolved.follow_ups.get()
    assert (follow_up.state, follow_up.reminders) == ("not_reached", 2)
    notices.deliver_due(later + timedelta(days=20))
    questions = [
        message for message in mail.outbox if links.url(follow_up.pk, follow_up.ticket.customer_id) in message.body
    ]
    assert len(questions) == 3


def test_opening_the_link_changes_nothing(client, resolved):
    follow_up = resolved.follow_ups.get()
    assert (
        client.get(
            f"/survey/{links.token(follow_up.pk, follow_up.ticket.customer_id)}/?rating=dissatisfied"
        ).status_code
        == 200
    )
    follow_up.refresh_from_db()
    assert follow_up.answered_at is None


def test_satisfied_is_recorded_once(client, resolved):
    follow_up = resolved.follow_ups.get()
    assert answered_by_link(client, follow_up).status_code == 200
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.rating, follow_up.comment) == ("answered", "satisfied", "很快")
    answered_by_link(client, follow_up, "dissatisfied")
    assert Ticket.objects.get(pk=resolved.pk).round == 1


def test_dissatisfied_begins_the_second_round_one_level_up(client, resolved, gao):
    answered_by_link(client, resolved.follow_ups.get(), "dissatisfied")
    ticket = Ticket.objects.get(pk=resolved.pk)
    assert (ticket.round, ticket.level, ticket.owner) == (2, 1, gao)
    assert ticket.follow_ups.get(round=1).rating == "dissatisfied"


def test_a_forged_link_is_not_found(client, resolved):
    assert client.get(f"/survey/{resolved.follow_ups.get().pk}.forged/").status_code == 404


def test_a_reopened_round_is_asked_about_no_more(resolved, zhou):
    tickets.reopen(resolved, reason="office", by=zhou, at=NOON)
    assert resolved.follow_ups.get(round=1).state == "cancelled"


def test_what_ends_of_several_cases_at_once_is_judged_one_by_one(resolved, chen, zhou, after_sales):
    """An archived case may still be rated on its page; a case whose round began anew may not."""
    other = a_ticket(department=after_sales, customer=Customer.objects.create(created_at=NOON))
    tickets.accept(other, by=chen, at=NOON)
    tickets.resolve(other, text="好了", by=chen, at=NOON)
    assert other.follow_ups.get().mode == "page"
    closed, reopened = (
        TicketEvent(ticket=ticket, kind=kind, actor=zhou, at=NOON, data={})
        for ticket, kind in ((other, "close"), (resolved, "reopen"))
    )
    for events in ([closed, reopened], [reopened, closed]):
        FollowUp.objects.update(state="planned")
        services.follow(events)
        assert resolved.follow_ups.get().state == "cancelled"
        assert other.follow_ups.get().state == "planned"


def test_an_answer_that_nobody_asked_for_gets_its_row(resolved):
    FollowUp.objects.all().delete()
    services.answer(resolved, stars=5, at=NOON)
    follow_up = resolved.follow_ups.get()
    assert (follow_up.rating, follow_up.stars, follow_up.mode) == ("satisfied", 5, "page")


def test_who_handled_a_case_cannot_record_its_rating(resolved, chen):
    with pytest.raises(services.AnswerRefused):
        services.answer(resolved, rating="satisfied", by=chen, at=NOON)

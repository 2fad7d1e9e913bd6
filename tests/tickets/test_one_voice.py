import pytest

from tests.make import NOON, a_ticket
from tickets import services as tickets

pytestmark = pytest.mark.django_db


def test_a_dissatisfied_customer_gets_a_second_round_one_level_up(chen, gao, zhou, after_sales):
    ticket = a_ticket(department=after_sales)
    tickets.accept(ticket, by=chen, at=NOON)
    tickets.reply(ticket, text="已为您更换排水管，谢谢。", by=chen, at=NOON)
    tickets.resolve(ticket, by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=NOON)
    assert (ticket.round, ticket.level, ticket.owner, ticket.status) == (
        2,
        1,
        gao,
        "assigned",
    )
    assert ticket.first_contact == chen

"""S-6: an address that a stranger left in the form gets one message, and with it a way out."""

import re
import secrets
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from feedback import services
from feedback.content import Content
from notices import services as notices
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
VICTIM = f"victim-{secrets.token_hex(6)}@example.com"
"""Another one in each run: receipts to an address are counted by the hour, whatever test asked for them."""
TEXT = "空调装好以后一直漏水，两次上门都没有修好。"


def came(**customer: str) -> services.Receipt:
    given = {"name": "王", "email": f"{secrets.token_hex(3)}-{VICTIM}"} | customer
    return services.receive(
        channel="web", raw=b"x", claimed_at=None, received_at=NOON, customer=given, content=Content(text=TEXT), at=NOON
    )


def way_out() -> str:
    notices.deliver_due(NOON)
    found = re.search(r"http\S+?(/t/\S+/not-me/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_the_first_mail_has_a_way_out_and_opening_it_changes_nothing(client: Client) -> None:
    ticket = came().ticket
    page = client.get(way_out())
    assert page.status_code == 200 and ticket.number in page.content.decode()
    assert TEXT not in page.content.decode() and "victim" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer" and page["Cache-Control"] == "no-store"
    assert Ticket.objects.get().customer.email.endswith(VICTIM)


def test_pressed_the_address_leaves_the_case_and_its_links_open_nothing(client: Client) -> None:
    receipt = came()
    way = way_out()
    assert client.post(way).status_code == 200
    ticket = Ticket.objects.get()
    assert ticket.customer is None and ticket.needs_review
    assert not Customer.objects.exists()
    assert client.get(way).status_code == client.get(way.replace("not-me/", "")).status_code == 404
    assert client.post(way).status_code == 404
    assert client.get(f"/t/{receipt.tracking_code}/").status_code == 200, "who sent it keeps their code"
    event = ticket.events.get(kind="correct_customer")
    assert event.by_customer and event.actor is None and "victim" not in str(event.data)


def test_a_telephone_that_was_left_too_stays(client: Client) -> None:
    came(phone="13800001234")
    client.post(way_out())
    customer = Ticket.objects.get().customer
    assert (customer.name, customer.phone, customer.email) == ("王", "13800001234", "")


def test_the_address_gets_no_more_receipts_for_a_while(client: Client) -> None:
    came(email=VICTIM)
    client.post(way_out())
    came(email=VICTIM.title())
    assert notices.deliver_due(NOON) == 0
    came(email=f"other-{VICTIM}")
    assert notices.deliver_due(NOON) == 1


def test_with_the_code_of_the_receipt_one_is_the_sender(client: Client) -> None:
    code = came().tracking_code
    assert client.get(f"/t/{code}/not-me/").status_code == 404
    assert client.post(f"/t/{code}/not-me/").status_code == 404
    assert Ticket.objects.get().customer is not None


@pytest.mark.parametrize("forged", ["1.1~x~y", "~", "1~1~1", "%2e%2e", "0.0~1uAAAA~AAAA"])
def test_a_forged_link_is_not_found(client: Client, forged: str) -> None:
    came()
    assert client.post(f"/t/{forged}/not-me/").status_code == 404
    assert Ticket.objects.get().customer is not None


def test_the_page_behind_a_message_has_the_way_out_too_and_that_behind_the_code_has_not(client: Client) -> None:
    code = came().tracking_code
    way = way_out()
    assert way in client.get(way.replace("not-me/", "")).content.decode()
    assert "not-me" not in client.get(f"/t/{code}/").content.decode()


def test_a_void_case_says_so(client: Client, zhou: Any) -> None:
    ticket = came().ticket
    way = way_out()
    tickets.void(ticket, reason="spam", by=zhou, at=NOON)
    assert client.post(way).status_code == 422


def test_a_form_of_another_site_cannot_press_it() -> None:
    came()
    assert Client(enforce_csrf_checks=True).post(way_out()).status_code == 403

"""The page of notices: what a mail says with an address, the page says with a link."""

import pytest

from notices.wording import address_apart
from tests.make import NOON, a_ticket
from tickets import services as tickets

pytestmark = pytest.mark.django_db


def test_a_bare_address_becomes_where_the_notice_leads():
    assert address_apart("工单 Q1\n\nhttps://x.example/problems/4/\n") == ("https://x.example/problems/4/", "工单 Q1")
    assert address_apart("see https://x.example/ for more") == ("", "see https://x.example/ for more")
    assert address_apart("") == ("", "")


def test_the_page_shows_no_bare_address(client, chen, zhou, after_sales):

    ticket = tickets.assign(a_ticket(), department=after_sales, owner=chen, by=zhou, at=NOON)
    client.force_login(chen)
    page = client.get("/notices/").content.decode()
    assert ticket.subject in page
    assert f"/tickets/{ticket.number}/<" not in page


def test_a_notice_names_its_case_once_and_leaves_no_empty_lines(client, chen, zhou, after_sales):
    ticket = tickets.assign(a_ticket(), department=after_sales, owner=chen, by=zhou, at=NOON)
    client.force_login(chen)
    page = client.get("/notices/").content.decode()
    assert page.count(ticket.subject) == 1 and "<br><br>" not in page

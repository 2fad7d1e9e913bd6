"""A2.1 D2: letters entered as a batch, with postmark, registered number, sender's address and scan; the counter."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback.models import PaperItem, RawMessage
from tests.feedback.test_boxes import grid
from tests.feedback.test_form import picture
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
ADDRESS = "/register/letters/"
WORDS = "贵公司热水器三月安装，五月漏水，至今无人上门，请予处理。"


def letter(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    fields = {
        "received_on": f"{today - timedelta(days=1):%Y-%m-%d}", "postmarked_on": f"{today - timedelta(days=4):%Y-%m-%d}",
        "registered_number": "xa 1234 5678 9 cn", "name": "周大爷", "phone": "", "sender_address": "绍兴市越城区某路3号",
        "content": WORDS,
    }  # fmt: skip
    return fields | changes


def test_a_letter_becomes_a_case_with_its_postmark_number_address_and_scan(client, lin):
    client.force_login(lin)
    answer = client.post(ADDRESS, grid(letter(uploads=picture())), follow=True)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.first_contact, ticket.customer.name) == ("letter", lin, "周大爷")
    assert timezone.localdate(ticket.received_at) == timezone.localdate() - timedelta(days=1)
    assert timezone.localdate(ticket.claimed_at) == timezone.localdate() - timedelta(days=4)
    assert (ticket.paper.registered_number, ticket.paper.sender_address) == ("XA123456789CN", "绍兴市越城区某路3号")
    assert ticket.attachments.count() == 1
    assert "周大爷" in bytes(RawMessage.objects.get().raw).decode()
    code = answer.context["entered"][0]["code"]
    assert code in answer.content.decode()
    client.logout()
    assert WORDS in client.get(f"/t/{code}/").content.decode()


def test_what_stood_on_the_envelope_is_shown_beside_the_case(client, lin):
    client.force_login(lin)
    client.post(ADDRESS, grid(letter()))
    ticket = Ticket.objects.get()
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    day = timezone.localdate() - timedelta(days=4)
    assert "XA123456789CN" in page and "绍兴市越城区某路3号" in page and f"{day.year}年{day.month}月{day.day}日" in page


def test_the_codes_are_for_who_entered_the_letters(client, lin, zhou):
    client.force_login(lin)
    address = client.post(ADDRESS, grid(letter())).url
    assert client.get(address).status_code == 200
    client.force_login(zhou)
    assert client.get(address).status_code == 404


def test_a_registered_letter_is_entered_once_whatever_its_words(client, lin):
    client.force_login(lin)
    client.post(ADDRESS, grid(letter()))
    answer = client.post(ADDRESS, grid(letter(content="另一份内容，挂号号码相同。")))
    assert answer.status_code == 422
    assert Ticket.objects.get().number in answer.content.decode()
    assert PaperItem.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"received_on": "2099-01-01"}, "received_on"),
        ({"received_on": "2001-01-01"}, "received_on"),
        ({"received_on": "yesterday"}, "received_on"),
        ({"postmarked_on": "2099-01-01"}, "postmarked_on"),
        ({"content": "字"}, "content"),
        ({"content": "长" * 5001}, "content"),
        ({"phone": "没有"}, "phone"),
    ],
)
def test_what_cannot_be_right_is_named_in_its_row(client, lin, changes, wrong):
    client.force_login(lin)
    answer = client.post(ADDRESS, grid(letter(), letter(registered_number="", **changes)))
    assert answer.status_code == 422
    assert wrong in answer.context["wrong"][0].errors
    assert Ticket.objects.count() == 1
    assert answer.context["entered"][0]["code"] in answer.content.decode()  # of the one that is in


def test_a_letter_without_name_or_number_is_anonymous_and_an_empty_page_enters_nothing(client, lin):
    client.force_login(lin)
    client.post(ADDRESS, grid({"received_on": f"{timezone.localdate():%Y-%m-%d}"}))
    assert not Ticket.objects.exists()
    client.post(ADDRESS, grid(letter(name="", registered_number="")))
    assert Ticket.objects.get().anonymous


def test_thirty_letters_go_in_one_page(client, lin):
    client.force_login(lin)
    rows = [letter(content=f"第{index}封：{WORDS}", registered_number="") for index in range(30)]
    assert client.post(ADDRESS, grid(*rows)).status_code == 302
    assert Ticket.objects.count() == 30


@pytest.mark.parametrize("address", [ADDRESS, "/register/counter/"])
@pytest.mark.parametrize(("who", "status"), [("lin", 200), ("zhou", 200), ("chen", 403), ("xu", 403), ("nobody", 403)])
def test_agents_and_the_office_enter(client, request, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status
    assert client.post(address, {}).status_code == (status if status == 403 or address == ADDRESS else 422)


COUNTER = {"token": "c" * 24, "content": "收银台没有零钱，等了二十分钟。", "anonymous": "1", "place": "二号柜台"}


def test_at_the_counter_few_fields_make_a_case_and_the_customer_takes_the_slip_along(client, lin):
    client.force_login(lin)
    page = client.post("/register/counter/", COUNTER, follow=True).content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.place, ticket.first_contact) == ("counter", "二号柜台", lin)
    assert ticket.number in page
    assert "data:image/svg+xml" in page
    assert 'value="二号柜台"' in page  # for the next customer


def test_the_counters_slip_is_for_who_wrote_it_and_sent_twice_it_is_one_case(client, lin, zhou):
    client.force_login(lin)
    first, second = (client.post("/register/counter/", COUNTER).url for _ in range(2))
    assert first == second
    assert Ticket.objects.count() == 1
    client.force_login(zhou)
    assert client.get(first).status_code == 404


def test_at_the_counter_a_telephone_number_asks_for_consent(client, lin):
    client.force_login(lin)
    sent = COUNTER | {"anonymous": "", "phone": "13800001234"}
    assert client.post("/register/counter/", sent).status_code == 422
    assert client.post("/register/counter/", sent | {"consent": "1"}).status_code == 302

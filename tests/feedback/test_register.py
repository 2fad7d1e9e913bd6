"""A colleague takes down a call, a visit or a letter: the same door, themselves the first contact (A2.1 A4.2 D2)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Region
from accounts.services_regions import load_regions
from feedback.models import RawMessage
from tests.feedback.test_form import picture
from tickets.defaults import create_defaults
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
ADDRESS = "/register/"
WORDS = "上周六安装的空调一直滴水，两次上门都没有修好。"


def form(**changes: Any) -> dict[str, Any]:
    moment = timezone.localtime(timezone.now() - timedelta(hours=1))
    fields = {
        "token": "t" * 24, "channel": "phone", "received_at": f"{moment:%Y-%m-%dT%H:%M}", "content": WORDS,
        "anonymous": "", "name": "王小明", "phone": "138 0000 1234", "consent": "1", "language": "zh-hans",
    }  # fmt: skip
    return {name: value for name, value in (fields | changes).items() if value is not None}


def test_a_call_becomes_a_ticket_whose_first_contact_is_the_agent(client, lin, after_sales):
    create_defaults()
    client.force_login(lin)
    answer = client.post(ADDRESS, form(nature="complaint", category="product", answered_at_once="on"), follow=True)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.first_contact, ticket.department) == ("phone", lin, after_sales)
    assert ticket.first_response_at == ticket.registered_at > ticket.received_at
    assert (ticket.customer.phone, ticket.customer.consent_version != "") == ("13800001234", True)
    page = answer.content.decode()
    assert ticket.number in page
    code = re.search(r'data-copy="\S+ (\S+) ', page)
    assert code
    client.logout()
    assert WORDS in client.get(f"/t/{code.group(1)}/").content.decode()


def test_a_letter_of_an_unnamed_sender_is_taken_down_with_its_scan_and_place(client, zhou):
    load_regions()
    client.force_login(zhou)
    sent = form(
        channel="letter", name="", phone="", consent=None, province="330000", region="330100", uploads=picture()
    )
    assert client.post(ADDRESS, sent).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.customer, ticket.region) == ("letter", None, Region.objects.get(pk="330100"))
    assert ticket.attachments.count() == 1
    assert RawMessage.objects.get().ticket == ticket


def test_of_an_anonymous_caller_nothing_is_kept_that_names_them(client, lin):
    client.force_login(lin)
    assert client.post(ADDRESS, form(anonymous="1")).status_code == 302
    assert Ticket.objects.get().anonymous
    assert not Customer.objects.exists()
    assert "王小明" not in bytes(RawMessage.objects.get().raw).decode()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"content": "漏水"}, "content"),
        ({"received_at": "2099-01-01T09:00"}, "received_at"),
        ({"received_at": "2001-01-01T09:00"}, "received_at"),
        ({"phone": "12345"}, "phone"),
        ({"consent": None}, "consent"),
        ({"channel": "web"}, "channel"),
        ({"province": "110000", "region": "330100"}, "region"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_was_typed_kept(client, lin, changes, wrong):
    load_regions()
    client.force_login(lin)
    answer = client.post(ADDRESS, form(**changes))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert "王小明" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_sent_twice_it_is_one_ticket(client, lin):
    client.force_login(lin)
    first, second = (client.post(ADDRESS, form()).url for _ in range(2))
    assert first == second
    assert Ticket.objects.count() == 1


def test_sent_again_after_going_back_it_is_the_same_case_and_the_page_says_so(client, lin):
    """Who goes back gets the form with a new token; only words, customer and browser are the same."""
    client.force_login(lin)
    first = client.post(ADDRESS, form(token="a" * 24)).url
    answer = client.post(
        ADDRESS, form(token="b" * 24, received_at=f"{timezone.localtime():%Y-%m-%dT%H:%M}"), follow=True
    )
    assert answer.redirect_chain[0][0] == first
    assert Ticket.objects.get().number in answer.content.decode()
    assert [str(said) for said in answer.context["messages"]]
    assert client.post(ADDRESS, form(token="c" * 24, content=WORDS + "还没来")).url != first
    assert client.post(ADDRESS, form(token="d" * 24, name="李")).url != first


def test_another_colleague_at_the_same_browser_registers_a_case_of_their_own(client, lin, zhou):
    client.force_login(lin)
    client.post(ADDRESS, form(token="a" * 24))
    client.force_login(zhou)
    client.post(ADDRESS, form(token="b" * 24))
    assert Ticket.objects.count() == 2


def test_the_hotline_and_the_counter_know_it_too_but_unnamed_visitors_are_two(client, lin):
    client.force_login(lin)
    for address, one in [("/hotline/", form()), ("/register/counter/", form(name="李", phone="13800001235"))]:
        first, second = (client.post(address, one | {"token": letter * 24}).url for letter in "ab")
        assert first == second
    assert Ticket.objects.count() == 2
    for letter in "cd":
        client.post("/register/counter/", form(name="", phone="", consent=None, token=letter * 24))
    assert Ticket.objects.count() == 4


def test_the_receipt_is_for_whoever_registered_it(client, lin, zhou):
    client.force_login(lin)
    address = client.post(ADDRESS, form()).url
    assert client.get(address).status_code == 200
    client.force_login(zhou)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lin", 200),
        ("zhou", 200),
        ("chen", 403),
        ("gao", 403),
        ("he", 403),
        ("xu", 403),
        ("tang", 403),
        ("nobody", 403),
    ],
)
def test_agents_and_the_office_register(client, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {}).status_code == (422 if status == 200 else status)
    shown = reverse("feedback:register") in client.get("/desk/").content.decode()
    assert shown == (status == 200)


def test_a_file_that_is_refused_is_named_and_the_rest_is_kept(client, lin):
    client.force_login(lin)
    bad = SimpleUploadedFile("a.exe", b"MZ\x90\x00" + b"\0" * 100)
    answer = client.post(ADDRESS, form(uploads=[bad, picture()]))
    assert answer.status_code == 422
    assert "a.exe" in answer.content.decode()
    assert answer.content.decode().count('name="kept"') == 1


@pytest.mark.parametrize("regions", [False, True])
def test_the_page_costs_few_queries(client, lin, regions, django_assert_max_num_queries):
    if regions:
        load_regions()
    create_defaults()
    client.force_login(lin)
    with django_assert_max_num_queries(10):
        client.get(ADDRESS)

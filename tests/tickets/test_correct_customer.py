"""A case that stands under the wrong customer: the office puts it right, and access follows (S-2, S-3)."""

import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback import links, own_data, services
from feedback.content import Content
from feedback.mail.cases import written_to
from notices import services as notices
from notices.models import Notice
from surveys import links as survey_links
from tests.make import NOON, a_ticket
from tickets import access, tracking
from tickets import services as tickets
from tickets.attachments import files
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
WRONG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}


@pytest.fixture
def receipt() -> services.Receipt:
    text = "空调装好以后一直漏水，两次上门都没有修好。"
    return services.receive(
        channel="phone", raw=text.encode(), claimed_at=None, received_at=NOON, customer=WRONG,
        content=Content(text=text), at=NOON,
    )  # fmt: skip


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def corrected(ticket: Ticket, by: Any, **given: Any) -> Ticket:
    wanted = {"name": "李华", "email": "li@example.com", "reason": "接线员选错了客户"} | given
    return tickets.correct_customer(ticket, by=by, at=LATER, **wanted)


def test_the_office_alone_corrects_it_with_a_reason_on_record(
    receipt: Any, lin: Any, chen: Any, gao: Any, zhou: Any
) -> None:
    allowed = [access.may(person, "correct_customer", receipt.ticket) for person in (lin, chen, gao, zhou)]
    assert allowed == [False, False, False, True]
    ticket = corrected(receipt.ticket, zhou)
    assert str(ticket.customer) == "李华"
    event = ticket.events.in_order().last()
    assert (event.kind, event.actor, event.data["reason"]) == ("correct_customer", zhou, "接线员选错了客户")
    assert not any(word in str(event.data) for word in ("李华", "王小明", "example.com", "138"))


def test_links_in_mails_to_the_former_customer_open_nothing_any_more(receipt: Any, zhou: Any, client: Any) -> None:
    old = path(links.signed_tracking_url(receipt.ticket))
    assert client.get(old).status_code == 200
    ticket = corrected(receipt.ticket, zhou)
    assert client.get(old).status_code == 404
    assert client.get(path(links.signed_tracking_url(ticket))).status_code == 200


@pytest.mark.parametrize("ended", [True, False])
def test_the_tracking_code_ends_where_the_former_customer_may_have_it(
    receipt: Any, zhou: Any, client: Any, ended: bool
) -> None:
    corrected(receipt.ticket, zhou, end_code=ended)
    assert client.get(f"/t/{receipt.tracking_code}/").status_code == (404 if ended else 200)


def test_the_right_customer_gets_the_receipt_and_what_waits_for_the_wrong_one_is_taken_back(
    receipt: Any, zhou: Any
) -> None:
    ticket = corrected(receipt.ticket, zhou)
    told = {(row.address, row.kind): row.state for row in Notice.objects.filter(topic=ticket.number, user=None)}
    assert told == {("wang@example.com", "received"): "cancelled", ("li@example.com", "received"): "waiting"}


def test_answers_by_mail_of_the_former_customer_belong_to_the_case_no_more(receipt: Any, zhou: Any) -> None:
    notices.deliver_due(NOON)
    assert written_to(receipt.ticket)[0] == {"wang@example.com"}
    assert written_to(corrected(receipt.ticket, zhou))[0] == {"li@example.com"}


def test_the_question_whether_it_helped_is_asked_anew(chen: Any, zhou: Any, client: Any) -> None:
    wang = Customer.objects.create(created_at=NOON, **WRONG)
    ticket = a_ticket(customer=wang, department=chen.department)
    ticket = tickets.reply(ticket, text="已修好。", by=chen, at=NOON)
    ticket = tickets.resolve(ticket, by=chen, at=NOON)
    asked = ticket.follow_ups.get()
    old = path(survey_links.url(asked.pk, wang.pk))
    assert client.get(old).status_code == 200
    ticket = corrected(ticket, zhou, name="", email="", phone="057155508000")
    asked.refresh_from_db()
    assert (asked.mode, asked.state, asked.send_at) == ("call", "planned", LATER)
    assert client.get(old).status_code == client.post(old, {"rating": "satisfied"}).status_code == 404
    assert Ticket.objects.get(pk=ticket.pk).rating == ""


def test_it_is_found_by_the_right_customer_and_not_by_the_wrong_one(receipt: Any, zhou: Any, client: Any) -> None:
    ticket = corrected(receipt.ticket, zhou)
    client.force_login(zhou)
    assert ticket.number in client.get("/tickets/", {"q": "李华", "view": "all"}).content.decode()
    assert ticket.number not in client.get("/tickets/", {"q": "王小明", "view": "all"}).content.decode()


def test_a_former_customer_of_whom_no_case_is_left_is_forgotten(receipt: Any, zhou: Any) -> None:
    corrected(receipt.ticket, zhou)
    assert not Customer.objects.filter(phone=WRONG["phone"]).exists()


def test_one_who_has_other_cases_stays(receipt: Any, zhou: Any) -> None:
    a_ticket(customer=receipt.ticket.customer)
    corrected(receipt.ticket, zhou)
    assert Customer.objects.filter(phone=WRONG["phone"]).exists()


def test_the_customer_of_another_case_is_taken_by_its_number(receipt: Any, zhou: Any) -> None:
    other = a_ticket(customer=Customer.objects.create(name="李华", created_at=NOON))
    assert corrected(receipt.ticket, zhou, like=other, name="", email="").customer == other.customer


def test_nobody_is_an_answer_too_and_own_data_follow(receipt: Any, zhou: Any) -> None:
    assert own_data.proved_by(receipt.ticket, "1234")
    ticket = corrected(receipt.ticket, zhou, name="", email="")
    assert ticket.customer is None and not own_data.proved_by(ticket, "1234")


def test_what_is_merged_into_a_case_is_taken_apart_first(zhou: Any, after_sales: Any) -> None:
    wang = Customer.objects.create(created_at=NOON, **WRONG)
    first, second = a_ticket(customer=wang), a_ticket(LATER, customer=wang)
    tickets.merge(second, into=first, by=zhou, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        corrected(first, zhou)


def test_the_same_customer_is_no_correction(receipt: Any, zhou: Any) -> None:
    other = a_ticket(customer=receipt.ticket.customer)
    with pytest.raises(tickets.ActionNotAllowed):
        corrected(receipt.ticket, zhou, like=other, name="", email="")


def test_by_page_and_by_api(receipt: Any, zhou: Any, lin: Any, client: Any) -> None:
    address = f"/tickets/{receipt.ticket.number}/"
    client.force_login(zhou)
    assert 'name="like"' in client.get(address + "?do=correct_customer").content.decode()
    version = Ticket.objects.get(pk=receipt.ticket.pk).version
    wrong = {"version": version, "reason": "x", "phone": "abc"}
    api = f"/api/v1/tickets/{receipt.ticket.number}/correct_customer/"
    answer = client.post(api, wrong, content_type="application/json")
    assert answer.status_code == 400 and "phone" in answer.json()["errors"]
    answer = client.post(api, wrong | {"phone": "+86 139 1111 2222"}, content_type="application/json")
    assert answer.status_code == 200
    assert Ticket.objects.get(pk=receipt.ticket.pk).customer.phone == "13911112222"


def test_a_signed_link_of_one_customer_is_not_one_of_another(receipt: Any) -> None:
    forged = tracking.signed(receipt.ticket.pk, (receipt.ticket.customer_id or 0) + 1)
    with pytest.raises(access.Http404):
        access.get_by_tracking_code(forged)


@pytest.fixture
def written(receipt: Any, chen: Any) -> dict[str, Any]:
    """The wrong customer wrote by the link, with a file; the right one called, and a colleague took it down."""
    file = files.store(SimpleUploadedFile("我的身份证.txt", "王小明的话".encode()), at=NOON, by=None)
    ticket = tickets.customer_message(
        receipt.ticket, text="我是王小明，这不是我家的空调。", at=NOON, attachments=[file]
    )
    ticket = tickets.customer_message(
        ticket, text="电话里说：周五在家。", via="phone", by=chen, at=NOON + timedelta(minutes=1)
    )
    wrong, right = ticket.messages.order_by("at")
    return {"ticket": ticket, "wrong": wrong, "right": right, "file": file}


def shown(ticket: Ticket, client: Any) -> str:
    return client.get(path(links.signed_tracking_url(ticket))).content.decode()


def test_what_the_wrong_customer_wrote_is_not_shown_to_the_right_one(written: Any, zhou: Any, client: Any) -> None:
    ticket = corrected(written["ticket"], zhou)
    page = shown(ticket, client)
    assert "周五在家" in page and "王小明" not in page and "我的身份证" not in page
    code = path(links.signed_tracking_url(ticket)).strip("/").removeprefix("t/")
    told = client.get(f"/api/v1/feedback/{code}/").json()
    assert [one["text"] for one in told["messages"]][1:] == ["电话里说：周五在家。"]
    assert [one["kind"] for one in told["timeline"]].count("customer_message") == 1
    assert client.get(f"/t/{code}/files/{written['file'].key}/").status_code == 404
    packed = zipfile.ZipFile(own_data.archive(ticket, address=True))
    assert packed.namelist() == ["data.json"] and "王小明" not in packed.read("data.json").decode()


def test_colleagues_go_on_reading_it_as_the_former_customers(written: Any, zhou: Any, client: Any) -> None:
    ticket = corrected(written["ticket"], zhou)
    client.force_login(zhou)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "这不是我家的空调" in page and "原用户" in page and "用户看不到" in page and "我的身份证.txt" in page
    assert ticket.events.get(kind="correct_customer").data["withheld"] == [written["wrong"].pk]


def test_the_office_chooses_whose_words_they_were(written: Any, zhou: Any, client: Any) -> None:
    client.force_login(zhou)
    address = f"/tickets/{written['ticket'].number}/"
    page = client.get(address + "?do=correct_customer").content.decode()
    wrong, right = written["wrong"].pk, written["right"].pk
    assert re.search(rf'name="withhold"[^>]*value="{wrong}"[^>]*checked', page)
    assert not re.search(rf'name="withhold"[^>]*value="{right}"[^>]*checked', page)
    sent = {"version": written["ticket"].version, "reason": "x", "name": "李华", "withhold": [right]}
    assert client.post(address + "correct_customer/", sent).status_code == 302
    page = shown(Ticket.objects.get(pk=written["ticket"].pk), client)
    assert "这不是我家的空调" in page and "周五在家" not in page


def test_where_the_code_stays_nothing_is_kept_inside_unless_it_is_said(written: Any, zhou: Any, client: Any) -> None:
    ticket = corrected(written["ticket"], zhou, end_code=False)
    assert "这不是我家的空调" in shown(ticket, client)


def test_the_words_of_another_case_are_refused(written: Any, zhou: Any, client: Any) -> None:
    other = tickets.customer_message(a_ticket(), text="另一件事。", at=NOON)
    foreign = other.messages.get()
    with pytest.raises(tickets.ActionNotAllowed):
        corrected(written["ticket"], zhou, withhold=[foreign])
    client.force_login(zhou)
    api = f"/api/v1/tickets/{written['ticket'].number}/correct_customer/"
    body = {"version": written["ticket"].version, "reason": "x", "name": "李华", "withhold": [foreign.pk]}
    assert client.post(api, body, content_type="application/json").status_code == 409
    body["withhold"] = [written["wrong"].pk]
    assert client.post(api, body, content_type="application/json").status_code == 200

"""A5.1 C5.1: customers who left a mobile number and no address hear by short message, in words the operator approved."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedback import services
from feedback.content import Content
from notices import services_sms
from notices.forms import SmsTemplateForm
from notices.models import Notice, SmsTemplate
from surveys import services as surveys
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
PHONE, FLOODED = (f"13{first}{secrets.randbelow(10**8):08d}" for first in (8, 9))
"""Others in each run: receipts to a number are counted by the hour, whatever test asked for them."""
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    settings.SMS_TRANSPORT, settings.DATA_DIR = "recorder", tmp_path
    for kind, text in (("received", "已收到{number} {url}"), ("resolved", "{number}已办结：{text} {url}"),
                       ("replied", "{number}：{text}"), ("follow_up", "{number}满意吗？{url}")):  # fmt: skip
        SmsTemplate.objects.create(kind=kind, text=text, approval_number=f"SMS-{kind}")
    return tmp_path / "sms"


def came(customer: dict[str, str], **fields: Any) -> Ticket:
    text = "空调装好以后一直漏水，请打 13999999999 找我本人。"
    return services.receive(
        channel="web", raw=text.encode(), claimed_at=None, received_at=NOON, customer=customer,
        content=Content(text=text, **fields), at=NOON,
    ).ticket  # fmt: skip


def sent(box: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(box.glob("*.json"))]


def handled(ticket: Ticket, chen: Any, answer: str = "师傅已修好，感谢您的反映。") -> Ticket:
    ticket = tickets.assign(ticket, department=chen.department, owner=chen, by=chen, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.reply(ticket, text=answer, by=chen, at=NOON)
    return tickets.resolve(ticket, by=chen, at=NOON + timedelta(minutes=1))


def test_the_receipt_goes_to_the_number_with_a_link_and_no_word_of_the_sender(box: Path) -> None:
    SmsTemplate.objects.filter(kind="received").update(text="{company}{number}{subject}{text}{url}")
    ticket = came({"name": "王", "phone": PHONE})
    assert services_sms.deliver_due(NOON) == 1
    (message,) = sent(box)
    assert (message["to"], message["template"]) == (PHONE, "SMS-received")
    assert ticket.number in message["text"] and "/t/" in message["text"]
    assert "漏水" not in message["text"] and "13999999999" not in message["text"]


def test_the_link_of_the_message_opens_the_case(box: Path, client: Any) -> None:
    ticket = came({"phone": PHONE})
    services_sms.deliver_due(NOON)
    address = sent(box)[0]["params"]["url"]
    page = client.get("/" + address.split("/", 3)[3])
    assert page.status_code == 200 and ticket.number in page.content.decode()


def test_who_left_an_address_too_hears_by_mail_alone(box: Path) -> None:
    came({"phone": PHONE, "email": "wang@example.com"})
    assert list(Notice.objects.exclude(address="").values_list("channel", flat=True)) == ["email"]


@pytest.mark.parametrize("phone", ["057155508000", "13800001234转8"])
def test_a_number_that_takes_no_messages_gets_none(box: Path, phone: str) -> None:
    came({"phone": phone})
    assert not Notice.objects.filter(channel="sms").exists()


def test_an_occasion_that_the_operator_has_not_approved_is_left_out_instead_of_failing(box: Path) -> None:
    SmsTemplate.objects.filter(kind="received").update(approval_number="")
    came({"phone": PHONE})
    assert not Notice.objects.filter(channel="sms").exists()


def test_without_a_way_out_nothing_is_written(settings: Any, box: Path) -> None:
    settings.SMS_TRANSPORT = ""
    came({"phone": PHONE})
    assert not Notice.objects.filter(channel="sms").exists()


def test_anonymous_feedback_tells_nobody(box: Path) -> None:
    came({"phone": PHONE}, anonymous=True)
    assert not Notice.objects.filter(channel="sms").exists()


def test_nobody_is_flooded_with_receipts_by_a_form(box: Path) -> None:
    for _each in range(13):
        came({"phone": FLOODED})
    services_sms.deliver_due(NOON)
    assert len(sent(box)) == 10
    assert Notice.objects.filter(channel="sms", state="cancelled").count() == 3


def test_a_long_answer_is_cut_and_the_rest_stands_behind_the_link(box: Path, chen: Any) -> None:
    ticket = tickets.assign(came({"phone": PHONE}), department=chen.department, owner=chen, by=chen, at=NOON)
    tickets.reply(ticket, text="甲" * 3000, by=chen, at=NOON)
    services_sms.deliver_due(NOON)
    answer = next(row for row in sent(box) if row["template"] == "SMS-replied")
    assert answer["params"]["text"] == "甲" * 119 + "…"


def test_the_question_whether_it_helped_goes_by_message_too(box: Path, chen: Any) -> None:
    ticket = handled(came({"phone": PHONE}), chen)
    assert ticket.follow_ups.get().mode == "link"
    assert surveys.send_due(LATER) == 1
    services_sms.deliver_due(LATER)
    asked = next(row for row in sent(box) if row["template"] == "SMS-follow_up")
    assert "/survey/" in asked["text"]


def test_without_approved_words_a_colleague_calls(box: Path, chen: Any) -> None:
    SmsTemplate.objects.filter(kind="follow_up").delete()
    assert handled(came({"phone": PHONE}), chen).follow_ups.get().mode == "call"


def test_an_approval_that_is_taken_back_before_the_question_turns_it_into_a_call(box: Path, chen: Any) -> None:
    ticket = handled(came({"phone": PHONE}), chen)
    SmsTemplate.objects.filter(kind="follow_up").delete()
    surveys.send_due(LATER)
    row = ticket.follow_ups.get()
    assert (row.mode, row.state) == ("call", "planned")
    assert not Notice.objects.filter(kind="follow_up").exists()


def test_words_for_receipts_may_not_repeat_the_sender(box: Path) -> None:
    SmsTemplate.objects.all().delete()
    form = SmsTemplateForm({"kind": "received", "text": "收到{subject}", "text_en": "", "is_active": "on"})
    assert "text" in form.errors
    assert SmsTemplateForm({"kind": "received", "text": "收到{number}", "text_en": "", "is_active": "on"}).is_valid()

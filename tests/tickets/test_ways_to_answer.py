"""Nothing stands in the history as sent that reached nobody: by which ways a customer can be answered (A5.1)."""

import pytest

from notices.models import Notice, SmsTemplate
from tests.make import NOON, a_ticket
from tests.tickets.test_api import client_of
from tickets import services as tickets
from tickets.answers import ways
from tickets.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(db):
    return Customer.objects.create(name="王小明", email="wang@example.com", created_at=NOON)


@pytest.fixture
def approved(settings, tmp_path):
    settings.SMS_TRANSPORT, settings.DATA_DIR = "recorder", tmp_path
    return SmsTemplate.objects.create(kind="replied", text="{number}：{text}", approval_number="SMS-1")


def of(ticket):
    return [via for via, _label in ways.offered(ticket)]


def test_no_mail_is_offered_to_who_left_no_address(client, chen, after_sales, wang):
    known, unknown = (
        a_ticket(department=after_sales, customer=wang, channel="email"),
        a_ticket(department=after_sales, channel="email"),
    )
    assert of(known) == ["web", "email", "phone", "letter"] and of(unknown) == ["web", "phone", "letter"]
    assert (ways.usual(known), ways.usual(unknown)) == ("email", "web")
    client.force_login(chen)
    assert '<option value="email"' not in client.get(unknown.get_absolute_url()).content.decode()
    assert '<option value="email" selected' in client.get(known.get_absolute_url()).content.decode()


def test_the_api_answers_nobody_by_a_way_that_leads_nowhere(chen, after_sales, approved):
    ticket = tickets.accept(a_ticket(department=after_sales, nature="inquiry", anonymous=True), by=chen, at=NOON)
    promised = {"message": "您好", "answer_by": "2099-01-01T10:00:00+08:00"}
    for verb, given in (("reply", {}), ("resolve", {}), ("request_information", {}), ("promise", promised)):
        for via, said in (("email", "未留电子邮箱"), ("sms", "无法向该用户发送短信")):
            if (verb, via) == ("promise", "sms"):
                continue  # never by SMS
            body = (given or {"text": "您好"}) | {"via": via}
            answer = client_of(chen).post(f"/api/v1/tickets/{ticket.number}/{verb}/", body, format="json")
            assert (answer.status_code, said in answer.json()["detail"]) == (409, True), (verb, via, answer.json())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_response_at, ticket.messages.count()) == ("in_progress", None, 0)


def test_too_long_or_unapproved_words_are_not_sent_by_the_api_either(chen, after_sales, approved):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed, match="短信"):
        tickets.reply(ticket, text="长" * 600, via="sms", by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed, match="模板"):
        tickets.request_information(ticket, text="请补充", via="sms", by=chen, at=NOON)
    tickets.reply(ticket, text="已安排师傅。", via="sms", by=chen, at=NOON)
    assert Notice.objects.get(channel="sms", kind="replied").address == "13800001234"

"""A5.1: canned replies with variables; simple ones answer and resolve at once; a reply by SMS."""

import pytest
from django.core.exceptions import ValidationError

from notices.models import Notice
from notices.models_sms import SmsTemplate
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.defaults import create_defaults
from tickets.models import CannedReply, Ticket
from tickets.workflow import Nature

pytestmark = pytest.mark.django_db


@pytest.fixture
def canned(db) -> CannedReply:
    return CannedReply.objects.create(
        name="保修期",
        text="{name}您好，{number}：整机保修六年。{company}",
        text_en="Dear {name}, six years.",
        resolves=True,
    )


@pytest.fixture
def ticket(after_sales) -> Ticket:
    return a_ticket(department=after_sales, nature=Nature.INQUIRY, subject="保修几年？")


def test_chosen_it_stands_in_the_composer_with_its_variables_filled(client, chen, canned, ticket, settings):
    client.force_login(chen)
    page = client.get(ticket.get_absolute_url(), {"canned": canned.pk}).content.decode()
    assert f"王小明您好，{ticket.number}：整机保修六年。{settings.COMPANY_NAME}" in page
    form = client.get(ticket.get_absolute_url(), {"canned": canned.pk}).context["composer"]
    assert form.initial["resolves"], "it answers a simple question at once"
    tickets.accept(ticket, by=chen, at=NOON)
    form = client.get(ticket.get_absolute_url(), {"canned": canned.pk}).context["composer"]
    assert form.initial["verb"] == "resolve"


def test_an_instant_reply_answers_takes_and_resolves_in_one_step(client, chen, ticket):
    client.force_login(chen)
    fields = {"version": ticket.version, "verb": "reply", "text": "整机保修六年。", "via": "phone", "resolves": "1"}
    assert client.post(f"/tickets/{ticket.number}/say/", fields).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.owner) == ("resolved", chen)
    assert list(ticket.events.in_order().values_list("kind", flat=True))[-3:] == ["accept", "reply", "resolve"]


def test_a_complaint_is_not_resolved_past_its_reviews(client, chen, after_sales):
    create_defaults()
    complaint = a_ticket(department=after_sales)
    client.force_login(chen)
    fields = {"version": complaint.version, "verb": "reply", "text": "已处理。", "via": "phone", "resolves": "1"}
    client.post(f"/tickets/{complaint.number}/say/", fields)
    complaint.refresh_from_db()
    assert complaint.status == "in_progress", "the box is for inquiries; a forged one is not read"


def test_it_is_in_the_language_of_the_customer(client, chen, canned, ticket):
    Ticket.objects.filter(pk=ticket.pk).update(language="en")
    client.force_login(chen)
    assert "Dear 王小明, six years." in client.get(ticket.get_absolute_url(), {"canned": canned.pk}).content.decode()


def test_what_the_customer_wrote_is_never_read_as_a_variable(canned):
    assert canned.words("zh-hans", {"name": "{company}", "number": "Q", "company": "C"}).startswith("{company}您好")


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "99999"])
def test_an_odd_choice_is_no_error(client, chen, canned, ticket, asked):
    client.force_login(chen)
    assert client.get(ticket.get_absolute_url(), {"canned": asked}).status_code == 200


def test_those_of_another_nature_and_inactive_ones_are_not_offered(client, chen, canned, ticket):
    CannedReply.objects.create(name="仅投诉", text="致歉。", nature=Nature.COMPLAINT)
    CannedReply.objects.create(name="旧的", text="旧。", is_active=False)
    client.force_login(chen)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "保修期" in page
    assert "仅投诉" not in page
    assert "旧的" not in page


def test_an_unknown_variable_is_refused():
    with pytest.raises(ValidationError):
        CannedReply(name="x", text="{nmae}").full_clean()


# --- by SMS -----------------------------------------------------------------------------------------
@pytest.fixture
def approved(settings, tmp_path) -> SmsTemplate:
    settings.SMS_TRANSPORT, settings.DATA_DIR = "recorder", tmp_path
    return SmsTemplate.objects.create(kind="replied", text="{number}已答复：{text} {url}", approval_number="SMS_1")


def say(client, ticket, **changes):
    fields = {"version": ticket.version, "verb": "reply", "text": "整机保修六年。", "via": "sms"}
    return client.post(f"/tickets/{ticket.number}/say/", fields | changes)


def test_a_reply_by_sms_goes_to_the_mobile_number_and_is_a_response(client, chen, ticket, approved):
    client.force_login(chen)
    assert say(client, ticket).status_code == 302
    ticket.refresh_from_db()
    assert ticket.first_response_at is not None
    assert ticket.messages.get().via == "sms"
    row = Notice.objects.get(channel="sms")
    assert (row.address, row.kind, row.context["text"]) == ("13800001234", "replied", "整机保修六年。")
    assert not Notice.objects.filter(channel="email").exists()


def test_a_text_that_takes_too_many_messages_is_refused(client, chen, ticket, approved):
    client.force_login(chen)
    answer = say(client, ticket, text="长" * 600)
    assert answer.status_code == 422
    assert not Notice.objects.exists()


def test_sms_is_offered_only_with_an_approved_template_and_a_mobile_number(client, chen, ticket, approved):
    client.force_login(chen)
    address = ticket.get_absolute_url()
    assert 'value="sms"' in client.get(address).content.decode()
    ticket.customer.phone = "0571-5550800"
    ticket.customer.save()
    assert 'value="sms"' not in client.get(address).content.decode()
    ticket.customer.phone = "13800001234"
    ticket.customer.save()
    approved.approval_number = ""
    approved.save()
    assert 'value="sms"' not in client.get(address).content.decode()
    assert say(client, ticket).status_code == 422

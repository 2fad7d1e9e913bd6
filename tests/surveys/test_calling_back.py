"""The call-back list: whom to call, what it was about, what was answered; and the desk counts the same calls."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from config import waiting
from surveys.models import FollowUp
from tests.make import a_ticket
from tests.people import user
from tickets import services as tickets
from tickets.channels import Channel
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
HEARD = "我们的答复"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def resolved(now, lin, chen, after_sales) -> Ticket:
    """Days ago; the customer left nothing but a telephone, so the call has been due since; Lin took it in."""
    at = now - timedelta(days=3)
    customer = Customer.objects.create(name="王小明", phone="13800001234", created_at=at)
    opened = a_ticket(at, department=after_sales, customer=customer, first_contact_id=lin.pk)
    ticket = tickets.accept(opened, by=chen, at=at)
    tickets.reply(ticket, text="先派师傅上门。", by=chen, at=at, via=Channel.PHONE)
    return tickets.resolve(ticket, text="已换排水管，谢谢。", by=chen, at=at + timedelta(hours=1))


def told(page: str) -> dict[str, str]:
    """The facts of the first call, as they read."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for label, value in pairs}


def test_a_caller_reads_whom_to_call_about_what_and_the_last_answer(client, lin, resolved):
    client.force_login(lin)
    facts = told(client.get("/call-backs/").content.decode())
    assert facts["用户"] == "王小明 13800001234"
    assert facts["用户所述"] == resolved.content
    assert facts[HEARD] == "已换排水管，谢谢。"


def test_what_was_answered_in_an_earlier_round_is_not_shown_as_the_answer_of_this_one(client, lin, gao, now, resolved):
    tickets.reopen(resolved, reason="仍漏水", by=gao, at=now - timedelta(days=2))
    again = Ticket.objects.get(pk=resolved.pk)
    FollowUp.objects.update_or_create(
        ticket=again, round=again.round,
        defaults={"mode": "call", "planned_at": now, "send_at": now - timedelta(days=1), "expires_at": now + timedelta(days=9)},
    )  # fmt: skip
    Ticket.objects.filter(pk=again.pk).update(status="resolved")
    client.force_login(lin)
    assert HEARD not in told(client.get("/call-backs/").content.decode())


def test_the_desk_counts_the_calls_of_the_list_and_no_others(client, lin, now, resolved):
    at = now - timedelta(hours=1)
    mine = a_ticket(at, customer=resolved.customer, first_contact_id=lin.pk)
    not_yet = a_ticket(at, customer=resolved.customer, first_contact_id=lin.pk)
    for ticket, send_at in ((mine, at), (not_yet, now + timedelta(days=1))):
        owner = lin if ticket is mine else None
        Ticket.objects.filter(pk=ticket.pk).update(status="resolved", resolved_at=at, owner=owner)
        FollowUp.objects.create(
            ticket=ticket, round=1, mode="call", planned_at=at, send_at=send_at, expires_at=now + timedelta(days=9)
        )
    client.force_login(lin)
    page = client.get("/call-backs/").content.decode()
    assert resolved.number in page and mine.number not in page and not_yet.number not in page
    (line,) = [line.text for line in waiting.lines(lin, now) if line.url == "/call-backs/"]
    assert "1" in line


def test_who_handled_the_case_is_not_asked_to_call_and_cannot_record_an_answer(client, now, resolved):
    both = user("both", "两", [Role.AGENT, Role.OFFICE], None)
    Ticket.objects.filter(pk=resolved.pk).update(owner=both)
    client.force_login(both)
    assert resolved.number not in client.get("/call-backs/").content.decode()
    asked = {"follow_up": resolved.follow_ups.get().pk, "outcome": "answered", "rating": "satisfied"}
    assert client.post("/call-backs/", asked).status_code == 404
    assert waiting.lines(both, now) == [] or all(line.url != "/call-backs/" for line in waiting.lines(both, now))


def test_what_the_customer_said_is_kept_when_the_call_cannot_be_recorded(client, lin, zhou, now, resolved):
    """A choice was forgotten; then a colleague was quicker."""
    FollowUp.objects.filter(ticket=resolved).update(send_at=now - timedelta(hours=1))
    call = FollowUp.objects.get(ticket=resolved)
    client.force_login(lin)
    page = client.post("/call-backs/", {"follow_up": call.pk, "comment": "说 还在漏", "outcome": "answered"})
    assert (page.status_code, page.content.decode().count("说 还在漏")) == (422, 1)
    tickets.rate(resolved, rating="satisfied", by=zhou, at=now)
    said = {"follow_up": call.pk, "comment": "说 还在漏", "rating": "dissatisfied", "outcome": "answered"}
    page = client.post("/call-backs/", said)
    assert (page.status_code, page.content.decode().count("说 还在漏")) == (404, 1)
    assert client.post("/call-backs/", said | {"comment": ""}).status_code == 404


def test_a_customer_is_given_up_by_tries_on_several_days_not_by_clicks(client, lin, resolved):
    """Who is not asked gives no bad mark: three clicks in a minute were three tries."""
    client.force_login(lin)
    call = resolved.follow_ups.get()
    asked = {"follow_up": call.pk, "outcome": "not_reached"}
    pages = [client.post("/call-backs/", asked, follow=True).content.decode() for _click in range(4)]
    call.refresh_from_db()
    assert (call.state, call.reminders) == ("sent", 1)
    assert "下次" in pages[1] and "下次" not in pages[0]
    assert client.post("/call-backs/", asked | {"outcome": "answered", "rating": "neutral"}).status_code == 302
    resolved.refresh_from_db()
    assert resolved.rating == "neutral", "who calls us meanwhile is heard"

"""An extension is asked for in time, decided by somebody else, and told to the customer; an answer is promised."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from sla.models import Clock, ClockEvent, Extension
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import access, tracking
from tickets import services as tickets
from tickets.models import Customer

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02 10:00")  # L2: the result is due 48 hours later
DUE = MONDAY + timedelta(hours=48)
LATER = moment("2026-03-10 18:00")


@pytest.fixture
def case(after_sales, gao, zhou, chen):
    create_defaults()
    wang = Customer.objects.create(name="王小明", email="wang@example.com", created_at=MONDAY)
    ticket = a_ticket(MONDAY, department=after_sales, customer=wang)
    return tickets.accept(ticket, by=chen, at=MONDAY + timedelta(minutes=5))


def result(ticket):
    return ticket.clocks.get(metric="resolution")


def ask(case, by, at=MONDAY + timedelta(hours=2), new_due=LATER):
    return tickets.extend(case, new_due=new_due, reason="配件要从厂家调货", by=by, at=at)


def test_asking_moves_nothing_and_tells_head_and_office(case, chen, gao, zhou):
    ask(case, chen)
    assert result(case).due_at == DUE
    request = Extension.objects.get()
    assert (request.asked_by, request.new_due, request.granted) == (chen, LATER, None)
    told = Notice.objects.filter(kind="extension_asked", channel="in_app")
    assert {notice.user for notice in told} == {gao, zhou}


def test_granted_the_clock_moves_the_old_due_time_stays_on_record_and_the_customer_is_told(case, chen, gao):
    ask(case, chen)
    moved = tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=3))
    moved.refresh_from_db()
    assert result(case).due_at == LATER
    assert moved.expected_by == LATER
    event = ClockEvent.objects.get(clock=result(case), kind="extend")
    assert (event.due_before, event.due_after, event.by, event.reason) == (DUE, LATER, gao, "配件要从厂家调货")
    request = Extension.objects.get()
    assert (request.granted, request.decided_by) == (True, gao)
    assert request.customer_told_at == MONDAY + timedelta(hours=3)
    mail = Notice.objects.get(kind="extended")
    assert mail.address == "wang@example.com"
    assert mail.context["reason"] == "配件要从厂家调货"
    assert Notice.objects.filter(kind="extension_decided", user=chen, channel="in_app").exists()


def test_refused_nothing_moves_and_the_customer_hears_nothing(case, chen, gao):
    ask(case, chen)
    tickets.decide_extension(case, granted=False, text="现有库存可用", by=gao, at=MONDAY + timedelta(hours=3))
    assert result(case).due_at == DUE
    assert not Notice.objects.filter(kind="extended").exists()
    assert Extension.objects.get().granted is False
    sweep(DUE + timedelta(minutes=1))
    assert result(case).breached_at == DUE


def test_after_the_due_time_nobody_can_ask_and_nothing_can_be_granted(case, chen, gao):
    ask(case, chen)
    with pytest.raises(tickets.ActionNotAllowed, match=r"late stays late|已超时"):
        tickets.decide_extension(case, granted=True, by=gao, at=DUE + timedelta(seconds=1))
    tickets.decide_extension(case, granted=False, by=gao, at=DUE + timedelta(seconds=2))
    with pytest.raises(tickets.ActionNotAllowed):
        ask(case, chen, at=DUE + timedelta(seconds=3))


def test_who_asks_does_not_decide(case, gao):
    ask(case, gao)
    assert "decide_extension" not in access.allowed_verbs(gao, case)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=3))


def test_a_handler_may_ask_and_never_decide(case, chen, gao):
    assert "extend" in access.allowed_verbs(chen, case)
    assert not access.may(chen, "decide_extension", case)
    ask(case, chen)
    assert "extend" not in access.allowed_verbs(chen, case)
    assert "decide_extension" in access.allowed_verbs(gao, case)


def test_one_request_waits_at_a_time_and_a_useless_one_is_refused(case, chen):
    for new_due in (DUE, DUE - timedelta(hours=1), MONDAY + timedelta(days=500)):
        with pytest.raises(tickets.ActionNotAllowed):
            ask(case, chen, new_due=new_due)
    ask(case, chen)
    with pytest.raises(tickets.ActionNotAllowed):
        ask(case, chen)


def test_a_second_extension_goes_on_from_the_first(case, chen, gao):
    ask(case, chen)
    tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=3))
    even_later = LATER + timedelta(days=1)
    ask(case, chen, at=MONDAY + timedelta(hours=4), new_due=even_later)
    tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=5))
    assert result(case).due_at == even_later
    assert [event.due_before for event in result(case).events.filter(kind="extend")] == [DUE, LATER]


def test_an_extension_then_a_pause_moves_on_by_the_pause(case, chen, gao):
    ask(case, chen)
    tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=3))
    tickets.request_information(case, text="请问型号?", by=chen, at=MONDAY + timedelta(hours=4))
    tickets.customer_message(case, text="KFR-35", at=MONDAY + timedelta(hours=10))
    assert result(case).due_at == LATER + timedelta(hours=6)


# --- promises -----------------------------------------------------------------------------------------
@pytest.fixture
def inquiry(after_sales, chen):
    create_defaults()
    wang = Customer.objects.create(name="王小明", email="wang@example.com", created_at=MONDAY)
    ticket = a_ticket(MONDAY, nature="inquiry", department=after_sales, customer=wang)
    return tickets.accept(ticket, by=chen, at=MONDAY + timedelta(minutes=5))


def promise(inquiry, by, answer_by, at=MONDAY + timedelta(hours=1), **more):
    return tickets.promise(inquiry, answer_by=answer_by, message="工程师核实后答复您", by=by, at=at, **more)


def test_a_promise_tells_the_customer_and_starts_its_clock(inquiry, chen):
    answer_by = moment("2026-03-04 12:00")
    promise(inquiry, chen, answer_by)
    clock = inquiry.clocks.get(metric="promise")
    assert (clock.due_at, clock.state) == (answer_by, "running")
    assert inquiry.clocks.get(metric="first_response").state == "met"
    assert Notice.objects.get(kind="promised").context["until"] == answer_by.isoformat()
    assert inquiry.messages.get().text == "工程师核实后答复您"


def test_the_answer_keeps_the_promise_and_a_late_one_breaks_it(inquiry, chen):
    promise(inquiry, chen, moment("2026-03-04 12:00"))
    tickets.reply(inquiry, text="型号支持。", by=chen, at=moment("2026-03-04 11:00"))
    assert inquiry.clocks.get(metric="promise").state == "met"
    promise(inquiry, chen, moment("2026-03-05 12:00"), at=moment("2026-03-04 12:00"))
    sweep(moment("2026-03-05 12:01"))
    late = inquiry.clocks.filter(metric="promise").last()
    assert (late.state, late.breached_at) == ("missed", moment("2026-03-05 12:00"))


def test_a_second_promise_takes_the_place_of_the_first(inquiry, chen):
    promise(inquiry, chen, moment("2026-03-04 12:00"))
    promise(inquiry, chen, moment("2026-03-06 12:00"), at=MONDAY + timedelta(hours=2))
    states = dict(Clock.objects.filter(ticket=inquiry, metric="promise").values_list("due_at", "state"))
    assert states == {moment("2026-03-04 12:00"): "void", moment("2026-03-06 12:00"): "running"}


def test_a_promise_lies_ahead_within_the_limit_and_is_for_inquiries(inquiry, case, chen):
    wrong = [MONDAY, inquiry.expected_by + timedelta(hours=1)]
    for answer_by in wrong:
        with pytest.raises(tickets.ActionNotAllowed):
            promise(inquiry, chen, answer_by)
    with pytest.raises(tickets.ActionNotAllowed):
        promise(case, chen, MONDAY + timedelta(hours=5))


# --- pages and API --------------------------------------------------------------------------------------
def test_the_page_asks_and_the_head_decides(client, after_sales, chen, gao):
    create_defaults()
    now = timezone.localtime()
    case = tickets.accept(a_ticket(now, department=after_sales), by=chen, at=now)
    client.force_login(chen)
    new_due = (now + timedelta(days=20)).replace(second=0, microsecond=0)
    given = {"version": case.version, "new_due": f"{new_due:%Y-%m-%dT%H:%M}", "reason": "等待配件"}
    assert client.post(f"/tickets/{case.number}/extend/", given).status_code == 302
    client.force_login(gao)
    page = client.get(f"/tickets/{case.number}/").content.decode()
    assert "move-decide_extension" in page
    case.refresh_from_db()
    answer = client.post(f"/tickets/{case.number}/decide_extension/", {"version": case.version, "granted": "yes"})
    assert answer.status_code == 302
    assert result(case).due_at == new_due


def test_the_api_asks_decides_and_promises(client, after_sales, chen, zhou):
    create_defaults()
    now = timezone.now()
    case = tickets.accept(a_ticket(now, department=after_sales), by=chen, at=now)
    client.force_login(chen)
    url = f"/api/v1/tickets/{case.number}/"
    new_due = now + timedelta(days=20)
    asked = client.post(url + "extend/", {"new_due": new_due.isoformat(), "reason": "等待配件"}, "application/json")
    assert asked.status_code == 200, asked.content
    client.force_login(zhou)
    decided = client.post(url + "decide_extension/", {"granted": True}, "application/json")
    assert decided.status_code == 200, decided.content
    assert datetime.fromisoformat(decided.json()["expected_by"]) == new_due
    again = client.post(url + "decide_extension/", {"granted": True}, "application/json")
    assert again.status_code == 409


def test_the_tracking_page_shows_promise_and_reason(client, inquiry, case, chen, gao):
    promise(inquiry, chen, moment("2026-03-04 12:00"))
    page = client.get(f"/t/{tracking.signed(inquiry.pk, inquiry.customer_id)}/").content.decode()
    assert "2026-03-04T12:00" in page
    ask(case, chen)
    tickets.decide_extension(case, granted=True, by=gao, at=MONDAY + timedelta(hours=3))
    page = client.get(f"/t/{tracking.signed(case.pk, case.customer_id)}/").content.decode()
    assert "配件要从厂家调货" in page

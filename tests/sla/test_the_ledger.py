"""Every missed limit, who answered for it, what was decided, what the person says (A4.2 D7); and 督办单."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessLog
from notices.models import Notice
from sla import services_accountability as ledger
from sla.models import Accountability, SupervisionNotice
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-10 10:00")


@pytest.fixture
def row(after_sales, chen, gao, zhou):
    create_defaults()
    case = a_ticket(moment("2026-03-02 10:00"), department=after_sales)
    tickets.accept(case, by=chen, at=moment("2026-03-02 10:05"))
    sweep(moment("2026-03-06 19:00"))
    return Accountability.objects.get(ground="first_response")


def decide(row, by, **given):
    given = {"outcome": "confirmed", "grade": "warning", "decision": "两次提醒后仍未答复"} | given
    return ledger.decide(row, by=by, at=NOW, **given)


def test_a_decision_has_grounds_and_a_grade_and_reaches_the_person(row, zhou, chen):
    decided = decide(row, zhou)
    assert (decided.outcome, decided.grade, decided.decided_by) == ("confirmed", "warning", zhou)
    assert Notice.objects.filter(kind="accountability", user=chen, channel="in_app").count() == 1
    with pytest.raises(ledger.LedgerRefused):
        decide(row, zhou)
    with pytest.raises(ledger.LedgerRefused):
        decide(Accountability.objects.exclude(pk=row.pk).first(), zhou, grade="")


def test_nobody_decides_about_themselves_and_handlers_about_nobody(row, chen, gao, zhou):
    for other in (chen, gao):
        with pytest.raises(ledger.LedgerRefused):
            decide(row, other)
    Accountability.objects.update(person=zhou)
    with pytest.raises(ledger.LedgerRefused):
        decide(row, zhou)


def test_the_person_objects_once_in_time_and_somebody_else_decides(row, zhou, chen, gao, xu, tang):
    decide(row, zhou)
    with pytest.raises(ledger.LedgerRefused):
        ledger.object_to(row, text="不是我", by=gao, at=NOW)
    with pytest.raises(ledger.LedgerRefused):
        ledger.object_to(row, text="已电话答复", by=chen, at=NOW + timedelta(days=16))
    ledger.object_to(row, text="已电话答复", by=chen, at=NOW + timedelta(days=1))
    with pytest.raises(ledger.LedgerRefused):
        ledger.object_to(row, text="再次", by=chen, at=NOW + timedelta(days=2))
    with pytest.raises(ledger.LedgerRefused):
        ledger.review(row, outcome="excused", text="属实", by=zhou, at=NOW + timedelta(days=2))
    done = ledger.review(row, outcome="excused", text="属实", by=xu, at=NOW + timedelta(days=2))
    assert (done.outcome, done.grade, done.reviewed_by) == ("excused", "", xu)
    with pytest.raises(ledger.LedgerRefused):
        ledger.review(row, outcome="confirmed", grade="fine", text="再议", by=tang, at=NOW + timedelta(days=3))


def test_the_pages_show_each_what_is_theirs(client, row, zhou, chen, gao, han, xu):
    for user, status in ((zhou, 200), (xu, 200), (gao, 200), (chen, 200), (han, 404)):
        client.force_login(user)
        assert client.get(f"/sla/ledger/{row.pk}/").status_code == status
        listed = client.get("/sla/ledger/?metric=first_response").content.decode()
        assert (row.ticket.number in listed) == (status == 200)
    client.force_login(zhou)
    assert row.ticket.number not in client.get("/sla/ledger/?outcome=excused").content.decode()
    assert row.ticket.number not in client.get("/sla/ledger/?since=2026-03-07").content.decode()
    assert client.get("/sla/ledger/?since=never").status_code == 422


def test_the_page_decides_objects_and_reviews(client, row, zhou, chen, xu):
    Accountability.objects.filter(pk=row.pk).update(opened_at=timezone.now())
    where = f"/sla/ledger/{row.pk}/"
    client.force_login(chen)
    assert client.post(where, {"outcome": "excused", "text": "我没有错"}).status_code == 409
    client.force_login(zhou)
    assert client.post(where, {"outcome": "confirmed", "grade": "warning", "text": ""}).status_code == 422
    assert client.post(where, {"outcome": "confirmed", "grade": "warning", "text": "拖延"}).status_code == 302
    client.force_login(chen)
    assert client.post(where, {"object": "1", "text": "已电话答复"}).status_code == 302
    client.force_login(xu)
    assert client.post(where, {"outcome": "excused", "text": "属实"}).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.reviewed_by) == ("excused", xu)


def test_a_supervision_notice_is_a_page_and_a_pdf_for_those_who_see_the_case(client, row, zhou, han):
    sweep(moment("2026-03-12 19:00"))
    sheet = SupervisionNotice.objects.filter(ticket=row.ticket).first()
    client.force_login(zhou)
    assert sheet.number in client.get(f"/sla/supervision/{sheet.number}/").content.decode()
    document = client.get(f"/sla/supervision/{sheet.number}/pdf/")
    assert document.content.startswith(b"%PDF")
    assert AccessLog.objects.get(action="export", user=zhou).subject == row.ticket.number
    assert document["Cache-Control"] == "private, no-store"
    assert sheet.number in client.get(f"/tickets/{row.ticket.number}/").content.decode()
    client.force_login(han)
    assert client.get(f"/sla/supervision/{sheet.number}/").status_code == 404
    assert client.get(f"/sla/supervision/{sheet.number}/pdf/").status_code == 404

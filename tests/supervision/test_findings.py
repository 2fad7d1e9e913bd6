"""A6.1 B5: a finding has an owner and a limit, is answered by others and decided by auditors, and never forgotten."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from sla import services_setup
from supervision import services_findings as services
from supervision.models import Finding, FindingEntry
from supervision.services_samples import Refused
from tests.make import NOON, a_ticket, moment
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(chen, gao, xu, after_sales, zhou) -> Finding:
    services_setup.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    return services.open_finding(ticket, text="缺上门照片，请补齐并说明原因", owner=chen, days=3, by=xu, at=NOON)


def told(step: str) -> set[str]:
    rows = Notice.objects.filter(kind="finding", channel="in_app", context__step=step)
    return set(rows.values_list("user__username", flat=True))


def test_its_limit_is_the_close_of_a_working_day(finding):
    assert finding.due_at == moment("2026-11-26 18:00")
    assert told("opened") == {"chen", "gao"}


def test_only_auditors_open_one_and_not_about_their_own_part(finding, zhou, after_sales, chen):
    mate = user("mate", "同事", ["auditor"], after_sales)
    for person in (zhou, chen, mate):
        with pytest.raises(Refused):
            services.open_finding(finding.ticket, text="x", owner=chen, days=3, by=person, at=NOON)


def test_it_is_answered_sent_back_answered_again_and_closed(finding, chen, gao, xu):
    services.answer(finding, text="照片已补", by=chen, at=NOON)
    assert told("answered") == {"xu"}
    row = services.send_back(finding, text="缺第二张", days=2, by=xu, at=NOON)
    assert (row.state, row.due_at) == ("open", moment("2026-11-25 18:00"))
    services.answer(finding, text="两张已补", by=gao, at=NOON)
    row = services.close(finding, text="核实", by=xu, at=NOON)
    assert (row.state, row.closed_by) == ("closed", xu)
    kinds = list(finding.entries.values_list("kind", flat=True))
    assert kinds == ["opened", "answered", "sent_back", "answered", "closed"]


def test_others_only_answer_and_auditors_only_decide(finding, chen, gao, zhou, xu, han):
    for person in (zhou, han, xu):
        with pytest.raises(Refused):
            services.answer(finding, text="x", by=person, at=NOON)
    services.answer(finding, text="好了", by=chen, at=NOON)
    for person in (chen, gao, zhou):
        with pytest.raises(Refused):
            services.close(finding, text="x", by=person, at=NOON)
    chen.roles = ["handler", "auditor"]
    chen.save()
    with pytest.raises(Refused):
        services.close(finding, text="我自己关", by=chen, at=NOON)


def test_it_is_not_closed_without_an_answer(finding, xu):
    with pytest.raises(Refused):
        services.close(finding, text="x", by=xu, at=NOON)


def test_a_difficulty_goes_upward_and_the_limit_runs_on(finding, chen):
    due = finding.due_at
    services.report_difficulty(finding, text="配件停产", by=chen, at=NOON)
    assert told("difficulty") == {"xu", "gao", "zhou"}
    finding.refresh_from_db()
    assert (finding.state, finding.due_at) == ("open", due)


def test_more_time_is_given_by_auditors(finding, xu):
    assert services.prolong(finding, text="等配件", days=10, by=xu, at=NOON).due_at > finding.due_at


def test_reminders_go_to_owner_then_head_then_leadership_each_once(finding, tang):
    services.remind(at=NOON)
    assert told("soon") == set()
    for _time in range(2):
        services.remind(at=moment("2026-11-26 09:00"))
    assert told("soon") == {"chen"} and not told("late")
    for _time in range(2):
        services.remind(at=moment("2026-11-27 09:05"))
    assert told("late") == {"chen", "gao"} and not told("very_late")
    services.remind(at=moment("2026-12-02 09:05"))
    assert told("very_late") == {"tang"}
    assert Notice.objects.filter(channel="in_app", context__step="late").count() == 2


def test_many_reminders_cost_the_statements_of_one(finding, tang, xu, chen):
    with CaptureQueriesContext(connection) as of_one:
        assert services.remind(at=moment("2026-12-02 09:05")) == 1
    for _ in range(4):
        services.open_finding(finding.ticket, text="缺第二张照片", owner=chen, days=3, by=xu, at=NOON)
    with CaptureQueriesContext(connection) as of_five:
        assert services.remind(at=moment("2026-12-02 09:10")) == 5
    assert len(of_five) <= len(of_one)
    assert Notice.objects.filter(channel="in_app", context__step="very_late").count() == 5


def test_an_answered_finding_is_not_reminded(finding, chen):
    services.answer(finding, text="好了", by=chen, at=NOON)
    assert services.remind(at=NOON + timedelta(days=30)) == 0


def test_its_history_cannot_be_changed(finding):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FindingEntry.objects.update(text="改")


def test_who_sees_it(finding, chen, gao, xu, tang, han, zhou, lin, after_sales, logistics):
    mate = user("mate", "同事", ["auditor"], after_sales)
    seen = [
        one.username for one in (chen, gao, xu, tang, han, zhou, lin, mate) if Finding.objects.visible_to(one).exists()
    ]
    assert seen == ["chen", "gao", "xu", "tang"]


def test_it_goes_by_page_and_whoever_may_not_see_it_gets_404(client, finding, chen, xu, han):
    address = reverse("supervision:finding", args=[finding.pk])
    client.force_login(han)
    assert client.get(address).status_code == 404 and client.post(address, {"answer": "1"}).status_code == 404
    client.force_login(chen)
    assert "缺上门照片" in client.get(reverse("supervision:findings")).content.decode()
    assert client.post(address, {"answer": "1", "said-text": " "}).status_code == 422
    assert client.post(address, {"close": "1", "judge-text": "我来了结"}).status_code == 409
    assert client.post(address, {"answer": "1", "said-text": "照片已补"}).status_code == 302
    client.force_login(xu)
    assert client.post(address, {"close": "1", "judge-text": "核实"}).status_code == 302
    finding.refresh_from_db()
    assert finding.state == "closed"
    said = client.get(address).content.decode()
    assert "照片已补" in said and "核实" in said

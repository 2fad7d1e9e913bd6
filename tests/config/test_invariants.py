"""`manage.py invariants` holds on what the services write, and tells every fault that is planted."""

import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config import invariants
from notices import services as notices
from sla.models import Clock
from sla.services_setup import create_defaults
from tests.make import a_ticket
from tickets import services as tickets
from tickets.attachments.files import store
from tickets.models import Assignment, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(after_sales, office, gao, zhou, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")
    create_defaults()
    return after_sales


@pytest.fixture
def ticket(company, chen) -> Ticket:
    """One that was accepted, answered, resolved, reopened by a dissatisfied customer, and lies with the head."""
    at = timezone.now() - timedelta(minutes=5)
    ticket = a_ticket(at, department=company)
    ticket = tickets.accept(ticket, by=chen, at=at)
    ticket = tickets.resolve(ticket, by=chen, at=at, text="已为您更换排水管，谢谢。")
    return tickets.rate(ticket, rating="dissatisfied", at=at)


@pytest.fixture
def ask():
    """Rows by SQL, behind the back of every service. Checks that wait for the commit are made at once before."""

    def ask(sql: str, *params: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, params)

    return ask


def broken() -> set[str]:
    return {invariant.code for invariant, lines in invariants.check(timezone.now()).items() if lines}


def test_what_the_services_write_breaks_none(ticket, chen, gao):
    at = timezone.now()
    waiting = a_ticket(at)
    tickets.void(waiting, reason="spam", by=gao, at=at)
    asked = a_ticket(at, department=ticket.department)
    tickets.request_information(asked, text="请告诉我们型号。", by=chen, at=at)
    returned = a_ticket(at, department=ticket.department)
    for _ in range(2):
        returned = tickets.return_to_dispatch(returned, reason="not_ours", by=chen, at=at)
        if returned.department is None:
            returned = tickets.assign(returned, department=ticket.department, by=gao, at=at)
    store(ContentFile("说明".encode(), name="说明.txt"), at=at)
    assert broken() == set()


def test_a_gap_in_the_numbers_is_found(ticket, ask):
    ask("UPDATE tickets_daycounter SET last = last + 1")
    assert broken() == {"numbers"}


def test_a_counter_that_was_set_back_is_found(ticket, ask):
    a_ticket(timezone.now())
    ask("UPDATE tickets_daycounter SET last = last - 1")
    assert broken() == {"numbers"}


def test_a_number_that_the_counter_did_not_give_is_found(ticket, ask):
    ask("UPDATE tickets_ticket SET number = overlay(number placing '999999' from length(number) - 5)")
    assert broken() == {"numbers"}


def test_a_ticket_without_a_number_is_found(ticket, ask):
    ask("UPDATE tickets_ticket SET number = NULL")
    assert broken() == {"numbers"}


def test_a_ticket_that_nobody_registered_is_found(ticket, ask):
    ask("ALTER TABLE tickets_ticketevent DISABLE TRIGGER USER")
    ask("UPDATE tickets_ticketevent SET kind = 'note' WHERE kind = 'register'")
    assert broken() == {"register"}


def test_a_ticket_without_clocks_is_found(company, ask):
    fresh = a_ticket(timezone.now(), department=company)
    ask("TRUNCATE sla_clock CASCADE")
    assert fresh.number in text_of("clocks")


def test_a_version_that_no_event_has_is_found(ticket, ask):
    ask("UPDATE tickets_ticket SET version = version + 1")
    assert broken() == {"version"}


def test_a_lost_event_is_found(ticket, ask):
    ask("ALTER TABLE tickets_ticketevent DISABLE TRIGGER USER")
    ask("DELETE FROM tickets_ticketevent WHERE kind = 'accept'")
    assert broken() == {"version"}


def test_a_status_without_an_event_is_found(ticket, ask):
    ask("UPDATE tickets_ticket SET status = 'in_progress'")
    assert broken() == {"status"}


def test_a_breach_that_is_not_dated_at_its_due_time_is_found(ticket, ask):
    ask("ALTER TABLE sla_clock DROP CONSTRAINT breached_at_is_due_at")
    ask(
        "UPDATE sla_clock SET state = 'missed', breached_at = due_at + interval '2 s', decided_at = due_at"
        " WHERE metric = 'accept' AND state = 'met'"
    )
    assert broken() == {"breached_at"}


def test_a_decision_at_another_time_is_found(ticket, ask):
    ask("UPDATE sla_clock SET decided_at = decided_at + interval '1 s' WHERE metric = 'accept' AND state = 'met'")
    assert broken() == {"breached_at"}


def test_a_running_clock_that_nothing_will_wake_is_found(ticket, ask):
    ask("DELETE FROM sla_dueitem WHERE threshold = 'due'")
    assert broken() == {"due_items"}


def test_a_due_item_fired_too_early_is_found(ticket, ask):
    ask("UPDATE sla_dueitem SET fired_at = fire_at WHERE threshold = 'due'")
    assert broken() == {"due_items"}


def test_a_stale_due_time_in_the_lists_is_found(ticket, ask):
    ask("UPDATE tickets_ticket SET next_due_at = next_due_at + interval '1 h'")
    assert broken() == {"next_due_at"}


def test_a_due_time_on_an_answered_ticket_is_found(ticket, gao, ask):
    tickets.accept(ticket, by=gao, at=timezone.now())
    tickets.resolve(ticket, by=gao, at=timezone.now(), text="已重新处理，谢谢。")
    ask("UPDATE tickets_ticket SET next_due_at = now()")
    assert broken() == {"next_due_at"}


def test_a_due_time_that_the_history_does_not_give_is_found(ticket, ask):
    clock = Clock.objects.get(metric="resolution", round=2)
    ask("UPDATE sla_clock SET due_at = due_at + interval '1 h' WHERE id = %s", clock.pk)
    assert "replay" in broken()


def test_a_notice_told_twice_is_found(ticket, chen, ask):
    notices.add(notices.to_user(chen, "alert", key="once", at=timezone.now()))
    ask("ALTER TABLE notices_notice DROP CONSTRAINT one_notice")
    copied = "key, kind, channel, user_id, address, language, topic, context, urgent, state, created_at, not_before"
    copied += ", attempts, message_id, error, returned"
    ask(f"INSERT INTO notices_notice ({copied}) SELECT {copied} FROM notices_notice WHERE key = 'once' LIMIT 1")
    assert broken() == {"notices"}


def test_a_missing_a_changed_and_an_orphan_file_are_found(company):
    at = timezone.now()
    lost, cut = (store(ContentFile(b"words", name=name), at=at) for name in ("lost.txt", "cut.txt"))
    os.remove(lost.file.path)
    with open(cut.file.path, "wb") as file:
        file.write(b"wo")
    orphan = os.path.join(os.path.dirname(cut.file.path), "orphan")
    with open(orphan, "wb") as file:
        file.write(b"?")
    found = text_of("files")
    assert lost.file.name in found and "2 bytes, and 5 on record" in found
    assert "orphan" not in found, "it may belong to an upload under way"
    os.utime(orphan, (0, 0))
    assert "orphan: no attachment is known" in text_of("files")


def test_a_department_without_an_open_part_is_found(ticket, logistics):
    Ticket.objects.filter(pk=ticket.pk).update(departments=[logistics.pk])
    assert broken() == {"departments"}


def test_a_case_of_several_departments_breaks_none_on_its_way(
    company, zhou, chen, lin, han, logistics, customer_service
):
    at = timezone.now() - timedelta(minutes=5)
    case = tickets.co_assign(a_ticket(at, department=company), department=logistics, task="查明破损", by=zhou, at=at)
    case = tickets.return_to_dispatch(case, reason="not_ours", by=chen, at=at)
    assert case.departments == [logistics.pk] and broken() == set()  # it still owes its part
    case = tickets.accept(tickets.assign(case, department=company, by=zhou, at=at), by=chen, at=at)
    case = tickets.co_done(case, text="箱体在中转时破损。", by=han, at=at)
    case = tickets.transfer(case, department=customer_service, reason="须客服解释", by=chen, at=at)
    assert broken() == set()
    case = tickets.decline_transfer(case, reason="仍须上门", by=lin, at=at)
    assert case.departments == [company.pk, logistics.pk] and broken() == set()
    case = tickets.rate(tickets.resolve(case, by=chen, at=at, text="已更换，谢谢。"), rating="dissatisfied", at=at)
    assert broken() == set()
    case = tickets.restore(tickets.void(case, reason="duplicate", by=zhou, at=at), by=zhou, at=at)
    assert case.departments == [logistics.pk] and broken() == set()


def test_an_open_part_that_the_ticket_does_not_show_is_found(ticket, logistics):
    Assignment.objects.create(ticket=ticket, department=logistics, role="co", assigned_at=timezone.now())
    assert broken() == {"departments"}


def test_a_ticket_that_its_handler_cannot_find_is_found(ticket, chen, ask):
    ask(f"UPDATE tickets_searchdocument SET tsv = ts_delete(tsv, '~u{ticket.owner_id}')")
    assert broken() == {"readers"}


def test_a_ticket_that_search_cannot_find_is_found(ticket, ask):
    ask("DELETE FROM tickets_searchdocument WHERE visibility = 'public'")
    assert broken() == {"search"}


def test_a_count_that_differs_from_its_list_is_found(ticket, monkeypatch):
    from config import invariants_figures

    told = dict(invariants_figures.TOLD) | {("volume", "received"): lambda answer: answer + 1}
    monkeypatch.setattr(invariants_figures, "TOLD", told)
    assert broken() == {"counts"}


def text_of(code: str) -> str:
    out = io.StringIO()
    try:
        call_command("invariants", stdout=out, only=[code])
    except CommandError:
        return out.getvalue()
    return ""


def test_the_command_lists_what_is_wrong_and_fails(ticket, ask):
    out = io.StringIO()
    call_command("invariants", stdout=out)
    assert "invariants hold" in out.getvalue()
    ask("UPDATE tickets_ticket SET status = 'new'")
    with pytest.raises(CommandError, match="1 of"):
        call_command("invariants", stdout=out)
    assert f"{ticket.number}: new in round 2; last event: assigned in round 2" in out.getvalue()

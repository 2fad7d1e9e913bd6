"""D6: closing files a case: a number without gaps, a class, how long it is kept; what is filed stays as it is."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from tests.make import NOON, a_ticket
from tickets import defaults
from tickets import services as tickets
from tickets.archive import services_filing
from tickets.models import ArchiveClass, ArchiveRecord, Handling, LegalHold, Message, Ticket
from tickets.tasks import close_quiet, file_waiting

pytestmark = pytest.mark.django_db
REFUSALS = (DatabaseError, InternalError, ProgrammingError)


@pytest.fixture(autouse=True)
def classes(db):
    defaults.create_archive_classes()


def archived(chen, after_sales, at=NOON, **fields):
    ticket = tickets.accept(a_ticket(department=after_sales, **fields), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已更换排水管，谢谢。", by=chen, at=NOON)
    return tickets.close(ticket, by=None, at=at)


def test_closing_gives_a_number_of_its_year_and_class_without_gaps(chen, after_sales):
    of = [
        archived(chen, after_sales, **fields).archive.number
        for fields in ({}, {"nature": "inquiry"}, {}, {"tier": "L1"}, {"is_bad_review": True}, {"nature": "suggestion"})
    ]
    assert of == [
        "DA-2026-TS-000001", "DA-2026-ZX-000001", "DA-2026-TS-000002", "DA-2026-ZD-000001", "DA-2026-CP-000001",
        "DA-2026-JY-000001",
    ]  # fmt: skip
    assert archived(chen, after_sales, at=NOON + timedelta(days=60)).archive.number == "DA-2027-TS-000001"


def test_how_long_it_is_kept_follows_from_its_class(chen, after_sales):
    assert archived(chen, after_sales).archive.keep_until == date(2031, 11, 23)
    ArchiveClass.objects.filter(code="JY").update(years=None)
    assert archived(chen, after_sales, nature="suggestion").archive.keep_until is None
    assert ArchiveClass(years=1).until(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_case_that_is_reopened_and_closed_again_keeps_its_number(chen, gao, after_sales):
    ticket = archived(chen, after_sales)
    number = ticket.archive.number
    ticket = tickets.reopen(ticket, reason="dissatisfied", by=gao, at=NOON)
    ticket = tickets.accept(ticket, by=gao, at=NOON)
    ticket = tickets.resolve(ticket, text="再次上门，谢谢。", by=gao, at=NOON)
    later = NOON + timedelta(days=400)
    tickets.close(ticket, by=None, at=later)
    row = ArchiveRecord.objects.get(ticket=ticket)
    assert (row.number, row.archived_at, row.keep_until) == (number, later, date(2032, 12, 28))


def test_the_nightly_closing_files_a_whole_batch_in_the_order_of_closing(chen, after_sales):
    made = []
    for nature in ("complaint", "inquiry", "complaint"):
        ticket = tickets.accept(a_ticket(department=after_sales, nature=nature, anonymous=True), by=chen, at=NOON)
        made.append(tickets.resolve(ticket, text="好了，谢谢。", by=chen, at=NOON))
    assert close_quiet((NOON + timedelta(days=8)).isoformat()) == 3
    assert [ArchiveRecord.objects.get(ticket=one).number[-9:] for one in made] == [
        "TS-000001",
        "ZX-000001",
        "TS-000002",
    ]


def test_what_was_closed_before_there_were_classes_is_filed_once_there_are(chen, after_sales):
    kept = list(ArchiveClass.objects.all())
    ArchiveClass.objects.all().delete()
    ticket = archived(chen, after_sales)
    assert not ArchiveRecord.objects.exists() and file_waiting() == 0
    ArchiveClass.objects.bulk_create(kept)
    assert (file_waiting(), file_waiting()) == (1, 0)
    assert ArchiveRecord.objects.get(ticket=ticket).number == "DA-2026-TS-000001"


def test_which_cases_wait_is_looked_up_once_however_many_batches_they_are(chen, after_sales, monkeypatch):
    kept = list(ArchiveClass.objects.all())
    ArchiveClass.objects.all().delete()
    made = [archived(chen, after_sales) for _ in range(5)]
    ArchiveClass.objects.bulk_create(kept)
    monkeypatch.setattr(services_filing, "BATCH", 2)
    with CaptureQueriesContext(connection) as seen:
        assert services_filing.file_waiting() == 5
    assert sum("ORDER BY" in row["sql"] and '"closed_at" ASC' in row["sql"] for row in seen) == 1
    assert [ArchiveRecord.objects.get(ticket=one).number[-6:] for one in made] == [f"{n:06d}" for n in range(1, 6)]


def test_many_are_filed_with_the_queries_of_one(chen, after_sales, django_assert_num_queries):
    kept = list(ArchiveClass.objects.all())
    ArchiveClass.objects.all().delete()
    for _ in range(7):
        archived(chen, after_sales)
    ArchiveClass.objects.bulk_create(kept)
    assert len(services_filing.file(Ticket.objects.all()[:1])) == 1
    with CaptureQueriesContext(connection) as of_one:
        services_filing.file(Ticket.objects.filter(archive=None)[:1])
    with django_assert_num_queries(len(of_one)):
        assert len(services_filing.file(Ticket.objects.filter(archive=None))) == 5


@pytest.mark.parametrize(
    "change",
    [{"subject": "改"}, {"content": "改"}, {"nature": "inquiry"}, {"tier": "L3"}, {"customer": None}, {"place": "改"},
     {"received_at": NOON - timedelta(days=1)}, {"source": "改"}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_the_content_of_an_archived_case_is_frozen_in_the_database(change, chen, after_sales):
    ticket = archived(chen, after_sales)
    with pytest.raises(REFUSALS, match="frozen"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


def test_what_was_said_found_and_decided_is_frozen_too(chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="排水口堵塞", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="清理", by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已清理，谢谢。", by=chen, at=NOON)
    tickets.close(ticket, by=None, at=NOON)
    for act in (
        lambda: Message.objects.filter(ticket=ticket).update(text="改"),
        lambda: Message.objects.filter(ticket=ticket).delete(),
        lambda: Handling.objects.filter(ticket=ticket).update(facts="改"),
        lambda: Handling.objects.filter(ticket=ticket).delete(),
    ):
        with pytest.raises(REFUSALS, match="frozen"), transaction.atomic():
            act()
    with pytest.raises(REFUSALS), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_ticket WHERE id = %s", [ticket.pk])


def test_no_verb_changes_an_archived_case_but_by_adding_to_it(chen, after_sales):
    ticket = archived(chen, after_sales)
    for verb, given in (
        ("classify", {"tier": "L1"}), ("assign", {"department": after_sales}), ("reply", {"text": "x"}),
        ("investigate", {"facts": "x"}), ("void", {"reason": "spam"}), ("split", {"subject": "x", "content": "x"}),
        ("change_first_contact", {"person": chen, "reason": "x"}),
        ("correct_customer", {"name": "李", "reason": "x"}),
    ):  # fmt: skip
        with pytest.raises(tickets.ActionNotAllowed):
            getattr(tickets, verb)(ticket, by=chen, at=NOON, **given)
    before = Ticket.objects.values().get(pk=ticket.pk)
    tickets.note(ticket, text="用户来电致谢。", by=chen, at=NOON)
    after = Ticket.objects.values().get(pk=ticket.pk)
    assert {name for name in before if before[name] != after[name]} == {"version"}


def test_a_case_still_moves_on_when_the_customer_comes_back(chen, gao, after_sales):
    assert tickets.reopen(archived(chen, after_sales), reason="dissatisfied", by=gao, at=NOON).round == 2


def test_a_hold_is_set_and_lifted_by_office_or_auditor_with_a_reason_on_record(chen, zhou, xu, after_sales):
    ticket = archived(chen, after_sales)
    with pytest.raises(tickets.ActionNotAllowed):
        services_filing.hold(ticket, reason="诉讼", by=chen, at=NOON)
    services_filing.hold(ticket, reason="消费者起诉", by=xu, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        services_filing.hold(ticket, reason="再次", by=zhou, at=NOON)
    services_filing.lift_hold(ticket, reason="已判决", by=zhou, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        services_filing.lift_hold(ticket, reason="再次", by=zhou, at=NOON)
    row = LegalHold.objects.get()
    assert (row.set_by, row.lifted_by, row.lifted_reason) == (xu, zhou, "已判决")
    told = ticket.events.filter(kind__startswith="hold").order_by("pk")
    assert [(event.kind, event.actor, event.data["reason"]) for event in told] == [
        ("hold", xu, "消费者起诉"), ("hold_lifted", zhou, "已判决"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_cases_closed_at_once_get_numbers_without_gap_though_some_closings_fail(chen, after_sales):
    defaults.create_archive_classes()
    made = []
    for number in range(12):
        ticket = tickets.accept(
            a_ticket(department=after_sales, nature="inquiry" if number % 2 else "complaint"), by=chen, at=NOON
        )
        made.append(tickets.resolve(ticket, text="好了，谢谢。", by=chen, at=NOON))
    start, failed = Barrier(4), []

    def close(mine):
        start.wait()
        for position, ticket in enumerate(mine):
            try:
                with transaction.atomic():
                    tickets.close(ticket, by=None, at=NOON)
                    if position == 1:
                        raise RuntimeError
            except RuntimeError:
                failed.append(ticket)
        connection.close()

    threads = [Thread(target=close, args=(made[first::4],)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 4
    numbers = sorted(ArchiveRecord.objects.values_list("number", flat=True))
    assert len(numbers) == 8
    for kind in ("TS", "ZX"):
        mine = [int(number[-6:]) for number in numbers if f"-{kind}-" in number]
        assert mine == list(range(1, len(mine) + 1))

"""The overview reads kept days; whatever happens to a ticket, they say what counting the tickets would say."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from reports import daily, kept, kpi, periods, sources, upkeep
from reports.models import DayFigures, Touched
from sla.models import Clock
from surveys.models import FollowUp
from tests.make import moment
from tests.people import department
from tests.reports.history import a_random_history
from tickets.models import Category, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
OCTOBER = periods.parse("2026-10-01", "2026-11-01")
SEPTEMBER = periods.previous(OCTOBER)
BY = ("department", "category", "channel", "nature", "tier", "region", "owner", "first_contact")


def told(source, by):
    groups = source.groups(by, daily.GROUP_CODES)
    return {
        "now": {code: additive(code, figure) for code, figure in source.now.items()},
        "before": {code: additive(code, figure) for code, figure in source.before.items() if code not in daily.LONG},
        "lines": {
            code: source.line(code, period, "day")
            for code in kpi.FIGURES
            if code not in ("void", "backlog", *daily.LONG)
            for period in (SEPTEMBER, OCTOBER)
        },
        "groups": {key: figures for key, figures in groups.items() if any(map(counts, figures.values()))},
        "matrix": sources.matrix_of(source),
    }


def additive(code, figure):
    if code in daily.LONG:  # the overview shows working time
        told = {name: value for name, value in figure["working"].items() if name != "max_s"}
        return told | {"unfinished": figure.get("unfinished")}
    if code == "breaches":
        return figure["missed"]
    return {k: v for k, v in figure.items() if not k.endswith("_tickets")} if isinstance(figure, dict) else figure


def counts(figure):
    return any(figure.values()) if isinstance(figure, dict) else figure


def count_everything(by="department"):
    """What the background job does for the page."""
    daily.note_changes()
    daily.refresh(daily.days_of(periods.Period(SEPTEMBER.start, OCTOBER.end)), sources.splits(by))
    daily.refresh_levels([OCTOBER, SEPTEMBER])


def assert_same(by="department", *, counted=False):
    """`counted` lets the background job count first; without it, the page counts what it lacks."""
    everything = Ticket.objects.all()
    if counted:
        count_everything(by)
    kept = told(sources.Kept(OCTOBER, SEPTEMBER, by), by)
    direct = told(sources.Direct(everything, OCTOBER, SEPTEMBER, "day"), by)
    for part in kept:
        for name in {*kept[part], *direct[part]}:
            assert kept[part].get(name) == direct[part].get(name), (part, name)
    return kept


@pytest.mark.parametrize("by", BY)
def test_every_figure_line_and_group(by):
    a_random_history(51, count=150)
    assert assert_same(by)["now"]["volume"] > 30
    assert not DayFigures.objects.exists()  # a page only reads
    assert assert_same(by, counted=True)["now"]["volume"] > 30


def test_mean_lengths_of_a_step_are_the_means_of_its_tickets():
    a_random_history(52, count=200)
    kept, direct = (
        sources.Kept(OCTOBER, SEPTEMBER, "tier"),
        sources.Direct(Ticket.objects.all(), OCTOBER, SEPTEMBER, "week"),
    )
    for code in daily.LONG:
        assert kept.line(code, OCTOBER, "week") == pytest.approx(direct.line(code, OCTOBER, "week"))


def the_busiest():
    return Ticket.objects.filter(merged_into=None, problem=None, status="closed", nature="complaint").first()


CHANGES = {
    "voided": lambda t: Ticket.objects.filter(pk=t.pk).update(status="void"),
    "merged": lambda t: Ticket.objects.filter(pk=t.pk).update(merged_into=Ticket.objects.exclude(pk=t.pk).first()),
    "classified": lambda t: Ticket.objects.filter(pk=t.pk).update(nature="inquiry", category=None, is_bad_review=False),
    "moved": lambda t: Ticket.objects.filter(pk=t.pk).update(department=department("new", "new"), owner=None),
    "resolved on another day": lambda t: Ticket.objects.filter(pk=t.pk).update(
        first_resolved_at=t.first_resolved_at - timedelta(days=9)
    ),
    "its clock decided otherwise": lambda t: Clock.objects.filter(ticket=t, round=1).update(
        state="met", decided_at=moment("2026-10-17 10:00")
    ),
    "its clock gone": lambda t: Clock.objects.filter(ticket=t).delete(),
    "answered": lambda t: FollowUp.objects.filter(ticket=t).update(
        answered_at=moment("2026-10-18 10:00"), rating="neutral"
    ),
    "returned": lambda t: TicketEvent.objects.create(
        ticket=t, at=moment("2026-10-19 10:00"), kind="return_to_dispatch", round=1, version=9, status="new", data={}
    ),
    "another customer's": lambda t: Ticket.objects.filter(pk=t.pk).update(customer=None),
    "a code renamed": lambda t: Category.objects.filter(code="delivery").update(code="transport"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_in_the_days_that_it_touches(change):
    a_random_history(53, count=120)
    assert_same(counted=True)
    change(the_busiest())
    assert Touched.objects.exists()
    assert_same()
    assert_same(counted=True)
    assert not Touched.objects.exists()


def test_a_new_ticket_of_an_old_day_is_counted():
    a_random_history(54, count=40)
    before = assert_same(counted=True)["now"]["volume"]
    ticket = Ticket.objects.first()
    ticket.pk, ticket.number, ticket.status, ticket.received_at = None, "N-1", "new", moment("2026-10-05 10:00")
    ticket.merged_into = None
    ticket.save(force_insert=True)
    assert assert_same()["now"]["volume"] == before + 1
    assert assert_same(counted=True)["now"]["volume"] == before + 1


def test_a_change_that_no_figure_reads_is_not_noted():
    a_random_history(55, count=10)
    assert_same(counted=True)
    Ticket.objects.update(next_due_at=moment("2026-10-05 10:00"), version=7, subject="-", needs_review=True)
    Clock.objects.update(due_version=4, soon_at=moment("2026-10-05 10:00"))
    assert not Touched.objects.exists()


def test_more_changes_than_are_worth_following_count_everything_again(monkeypatch):
    a_random_history(56, count=30)
    assert_same(counted=True)
    monkeypatch.setattr(daily, "EVERYTHING", 5)
    monkeypatch.setattr(kept, "FEW", 5)
    Ticket.objects.filter(nature="complaint").update(nature="inquiry")
    assert_same(counted=True)


def test_kept_days_are_read_and_not_counted_again(django_assert_max_num_queries):
    a_random_history(57, count=30)
    assert_same(counted=True)
    with django_assert_max_num_queries(5):
        sources.Kept(OCTOBER, SEPTEMBER, "department")


def test_what_is_kept_holds_no_text_of_a_ticket():
    a_random_history(58, count=30)
    Ticket.objects.update(subject="secret-word", content="secret-word")
    assert_same(counted=True)
    assert "secret-word" not in json.dumps(list(DayFigures.objects.values_list("figures", flat=True)))


def test_kept_tables_are_not_logged():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relpersistence = 'u' AND relname IN "
            "('reports_dayfigures', 'reports_daylengths', 'reports_touched')"
        )
        assert cursor.fetchone() == (3,)


# --- many tickets: nobody waits for the counting --------------------------------------------------
@pytest.fixture
def many(monkeypatch):
    """Every page is one of more tickets than are counted while its reader waits."""
    monkeypatch.setattr(kept, "FEW", 0)


def test_days_never_counted_are_named_and_left_out(many):
    a_random_history(59, count=60)
    page = sources.Kept(OCTOBER, SEPTEMBER, "department")
    assert len(page.pending) == 61
    assert page.now["volume"] == 0
    daily.refresh(daily.days_of(OCTOBER), sources.splits("department"))
    page = sources.Kept(OCTOBER, SEPTEMBER, "department")
    assert page.pending == daily.days_of(SEPTEMBER)
    assert page.now["volume"] == sources.Direct(Ticket.objects.all(), OCTOBER, SEPTEMBER, "day").now["volume"] > 0


def test_changed_days_are_told_as_they_were_until_counted_again(many):
    a_random_history(60, count=60)
    count_everything()
    before = sources.Kept(OCTOBER, SEPTEMBER, "department")
    assert (before.pending, before.old) == ([], False)
    gone = Ticket.objects.filter(received_at__range=(OCTOBER.start, OCTOBER.end)).exclude(status="void").first()
    Ticket.objects.filter(pk=gone.pk).update(status="void")
    for stage in (lambda: None, daily.note_changes):
        stage()
        page = sources.Kept(OCTOBER, SEPTEMBER, "department")
        assert (page.pending, page.old) == ([], True)
        assert page.now == before.now
    assert assert_same(counted=True)
    assert sources.Kept(OCTOBER, SEPTEMBER, "department").old is False


def test_what_a_page_asked_for_is_counted_by_the_next_run(many):
    a_random_history(61, count=20)
    page = sources.Kept(OCTOBER, SEPTEMBER, "tier")
    upkeep.ask(page.pending, sources.splits("tier"))
    upkeep.ask(page.pending, sources.splits("tier"))
    at = moment("2027-03-01 08:00")
    assert upkeep.as_counted() is None
    upkeep.keep_counted(at)
    assert sources.Kept(OCTOBER, SEPTEMBER, "tier").pending == []
    assert upkeep.as_counted() == at
    DayFigures.objects.all().delete()
    upkeep.keep_counted(at)
    assert not DayFigures.objects.filter(by="tier").exists()  # asked for once


def test_the_job_counts_this_month_and_the_two_before_and_then_has_nothing_to_do(django_assert_max_num_queries):
    a_random_history(62, count=20)
    upkeep.keep_counted(moment("2026-10-20 08:00"))
    assert DayFigures.objects.filter(by="").count() == 31 + 30 + 31
    with django_assert_max_num_queries(20):
        upkeep.keep_counted(moment("2026-10-20 08:01"))
    assert not DayFigures.objects.filter(stale=True).exists()


def test_stale_days_of_other_splits_are_counted_again_too():
    a_random_history(63, count=20)
    count_everything("tier")
    Ticket.objects.update(tier="L3")
    upkeep.keep_counted(moment("2027-05-01 08:00"))
    assert not DayFigures.objects.filter(stale=True).exists()
    assert_same("tier")


def test_a_second_builder_leaves_the_work_to_the_first():
    a_random_history(64, count=10)
    with ThreadPoolExecutor(1) as elsewhere, daily.alone() as mine:
        assert mine
        assert elsewhere.submit(another_session).result() is False


def another_session():
    try:
        with daily.alone() as mine:
            return mine
    finally:
        connection.close()

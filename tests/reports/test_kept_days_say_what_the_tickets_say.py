"""The overview reads kept days; whatever happens to a ticket, they say what counting the tickets would say."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from reports import daily, kpi, periods, sources
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


def assert_same(by="department"):
    everything = Ticket.objects.all()
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
    assert_same()
    change(the_busiest())
    assert Touched.objects.exists()
    assert_same()
    assert not Touched.objects.exists()


def test_a_new_ticket_of_an_old_day_is_counted():
    a_random_history(54, count=40)
    before = assert_same()["now"]["volume"]
    ticket = Ticket.objects.first()
    ticket.pk, ticket.number, ticket.status, ticket.received_at = None, "N-1", "new", moment("2026-10-05 10:00")
    ticket.merged_into = None
    ticket.save(force_insert=True)
    assert assert_same()["now"]["volume"] == before + 1


def test_a_change_that_no_figure_reads_is_not_noted():
    a_random_history(55, count=10)
    assert_same()
    Ticket.objects.update(next_due_at=moment("2026-10-05 10:00"), version=7, subject="-", needs_review=True)
    Clock.objects.update(due_version=4, soon_at=moment("2026-10-05 10:00"))
    assert not Touched.objects.exists()


def test_more_changes_than_are_worth_following_count_everything_again(monkeypatch):
    a_random_history(56, count=30)
    assert_same()
    monkeypatch.setattr(daily, "EVERYTHING", 5)
    Ticket.objects.filter(nature="complaint").update(nature="inquiry")
    assert_same()


def test_kept_days_are_read_and_not_counted_again(django_assert_max_num_queries):
    a_random_history(57, count=30)
    assert_same()
    with django_assert_max_num_queries(9):
        sources.Kept(OCTOBER, SEPTEMBER, "department")


def test_what_is_kept_holds_no_text_of_a_ticket():
    a_random_history(58, count=30)
    Ticket.objects.update(subject="secret-word", content="secret-word")
    assert_same()
    assert "secret-word" not in json.dumps(list(DayFigures.objects.values_list("figures", flat=True)))


def test_kept_tables_are_not_logged():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relpersistence = 'u' AND relname IN "
            "('reports_dayfigures', 'reports_daylengths', 'reports_touched')"
        )
        assert cursor.fetchone() == (3,)

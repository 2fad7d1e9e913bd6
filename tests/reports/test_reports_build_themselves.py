from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from reports import periods, services, tasks
from reports.models import Report
from tests.make import a_ticket, moment
from tickets import services as tickets


@pytest.fixture
def a_case(db):
    return a_ticket(moment("2026-10-05 10:00"))


def built(at):
    return [
        (report.kind, f"{report.start.astimezone(periods.ZONE):%Y-%m-%d}")
        for report in services.build_due(at=moment(at))
    ]


@pytest.mark.django_db
def test_on_the_first_working_day_and_not_before(a_case):
    Report.objects.create(
        kind="quarter",
        start=moment("2026-07-01 00:00"),
        end=moment("2026-10-01 00:00"),
        figures={},
        sha256="",
        built_at=moment("2026-10-09 09:00"),
    )
    assert built("2026-10-31 23:50") == [("week", "2026-10-19")]
    assert built("2026-11-01 09:00") == []  # a Sunday
    assert built("2026-11-02 00:10") == [("week", "2026-10-26"), ("month", "2026-10-01")]
    assert built("2026-11-02 09:00") == []


@pytest.mark.django_db
def test_late_after_an_outage_and_as_drafts(a_case):
    assert ("month", "2026-10-01") in built("2026-11-18 15:00")
    assert set(Report.objects.values_list("state", "built_by")) == {("draft", None)}


@pytest.mark.django_db
def test_one_that_is_there_is_left_alone_though_its_figures_changed(a_case, zhou):
    services.build_due(at=moment("2026-11-02 09:00"))
    tickets.void(a_case, reason="spam", by=zhou, at=moment("2026-11-02 10:00"))
    assert built("2026-11-02 11:00") == []
    assert Report.objects.get(kind="month").figures["figures"]["volume"] == 1


@pytest.mark.django_db
def test_nothing_is_built_of_a_time_before_the_first_ticket():
    assert built("2026-11-02 09:00") == []


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_build_one():
    a_ticket(moment("2026-10-05 10:00"))

    def beat(_n):
        try:
            return len(services.build_due(at=moment("2026-11-02 09:00")))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(beat, range(2))) == Report.objects.count() == 2
    assert set(Report.objects.values_list("version", flat=True)) == {1}


def test_beat_asks_every_hour():
    entry = settings.CELERY_BEAT_SCHEDULE["reports"]
    assert entry["task"] == tasks.build_due.name
    assert (entry["schedule"].hour, entry["schedule"].minute) == (set(range(24)), {10})

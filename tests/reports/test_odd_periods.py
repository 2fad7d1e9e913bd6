"""Periods as strangers write them: a page, a 400 or the present month, never an error of ours (S-11, S-14)."""

import pytest

from reports.models import Report

pytestmark = pytest.mark.django_db
DAYS = ["0001-01-01", "0002-01-01", "1969-12-31", "2200-01-02", "9999-12-31", "2026-02-30", "abc", "'"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("kind", ["week", "year"])
def test_a_day_beyond_the_calendar_shows_the_present_month(client, zhou, day, kind):
    client.force_login(zhou)
    assert client.get("/reports/", {"day": day, "kind": kind}).status_code == 200


@pytest.mark.parametrize("day", DAYS)
def test_no_report_is_built_of_a_day_beyond_the_calendar(client, zhou, day):
    client.force_login(zhou)
    assert client.post("/reports/documents/build/", {"day": day, "kind": "month"}).status_code == 302
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01", "2026-01-01"), ("9998-01-01", "9999-12-31"), ("2026-02-01", "2026-01-01"), ("x", "y"), ("", ""),
     ("2026-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")],
)  # fmt: skip
def test_figures_of_a_period_that_cannot_be_are_refused(client, zhou, start, end):
    client.force_login(zhou)
    answer = client.get("/api/v1/kpis/", {"from": start, "to": end})
    assert answer.status_code == 400
    assert "from" in answer.json()["errors"]


def test_more_than_a_year_of_days_at_once_is_refused(client, zhou):
    client.force_login(zhou)
    answer = client.get("/api/v1/kpis/", {"from": "1970-01-01", "to": "2200-01-01", "interval": "day"})
    assert answer.status_code == 400
    assert "interval" in answer.json()["errors"]


def test_figures_are_shown_while_the_cache_is_out_of_reach(client, zhou, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    client.force_login(zhou)
    assert client.get("/reports/").status_code == 200

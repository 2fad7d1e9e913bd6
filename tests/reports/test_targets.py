import pytest
from django.db import Error, transaction
from django.urls import reverse

from reports import periods, services, targets, views
from reports.definitions import DEFINITIONS
from reports.models import KpiTarget
from tests.make import a_ticket, moment

pytestmark = pytest.mark.django_db
FIRST, SECOND = moment("2026-11-02 09:00"), moment("2026-11-03 09:00")
PAGE = "reports:targets"


def test_the_latest_decision_holds_and_the_others_stay_on_record(zhou, he):
    targets.set_targets({"satisfaction": 0.8, "resolution_time": 3600.0}, by=zhou, at=FIRST)
    targets.set_targets({"satisfaction": None, "resolution_time": 3600.0}, by=he, at=SECOND)
    now = targets.current()
    assert (now["satisfaction"], now["resolution_time"]) == (None, 3600.0)
    assert now["repeat_rate"] == DEFINITIONS["repeat_rate"].target
    told = [
        (each["decision"].code, each["before"], each["decision"].value, each["decision"].set_by)
        for each in targets.history()
    ]
    assert told[0] == ("satisfaction", 0.8, None, he)
    assert sorted(told[1:]) == [("resolution_time", 86400.0, 3600.0, zhou), ("satisfaction", 0.9, 0.8, zhou)]


def test_what_is_so_already_is_no_decision(zhou):
    assert targets.set_targets({"satisfaction": 0.9, "volume": 5.0}, by=zhou, at=FIRST) == []


def test_a_decision_cannot_be_changed_afterwards(zhou):
    targets.set_targets({"satisfaction": 0.8}, by=zhou, at=FIRST)
    for undo in (lambda: KpiTarget.objects.update(value=0.1), lambda: KpiTarget.objects.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            undo()


@pytest.mark.parametrize(
    "who, reads, writes",
    [("zhou", 200, 302), ("he", 200, 403), ("tang", 200, 403), ("xu", 200, 403), ("gao", 403, 403), ("lin", 403, 403)],
)
def test_who_reads_and_who_decides(client, request, who, reads, writes):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(PAGE)).status_code == reads
    assert client.post(reverse(PAGE), {"satisfaction": "70"}).status_code == writes
    assert KpiTarget.objects.filter(code="satisfaction", value=0.7).exists() == (writes == 302)


def given(**changed):
    """What the page shows, as a browser sends it back."""
    from reports.forms import TargetsForm

    form = TargetsForm(current=targets.current())
    values = {name: field.initial for name, field in form.fields.items()}
    return {name: "" if value is None else str(value) for name, value in (values | changed).items()}


def test_saving_the_page_as_it_is_decides_nothing(client, zhou):
    client.force_login(zhou)
    client.post(reverse(PAGE), given())
    assert not KpiTarget.objects.exists()


def test_a_target_of_the_page_is_that_of_the_overview_and_of_the_next_report_only(client, zhou, monkeypatch):
    monkeypatch.setattr(views, "FRESH_SECONDS", 0)
    a_ticket(moment("2026-10-05 10:00"))
    old = services.build_report(kind="month", start=periods.parse_start("2026-10"), at=FIRST, by=None)
    client.force_login(zhou)
    page = client.post(
        reverse(PAGE), given(satisfaction=77.5, backlog=12, first_response_time=2.5), follow=True
    ).content.decode()
    assert zhou.name in page and "77.5%" in page
    assert (
        targets.current() | {"satisfaction": 0.775, "backlog": 12.0, "first_response_time": 9000.0} == targets.current()
    )
    assert "≥ 77.5%" in client.get(reverse("reports:overview"), {"day": "2026-10-15"}).content.decode()
    new = services.build_report(kind="month", start=periods.parse_start("2026-10"), at=SECOND, by=None)
    old.refresh_from_db()
    assert (old.figures["targets"]["satisfaction"], new.figures["targets"]["satisfaction"]) == (0.9, 0.775)


@pytest.mark.parametrize("bad", ["101", "-1", "nan", "inf", "x", "1e400"])
def test_a_target_that_makes_no_sense_is_refused(client, zhou, bad):
    client.force_login(zhou)
    assert client.post(reverse(PAGE), given(satisfaction=bad)).status_code == 200
    assert not KpiTarget.objects.exists()

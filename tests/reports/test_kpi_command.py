import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports import kpi
from reports.definitions import DEFINITIONS
from tests.make import a_ticket, moment
from tickets import services as tickets
from tickets.models import Customer

pytestmark = pytest.mark.django_db


def told(*arguments):
    out = StringIO()
    call_command("kpi", "--from", "2026-10-01", "--to", "2026-11-01", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def one_answered_case(chen, after_sales, zhou):
    """Received Friday 9 October 17:00 (a make-up week: Saturday the 10th is worked), answered Monday 10:00."""
    ticket = a_ticket(moment("2026-10-09 17:00"), channel="phone", department=after_sales)
    tickets.accept(ticket, by=chen, at=moment("2026-10-09 17:30"))
    tickets.reply(ticket, text="已为您更换排水管，谢谢。", by=chen, at=moment("2026-10-12 10:00"))
    return tickets.resolve(ticket, by=chen, at=moment("2026-10-12 11:00"))


def test_the_shape_of_the_contract(one_answered_case):
    answer = told()
    assert answer["period"] == {"from": "2026-10-01T00:00:00+08:00", "to": "2026-11-01T00:00:00+08:00"}
    assert answer["figures"]["volume"] == 1
    assert answer["figures"]["first_response_rate"].keys() == {"met", "decided", "rate", "running"}
    assert answer["figures"]["first_response_time"]["clock"].keys() == {"mean_s", "median_s", "p90_s", "max_s", "n"}
    assert "groups" not in answer


def test_durations_in_clock_time_and_in_working_time(one_answered_case):
    times = told()["figures"]["first_response_time"]
    assert times["clock"]["mean_s"] == 65 * 3600
    # Friday 17 to 18, the make-up Saturday's eight hours, Monday 9 to 10.
    assert times["working"]["mean_s"] == (1 + 8 + 1) * 3600


def test_groups_stand_beside_the_total(one_answered_case):
    answer = told("--by", "channel")
    assert [(group["key"], group["figures"]["volume"]) for group in answer["groups"]] == [("phone", 1)]
    assert answer["figures"]["volume"] == 1
    months = told("--interval", "month")
    assert [group["key"] for group in months["groups"]] == ["2026-10"]


def test_a_ticket_received_at_the_end_belongs_to_the_next_period():
    a_ticket(moment("2026-11-01 00:00"))
    a_ticket(moment("2026-10-01 00:00"))
    assert told()["figures"]["volume"] == 1


def test_a_void_ticket_is_shown_apart(zhou):
    tickets.void(a_ticket(moment("2026-10-02 10:00")), reason="spam", by=zhou, at=moment("2026-10-02 11:00"))
    figures = told()["figures"]
    assert (figures["volume"], figures["void"], figures["backlog"]["open"]) == (0, 1, 0)


def test_what_was_merged_is_one_voice_and_no_case(zhou):
    """A merge hides no voice: it ends void, and is not counted among what was declared so."""
    wang = Customer.objects.create(name="王", created_at=moment("2026-10-01 10:00"))
    first, second = (a_ticket(moment(f"2026-10-02 1{hour}:00"), customer=wang) for hour in (0, 1))
    tickets.merge(second, into=first, by=zhou, at=moment("2026-10-02 12:00"))
    figures = told()["figures"]
    assert (figures["volume"], figures["void"], figures["backlog"]["open"]) == (2, 0, 1)


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(CommandError):
        call_command("kpi", "--from", "2026-11-01", "--to", "2026-10-01")


def test_every_figure_has_its_definition():
    assert kpi.FIGURES.keys() == DEFINITIONS.keys()

import pytest

from reports import kpi, periods
from reports.split import Split
from tests.reports.history import a_random_history
from tests.reports.oracle import Oracle
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
OCTOBER = periods.parse("2026-10-01", "2026-11-01")


def city_of(code):
    if code and code[:2] in {"11", "12", "31", "50"}:
        return code[:2] + "0000"
    return code and code[:4] + "00"


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_says_what_its_definition_says(seed):
    a_random_history(seed)
    told, expected = kpi.figures(Ticket.objects.all(), OCTOBER)["figures"], Oracle(OCTOBER).figures()
    assert told.keys() == expected.keys()
    for code in told:
        assert told[code] == expected[code], code


@pytest.mark.parametrize(
    "by, of",
    [
        ("channel", lambda ticket: ticket.channel),
        ("nature", lambda ticket: ticket.nature),
        ("category", lambda ticket: ticket.category and ticket.category.code),
        ("owner", lambda ticket: ticket.owner and ticket.owner.username),
        ("first_contact", lambda ticket: ticket.first_contact and ticket.first_contact.username),
        ("region", lambda ticket: ticket.region_id and ticket.region_id[:2] + "0000"),
        ("city", lambda ticket: city_of(ticket.region_id)),
        ("tier", lambda ticket: ticket.tier),
        ("customer_class", lambda ticket: (ticket.customer and ticket.customer.customer_class) or None),
    ],
)
def test_a_group_is_the_figure_of_its_own_tickets(by, of):
    a_random_history(7, count=200)
    groups = kpi.figures(Ticket.objects.all(), OCTOBER, Split(by=(by,)))["groups"]
    assert {group["key"] for group in groups} == {of(ticket) for ticket in Ticket.objects.all()}
    for group in groups:
        expected = Oracle(OCTOBER, lambda ticket, key=group["key"]: of(ticket) == key).figures()
        assert group["figures"] == expected


def test_a_week_is_the_figure_of_the_week():
    a_random_history(9, count=300)
    groups = kpi.figures(Ticket.objects.all(), OCTOBER, Split(interval="week"))["groups"]
    assert [group["key"] for group in groups] == ["2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44"]
    for group, (_key, week) in zip(groups, periods.steps(OCTOBER, "week"), strict=True):
        expected = Oracle(week).figures()
        for code, value in group["figures"].items():
            # What is still unfinished or running belongs to the whole period, not to one of its weeks.
            for figure in (value, expected[code]):
                if isinstance(figure, dict):
                    figure.pop("running", None), figure.pop("unfinished", None)
            assert value == expected[code], (group["key"], code)


def test_returns_belong_to_the_department_that_returned_them():
    a_random_history(11, count=200)
    groups = kpi.figures(Ticket.objects.all(), OCTOBER, Split(by=("department",)))["groups"]
    for group in groups:
        returns = [
            event
            for event in Oracle(OCTOBER).events("return_to_dispatch", 1)
            if event.data["department"] == group["key"]
        ]
        assert group["figures"]["return_rate"]["returned"] == len(returns)


def test_last_period_in_the_same_query_is_last_period():
    a_random_history(13, count=300)
    september = periods.previous(OCTOBER)
    span = periods.Period(september.start, OCTOBER.end)
    for code in ("volume", "handling_timeliness", "resolution_time", "satisfaction", "return_rate", "breaches"):
        answer = kpi.FIGURES[code].measure(Ticket.objects.all(), span, Split(divide_at=OCTOBER.start))
        before, now = Oracle(september).figures()[code], Oracle(OCTOBER).figures()[code]
        for figure in (before, answer.before):
            if isinstance(figure, dict):
                figure.pop("running", None), figure.pop("unfinished", None)
        assert (answer.before, answer.total) == (before, now), code


def test_one_query_a_figure_whatever_it_is_split_by(django_assert_num_queries):
    a_random_history(17, count=30)
    for code, figure in kpi.FIGURES.items():
        extra = 2 if code.endswith("_time") else 0  # the oldest ticket and the office calendar
        with django_assert_num_queries(1 + extra):
            figure.measure(Ticket.objects.all(), OCTOBER, Split(by=("department",)))

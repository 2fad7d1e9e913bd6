from random import Random

import pytest

from reports import counted, kpi, periods
from reports.split import Split
from tests.reports.history import a_random_history
from tickets import figures
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
OCTOBER = periods.parse("2026-10-01", "2026-11-01")
ADDRESS = {"from": "2026-10-01", "to": "2026-11-01"}


def numbers(code, answer):
    """(part, number) of every number of a figure that counts tickets."""
    if not isinstance(answer, dict):
        return [("", answer)]
    if code == "backlog":
        return [("open", answer["open"]), *answer["ages"].items()]
    if code.endswith("_time"):
        return [("n", answer["clock"]["n"]), ("unfinished", answer["unfinished"])]
    if code == "breaches":
        return [("tickets", answer["tickets"])]
    known = counted.PARTS[code]
    return [(part, number) for part, number in answer.items() if part in known]


def test_each_number_of_every_figure():
    a_random_history(21)
    seen = 0
    for code, figure in kpi.FIGURES.items():
        for part, number in numbers(code, figure.measure(Ticket.objects.all(), OCTOBER).total):
            listed = figures.apply(code, Ticket.objects.all(), ADDRESS | {"part": part})
            assert listed.count() == number, (code, part)
            seen += number
    assert seen > 500


@pytest.mark.parametrize("by", ["department", "category", "region", "city", "first_contact"])
def test_each_number_of_a_group(by):
    a_random_history(22, count=150)
    for code, figure in kpi.FIGURES.items():
        groups = figure.measure(Ticket.objects.all(), OCTOBER, Split(by=(by,))).groups
        some = Random(f"{by} {code}").sample(list(groups.items()), k=min(3, len(groups)))  # others for each figure
        for (key,), answer in some:
            for part, number in numbers(code, answer):
                listed = figures.apply(code, Ticket.objects.all(), ADDRESS | {"part": part, "of": f"{by}:{key or ''}"})
                assert listed.count() == number, (code, part, key)


def test_two_dimensions_at_once():
    a_random_history(23, count=150)
    answer = kpi.volume(Ticket.objects.all(), OCTOBER, Split(by=("channel", "category")))
    for (channel, category), number in answer.groups.items():
        of = f"channel:{channel},category:{category or ''}"
        assert figures.apply("volume", Ticket.objects.all(), ADDRESS | {"of": of}).count() == number


def test_the_list_holds_only_what_the_reader_may_see():
    a_random_history(24, count=60)
    seen = Ticket.objects.filter(channel="web")
    listed = figures.apply("volume", seen, ADDRESS)
    assert set(listed.values_list("channel", flat=True)) == {"web"}
    assert listed.count() == kpi.volume(seen, OCTOBER).total


@pytest.mark.parametrize(
    "broken", [{"from": "yesterday"}, {"to": "2026-10-01"}, {"part": "nothing"}, {"of": "shoe_size:44"}, {"from": ""}]
)
def test_an_address_that_cannot_be_read_says_so(broken):
    with pytest.raises(ValueError):
        figures.apply("first_response_rate", Ticket.objects.all(), ADDRESS | broken)

"""The rail: a short one shows everything, a long one folds the groups that do not hold the present page."""

import pytest
from django.urls import reverse

from common import rail
from common.rail import Entry
from config.navigation import PLACES


def entries(count, here=-1):
    return [
        Entry("x:y", f"place {n}", "list", group="" if n < 3 else f"group {n // 6}", here=n == here)
        for n in range(count)
    ]


def test_a_short_rail_is_all_open():
    assert [group.open for group in rail.groups(entries(rail.LONG))] == [True] * 4


def test_a_long_rail_folds_all_groups_but_the_one_that_holds_the_page():
    folded = {group.label: group.open for group in rail.groups(entries(24, here=13)) if group.label}
    assert folded == {"group 0": False, "group 1": False, "group 2": True, "group 3": False}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.url_name)
def test_every_place_has_an_address(place):
    assert reverse(place.url_name)


def test_the_covered_pages_exist_and_belong_to_one_place_only():
    from django.urls import get_resolver

    known = {
        f"{space}:{name}"
        for space, (_, inner) in get_resolver().namespace_dict.items()
        for name in inner.reverse_dict
        if isinstance(name, str)
    }
    covered = [name for place in PLACES for name in place.covers.split()]
    assert len(covered) == len(set(covered))
    assert set(covered) <= known

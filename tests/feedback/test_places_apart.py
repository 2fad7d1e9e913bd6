"""Every division is found as people name it; names of divisions inside other words are not taken for places (C3.1)."""

import pytest

from feedback.text import places
from tests import places_apart


@pytest.fixture(scope="module")
def recall():
    return places_apart.recall()


@pytest.mark.parametrize(
    ("way", "least"),
    [("with all above it", 1), ("behind the one above it", 1), ("its name alone", 0.97), ("its stem alone", 0.75)],
)
def test_every_division_is_found_as_people_name_it(recall, way, least):
    counts = recall[way]
    assert counts["right"] / counts.total() >= least
    assert counts["other"] / counts.total() < 0.005


def test_what_was_taken_for_a_place_is_taken_for_one_no_more():
    assert places_apart.wrong(places_apart.MENDED) == []
    assert len(places_apart.wrong(places_apart.AGAIN)) <= 21


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("沧州市南皮县的网点", "130927"), ("寄到襄阳市南漳县", "420624"), ("广州市南沙区", "440115"),
        ("青岛市南区", "370202"), ("济南市中区", "370103"), ("三明的门店", "350400"), ("开封的用户", "410200"),
    ],
)  # fmt: skip
def test_a_city_may_share_its_last_character_with_a_district_but_not_with_a_county(text, expected):
    assert places.official().find(text).code == expected

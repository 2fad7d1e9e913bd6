"""Of real letters the place that their title names is found, and seldom another one (A3.1 C3.1)."""

from collections import Counter

import pytest

from tests import regions_measured

pytestmark = pytest.mark.skipif(not regions_measured.DATA.is_dir(), reason=f"no letters at {regions_measured.DATA}")
LEAST = {"written out": 0.97, "as people say": 0.87}
MOST_WRONG = {"written out": 0.02, "as people say": 0.03, "no place named": 0.07}


@pytest.fixture(scope="module")
def figures() -> dict[str, Counter[str]]:
    return regions_measured.measured()


def test_the_letters_are_there(figures: dict[str, Counter[str]]) -> None:
    assert {style: counts.total() for style, counts in figures.items()} == {
        "written out": 1425, "as people say": 1425, "no place named": 4326,
    }  # fmt: skip


@pytest.mark.parametrize("style", LEAST)
def test_the_place_is_found(figures: dict[str, Counter[str]], style: str) -> None:
    assert figures[style]["right"] / figures[style].total() >= LEAST[style]


@pytest.mark.parametrize("style", MOST_WRONG)
def test_another_place_is_seldom_taken_for_it(figures: dict[str, Counter[str]], style: str) -> None:
    assert figures[style]["other"] / figures[style].total() <= MOST_WRONG[style]

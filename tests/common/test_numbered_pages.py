"""A number in an address is read strictly, and a page of a list tells of those beside it."""

import pytest
from django.test import RequestFactory

from common.numbered_pages import page_of
from common.text import whole_number

ROWS = list(range(1, 8))


@pytest.mark.parametrize("text", ["", " 1", "+1", "-1", "1.0", "²", "１", "1e3", "9" * 19, "9" * 5000])
def test_what_is_no_plain_number_of_a_key_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_digits_are_counted() -> None:
    assert (whole_number("0"), whole_number("9" * 18), whole_number("999999", digits=5)) == (0, 10**18 - 1, None)


@pytest.mark.parametrize(
    ("asked", "rows", "around"),
    [
        ("", [1, 2, 3], (1, 3, "", "?q=a&page=2")),
        ("q=a&page=2", [4, 5, 6], (4, 6, "?q=a&page=1", "?q=a&page=3")),
        ("q=a&page=3", [7], (7, 7, "?q=a&page=2", "")),
        ("q=a&page=4", [], (0, 9, "?q=a&page=3", "")),
        ("q=a&page=0", [1, 2, 3], (1, 3, "", "?q=a&page=2")),
        ("q=a&page=-1", [1, 2, 3], (1, 3, "", "?q=a&page=2")),
    ],
)
def test_a_page_tells_of_the_pages_beside_it(asked: str, rows: list[int], around: tuple[object, ...]) -> None:
    page = page_of(RequestFactory().get("/?" + (asked or "q=a")), ROWS, size=3)
    assert (page.rows, tuple(page.around.values())) == (rows, around)

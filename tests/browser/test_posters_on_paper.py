"""Posters come out of the printer as they are meant: a sheet each, and nothing else on it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_two_places_are_two_sheets(visit):
    found = visit("zhou")
    found.goto("/posters/?places=%E5%A4%A7%E5%8E%85%0A%E8%BD%A6%E7%AB%99")
    printed = found.page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 2
    found.page.emulate_media(media="print")
    assert not found.page.locator("#ringing").is_visible(), "a caller's number is not printed along"

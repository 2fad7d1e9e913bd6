"""What is done with ticked cases: out of the way on a phone until one is ticked, in sight while one scrolls."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_the_bar_comes_with_the_first_tick_and_stays_in_sight(visit):
    found = visit("zhou", width=360)
    found.goto("/tickets/")
    bar, ticks = found.page.locator(".bulk"), found.page.locator("td.pick input")
    assert not bar.is_visible()
    ticks.last.check()
    assert bar.is_visible()
    ticks.last.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box and 0 <= box["y"] < 200
    ticks.last.uncheck()
    assert not bar.is_visible()


def test_it_is_always_there_on_a_desk(visit):
    found = visit("zhou")
    found.goto("/tickets/")
    assert found.page.locator(".bulk").is_visible()

"""What stays in sight hides nothing: the bar for ticked cases, the rail of a phone, the head of a list that became cards,
the way through public pages."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HIDDEN = """() => { const one = document.activeElement, box = one.getBoundingClientRect();
    return one !== document.body && !one.closest(".rail") && box.top > document.querySelector(".rail").getBoundingClientRect().top }"""


def test_the_bar_for_ticked_cases_comes_with_the_first_tick_on_a_phone_and_stays_in_sight(visit):
    found = visit("zhou", width=360)
    found.goto("/tickets/")
    bar, last = found.page.locator(".bulk"), found.page.locator("td [name=pick]").last
    assert not bar.is_visible()
    last.check()
    box = bar.bounding_box()
    assert box and 0 <= box["y"] < 200
    last.uncheck()
    assert not bar.is_visible()
    found.page.locator("thead input").focus()
    clipped = "getComputedStyle(document.querySelector('thead')).clipPath"
    assert found.page.evaluate(clipped) == "none", "who comes there by keyboard sees it"


def test_the_focus_is_not_behind_the_rail_of_a_phone(visit, site):
    found = visit("zhou", width=360)
    found.goto(site.pages["ticket"])
    behind = []
    for _step in range(60):
        found.page.keyboard.press("Tab")
        if found.page.evaluate(HIDDEN):
            behind.append(found.page.evaluate("document.activeElement.outerHTML.slice(0, 90)"))
    assert behind == []


@pytest.mark.parametrize("company", ["Chengchuan Appliances", "Chengchuan Household Appliances"])
def test_the_places_of_the_public_pages_stand_in_one_line_on_a_tablet_whatever_the_company_is_called(visit, company):
    found = visit(language="en", width=690)
    found.goto("/")
    lines = """name => { document.querySelector(".site .brand b").textContent = name;
        return [...document.querySelectorAll(".site nav a")].map(a => {
            const text = document.createRange(); text.selectNodeContents(a); return text.getClientRects().length }) }"""
    assert found.page.evaluate(lines, company) == [1] * 5
    assert found.page.evaluate("document.documentElement.scrollWidth") == 690

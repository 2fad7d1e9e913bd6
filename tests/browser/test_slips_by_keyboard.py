"""Thirty slips of a suggestion box without a mouse; what is wrong comes back, what was typed survives a reload."""

import pytest

from feedback.models import BoxOpening

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_thirty_slips_are_typed_registered_and_mended_by_keyboard_alone(visit, site):
    found = visit("lin")
    found.goto(site.pages["opening"])
    page = found.page
    for index in range(30):
        page.keyboard.type(f"Slip {index}: the hall is too cold")
        if index == 4:  # nature, name, telephone
            for _ in range(3):
                page.keyboard.press("Tab")
            page.keyboard.type("12")
        if index < 29:
            page.keyboard.press("Enter")
    assert page.locator("[data-row]").count() == 30
    page.wait_for_timeout(600)
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    assert page.locator("[data-row]").count() == 30
    assert page.locator("[name=r29-content]").input_value().startswith("Slip 29")
    with page.expect_navigation():
        page.locator("[name=r0-content]").press("Control+Enter")
    assert page.locator("[data-row]").count() == 1
    assert page.locator("[name=r4-content]").input_value().startswith("Slip 4:")
    page.wait_for_timeout(600)  # the draft now holds the wrong row alone
    assert "Slip 5" not in page.evaluate("JSON.stringify(localStorage)")
    page.locator("[name=r4-phone]").fill("13800001234")
    with page.expect_navigation():
        page.locator("[name=r4-phone]").press("Control+Enter")
    opening = BoxOpening.objects.get(pk=int(site.pages["opening"].split("/")[-2]))
    assert opening.slips.count() == 30
    assert [line for line in found.complaints if "422" not in line] == []

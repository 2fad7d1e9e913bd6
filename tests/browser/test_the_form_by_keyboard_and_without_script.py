"""The public form needs neither a mouse nor a script (`interface.md`)."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WORDS = "送货时把门框碰坏了，司机说会有人联系，三天没有消息。"


def test_the_form_is_filled_and_sent_by_keyboard_alone(visit):
    found = visit(width=360)
    found.goto("/")
    page, reached = found.page, []

    def tab_to(name: str) -> None:
        """Press Tab until the field has the focus, as a person without a mouse does."""
        for _ in range(40):
            page.keyboard.press("Tab")
            here = page.evaluate("[document.activeElement.name || document.activeElement.type || '', !!outlined()]")
            reached.append(here)
            if here[0] == name:
                return
        raise AssertionError(f"{name} cannot be reached: {reached}")

    page.evaluate(
        """window.outlined = () => {
            const e = document.activeElement, box = e.closest("label") || e
            if (e.type === "datetime-local") return true  // the browser marks the part of the date that has the focus
            return [e, box].some(x => getComputedStyle(x).outlineStyle !== "none")
        }"""
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href') || ''").startswith("#"), (
        "first comes the skip link"
    )
    tab_to("nature")
    page.keyboard.press("Space")
    tab_to("content")
    page.keyboard.type(WORDS)
    tab_to("anonymous")
    page.keyboard.press("ArrowDown")
    tab_to("submit")
    assert [name for name, outlined in reached if not outlined] == [], "the focus is seen everywhere"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/receipt/" in page.url, page.locator("main").inner_text()
    assert re.search(r"Q\d{8}-\d{6}", page.locator("#number").inner_text())
    assert found.complaints == []


def test_what_is_missing_is_told_at_the_top_and_leads_to_its_field(visit):
    found = visit()
    found.goto("/")
    page = found.page
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert", "the summary has the focus"
    link = page.locator("[role=alert] a[href='#id_content']")
    link.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_content"
    assert page.locator("#id_content").get_attribute("aria-invalid") == "true"


def test_the_form_works_without_javascript(visit):
    found = visit(javascript=False)
    found.goto("/")
    page = found.page
    page.check("input[name=nature][value=complaint]", force=True)
    page.fill("[name=content]", WORDS)
    page.fill("[name=name]", "王小明")
    page.fill("[name=phone]", "13800001234")
    page.check("input[name=consent]", force=True)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert re.search(r"Q\d{8}-\d{6}", page.locator("#number").inner_text())
    page.locator("main a[href*='/t/']").first.click()
    assert WORDS in page.locator("main").inner_text()

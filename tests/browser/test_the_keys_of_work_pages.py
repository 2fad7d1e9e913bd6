"""What the list of keys promises, in a real Chromium: kinds of messages, assigning, the palette, and a list that is refreshed."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

REFRESH = """{
  const list = document.getElementById("list");
  htmx.ajax("GET", list.getAttribute("hx-get"), { source: list, target: list, select: "#list", swap: "outerHTML" });
}"""  # what happens every half minute


def nowhere(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


def test_a_key_chooses_the_kind_of_message_and_the_text_can_be_typed_at_once(visit, site):
    found = visit("zhou")
    found.goto(site.pages["ticket"])
    page = found.page
    for key, verb in (("n", "note"), ("s", "request_information"), ("r", "reply")):
        nowhere(page)
        page.keyboard.press(key)
        expect(page.locator(f"#composer [name=verb][value={verb}]")).to_be_checked()
        expect(page.locator("#composer [name=text]")).to_be_focused()
    page.keyboard.type("nr")  # letters again, once one types
    assert page.locator("#composer [name=text]").input_value() == "nr"
    assert found.complaints == []


def test_assigning_unfolds_where_it_lies_and_takes_the_focus(visit, site):
    found = visit("zhou")
    found.goto(site.pages["ticket"])
    page = found.page
    nowhere(page)
    page.keyboard.press("a")
    expect(page.locator("#move-assign select").first).to_be_focused()


def test_an_address_that_leads_to_a_folded_move_finds_it_unfolded(visit, site):
    found = visit("zhou")
    found.goto(site.pages["ticket"] + "#move-remind")
    expect(found.page.locator("#move-remind :is(textarea, input:not([type=hidden]))").first).to_be_focused()


def test_the_palette_knows_every_place_of_the_rail_and_gives_the_focus_back(visit):
    found = visit("zhou")
    found.goto("/desk/")
    page = found.page
    page.focus("#top-search")
    page.keyboard.press("Control+k")
    page.keyboard.type("短信模板")  # in a group of the rail that is folded here
    expect(page.locator("#palette-list [role=option]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("短信模板")
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/sms/")


def test_a_list_that_is_refreshed_leaves_the_focus_and_what_was_chosen(visit):
    found = visit("zhou")
    found.goto("/tickets/")
    page = found.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    here = page.evaluate("document.activeElement.id")
    assert here
    department = page.locator("#bulk-department option").nth(1).get_attribute("value")
    page.evaluate("(code) => { document.getElementById('bulk-department').value = code }", department)
    with page.expect_response(lambda answer: "/tickets/" in answer.url):
        page.evaluate(REFRESH)
    page.wait_for_function("(id) => document.activeElement.id === id", arg=here)
    assert page.locator("#bulk-department").input_value() == department
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") not in ("", here)

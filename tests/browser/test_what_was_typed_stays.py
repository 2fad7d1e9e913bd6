"""A refusal costs nobody what they wrote (`reliability.md` DI-6): it is kept in the browser until it was taken, and no longer."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WORDS = "送货时把门框碰坏了，司机说会有人联系，三天没有消息。"


def test_what_was_typed_outlives_a_form_grown_old_and_goes_once_it_was_taken(visit):
    found = visit()
    page, content = found.page, found.page.locator("[name=content]")
    found.goto("/")
    content.fill(WORDS)
    page.context.clear_cookies(name="csrftoken")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert content.count() == 0, "the page that refuses has no form"
    found.goto("/")
    assert content.input_value() == WORDS
    page.locator("input[name=anonymous][value='1']").check(force=True)
    with page.expect_navigation(url="**/receipt/**"):
        page.locator("main form button[type=submit]").last.click()
    found.goto("/")
    assert content.input_value() == ""

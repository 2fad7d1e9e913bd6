"""A refusal costs nobody what they wrote (`reliability.md` DI-6): it is kept in the browser until it was taken, and no longer."""

import pytest

from config.demo.company import PASSWORD

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


def kept(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")


def signed_in(found, username):
    page = found.page
    found.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.locator("form[data-sign-in] button").click()


def test_the_next_one_at_the_desk_finds_no_words_of_a_colleague_who_left_or_signed_out(visit):
    """The shared machine of the hotline (S-7): who was signed out for having left keeps the words, for nobody else."""
    found = visit()
    page, content = found.page, found.page.locator("[name=content]")
    signed_in(found, "lin")
    found.goto("/register/")
    content.fill(WORDS)
    page.wait_for_timeout(800)
    assert kept(page) != []
    page.evaluate("document.dispatchEvent(new Event('huisheng:leave'))")
    page.context.clear_cookies(name="sessionid")
    signed_in(found, "zhou")
    found.goto("/register/")
    assert content.input_value() == ""
    page.context.clear_cookies(name="sessionid")
    signed_in(found, "lin")
    found.goto("/register/")
    assert content.input_value() == WORDS
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    assert kept(page) == []


def test_what_a_stranger_typed_goes_after_three_days_and_can_be_discarded_until_then(visit):
    found = visit()
    page, content = found.page, found.page.locator("[name=content]")
    page.context.clock.install()
    found.goto("/")
    content.fill(WORDS)
    page.clock.run_for(1000)
    found.goto("/")
    page.clock.run_for(60_000)
    page.get_by_role("button", name="丢弃草稿").click()
    assert content.input_value() == "" and kept(page) == []
    content.fill(WORDS)
    page.clock.run_for(1000)
    assert kept(page) != []
    page.evaluate("""() => {
      for (const key of Object.keys(localStorage)) {
        const one = JSON.parse(localStorage[key]);
        one.at -= 73 * 3600e3;
        localStorage[key] = JSON.stringify(one);
      }
    }""")
    page.goto("about:blank")
    found.goto("/track/")
    assert kept(page) == []


def test_an_answer_that_one_opened_stays_open_while_one_writes_on(visit):
    found = visit(width=360)
    found.goto("/")
    content, answer = found.page.locator("[name=content]"), found.page.locator("#answers details")
    content.fill("请问空调整机保修几年？")
    answer.locator("summary").click(timeout=8000)
    with found.page.expect_response("**/answers/"):
        content.press_sequentially("家里的已经")
    found.page.wait_for_timeout(300)
    assert answer.get_attribute("open") is not None
    with found.page.expect_response("**/answers/"):
        content.fill("别的事情，和它没有关系。")
    answer.wait_for(state="detached")
    assert found.complaints == []

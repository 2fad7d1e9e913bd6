"""Idle colleagues are warned, signed out, and find what they typed (S-7, decision 0061); the browser's clock is moved by hand."""

import re

import pytest
from playwright.sync_api import expect

from config.demo.company import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TEXT = "师傅周五上午到，请留人在家。"
MINUTE = 60_000


@pytest.fixture
def at_work(visit, site):
    """Signed in by the page itself, so that nobody else's session ends; a long answer is half written."""
    found = visit()
    page = found.page
    page.context.clock.install()
    found.goto("/login/")
    sign_in(page)
    found.goto(site.pages["ticket"])
    page.fill("#composer textarea[name=text]", TEXT)
    page.clock.run_for(1000)
    return found


def sign_in(page) -> None:
    page.fill("[name=username]", "zhou")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.locator("form[data-sign-in] button").click()


def idle(page, minutes: float) -> None:
    """So much time passes; what is due in it happens."""
    page.clock.run_for(int(minutes * MINUTE))


def dialog(page):
    return page.locator("dialog#idle")


def test_who_does_nothing_is_warned_signed_out_and_finds_the_text_again(at_work, site):
    page = at_work.page
    idle(page, 27.5)
    expect(dialog(page)).not_to_be_visible()
    idle(page, 1)
    expect(dialog(page)).to_be_visible()
    assert re.fullmatch(r"1:[0-5]\d", dialog(page).locator("[data-left]").inner_text())
    assert page.evaluate("document.activeElement.matches('[data-stay-here]')"), "Enter alone is enough to stay"
    with page.expect_navigation(url=re.compile("/login/")):
        idle(page, 2)
    assert "30 分钟" in page.locator("main").inner_text()
    assert page.request.get(site.url + "/desk/", max_redirects=0).status == 302, "the session is over on the server"
    sign_in(page)
    assert page.url.startswith(site.url + site.pages["ticket"])
    assert page.input_value("#composer textarea[name=text]") == TEXT
    assert at_work.complaints == []


def test_who_presses_the_button_stays(at_work):
    page = at_work.page
    idle(page, 28.5)
    expect(dialog(page)).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/stay/")) as told:
        page.keyboard.press("Enter")
    assert told.value.status == 204
    expect(dialog(page)).not_to_be_visible()
    idle(page, 27)
    expect(dialog(page)).not_to_be_visible()
    assert page.input_value("#composer textarea[name=text]") == TEXT


def test_typing_in_one_window_keeps_the_other_one_signed_in(at_work, site):
    page, other = at_work.page, at_work.page.context.new_page()
    other.goto(site.url + "/desk/")
    idle(other, 20)
    page.bring_to_front()
    page.focus("#composer textarea[name=text]")
    page.keyboard.type("好")
    idle(other, 15)
    expect(dialog(other)).not_to_be_visible()


def test_what_is_sent_too_late_is_not_lost(at_work, site):
    """The server ended the session meanwhile; the browser did not know."""
    page = at_work.page
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation(url=re.compile("/login/")):
        page.locator("#composer button.primary").click()
    sign_in(page)
    assert page.url.startswith(site.url + site.pages["ticket"])
    assert page.input_value("#composer textarea[name=text]") == TEXT

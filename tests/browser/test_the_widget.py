"""The form inside another site, in a real Chromium: it opens, is sent, and no other site gets it into a frame."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.receiver import served
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def shop(site):
    """Another site, that includes the script as its owner was told."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self):
            page = f'<!doctype html><html lang="zh"><title>店</title><h1>我的店</h1><script src="{site.url}/widget.js" defer></script>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header(
                "Content-Security-Policy", f"script-src {site.url}; frame-src {site.url}; style-src 'none'"
            )
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    with served(server):
        yield f"http://localhost:{server.server_address[1]}"


def test_a_visitor_of_a_shop_sends_feedback_from_there(visit, site, shop, settings):
    settings.WIDGET_ORIGINS = [shop]
    found = visit(width=360, language="en")
    page = found.page
    page.goto(shop)
    page.get_by_role("button", name="意见反馈").click()
    frame = page.frame_locator("iframe")
    assert frame.locator("main form button[type=submit]").last.inner_text() == "提交反馈", (
        "the language of the page around it"
    )
    frame.locator("[name=content]").fill("在店里买的灯，用了三天就不亮了。")
    frame.locator("input[name=anonymous][value='1']").check(force=True)
    frame.locator("main form button[type=submit]").last.click()
    number = frame.locator("#number").inner_text()
    assert Ticket.objects.get(number=number).anonymous
    assert found.complaints == [], "where a browser keeps nothing for a frame of another site"
    page.keyboard.press("Tab")
    page.locator("body > button").focus()
    page.keyboard.press("Escape")
    assert not page.locator("iframe").is_visible()


def test_a_site_that_is_not_listed_gets_an_empty_frame(visit, site, shop, settings):
    settings.WIDGET_ORIGINS = ["https://other.example"]
    page = visit().page
    page.goto(shop)
    page.get_by_role("button", name="意见反馈").click()
    page.wait_for_timeout(800)
    assert page.frame_locator("iframe").locator("[name=content]").count() == 0

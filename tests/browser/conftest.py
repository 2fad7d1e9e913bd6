"""One Chromium, one server and one set of demo data for all tests of pages; without a Chromium they skip visibly."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as WHO
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.middleware import SESSION_KEY as LANGUAGE
from accounts.models import User
from tests import demo_company
from tests.browser.addresses import addresses
from tests.config import commands

PEOPLE = ("lin", "chen", "gao", "zhou", "he", "xu", "admin")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a microphone that hums
FLAGS += ["--disable-background-networking", "--disable-component-update"]
PATIENCE = 240  # seconds for one test; Playwright waits for the answer of a script for ever


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), "")


@dataclass(frozen=True)
class Site:
    """The demo company behind a server: addresses of pages that exist only with data, and sessions of its people."""

    url: str
    pages: dict[str, str]
    sessions: dict[tuple[str, str], str]


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    if not chromium():
        pytest.skip("no Chromium found: apt-get install chromium fonts-noto-cjk")
    with (
        django_db_blocker.unblock(),
        demo_company.a_copy(),
        override_settings(DEMO=True, ALLOWED_HOSTS=["127.0.0.1"]),
    ):
        pages, sessions = addresses(), {}
        for person in User.objects.filter(username__in=PEOPLE):
            for language in ("zh-hans", "en"):
                sessions[person.username, language] = session_of(person, language)
        server = LiveServer("127.0.0.1")
        try:
            yield Site(server.url, pages, sessions)
        finally:
            server.stop()


def session_of(person: User, language: str) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[WHO], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[LANGUAGE] = language
    session.create()
    return session.session_key


class Chromium:
    """The browser of all these tests, started anew when it has ended."""

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self.browser = self.start()

    def start(self) -> Browser:
        self.onlookers: dict[tuple[str, str], BrowserContext] = {}  # by person and language
        return self.playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

    def awake(self) -> None:
        if not self.browser.is_connected():
            self.browser = self.start()

    def window(self, **look: object) -> BrowserContext:
        self.awake()
        return self.browser.new_context(**look)


@contextmanager
def watched() -> Iterator[None]:
    """Ends a Chromium that keeps a test waiting: the test fails by name, and the next one gets a new browser."""
    alarm = threading.Timer(PATIENCE, kill_chromium)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def kill_chromium() -> None:
    commands.kill([pid for pid in commands.below(os.getpid()) if b"--user-data-dir=" in commands.words(pid)])


@pytest.fixture(scope="package")
def browser(site) -> Iterator[Chromium]:
    # Playwright's loop runs in this thread; Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = Chromium(playwright)
        yield started
        started.browser.close()
        connection.close()  # in this loop the thread has a connection of its own, which would outlive it
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def failure(request: Request) -> list[str]:
    """What a page asked for in the background ends with the page; all else that fails is a fault."""
    left = request.failure == "net::ERR_ABORTED" and request.resource_type in ("fetch", "xhr")
    return [] if left else [f"{request.url}: {request.failure}"]


@dataclass
class Visit:
    """A window of somebody, and what its console complained about."""

    page: Page
    complaints: list[str]
    url: str

    def goto(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer and answer.status == 200, f"{path}: {answer.status if answer else 'no answer'}"
        self.page.wait_for_load_state("load")


def person(site: Site, browser: Chromium, who: str, language: str, **look: object) -> BrowserContext:
    """A browser of somebody: signed in, in their language."""
    context = browser.window(
        locale="en-GB" if language == "en" else "zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **look
    )
    context.set_default_timeout(60_000)  # a machine with other work; what works is not waited for
    cookies = {"language": language}
    if who:
        cookies["sessionid"] = site.sessions[who, language]
    host = urlsplit(site.url).hostname
    context.add_cookies(
        [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in cookies.items()]
    )
    return context


def opened(site: Site, context: BrowserContext) -> Visit:
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(failure(request)))
    return Visit(page, complaints, site.url)


@pytest.fixture
def visit(site, browser):
    """`visit("zhou", language="en")` opens a window; the colour scheme and the width can be changed on its page."""
    people: list[BrowserContext] = []

    def visit(who: str = "", *, language: str = "zh-hans", width: int = 1440, javascript: bool = True) -> Visit:
        look = {"viewport": {"width": width, "height": 900}, "java_script_enabled": javascript}
        people.append(person(site, browser, who, language, **look))
        return opened(site, people[-1])

    with watched():
        yield visit
        for context in people:
            if context.browser.is_connected():
                context.close()


@pytest.fixture
def look(site, browser):
    """`visit` for whoever only looks: a new tab beside those of earlier looks, where what all pages share is there already.

    Nothing may be typed or sent there, for the next look would find it.
    """
    tabs: list[Page] = []

    def look(who: str = "", *, language: str, width: int) -> Visit:
        browser.awake()
        if (who, language) not in browser.onlookers:
            browser.onlookers[who, language] = person(site, browser, who, language)
        found = opened(site, browser.onlookers[who, language])
        tabs.append(found.page)
        found.page.set_viewport_size({"width": width, "height": 900})
        return found

    with watched():
        yield look
        for tab in tabs:
            if tab.context.browser.is_connected():
                tab.close()

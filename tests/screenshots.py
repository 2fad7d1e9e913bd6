"""Pictures of the product as it is: `python -m tests.screenshots [--all DIR] [--address URL]`.

Without `--address` it starts `make run`'s program on throw-away data and a free port. Without `--all` it renews the
few pictures of the README; with it, every page in both languages, both themes and three widths.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "docs" / "screenshots"
PASSWORD = "huisheng-demo"
PUBLIC = {"form": "/", "track": "/track/", "privacy": "/privacy/", "login": "/login/"}
WORK = {  # page: (who looks, address)
    "desk": ("lin", "/desk/"),
    "queue": ("zhou", "/tickets/"),
    "search": ("zhou", "/tickets/?q=安装"),
    "register": ("lin", "/register/"),
    "letters": ("lin", "/register/letters/"),
    "counter": ("lin", "/register/counter/"),
    "boxes": ("zhou", "/boxes/"),
    "calls": ("lin", "/call-backs/"),
    "notices": ("gao", "/notices/"),
    "profile": ("lin", "/profile/"),
    "access-log": ("xu", "/access-log/"),
    "figures": ("he", "/reports/"),
    "documents": ("he", "/reports/documents/"),
    "calendars": ("admin", "/sla/calendars/"),
    "policies": ("admin", "/sla/policies/"),
    "board": ("zhou", "/dispatch/"),
    "routing": ("zhou", "/routing/"),
}
WIDTHS = {"wide": (1440, 900), "tablet": (900, 1100), "phone": (360, 780)}
LANGUAGES = ("zh-hans", "en")
CHOSEN = [("form", "zh-hans", "light", "wide"), ("ticket", "zh-hans", "light", "wide"), ("queue", "en", "dark", "wide")]
ABOUT = "安装后漏水，两次上门都没有修好。希望本周内派师傅复查，并说明责任由谁承担。"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[str]:
    """The address of a product with demo data of its own; all of it is gone afterwards."""
    data, port = tempfile.mkdtemp(prefix="huisheng-shots-"), free_port()
    surroundings = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    surroundings |= {"HUISHENG_DATA": data, "PORT": str(port), "HUISHENG_DEMO": "1"}
    product = subprocess.Popen([sys.executable, "-m", "config.run"], cwd=ROOT, env=surroundings)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/healthz", product)
        yield address
    finally:
        product.send_signal(signal.SIGTERM)
        product.wait(60)
        shutil.rmtree(data, ignore_errors=True)


def wait_for(address: str, product: subprocess.Popen[bytes], seconds: int = 240) -> None:
    for _ in range(seconds * 2):
        if product.poll() is not None:
            sys.exit("the product ended before its first page")
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("the first page did not come")


def speak(page: Page, language: str) -> None:
    """A signed-in person's own language counts before the cookie, so it is switched as the person would."""
    if (page.locator("html").get_attribute("lang") or "").lower()[:2] != language[:2]:
        switch = page.locator(f"form[action*='setlang'] [name=language][value='{language}']").first
        with page.expect_navigation():
            switch.dispatch_event("click")


class Photographer:
    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder
        self.addresses: dict[str, tuple[str, str]] = {}
        self.missing: list[str] = []

    def page(self, who: str, language: str, theme: str, width: str) -> Page:
        context = self.browser.new_context(
            viewport={"width": WIDTHS[width][0], "height": WIDTHS[width][1]},
            color_scheme=theme,  # type: ignore[arg-type]
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "language", "value": language, "url": self.address}])
        page = context.new_page()
        if who:
            page.goto(f"{self.address}/login/")
            page.fill("input[name=username]", who)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
            speak(page, language)
        return page

    def find_addresses(self) -> None:
        """Pages whose address is known only when there is data: a ticket, a receipt, its tracking page."""
        self.addresses = {name: ("", path) for name, path in PUBLIC.items()} | dict(WORK)
        page = self.page("chen", "zh-hans", "light", "wide")
        self.wait_for_cases(page)
        rows = "tr:has(td .badge):not(:has(.due.late))"  # one with a story, in its second round; else the first
        told = page.locator(f"{rows} a[href^='/tickets/Q']")
        links = told if told.count() else page.locator("a[href^='/tickets/Q']")
        self.addresses["ticket"] = ("chen", str(links.first.get_attribute("href")))
        page.context.close()
        self.hand_in()

    def wait_for_cases(self, page: Page, seconds: int = 300) -> None:
        """The pages are up before the demo is written, whose cases come all at once."""
        for _ in range(seconds // 2):
            page.goto(f"{self.address}/tickets/")
            if page.locator("a[href^='/tickets/Q']").count():
                return
            page.wait_for_timeout(2000)
        sys.exit("the demo's cases did not come")

    def hand_in(self) -> None:
        page = self.page("", "zh-hans", "light", "wide")
        page.goto(f"{self.address}/")
        complaint = page.locator("input[name=nature][value=complaint]")
        if complaint.count():
            complaint.check(force=True)
        page.fill("[name=content]", ABOUT)
        page.fill("[name=name]", "王小明")
        page.fill("[name=phone]", "13800001234")
        consent = page.locator("input[type=checkbox][name=consent]")
        if consent.count():
            consent.check(force=True)
        page.locator("main form button.primary, form .btn.primary").last.click()
        page.wait_for_url("**/receipt/**")
        page.wait_for_load_state("networkidle")
        self.addresses["receipt"] = ("", page.url.removeprefix(self.address))
        link = page.locator("main a[href*='/t/']").first.get_attribute("href") or ""
        self.addresses["tracking"] = ("", re.sub(r"^https?://[^/]+", "", link))
        page.context.close()

    def take(self, names: list[str], language: str, theme: str, width: str, *, whole: bool) -> None:
        """One sign-in a person. A page that answers with an error is told, not painted over."""
        for who in sorted({self.addresses[name][0] for name in names if name in self.addresses}):
            page = self.page(who, language, theme, width)
            for name in names:
                if self.addresses.get(name, ("?", ""))[0] != who:
                    continue
                answer = page.goto(f"{self.address}{self.addresses[name][1]}")
                if answer is None or answer.status >= 400:
                    self.missing.append(f"{name} as {who or 'anybody'}: {answer.status if answer else 'no answer'}")
                    continue
                page.wait_for_load_state("networkidle")
                path = self.folder / f"{name}-{language[:2]}-{theme}-{width}.png"
                page.screenshot(path=path, full_page=whole)
                print(path)
            page.context.close()


def chromium() -> str:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    return found or sys.exit("no Chromium found: apt-get install chromium fonts-noto-cjk")


def shoot(address: str, everything: Path | None) -> list[str]:
    folder = everything or SHOTS
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--hide-scrollbars"])
        photographer = Photographer(browser, address, folder)
        photographer.find_addresses()
        if everything:
            names = list(photographer.addresses)
            for language in LANGUAGES:
                for theme in ("light", "dark"):
                    for width in WIDTHS:
                        photographer.take(names, language, theme, width, whole=True)
        else:
            for name, language, theme, width in CHOSEN:
                photographer.take([name], language, theme, width, whole=False)
        browser.close()
    return sorted(set(photographer.missing))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every page, for reviewing")
    parser.add_argument("--address", help="of a product with demo data that runs already")
    given = parser.parse_args()
    with nullcontext(given.address.rstrip("/")) if given.address else running() as address:
        missing = shoot(address, given.all)
    print("\n".join(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

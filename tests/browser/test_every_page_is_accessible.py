"""axe-core finds nothing on any page: both languages, phone and desk, light and dark; nothing runs over the edge."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(1440, "light"), (360, "dark"), (1440, "dark"), (360, "light")]
LANGUAGES = ("zh-hans", "en")
PAGES = {  # page: who looks, where
    "form": ("", "/"),
    "receipt": ("", ""),
    "track": ("", "/track/"),
    "tracking": ("", ""),
    "not me": ("", ""),
    "survey": ("", ""),
    "privacy": ("", "/privacy/"),
    "login": ("", "/login/"),
    "desk": ("lin", "/desk/"),
    "queue": ("zhou", "/tickets/"),
    "search": ("zhou", "/tickets/?q=%E5%AE%89%E8%A3%85&nature=complaint"),
    "ticket": ("zhou", ""),
    "handler's ticket": ("chen", ""),
    "notices": ("gao", "/notices/"),
    "register": ("lin", "/register/"),
    "posters": ("zhou", "/posters/?places=%E6%B1%9F%E5%B7%9E%E6%97%97%E8%88%B0%E5%BA%97"),
    "hotline": ("lin", "/hotline/"),
    "script of the hotline": ("zhou", "/hotline/script/complaint/"),
    "letters": ("lin", "/register/letters/"),
    "counter": ("lin", "/register/counter/"),
    "questionnaires": ("zhou", "/questionnaires/"),
    "questionnaire": ("zhou", "/questionnaires/G9/"),
    "questions": ("zhou", "/questionnaires/G1/questions/"),
    "sheets": ("zhou", "/questionnaires/G9/sheets/"),
    "entry of a sheet": ("zhou", ""),
    "compared sheet": ("zhou", ""),
    "faq": ("", "/knowledge/"),
    "chat": ("", "/chat/"),
    "conversation": ("", ""),
    "chat form": ("", ""),
    "boxes": ("zhou", "/boxes/"),
    "box": ("zhou", ""),
    "labels": ("zhou", "/boxes/labels/"),
    "opening": ("lin", ""),
    "calls": ("lin", "/call-backs/"),
    "profile": ("lin", "/profile/"),
    "access log": ("xu", "/access-log/"),
    "appeals": ("xu", "/appeals/"),
    "mails": ("zhou", "/mails/?folder=ignored"),
    "mailboxes": ("zhou", "/mailboxes/"),
    "mail": ("zhou", ""),
    "mailbox": ("admin", ""),
    "new mailbox": ("admin", "/mailboxes/new/"),
    "archive": ("zhou", "/archive/"),
    "problems": ("zhou", "/problems/"),
    "review": ("zhou", "/review/"),
    "rules": ("zhou", "/rules/"),
    "new rule": ("zhou", "/rules/new/"),
    "calendars": ("zhou", "/sla/calendars/"),
    "policies": ("zhou", "/sla/policies/"),
    "simulation": ("zhou", "/sla/simulate/"),
    "classifier": ("zhou", "/classifier/"),
    "shifts": ("zhou", "/shifts/"),
    "sample": ("xu", ""),
    "sheet of a sample": ("xu", ""),
    "finding": ("xu", ""),
    "meeting": ("zhou", ""),
    "problem": ("zhou", ""),
    "calendar": ("zhou", ""),
    "policy": ("zhou", ""),
    "new policy": ("zhou", "/sla/policies/new/"),
    "new calendar": ("zhou", "/sla/calendars/new/"),
    "due list": ("zhou", "/sla/ledger/"),
    "new box": ("zhou", "/boxes/new/"),
    "samples": ("xu", "/supervision/"),
    "checklists": ("xu", "/supervision/checklists/"),
    "findings": ("xu", "/supervision/findings/"),
    "meetings": ("zhou", "/supervision/meetings/"),
    "actions": ("zhou", "/supervision/actions/"),
    "erasures": ("xu", "/archive/erasures/"),
    "dispatch board": ("zhou", "/dispatch/"),
    "routing rules": ("zhou", "/routing/?text=%E6%BC%8F%E6%B0%B4&nature=complaint"),
    "routing rule": ("zhou", "/routing/new/"),
    "promise": ("", "/promise/"),
    "improvements": ("", "/knowledge/improvements/"),
    "public pages": ("zhou", "/public-pages/"),
    "new improvement": ("zhou", "/public-pages/improvements/new/"),
    "words of a page": ("zhou", "/public-pages/words/promise/"),
    "knowledge base": ("zhou", "/knowledge/articles/"),
    "new answer": ("zhou", "/knowledge/articles/new/"),
    "answer": ("zhou", ""),
    "canned replies": ("zhou", "/replies/"),
    "canned reply": ("zhou", "/replies/new/"),
    "SMS templates": ("zhou", "/notices/sms/"),
    "SMS template": ("zhou", "/notices/sms/new/"),
    "ticket with a draft": ("zhou", ""),
    "ticket of a conversation": ("zhou", ""),
    "answer to a problem": ("zhou", ""),
    "letter": ("zhou", ""),
    "appeal": ("xu", ""),
    "import": ("lin", ""),
    "action": ("zhou", ""),
    "source": ("admin", ""),
    "webhook": ("admin", ""),
    "special report": ("zhou", ""),
    "record of the archive": ("zhou", ""),
    "purpose": ("zhou", ""),
    "erasure": ("zhou", ""),
    "record of a missed limit": ("zhou", ""),
    "ledger": ("zhou", "/reports/ledgers/?kind=complaint"),
    "figures": ("he", "/reports/"),
    "documents": ("he", "/reports/documents/"),
    "targets": ("zhou", "/reports/targets/"),
    "report": ("he", ""),
    "imports": ("lin", "/imports/"),
    "sources": ("admin", "/sources/"),
    "new source": ("admin", "/sources/new/"),
    "webhooks": ("admin", "/webhooks/"),
    "new webhook": ("admin", "/webhooks/new/"),
}
TWICE = """() => [...document.querySelectorAll("[id]")].map(e => e.id)
    .filter((id, at, all) => all.indexOf(id) !== at)"""
axe = Axe()


def looks() -> Iterator[Any]:
    """Each page in each language, wide and narrow, light and dark. `make soak` takes all eight; the run of every day takes two of
    them, in which each of the three is seen both ways, and another two for the next page."""
    for number, name in enumerate(PAGES):
        for turn, language in enumerate(LANGUAGES):
            of_every_day = LOOKS[number // 2 % 2 * 2 + (number + turn) % 2]
            for width, scheme in LOOKS:
                marks = [] if (width, scheme) == of_every_day else [pytest.mark.soak]
                yield pytest.param(name, language, width, scheme, marks=marks, id=f"{name}-{width}-{scheme}-{language}")


@pytest.mark.parametrize(("name", "language", "width", "scheme"), list(looks()))
def test_axe_finds_nothing(look, site, name, language, width, scheme):
    who, path = PAGES[name]
    address = path or site.pages[name.removeprefix("handler's ")]
    found = look(who, language=language, width=width)
    try:
        wrong = faults(found, address, language, scheme)
    except Error:
        if found.page.context.browser.is_connected():
            raise
        again = look(who, language=language, width=width)  # Chromium itself had ended: in a new one
        wrong = faults(again, address, language, scheme)
    assert wrong == [], unquote("\n".join(wrong))


def faults(found, address: str, language: str, scheme: str) -> list[str]:
    """What is wrong with a page, a line each."""
    found.page.emulate_media(color_scheme=scheme)
    found.goto(address)
    assert found.page.locator("html").get_attribute("lang").lower()[:2] == language[:2]
    wrong = complaints(found.page)
    over = found.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        wrong.append(f"{over} px over the edge: {widest(found.page)}")
    wrong += [f"id twice: {name}" for name in found.page.evaluate(TWICE)]
    wrong += [f"console: {line}" for line in found.complaints]
    return wrong


def complaints(page) -> list[str]:
    only = {"type": "tag", "values": EVERYTHING}
    told = axe.run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['target'][-1]} {node['html'][:150]}" for rule in told for node in rule["nodes"][:3]]


def widest(page) -> str:
    """What reaches furthest to the right."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(e => !e.parentElement.closest(".scroll"))
        .map(e => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
        .sort((a, b) => b[0] - a[0]).slice(0, 2).join(" ")"""
    )

"""S-1: whatever words stand in whatever field, no page, sheet, notice or mail takes them for anything but words."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from lxml import html as markup
from playwright.sync_api import sync_playwright

from accounts.models import User
from accounts.roles import Role
from notices import wording
from notices.models import Notice
from tests.browser.conftest import FLAGS, chromium
from tests.hostile.words import FLAG, spoil
from tests.structure.addresses import addresses
from tests.structure.rooms import Values, rooms
from tickets.models import Attachment, Ticket

NO_PAGE = ("api/", "hooks/", "admin/", "metrics", "healthz", "readyz", "favicon", "widget.js", "logout")
SCRIPTS = {None, "", "text/javascript", "module"}
Made = dict[str, Values]


@pytest.fixture
def made(han, logistics, office, settings, tmp_path) -> Made:
    """One of everything, every word of it hostile."""
    settings.MEDIA_ROOT = tmp_path
    found = rooms(han, logistics, office)
    assert spoil() > 130
    cache.clear()
    return found


@pytest.fixture
def everybody(office) -> User:
    """Somebody who may open every page. Named after the spoiling, so that the tests can tell them."""
    return User.objects.create(
        username="all",
        roles=[role.value for role in Role],
        department=office,
        password="!",
        is_staff=True,
        is_superuser=True,
    )


def paths(made: Made) -> list[str]:
    """Every page there is: those without a key, those of the rows, those of the cases, those of the administration."""
    known = {one.name: one for one in addresses()}
    plain = [f"/{one.route}" for one in known.values() if not one.arguments and not one.route.startswith(NO_PAGE)]
    filled = [known[name].fill(values) for name, values in made.items() if not known[name].route.startswith(NO_PAGE)]
    return sorted({*plain, *filled, *of_the_cases(), *of_the_administration()})


def of_the_cases() -> Iterator[str]:
    for ticket in Ticket.objects.exclude(number=None):
        yield ticket.get_absolute_url()
        for place in ("similar", "archive", "special-report"):
            yield f"/tickets/{ticket.number}/{place}/"
        for paper in ("case-file", "rectification", "information"):
            yield f"/reports/cases/{ticket.number}/{paper}/"


def of_the_administration() -> Iterator[str]:
    yield "/admin/"
    for model in admin.site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield place
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            yield f"{place}{row.pk}/change/"


def alive(source: str) -> list[str]:
    """What of a page is not words: elements and handlers that no template of ours writes."""
    found = []
    for element in markup.document_fromstring(source).iter():
        if not isinstance(element.tag, str):
            continue
        named = [name for name in element.attrib if name.startswith("on") or name in {"hostile", "srcdoc"}]
        inline = element.tag == "script" and not element.get("src") and element.get("type") in SCRIPTS
        links = [value for name in ("href", "src", "action", "formaction") if (value := element.get(name, ""))]
        if element.tag == "hostile" or named or (inline and FLAG in (element.text or "")):
            found.append(f"<{element.tag} {named}>")
        if any("".join(value.split()).lower().startswith(("javascript:", "data:text")) for value in links):
            found.append(f"<{element.tag} {links}>")
    return [*found, *(["computed by a template"] if "14 漏水" in source else [])]


def got(client: Client, path: str) -> tuple[int, str]:
    """The status, and the HTML behind an address; empty for what is none."""
    answer: Any = client.get(path)
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code, answer.content.decode() if kind.startswith("text/html") and not answer.streaming else ""


@pytest.mark.django_db
def test_the_measure_sees_what_is_alive() -> None:
    assert alive(f"<p>{'<hostile hostile=1>'}</p>") and alive('<a onclick="x">') and alive("<a href=' java\tscript:x'>")
    assert alive(f"<script>{FLAG}(1)</script>") and not alive("<p>&lt;hostile hostile=1&gt;</p>")


@pytest.mark.django_db
def test_no_page_holds_anything_but_words(made: Made, everybody: User) -> None:
    client, stranger = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(everybody)
    strange, broken, shown = {}, {}, 0
    public = [
        path for path in paths(made) if path.startswith(("/t/", "/chat/", "/survey/", "/receipt/", "/knowledge/"))
    ]
    for who, path in [*((client, path) for path in paths(made)), *((stranger, path) for path in public)]:
        status, source = got(who, path)
        shown += "&lt;hostile" in source
        if status >= 500 and path != "/readyz":
            broken[path] = status
        if source.strip() and (found := alive(source)):
            strange[path] = found[:5]
    print(f"{len(paths(made))} pages, hostile words on {shown}")
    assert (strange, broken) == ({}, {})
    assert shown > 40


@pytest.mark.django_db
def test_no_printed_sheet_holds_anything_but_words(
    made: Made, everybody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    class Paper:
        def __init__(self, *, string: str, **_options: Any) -> None:
            printed.append(string)

        def write_pdf(self, **_options: Any) -> bytes:
            return b"%PDF-"

    monkeypatch.setattr("common.pdf.HTML", Paper)
    client, known = Client(raise_request_exception=False), {one.name: one for one in addresses()}
    client.force_login(everybody)
    number = made["feedback:letter-out"]["number"]
    names = ("feedback:letter-out-pdf", "sla:supervision-pdf", "supervision:meeting-pdf", "surveys:sheets-pdf")
    for path in [*(known[name].fill(made[name]) for name in names), f"/reports/cases/{number}/case-file.pdf"]:
        assert client.get(path).status_code == 200, path
    assert len(printed) == 5
    assert [found for source in printed if (found := alive(source))] == []
    assert sum("&lt;hostile" in source for source in printed) >= 4


@pytest.mark.django_db
def test_no_mail_holds_anything_but_words(made: Made) -> None:
    kinds = {row.kind: row for row in Notice.objects.select_related("user").order_by("pk")}
    assert len(kinds) > 4
    for row in kinds.values():
        row.channel, row.address, row.user = Notice.Channel.EMAIL, "wang@example.com", None
        mail = wording.as_mail(row)
        assert "\n" not in mail.subject and mail.message().as_bytes()
        (page,) = [str(one.content) for one in mail.alternatives]
        assert alive(page) == [], row.kind


@pytest.mark.django_db
def test_no_file_of_a_customer_is_a_page(made: Made, everybody: User) -> None:
    client = Client()
    client.force_login(everybody)
    for row in Attachment.objects.exclude(ticket=None):
        answer = client.get(f"/files/{row.key}/")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.browser
@pytest.mark.skipif(not chromium(), reason="no Chromium found: apt-get install chromium fonts-noto-cjk")
@pytest.mark.django_db(transaction=True)
def test_in_chromium_nothing_runs_even_where_the_policy_would_let_it(
    made: Made, everybody: User, live_server, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    client = Client()
    client.force_login(everybody)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    pages = [path for path in paths(made) if not path.startswith(("/admin/", "/reports/cases/"))]
    ran: list[Any] = []
    seen = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(bypass_csp=True, locale="zh-CN", reduced_motion="reduce")
        context.set_default_timeout(60_000)
        context.expose_function(FLAG, lambda *given: ran.append(given))
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{live_server.url}/track/")
        page.set_content(f"<img src=x onerror={FLAG}(0)>")
        page.wait_for_timeout(1000)
        assert ran == [(0,)]  # the measure itself: here it does run
        ran.clear()
        for path in pages:
            try:
                page.goto(live_server.url + path, wait_until="load")
            except Exception as error:
                if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
                    raise
                continue
            seen += 1
            assert not ran, path
        page.goto(f"{live_server.url}/")
        name = f'"><img src=x onerror={FLAG}(9)>.png'
        page.set_input_files("#id_uploads", [{"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}])
        page.fill("#id_content", f"<img src=x onerror={FLAG}(10)> 漏水漏水漏水")
        page.wait_for_timeout(2000)
        page.reload()
        page.wait_for_timeout(1000)
        browser.close()
    print(f"{seen} pages in Chromium")
    assert ran == []
    assert seen > 60

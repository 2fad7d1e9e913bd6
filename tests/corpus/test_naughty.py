"""Strings that broke other systems, through every door: kept as they are or refused by name, never an accident (B-1)."""

import io
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from lxml import html as markup

from common.text import clean, one_line
from feedback.mail.message.reading import read
from notices import services as notices
from tests.corpus import inputs, naughty
from tests.make import NOON, a_ticket
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
LONGEST = 5.0  # seconds of this process, whatever else the machine does
PATH = "/api/v1/feedback/"
OURS = re.compile(r"(/(?!/)|[#?]|tel:[+\d]|mailto:[^?]*$|data:image/svg|http://127\.0\.0\.1:\d+/)")
"""How the links of our own pages begin; whatever else a page links to came out of somebody's words."""


@pytest.fixture
def begun() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < 10 * LONGEST


def parts_of(page: str) -> list[str]:
    """What a browser would take for more than words."""
    tree = markup.fromstring(page)
    found = [str(name) for element in tree.iter() for name in element.attrib if str(name).startswith("on")]
    for one in tree.iter("script"):
        if one.get("type") != "application/json" and not one.get("src"):
            found.append(one.text or "")
    places = "//@href | //@src | //@action | //@formaction | //@srcset | //@data | //@poster"
    return found + [str(one) for one in tree.xpath(places) if not OURS.match(str(one))]


@pytest.mark.parametrize("kind", naughty.ALL)
def test_by_the_api_they_come_back_as_they_were_on_every_page(
    client: Client, zhou: Any, kind: str, begun: None
) -> None:
    client.force_login(zhou)
    client.raise_request_exception = False
    for text in naughty.ALL[kind]:
        body = {"channel": "app", "content": inputs.FILL + text, "subject": text, "place": text, "remedy_sought": text,
                "customer": {"name": text, "external_id": ""}}  # fmt: skip
        answer = client.post(PATH, json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, (text, answer.content)
        ticket = Ticket.objects.select_related("customer").latest("pk")
        assert ticket.content == clean(inputs.FILL + text).strip(), text
        assert ticket.place == one_line(text), text
        assert client.get(f"{PATH}{answer.json()['tracking_code']}/").json()["messages"][0]["text"] == ticket.content
        for page in (reverse("feedback:tracking", args=[answer.json()["tracking_code"]]), f"/tickets/{ticket.number}/"):
            shown = client.get(page)
            assert shown.status_code == 200, (text, page)
            assert parts_of(shown.content.decode()) == [], (text, page)


@pytest.mark.parametrize("kind", naughty.ALL)
def test_every_one_can_be_searched_for(client: Client, zhou: Any, kind: str, begun: None) -> None:
    a_ticket(content=inputs.FILL)
    client.force_login(zhou)
    client.raise_request_exception = False
    paths = ("/tickets/", "/api/v1/tickets/", reverse("tickets:suggest"), "/api/v1/knowledge/")
    for text in naughty.ALL[kind]:
        told = {path: client.get(path, {"q": text}) for path in paths}
        told["answers"] = client.post(reverse("feedback:answers"), {"content": text})
        assert {answer.status_code for answer in told.values()} == {200}, text
        for path in ("/tickets/", "answers"):
            assert parts_of(f"<main>{told[path].content.decode()}</main>") == [], (path, text)


ENCODED = {"=?utf-8?q?a=0D=0ABcc:x?=": "a Bcc:x", "=?utf-8?B?4piD?=": "☃", "=?x-unknown?q?x?=": "x"}
"""What the header of a mail says by them (RFC 2047)."""


@pytest.mark.parametrize("kind", naughty.ALL)
def test_as_subject_sender_and_body_of_a_mail(kind: str, begun: None) -> None:
    for text in naughty.ALL[kind]:
        line = text.replace("\r", " ").replace("\n", " ")
        raw = f"From: {line} <x@example.com>\r\nSubject: {line}\r\nMessage-ID: <{line}>\r\nTo: {line}\r\n\r\n{text}\r\n".encode()
        found = read(raw)
        assert found.subject == ENCODED.get(text, one_line(line)), text
        assert found.text == clean(text).strip(), text
        assert found.sender.name == one_line(found.sender.name) and "@" in found.sender.address, text


@pytest.mark.parametrize("kind", naughty.ALL)
def test_by_an_import_and_out_again(tmp_path: Any, kind: str, begun: None) -> None:
    lines = [
        {"external_id": str(n), "channel": "web", "nature": "complaint", "subject": text, "content": inputs.FILL + text,
         "customer": {"name": text}, "category": text[:40], "region": text, "received_at": "2026-10-09T09:00:00+08:00"}
        for n, text in enumerate(naughty.ALL[kind])
    ]  # fmt: skip
    file = tmp_path / "x.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_tickets", str(file), processes=1, stdout=out, stderr=err)
    told = err.getvalue()
    for n, text in enumerate(naughty.ALL[kind]):
        kept = Ticket.objects.filter(external_id=str(n)).first()
        assert kept or f"{n + 1}" in told, text
        if kept:
            assert clean(kept.content).strip() == clean(inputs.FILL + text).strip()
            assert kept.subject == (one_line(text) or one_line(inputs.FILL)), text
            assert (str(kept.customer.name) if kept.customer else "") == one_line(text), text


@pytest.mark.parametrize("kind", naughty.ALL)
def test_as_a_name_and_subject_in_our_own_mails(kind: str, begun: None, chen: Any) -> None:
    """Sent to whom we chose, in headers of one line, with a body that holds no live mark-up."""
    from tickets import services as tickets

    for n, text in enumerate(naughty.ALL[kind]):
        customer = Customer.objects.create(name=one_line(text)[:100], email=f"c{n}@example.com", created_at=NOON)
        ticket = a_ticket(customer=customer, subject=one_line(text)[:200] or "x", department=chen.department)
        tickets.reply(ticket, text=clean(text).strip() or "x", by=chen, at=NOON)
    notices.deliver_due(NOON)
    assert len(outbox.outbox) == len(naughty.ALL[kind])
    written = "\n".join(naughty.ALL[kind])  # by the colleague who answers, whose addresses can be pressed
    for message in outbox.outbox:
        assert len(message.to) == 1 and not message.cc and not message.bcc
        made = message.message()
        assert made["To"].count("@") == 1 and not {"Bcc", "Cc"} & set(made.keys())
        assert all("\n" not in str(value) for value in (message.subject, *message.to))
        assert [one for one in parts_of(str(message.alternatives[0][0])) if one not in written] == []


@pytest.mark.parametrize("kind", naughty.ALL)
def test_as_a_tracking_code_a_number_or_a_file(client: Client, zhou: Any, kind: str, begun: None) -> None:
    """Nothing is there under such a name: 404, whatever it looks like (S-3)."""
    client.force_login(zhou)
    client.raise_request_exception = False
    for text in naughty.ALL[kind]:
        cache.clear()  # or the guard against guessing answers after ten of them
        part = quote(text, safe="")
        places = ("/t/", "/tickets/", PATH, "/receipt/", "/chat/", "/survey/")
        told = {place: client.get(f"{place}{part}/").status_code for place in places}
        form_of_its_own = {405} if "/" in text else set()  # a part behind it can be an address that takes only forms
        assert set(told.values()) <= {404} | form_of_its_own, (text, told)

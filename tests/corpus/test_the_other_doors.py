"""The corpus through the doors that take it whole: the form, mails by the command, search, and out again by CSV and XLSX."""

import csv
import io
import json
import re
import time
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from common import cells
from common.text import clean
from feedback.content import LONGEST as LONGEST_OF_PEOPLE
from reports import comma, xlsx
from tests.corpus import inputs, naughty
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
LONGEST = 5.0  # seconds of this process, whatever else the machine does
HUGE = "漏水" * 50_000
WHOLE = {kind: "\n".join(texts)[: LONGEST_OF_PEOPLE - 50] for kind, texts in naughty.ALL.items()}
NO_TEXT = {
    "nul": b"a\x00b",
    "surrogate": b"a\xed\xa0\x80b",
    "half a character": b"\xe7\xa9",
    "latin": b"caf\xe9 \xff\xfe bar",
}


def handed_in(client: Client, content: str) -> tuple[int, str]:
    client.raise_request_exception = False
    token = re.search(r'name="token" value="([^"]+)"', client.get("/").content.decode())
    assert token
    began = time.process_time()
    answer = client.post(
        "/", {"token": token[1], "content": content, "name": "李", "phone": "13900001111", "consent": "1"}
    )
    assert time.process_time() - began < LONGEST
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("kind", naughty.ALL)
def test_the_form_keeps_every_string_as_it_was(client: Client, kind: str) -> None:
    status, page = handed_in(client, inputs.FILL + WHOLE[kind])
    assert status == 302, re.findall(r'class="error".*?</span>', page)
    assert Ticket.objects.get().content == clean(inputs.FILL + WHOLE[kind]).strip()


def test_the_form_refuses_a_hundred_thousand_characters_and_keeps_them(client: Client) -> None:
    status, page = handed_in(client, HUGE)
    assert (status, Ticket.objects.count()) == (422, 0)
    assert 'href="#id_content"' in page and HUGE[:1000] in page


def test_mails_of_any_content_are_told_as_json_and_none_is_lost(tmp_path: Path) -> None:
    """Through the command, in UTF-8; what is no text of UTF-8 arrives with a warning or replaced, never as an accident."""
    texts = {name: text.encode() for name, text in inputs.TEXTS.items()} | NO_TEXT | {"huge": HUGE.encode()}
    head = (
        b"From: x@example.com\r\nTo: support@demo.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    names = dict(enumerate(texts))
    for n, name in names.items():
        (tmp_path / f"{n:03}.eml").write_bytes(head + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + texts[name])
    out, began = io.StringIO(), time.process_time()
    call_command("receive_email", "--dry-run", batch=tmp_path, stdout=out)
    assert time.process_time() - began < 4 * LONGEST
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(told) == len(texts)
    for line in told:
        name = names[int(line["file"][:3])]
        assert line["outcome"] == "ticket", name
        if name in inputs.TEXTS:
            assert line["text"] == clean(inputs.TEXTS[name]).strip(), name
        elif name == "huge":
            assert line["text"] == HUGE
        else:
            assert "\x00" not in line["text"] and line["text"].encode(), name


@pytest.mark.parametrize("path", ["/tickets/", "/api/v1/tickets/", "/api/v1/archive/", "/api/v1/knowledge/articles/"])
def test_a_search_for_a_hundred_thousand_characters_is_answered(client: Client, zhou, path: str) -> None:
    client.force_login(zhou)
    client.raise_request_exception = False
    began = time.process_time()
    answer = client.get(path, {"q": HUGE})
    assert answer.status_code in {200, 400} and time.process_time() - began < LONGEST
    if path.startswith("/api/"):
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {"q"})


def test_no_string_becomes_a_formula_by_xlsx_or_csv_and_each_comes_back() -> None:
    texts = [text for kind in naughty.ALL.values() for text in kind] + [*inputs.TEXTS.values(), HUGE]
    content, count = xlsx.table("意见", ["text"], [[text] for text in texts])
    assert count == len(texts)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    shown = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert not [cell for cell in shown if cell.data_type == "f" or cell.hyperlink]
    told = comma.answer([[text] for text in texts], "x").content.decode("utf-8-sig")
    lines = [row[0] if row else "" for row in csv.reader(io.StringIO(told, newline=""))]
    assert len(lines) == len(texts)
    for text, line in zip(texts, lines, strict=True):
        assert cells.as_it_was(line).replace("'", "") == clean(text).replace("\t", " ")[:32_767].replace("'", ""), text
        assert not line.lstrip(" \u00a0\u200b\u3000").startswith(("=", "@", "\t", "\r")), text

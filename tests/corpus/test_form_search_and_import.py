"""The corpus through the public form, the import and the search boxes."""

import io
import json
import re
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from common.text import clean, one_line
from tests.corpus import inputs
from tests.make import a_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
LONGEST = 5.0  # seconds of this process, whatever else the machine does


def send(client: Client, **fields: Any) -> Any:
    client.raise_request_exception = False
    token = re.search(r'name="token" value="([^"]+)"', client.get("/").content.decode())
    assert token
    began = time.process_time()
    answer = client.post(
        "/", {"token": token[1], "content": inputs.FILL, "name": "李", "phone": "13900001111", "consent": "1"} | fields
    )
    assert time.process_time() - began < LONGEST
    return answer


@pytest.mark.parametrize("name", inputs.TEXTS)
def test_a_text_of_the_form_comes_back_as_it_was(client: Client, name: str) -> None:
    text = inputs.TEXTS[name]
    answer = send(client, content=text, name=text[:60], place=text[:150])
    assert answer.status_code == 302, re.findall(r'class="error".*?</span>', answer.content.decode())
    ticket = Ticket.objects.select_related("customer").get()
    assert ticket.content == clean(text).strip()
    assert ticket.place == one_line(text[:150])
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("name", inputs.EMPTY)
def test_the_form_refuses_nothing_to_read_and_keeps_the_rest(client: Client, name: str) -> None:
    answer = send(client, content=inputs.EMPTY[name], place="六楼")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="六楼"' in page
    assert 'href="#id_content"' in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "field", ["content", "name", "phone", "email", "place", "region", "occurred_at", "nature", "anonymous", "token"]
)
def test_a_nul_in_the_form_is_refused_or_dropped(client: Client, field: str) -> None:
    assert send(client, **{field: inputs.FILL + "\x00"}).status_code in {302, 400, 422}


@pytest.mark.parametrize("value", [str(value) for value in inputs.MOMENTS if isinstance(value, str)])
def test_a_moment_of_the_form_that_cannot_be_is_refused(client: Client, value: str) -> None:
    answer = send(client, occurred_at=value)
    assert answer.status_code == 422 or (value == "2026/1/2" and answer.status_code == 302)


@pytest.mark.parametrize("name", inputs.TEXTS | inputs.NEVER_STORED)
def test_a_line_of_an_import_comes_in_as_it_was_or_is_reported(tmp_path: Any, name: str) -> None:
    text = (inputs.TEXTS | inputs.NEVER_STORED)[name]
    line = {"external_id": "1", "channel": "web", "nature": "complaint", "subject": text[:100], "content": text,
            "customer": {"name": text[:60]}, "received_at": "2026-10-09T09:00:00+08:00"}  # fmt: skip
    good = line | {"external_id": "2", "subject": "好", "content": inputs.FILL, "customer": {"name": "好"}}
    file = tmp_path / "x.jsonl"
    file.write_text(f"{json.dumps(line)}\n{json.dumps(good)}\n", "utf-8")
    out, err = io.StringIO(), io.StringIO()
    began = time.process_time()
    call_command("import_tickets", str(file), processes=1, stdout=out, stderr=err)
    assert time.process_time() - began < LONGEST
    assert Ticket.objects.filter(external_id="2").exists()
    kept = Ticket.objects.filter(external_id="1").first()
    if kept:
        assert clean(kept.content).strip() == clean(text).strip()
    else:
        assert "1" in err.getvalue()


@pytest.mark.parametrize("path", ["/tickets/", "/api/v1/tickets/", "/api/v1/knowledge/"])
@pytest.mark.parametrize("name", inputs.TEXTS | inputs.EMPTY | {"nul": "a\x00b", "surrogate": "a\ud800b"})
def test_every_text_can_be_searched_for(client: Client, zhou: Any, name: str, path: str) -> None:
    text = (inputs.TEXTS | inputs.EMPTY | {"nul": "a\x00b", "surrogate": "a\ud800b"})[name]
    a_ticket(content=inputs.FILL)
    client.force_login(zhou)
    client.raise_request_exception = False
    began = time.process_time()
    answer = client.get(path, {"q": text.encode("utf-8", "surrogatepass")[:4000]})
    assert answer.status_code in {200, 400}
    assert time.process_time() - began < LONGEST


@pytest.mark.parametrize("name", [name for name, text in inputs.TEXTS.items() if len(text) < 120])
def test_a_text_is_found_again_by_its_own_first_words(client: Client, zhou: Any, name: str) -> None:
    words = "".join(char for char in clean(inputs.TEXTS[name]) if char.isalnum() and char > "\u2e80")[:4]
    ticket = a_ticket(content=clean(inputs.TEXTS[name]).strip())
    client.force_login(zhou)
    if len(words) >= 2 and words in ticket.content:
        found = client.get("/api/v1/tickets/", {"q": words}).json()["results"]
        assert [row["number"] for row in found] == [ticket.number]

"""The corpus through the API: what can be stored comes back as it was, the rest is refused by the name of its field."""
# ruff: noqa: E501

import json
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.text import clean, one_line
from tests.corpus import inputs
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
PATH = "/api/v1/feedback/"
GOOD = {"channel": "app", "content": inputs.FILL, "customer": {"name": "李", "phone": "13900001111"}}
LONGEST = 5.0  # seconds of this process, whatever else the machine does


def send(client: Client, body: Any, kind: str = "application/json", **headers: str) -> Any:
    client.raise_request_exception = False
    began = time.process_time()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.generic("POST", PATH, raw, content_type=kind, headers=headers)
    assert time.process_time() - began < LONGEST
    assert answer.status_code < 500, answer.content[:300]
    return answer


def refused(answer: Any, field: str) -> None:
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert any(name.startswith(field) for name in answer.json()["errors"]), answer.json()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", inputs.TEXTS)
def test_a_text_comes_back_as_it_was(client: Client, name: str) -> None:
    text = inputs.TEXTS[name]
    answer = send(
        client, GOOD | {"content": text, "customer": {"name": text[:60]}, "place": text[:150], "subject": text[:150]}
    )
    assert answer.status_code == 201, answer.json()
    code = answer.json()["tracking_code"]
    case = client.get(f"{PATH}{code}/").json()
    kept = clean(text).strip()
    assert case["messages"][0]["text"] == kept
    ticket = Ticket.objects.select_related("customer").get()
    assert (ticket.content, ticket.place) == (kept, one_line(text[:150]))
    assert case["subject"] == ticket.subject
    if ticket.customer:
        assert ticket.customer.name == one_line(text[:60])
    page = client.get(reverse("feedback:tracking", args=[code])).content.decode()
    for live in ("<script>alert", "<img src=x", "<svg/onload", "<iframe srcdoc", "<math>", "<style>@import"):
        assert live not in page


@pytest.mark.parametrize("name", inputs.EMPTY)
def test_nothing_to_read_is_refused(client: Client, name: str) -> None:
    refused(
        send(
            client, GOOD | {"content": inputs.EMPTY[name]} if name != "too long" else GOOD | {"content": "长" * 100_001}
        ),
        "content",
    )


@pytest.mark.parametrize("field", ["content", "subject", "place", "remedy_sought", "region"])
@pytest.mark.parametrize("name", inputs.NEVER_STORED)
def test_what_no_database_takes_is_refused(client: Client, name: str, field: str) -> None:
    answer = send(client, GOOD | {field: inputs.NEVER_STORED[name]})
    assert (answer.status_code, Ticket.objects.count()) == (400, 0)


@pytest.mark.parametrize("value", inputs.NUMBERS, ids=lambda value: repr(value)[:20])
def test_stars_are_a_whole_number_from_one_to_five(client: Client, value: Any) -> None:
    if isinstance(value, int) and value > 10**300:
        assert send(client, b'{"rating": %d}' % value).status_code == 400
        return
    if value in ("",):
        assert send(client, GOOD | {"rating": value}).status_code in {201, 400}
        return
    refused(send(client, GOOD | {"rating": value}), "rating")


@pytest.mark.parametrize("value", inputs.MOMENTS, ids=lambda value: repr(value)[:30])
def test_a_moment_that_cannot_be_is_refused(client: Client, value: Any) -> None:
    refused(send(client, GOOD | {"occurred_at": value}), "occurred_at")


@pytest.mark.parametrize("value", inputs.PHONES, ids=lambda value: repr(value)[:30])
def test_a_telephone_that_cannot_be_is_refused(client: Client, value: Any) -> None:
    refused(send(client, GOOD | {"customer": {"name": "李", "phone": value}}), "customer.phone")


@pytest.mark.parametrize("value", inputs.GOOD_PHONES)
def test_a_telephone_is_kept_in_one_form(client: Client, value: str) -> None:
    assert send(client, GOOD | {"customer": {"name": "李", "phone": value}}).status_code == 201
    assert Ticket.objects.get().customer.phone == inputs.GOOD_PHONES[value]


@pytest.mark.parametrize("field", ["nature", "channel"])
@pytest.mark.parametrize("value", inputs.CHOICES, ids=lambda value: repr(value)[:20])
def test_a_choice_is_one_of_its_codes(client: Client, value: Any, field: str) -> None:
    answer = send(client, GOOD | {field: value})
    if field == "nature" and value == "":
        assert answer.status_code == 201
    else:
        assert (answer.status_code, Ticket.objects.count()) == (400, 0)


@pytest.mark.parametrize("name", inputs.BODIES)
def test_a_body_that_is_no_feedback_is_a_problem(client: Client, name: str) -> None:
    answer = send(client, inputs.BODIES[name])
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert {"type", "title", "status", "detail", "errors", "request_id"} <= set(answer.json())


@pytest.mark.parametrize("kind", inputs.KINDS)
def test_a_body_of_another_kind_is_refused_or_read(client: Client, kind: str) -> None:
    assert send(client, GOOD, kind).status_code in {201, 400, 415}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "BREW", "get"])
def test_another_method_is_answered_in_json_and_changes_nothing(client: Client, method: str) -> None:
    client.raise_request_exception = False
    answer = client.generic(
        method, PATH, b"{}", content_type="application/json", headers={"X-HTTP-Method-Override": "POST"}
    )
    assert answer.status_code in {200, 400, 405}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["%00/", "%ff/", "a//b/", "x/", "%F0%9F%98%80/", "%2e%2e/", "a" * 10_000 + "/", "%0d%0aX:y/", "x/messages", "../tickets/", "%E2%80%AE/"],
)  # fmt: skip
def test_an_odd_address_is_not_found(client: Client, path: str) -> None:
    client.raise_request_exception = False
    answer = client.get(PATH + path)
    assert 300 <= answer.status_code < 500
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "*/xml"}, {"Accept-Language": "zz,*;q=abc"}, {"X-Long": "x" * 60_000}, {"Authorization": "Bearer \xff"},
     {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}, {"Idempotency-Key": "\x00"}, {"Idempotency-Key": "x" * 256},
     {"If-None-Match": "*"}, {"Content-Encoding": "gzip"}, {"Content-Length": "-1"}],
    ids=lambda headers: "".join(f"{name}: {value}"[:40] for name, value in headers.items()),
)  # fmt: skip
def test_an_odd_header_is_no_accident(client: Client, headers: dict[str, str]) -> None:
    assert send(client, GOOD, **headers).status_code in {201, 400, 401, 406}


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=-1", "page_size=1e9", "page_size=%EF%BC%91", "page_size=" + "9" * 30, "cursor=x", "cursor=%00", "cursor=cD0lMDA%3D",
     "ordering=bogus", "ordering=__class__", "status=new&status=bogus", "status=", "round=0", "round=9" + "9" * 30, "customer=x", "received_after=0001-01-01T00:00:00%2B14:00",
     "received_after=9999-12-31T23:59:59-12:00", "due_before=x", "overdue=perhaps", "region=%00", "q=" + "%20a" * 3000, "owner=" + "x" * 500, "figure=x", "bogus=1"],
)  # fmt: skip
def test_an_odd_query_of_tickets_is_answered(client: Client, zhou: Any, query: str) -> None:
    client.force_login(zhou)
    client.raise_request_exception = False
    began = time.process_time()
    answer = client.get(f"/api/v1/tickets/?{query}")
    assert answer.status_code in {200, 400}
    assert time.process_time() - began < LONGEST

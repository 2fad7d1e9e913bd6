"""What is empty in a query asks for nothing, and a form says what the same names say in JSON (decision 0094)."""

import json
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Status

pytestmark = pytest.mark.django_db
PERIOD = {"from": "2026-10-01", "to": "2026-11-01"}


def queries() -> dict[str, list[dict[str, Any]]]:
    """The query of each call of the API that has one."""
    calls = SchemaGenerator().get_schema(public=True)["paths"]
    found = {
        path: [one for one in call["parameters"] if one["in"] == "query"]
        for path, methods in calls.items()
        for method, call in methods.items()
        if method == "get" and "parameters" in call
    }
    return {path: asked for path, asked in found.items() if asked}


def test_the_schema_says_which_values_may_be_empty() -> None:
    told = [one for asked in queries().values() for one in asked]
    assert len(told) > 40
    assert all(one.get("allowEmptyValue") is not bool(one.get("required")) for one in told)


def test_every_list_answers_as_if_an_empty_value_were_not_there(client: Client, zhou: User, after_sales: Any) -> None:
    ticket = a_ticket(department=after_sales)
    zhou.roles = [Role.OFFICE.value, Role.ADMIN.value]
    zhou.save()
    client.force_login(zhou)
    for path, asked in queries().items():
        place = path.replace("{number}", ticket.number).replace("{id}", "1")
        needed = {name: PERIOD[name] for name in (one["name"] for one in asked if one.get("required"))}
        plain = client.get(place, needed)
        empty = client.get(place, {one["name"]: "" for one in asked} | needed)
        assert empty.status_code == plain.status_code in {200, 404}, (path, empty.content)
        assert empty.json().get("results") == plain.json().get("results"), path


def test_an_empty_value_beside_another_is_passed_over_and_what_is_needed_is_asked_for(
    client: Client, zhou: User
) -> None:
    new, done = a_ticket(), a_ticket(status=Status.RESOLVED)
    client.force_login(zhou)
    found = client.get("/api/v1/tickets/?status=&status=new&rating=&time=&page_size=").json()["results"]
    assert [row["number"] for row in found] == [new.number] != [done.number]
    assert client.get("/api/v1/kpis/?from=&to=2026-12-01").status_code == 400


def caller(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize("form", ["multipart", "json"])
def test_a_form_is_read_as_json_is(chen: User, zhou: User, after_sales: Any, form: Any) -> None:
    ticket = tickets.accept(a_ticket(department=after_sales, needs_review=True), by=chen, at=NOON)
    place = f"/api/v1/tickets/{ticket.number}/"
    for verb, body, wrong in [
        ("remind", {"version": ""}, {"version"}),
        ("agree", {"text": "客户同意。"}, {"agreed"}),  # not said is not a no
        ("note", {"text": ""}, {"text"}),
        ("note", {"text": "一", "attachments": ["x"]}, {"attachments"}),
        ("note", {"text": "一", "attachments": [str(n) for n in range(11)]}, {"attachments"}),
        ("note", {"text": "一", "colour": "red"}, {"colour"}),
    ]:
        answer = caller(zhou).post(f"{place}{verb}/", body, format=form)
        named = {name.partition(".")[0] for name in answer.json()["errors"]}
        assert (answer.status_code, named) == (400, wrong), (verb, body)
    answer = caller(zhou).post(f"{place}classify/", {"tier": "L2"}, format=form)
    assert answer.status_code == 200, answer.content
    assert Ticket.objects.get().needs_review is True  # nobody said that it is looked at


@pytest.mark.parametrize("wrong", [{"consent": 0}, {"anonymous": "no"}, {"anonymous": [True]}, {"rating": "5"}])
def test_json_says_yes_and_numbers_by_their_own_signs(client: Client, wrong: dict[str, Any]) -> None:
    body = {"content": "空调安装后漏水，请尽快处理。", "anonymous": True} | wrong
    answer = client.post("/api/v1/feedback/", json.dumps(body), "application/json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, set(wrong))


@pytest.mark.parametrize(("word", "status"), [("true", 200), ("0", 200), ("yes", 400), ("", 400)])
def test_a_form_says_yes_and_no_in_words(zhou: User, word: str, status: int) -> None:
    place = f"/api/v1/tickets/{a_ticket().number}/classify/"
    assert caller(zhou).post(place, {"needs_review": word, "version": "1"}, format="multipart").status_code == status


def test_a_webhook_that_is_changed_by_a_form_keeps_what_was_not_said(zhou: User, settings: Any) -> None:
    zhou.roles = [Role.ADMIN.value]
    zhou.save()
    settings.OUTGOING_ALLOWED = ["127.0.0.1:8310"]
    body = {"name": "CRM", "url": "http://127.0.0.1:8310/hook", "events": ["reply", "resolve"]}
    made = caller(zhou).post("/api/v1/webhooks/", body, format="multipart")
    assert made.status_code == 201, json.loads(made.content)
    place = f"/api/v1/webhooks/{made.json()['id']}/"
    changed = caller(zhou).patch(place, {"name": "新"}, format="multipart").json()
    assert (changed["name"], changed["events"], changed["is_active"]) == ("新", ["reply", "resolve"], True)


def test_a_form_of_which_nothing_can_be_read_is_refused(zhou: User, after_sales: Any) -> None:
    ticket = a_ticket(department=after_sales)
    place, kind = f"/api/v1/tickets/{ticket.number}/remind/", "multipart/form-data; boundary=b0undary"
    answer = caller(zhou).generic("POST", place, b"--b0undary\r\n[[]]--b0undary--\r\n", content_type=kind)
    assert answer.status_code == 400, answer.content
    assert ticket.events.filter(kind="remind").count() == 0
    assert caller(zhou).generic("POST", place, b"--b0undary--\r\n", content_type=kind).status_code == 200

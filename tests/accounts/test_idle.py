"""S-7: who has left is signed out; nobody who works is, and nothing typed is lost."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse_lazy

from accounts import idle

pytestmark = pytest.mark.django_db
QUEUE, STAY = "/tickets/", reverse_lazy("accounts:stay")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`clock(minutes)` moves the time on."""
    now = [time.time()]
    monkeypatch.setattr(idle.time, "time", lambda: now[0])

    def move(minutes: float) -> None:
        now[0] += minutes * 60

    return move


@pytest.fixture
def desk(client: Client, zhou: Any, clock: Any) -> Client:
    client.force_login(zhou)
    assert client.get(QUEUE).status_code == 200
    return client


def test_after_half_an_hour_without_a_sign_of_life_one_has_to_sign_in_again(desk: Client, clock: Any) -> None:
    clock(31)
    answer = desk.get(QUEUE)
    assert answer.status_code == 302 and "/login/" in answer["Location"]
    page = desk.get(answer["Location"]).content.decode()
    assert "30" in page and "退出" in page


def test_the_session_is_gone_and_not_only_hidden(desk: Client, clock: Any) -> None:
    key = desk.session.session_key
    clock(31)
    desk.get(QUEUE)
    assert not desk.session.exists(key)


def test_whoever_works_stays(desk: Client, clock: Any) -> None:
    for _each in range(10):
        clock(29)
        assert desk.get(QUEUE).status_code == 200


def test_typing_counts_though_no_page_is_opened(desk: Client, clock: Any) -> None:
    for _each in range(4):
        clock(20)
        assert desk.post(STAY).status_code == 204
    assert desk.get(QUEUE).status_code == 200


def test_what_a_page_asks_by_itself_is_no_sign_of_life(desk: Client, clock: Any) -> None:
    for _each in range(3):
        clock(10)
        desk.get(QUEUE, headers={"X-Quiet": "1"})
    clock(1)
    assert desk.get(QUEUE).status_code == 302


def test_after_a_working_day_one_signs_in_again_however_busy(desk: Client, clock: Any) -> None:
    for _each in range(12 * 60 // 25 + 1):
        clock(25)
        answer = desk.get(QUEUE)
    assert answer.status_code == 302


def test_the_time_can_be_set_or_switched_off(desk: Client, clock: Any, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 0
    clock(11 * 60)
    assert desk.get(QUEUE).status_code == 200


def test_a_busy_person_costs_one_write_a_minute(desk: Client, clock: Any) -> None:
    clock(2)
    desk.post(STAY)
    with CaptureQueriesContext(connection) as seen:
        desk.post(STAY)
    assert not [query for query in seen if "UPDATE" in query["sql"]]


def test_a_form_sent_too_late_leads_back_to_its_page(desk: Client, clock: Any) -> None:
    clock(31)
    answer = desk.post("/tickets/bulk/", {}, headers={"Referer": "http://testserver/tickets/?view=mine"})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/tickets/?view=mine"]


@pytest.mark.parametrize(
    "page", ["https://evil.example/tickets/", "http://testserver//evil.example/", "javascript:1", ""]
)
def test_a_foreign_page_is_no_place_to_come_back_to(desk: Client, clock: Any, page: str) -> None:
    clock(31)
    answer = desk.post("/tickets/bulk/", {}, headers={"Referer": page})
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(desk: Client, clock: Any) -> None:
    clock(31)
    answer = desk.get(QUEUE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/?q=x"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"] == ["/tickets/?q=x"]


def test_pages_of_customers_go_on_as_for_anybody(desk: Client, clock: Any) -> None:
    clock(31)
    assert desk.get("/").status_code == 200


def test_the_api_refuses_an_ended_session_as_a_problem(desk: Client, clock: Any) -> None:
    clock(31)
    answer = desk.get("/api/v1/tickets/")
    assert answer.status_code in {401, 403}
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_session_from_before_an_update_is_given_its_time(desk: Client, clock: Any) -> None:
    session = desk.session
    del session[idle.SEEN], session[idle.SINCE]
    session.save()
    assert desk.get(QUEUE).status_code == 200
    clock(31)
    assert desk.get(QUEUE).status_code == 302


def test_a_stranger_cannot_stay(client: Client) -> None:
    assert client.post(STAY).status_code == 302

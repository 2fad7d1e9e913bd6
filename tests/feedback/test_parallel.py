"""Many at once: numbers without gap or double, one ticket for one form."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.feedback.test_form import GOOD
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    answers: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            gate.wait()
            answers[place] = calls[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_fifty_at_once_get_fifty_numbers_in_a_row() -> None:
    body = {"content": "同一时间有很多人在反馈同一件事情。", "channel": "app"}
    answers = at_once([lambda: Client().post("/api/v1/feedback/", body, "application/json")] * 50)
    assert {answer.status_code for answer in answers} == {201}
    counters = sorted(int(answer.json()["number"].rpartition("-")[2]) for answer in answers)
    assert counters == list(range(counters[0], counters[0] + 50))


def test_one_form_posted_eight_times_at_once_is_one_ticket() -> None:
    answers = at_once([lambda: Client().post("/", GOOD | {"token": "one-token"})] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1

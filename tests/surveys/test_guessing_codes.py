"""Wrong codes are counted wherever a code opens something (S-3)."""

import pytest
from django.core.cache import cache

from accounts import throttles
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets import tracking

pytestmark = pytest.mark.django_db
STRANGER = "203.0.113.77"


@pytest.fixture(autouse=True)
def counted(settings, monkeypatch):
    monkeypatch.setattr(throttles.time, "time", lambda: 1_800_000_000.0)  # no window ends in between
    settings.PUBLIC_RATES = settings.PUBLIC_RATES | {"track": (3, 600), "submit": (100, 600)}
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("address", ["/t/{}/rate/", "/api/v1/feedback/{}/rating/"])
def test_rating_under_wrong_codes_ends_in_a_429_and_the_right_one_still_opens(client, address):
    code = tracking.new_code()
    a_ticket(tracking_digest=tracking.digest(code))
    send = {"data": {"rating": "satisfied"}, "REMOTE_ADDR": STRANGER}
    if "api" in address:
        send["content_type"] = "application/json"
    told = [client.post(address.format(tracking.new_code()), **send).status_code for _try in range(5)]
    assert told == [404, 404, 404, 429, 429]
    assert client.post(address.format(code), **send).status_code in {422, 409}  # it is not resolved yet


def test_rating_by_the_api_twice_or_too_early_is_a_409_that_says_why(client, zhou, after_sales):
    code = tracking.new_code()
    ticket = a_ticket(tracking_digest=tracking.digest(code), department=after_sales)
    address = f"/api/v1/feedback/{code}/rating/"

    def rated():
        return client.post(address, {"rating": "satisfied"}, "application/json")

    early = rated()
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-to-be-rated")
    tickets.accept(ticket, by=zhou, at=NOON)
    tickets.resolve(ticket, text="已更换排水管。", by=zhou, at=NOON)
    assert rated().status_code == 201
    assert rated().status_code == 409

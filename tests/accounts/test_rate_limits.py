"""S-16: limits that never refuse a complaint because Valkey is down."""

import time

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.test import RequestFactory
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import throttles
from accounts.throttles import PublicThrottle, client_address


class Public(APIView):
    permission_classes = [AllowAny]
    authentication_classes: list = []
    throttle_classes = [PublicThrottle]

    def post(self, request):
        return Response({})


@pytest.fixture(autouse=True)
def two_an_hour(settings):
    settings.PUBLIC_RATES = {"submit": (2, 3600)}
    cache.clear()
    yield
    cache.clear()


def post(address="203.0.113.9", **headers):
    return Public.as_view()(APIRequestFactory().post("/api/v1/x/", REMOTE_ADDR=address, headers=headers)).render()


def test_over_the_limit_it_is_429_and_says_when_to_come_back():
    answers = [post() for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3601
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert post("203.0.113.10").status_code == 200


def test_an_address_that_has_sent_its_share_of_bytes_is_told_to_come_back_and_its_words_pass(settings):
    settings.PUBLIC_RATES, settings.UPLOAD_MB_AN_HOUR = {"submit": (100, 3600)}, 1

    def send(size, address="203.0.113.9", **more):
        request = APIRequestFactory().generic(
            "POST", "/api/v1/x/", b"x" * size, "text/plain", REMOTE_ADDR=address, **more
        )
        return Public.as_view()(request).render()

    answers = [send(700_000) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert 0 < int(answers[1]["Retry-After"]) <= 3601
    assert send(1000).status_code == 200  # a complaint without files is never refused for it
    assert send(700_000, "203.0.113.10").status_code == 200
    assert send(1000, CONTENT_LENGTH="-5").status_code == send(1000, CONTENT_LENGTH="9" * 20).status_code == 200


def test_this_machine_is_not_counted():
    assert [post("127.0.0.1").status_code for _n in range(4)] == [200] * 4


def test_addresses_of_one_network_count_together_under_ipv6():
    for last in range(2):
        post(f"2001:db8:1:2::{last}")
    assert post("2001:db8:1:2:ffff::9").status_code == 429
    assert post("2001:db8:1:3::1").status_code == 200


def test_a_header_that_the_caller_wrote_does_not_change_the_address(settings):
    for _n in range(3):
        last = post(**{"X-Forwarded-For": f"198.51.100.{_n}"})
    assert last.status_code == 429
    settings.TRUST_PROXY = True
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"})
    assert client_address(request) == "203.0.113.7"


def test_with_valkey_down_calls_pass_and_lose_no_time(monkeypatch):
    dead = RedisCache("redis://127.0.0.1:9/0", {"OPTIONS": {"socket_connect_timeout": 0.3}})
    monkeypatch.setattr(throttles, "cache", dead)
    begun = time.monotonic()
    assert [post().status_code for _n in range(5)] == [200] * 5
    assert time.monotonic() - begun < 1.5

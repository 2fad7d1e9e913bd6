"""S-7: a proxy that nobody told of is noticed, and a stranger's header is not taken for one."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import Warning
from django.test import Client

from accounts import proxies
from config.checks import who_ends_tls_is_trusted

pytestmark = pytest.mark.django_db
FORWARDED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(autouse=True)
def forgotten() -> Any:
    cache.delete(proxies.KEY)
    yield
    cache.delete(proxies.KEY)


def warnings(client: Client) -> list[str]:
    return client.get("/readyz").json()["warnings"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "172.18.0.3", "::1", ""])
@pytest.mark.parametrize("headers", [FORWARDED, {"X-Forwarded-Proto": "https"}])
def test_a_call_through_a_proxy_is_a_warning_and_the_server_stays_in_service(
    address: str, headers: dict[str, str]
) -> None:
    client = Client()
    assert "proxy_trusted" not in warnings(client)
    client.get("/track/", headers=headers, REMOTE_ADDR=address)
    answer = client.get("/readyz").json()
    assert "proxy_trusted" in answer["warnings"]
    assert "TRUST_PROXY" in answer["checks"]["proxy_trusted"]["note"]


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450::1"])
def test_a_strangers_own_header_is_no_proxy(address: str) -> None:
    client = Client()
    client.get("/track/", headers=FORWARDED, REMOTE_ADDR=address)
    assert "proxy_trusted" not in warnings(client)


def test_one_that_is_trusted_is_no_warning(settings: Any) -> None:
    client = Client()
    client.get("/track/", headers=FORWARDED, REMOTE_ADDR="10.0.0.5")
    settings.TRUST_PROXY = True
    assert "proxy_trusted" not in warnings(client)


def test_it_is_noted_once_and_not_with_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[int] = []
    monkeypatch.setattr(proxies, "note", lambda: noted.append(1))
    client = Client()
    for _each in range(5):
        client.get("/track/", headers=FORWARDED, REMOTE_ADDR="10.0.0.5")
    assert len(noted) == 1


@pytest.mark.parametrize(
    ("https", "trusted", "warned"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_the_check_before_a_start_says_so_too(settings: Any, https: bool, trusted: bool, warned: bool) -> None:
    settings.HTTPS, settings.TRUST_PROXY = https, trusted
    found = who_ends_tls_is_trusted()
    assert [isinstance(one, Warning) for one in found] == [True] * warned

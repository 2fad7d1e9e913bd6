"""DI-8: a signed call of another machine is done once; anything else is refused in words."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIRequestFactory

from common import signatures
from feedback.sources.hooks import Event, SignedView

pytestmark = pytest.mark.django_db
SECRET = signatures.new_secret()


class Counting(SignedView):
    """A hook whose work is to count its events."""

    taken: list[Event] = []

    def secrets_of(self, **address: Any) -> list[str]:
        return [SECRET] if address["source"] == "shop" else []

    def take(self, event: Event) -> dict[str, Any]:
        if event.data.get("explode"):
            raise ValueError("not today")
        self.taken.append(event)
        return {"count": len(self.taken)}


@pytest.fixture(autouse=True)
def none_taken() -> None:
    Counting.taken = []


def call(
    body: Any = None, *, message_id: str = "msg_1", at: datetime | None = None, source: str = "shop", **changed: str
) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body or {"text": "送货太慢"}).encode()
    headers = signatures.headers_of(SECRET, message_id=message_id, at=at or timezone.now(), body=raw) | changed
    request = APIRequestFactory().post("/hooks/x/", raw, content_type="application/json", headers=headers)
    return Counting.as_view()(request, source=source).render()


def test_a_signed_call_is_taken() -> None:
    answer = call()
    assert (answer.status_code, answer.data) == (200, {"count": 1})
    assert Counting.taken[0].data == {"text": "送货太慢"}


def test_the_same_event_twice_is_done_once_and_answered_alike() -> None:
    first, again = call(), call()
    assert first.data == again.data == {"count": 1}
    assert again["Idempotent-Replayed"] == "true"


def test_one_id_with_two_bodies_is_refused() -> None:
    call()
    again = call({"text": "另外一段"})
    assert (again.status_code, again.data["detail"]) == (422, "该 webhook-id 已用于其他内容。")
    assert len(Counting.taken) == 1


def test_what_failed_may_come_again() -> None:
    with pytest.raises(ValueError, match="not today"):
        call({"explode": 1})
    with pytest.raises(ValueError, match="not today"):
        call({"explode": 1})


@pytest.mark.parametrize(
    "changed", [{"webhook-signature": "v1,AAAA"}, {"webhook-id": "other"}, {"webhook-timestamp": "1"}]
)
def test_a_forged_call_is_401_and_leaves_nothing(changed: dict[str, str]) -> None:
    answer = call(**changed)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.data["title"] == "签名不符合要求", "nobody has to sign in here"
    assert Counting.taken == []


def test_an_old_call_that_somebody_recorded_is_refused() -> None:
    assert call(at=timezone.now() - timedelta(minutes=6)).status_code == 401


def test_an_unknown_source_is_404_whatever_is_signed() -> None:
    assert call(source="nobody").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a": "\\u0000"}', b"[" * 10_000])
def test_a_signed_body_that_is_no_json_is_400(body: bytes) -> None:
    assert call(body).status_code == 400


def test_a_body_that_is_too_large_is_refused_before_it_is_read(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert call({"text": "很" * 200}).status_code == 413

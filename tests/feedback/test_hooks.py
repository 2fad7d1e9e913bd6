"""Signatures of calls between programs: the raw body, a time, an id (DI-8)."""

from datetime import timedelta

import pytest

from feedback import hooks
from tests.make import NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"event":"ringing"}'


def signed(at=NOON, body=BODY, secret=SECRET, event_id="evt_1"):
    return hooks.headers(secret, event_id=event_id, at=at, body=body)


def test_a_signed_call_gives_its_id():
    assert hooks.verified(signed(), BODY, secrets=[SECRET], at=NOON) == "evt_1"


def test_it_is_the_signature_of_the_standard():
    """The example of the Standard Webhooks specification, computed by its own libraries."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1614265330, tz=UTC)
    told = hooks.signature(SECRET, event_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at, body=b'{"test": 2432232314}')
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_changed_both_are_good():
    assert hooks.verified(signed(secret="old"), BODY, secrets=["new", "old"], at=NOON) == "evt_1"


def test_of_several_signatures_one_is_enough():
    given = signed()
    given["webhook-signature"] = f"v1,xxxx {given['webhook-signature']} v2,yyyy"
    assert hooks.verified(given, BODY, secrets=[SECRET], at=NOON) == "evt_1"


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_an_old_or_future_call_is_refused(late):
    with pytest.raises(hooks.NotSigned):
        hooks.verified(signed(at=NOON - late), BODY, secrets=[SECRET], at=NOON)


def test_five_minutes_are_still_good():
    given = signed(at=NOON - timedelta(minutes=5))
    assert hooks.verified(given, BODY, secrets=[SECRET], at=NOON) == "evt_1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", ""), ("webhook-id", "x" * 201), ("webhook-id", "evt_2"), ("webhook-id", "a\nb"),
        ("webhook-timestamp", ""), ("webhook-timestamp", "now"), ("webhook-timestamp", "-1"),
        ("webhook-timestamp", "１７"), ("webhook-timestamp", "9" * 13), ("webhook-timestamp", "1"),
        ("webhook-signature", ""), ("webhook-signature", "v1,"), ("webhook-signature", "v1,\udcff"),
    ],
)  # fmt: skip
def test_a_changed_header_is_refused(name, value):
    with pytest.raises(hooks.NotSigned):
        hooks.verified(signed() | {name: value}, BODY, secrets=[SECRET], at=NOON)


def test_a_changed_body_a_foreign_secret_and_no_secret_are_refused():
    for body, secrets in ((BODY + b" ", [SECRET]), (BODY, ["other"]), (BODY, [""]), (BODY, [])):
        with pytest.raises(hooks.NotSigned):
            hooks.verified(signed(), body, secrets=secrets, at=NOON)

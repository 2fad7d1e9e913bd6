"""Signatures after Standard Webhooks, against the specification's own example."""

from datetime import UTC, datetime, timedelta

import pytest

from common import signatures

AT = datetime.fromtimestamp(1614265330, UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE = {"message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "at": AT, "body": b'{"test": 2432232314}'}


def headers(secret: str = SECRET, **changed: object) -> dict[str, str]:
    return signatures.headers_of(secret, **EXAMPLE | changed)  # type: ignore[arg-type]


def test_the_published_example_is_signed_as_published() -> None:
    assert signatures.sign(SECRET, **EXAMPLE) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="  # type: ignore[arg-type]


def test_what_we_sign_passes_our_own_check() -> None:
    assert signatures.check([SECRET], headers(), b'{"test": 2432232314}', at=AT) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_while_a_secret_is_replaced_both_hold() -> None:
    new = signatures.new_secret()
    both = headers() | {
        "webhook-signature": headers("whsec_b3RoZXI=")["webhook-signature"] + " " + headers()["webhook-signature"]
    }
    assert signatures.check([new, SECRET], both, b'{"test": 2432232314}', at=AT)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_what_is_older_or_newer_than_five_minutes_is_refused(minutes: int) -> None:
    with pytest.raises(signatures.BadSignature):
        signatures.check([SECRET], headers(), b'{"test": 2432232314}', at=AT + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({}, b'{"test": 1}'),
        ({"webhook-id": "msg_other"}, None),
        ({"webhook-id": "x" * 201}, None),
        ({"webhook-id": "a\u4e2d"}, None),
        ({"webhook-timestamp": "1614265331"}, None),
        ({"webhook-timestamp": "1614265330.0"}, None),
        ({"webhook-timestamp": "９" * 10}, None),
        ({"webhook-timestamp": "9" * 400}, None),
        ({"webhook-signature": "v1,"}, None),
        ({"webhook-signature": "v0,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}, None),
        ({"webhook-signature": "v1,\u4e2d\u6587 v1,==== ,"}, None),
        ({"webhook-signature": ""}, None),
    ],
)
def test_whatever_is_changed_is_refused(changed: dict[str, str], body: bytes | None) -> None:
    with pytest.raises(signatures.BadSignature):
        signatures.check([SECRET], headers() | changed, body or b'{"test": 2432232314}', at=AT)


def test_no_secret_lets_nothing_pass() -> None:
    with pytest.raises(signatures.BadSignature):
        signatures.check([], headers(), b'{"test": 2432232314}', at=AT)


def test_a_secret_that_is_no_base64_signs_by_its_letters() -> None:
    assert signatures.key_of("whsec_!!") == b"whsec_!!"
    assert signatures.key_of("口令") == "口令".encode()

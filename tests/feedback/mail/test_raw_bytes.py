"""The bytes of a mail are kept as they came, whatever they are and however long."""

import os

import pytest
from django.db import IntegrityError, transaction

from feedback.mail import raw_bytes
from feedback.models import RawMessage
from tests.make import NOON

pytestmark = pytest.mark.django_db
PIECE = raw_bytes.PIECE


def put(raw: bytes, sha256: str = "") -> int:
    return raw_bytes.create(raw, channel="email", source="a\tb\\c", uid="7:\\N", sha256=sha256, received_at=NOON)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0", bytes(range(256)), b"\\x00\\.\\N\t\r\n", *(os.urandom(PIECE + n) for n in (-1, 0, 1)), b"ab" * PIECE],
    ids=lambda raw: str(len(raw)),
)
def test_they_come_back_as_they_were(raw: bytes) -> None:
    row = RawMessage.objects.get(pk=put(raw))
    assert raw_bytes.of(row.pk) == bytes(row.raw) == raw
    assert (row.source, row.uid, row.received_at, row.state) == ("a\tb\\c", "7:\\N", NOON, "received")


def test_a_mail_is_read_by_one_query(django_assert_num_queries) -> None:
    key = put(b"Subject: a\n\nb")
    with django_assert_num_queries(1):
        raw_bytes.of(key)


def test_the_same_twice_is_refused_as_by_any_other_way() -> None:
    put(b"a", "same")
    with pytest.raises(IntegrityError), transaction.atomic():
        put(b"a", "same")

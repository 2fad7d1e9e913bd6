"""The bytes of a mail, into their row and out of it in pieces: a statement with 25 MB in it would take 200 to write."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from django.db import connection
from django.db.models import BinaryField, F, Func, Value

from common import copying
from feedback.models import RawMessage

PIECE = 2**20


def create(raw: bytes, **fields: Any) -> int:
    """The key of a new row; what is not named has its default. Two queries."""
    (key,) = copying.take_keys(RawMessage, 1)
    statement = copying.plan(RawMessage, ("id", *fields, "raw"))[0]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(statement, _Pieces(_line({"id": key, **fields}, raw)), 2 * PIECE)
    return key


def of(pk: int) -> bytes:
    """A query for each megabyte that is begun."""
    whole = BytesIO()
    row = RawMessage.objects.filter(pk=pk).order_by()
    while whole.tell() % PIECE == 0:
        cut = Func(F("raw"), Value(whole.tell() + 1), Value(PIECE), function="substr", output_field=BinaryField())
        if not whole.write(row.values_list(cut, flat=True).get()):
            break
    return whole.getvalue()


def _line(fields: Mapping[str, Any], raw: bytes) -> Iterator[bytes]:
    _statement, encoders, rest = copying.plan(RawMessage, (*fields, "raw"))
    yield "\t".join([encode(value) for encode, value in zip(encoders, fields.values(), strict=False)]).encode()
    yield b"\t\\\\x"
    for start in range(0, len(raw), PIECE):
        yield raw[start : start + PIECE].hex().encode()
    yield rest.encode()


class _Pieces:
    """A file for the driver, which reads until nothing comes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, _size: int) -> bytes:
        return next(self.pieces, b"")

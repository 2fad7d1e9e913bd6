"""What stands in an array comes out of `unnest` as it went in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from common.arrays import array, documents
from common.copying import Unchanging
from tickets.workflow import Status

pytestmark = pytest.mark.django_db
HARD = [
    'a"b',
    "back\\slash",
    "{1,2}",
    "NULL",
    "null",
    "",
    " ",
    "line\nfeed\ttab",
    "it's",
    "E'",
    "%s",
    "回声 😀",
    "$1",
    "\\x00",
]
SAID: dict[str, Any] = {"words": HARD, "n": [1.5, None, True], "名": "甲"}


def out_of(kind: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT v FROM unnest(%s::{kind}[]) WITH ORDINALITY AS t(v, nth) ORDER BY nth", [array(values)])
        return [value for (value,) in cursor.fetchall()]


def test_texts_stay_as_they_are_whatever_marks_they_hold() -> None:
    assert out_of("text", [*HARD, None]) == [*HARD, None]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from('ab"\\,{}\n 声') | st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    )
)
def test_texts_alone_too(texts: list[str]) -> None:
    assert out_of("text", texts) == texts


def test_texts_that_are_choices_are_what_is_stored_of_them() -> None:
    assert out_of("text", [Status.NEW, Status.ASSIGNED, "new"]) == ["new", "assigned", "new"]


def test_numbers_truths_and_times_too() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    assert out_of("bigint", [1, None, -(2**62)]) == [1, None, -(2**62)]
    assert out_of("bigint", [3, 1, -(2**62)]) == [3, 1, -(2**62)]
    assert out_of("boolean", [True, False, None]) == [True, False, None]
    assert out_of("timestamptz", [moment, None]) == [moment, None]
    assert out_of("text", []) == []


def test_a_dict_is_json() -> None:
    found = out_of("jsonb", [SAID, None, {}, Unchanging(SAID)])
    assert [value and json.loads(value) for value in found] == [SAID, None, {}, SAID]


def test_documents_are_taken_out_by_their_place() -> None:
    given = [Unchanging(SAID), {}, SAID]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb -> n FROM generate_series(0, 3) AS n ORDER BY n", [documents(given)])
        found = [value and json.loads(value) for (value,) in cursor.fetchall()]
    assert found == [*given, None]


def test_a_column_that_says_the_same_in_every_row_says_it_in_every_row() -> None:
    assert out_of("bigint", [7, 7, 7]) == [7, 7, 7]
    assert out_of("text", [None, None]) == [None, None]
    assert out_of("text", HARD[:1] * 2) == HARD[:1] * 2

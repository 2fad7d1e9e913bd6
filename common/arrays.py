"""Columns of rows as texts that PostgreSQL reads as arrays, for `INSERT … SELECT … FROM unnest(…)`.

The driver spells a list as `ARRAY['…', '…']`, of which the server makes a constant each before it makes the array.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from common.copying import Unchanging

NULL = "NULL"


def array(values: Sequence[Any]) -> str:
    """Of numbers, texts, times and dicts, which become JSON; None is NULL."""
    if values and values.count(values[0]) == len(values):  # many columns say the same in every row
        return "{" + ",".join([element(values[0])] * len(values)) + "}"
    return plain(values) or "{" + ",".join([element(value) for value in values]) + "}"


def plain(values: Sequence[Any]) -> str:
    """Whole numbers, or texts without a mark, in one go; empty for anything else."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds and all(issubclass(kind, str) for kind in kinds):
        text = '","'.join(values)
        if "\\" not in text and text.count('"') == 2 * (len(values) - 1):
            return f'{{"{text}"}}'
    return ""


def element(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if value is None:
        return NULL
    if kind is datetime:
        return moment(value)
    if kind is int or kind is bool:
        return str(value)
    return quoted(json.dumps(value) if isinstance(value, (dict, list)) else str(value))


@lru_cache(maxsize=1 << 10)
def moment(value: datetime) -> str:
    """One instant stands in many rows of a case."""
    return f'"{value}"'


def quoted(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    return f'"{text}"'


def documents(values: Iterable[Any]) -> str:
    """JSON values as one JSON array, for columns of whole documents: what stands in it needs no mark before each quote, as the
    elements of an array do. `-> n` takes them out, counted from 0."""
    return "[" + ",".join([value.json if type(value) is Unchanging else json.dumps(value) for value in values]) + "]"

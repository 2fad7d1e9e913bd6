"""Columns of rows as texts that PostgreSQL reads as arrays, for `INSERT … SELECT … FROM unnest(…)`.

The driver spells a list as `ARRAY['…', '…']`, of which the server makes a constant each before it makes the array.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from common.copying import Unchanging, quoted

NULL = "NULL"


def array(values: Iterable[Any]) -> str:
    """Of numbers, texts, times and dicts, which become JSON; None is NULL."""
    return "{" + ",".join([element(value) for value in values]) + "}"


def element(value: Any) -> str:
    if value is None:
        return NULL
    kind = type(value)
    if kind is int or kind is bool:
        return str(value)
    if kind is datetime:
        return moment(value)
    if kind is Unchanging:
        return value.quoted
    return quoted(json.dumps(value) if isinstance(value, dict | list) else str(value))


@lru_cache(maxsize=1 << 10)
def moment(value: datetime) -> str:
    """One instant stands in many rows of a case."""
    return f'"{value}"'


"""Embedded PostgreSQL and Valkey for development and tests (to be written)."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def servers() -> Iterator[None]:
    yield

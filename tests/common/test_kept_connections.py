"""A kept connection is looked at before each request, without asking the server."""

import time
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql import base
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def others_get_a_new_one() -> Iterator[None]:
    yield
    connection.close()


def end_from_elsewhere() -> None:
    """As a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = psycopg2.connect(**connection.get_connection_params())
    other.autocommit = True  # within one transaction a server tells for ever who was there at the first question
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if cursor.fetchone() == (0,):
                break
            time.sleep(0.01)
    other.close()


def test_a_living_connection_is_usable_and_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: pytest.fail("the server was asked"))
    assert connection.is_usable()


def test_one_that_the_server_has_ended_is_noticed() -> None:
    end_from_elsewhere()
    assert not connection.is_usable()


def test_a_word_of_the_server_does_not_end_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    other = psycopg2.connect(**connection.get_connection_params())
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("NOTIFY something")
    other.close()
    assert connection.is_usable()


def test_one_whose_transaction_has_failed_is_not_usable_until_that_is_over() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1 / 0")
        assert not connection.is_usable()
        cursor.execute("SELECT 1")
    assert connection.is_usable()


def test_one_that_was_closed_is_not_usable() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()


def test_a_page_comes_although_its_connection_was_ended_meanwhile(client: Client) -> None:
    end_from_elsewhere()
    connection.health_check_enabled, connection.health_check_done = True, False  # as at the beginning of a request
    assert client.get("/").status_code == 200

"""Statements planned once a connection say and do what they said and did before."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common import prepared
from common.inserting import insert_together
from tests.faults.sweepers import ROOT, surroundings
from tests.make import NOON
from tickets.models import Category, Customer

pytestmark = pytest.mark.django_db
SUM = "SELECT %s::int + %s::int"


@pytest.fixture(autouse=True)
def nothing_is_prepared(db: None) -> None:
    """As on a new connection."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.prepared_statements = None  # type: ignore[attr-defined]


def run(sql: str, values: Any = ()) -> Any:
    (row,) = prepared.run(sql, values)
    return row


def on_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{SUM[:7]}$1::int%"])
        return int(cursor.fetchone()[0])


def test_a_statement_is_planned_once_and_always_takes_one_trip() -> None:
    before = on_the_server()
    with CaptureQueriesContext(connection) as trips:
        assert run(SUM, [1, 2]) == (3,)
        assert run(SUM, [3, 4]) == (7,)
    assert len(trips) == 2
    assert on_the_server() == before + 1


def test_a_name_that_stands_twice_is_one_value_and_a_percent_sign_stays_one() -> None:
    sql = "SELECT %(one)s::text || %(two)s::text || %(one)s::text || '5%%'"
    assert run(sql, {"one": "a'", "two": "%s"}) == ("a'%sa'5%",)
    assert run(sql, {"one": "b", "two": "\\"}) == ("b\\b5%",)


def test_what_failed_the_first_time_runs_the_second_time() -> None:
    rows = [
        Customer(name="王", external_id="7", created_at=NOON),
        Customer(name="李", external_id="7", created_at=NOON),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(rows)
    rows[1].external_id = "8"
    insert_together(rows)
    insert_together([Category(code="a", name="甲")])
    assert Customer.objects.count() == 2


def test_what_a_rolled_back_transaction_prepared_is_still_known() -> None:
    with transaction.atomic():
        run(SUM, [1, 2])
        transaction.set_rollback(True)
    assert run(SUM, [3, 4]) == (7,)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_begins_anew() -> None:
    run(SUM, [1, 2])
    connection.close()
    assert run(SUM, [3, 4]) == (7,)
    assert on_the_server() == 1


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    before = on_the_server()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert run(SUM, [1, 2]) == (3,)
    insert_together([Category(code="a", name="甲"), Customer(name="王", created_at=NOON)])
    assert Customer.objects.count() == Category.objects.filter(code="a").count() == 1
    assert on_the_server() == before


@pytest.mark.parametrize(("behind", "pooled"), [("", "False"), ("?disable_server_side_cursors=true", "True")])
def test_the_address_tells_of_a_pooler(behind: str, pooled: str) -> None:
    """And the driver, which knows no such word, connects all the same."""
    code = (
        "import django; django.setup(); from django.db import connection; connection.ensure_connection()\n"
        "from common.prepared import pooled; print(pooled(connection))"
    )
    here = surroundings() | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    here["DATABASE_URL"] += behind
    done = subprocess.run([sys.executable, "-c", code], env=here, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [pooled], done.stderr

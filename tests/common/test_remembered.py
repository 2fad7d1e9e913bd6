"""Small tables are read again exactly when something in them changed."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Region
from common.remembered import asked, looked_at_once, question, remembered
from tests.make import NOON
from tickets.models import Category, Customer

pytestmark = pytest.mark.django_db
TABLES = (Category, Customer)


def names() -> list[str]:
    return remembered("test", TABLES, lambda: sorted(Category.objects.values_list("name", flat=True)))


def test_nothing_is_read_again_while_nothing_changes() -> None:
    first = names()
    with CaptureQueriesContext(connection) as queries:
        assert names() is first
    assert len(queries) == 1


def test_every_kind_of_change_counts_at_once() -> None:
    Category.objects.create(code="a", name="甲")
    assert names() == ["甲"]
    Category.objects.create(code="b", name="乙")
    assert set(names()) == {"甲", "乙"}
    Category.objects.filter(code="a").update(name="丙")
    assert set(names()) == {"丙", "乙"}
    Category.objects.filter(code="b").delete()
    assert names() == ["丙"]


def test_a_change_that_is_taken_back_is_forgotten() -> None:
    Category.objects.create(code="a", name="甲")
    with transaction.atomic():
        Category.objects.create(code="b", name="乙")
        assert len(names()) == 2
        transaction.set_rollback(True)
    assert names() == ["甲"]


def test_any_of_the_tables_counts() -> None:
    first = names()
    Customer.objects.create(name="王", created_at=NOON)
    assert names() is not first


def others() -> list[str]:
    return remembered("test others", (Customer,), lambda: sorted(Customer.objects.values_list("name", flat=True)))


def test_work_that_asks_for_several_compares_all_of_them_in_one_query() -> None:
    names(), others()
    with CaptureQueriesContext(connection) as queries, looked_at_once():
        assert names() is names()
        assert others() is others()
    assert len(queries) == 1


def test_work_that_was_told_the_versions_asks_for_none() -> None:
    names(), others()
    told = asked(question())
    with CaptureQueriesContext(connection) as queries, looked_at_once(told):
        assert names() is names()
        assert others() is others()
    assert len(queries) == 0
    Category.objects.create(code="a", name="甲")
    with looked_at_once(asked(question())):
        assert names() == ["甲"]


def test_what_the_versions_do_not_tell_of_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.remembered._tables", {})
    monkeypatch.setattr("common.remembered._known", {})
    told = asked(question())
    Category.objects.create(code="a", name="甲")
    with CaptureQueriesContext(connection) as queries, looked_at_once(told):
        assert names() == ["甲"]
        assert others() == []
    assert len(queries) == 3  # the versions, then the rows of each


def test_the_next_work_sees_a_change() -> None:
    with looked_at_once():
        assert names() == []
    Category.objects.create(code="a", name="甲")
    with looked_at_once():
        assert names() == ["甲"]
    assert names() == ["甲"]


def test_what_is_asked_for_first_within_such_work_is_right_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.remembered._tables", {})
    monkeypatch.setattr("common.remembered._known", {})
    Category.objects.create(code="a", name="甲")
    with looked_at_once():
        assert names() == ["甲"]
        assert others() == []


def test_another_thread_may_ask_for_something_new_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"test": ("", *(model._meta.db_table for model in TABLES))}
    monkeypatch.setattr("common.remembered._tables", tables)
    monkeypatch.setattr("common.remembered._known", {})

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        tables.setdefault("of another thread", (Region._meta.db_table,))
        return execute(sql, params, many, context)

    with looked_at_once(), connection.execute_wrapper(meanwhile):
        assert names() == []

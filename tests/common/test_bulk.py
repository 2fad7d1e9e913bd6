"""Many rows in one statement."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Department
from common.bulk import add_rows

pytestmark = pytest.mark.django_db

NAMES = ["code", "name", "path"]


def test_columns_that_are_not_named_get_the_default_of_their_field() -> None:
    assert add_rows(Department, NAMES, [("a", "售后", "/1/"), ("b", "it's \\ odd\n", "/2/")]) == 2
    slow = Department.objects.create(code="c", name="c", path="/3/")
    others = [field.attname for field in Department._meta.concrete_fields if field.attname not in {"id", *NAMES}]
    for row in Department.objects.filter(code__in=["a", "b"]):
        assert [getattr(row, name) for name in others] == [getattr(slow, name) for name in others]
    assert Department.objects.get(code="b").name == "it's \\ odd\n"


def test_a_row_that_is_there_already_stays_as_it_is() -> None:
    Department.objects.create(code="a", name="first", path="/1/")
    assert add_rows(Department, NAMES, [("a", "second", "/1/"), ("b", "new", "/2/")]) == 1
    assert dict(Department.objects.filter(code__in=["a", "b"]).values_list("code", "name")) == {
        "a": "first",
        "b": "new",
    }


def test_it_is_one_statement_and_none_for_no_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        add_rows(Department, NAMES, [(f"d{number}", "d", "/") for number in range(300)])
    with django_assert_num_queries(0):
        assert add_rows(Department, NAMES, []) == 0

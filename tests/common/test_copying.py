"""What COPY writes is what saving an instance would have written."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.forms.models import model_to_dict

from common.copying import copy_rows, take_keys
from tests.make import NOON
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
HARD = 'tab\t line\n return\r back\\slash \\N \\. "quote" \'single\' 回声 😀 {"a": 1}'


def columns(row: Ticket) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in Ticket._meta.concrete_fields if field.name != "id"}


def test_a_copied_row_equals_a_saved_one_in_every_column() -> None:
    customer = Customer.objects.create(name="王", created_at=NOON)
    values = {
        "channel": "web",
        "subject": "漏水",
        "content": HARD,
        "nature": "complaint",
        "tier": "L2",
        "customer_id": customer.pk,
        "departments": [3, 5],
        "verdict": {"reasons": [HARD, None, 1.5, True]},
        "needs_review": True,
        "received_at": NOON,
        "registered_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "closed_at": None,
    }
    (key,) = take_keys(Ticket, 1)
    copy_rows(Ticket, ["id", *values], [(key, *values.values())])
    saved = Ticket.objects.create(**values)
    assert columns(Ticket.objects.get(pk=key)) == columns(Ticket.objects.get(pk=saved.pk))
    assert saved.pk > key


def test_the_table_gives_the_keys_that_are_not_named() -> None:
    copy_rows(Customer, ["name", "created_at"], [("王", NOON), ("李", NOON)])
    assert Customer.objects.create(name="张", created_at=NOON).pk > max(
        Customer.objects.filter(name__in=["王", "李"]).values_list("pk", flat=True)
    )
    assert model_to_dict(Customer.objects.get(name="王"))["language"] == "zh-hans"


def test_a_name_that_is_no_column_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        copy_rows(Customer, ["name", "shoe_size"], [("王", 43)])


def test_what_the_table_refuses_is_an_error_of_the_database() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows(Customer, ["name", "created_at"], [("王" * 101, NOON)])

"""Rows written without `save()` are the rows that `save()` writes."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Department
from common.copying import take_keys_of
from common.inserting import insert, insert_after, insert_together
from feedback.models import KeywordRule, RawMessage
from tests.make import NOON, a_ticket
from tickets.models import Assignment, Customer, Message, TicketEvent

pytestmark = pytest.mark.django_db


def values_of(row: Any) -> dict[str, Any]:
    fresh = type(row).objects.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields[1:]}


def test_a_row_is_stored_as_save_would_and_knows_its_key() -> None:
    def message() -> RawMessage:
        return RawMessage(channel="web", raw=b"\x00\xff'%s", sha256="a", received_at=NOON, subject="100 % '\\")

    ours, theirs = message(), message()
    insert(ours)
    theirs.save()
    assert values_of(ours) == values_of(theirs)
    assert not ours._state.adding
    ours.subject = "again"
    ours.save()  # an UPDATE of the same row
    assert RawMessage.objects.count() == 2


def test_lists_and_json_and_choices_are_prepared_as_fields_prepare_them() -> None:
    words = ["漏水", "it's", 'a "word", a comma', "\\"]
    rule = KeywordRule(code="x", words=words, effect=KeywordRule.Effect.ALERT, name="漏", name_en="x", channels=[])
    insert(rule)
    assert KeywordRule.objects.get(code="x").words == words
    case = a_ticket()
    data = {"text": "'; DROP TABLE x; --", "none": None, "list": [1, "%s"]}
    event = TicketEvent(ticket=case, at=NOON, kind="note", round=1, version=2, status=case.status, data=data)
    insert_together([event])
    assert TicketEvent.objects.get(kind="note").data == data


def test_rows_of_several_tables_go_in_one_statement_with_the_keys_they_brought(django_assert_num_queries: Any) -> None:
    case = a_ticket()
    take_keys_of((TicketEvent, 1), (Message, 2))  # what counts them is looked up once
    with django_assert_num_queries(1):
        (event_key,), message_keys = take_keys_of((TicketEvent, 1), (Message, 2))
    common: dict[str, Any] = {"ticket": case, "at": NOON}
    event = TicketEvent(pk=event_key, kind="note", round=1, version=2, status=case.status, **common)
    said = [Message(pk=key, direction="internal", via="web", text=f"{key}", **common) for key in message_keys]
    with django_assert_num_queries(1):
        insert_together([*said, event])
    assert [row.text for row in Message.objects.filter(pk__in=message_keys).order_by("pk")] == [
        row.text for row in said
    ]
    assert TicketEvent.objects.get(pk=event_key).kind == "note"
    with django_assert_num_queries(0):
        insert_together([])


def test_several_rows_of_a_model_each_get_their_own_key(django_assert_num_queries: Any) -> None:
    people = [Customer(name=name, created_at=NOON) for name in ("王", "李", "张")]
    with django_assert_num_queries(1):
        insert(*people)
    assert [Customer.objects.get(pk=person.pk).name for person in people] == ["王", "李", "张"]


def test_a_row_takes_the_place_of_one_that_ends_in_the_same_statement(
    django_assert_num_queries: Any, after_sales: Department, logistics: Department
) -> None:
    case = a_ticket(department=after_sales)  # one department leads at a time, says a constraint
    others = a_ticket(department=after_sales)
    new = Assignment(ticket=case, department=logistics, assigned_at=NOON)
    leads = case.assignments.filter(ended_at=None)
    with django_assert_num_queries(1):
        insert_after(
            new, (leads, {"ended_at": NOON, "end_reason": "reassigned"}), (case.transfers.all(), {"accepted": False})
        )
    assert [part.department for part in leads.order_by("pk")] == [logistics]
    assert case.assignments.get(end_reason="reassigned").department == after_sales
    assert others.assignments.get().ended_at is None
    new.task = "again"
    new.save()  # an UPDATE of the same row
    assert Assignment.objects.filter(ticket=case).count() == 2


def test_what_the_table_refuses_is_refused() -> None:
    insert(Customer(name="王", external_id="7", created_at=NOON))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Customer(name="李", external_id="7", created_at=NOON))
    assert Customer.objects.get().name == "王"


def test_what_is_there_already_may_stay_as_it_is() -> None:
    insert(Customer(name="王", external_id="7", created_at=NOON))
    rows = [Customer(name="李", external_id="7", created_at=NOON), Customer(name="张", created_at=NOON)]
    insert_together([], unless_there=rows)
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["张", "王"]

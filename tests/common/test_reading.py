"""Rows read quickly are the rows that Django reads."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from sla.models import Clock
from tests.make import NOON, a_ticket
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def as_django_reads(monkeypatch: pytest.MonkeyPatch, **found: Any) -> Ticket:
    with monkeypatch.context() as patched:
        patched.setattr(Ticket, "from_db", classmethod(Model.from_db.__func__))
        return Ticket.objects.get(**found)


def test_every_column_and_the_state_are_as_django_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pk = a_ticket().pk
    ours, theirs = Ticket.objects.get(pk=pk), as_django_reads(monkeypatch, pk=pk)
    assert type(ours.departments) is list
    for field in Ticket._meta.concrete_fields:
        assert getattr(ours, field.attname) == getattr(theirs, field.attname), field.name
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db) == (False, "default")
    assert ours == theirs
    assert set(vars(ours)) == set(vars(theirs))


def test_what_was_left_out_is_read_when_it_is_asked_for() -> None:
    case = a_ticket()
    lean = Ticket.objects.only("number", "owner").get(pk=case.pk)
    assert lean.get_deferred_fields() >= {"content", "verdict", "department_id"}
    with CaptureQueriesContext(connection) as asked:
        assert lean.number == case.number
        assert lean.content == case.content
    assert len(asked) == 1


def test_relations_are_followed_set_and_saved(after_sales: Any, chen: Any) -> None:
    case = a_ticket(department=after_sales)
    read = Ticket.objects.select_related("department").get(pk=case.pk)
    with CaptureQueriesContext(connection) as asked:
        assert read.department == after_sales
    assert not asked.captured_queries
    read.owner, read.received_at = chen, NOON
    read.save()
    again = Ticket.objects.get(pk=case.pk)
    assert (again.owner_id, again.owner, again.received_at) == (chen.pk, chen, NOON)
    assert Ticket.objects.filter(pk=case.pk).count() == 1
    again.owner_id = None
    assert again.owner is None


def test_a_clock_begun_has_the_values_that_a_new_instance_has() -> None:
    case = a_ticket()
    named: dict[str, Any] = {"metric": "resolution", "target": {"amount": 1}, "started_at": NOON, "due_at": NOON}
    ours, theirs = Clock.begun(ticket_id=case.pk, **named), Clock(ticket_id=case.pk, **named)
    for field in Clock._meta.concrete_fields:
        assert getattr(ours, field.attname) == getattr(theirs, field.attname), field.name
    assert ours._state.adding
    ours.save()
    assert Clock.objects.get(pk=ours.pk).ticket == case


def test_a_case_begun_knows_the_rows_that_it_points_to(after_sales: Any) -> None:
    named: dict[str, Any] = {"department": after_sales, "owner": None, "channel": "web", "received_at": NOON}
    ours, theirs = Ticket.begun(**named), Ticket(**named)
    for field in Ticket._meta.concrete_fields:
        assert getattr(ours, field.attname) == getattr(theirs, field.attname), field.name
    with CaptureQueriesContext(connection) as asked:
        assert (ours.department, ours.owner) == (after_sales, None)
    assert not asked.captured_queries
    assert ours._state.fields_cache == theirs._state.fields_cache
    with pytest.raises(TypeError, match="colour"):
        Ticket.begun(colour="red")


def test_what_has_a_default_of_its_own_is_not_shared() -> None:
    one, other = TicketEvent.begun(), TicketEvent.begun()
    one.data["x"] = 1
    assert other.data == {}

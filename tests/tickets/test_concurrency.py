"""Threads on the real database: nobody's work is lost, nobody wins twice, no number is missing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from sla import services_setup
from sla.services_sweep import sweep
from tests.make import NOON, a_ticket
from tests.stage import PEOPLE, Stage, moves
from tickets import defaults, numbers
from tickets import services as tickets
from tickets.models import Customer, DayCounter, Ticket
from tickets.tasks import close_batch

pytestmark = pytest.mark.django_db(transaction=True)
BY_THE_CUSTOMER = {"customer_message", "rate"}  # who knows no version


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run all at the same moment; each gives its result or its exception."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_of_two_people_who_accept_one_wins_and_the_other_is_told_who(chen, gao, after_sales):
    ticket = a_ticket(department=after_sales)
    outcome = at_once(lambda: tickets.accept(ticket, by=chen, at=NOON), lambda: tickets.accept(ticket, by=gao, at=NOON))
    ticket.refresh_from_db()
    (refusal,) = [result for result in outcome if isinstance(result, tickets.ActionNotAllowed)]
    assert str(ticket.owner) in str(refusal)
    assert ticket.events.filter(kind="accept").count() == 1


def test_of_two_who_assign_the_same_version_one_is_stale(zhou, gao, after_sales, logistics):
    ticket = a_ticket()
    outcome = at_once(
        lambda: tickets.assign(ticket, department=after_sales, by=zhou, at=NOON, version=1),
        lambda: tickets.assign(ticket, department=logistics, by=zhou, at=NOON, version=1),
    )
    assert [type(result) for result in outcome].count(tickets.StaleTicket) == 1
    assert ticket.assignments.filter(ended_at=None).count() == 1


def test_assigning_while_a_limit_is_missed_records_both(zhou, after_sales):
    ticket = a_ticket()
    at_once(
        lambda: tickets.assign(ticket, department=after_sales, by=zhou, at=NOON),
        lambda: tickets.escalate(ticket, reason="breach", by=None, at=NOON),
    )
    ticket.refresh_from_db()
    assert (ticket.department, ticket.level, ticket.version) == (after_sales, 1, 3)
    assert set(ticket.events.values_list("kind", flat=True)) == {"register", "assign", "escalate"}


def test_numbers_given_in_parallel_have_no_gap_though_some_transactions_fail(after_sales):
    def submit(fails: bool) -> Callable[[], object]:
        def call() -> object:
            with transaction.atomic():
                ticket = a_ticket(department=after_sales)
                if fails:
                    raise RuntimeError("the connection broke")
                return ticket.number

        return call

    outcome = []
    for _round in range(3):
        outcome += at_once(*(submit(position % 3 == 0) for position in range(8)))
    given = sorted(result for result in outcome if isinstance(result, str))
    assert given == [f"Q20261123-{counter:06d}" for counter in range(1, len(given) + 1)]
    assert len(given) == 15
    assert DayCounter.objects.get().last == 15


def test_a_batch_of_numbers_follows_on(db):
    day = NOON.date()
    assert numbers.take(day)[-1].endswith("-000001")
    assert [number[-6:] for number in numbers.take(day, 3)] == ["000002", "000003", "000004"]


def test_two_workers_that_archive_quiet_cases_archive_each_once(chen, after_sales):
    for _n in range(6):
        ticket = tickets.accept(a_ticket(department=after_sales, anonymous=True), by=chen, at=NOON)
        tickets.resolve(ticket, text="已修好，今后改进，谢谢", by=chen, at=NOON)
    late = NOON.replace(month=12)
    at_once(lambda: close_batch(late), lambda: close_batch(late))
    close_batch(late)
    assert set(Ticket.objects.values_list("status", flat=True)) == {"closed"}
    assert all(ticket.events.filter(kind="close").count() == 1 for ticket in Ticket.objects.all())


def test_of_two_who_make_any_move_of_the_table_on_the_same_version_one_is_told_what_is_new(request):
    cast = {name: request.getfixturevalue(name) for name in PEOPLE}
    defaults.create_defaults()
    services_setup.create_defaults()
    wang = Customer.objects.create(name="王小明", email="wang@example.com", created_at=NOON)
    verbs = moves(Stage(cast, wang))
    for verb in sorted(verbs.keys() - BY_THE_CUSTOMER):
        ticket, given = verbs[verb]()
        before, version = ticket.events.count(), ticket.version
        call = partial(getattr(tickets, verb), ticket, version=version, **given)
        outcome = at_once(call, call)
        refusals = [result for result in outcome if isinstance(result, Exception)]
        assert [type(one) for one in refusals] == [tickets.StaleTicket], (verb, refusals)
        (refusal,) = refusals
        assert refusal.newer and refusal.newer[0].version == version + 1, verb
        assert ticket.events.count() == before + len(refusal.newer), verb


def test_a_customer_who_says_it_twice_at_once_begins_one_round(chen, gao, zhou, office, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已修好，今后改进，谢谢", by=chen, at=NOON)
    at_once(
        lambda: tickets.rate(ticket, rating="dissatisfied", at=NOON),
        lambda: tickets.customer_message(ticket, text="又漏水了，请再来修。", at=NOON),
        lambda: tickets.close(ticket, by=None, at=NOON),
    )
    ticket.refresh_from_db()
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert ticket.round <= 2 and kinds.count("reopen") == ticket.round - 1
    versions = list(ticket.events.order_by("version").values_list("version", flat=True))
    assert versions[1:] == list(range(1, len(versions)))  # registered and assigned in one


def test_assigning_while_the_sweep_finds_the_limit_missed_loses_neither(zhou, after_sales, office):
    services_setup.create_defaults()
    late = NOON + timedelta(hours=9)
    for _round in range(3):
        ticket = a_ticket()
        at_once(
            lambda case=ticket: tickets.assign(case, department=after_sales, by=zhou, at=late),
            lambda: sweep(late),
            lambda: sweep(late),
        )
        ticket.refresh_from_db()
        kinds = list(ticket.events.values_list("kind", flat=True))
        assert ticket.department == after_sales
        assert kinds.count("assign") == 1
        assert kinds.count("breach") >= 1
        versions = list(ticket.events.order_by("version").values_list("version", flat=True))
        assert versions == sorted(set(versions))
        missed = ticket.events.filter(kind="breach").values_list("data__metric", flat=True)
        assert len(missed) == len(set(missed))

"""What is due is done once, in order, whatever happens around it (`sla.md`, The sweep)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notices import wording
from sla import services_overdue, services_sweep
from sla.models import Accountability, Clock, DueItem, Heartbeat
from sla.services_overdue import SINGLY
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent

MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)


def breaches(ticket, metric="first_response"):
    return ticket.events.filter(kind="breach", data__metric=metric).count()


@pytest.mark.django_db
class TestAlone:
    @pytest.fixture(autouse=True)
    def policies(self, db):
        create_defaults()

    def test_an_idle_sweep_leaves_its_heartbeat(self):
        assert sweep(MONDAY) == 0
        assert Heartbeat.objects.get(name="sweep").at == MONDAY

    def test_after_an_outage_everything_is_caught_up_in_order_with_the_true_times(self, chen, gao, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        sweep(moment("2026-12-15 09:00"), batch=2)
        first = Clock.objects.get(ticket=ticket, metric="first_response")
        assert first.breached_at == moment("2026-11-23 12:00")
        times = list(ticket.events.filter(kind="breach").order_by("pk").values_list("at", flat=True))
        assert times == sorted(times)
        ticket.refresh_from_db()
        assert ticket.level == 3
        assert not DueItem.objects.filter(fired_at=None).exists()

    def test_the_sweep_costs_the_same_statements_for_3_cases_and_30(self, gao, after_sales, logistics):
        """Nobody owns them: who answers is the head of each case's department, which is read for all at once."""

        def missed(many, day):
            for number in range(many):
                a_ticket(moment(f"{day} 10:00"), department=(after_sales, logistics)[number % 2])
            with CaptureQueriesContext(connection) as seen:
                sweep(moment(f"{day} 12:00"))
            assert TicketEvent.objects.filter(kind="breach", at=moment(f"{day} 12:00")).count() >= many
            return len(seen)

        few = missed(3, "2026-11-23")
        sweep(moment("2026-11-24 09:59"))
        assert missed(30, "2026-11-24") == few

    def test_warnings_that_the_breach_overtook_tell_nobody(self, chen, gao, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        tickets.accept(ticket, by=chen, at=MONDAY)
        sweep(moment("2026-11-23 12:01"))
        told = chen.notices.filter(context__metric="first_response", channel="in_app")
        assert list(told.values_list("context__threshold", flat=True)) == ["due"]

    @pytest.mark.parametrize("batch", [1, 3, 1000])
    def test_after_a_gap_each_person_hears_of_a_case_once_at_its_highest_step(
        self, chen, gao, zhou, tang, after_sales, batch
    ):
        ticket = a_ticket(MONDAY, department=after_sales, tier="L1")
        tickets.accept(ticket, by=chen, at=MONDAY)
        sweep(moment("2026-11-30 09:00"), batch=batch)
        told = {
            person.username: list(
                person.notices.filter(channel="in_app", kind="time_limit").values_list("context__threshold", flat=True)
            )
            for person in (chen, gao, zhou, tang)
        }
        assert told == {"chen": ["due"], "gao": ["+3wd"], "zhou": ["+3wd"], "tang": ["+3wd"]}

    def test_a_warning_comes_at_its_share_of_the_limit_and_only_once(self, chen, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        tickets.accept(ticket, by=chen, at=MONDAY)
        for minute in (59, 60, 61, 96, 97):
            sweep(MONDAY + timedelta(minutes=minute))
        told = chen.notices.filter(context__metric="first_response", channel="in_app").order_by("pk")
        assert list(told.values_list("context__threshold", flat=True)) == ["50%", "80%"]

    def test_who_would_get_many_notices_at_once_gets_one_digest(self, chen, gao, after_sales):
        for _ in range(SINGLY + 1):
            a_ticket(MONDAY, department=after_sales)
        major = a_ticket(MONDAY, department=after_sales, tier="L1")
        sweep(moment("2026-11-23 12:01"))
        told = gao.notices.filter(channel="in_app").exclude(kind="work")
        assert set(told.values_list("kind", "topic")) == {("time_limits", ""), ("time_limit", major.number)}
        subject, body = wording.words(gao.notices.filter(kind="time_limits", channel="email").get())
        assert subject and "%(" not in body
        assert len([line for line in body.splitlines() if line.startswith("- ")]) == SINGLY

    def test_a_sweep_of_many_batches_tells_a_person_no_more_than_one_batch_would(self, gao, after_sales):
        for _ in range(SINGLY * 2):
            a_ticket(MONDAY, department=after_sales)
        sweep(moment("2026-11-23 12:01"), batch=SINGLY - 5)
        told = list(gao.notices.filter(channel="in_app").values_list("kind", flat=True))
        assert told.count("time_limits") == 1
        assert 0 < told.count("time_limit") <= SINGLY

    def test_an_item_of_an_earlier_due_time_does_nothing(self, chen, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        resolution = Clock.objects.get(ticket=ticket, metric="resolution")
        DueItem.objects.create(clock=resolution, threshold="due", fire_at=MONDAY, due_version=7)
        sweep(MONDAY + timedelta(minutes=1))
        resolution.refresh_from_db()
        assert resolution.state == "running"

    def test_an_answered_miss_climbs_no_further(self, chen, gao, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        sweep(moment("2026-11-23 12:01"))
        tickets.reply(ticket, text="抱歉，晚了。", by=chen, at=moment("2026-11-23 14:00"))
        first = Clock.objects.get(ticket=ticket, metric="first_response")
        assert not DueItem.objects.filter(clock=first, fired_at=None).exists()

    def test_a_poisoned_row_is_pushed_on_and_the_others_are_done(self, monkeypatch, caplog):
        bad, good = a_ticket(MONDAY), a_ticket(MONDAY)
        account = services_overdue.account

        def refuse(steps):
            steps = list(steps)
            if any(step.clock.ticket_id == bad.pk for step in steps):
                raise ValueError("poison")
            account(steps)

        monkeypatch.setattr(services_overdue, "account", refuse)
        due = moment("2026-11-23 12:00")
        sweep(due)
        assert (breaches(bad), breaches(good)) == (0, 1)
        pushed = DueItem.objects.filter(clock__ticket=bad, clock__metric="first_response", threshold="due").get()
        assert (pushed.fired_at, pushed.failures) == (None, 1)
        assert pushed.fire_at > due
        monkeypatch.setattr(services_overdue, "account", account)
        sweep(pushed.fire_at)
        event = bad.events.get(kind="breach", data__metric="first_response")
        assert event.at == due
        assert Accountability.objects.get(clock__ticket=bad, clock__metric="first_response").opened_at == due

    def test_a_late_resolution_while_the_sweep_is_down_is_late_once(self, chen, after_sales):
        ticket = a_ticket(MONDAY, department=after_sales)
        ticket = tickets.reply(ticket, text="正在处理。", by=chen, at=MONDAY)
        tickets.resolve(ticket, by=chen, at=MONDAY + 49 * HOUR)
        sweep(MONDAY + 60 * HOUR)
        late = Clock.objects.get(ticket=ticket, metric="resolution")
        assert (late.state, late.breached_at, late.stopped_at) == ("missed", MONDAY + 48 * HOUR, MONDAY + 49 * HOUR)
        assert breaches(ticket, "resolution") == 1


@pytest.mark.django_db(transaction=True)
class TestTogether:
    @pytest.fixture(autouse=True)
    def policies(self, db):
        create_defaults()

    def test_two_sweeps_at_once_do_everything_exactly_once(self):
        ids = [a_ticket(MONDAY).pk for _ in range(40)]
        in_threads(4, lambda: sweep(moment("2026-11-23 12:00"), batch=7))
        breached = TicketEvent.objects.filter(kind="breach", data__metric="first_response", ticket__in=ids)
        assert sorted(breached.values_list("ticket_id", flat=True)) == sorted(ids)
        assert not DueItem.objects.filter(fired_at=None, fire_at__lte=moment("2026-11-23 12:00")).exists()

    def test_two_threads_share_a_long_backlog_and_tell_a_person_no_more_than_one_would(
        self, gao, after_sales, monkeypatch
    ):
        ids = [a_ticket(MONDAY, department=after_sales).pk for _ in range(SINGLY + 8)]
        sweep_batch, swept_by = services_sweep.sweep_batch, set()

        def noted(*given, **named):
            swept_by.add(threading.current_thread())
            return sweep_batch(*given, **named)

        monkeypatch.setattr(services_sweep, "sweep_batch", noted)
        sweep(moment("2026-11-23 12:00"), batch=4)
        assert len(swept_by) == 2
        breached = TicketEvent.objects.filter(kind="breach", data__metric="first_response")
        assert sorted(breached.values_list("ticket_id", flat=True)) == sorted(ids)
        told = list(gao.notices.filter(channel="in_app").values_list("kind", flat=True))
        assert told.count("time_limits") == 1
        assert 0 < told.count("time_limit") <= SINGLY

    def test_a_case_that_somebody_holds_is_left_for_the_next_tick(self):
        held, free = a_ticket(MONDAY), a_ticket(MONDAY)
        due = moment("2026-11-23 12:00")
        with transaction.atomic():
            Ticket.objects.select_for_update().get(pk=held.pk)
            in_threads(1, lambda: sweep(due))
        assert (breaches(held), breaches(free)) == (0, 1)
        sweep(due + timedelta(seconds=2))
        assert breaches(held) == 1
        assert Clock.objects.get(ticket=held, metric="first_response").breached_at == due


def in_threads(count, work):
    failures = []

    def run():
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []

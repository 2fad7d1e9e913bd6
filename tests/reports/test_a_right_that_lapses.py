"""Who did not return a case in time has lost a right and missed no limit: nobody is late, and no figure says so."""

from datetime import timedelta

import pytest

from config import invariants
from reports import kpi, ledgers, periods
from sla.models import Accountability, Clock
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from supervision import agenda
from tests.make import a_ticket, moment
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02 10:00")
MARCH = periods.containing(MONDAY, "month")
LATER = MONDAY + timedelta(days=2)  # the limit of returning is one working day


@pytest.fixture
def case(after_sales, zhou, chen):
    """Dealt to a department that neither accepts nor returns it until the time for both is over."""
    create_defaults()
    ticket = a_ticket(MONDAY, nature="inquiry")
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=MONDAY)
    sweep(LATER)
    return Ticket.objects.get(pk=ticket.pk)


def right(case):
    return case.clocks.get(metric="return_decision")


def test_it_is_over_but_nobody_is_accused(case):
    assert right(case).state == Clock.State.MISSED and right(case).breached_at == right(case).due_at
    assert case.clocks.get(metric="accept").state == Clock.State.MISSED
    assert {event.data["metric"] for event in case.events.filter(kind="breach")} >= {"accept"}
    assert not case.events.filter(kind="breach", data__metric="return_decision").exists()
    assert not Accountability.objects.filter(clock=right(case)).exists()


def test_no_figure_ledger_or_meeting_counts_it(case, gao):
    missed = Clock.objects.filter(ticket=case, state="missed").exclude(metric="return_decision").count()
    figure = kpi.breaches(Ticket.objects.all(), MARCH).total
    assert (
        figure["missed"] == missed
        and "return_decision" not in figure["by_metric"]
        and figure["by_metric"]["accept"] == 1
    )
    (entry,) = ledgers.entries([case], full=True)
    assert entry.late == missed
    assert "return_decision" not in {metric for _pk, metric in agenda.gather(LATER.date(), LATER, MONDAY)["missed"]}


def test_the_case_is_due_by_its_other_limits_and_the_page_calls_nothing_overdue_for_it(case, chen, client):
    ticket = tickets.accept(case, by=chen, at=LATER)
    others = ticket.clocks.active().exclude(metric="return_decision")
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == min(clock.due_at for clock in others if clock.due_at)
    assert list(invariants.check(LATER, only=["next_due_at"]).values()) == [[]]
    client.force_login(chen)
    assert "已过时限" in client.get(ticket.get_absolute_url()).content.decode()

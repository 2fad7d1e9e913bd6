from datetime import timedelta

import pytest

from sla.models import Clock
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from sla.services_verify import differing
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def lived(chen, gao, zhou, after_sales):
    """Cases that were answered in time, late, paused, classed anew, reopened and swept."""
    create_defaults()
    late = a_ticket(MONDAY, department=after_sales)
    tickets.reply(late, text="晚了。", by=chen, at=MONDAY + 30 * HOUR)
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY + HOUR)
    ticket = tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + 5 * HOUR)
    ticket = tickets.classify(ticket, tier="L3", by=zhou, at=MONDAY + 26 * HOUR)
    ticket = tickets.resolve(ticket, text="已修好。", by=chen, at=MONDAY + 50 * HOUR)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=MONDAY + 60 * HOUR)
    sweep(MONDAY + 61 * HOUR)
    return ticket


def test_the_clocks_of_lived_cases_agree_with_their_events(lived):
    assert differing(MONDAY + 61 * HOUR) == []


@pytest.mark.parametrize("field", ["due_at", "elapsed_s"])
def test_a_clock_that_was_changed_behind_its_events_is_found(lived, field):
    clock = Clock.objects.filter(state="met", elapsed_s__gt=0).first()
    value = clock.due_at + HOUR if field == "due_at" else clock.elapsed_s + 60
    Clock.objects.filter(pk=clock.pk).update(**{field: value})
    assert differing(MONDAY + 61 * HOUR) == [clock.pk]

from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from sla import services_calendars, services_sweep, services_verify

NUDGED_AHEAD = timedelta(minutes=1)


@shared_task(name="sla.sweep")
def sweep() -> int:
    done = services_sweep.sweep(timezone.now())
    nudge()
    return done


def nudge() -> None:
    """A sweep at the very instant at which the next thing falls due; only on top of the ticks, never instead.

    Lost with the broker or sent twice it does no harm. The cache holds each instant to one nudge.
    """
    now = timezone.now()
    instant = services_sweep.next_instant(now, NUDGED_AHEAD)
    if instant is not None and cache.add(f"sla.nudge:{instant.isoformat()}", True, 120):
        sweep.apply_async(eta=instant, expires=instant + timedelta(seconds=30))


@shared_task(name="sla.verify_clocks")
def verify_clocks() -> int:
    """Every night: what clocks hold against their replayed events. Returns how many differ; each is logged."""
    return services_verify.verify(timezone.now())


@shared_task(name="sla.warn_of_holidays")
def warn_of_holidays() -> int:
    """Every morning: calendars that lack next year's holidays, from November on."""
    return services_calendars.warn_of_next_year(timezone.now())

from celery import shared_task
from django.utils import timezone

from sla import services_sweep, services_verify


@shared_task(name="sla.sweep")
def sweep() -> int:
    return services_sweep.sweep(timezone.now())


@shared_task(name="sla.verify_clocks")
def verify_clocks() -> int:
    """Every night: what clocks hold against their replayed events. Returns how many differ; each is logged."""
    return len(services_verify.differing(timezone.now()))

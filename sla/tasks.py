from celery import shared_task
from django.utils import timezone

from sla import services_sweep


@shared_task(name="sla.sweep")
def sweep() -> int:
    return services_sweep.sweep(timezone.now())

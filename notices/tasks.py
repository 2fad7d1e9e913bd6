from celery import shared_task
from django.utils import timezone

from notices import services


@shared_task(name="notices.deliver_due")
def deliver_due() -> int:
    return services.deliver_due(timezone.now())

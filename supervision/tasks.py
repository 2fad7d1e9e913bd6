"""What beat runs for supervision."""

from celery import shared_task
from django.utils import timezone

from supervision import services_findings


@shared_task(name="supervision.remind")
def remind() -> int:
    """Every morning: findings whose limit is near or over. Safe to run twice."""
    return services_findings.remind(at=timezone.now())

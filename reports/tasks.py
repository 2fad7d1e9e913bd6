"""Beat runs `reports.build_due` every morning; on other days than first working days it does nothing."""

from celery import shared_task
from django.utils import timezone

from reports import services


@shared_task(name="reports.build_due")
def build_due() -> int:
    """The number of reports that are there for the day; running it twice adds nothing."""
    return len(services.build_due(at=timezone.now()))

"""Beat runs `reports.build_due` every morning; on other days than first working days it does nothing."""

from celery import shared_task
from django.utils import timezone

from reports import services, sources


@shared_task(name="reports.build_due")
def build_due() -> int:
    """The number of reports that are there for the day; running it twice adds nothing."""
    return len(services.build_due(at=timezone.now()))


@shared_task(name="reports.refresh")
def refresh() -> None:
    """Every minute: count the days of this month and the last that have changed, so that no reader waits for it."""
    sources.prepare(timezone.now())

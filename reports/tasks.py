"""What beat runs for the figures."""

from celery import shared_task
from django.utils import timezone

from reports import services, upkeep


@shared_task(name="reports.build_due")
def build_due() -> int:
    """Every hour: the reports of what has ended, as drafts. The number that was missing; running it twice adds nothing."""
    return len(services.build_due(at=timezone.now()))


@shared_task(name="reports.refresh")
def refresh() -> None:
    """Every 20 seconds: count the days that changed or were asked for, so that no reader waits for it."""
    upkeep.keep_counted(timezone.now())

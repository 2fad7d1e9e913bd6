from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from feedback import services_boxes, services_import
from tickets import files, uploads


@shared_task(name="feedback.forget_unused_uploads")
def forget_unused_uploads() -> int:
    """Files that nobody sent with anything, and uploads that nobody went on with, go after a day."""
    before = timezone.now() - files.KEPT_UNUSED
    return files.forget_unused(before=before) + uploads.forget_old(before=before)


@shared_task(name="feedback.drop_orphans")
def drop_orphans() -> int:
    """Stored files without a row go after a day (DI-12)."""
    return files.drop_orphans(before=timezone.now() - timedelta(days=1))


@shared_task(name="feedback.remind_of_boxes")
def remind_of_boxes() -> int:
    return services_boxes.remind(timezone.now())


@shared_task(name="feedback.run_imports")
def run_imports() -> int:
    return services_import.run_due(timezone.now())

from celery import shared_task
from django.utils import timezone

from feedback import services_boxes
from tickets import files


@shared_task(name="feedback.forget_unused_uploads")
def forget_unused_uploads() -> int:
    """Files that nobody sent with anything go after a day."""
    return files.forget_unused(before=timezone.now() - files.KEPT_UNUSED)


@shared_task(name="feedback.remind_of_boxes")
def remind_of_boxes() -> int:
    return services_boxes.remind(timezone.now())

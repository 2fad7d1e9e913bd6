from celery import shared_task
from django.utils import timezone

from feedback import services_problems
from tickets import files


@shared_task(name="feedback.forget_unused_uploads")
def forget_unused_uploads() -> int:
    """Files that nobody sent with anything go after a day."""
    return files.forget_unused(before=timezone.now() - files.KEPT_UNUSED)


@shared_task(name="feedback.find_problems")
def find_problems() -> int:
    """New tickets that speak of the same trouble are proposed as common problems."""
    return services_problems.find(timezone.now())

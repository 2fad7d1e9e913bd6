from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from feedback import services_boxes, services_problems, services_training
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


@shared_task(name="feedback.find_problems")
def find_problems() -> int:
    """New tickets that speak of the same trouble are proposed as common problems."""
    return services_problems.find(timezone.now())


@shared_task(name="feedback.remind_of_boxes")
def remind_of_boxes() -> int:
    return services_boxes.remind(timezone.now())


@shared_task(name="feedback.learn")
def learn() -> int:
    """Every night the classifier is fitted to what people corrected; the number of models that were compared."""
    told = services_training.retrain(at=timezone.now())
    return sum(one is not None for one in told.values())

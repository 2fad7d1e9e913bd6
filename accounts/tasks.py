from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import IdempotentCall

KEPT = timedelta(hours=48)


@shared_task(name="accounts.forget_calls")
def forget_calls() -> None:
    """Answers of idempotent calls are kept for 48 hours, longer than any client retries."""
    IdempotentCall.objects.filter(at__lt=timezone.now() - KEPT).delete()

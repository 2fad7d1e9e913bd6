from celery import shared_task
from django.utils import timezone

from notices import services, services_sms, services_webhooks


@shared_task(name="notices.deliver_due")
def deliver_due() -> int:
    return services.deliver_due(timezone.now())


@shared_task(name="notices.deliver_sms")
def deliver_sms() -> int:
    return services_sms.deliver_due(timezone.now())


@shared_task(name="notices.deliver_webhooks")
def deliver_webhooks() -> int:
    return services_webhooks.deliver_due(timezone.now())


@shared_task(name="notices.forget_webhooks")
def forget_webhooks() -> int:
    return services_webhooks.forget(timezone.now())

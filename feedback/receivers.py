from typing import Any

from django.dispatch import receiver

from feedback import services_tell
from feedback.learning import services_corrections as services_learn
from feedback.webhooks import telling as webhooks
from feedback.wechat import services as services_wechat
from tickets.models import TicketEvent
from tickets.signals import event_recorded


@receiver(event_recorded, dispatch_uid="feedback.tell")
def tell_the_customer(events: list[TicketEvent], **_: Any) -> None:
    services_tell.customer_of_events(events)


@receiver(event_recorded, dispatch_uid="feedback.learn")
def learn(events: list[TicketEvent], **_: Any) -> None:
    services_learn.from_events(events)


@receiver(event_recorded, dispatch_uid="feedback.webhooks")
def tell_other_systems(events: list[TicketEvent], **_: Any) -> None:
    webhooks.of_events(events)


@receiver(event_recorded, dispatch_uid="feedback.wechat")
def tell_on_wechat(events: list[TicketEvent], **_: Any) -> None:
    services_wechat.of_events(events)

from typing import Any

from django.dispatch import receiver

from sla import services
from tickets.models import TicketEvent
from tickets.signals import event_recorded


@receiver(event_recorded, dispatch_uid="sla.follow")
def follow(events: list[TicketEvent], **_: Any) -> None:
    services.follow(events)

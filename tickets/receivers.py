from typing import Any

from django.dispatch import receiver

from tickets import services_tell
from tickets.models import TicketEvent
from tickets.signals import event_recorded


@receiver(event_recorded, dispatch_uid="tickets.tell")
def tell_colleagues(events: list[TicketEvent], **_: Any) -> None:
    services_tell.colleagues_of_events(events)

"""Who calls whom back: never offered to who handled the case, and only where the case itself is seen."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from surveys.models import FollowUp
from surveys.querysets import FollowUpQuerySet
from tickets.models import Ticket, TicketEvent


def callable_by(user: User) -> FollowUpQuerySet:
    """Customers who can still be asked by this person, also before their call is due: some call us first."""
    seen = FollowUp.objects.to_call().filter(ticket__in=Ticket.objects.visible_to(user))
    resolved = TicketEvent.objects.filter(
        kind="resolve", actor=user, ticket=OuterRef("ticket"), round=OuterRef("round")
    )
    return seen.exclude(ticket__owner=user).exclude(Exists(resolved))


def calls_due(user: User, at: datetime) -> FollowUpQuerySet:
    """The call-back list at this moment; the desk counts the same rows."""
    return callable_by(user).filter(send_at__lte=at)

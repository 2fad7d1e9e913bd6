"""Who may look at a mail: whoever sees its case; what has no case, the office and administrators."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from feedback.models import RawMessage
from tickets.channels import Channel
from tickets.models import Ticket


def visible_to(user: User) -> QuerySet[RawMessage]:
    """Without the bytes of the mails themselves."""
    rows = RawMessage.objects.filter(channel=Channel.EMAIL).defer("raw")
    reach = Q(ticket__in=Ticket.objects.visible_to(user))
    if keeps_mail(user):
        reach |= Q(ticket=None)
    return rows.filter(reach)


def keeps_mail(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.OFFICE, Role.ADMIN)

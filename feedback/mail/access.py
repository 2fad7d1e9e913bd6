"""Who may look at a mail: whoever sees its case with its customer's data; what has no case, the office and administrators.

A mail names its sender all over, so that nothing of it can be masked: analysts, auditors and leadership read what it
became on the case (B7).
"""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from feedback.models import RawMessage
from tickets import people_shown
from tickets.channels import Channel
from tickets.models import Ticket


def visible_to(user: User) -> QuerySet[RawMessage]:
    """Without the bytes of the mails themselves."""
    rows = RawMessage.objects.filter(channel=Channel.EMAIL).defer("raw")
    full = people_shown.sees_personal_data(user) if user.is_authenticated else False
    reach = Q(ticket__in=Ticket.objects.visible_to(user)) if full else Q(pk__in=[])
    if keeps_mail(user):
        reach |= Q(ticket=None)
    return rows.filter(reach).exclude(ticket=None, raw=b"")  # emptied when its time was over


def keeps_mail(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.OFFICE, Role.ADMIN)

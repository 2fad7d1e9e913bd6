"""What a follow-up holds of a case whose period has ended: the customer's words. The rating is a figure, and stays."""

from surveys.models import FollowUp
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    return {"follow_ups": FollowUp.objects.filter(ticket=ticket).update(comment="")}

"""What surveys hold of a case whose period has ended: the customer's words. Ratings and coded answers are figures, and
stay.
"""

from surveys.models import FollowUp
from surveys.models_paper import SheetAnswer, SheetEntry
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    return {
        "follow_ups": FollowUp.objects.filter(ticket=ticket).update(comment=""),
        "sheet_entries": SheetEntry.objects.filter(sheet__ticket=ticket).update(answers={}),
        "sheet_answers": SheetAnswer.objects.filter(sheet__ticket=ticket).update(text=""),
    }

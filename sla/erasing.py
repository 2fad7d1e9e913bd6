"""What time limits hold of a case whose period has ended: reasons in somebody's words. Times and codes stay, and so does
what was decided about colleagues: it is kept with the person, not with the case.
"""

from sla.models import ClockEvent, Extension
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    ClockEvent.objects.filter(clock__ticket=ticket, kind=ClockEvent.Kind.EXTEND).update(reason="")
    return {"extensions": Extension.objects.filter(clock__ticket=ticket).update(reason="")}

"""Files that prove what a move says: photographs of an investigation, of a result, of why a case is returned (B3.4)."""

from collections.abc import Sequence

from tickets.models import Attachment, TicketEvent
from tickets.search import index as search


def keep(event: TicketEvent, attachments: Sequence[Attachment]) -> None:
    """Put uploaded files beside the move; colleagues see them, the customer does not. No query without files, else two."""
    if not attachments:
        return
    rows = Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments], ticket=None, message=None)
    rows.update(ticket=event.ticket_id, event=event, internal=True)
    search.add([(event.ticket_id, search.INTERNAL, " ".join(attachment.name for attachment in attachments), "")])

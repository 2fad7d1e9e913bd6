"""What the documents add to a ticket's page: the papers that can be read and printed of it. A query for an
archived case.
"""

from datetime import datetime
from typing import Any

from accounts.models import User
from reports import case_file
from tickets.models import ArchiveRecord, Ticket
from tickets.workflow import Status


def context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    record = None
    if ticket.status == Status.CLOSED:
        record = ArchiveRecord.objects.filter(ticket=ticket).select_related("archive_class").first()
    papers = [(code, name) for code, name in case_file.PAPERS.items() if code != "cover" or record]
    return {"papers": papers, "record": record}

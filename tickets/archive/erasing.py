"""What is taken out of a case whose period has ended: what was said and who said it. Codes, times and numbers stay.

Apps above add their own rows: `register("surveys", erase)` in `AppConfig.ready()`, where `erase(ticket)` empties them and
returns how many of each kind it emptied. Runs inside `services_erasure.erase`, with the append-only triggers open.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from notices.models import Notice
from tickets.models import (
    Assignment,
    Attachment,
    Customer,
    Draft,
    Handling,
    Improvement,
    Link,
    Message,
    Review,
    SearchDocument,
    SpecialGroup,
    Ticket,
    TicketEvent,
    Transfer,
)
from tickets.search import index as search
from tickets.wording import CLOSE_REASONS, REOPEN_REASONS
from tickets.workflow import RejectReason, ReturnReason, VoidReason

Eraser = Callable[[Ticket], dict[str, int]]
SAID = {
    "text",
    "comment",
    "facts",
    "true_need",
    "measures",
    "goal",
    "called",
    "task",
    "subject",
    "result",
    "improvement",
    "lessons",
}
CODES = {
    *VoidReason.values, *ReturnReason.values, *RejectReason.values, *CLOSE_REASONS, *REOPEN_REASONS, "breach", "customer",
    "owner_left", "not_me", "department_closed", "person_left", "ladder",
}  # fmt: skip
"""Reasons that are codes, and stay; any other reason is somebody's words."""
CONTENT = {
    "subject": "", "content": "", "place": "", "remedy_sought": "", "source_url": "", "external_id": "",
    "region_text": "", "tracking_digest": "", "verdict": {},
}  # fmt: skip
_registered: dict[str, Eraser] = {}


def register(name: str, eraser: Eraser) -> None:
    _registered[name] = eraser


def empty(ticket: Ticket) -> dict[str, int]:
    """Empty the case. About 20 statements; files are removed when the transaction has ended well."""
    told = {name: count for eraser in _registered.values() for name, count in eraser(ticket).items()}
    told |= {"messages": Message.objects.filter(ticket=ticket).update(text=""), "files": _files(ticket)}
    told["handlings"] = Handling.objects.filter(ticket=ticket).update(
        facts="", true_need="", measures="", goal="", agreement="", verdict_reason="", result=""
    )
    told["reviews"] = Review.objects.filter(ticket=ticket).update(text="", called="")
    SpecialGroup.objects.filter(ticket=ticket).update(conclusion="", lessons="")
    Draft.objects.filter(ticket=ticket).update(text="")
    Improvement.objects.filter(ticket=ticket).update(text="", result="")
    Assignment.objects.filter(ticket=ticket).update(task="", result="")
    Transfer.objects.filter(ticket=ticket).update(reason="")
    Link.objects.filter(Q(ticket=ticket) | Q(other=ticket)).update(reason="")
    Draft.objects.filter(ticket=ticket).update(text="")
    SpecialGroup.objects.filter(ticket=ticket).update(conclusion="", lessons="")
    Improvement.objects.filter(ticket=ticket).update(text="", result="")
    told["events"] = _events(ticket)
    told["notices"] = Notice.objects.filter(topic=ticket.number).delete()[0]
    told["customers"] = _customer(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(**CONTENT)
    for name, value in CONTENT.items():
        setattr(ticket, name, value)
    SearchDocument.objects.filter(ticket=ticket).delete()
    search.add([(ticket.pk, search.PUBLIC, ticket.number or "", "")])  # its number still leads to it
    return {name: count for name, count in told.items() if count}


def _files(ticket: Ticket) -> int:
    rows = list(Attachment.objects.filter(ticket=ticket))
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        for file in filter(None, (row.file, row.thumb)):
            transaction.on_commit(lambda file=file: file.delete(save=False))  # type: ignore[misc]
    return len(rows)


def _events(ticket: Ticket) -> int:
    changed = []
    for event in TicketEvent.objects.filter(ticket=ticket):
        kept = {name: value for name, value in event.data.items() if _stays(name, value)}
        if kept != event.data:
            event.data = kept
            changed.append(event)
    TicketEvent.objects.bulk_update(changed, ["data"])
    return len(changed)


def _stays(name: str, value: Any) -> bool:
    return name not in SAID and (name != "reason" or value in CODES)


def _customer(ticket: Ticket) -> int:
    """The person's row is emptied with their last case that still has content, and keeps its place for the figures:
    which cases are one customer's is counted (repeat complaints), who it was is not known any more.
    """
    if ticket.customer_id is None or not is_their_last(ticket):
        return 0
    nothing: dict[str, Any] = {"name": "", "phone": "", "email": "", "external_id": "", "region": None}
    return Customer.objects.filter(pk=ticket.customer_id).update(**nothing)


def is_their_last(ticket: Ticket) -> bool:
    """Whether its customer has no other case that still has content. One query."""
    others = Ticket.objects.filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    return not others.filter(Q(archive=None) | Q(archive__erased_at=None)).exists()


@contextmanager
def opened() -> Iterator[None]:
    """Within it the triggers that keep rows as they are let them be emptied. An error takes back both."""
    with transaction.atomic():
        set_erasing(True)
        yield
        set_erasing(False)


def set_erasing(on: bool) -> None:
    """Open the triggers that keep rows as they are, for this transaction; and close them again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('huisheng.erasure', %s, true)", ["on" if on else "off"])

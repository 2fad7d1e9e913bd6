"""What happens to tickets without anybody asking."""

from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tickets import services as tickets
from tickets import services_end
from tickets.archive import asking, services_erasure, services_filing
from tickets.models import Ticket
from tickets.search import index as search
from tickets.workflow import Rating, Status

BATCH = 200


@shared_task(name="tickets.deal_waiting")
def deal_waiting(at: str | None = None) -> int:
    """Deal the cases that wait for somebody to be free; returns how many."""
    return tickets.deal_waiting(datetime.fromisoformat(at) if at else timezone.now())


@shared_task(name="tickets.take_in_texts")
def take_in_texts() -> int:
    """Let the search index take in the new texts that wait for it; returns how many pages there were."""
    return search.take_in()


@shared_task(name="tickets.close_quiet")
def close_quiet(at: str | None = None) -> int:
    """Archive resolved cases after the quiet period; returns how many. Safe to run twice and side by side."""
    now = datetime.fromisoformat(at) if at else timezone.now()
    closed = 0
    while count := close_batch(now):
        closed += count
    return closed


@shared_task(name="tickets.rehouse")
def rehouse(at: str | None = None) -> int:
    """Hand on the cases of people and departments that left; returns how many."""
    return tickets.rehouse(datetime.fromisoformat(at) if at else timezone.now())


@shared_task(name="tickets.remind_of_improvements")
def remind_of_improvements(at: str | None = None) -> int:
    """Tell who carries out improvements that are due soon or late; returns how many notices were due."""
    return tickets.remind_of_improvements(datetime.fromisoformat(at) if at else timezone.now())


@transaction.atomic
def close_batch(at: datetime) -> int:
    """Close up to `BATCH` cases resolved `TICKET_QUIET_DAYS` ago, unless their customer is still asked whether it helped.
    Cases that another worker holds are left to it."""
    quiet_since = at - timedelta(days=settings.TICKET_QUIET_DAYS)
    quiet = Ticket.objects.filter(status=Status.RESOLVED, resolved_at__lte=quiet_since)
    quiet = asking.over(quiet.exclude(rating=Rating.DISSATISFIED))
    found = list(quiet.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:BATCH])
    in_vain = asking.given_up([ticket for ticket in found if not ticket.rating]) if found else set()
    closed = []
    for ticket in found:
        reason = "rated" if ticket.rating else "not_reached" if ticket.pk in in_vain else "quiet"
        closed.append(services_end.closed(ticket, by=None, at=at, reason=reason))
    services_filing.file(closed)
    return len(found)


@shared_task(name="tickets.file_waiting")
def file_waiting() -> int:
    """File closed cases that came without a record, by imports; returns how many."""
    return services_filing.file_waiting()


@shared_task(name="tickets.propose_erasures")
def propose_erasures() -> int:
    """Every night: cases whose period has ended onto the office's draft. It proposes; people decide."""
    return services_erasure.gather(at=timezone.now())


@shared_task(name="tickets.erase_approved")
def erase_approved() -> int:
    """Carry out what was approved, a case a transaction; a stopped worker leaves the rest to the next tick."""
    return services_erasure.erase_approved(at=timezone.now())

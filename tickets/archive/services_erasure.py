"""The end of keeping (D6, PIPL): nightly gathered, proposed by the office, decided by somebody else, then erased.

A case on hold, reopened, or struck out is never erased, whatever was approved: it is looked at again under its lock.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from tickets.archive import erasing, stay_erased
from tickets.archive.services_filing import record
from tickets.models import ArchiveRecord, ErasureItem, ErasureList, ErasureProof, LegalHold, Ticket
from tickets.moves import ActionNotAllowed
from tickets.workflow import Status

State = ErasureList.State
DECIDERS = {Role.AUDITOR, Role.LEADER}
READERS = {Role.OFFICE, *DECIDERS}
A_YEAR = timedelta(days=365)
MOST = 1000
"""Cases of a list: as many as a person can look through."""


def expired(at: datetime) -> QuerySet[ArchiveRecord]:
    """Archived cases whose last day of keeping is over, but for those on hold and those on a list that is undecided."""
    held = LegalHold.objects.filter(ticket=OuterRef("ticket"), lifted_at=None)
    undecided = Q(list__state=State.DRAFT) | Q(kept="", list__state__in=[State.PROPOSED, State.APPROVED])
    waiting = ErasureItem.objects.filter(undecided, record=OuterRef("pk"))
    over = ArchiveRecord.objects.filter(erased_at=None, keep_until__lt=timezone.localdate(at))
    rows = over.filter(ticket__status=Status.CLOSED).exclude(Exists(held)).exclude(Exists(waiting))
    return rows.order_by("keep_until", "pk")


@transaction.atomic
def gather(*, at: datetime) -> int:
    """Put what has expired onto the draft, up to `MOST`; returns how many were added. Decides nothing."""
    with connection.cursor() as cursor:  # two beats make one draft
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('erasure draft'))")
    draft = ErasureList.objects.select_for_update().filter(state=State.DRAFT).first()
    there = draft.items.count() if draft else 0
    rows = list(expired(at)[: max(0, MOST - there)])
    if not rows:
        return 0
    draft = draft or ErasureList.objects.create(made_at=at)
    ErasureItem.objects.bulk_create(ErasureItem(list=draft, record=row) for row in rows)
    return len(rows)


@transaction.atomic
def keep(item: ErasureItem, *, reason: str, by: User, at: datetime) -> ErasureItem:
    """Strike a case out of a list that is not decided yet, and keep it a year longer: the office while it is a draft,
    deciders once it is proposed.
    """
    found = _locked(item.list)
    if not (may_propose(by) if found.state == State.DRAFT else may_decide(by, found)):
        raise ActionNotAllowed(_("You may not change this list now."))
    item = ErasureItem.objects.select_related("record").get(pk=item.pk, list=found)
    if item.kept:
        raise ActionNotAllowed(_("This case is struck out already."))
    item.kept, item.kept_by = reason, by
    item.save(update_fields=["kept", "kept_by"])
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=item.record.ticket_id)
    item.record.keep_until = timezone.localdate(at) + A_YEAR
    item.record.save(update_fields=["keep_until"])
    record(ticket, "kept_longer", by=by, at=at, data={"until": item.record.keep_until.isoformat(), "reason": reason})
    return item


@transaction.atomic
def propose(found: ErasureList, *, by: User, at: datetime) -> ErasureList:
    found = _locked(found)
    if found.state != State.DRAFT or not may_propose(by):
        raise ActionNotAllowed(_("Only the office proposes, and each list once."))
    if not found.items.filter(kept="").exists():
        raise ActionNotAllowed(_("There is no case on this list."))
    found.state, found.proposed_at, found.proposed_by = State.PROPOSED, at, by
    found.save(update_fields=["state", "proposed_at", "proposed_by"])
    return found


@transaction.atomic
def decide(found: ErasureList, *, approved: bool, reason: str, by: User, at: datetime) -> ErasureList:
    """Auditor or leadership, never who proposed it. Refused, its cases come onto the next draft."""
    found = _locked(found)
    if not may_decide(by, found):
        raise ActionNotAllowed(_("An auditor or leadership decides, once, and not who proposed it."))
    found.state = State.APPROVED if approved else State.REFUSED
    found.decided_at, found.decided_by, found.decision = at, by, reason
    found.save(update_fields=["state", "decided_at", "decided_by", "decision"])
    return found


def may_propose(user: User) -> bool:
    return user.has_role(Role.OFFICE)


def may_decide(user: User, found: ErasureList) -> bool:
    return found.state == State.PROPOSED and user.has_role(*DECIDERS) and user.pk != found.proposed_by_id


def _locked(found: ErasureList) -> ErasureList:
    return ErasureList.objects.select_for_update().get(pk=found.pk)


# --- carrying it out --------------------------------------------------------------------------------
def erase_approved(*, at: datetime) -> int:
    """Every case of every approved list, each in a transaction of its own; returns how many were erased."""
    erased = 0
    for found in ErasureList.objects.filter(state=State.APPROVED).order_by("decided_at"):
        items = ErasureItem.objects.filter(list=found, kept="", record__erased_at=None)
        for item in items.select_related("record").order_by("pk"):
            erased += erase(item, at=at)
        ErasureList.objects.filter(pk=found.pk, state=State.APPROVED).update(state=State.DONE, done_at=at)
    return erased


@transaction.atomic
def erase(item: ErasureItem, *, at: datetime) -> bool:
    """Empty one case and leave a proof; False when it may not be erased any more: the item's `kept` then says why, by a
    code (`reopened`, `hold`, `not_over`; anything else there is somebody's reason).
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=item.record.ticket_id)
    row = ArchiveRecord.objects.select_for_update().get(pk=item.record_id)
    found = ErasureList.objects.select_related("decided_by").get(pk=item.list_id)
    if row.erased_at is not None or found.state != State.APPROVED or found.decided_by is None:
        return False
    why = ""
    if ticket.status != Status.CLOSED:
        why = "reopened"
    elif ticket.holds.filter(lifted_at=None).exists():
        why = "hold"
    elif row.keep_until is None or row.keep_until >= timezone.localdate(at):
        why = "not_over"
    if why:
        ErasureItem.objects.filter(pk=item.pk).update(kept=why)
        return False
    stay_erased.remember(ticket, at=at)
    with erasing.opened():
        told = erasing.empty(ticket)
    record(ticket, "erase", by=found.decided_by, at=at, data={"list": found.pk, "archive": row.number})
    row.erased_at = at
    row.save(update_fields=["erased_at"])
    ErasureProof.objects.create(record=row, list=found, at=at, approved_by=found.decided_by, erased=told)
    return True

"""A6.1: take, examine and answer a complaint about the handling. The ticket's own history says nothing of it, so that
nobody who handles the case learns of it there.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from feedback.appeals.models import Appeal, AppealNote
from feedback.services_tell import to_customer
from notices import services as notices
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Status


@transaction.atomic
def appeal(ticket: Ticket, *, text: str, at: datetime) -> Appeal:
    """The customer complains about the handling. The same words again, while it is open, are the same complaint.

    Every auditor without a part in the case is told; when there is none, the administrators are, without a word of it.
    Raises ActionNotAllowed on a void case and while another one is open.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if ticket.status == Status.VOID:
        raise tickets.ActionNotAllowed(_("This case is closed; hand in new feedback instead."))
    open_ = ticket.appeals.filter(answered_at=None).first()
    if open_ and open_.text == text:
        return open_
    if open_:
        raise tickets.ActionNotAllowed(
            _("Your earlier complaint about the handling is being examined. It is answered on this page.")
        )
    row = Appeal.objects.create(ticket=ticket, text=text, opened_at=at)
    active = User.objects.active()
    auditors = [
        user
        for user in active.with_role(Role.AUDITOR).order_by("pk")
        if Appeal.objects.visible_to(user).filter(pk=row.pk).exists()
    ]
    kind, told = ("appeal", auditors) if auditors else ("appeal_nobody", list(active.with_role(Role.ADMIN)))
    rows = []
    for user in told:
        rows += notices.to_user(user, kind, key=f"appeal:{row.pk}", at=at, context={"pk": row.pk}, urgent=True)
    notices.add(rows)
    return row


@transaction.atomic
def note(row: Appeal, *, text: str, by: User, at: datetime) -> AppealNote:
    """What was found out. Raises ActionNotAllowed once it is answered, Appeal.DoesNotExist for who may not see it."""
    row = _locked(row, by)
    return AppealNote.objects.create(appeal=row, at=at, by=by, text=text)


@transaction.atomic
def answer(row: Appeal, *, outcome: str, text: str, by: User, at: datetime) -> Appeal:
    """The answer to the customer, for good. Raises as `note`; of two at once the first counts."""
    row = _locked(row, by)
    row.outcome, row.answer, row.answered_at, row.answered_by = Appeal.Outcome(outcome).value, text, at, by
    row.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    notices.add(to_customer(row.ticket, "appeal_answered", key=f"appeal-answered:{row.pk}", at=at, text=text))
    return row


def _locked(row: Appeal, by: User) -> Appeal:
    row = Appeal.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
    if not row.is_open:
        raise tickets.ActionNotAllowed(
            _("%(name)s has answered this complaint already.") % {"name": str(row.answered_by)}
        )
    return row

"""Many letters, or many slips of one opening, entered on one page by keyboard."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.idempotency import claim, kept
from accounts.models import User
from feedback.channels import box, desk, letter
from feedback.paper import batch
from feedback.paper import services as services_boxes
from feedback.paper.forms import LetterForm, PaperForm, SlipForm, blank_rows, moment_of_arrival, rows_of
from feedback.paper.models import BOX_CLERKS, BoxOpening
from feedback.services import Receipt
from tickets.models import Attachment, Ticket

READING = ["GET", "HEAD", "POST"]
ROWS = 10  # that a fresh page offers
clerks = role_required(*BOX_CLERKS)


@never_cache
@require_http_methods(READING)
@clerks
def letters(request: HttpRequest) -> HttpResponse:
    """Letters of one post. What is right is registered at once, what is not comes back beside it."""
    by, at = request.user, timezone.now()

    def take(fields: dict[str, Any], scans: Sequence[Attachment], digest: str, copy: int) -> Receipt:
        told = {**fields, "received_at": moment_of_arrival(fields["received_on"], at)}
        return letter.take(told, scans=scans, digest=digest, copy=copy, by=by, at=at)

    rows, outcome = entered_rows(request, LetterForm, None, take, (letter.LetterRefused,), at)
    if outcome and outcome.entered:
        token = keep_codes(outcome.entered, by=by, at=at)
        if not outcome.wrong:
            return redirect("feedback:letters-entered", token=token)
    context = grid(rows, outcome) | {"entered": codes_of(outcome.entered) if outcome else []}
    context |= {"pattern": LetterForm(prefix="r__"), "draft": "letters"}
    return render(request, "feedback/letters.html", context, status=422 if outcome and outcome.wrong else 200)


@never_cache
@require_safe
@clerks
def letters_entered(request: HttpRequest, token: str) -> HttpResponse:
    """Numbers and codes of what was just entered: shown to whoever did it, for a day."""
    person = request.user
    answer = kept(key=token, caller=desk.caller(person), path="letters") if len(token) <= 100 else None
    if answer is None:
        raise Http404
    return render(request, "feedback/letters_entered.html", {"entered": answer.data})


@transaction.atomic
def keep_codes(receipts: Sequence[Receipt], *, by: User, at: datetime) -> str:
    token = secrets.token_urlsafe(24)
    claim(key=token, caller=desk.caller(by), path="letters", body="", at=at).keep(302, codes_of(receipts))
    return token


def codes_of(receipts: Sequence[Receipt]) -> list[dict[str, str]]:
    return [
        {
            "number": str(one.ticket.number),
            "subject": one.ticket.subject,
            "name": one.ticket.customer.name if one.ticket.customer else "",
            "code": one.tracking_code,
        }
        for one in receipts
    ]


@never_cache
@require_http_methods(READING)
@clerks
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of one opening, its slips, and the rows to enter more of them (C2.3)."""
    row = get_object_or_404(BoxOpening.objects.select_related("box", "opener", "recorded_by", "finished_by"), pk=pk)
    by, at = request.user, timezone.now()

    def take(fields: dict[str, Any], scans: Sequence[Attachment], digest: str, copy: int) -> Receipt:
        return box.take(fields, row, scans=scans, digest=digest, copy=copy, by=by, at=at)

    rows, outcome = entered_rows(request, SlipForm, row, take, (services_boxes.BoxRefused,), at)
    if outcome and not outcome.wrong:
        return redirect("feedback:opening", row.pk)
    slips = list(row.slips.select_related("ticket").order_by("entered_at", "pk"))
    seen = Ticket.objects.visible_to(by).filter(pk__in=[slip.ticket_id for slip in slips])
    left = max(0, row.count - len(slips))
    if outcome is None and request.method != "POST":
        rows = blank_rows(SlipForm, first=0, count=min(max(left, 1), ROWS))
    context = grid(rows, outcome) | {
        "opening": row,
        "slips": slips,
        "left": left,
        "differs": len(slips) - row.count,
        "seen": set(seen.values_list("pk", flat=True)),
    }
    context |= {"pattern": SlipForm(prefix="r__"), "draft": f"slips-{row.pk}"}
    return render(request, "feedback/opening.html", context, status=422 if outcome and outcome.wrong else 200)


@require_POST
@clerks
def finish_opening(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(BoxOpening, pk=pk)
    difference = request.POST.get("difference", "")[:500]
    try:
        services_boxes.finish(row, difference=difference, by=request.user, at=timezone.now())
    except services_boxes.BoxRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The opening is finished."))
    return redirect("feedback:opening", row.pk)


def entered_rows(
    request: HttpRequest,
    kind: type[PaperForm],
    opening: BoxOpening | None,
    take: batch.Take,
    refusals: tuple[type[Exception], ...],
    at: datetime,
) -> tuple[list[PaperForm], batch.Outcome | None]:
    """The rows to show, and what came of a sent page; None when nothing was entered: first opened, or more rows."""
    if request.method != "POST":
        return blank_rows(kind, first=0, count=ROWS), None
    rows = rows_of(request, kind, most=batch.MOST_ROWS)
    if "more" in request.POST:  # without a script: more rows, everything typed kept, nothing judged yet
        for row in rows:
            row.stored(at=at, cut_off=[])
            row.errors.clear()
        return rows + free_rows(kind, rows, ROWS), None
    outcome = batch.enter(
        rows, opening=opening, take=take, leave_out_known="leave_out" in request.POST, refusals=refusals, at=at
    )
    if outcome.entered:
        messages.success(request, how_many(len(outcome.entered)))
    if outcome.left_out:
        messages.info(request, _("%(count)s were entered before and are left out.") % {"count": outcome.left_out})
    if not rows:
        messages.info(request, _("Nothing was typed, so nothing is entered."))
    return outcome.wrong, outcome


def free_rows(kind: type[PaperForm], rows: Sequence[PaperForm], count: int) -> list[PaperForm]:
    """Blank rows behind the last one, as many as a page may hold."""
    used = max((int(str(row.prefix)[1:]) for row in rows), default=-1) + 1
    return blank_rows(kind, first=used, count=max(0, min(count, batch.MOST_ROWS - used)))


def how_many(count: int) -> str:
    return ngettext("%(count)s case registered.", "%(count)s cases registered.", count) % {"count": count}


def grid(rows: list[PaperForm], outcome: batch.Outcome | None) -> dict[str, Any]:
    return {
        "rows": rows,
        "wrong": outcome.wrong if outcome else [],
        "any_known": any(row.known_as for row in rows),
        "most_rows": batch.MOST_ROWS,
    }

"""The archive: search in it, the record of one case with its readings and holds, and what is to be erased (D6)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required, staff_required
from accounts.models import AccessLog
from accounts.roles import SEES_ALL_TICKETS, Role
from common.numbered_pages import page_of
from tickets import access
from tickets.archive import services_erasure, services_filing
from tickets.archive.forms import ArchiveFilter, DecisionForm, ReasonForm
from tickets.models import ErasureItem, ErasureList
from tickets.moves import ActionNotAllowed

PAGE = 50
READINGS = 100
READERS = (Role.OFFICE, Role.AUDITOR, Role.LEADER)


@require_safe
@staff_required
def archive(request: HttpRequest) -> HttpResponse:
    """Fifty records a page, without a total. Four queries."""
    form = ArchiveFilter(request.GET or {"q": ""})
    page = page_of(request, form.found(request.user, timezone.localdate()), size=PAGE)
    may_erase = request.user.has_role(*services_erasure.READERS)
    context = {"form": form, "rows": page.rows, **page.around, "may_erase": may_erase}
    return render(request, "tickets/archive.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Where a case lies in the archive, who read it what for, and its holds; nothing of its content."""
    ticket, at, user = access.get_ticket(request.user, number), timezone.now(), request.user
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if not services_filing.may_hold(user):
            raise PermissionDenied
        status = 422
        if form.is_valid():
            act = services_filing.lift_hold if "lift" in request.POST else services_filing.hold
            try:
                act(ticket, reason=form.cleaned_data["reason"], by=user, at=at)
            except ActionNotAllowed as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("tickets:archive-record", ticket.number)
    holds = list(ticket.holds.select_related("set_by", "lifted_by"))
    readings: Any = None
    if user.has_role(*READERS):
        kinds = [AccessLog.Action.READ_ARCHIVE, AccessLog.Action.REVEAL, AccessLog.Action.EXPORT]
        readings = AccessLog.objects.filter(subject=ticket.number, action__in=kinds).select_related("user")[:READINGS]
    context = {
        "ticket": ticket, "record": getattr(ticket, "archive", None), "holds": holds, "readings": readings,
        "held": next((row for row in holds if row.lifted_at is None), None),
        "form": form if services_filing.may_hold(user) else None,
    }  # fmt: skip
    return render(request, "tickets/archive_record.html", context, status=status)


@require_safe
@role_required(*services_erasure.READERS)
def erasures(request: HttpRequest) -> HttpResponse:
    """The lists of cases whose period is over: what is put together, what waits for a decision, what was done."""
    rows = ErasureList.objects.select_related("proposed_by", "decided_by")[:100]
    return render(request, "tickets/erasures.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*services_erasure.READERS)
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: the office strikes out and proposes, an auditor or leadership decides."""
    found = get_object_or_404(ErasureList.objects.select_related("proposed_by", "decided_by"), pk=pk)
    form, status = DecisionForm(request.POST or None), 200
    if request.method == "POST":
        at, user, refusal = timezone.now(), request.user, ""
        proposing = "propose" in request.POST
        if proposing or form.is_valid():
            try:
                if proposing:
                    services_erasure.propose(found, by=user, at=at)
                else:
                    services_erasure.decide(found, **_decision(form), by=user, at=at)
            except ActionNotAllowed as error:
                refusal = str(error)
            else:
                messages.success(request, _("Saved."))
                return redirect("tickets:erasure", found.pk)
        status = 409 if refusal else 422
        if refusal:
            form = DecisionForm() if proposing else form
            messages.error(request, refusal)
    items = found.items.select_related(
        "record__ticket__department", "record__archive_class", "kept_by", "record__proof"
    )
    draft = found.state == ErasureList.State.DRAFT
    decides = services_erasure.may_decide(request.user, found)
    context = {
        "found": found, "items": list(items), "form": form if decides else None,
        "proposes": draft and services_erasure.may_propose(request.user),
        "strikes": decides or (draft and services_erasure.may_propose(request.user)), "sees_all": request.user.has_role(*SEES_ALL_TICKETS),
    }  # fmt: skip
    return render(request, "tickets/erasure.html", context, status=status)


def _decision(form: DecisionForm) -> dict[str, Any]:
    return {"approved": form.cleaned_data["approved"], "reason": form.cleaned_data["reason"]}


@require_POST
@role_required(*services_erasure.READERS)
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one case off its list; it is kept a year longer."""
    item = get_object_or_404(ErasureItem.objects.select_related("list"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the case is to be kept."))
        return redirect("tickets:erasure", item.list_id)
    try:
        services_erasure.keep(item, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, _("The case is kept a year longer."))
    except ActionNotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("tickets:erasure", item.list_id)

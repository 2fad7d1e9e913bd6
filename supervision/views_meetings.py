"""The weekly meeting as page and PDF, and what was decided (C3.4 C5.1)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required, staff_required
from accounts.downloads import pdf_answer
from common.typed import words_of
from sla.models import Metric
from supervision import services_meetings as services
from supervision.forms import ActionForm, MeetingForm, MinutesForm, OutcomeForm
from supervision.models import Action, Finding, Meeting
from supervision.services_samples import Refused
from tickets.models import Ticket, TicketEvent

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@role_required(*services.TAKES_PART)
def meetings(request: HttpRequest) -> HttpResponse:
    form, status = MeetingForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.prepare(day=form.cleaned_data["day"], by=request.user, at=timezone.now())
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                return redirect("supervision:meeting", made.pk)
    rows = Meeting.objects.select_related("made_by")[:100]
    holds = services.may_hold(request.user)
    return render(request, "supervision/meetings.html", {"rows": rows, "form": form, "holds": holds}, status=status)


def shown(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """The agenda in words. Cases, findings and decisions stand there as far as the reader may see them."""
    told, user = meeting.agenda, request.user
    raised = told.get("difficulties", [])  # agendas made before there were such have none
    ids = {*told["oldest"], *told["hard"], *(pk for pk, _metric in told["missed"]), *(pk for pk, _event in raised)}
    rows = Ticket.objects.visible_to(user).filter(pk__in=ids).select_related("department", "owner")
    seen = {row.pk: row for row in rows.defer("content", "verdict")}
    difficulties = TicketEvent.objects.filter(pk__in=[event for pk, event in raised if pk in seen])
    missed = [(seen[pk], Metric(metric).label) for pk, metric in told["missed"] if pk in seen]
    return {
        "meeting": meeting, "since": datetime.fromisoformat(told["since"]), "at": datetime.fromisoformat(told["at"]),
        "ages": [(age(code), count) for code, count in told["ages"]], "open": told["open"], "missed": missed,
        "difficulties": difficulties.select_related("ticket", "actor").in_order(),
        "missed_total": told["missed_total"], "hidden": len(ids) - len(seen),
        "oldest": [seen[pk] for pk in told["oldest"] if pk in seen], "hard": [seen[pk] for pk in told["hard"] if pk in seen],
        "due": Action.objects.visible_to(user).filter(pk__in=told["actions"]).select_related("owner"),
        "findings": Finding.objects.visible_to(user).filter(pk__in=told["findings"]).select_related("owner", "ticket"),
        "findings_total": len(told["findings"]), "decisions": meeting.actions.select_related("owner"),
    }  # fmt: skip


def age(code: str) -> str:
    if code == "more":
        return _("more than 30 days")
    return ngettext("up to %(n)s day", "up to %(n)s days", int(code)) % {"n": code}


@require_http_methods(READ)
@role_required(*services.TAKES_PART)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    row, status = get_object_or_404(Meeting.objects.select_related("made_by", "closed_by"), pk=pk), 200
    deciding = "decision" in request.POST
    before = {"chair": row.chair, "present": row.present, "minutes": row.minutes}
    minutes = MinutesForm(request.POST if request.method == "POST" and not deciding else None, initial=before)
    decision = ActionForm(request.POST if deciding else None, prefix="action")
    if request.method == "POST":
        form: Any = decision if deciding else minutes
        status = 422
        if form.is_valid():
            try:
                act(row, request, form.cleaned_data, deciding=deciding)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
                row.refresh_from_db()
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:meeting", row.pk)
    writes = row.closed_at is None and services.may_hold(request.user)
    context = shown(request, row) | {
        "minutes": minutes if writes else None, "decision": decision if writes else None,
        "wrong": decision if deciding else minutes, "mark": services.mark_of(row),
        "typed": words_of(request.POST) if status == 409 and not writes else [],
    }  # fmt: skip
    return render(request, "supervision/meeting.html", context, status=status)


def act(row: Meeting, request: HttpRequest, given: dict[str, Any], *, deciding: bool) -> None:
    by, at = request.user, timezone.now()
    if deciding:
        services.add_action(**given, meeting=row, by=by, at=at)
        return
    services.write_minutes(row, **given, by=by, seen=request.POST.get("seen", ""))
    if "renew" in request.POST:
        services.renew(row, by=by, at=at)
    if "close" in request.POST:
        services.close(row, by=by, at=at)


@require_safe
@role_required(*services.TAKES_PART)
def meeting_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Meeting.objects.select_related("made_by", "closed_by"), pk=pk)
    html = render_to_string("supervision/meeting_pdf.html", shown(request, row) | {"language": get_language()}, request)
    name, data = f"meeting-{row.held_on:%Y%m%d}", {"paper": "meeting"}
    return pdf_answer(request, html, name=name, subject=name, at=timezone.now(), data=data)


@require_http_methods(READ)
@staff_required
def actions(request: HttpRequest) -> HttpResponse:
    """Decisions and improvements: what is due, and what was done. The office adds an improvement."""
    form, status = ActionForm(request.POST or None, prefix="action"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.add_action(**form.cleaned_data, by=request.user, at=timezone.now())
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:actions")
    rows = Action.objects.visible_to(request.user).select_related("owner", "meeting")
    context = {
        "open": rows.open()[:200], "done": rows.exclude(done_at=None).order_by("-done_at")[:50], "form": form,
        "adds": services.may_hold(request.user), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "supervision/actions.html", context, status=status)


@require_http_methods(READ)
@staff_required
def action(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Action.objects.visible_to(request.user).select_related("owner", "meeting", "made_by", "done_by")
    row, status = get_object_or_404(rows, pk=pk), 200
    form = OutcomeForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.finish(row, outcome=form.cleaned_data["outcome"], by=request.user, at=timezone.now())
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:action", row.pk)
    shows = form if services.may_finish(request.user, row) or form.errors else None
    return render(request, "supervision/action.html", {"row": row, "form": shows}, status=status)

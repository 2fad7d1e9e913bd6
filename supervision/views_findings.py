"""Findings: what is open, and one with its history; who may, answers or decides there (A6.1 B5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_required
from accounts.roles import Role
from common.typed import words_of
from supervision import services_findings as services
from supervision.forms import JudgeForm, SaidForm
from supervision.models import Finding
from supervision.services_samples import Refused
from tickets.models import Ticket

ANSWERS = {"answer": services.answer, "difficulty": services.report_difficulty}
JUDGES = {"send_back": services.send_back, "prolong": services.prolong, "close": services.close}


@require_safe
@staff_required
def findings(request: HttpRequest) -> HttpResponse:
    rows = Finding.objects.visible_to(request.user).select_related("ticket", "owner", "department")
    closed = rows.exclude(closed_at=None).order_by("-closed_at")[:50]
    context = {"open": rows.open()[:200], "closed": closed, "now": timezone.now()}
    context["may_sample"] = request.user.has_role(Role.AUDITOR)
    return render(request, "supervision/findings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Finding.objects.visible_to(request.user)
    related = ("ticket", "owner", "department__head", "opened_by", "closed_by", "sampled")
    row = get_object_or_404(rows.select_related(*related), pk=pk)
    user, status = request.user, 200
    answers, judges = services.may_answer(user, row), services.may_judge(user, row)
    verb = next((name for name in (*ANSWERS, *JUDGES) if name in request.POST), "")
    said = SaidForm(request.POST if verb in ANSWERS else None, prefix="said")
    judge = JudgeForm(request.POST if verb in JUDGES else None, prefix="judge")
    if request.method == "POST":
        form: Any = judge if verb in JUDGES else said
        status = 422
        if verb and form.is_valid():
            try:
                act(row, verb, form.cleaned_data, user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
                row.refresh_from_db(fields=["state", "due_at", "closed_at", "closed_by"])
                answers, judges = services.may_answer(user, row), services.may_judge(user, row)
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:finding", row.pk)
    shown = judges if verb in JUDGES else answers
    typed = words_of(request.POST) if request.method == "POST" and not shown else []
    seen = Ticket.objects.visible_to(user).filter(pk=row.ticket_id).exists()
    context = {
        "row": row, "entries": row.entries.select_related("by"), "said": said if answers else None, "now": timezone.now(),
        "judge": judge if judges else None, "seen": seen, "typed": typed, "wrong": judge if verb in JUDGES else said,
    }  # fmt: skip
    return render(request, "supervision/finding.html", context, status=status)


def act(row: Finding, verb: str, given: dict[str, Any], user: Any) -> None:
    at = timezone.now()
    if verb in ANSWERS:
        ANSWERS[verb](row, text=given["text"], by=user, at=at)
    elif verb == "close":
        services.close(row, text=given["text"], by=user, at=at)
    else:
        JUDGES[verb](row, text=given["text"], days=given["days"] or 3, by=user, at=at)

"""Samples, review sheets and checklists: auditors' pages (B5)."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import role_required
from accounts.roles import Role
from supervision import services_findings, services_samples
from supervision.forms import ChecklistForm, ChooseForm, DrawForm, FindingForm, ReviewForm
from supervision.models import Checklist, Sample, SampledCase
from supervision.services_samples import Refused

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@role_required(Role.AUDITOR)
def samples(request: HttpRequest) -> HttpResponse:
    """The samples, and drawing or choosing another."""
    drawing = "draw" in request.POST
    usual = {"checklist": Checklist.objects.filter(is_active=True).first()}
    draw = DrawForm(request.POST if drawing else None, prefix="draw", initial=usual)
    choose = ChooseForm(request.POST if "choose" in request.POST else None, prefix="choose", initial=usual)
    status = 200
    if request.method == "POST":
        form: Any = draw if drawing else choose
        act: Any = services_samples.draw if drawing else services_samples.choose
        status = 422
        if form.is_valid():
            try:
                made = act(**form.arguments(), by=request.user, at=timezone.now())
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("supervision:sample", made.pk)
    rows = Sample.objects.select_related("drawn_by").annotate(
        reviewed=Count("cases__reviewed_at"), drawn=Count("cases")
    )
    shown = [(row, row.reviewed, row.drawn) for row in rows[:50]]
    context = {"rows": shown, "draw": draw, "choose": choose, "wrong": draw if drawing else choose}
    return render(request, "supervision/samples.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
@role_required(Role.AUDITOR)
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Its cases, but for those in which the reader had a part."""
    found = get_object_or_404(Sample.objects.select_related("drawn_by"), pk=pk)
    rows = found.cases.visible_to(request.user).select_related("ticket__department", "ticket__owner", "reviewed_by")
    rows = list(rows.prefetch_related("findings"))
    context = {"sample": found, "rows": rows, "hidden": found.cases.count() - len(rows)}
    return render(request, "supervision/sample.html", context)


@require_http_methods(READ)
@role_required(Role.AUDITOR)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The review sheet of one sampled case, and findings that come of it."""
    rows = SampledCase.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("sample", "ticket__department", "ticket__owner", "reviewed_by"), pk=pk)
    questions, finding = row.sample.asked(), "finding" in request.POST
    before = {"verdict": row.verdict, "called": row.called}
    for number, (answer, note) in enumerate(zip(row.answers, row.notes, strict=False)):
        before |= {f"answer_{number}": answer, f"note_{number}": note}
    data = request.POST or None
    review = ReviewForm(None if finding else data, questions=questions, initial=before, prefix="review")
    found = FindingForm(data if finding else None, prefix="finding", initial={"owner": row.ticket.owner})
    status = 200
    if request.method == "POST":
        form: Any = found if finding else review
        status = 422
        if form.is_valid():
            at, by = timezone.now(), request.user
            try:
                if finding:
                    services_findings.open_finding(row.ticket, **form.cleaned_data, sampled=row, by=by, at=at)
                else:
                    services_samples.review(row, **form.arguments(), by=by, at=at)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:sheet", row.pk)
    mine = row.reviewed_by_id in {None, request.user.pk}
    context = {
        "row": row, "review": review if mine else None, "finding": found, "wrong": found if finding else review,
        "told": list(zip(questions, row.answers, row.notes, strict=False)), "findings": row.findings.select_related("owner"),
    }  # fmt: skip
    return render(request, "supervision/sheet.html", context, status=status)


@require_http_methods(READ)
@role_required(Role.AUDITOR)
def checklists(request: HttpRequest) -> HttpResponse:
    return _checklist(request, Checklist())


@require_http_methods(READ)
@role_required(Role.AUDITOR)
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    return _checklist(request, get_object_or_404(Checklist, pk=pk))


def _checklist(request: HttpRequest, row: Checklist) -> HttpResponse:
    form = ChecklistForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("supervision:checklists")
    context = {"rows": Checklist.objects.all(), "form": form, "row": row if row.pk else None}
    return render(request, "supervision/checklists.html", context, status=422 if form.errors else 200)

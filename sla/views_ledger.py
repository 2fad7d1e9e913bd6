"""The accountability ledger, and supervision notices as pages and PDF."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_required
from accounts.downloads import pdf_answer
from common.numbered_pages import page_of
from sla import services_accountability as ledger
from sla.forms_ledger import DecisionForm, LedgerFilter, ObjectionForm
from sla.models import Accountability, SupervisionNotice
from tickets.models import Ticket

PAGE = 50


@require_safe
@staff_required
def records(request: HttpRequest) -> HttpResponse:
    """Every missed limit with who answered for it; office, auditors and leadership see all of them. Five queries."""
    form = LedgerFilter(request.GET or None)
    valid = not form.is_bound or form.is_valid()
    rows = found(Accountability.objects.visible_to(request.user), form.cleaned_data if form.is_bound and valid else {})
    related = ("ticket", "clock", "person", "department", "decided_by", "reviewed_by")
    page = page_of(request, rows.select_related(*related), size=PAGE)
    context = {"form": form, "rows": page.rows, **page.around}
    return render(request, "sla/ledger.html", context, status=200 if valid else 422)


def found(rows: QuerySet, wanted: dict[str, Any]) -> QuerySet:
    if wanted.get("outcome") == "objected":
        rows = rows.exclude(objected_at=None).filter(reviewed_at=None)
    elif wanted.get("outcome"):
        rows = rows.filter(outcome=wanted["outcome"])
    if wanted.get("metric"):
        rows = rows.filter(ground=wanted["metric"])
    if wanted.get("department"):
        rows = rows.filter(department=wanted["department"])
    if wanted.get("person"):
        rows = rows.filter(Q(person__name__icontains=wanted["person"]) | Q(person__username=wanted["person"]))
    if wanted.get("since"):
        rows = rows.filter(opened_at__gte=midnight(wanted["since"]))
    if wanted.get("until"):
        rows = rows.filter(opened_at__lt=midnight(wanted["until"] + timedelta(days=1)))
    return rows


def midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: decide, object, decide on the objection."""
    rows = Accountability.objects.visible_to(request.user)
    related = ("ticket", "clock", "person", "department", "decided_by", "reviewed_by")
    row = get_object_or_404(rows.select_related(*related), pk=pk)
    at, user = timezone.now(), request.user
    form: Any = None
    status = 200
    if request.method == "POST":
        objecting = "object" in request.POST
        form = ObjectionForm(request.POST) if objecting else DecisionForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                act(row, form.cleaned_data, user, at, objecting=objecting)
            except ledger.LedgerRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("sla:record", row.pk)
    open_ = row.outcome == Accountability.Outcome.OPEN
    decides = (open_ and ledger.may_decide(user, row)) or (row.waits_for_review and ledger.may_review(user, row))
    objects = ledger.may_object(user, row, at)
    seen = Ticket.objects.visible_to(user).filter(pk=row.ticket_id).exists()
    context = {
        "row": row, "form": form or (DecisionForm() if decides else ObjectionForm() if objects else None),
        "decides": decides, "objects": objects and not decides, "may_open": seen,
    }  # fmt: skip
    return render(request, "sla/record.html", context, status=status)


def act(row: Accountability, given: dict[str, Any], user: Any, at: datetime, *, objecting: bool) -> None:
    if objecting:
        ledger.object_to(row, text=given["text"], by=user, at=at)
    elif row.waits_for_review:
        ledger.review(row, outcome=given["outcome"], grade=given["grade"], text=given["text"], by=user, at=at)
    else:
        ledger.decide(row, outcome=given["outcome"], grade=given["grade"], decision=given["text"], by=user, at=at)


# --- supervision notices 督办单 ----------------------------------------------------------------------
def visible_notice(request: HttpRequest, code: str) -> SupervisionNotice:
    tickets = Ticket.objects.visible_to(request.user)
    rows = SupervisionNotice.objects.filter(ticket__in=tickets)
    return get_object_or_404(rows.select_related("ticket__owner", "clock", "department", "person"), number=code)


@require_safe
@staff_required
def supervision(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "sla/supervision.html", {"sheet": visible_notice(request, code)})


@require_safe
@staff_required
def supervision_pdf(request: HttpRequest, code: str) -> HttpResponse:
    sheet = visible_notice(request, code)
    context = {"sheet": sheet, "language": get_language()}
    html = render_to_string("sla/supervision_pdf.html", context, request)
    number = sheet.ticket.number or ""
    data = {"paper": "supervision", "number": code}
    return pdf_answer(
        request, html, name=f"{number}-supervision-{sheet.pk}", subject=number, at=timezone.now(), data=data
    )

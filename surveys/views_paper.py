"""Printed questionnaires: list, results, printing, entering by two people, deciding differences (C2.4)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from common import printed, qr
from common.pdf import pdf_of
from surveys import paper_results
from surveys import services_paper as services
from surveys.forms_paper import CodeForm, NewForm, PrintForm, QuestionFormSet, SheetForm, questions_of
from surveys.models_paper import Questionnaire, Sheet, SheetEntry

READING = ["GET", "HEAD", "POST"]
CLERKS = (Role.AGENT, Role.OFFICE)
clerks = role_required(*CLERKS)
readers = role_required(*CLERKS, Role.ANALYST, Role.AUDITOR, Role.LEADER)
office = role_required(Role.OFFICE)
DIFFERING = 50  # shown on one page


@require_http_methods(READING)
@readers
def questionnaires(request: HttpRequest) -> HttpResponse:
    """All of them with their response rates; the office makes a new one."""
    may_make = request.user.has_role(Role.OFFICE)
    form = NewForm(request.POST or None) if may_make else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            row = services.create(at=timezone.now(), **form.cleaned_data)
            return redirect("surveys:questionnaire", row.code)
    rows = [(row, paper_results.returned(row)) for row in Questionnaire.objects.order_by("-is_active", "code")[:50]]
    context = {"rows": rows, "form": form, "may_enter": request.user.has_role(*CLERKS)}
    return render(request, "surveys/questionnaires.html", context, status=422 if form and form.errors else 200)


@require_safe
@readers
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Questionnaire, code=code)
    user = request.user
    differing = row.sheets.filter(state=Sheet.State.DIFFERS).prefetch_related("entries__by")
    context = {
        "row": row, "returned": paper_results.returned(row), "results": paper_results.results(row),
        "differing": differing[:DIFFERING] if user.has_role(*CLERKS) else [], "print": PrintForm(initial={"count": 50}),
        "may_print": user.has_role(Role.OFFICE), "may_enter": user.has_role(*CLERKS),
    }  # fmt: skip
    return render(request, "surveys/questionnaire.html", context)


@require_http_methods(READING)
@office
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """The questions, until the first sheet is printed."""
    row = get_object_or_404(Questionnaire, code=code)
    start = [
        {
            "code": one.code, "kind": one.kind, "name": one.name, "name_en": one.name_en,
            "options": "\n".join(one.options), "options_en": "\n".join(one.options_en),
        }
        for one in row.questions.all()
    ]  # fmt: skip
    formset = QuestionFormSet(request.POST or None, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if formset.is_valid():
            asked = questions_of(formset)
            if not any(form.errors for form in formset.forms):
                try:
                    services.change_questions(row, asked)
                except services.SheetRefused as refused:
                    messages.error(request, str(refused))
                else:
                    messages.success(request, _("Saved."))
                return redirect("surveys:questionnaire", row.code)
    return render(request, "surveys/questions.html", {"row": row, "formset": formset}, status=status)


# --- printing -------------------------------------------------------------------------------------
@require_POST
@office
def print_more(request: HttpRequest, code: str) -> HttpResponse:
    """Number new sheets, then show them to be printed."""
    row = get_object_or_404(Questionnaire, code=code)
    form = PrintForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["count"]))
        return redirect("surveys:questionnaire", row.code)
    try:
        serials = services.print_sheets(row, count=form.cleaned_data["count"], by=request.user, at=timezone.now())
    except services.SheetRefused as refused:
        messages.error(request, str(refused))
        return redirect("surveys:questionnaire", row.code)
    response = redirect("surveys:sheets", row.code)
    response["Location"] += f"?from={serials[0]}&to={serials[-1]}"
    return response


@require_safe
@office
def sheets(request: HttpRequest, code: str) -> HttpResponse:
    context = sheets_asked(request, code)
    context |= {"printed": printed.rendered("surveys/_sheets.html", context, request)} | printed.choice(request)
    return render(request, "surveys/sheets.html", context | {"kept": f"from={context['first']}&to={context['last']}&"})


@require_safe
@office
def sheets_pdf(request: HttpRequest, code: str) -> HttpResponse:
    context = sheets_asked(request, code) | {"language": printed.language_asked(request)}
    html = printed.rendered("surveys/sheets_pdf.html", context, request)
    response = HttpResponse(pdf_of(html), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{code}-{context["first"]}-{context["last"]}.pdf"'
    return response


def sheets_asked(request: HttpRequest, code: str) -> dict[str, Any]:
    """Sheets `from` … `to`, fifty of them when nothing is asked, with their QR codes."""
    row = get_object_or_404(Questionnaire, code=code)
    first = serial(request.GET.get("from", ""), 1)
    last = min(serial(request.GET.get("to", ""), row.last_serial), first + services.MOST_AT_ONCE - 1)
    found = list(row.sheets.filter(serial__gte=first, serial__lte=last).order_by("serial"))
    if not found:
        raise Http404
    shown = [(sheet, qr.data_uri(address_of(sheet))) for sheet in found]
    return {"row": row, "questions": list(row.questions.all()), "sheets": shown, "first": first, "last": last}


def serial(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def address_of(sheet: Sheet) -> str:
    return settings.PUBLIC_BASE_URL + reverse("surveys:at-sheet", args=[sheet.code])


@require_safe
def at_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code of a sheet leads: those who enter to its entry, everybody else to the form."""
    user = request.user
    if user.is_authenticated and user.has_role(*CLERKS):
        return redirect(reverse("surveys:entry") + f"?code={code}")
    return redirect("feedback:form")


# --- entering -------------------------------------------------------------------------------------
@require_http_methods(READING)
@clerks
def entry(request: HttpRequest) -> HttpResponse:
    """The code first, then its sheet; after it the next code. Nothing of the first entry is shown to the second."""
    asked = request.POST.get("code") or request.GET.get("code", "")
    code_form = CodeForm({"code": asked} if asked else None)
    context: dict[str, Any] = {"code_form": code_form}
    if not asked or not code_form.is_valid():
        return render(request, "surveys/entry.html", context, status=422 if asked else 200)
    sheet = Sheet.objects.select_related("questionnaire").filter(code=code_form.cleaned_data["code"]).first()
    if sheet is None:
        code_form.add_error("code", _("No sheet has this code. Please compare it with the paper."))
        return render(request, "surveys/entry.html", context, status=422)
    start = {"collected_on": request.session.get("sheets_collected_on", "")}
    form = SheetForm(
        request.POST if "enter" in request.POST else None, questionnaire=sheet.questionnaire, initial=start
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            request.session["sheets_collected_on"] = form.cleaned_data["collected_on"]
            try:
                sheet = services.enter(sheet, form.cleaned_data, by=request.user, at=timezone.now())
            except services.SheetRefused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, told(sheet))
                return redirect("surveys:entry")
    context |= {"sheet": sheet, "form": form}
    return render(request, "surveys/entry.html", context, status=status)


def told(sheet: Sheet) -> str:
    words = {
        Sheet.State.ONCE: _("%(code)s is entered once; somebody else enters it again."),
        Sheet.State.DIFFERS: _("%(code)s is entered twice, and the two differ. Please have it decided."),
    }
    if (
        sheet.state == Sheet.State.SETTLED
        and paper_results.blank_sheets(sheet.questionnaire).filter(pk=sheet.pk).exists()
    ):
        return _("%(code)s is settled: it is blank, and counts as no answer.") % {"code": sheet.code}
    return words.get(sheet.state, _("%(code)s is settled: both entries agree.")) % {"code": sheet.code}  # type: ignore[call-overload]


def said(form: SheetForm, name: str, entries: list[SheetEntry]) -> bool:
    """Whether a field decides: it is filled, or left empty where one of the two read nothing."""
    empty = form.cleaned_data[name] in (None, "")
    return name in form.data and (not empty or any(not entry.answers.get(name) for entry in entries))


@require_http_methods(READING)
@clerks
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Both entries side by side, and what is decided where they differ. Only once both are there."""
    row = get_object_or_404(Sheet.objects.select_related("questionnaire", "ticket", "decided_by"), code=code)
    entries = list(row.entries.select_related("by").order_by("number"))
    if len(entries) < 2:
        raise Http404
    form = SheetForm(request.POST or None, questionnaire=row.questionnaire)  # empty: neither reading is proposed
    open_ = services.differences(entries[0].answers, entries[1].answers)
    lines = [
        (form[name], entries[0].answers.get(name, ""), entries[1].answers.get(name, ""), name in open_)
        for name in form.fields
    ]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            decided = {name: form.cleaned_data[name] for name in open_ if said(form, name, entries)}
            try:
                services.decide(row, decided, by=request.user, at=timezone.now())
            except services.SheetRefused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Decided; both entries stay on record."))
            return redirect("surveys:sheet", row.code)
    context = {
        "row": row, "entries": entries, "lines": lines, "form": form, "open": row.state == Sheet.State.DIFFERS,
        "answers": {one.question.code: one for one in row.answers.select_related("question")},
    }  # fmt: skip
    return render(request, "surveys/sheet.html", context, status=status)

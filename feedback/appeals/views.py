"""The auditors' pages: complaints about the handling (A6.1)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required
from accounts.roles import Role
from common.typed import words_of
from feedback.appeals import services as services_appeals
from feedback.appeals.forms import AnswerForm, NoteForm
from feedback.appeals.models import Appeal, days_open
from tickets import services as tickets

PAGE = 50


@require_safe
@role_required(Role.AUDITOR)
def appeals(request: HttpRequest) -> HttpResponse:
    """The open ones, oldest first, then the latest answered. Two queries."""
    rows = Appeal.objects.visible_to(request.user).select_related("ticket", "ticket__department", "answered_by")
    at = timezone.now()
    open_ = [(row, days_open(row, at)) for row in rows.filter(answered_at=None)]
    answered = [(row, days_open(row, at)) for row in rows.exclude(answered_at=None).order_by("-answered_at")[:PAGE]]
    return render(request, "feedback/appeals.html", {"open": open_, "answered": answered})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.AUDITOR)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint: what was found out, and the answer. One that the auditor may not see is 404."""
    rows = Appeal.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("ticket", "ticket__department", "ticket__owner", "answered_by"), pk=pk)
    note, answer, status = NoteForm(prefix="note"), AnswerForm(prefix="answer"), 200
    if request.method == "POST":
        answering = "answer" in request.POST
        form: forms.Form = (
            AnswerForm(request.POST, prefix="answer") if answering else NoteForm(request.POST, prefix="note")
        )
        status = 422
        if form.is_valid():
            act = services_appeals.answer if answering else services_appeals.note
            try:
                act(row, by=request.user, at=timezone.now(), **form.cleaned_data)
            except tickets.ActionNotAllowed as error:
                form.add_error(None, str(error))
                status = 409
                row.refresh_from_db(fields=["outcome", "answer", "answered_at", "answered_by"])
            else:
                messages.success(request, _("Answered.") if answering else _("Saved."))
                return redirect("feedback:appeal", row.pk)
        note, answer = (note, form) if answering else (form, answer)
    context = {"row": row, "notes": row.notes.select_related("by"), "note": note, "answer": answer}
    context["typed"] = words_of(request.POST) if status == 409 and not row.is_open else []
    context["wrong"] = answer if answer.errors else note
    return render(request, "feedback/appeal.html", context, status=status)

"""Canned replies: the list, the editor, and how one reads in a case before it is saved (A5.1)."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required
from accounts.roles import Role
from accounts.settings_pages import on_record
from tickets.answers import canned
from tickets.answers.forms import CannedReplyForm
from tickets.answers.models import VARIABLES
from tickets.models import CannedReply, Customer, Ticket
from tickets.workflow import Nature

setters = role_required(Role.ADMIN, Role.OFFICE)
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
MEANS = {
    "name": gettext_lazy("the customer's name"), "number": gettext_lazy("the number of the case"),
    "subject": gettext_lazy("the subject"), "company": gettext_lazy("the company's name"),
    "handler": gettext_lazy("who answers"),
}  # fmt: skip


@require_safe
@setters
def replies(request: HttpRequest) -> HttpResponse:
    """All of them, in the order in which they are offered. One query."""
    return render(request, "tickets/canned.html", {"replies": list(CannedReply.objects.all())})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def reply(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Edit one, or write a new one; `preview` shows it with its variables filled, and saves nothing."""
    row = get_object_or_404(CannedReply, pk=pk) if pk else CannedReply()
    form, preview, status = CannedReplyForm(request.POST or None, instance=row), None, 200
    title = str(row) if pk else _("New canned reply")
    if request.method == "POST":
        if form.is_valid() and "preview" in request.POST:
            preview = filled(request, form)
        elif form.is_valid():
            with transaction.atomic():
                on_record(form.save(), by=request.user, changed=form.changed_data, new=pk is None)
            messages.success(request, _("Saved. It is offered from now on where somebody writes to a customer."))
            return redirect("tickets:canned")
        status = 422 if form.errors else 200
    means = [(f"{{{name}}}", str(MEANS[name])) for name in VARIABLES]
    context = {"reply": row if pk else None, "title": title, "form": form, "preview": preview, "variables": means}
    return render(request, "tickets/canned_reply.html", context, status=status)


def filled(request: HttpRequest, form: CannedReplyForm) -> list[dict[str, Any]] | None:
    """The words in both languages, for a case that the reader may see, or for a made-up one."""
    number = form.cleaned_data["number"].strip()
    case = made_up(form.cleaned_data["nature"])
    if number:
        found = Ticket.objects.visible_to(request.user).select_related("customer").filter(number=number).first()
        if found is None:
            form.add_error("number", _("No ticket of this number that you may see."))
            return None
        case = found
    return [
        {
            "code": code, "name": name, "missing": code == "en" and not form.instance.text_en,
            "text": form.instance.words(code, canned.values(case, form.instance.spoken(code), request.user)),
        }
        for code, name in LANGUAGES
    ]  # fmt: skip


def made_up(nature: str) -> Ticket:
    """A case that is nobody's, in the reader's language. It is never saved."""
    subject = _("The air conditioner drips")
    return Ticket(
        number="Q20260102-000042", customer=Customer(name="王小明"), subject=subject, nature=nature or Nature.INQUIRY
    )

"""Answering a common problem, and deciding the draft of one case (C5.2)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import role_required
from accounts.roles import Role
from knowledge.models import Problem
from tickets import access, ticket_page
from tickets import services as tickets
from tickets.answers.answer_parts import parts_of
from tickets.models import Ticket
from tickets.problems import services as services_problems
from tickets.problems.forms import AnswerForm, DraftForm
from tickets.workflow import Nature

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.HEAD)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one answer for all open cases of a problem. A head answers a problem with cases that they see."""
    problem = get_object_or_404(Problem, pk=pk)
    cases = services_problems.answerable(problem).visible_to(request.user)
    if not request.user.has_role(Role.OFFICE) and not cases.exists():
        raise Http404
    form, status = AnswerForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                drafts = services_problems.answer_problem(
                    problem, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
                )
            except tickets.ActionNotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                said = ngettext(
                    "%(n)s draft waits for its handler.", "%(n)s drafts wait for their handlers.", len(drafts)
                )
                messages.success(request, said % {"n": len(drafts)})
                return redirect("tickets:answer-problem", pk)
    context = {
        "problem": problem, "form": form, "cases": cases.for_rows()[:SHOWN], "count": cases.count(),
        "progress": services_problems.progress([problem]).get(pk),
    }  # fmt: skip
    return render(request, "tickets/answer_problem.html", context, status=status)


def says_it_all(ticket: Ticket, text: str) -> bool:
    """A5.2, as the composer asks it of the last answer to a complaint."""
    return ticket.nature != Nature.COMPLAINT or all(parts_of(text).values())


@require_POST
@login_required
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Send the draft of a case, send and resolve, or drop it."""
    ticket, form, at = access.get_ticket(request.user, number), DraftForm(request.POST), timezone.now()
    verb = "resolve" if "resolves" in request.POST else "reply"
    if not access.may(request.user, verb, ticket):
        raise PermissionDenied(access.why_not(request.user, verb, ticket))
    given: dict[str, Any] = {"by": request.user, "at": at}
    try:
        if "drop" in request.POST:
            services_problems.drop_draft(ticket, **given)
            messages.success(request, _("Dropped. Answer this customer in your own words."))
        elif not form.is_valid():
            return not_sent(request, ticket, at, _("The draft could not be read; nothing was sent."), 422)
        elif verb == "resolve" and not says_it_all(ticket, form.cleaned_data["text"]):
            said = _("An answer to a complaint holds result, improvement and thanks. Something seems missing.")
            return not_sent(request, ticket, at, said, 422)
        else:
            wanted = {name: form.cleaned_data[name] for name in ("text", "version")}
            services_problems.send_draft(
                ticket, **given, **wanted, via=form.cleaned_data["via"] or "web", resolves=verb == "resolve"
            )
            messages.success(request, _("Sent."))
    except (tickets.ActionNotAllowed, tickets.StaleTicket) as refusal:
        return not_sent(request, ticket, at, str(refusal), 409)
    return redirect(ticket.get_absolute_url())


def not_sent(request: HttpRequest, ticket: Ticket, at: datetime, why: str, status: int) -> HttpResponse:
    """The case again, with the draft as it was changed; where it is gone, the words alone."""
    ticket.refresh_from_db()
    context = ticket_page.context(ticket, request.user, at)
    words = request.POST.get("text", "")
    kept: dict[str, Any] = {"not_sent": why, "draft_words": words, "draft_via": request.POST.get("via", "")}
    kept |= {} if context["draft"] else {"typed": [words] if words.strip() else []}
    return render(request, "tickets/ticket.html", context | kept, status=status)

"""The queue of manual review: one case at a time, one key to confirm or to correct (C3.2)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from common.text import whole_number
from feedback import panels
from feedback.learning import services_review
from feedback.learning.forms import CorrectionForm
from tickets import access
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Nature

reviewers = role_required(Role.AGENT, Role.OFFICE)
SHOWN = 30


@require_safe
@reviewers
def review(request: HttpRequest) -> HttpResponse:
    """`cause` narrows; `case` is the number to show, else the first that waits."""
    rows, counts = services_review.queue(request.user)
    cause = request.GET.get("cause", "")
    if cause in panels.CAUSES:
        rows = [row for row in rows if cause in services_review.causes_of(row)]
    else:
        cause = ""
    wanted = request.GET.get("case", "")
    place = next((number for number, row in enumerate(rows) if row.number == wanted), 0)
    case = rows[place] if rows else None
    after = rows[place + 1] if place + 1 < len(rows) else None
    context: dict[str, Any] = {
        "case": case,
        "after": after,
        "cause": cause,
        "tabs": [
            (code, capfirst(label), counts[code])
            for code, label in panels.CAUSES.items()
            if counts[code] or code == cause
        ],
        "total": len(rows),
        "rows": [(row, named(row)) for row in rows[:SHOWN]],
        "agreement": [(panels.FIELDS[one.field], one) for one in services_review.agreement(timezone.now())],
    }
    if case:
        code = case.category.code if case.category else ""
        context |= {
            "causes": named(case),
            "reasons": panels.reasons(case),
            "form": CorrectionForm(initial={"nature": case.nature, "category": code, "tier": case.tier}),
            "natures": [
                (value, label, str(key)) for key, (value, label) in enumerate(Nature.choices, 1) if value != case.nature
            ],
            "may": access.may(request.user, "classify", case),
            "may_void": access.may(request.user, "void", case),
        }
    return render(request, "feedback/review.html", context)


def named(ticket: Ticket) -> list[Any]:
    return [panels.CAUSES.get(cause, cause) for cause in services_review.causes_of(ticket)]


@require_POST
@reviewers
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """`action`: confirm, correct (all three fields), nature:CODE, or spam. Leads on to the next case."""
    ticket = access.get_ticket(request.user, number)
    action = request.POST.get("action", "")
    if not access.may(request.user, "void" if action == "spam" else "classify", ticket):
        raise Http404
    given: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    given["version"] = whole_number(request.POST.get("version", ""), digits=9)
    form = CorrectionForm(request.POST)
    try:
        if action == "confirm":
            services_review.confirm(ticket, **given)
        elif action == "spam":
            services_review.throw_out(ticket, **given)
        elif action.startswith("nature:") and action[7:] in Nature.values:
            services_review.correct(ticket, nature=action[7:], **given)
        elif action == "correct" and form.is_valid():
            services_review.correct(ticket, **form.classes(), **given)
        else:
            messages.error(request, _("Choose one of the answers offered."))
            return redirect(address(request.POST.get("cause", ""), number))
    except (tickets.ActionNotAllowed, tickets.StaleTicket) as refusal:
        messages.error(request, str(refusal))
        return redirect(address(request.POST.get("cause", ""), number))
    messages.success(request, _("Done: %(number)s") % {"number": number})
    return redirect(address(request.POST.get("cause", ""), request.POST.get("after", "")))


def address(cause: str, case: str) -> str:
    """Of the queue, with what is known to be harmless."""
    parts = [f"cause={cause}"] if cause in panels.CAUSES else []
    parts += [f"case={case}"] if case.isascii() and case.replace("-", "").isalnum() and len(case) <= 30 else []
    return reverse("feedback:review") + ("?" + "&".join(parts) if parts else "")

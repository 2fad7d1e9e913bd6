"""The dispatch board of the feedback office."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from tickets.dispatch import board
from tickets.forms import Offer
from tickets.queue.views import MOST_AT_ONCE, one_of_many

dispatchers = role_required(Role.OFFICE)


@require_safe
@dispatchers
def show(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    return render(request, "tickets/board.html", board.board(request.user, at) | {"at": at})


@require_POST
@dispatchers
def assign(request: HttpRequest) -> HttpResponse:
    """Assign what is ticked, or one case as the rules advise; each by itself, and the page says what became of each."""
    offer = Offer()
    one = request.POST.get("advised", "")
    numbers = [one] if one else list(dict.fromkeys(request.POST.getlist("pick")))[:MOST_AT_ONCE]
    code = request.POST.get(f"home-{one}", "") if one else request.POST.get("department", "")
    arguments: dict[str, Any] = {"department": offer.departments.get(code)}
    person = "" if one else request.POST.get("owner", "")
    if not numbers:
        messages.error(request, _("Tick at least one ticket first."))
    elif arguments["department"] is None:
        messages.error(request, _("Choose a department first."))
    elif person and person not in offer.people:
        messages.error(request, _("Choose a person from the list."))
    else:
        if person:
            arguments["owner"] = offer.people[person]
        results = [one_of_many(request, number, "assign", arguments) for number in numbers]
        for result in results:
            if result["refused"]:
                messages.error(request, f"{result['number']}: {result['refused']}")
        if done := sum(not result["refused"] for result in results):
            said = ngettext("%(n)s case assigned to %(department)s.", "%(n)s cases assigned to %(department)s.", done)
            messages.success(request, said % {"n": done, "department": arguments["department"]})
    return redirect("tickets:board")

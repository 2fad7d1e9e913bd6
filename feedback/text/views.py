"""Past cases like one, asked for when its page stands already: reading forty texts would hold the page up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from feedback.text.similar import similar_to
from tickets.access import get_ticket


@require_safe
@login_required
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """The list alone for the ticket's page, a page of its own without scripts. Raises Http404 when unseen."""
    ticket = get_ticket(request.user, number)
    template = "feedback/_similar.html" if request.htmx else "feedback/similar.html"
    may_found = not request.htmx and ticket.problem_id is None and request.user.has_role(Role.OFFICE)
    context = {"ticket": ticket, "similar": similar_to(ticket, request.user), "may_found": may_found}
    return render(request, template, context)

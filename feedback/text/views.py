"""Past cases like one, asked for when its page stands already: reading forty texts would hold the page up."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from feedback.text.similar import similar_to
from tickets import access, workflow
from tickets.models import Ticket


@require_safe
@login_required
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """The list alone for the ticket's page, a page of its own without scripts. Raises Http404 when unseen."""
    ticket = access.get_ticket(request.user, number)
    template = "feedback/_similar.html" if request.htmx else "feedback/similar.html"
    may_found = not request.htmx and ticket.problem_id is None and request.user.has_role(Role.OFFICE)
    found = similar_to(ticket, request.user)
    twice = duplicates(ticket, [row.ticket for row in found])
    context = {
        "ticket": ticket, "similar": found, "may_found": may_found, "duplicates": twice,
        "merges": [row for row in twice if is_later(ticket, row) and access.may(request.user, "merge", ticket)],
    }  # fmt: skip
    return render(request, template, context)


def duplicates(ticket: Ticket, alike: Sequence[Ticket]) -> list[Ticket]:
    """Open cases of the same customer on what seems the same matter. A person decides whether they are one."""
    if ticket.customer_id is None or not workflow.allows("merge", ticket.status):
        return []
    return [row for row in alike if row.customer_id == ticket.customer_id and row.status in workflow.UNANSWERED]


def is_later(ticket: Ticket, other: Ticket) -> bool:
    """The earlier case survives a merge, because its limits began first."""
    return (other.received_at, other.pk) < (ticket.received_at, ticket.pk)

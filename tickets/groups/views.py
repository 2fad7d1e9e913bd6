"""The special report of a major case, as page and PDF."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.downloads import pdf_answer
from tickets import access
from tickets.archive import purpose
from tickets.groups import services as services_groups
from tickets.groups import special_report


def answer(request: HttpRequest, number: str, *, as_pdf: bool) -> HttpResponse:
    """Who sees the case reads the report; of an archived one the question comes first what it is read for."""
    ticket, at = access.get_ticket(request.user, number), timezone.now()
    group = services_groups.group_of(ticket)
    if group is None:
        raise Http404
    wanted = reverse("tickets:special-report", args=[ticket.number])
    if question := purpose.asked_first(request.user, ticket, at=at, wanted=wanted):
        return question
    found = special_report.gathered(ticket, group)
    if not as_pdf:
        return render(request, "tickets/special_report.html", found)
    html = render_to_string("tickets/special_report_pdf.html", found | {"language": get_language()}, request)
    data = {"paper": "special-report"}
    return pdf_answer(request, html, name=f"{ticket.number}-special-report", subject=number, at=at, data=data)


@require_safe
@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    return answer(request, number, as_pdf=False)


@require_safe
@login_required
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    return answer(request, number, as_pdf=True)

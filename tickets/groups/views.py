"""The special report of a major case, as page and PDF."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common.pdf import pdf_of
from tickets import access
from tickets.archive import services as archive
from tickets.groups import services as services_groups
from tickets.groups import special_report


def content(request: HttpRequest, number: str) -> dict[str, Any] | None:
    """What the document shows; None when the case is archived and the reader has not said yet what it is read for."""
    ticket = access.get_ticket(request.user, number)
    if archive.must_say_why(request.user, ticket, at=timezone.now()):
        return None
    group = services_groups.group_of(ticket)
    if group is None:
        raise Http404
    return special_report.gathered(ticket, group)


@require_safe
@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    found = content(request, number)
    if found is None:
        return redirect("tickets:ticket", number)
    return render(request, "tickets/special_report.html", found)


@require_safe
@login_required
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    found = content(request, number)
    if found is None:
        return redirect("tickets:ticket", number)
    html = render_to_string("tickets/special_report_pdf.html", found | {"language": get_language()}, request)
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{number}-special-report.pdf"'
    return answer

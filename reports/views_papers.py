"""The papers of one case as page and PDF: case file, cover, and the regulations' forms filled from the data."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import staff_required
from accounts.downloads import pdf_answer
from reports import case_file
from tickets import access, people_shown
from tickets.archive import purpose


@require_safe
@staff_required
def paper(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """Who sees the case reads its papers; an archived one asks first what for, as its own page does."""
    return answer(request, number, paper, as_pdf=False)


@require_safe
@staff_required
def paper_pdf(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """The same as a file, which is on record as an export."""
    return answer(request, number, paper, as_pdf=True)


def answer(request: HttpRequest, number: str, paper: str, *, as_pdf: bool) -> HttpResponse:
    ticket, at = access.get_ticket(request.user, number), timezone.now()
    if paper not in case_file.PAPERS:
        raise Http404
    wanted = reverse("reports:paper", args=[ticket.number, paper])
    if question := purpose.asked_first(request.user, ticket, at=at, wanted=wanted):
        return question
    full = people_shown.sees_personal_data(request.user)
    found = case_file.gather(ticket, request.user, at, full=full)
    if paper == "cover" and found.record is None:
        raise Http404
    context = {
        "file": found, "ticket": ticket, "paper": paper, "title": case_file.PAPERS[paper], "full": full,
        "inside": f"reports/case/_{paper.replace('-', '_')}.html", "language": get_language(),
    }  # fmt: skip
    if not as_pdf:
        return render(request, "reports/case/paper.html", context)
    data = {"paper": paper, "full": full}
    html = render_to_string("reports/case/pdf.html", context, request)
    return pdf_answer(request, html, name=f"{ticket.number}-{paper}", subject=number, at=at, data=data)

"""The office's part of the public pages: 您说了，我们改了 (A7), and the words before it and before the service promise."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required
from accounts.models import User
from accounts.roles import Role
from accounts.settings_pages import on_record
from knowledge.models import PageText, PublicImprovement
from tickets.groups.forms_public import PageTextForm, PublicImprovementForm
from tickets.models import Improvement, Ticket

setters = role_required(Role.OFFICE)
LATELY = timedelta(days=180)
MOST = 200
ADDRESS = {PageText.Page.PROMISE: "promise", PageText.Page.IMPROVEMENTS: "knowledge:improvements"}


@require_safe
@setters
def public_pages(request: HttpRequest) -> HttpResponse:
    """What is published, what was done lately and is not told yet, and the words of each page."""
    written = {row.page: row for row in PageText.objects.all()}
    pages = [
        {"page": page, "url": reverse(ADDRESS[page]), "words": written.get(page), "on": page in settings.PUBLIC_PAGES}
        for page in PageText.Page
    ]
    context = {
        "rows": list(PublicImprovement.objects.all()[:MOST]),
        "untold": list(untold(request.user, timezone.now())),
        "pages": pages,
    }
    return render(request, "tickets/public_pages.html", context)


def untold(user: User, at: datetime) -> QuerySet[Improvement]:
    """Improvements from adopted suggestions that were done lately, and that nobody has written up."""
    done = Improvement.objects.filter(state=Improvement.State.DONE, ended_at__gte=at - LATELY)
    told = PublicImprovement.objects.exclude(case_number="").values("case_number")
    seen = done.filter(ticket__in=Ticket.objects.visible_to(user)).exclude(ticket__number__in=told)
    return seen.select_related("ticket").order_by("-ended_at")[:20]


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def improvement(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write one up, or change it. One that came from a case starts with what was done there."""
    row = get_object_or_404(PublicImprovement, pk=pk) if pk else begun(request)
    form = PublicImprovementForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            on_record(form.save(), by=request.user, changed=form.changed_data, new=pk is None)
        messages.success(
            request, _("Saved. Customers read it.") if row.is_public else _("Saved. It is not public yet.")
        )
        return redirect("tickets:public-pages")
    title = _("Change an improvement") if pk else _("Publish an improvement")
    context = {"row": row, "form": form, "title": title}
    return render(request, "tickets/public_improvement.html", context, status=422 if form.errors else 200)


def begun(request: HttpRequest) -> PublicImprovement:
    number = request.GET.get("case", "")[:40]
    row = PublicImprovement(done_on=timezone.localdate())
    if number:
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
        done = ticket.improvements.filter(state=Improvement.State.DONE).order_by("-ended_at").first()
        if done is None:
            raise Http404
        row.case_number, row.said, row.did = number, ticket.subject[:300], done.result or done.text
        row.problem, row.done_on = ticket.problem, timezone.localdate(done.ended_at)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def page_words(request: HttpRequest, page: str) -> HttpResponse:
    """The office's words under the heading of one public page."""
    if page not in PageText.Page.values:
        raise Http404
    row = PageText.objects.filter(page=page).first() or PageText(page=page)
    new = row.pk is None
    form = PageTextForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            on_record(form.save(), by=request.user, changed=form.changed_data, new=new)
        messages.success(request, _("Saved. Customers read it."))
        return redirect("tickets:public-pages")
    context = {"row": row, "form": form, "url": reverse(ADDRESS[PageText.Page(page)])}
    return render(request, "tickets/page_words.html", context, status=422 if form.errors else 200)

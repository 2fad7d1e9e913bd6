"""The queue: saved views, filters, search, a table, and moves on many tickets at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import Role
from common.text import whole_number
from knowledge.models import Article, Problem
from tickets import access
from tickets import services as tickets
from tickets.filters import TicketFilter
from tickets.forms import Offer
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue import facets, first_start, rows, saved_views, seek
from tickets.queue.listing import Listing
from tickets.search import operators as search_operators
from tickets.search import shown as search_shown
from tickets.search import views as views_suggest

SIZE = 50
MOST_AT_ONCE = 100
MOST_PROBLEMS = MOST_ARTICLES = 5
BULK_VERBS = ("assign", "remind")


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    listing = Listing(request.GET, user=request.user, at=at)
    offer = Offer()
    views = saved_views.offered_to(request.user)
    counts = saved_views.counted([view for view in views if view.counted], listing.visible, request, at)
    departments = list(offer.departments.values())
    found = facets.facets(listing.before_facets, dict(listing.data.lists()), departments, at)
    cursor = request.GET.get("after", "") or request.GET.get("before", "")
    try:
        page = seek.page(listing.tickets, listing.ordering, SIZE, cursor, load=TicketQuerySet.for_rows)
    except seek.BadCursor:
        page = seek.page(listing.tickets, listing.ordering, SIZE, load=TicketQuerySet.for_rows)
    carry = urlencode({"in": listing.query or "view=open"})
    asked = listing.data.get("q", "")
    words = search_shown.words_of(asked)
    meant = (
        search_operators.mended(asked, TicketFilter.labels(with_codes=True))
        if ":" in asked.replace("：", ":")
        else asked
    )
    context = {
        "listing": listing,
        "meant": {"text": meant, "url": listing.query_with(q=meant)} if meant != asked else None,
        "problems": problems_about(request.user, words),
        "articles": articles_about(words),
        "everywhere": listing.view.code == "all" and not listing.conditions,
        "tabs": [
            {
                "label": view.label, "count": counts.get(view.code, 0) if view.counted else 0, "hot": view.hot,
                "url": f"?view={view.code}", "here": view is listing.view, "cap": saved_views.CAP,
            }
            for view in views
        ],
        "facets": found,
        "count_line": count_line(found, listing),
        "page": page,
        "first_start": not page.rows and first_start.is_written_now(),
        "rows": rows.rows(page.rows, carry=carry, picked=set(request.GET.getlist("pick")), words=words),
        "previous_url": address(listing, before=page.preceding),
        "next_url": address(listing, after=page.following),
        "ordering": listing.ordering,
        "pager_note": pager_note(page),
        "newest": listing.query_with(ordering="-received"),
        "by_due": listing.query_with(ordering="due"),
        "without_q": listing.query_with(q=None),
        "hidden": [
            ("view", listing.view.code),
            *(
                (name, value)
                for name in listing.data
                if name not in {*facets.NAMES, "view"}
                for value in listing.data.getlist(name)
            ),
        ],
        "refresh": request.get_full_path() if not cursor else "",
        "departments": [row for row in departments if row.is_active],
        "may_bulk": request.user.has_role(Role.AGENT, Role.HEAD, Role.OFFICE),
    }  # fmt: skip
    return render(request, "tickets/queue.html", context)


def problems_about(user: User, words: list[str]) -> list[dict[str, str]]:
    """Common problems in whose title or summary the words stand: one box finds cases, archive and knowledge. One query.

    Only for who may read their pages; the address leads to the problem's cases.
    """
    if not words or not user.has_role(*views_suggest.READS_PROBLEMS):
        return []
    known = Problem.objects.filter(state__in=[Problem.State.OPEN, Problem.State.SOLVED]).about(words)
    return [{"title": row.title, "url": row.get_absolute_url()} for row in known.order_by("-pk")[:MOST_PROBLEMS]]


def articles_about(words: list[str]) -> list[dict[str, str]]:
    """Public answers in which the words stand, the most helpful first. One query, and only for a search."""
    if not words:
        return []
    known = Article.objects.about(words)[:MOST_ARTICLES]
    return [{"title": row.local_question, "url": reverse("knowledge:article", args=[row.pk])} for row in known]


def pager_note(page: seek.Page) -> str:
    shown = ngettext("%(n)s ticket shown", "%(n)s tickets shown", len(page.rows)) % {"n": len(page.rows)}
    return _("%(shown)s, more follow") % {"shown": shown} if page.following else shown


def address(listing: Listing, **cursor: str) -> str:
    (value,) = cursor.values()
    return "?" + listing.query_with(**cursor) if value else ""  # type: ignore[arg-type]


def count_line(found: facets.Facets, listing: Listing) -> str:
    order = {
        "due": _("ordered by due time"), "-due": _("latest due time first"), "received": _("oldest first"),
        "-received": _("newest first"), "number": _("by number"), "-number": _("by number, descending"),
    }[listing.ordering]  # fmt: skip
    if found.cut:
        return _("At least %(count)s tickets, %(order)s") % {"count": found.count, "order": order}
    return _("%(count)s tickets, %(order)s") % {"count": found.count, "order": order}


@require_POST
@login_required
def bulk(request: HttpRequest) -> HttpResponse:
    """One move on many tickets, each by itself; the page tells what became of each."""
    verb = request.POST.get("action", "")
    if verb not in BULK_VERBS:
        raise Http404
    offer = Offer()
    arguments: dict[str, Any] = {}
    refusal = ""
    if verb == "assign":
        arguments["department"] = offer.departments.get(request.POST.get("department", ""))
        if arguments["department"] is None:
            refusal = _("Choose a department first.")
    numbers = list(dict.fromkeys(request.POST.getlist("pick")))[:MOST_AT_ONCE]
    if not numbers:
        refusal = _("Tick at least one ticket first.")
    results = [] if refusal else [one_of_many(request, number, verb, arguments) for number in numbers]
    context = {
        "verb": verb,
        "refusal": refusal,
        "results": results,
        "done": sum(not result["refused"] for result in results),
        "back": reverse("tickets:queue") + "?" + Listing.from_text(
            request.POST.get("in", ""), user=request.user, at=timezone.now()
        ).query,
    }  # fmt: skip
    return render(request, "tickets/bulk.html", context, status=422 if refusal else 200)


def one_of_many(request: HttpRequest, number: str, verb: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Move one ticket as far as the user may; returns the ticket and why not, if not."""
    known = whole_number(request.POST.get(f"version-{number}", ""), digits=9)
    try:
        ticket: Ticket | None = access.get_ticket(request.user, number)
    except Http404:
        return {"number": number, "ticket": None, "refused": _("There is no such ticket here.")}
    refused = ""
    if not access.may(request.user, verb, ticket):
        refused = access.why_not(request.user, verb, ticket)
    else:
        try:
            getattr(tickets, verb)(ticket, by=request.user, at=timezone.now(), version=known, **arguments)
        except (tickets.ActionNotAllowed, tickets.StaleTicket) as error:
            refused = str(error)
    return {"number": number, "ticket": ticket, "refused": refused}

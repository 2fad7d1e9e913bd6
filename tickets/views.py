"""The page of one ticket and what people do there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import services as accounts
from accounts.models import AccessLog
from common.remembered import looked_at_once
from common.typed import words_of
from tickets import access, done, people_shown, ticket_page, wording
from tickets import services as tickets
from tickets.answers.answer_parts import parts_of
from tickets.archive import purpose
from tickets.archive import services as archive
from tickets.attachments import files
from tickets.forms import KINDS, ComposerForm, MoveForm, Offer, PurposeForm, RevealForm
from tickets.forms_offered import FORMS
from tickets.models import Ticket
from tickets.queue.listing import LONGEST
from tickets.workflow import MOVES, Nature

SAY = "say"


def where_from(request: HttpRequest) -> str:
    return (request.POST.get("in") or request.GET.get("in") or "")[:LONGEST]


@require_safe
@login_required
@looked_at_once()
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    found, at = access.get_ticket(request.user, number), timezone.now()
    if archive.must_say_why(request.user, found, at=at):
        return purpose_page(request, found, PurposeForm())
    asked = request.GET.get("canned", "")[:20]
    context = ticket_page.context(found, request.user, at, where=where_from(request), canned_asked=asked)
    return render(request, "tickets/ticket.html", context)


def purpose_page(request: HttpRequest, found: Ticket, form: PurposeForm) -> HttpResponse:
    wanted = purpose.leads_on(request.POST.get("next") or request.GET.get("next"))
    context = {"ticket": found, "form": form, "where": where_from(request), "wanted": wanted}
    return render(request, "tickets/purpose.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Say what an archived case is read for; then it opens, or that page of it which was wanted (D6)."""
    found, form = access.get_ticket(request.user, number), PurposeForm(request.POST)
    if not form.is_valid():
        return purpose_page(request, found, form)
    archive.log_reading(request.user, found, purpose=form.cleaned_data["purpose"], at=timezone.now())
    wanted = purpose.leads_on(request.POST.get("next"))
    return redirect(wanted or found.get_absolute_url() + ticket_page.carried(where_from(request)))


@require_POST
@login_required
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show masked personal data once, for a reason that is logged (B7 D6)."""
    found, at = access.get_ticket(request.user, number), timezone.now()
    if not people_shown.may_reveal(request.user):
        raise PermissionDenied(_("Your role does not show personal data."))
    form = RevealForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        accounts.log_access(user=request.user, action=AccessLog.Action.REVEAL, subject=number, at=at, purpose=reason)
    context = ticket_page.context(found, request.user, at, where=where_from(request), revealed=form.is_valid())
    context |= {} if form.is_valid() else {"reveal_form": form}
    return render(request, "tickets/ticket.html", context, status=200 if form.is_valid() else 422)


@require_POST
@login_required
def answer_parts(request: HttpRequest, number: str) -> HttpResponse:
    """Which parts of a complaint's answer the draft holds already; changes nothing."""
    found = access.get_ticket(request.user, number)
    text = request.POST.get("text", "").strip()
    context = {"parts": parts_of(text) if text else {}, "is_complaint": found.nature == Nature.COMPLAINT}
    return render(request, "tickets/_answer_parts.html", context)


@require_POST
@login_required
@looked_at_once()
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Any verb of the table, or `say` for the composer, whose field `verb` names one of the spoken ones."""
    typed = words_of(request.POST, besides=["via"])
    try:
        found = access.get_ticket(request.user, number)
    except Http404:
        if not typed:
            raise
        return not_done(request, None, typed, _("This case is not there, or you do not see it any more."), 404)
    offer = Offer()
    if verb == SAY:
        form: MoveForm = ComposerForm(request.POST, ticket=found, offer=offer, verbs=KINDS)
        verb = request.POST.get("verb", "")
        if verb not in KINDS:
            raise Http404
    elif verb in FORMS:
        form = ticket_page.move_form(verb, found, offer, request.POST)
        form.reader = request.user
    else:
        raise Http404
    if not access.may(request.user, verb, found):
        why_not = access.why_not(request.user, verb, found)
        if not typed:
            raise PermissionDenied(why_not)
        return not_done(request, found, typed, why_not, 403)
    if not form.is_valid():
        return refused(request, found, form, verb)
    return perform(request, found, form, verb)


def not_done(request: HttpRequest, found: Ticket | None, typed: list[str], sentence: str, status: int) -> HttpResponse:
    """Why it was not done, and the words that were written for it: the case left the writer's hands meanwhile."""
    context = {"ticket": found, "typed": typed, "sentence": sentence, "carry": ticket_page.carried(where_from(request))}
    return render(request, "tickets/not_done.html", context, status=status)


def perform(request: HttpRequest, found: Ticket, form: MoveForm, verb: str) -> HttpResponse:
    at = timezone.now()
    try:
        with transaction.atomic():
            arguments = form.arguments()
            if form.takes_files and (uploads := request.FILES.getlist("files")):
                arguments["attachments"] = [
                    files.store(upload, at=at, by=request.user) for upload in uploads[: files.MOST]
                ]
            moved = getattr(tickets, verb)(found, by=request.user, at=at, **arguments)
    except tickets.StaleTicket as stale:
        return stale_page(request, found, form, verb, stale)
    except tickets.ActionNotAllowed as error:
        form.add_error(None, str(error))
        return refused(request, found, form, verb, status=409)
    except files.FileRefused as error:
        form.add_error(None, error)
        return refused(request, found, form, verb)
    messages.success(request, done.sentence(verb, arguments.get("via", "")))
    seen = access.still_sees(request.user, moved)
    place = moved.get_absolute_url() if seen else reverse("tickets:queue")
    where = where_from(request)
    return HttpResponseRedirect(place + (ticket_page.carried(where) if seen else ""))


def refused(request: HttpRequest, found: Ticket, form: MoveForm, verb: str, status: int = 422) -> HttpResponse:
    """The page again, with what was typed and what is wrong."""
    found.refresh_from_db()
    context = ticket_page.context(
        found, request.user, timezone.now(), where=where_from(request), bound=form, bound_verb=verb
    )
    shown = isinstance(form, ComposerForm) or context["open_moves"]
    typed = [] if shown else words_of(request.POST)
    return render(request, "tickets/ticket.html", context | {"refused": form, "typed": typed}, status=status)


def stale_page(
    request: HttpRequest, found: Ticket, form: MoveForm, verb: str, stale: tickets.StaleTicket
) -> HttpResponse:
    """409: what happened meanwhile, and the form as it was typed, ready to be sent on top of it."""
    names = form.offer.names()
    data: Any = form.data.copy()
    data["version"] = stale.ticket.version
    if isinstance(form, ComposerForm):
        again: MoveForm = ComposerForm(data, ticket=found, offer=form.offer, verbs=KINDS)
    else:
        again = ticket_page.move_form(verb, found, form.offer, data)
    newer = [
        {"at": event.at, "actor": wording.actor(event), "text": wording.sentence(event, names), "event": event}
        for event in stale.newer
    ]
    context = {
        "ticket": found, "form": again, "verb": verb, "label": MOVES[verb].label, "newer": newer, "error": str(stale),
        "action": SAY if isinstance(form, ComposerForm) else verb, "where": where_from(request),
        "lost_files": bool(request.FILES), "carry": ticket_page.carried(where_from(request)),
    }  # fmt: skip
    return render(request, "tickets/stale.html", context, status=409)

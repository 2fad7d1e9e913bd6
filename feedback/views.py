"""The customer's pages: form, receipt, and the case behind its code."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import APIException

from accounts import region_field
from accounts.throttles import limited, too_many
from common import qr
from feedback import links, own_data, sent_before, services
from feedback.appeals import services as services_appeals
from feedback.case import case_of
from feedback.channels import web
from feedback.content import CONSENT_VERSION
from feedback.forms import AppealForm, FeedbackForm, MessageForm, ProofForm, TrackForm
from tickets import guard
from tickets import services as tickets
from tickets import tracking as codes
from tickets.attachments import answers as file_answers
from tickets.attachments import files
from tickets.models import Ticket

READING = ["GET", "HEAD", "POST"]
IN_ERROR = 422


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page whose address is a secret: not cached, not told to other sites; a wrong code gets the page for it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except guard.TooManyTries as tries:
            response = too_many(request, tries.wait)
        except Http404:
            response = render(request, "feedback/track.html", {"form": unknown_code()}, status=404)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def unknown_code(typed: str = "") -> TrackForm:
    form = TrackForm({"code": typed or "-"})
    form.is_valid()
    form.add_error("code", _("No case is found under this code. Please check it; the number alone opens nothing."))
    if not typed:
        form.data = {"code": ""}
    return form


@never_cache
@require_http_methods(READING)
@limited("submit")
def feedback_form(request: HttpRequest) -> HttpResponse:
    """The form, and how feedback is handled (A2.2)."""
    return form_page(request)


def form_page(request: HttpRequest, *, frame: str = "public.html", here: str = "form") -> HttpResponse:
    """The form inside `frame`; it is sent to the address `here`, and leads to the receipt beside it."""
    uploads: list[Any] = []
    if request.method != "POST":
        start = {name: request.GET.get(name, "")[:200] for name in ("nature", "place")}
        form = FeedbackForm(initial=start | {"token": secrets.token_urlsafe(24)})
    else:
        form, at = FeedbackForm(request.POST, request.FILES), timezone.now()
        form.is_valid()
        uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
        earlier = None
        if not (form.errors or uploads):
            earlier = sent_before.earlier_key(request, form.cleaned_data, receipt=partial(web.receipt_under, at=at))
        if not form.errors and (key := earlier or handed_in(request, form, uploads, at)):
            page = f"feedback:{'receipt' if here == 'form' else f'{here}-receipt'}"
            response = HttpResponseRedirect(links.on_this_site(page, key))
            response.headers["Location"] += handed_on(request, here)
            return sent_before.remember(response, key, secure=request.is_secure())
    context = {
        "form": form,
        "frame": frame,
        "action": reverse(f"feedback:{here}") + handed_on(request, here),
        "answers_url": reverse("feedback:answers") + handed_on(request, here),
        "embedded": here != "form",
        **form.offered(uploads),
        "regions": region_field.names(),
    }
    return render(request, "feedback/form.html", context, status=IN_ERROR if form.errors else 200)


def handed_on(request: HttpRequest, here: str) -> str:
    """In a frame of another site no cookie keeps the language: the addresses do."""
    return "" if here == "form" else f"?language={request.LANGUAGE_CODE}"


def handed_in(request: HttpRequest, form: FeedbackForm, uploads: list[Any], at: datetime) -> str | None:
    """The key of the receipt; None when a file is gone or the same form is still being taken, then the form says so."""
    key = web.key_of(form.cleaned_data)
    try:
        web.take(form.cleaned_data, uploads=uploads, key=key, language=request.LANGUAGE_CODE, at=at)
    except files.FileRefused as refused:
        form.add_error("uploads", refused)
    except APIException as error:
        form.add_error(None, str(error.detail))
    else:
        return key
    return None


@private
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Number, code and what comes next. It can be opened again for a day, with the address alone."""
    return receipt_page(request, token)


def receipt_page(request: HttpRequest, token: str, *, frame: str = "public.html", here: str = "form") -> HttpResponse:
    data = web.receipt_under(token, at=timezone.now()) if len(token) <= 200 else None
    if data is None:
        raise Http404
    for name in ("received_at", "expected_by"):
        data[name] = datetime.fromisoformat(data[name]) if data[name] else None
    code = data["tracking_code"]
    context = data | {
        "groups": code.split("-"),
        "qr": qr.data_uri(data["tracking_url"]),
        "next_steps": next_steps(data),
        "frame": frame,
        "another": reverse(f"feedback:{here}") + handed_on(request, here),
        "embedded": here != "form",
    }
    return render(request, "feedback/receipt.html", context)


def next_steps(data: dict[str, Any]) -> list[dict[str, Any]]:
    first = (
        _("Received, and given to the department in charge")
        if data["assigned"]
        else _("Received, being given to the department in charge")
    )
    second = (
        _("Your case is looked into. You find questions and answers on the tracking page.")
        if data["anonymous"]
        else _("Somebody contacts you, asks what is missing and hears what you wish for.")
    )
    answered = _("You find the answer on the tracking page. If it takes longer, we tell you why before the date.")
    return [
        {"label": first, "at": data["received_at"], "state": "now"},
        {"label": _("First answer"), "text": second},
        {"label": _("Result and answer"), "text": answered, "by": data["expected_by"]},
        {
            "label": _("You tell us whether it helped"),
            "text": _("If not, somebody else, one level higher, takes it up again."),
        },
    ]


@private
@require_http_methods(READING)
def track(request: HttpRequest) -> HttpResponse:
    """Enter the code. Any wrong one gets the same answer."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            guard.ticket_by_code(request, typed)
        except Http404:
            return render(request, "feedback/track.html", {"form": unknown_code(typed)}, status=404)
        plain = typed if "~" in typed else codes.normal(typed)
        return redirect("feedback:tracking", code=plain)
    return render(request, "feedback/track.html", {"form": form}, status=IN_ERROR if form.errors else 200)


@private
@require_safe
def tracking(request: HttpRequest, code: str) -> HttpResponse:
    return tracking_page(request, code, fresh_message())


def fresh_message() -> MessageForm:
    return MessageForm(initial={"token": secrets.token_urlsafe(24)})


def tracking_page(
    request: HttpRequest,
    code: str,
    form: MessageForm,
    uploads: list[Any] | None = None,
    appeal: AppealForm | None = None,
    proof: ProofForm | None = None,
) -> HttpResponse:
    ticket = guard.ticket_by_code(request, code)
    context = {
        "code": code,
        "ticket": ticket,
        "case": case_of(ticket),
        "form": form,
        "appeal": appeal or AppealForm(),
        "proof": proof or ProofForm(),
        "wrong": appeal or proof or form,
        "seen": seen_of(ticket),
        "by_message": codes.signed_for(code) is not None and ticket.customer is not None,
        "needs_proof": own_data.needs_proof(ticket),
        **form.offered(uploads or ()),
    }
    return render(request, "feedback/tracking.html", context, status=IN_ERROR if context["wrong"].errors else 200)


def seen_of(ticket: Ticket) -> str:
    """What the page shows is of this version; and whether it asks for a rating, which is not redrawn while one writes."""
    return f"{ticket.version}{'r' if ticket.can_rate else ''}"


@private
@require_safe
def live(request: HttpRequest, code: str) -> HttpResponse:
    """What is new on the tracking page since `seen`; 204 when nothing is. Asked every few seconds: one query then."""
    ticket, seen = guard.ticket_by_code(request, code), request.GET.get("seen", "")[:20]
    if seen == seen_of(ticket):
        return HttpResponse(status=204)
    rate_changed = seen.endswith("r") != seen_of(ticket).endswith("r")
    context = {"code": code, "ticket": ticket, "case": case_of(ticket), "seen": seen_of(ticket)}
    return render(request, "feedback/_live.html", context | {"live": True, "rate_changed": rate_changed})


@private
@require_POST
@limited("submit")
def add_message(request: HttpRequest, code: str) -> HttpResponse:
    ticket, at = guard.ticket_by_code(request, code), timezone.now()
    form = MessageForm(request.POST, request.FILES)
    form.is_valid()
    uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
    if form.errors:
        return tracking_page(request, code, form, uploads)
    key = web.key_of(form.cleaned_data)
    try:
        opened = web.hear(ticket, form.cleaned_data["text"], uploads=uploads, key=key, at=at)
    except (files.FileRefused, tickets.ActionNotAllowed, APIException) as error:
        form.add_error(None, error.messages if isinstance(error, files.FileRefused) else str(error))
        return tracking_page(request, code, form, uploads)
    if opened:
        messages.success(request, _("The former case is filed, so a new one was opened for you."))
        return redirect("feedback:receipt", token=key)
    messages.success(request, _("Your message has been added."))
    return redirect("feedback:tracking", code=code)


@private
@require_POST
@limited("submit")
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    ticket = guard.ticket_by_code(request, code)
    try:
        services.withdraw(ticket, at=timezone.now())
    except tickets.ActionNotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You have withdrawn your feedback."))
    return redirect("feedback:tracking", code=code)


@private
@require_POST
@limited("submit")
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """A complaint about the handling itself, which goes to the auditors (A6.1)."""
    ticket = guard.ticket_by_code(request, code)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return tracking_page(request, code, fresh_message(), appeal=form)
    try:
        services_appeals.appeal(ticket, text=form.cleaned_data["appeal"], at=timezone.now())
    except tickets.ActionNotAllowed as error:
        form.add_error(None, str(error))
        return tracking_page(request, code, fresh_message(), appeal=form)
    messages.success(request, _("Your complaint has gone to the auditors. The answer will stand on this page."))
    return redirect("feedback:tracking", code=code)


@private
@require_safe
def attachment(request: HttpRequest, code: str, key: str, small: bool = False) -> HttpResponse:
    """A file of one's own case, or one sent with an answer; internal ones do not exist here."""
    row = guard.ticket_by_code(request, code).attachments.filter(internal=False, key=key).first()
    if row is None:
        raise Http404
    try:
        return file_answers.respond_small(row, request) if small else file_answers.respond(row, request)  # type: ignore[return-value]
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/privacy.html", {"version": CONSENT_VERSION})

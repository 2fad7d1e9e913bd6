from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import role_required
from accounts.roles import Role
from accounts.throttles import too_many
from common.text import whole_number
from surveys import access, links, services
from surveys.forms import AnswerForm
from surveys.models import FollowUp
from surveys.querysets import OPEN_STATES
from tickets import guard
from tickets.models import Message, Ticket
from tickets.workflow import Rating

CALLERS = (Role.AGENT, Role.OFFICE)
MOST = 50  # calls on the page; the rest follows when these are done


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question behind the link in a mail. Opening it changes nothing; mail scanners do."""
    asked_of = links.read(token)
    follow_up = FollowUp.objects.select_related("ticket").filter(pk=asked_of[0]).first() if asked_of else None
    if asked_of is None or follow_up is None or follow_up.ticket.customer_id != asked_of[1]:
        raise Http404
    ticket, at = follow_up.ticket, timezone.now()
    asked = follow_up.state in OPEN_STATES and follow_up.round == ticket.round and ticket.can_rate
    form = AnswerForm(request.POST or None, initial={"rating": request.GET.get("rating")})
    refusal = "" if asked else _("This question has been answered, or its time is over.")
    if request.method == "POST" and asked and form.is_valid():
        try:
            services.answer(ticket, at=at, **form.cleaned_data)
        except services.AnswerRefused as refused:
            refusal = str(refused)
        else:
            return render(request, "surveys/thanks.html", {"ticket": ticket, "rating": form.cleaned_data["rating"]})
    return question(request, form, ticket, refusal=refusal)


@never_cache
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """The rating form of the tracking page."""
    try:
        ticket = guard.ticket_by_code(request, code)
    except guard.TooManyTries as tries:
        return too_many(request, tries.wait)
    form, refusal = AnswerForm(request.POST), ""
    if form.is_valid():
        try:
            services.answer(ticket, at=timezone.now(), **form.cleaned_data)
        except services.AnswerRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, thanks(form.cleaned_data["rating"]))
            return redirect("feedback:tracking", code=code)
    return question(request, form, ticket, refusal=refusal, status=422)


def question(
    request: HttpRequest, form: AnswerForm, ticket: Ticket, *, refusal: str, status: int = 200
) -> HttpResponse:
    """The question on a page of its own; after a refusal what was written stands there to be copied."""
    context = {"form": form, "ticket": ticket, "refusal": refusal}
    response = render(request, "surveys/answer.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def thanks(rating: str) -> str:
    if rating == Rating.DISSATISFIED:
        return _("We are sorry. Your case is taken up again, by somebody else one level higher.")
    return _("Thank you, your rating has been recorded.")


@role_required(*CALLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """The call-back list: never offered to who handled the case."""
    at = timezone.now()
    if request.method == "POST":
        callable_ = access.callable_by(request.user)
        follow_up = callable_.filter(pk=whole_number(request.POST.get("follow_up", ""))).first()
        typed: dict[str, Any] = {"of": follow_up.pk if follow_up else 0, "comment": request.POST.get("comment", "")}
        if follow_up is None:
            if not typed["comment"].strip():
                raise Http404
            typed["why"] = _("This call is over; somebody else may have made it.")
            return calls_page(request, at, typed=typed, status=404)
        if request.POST.get("outcome") == "not_reached":
            try:
                services.not_reached(follow_up, by=request.user, at=at)
            except services.AnswerRefused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Noted; the call is due again later."))
        else:
            form = AnswerForm(request.POST, auto_id=False)
            refusal = (
                record_call(request, follow_up, form) if form.is_valid() else _("Choose what the customer answered.")
            )
            if refusal:
                typed |= {"rating": form["rating"].value(), "why": refusal}
                return calls_page(request, at, typed=typed, status=409 if form.is_valid() else 422)
        return redirect("surveys:calls")
    return calls_page(request, at)


def calls_page(
    request: HttpRequest, at: datetime, *, typed: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """`typed` is what was entered `of` a call and not recorded: it stands there again, or above where the call is gone."""
    answers = Message.objects.filter(
        ticket=OuterRef("ticket"), direction=Message.Direction.OUT, event__round=OuterRef("round")
    )
    last = Subquery(answers.order_by("-at", "-pk").values("text")[:1])
    due = access.calls_due(request.user, at)
    rows = list(due.annotate(answer=last).select_related("ticket__customer", "ticket__owner")[:MOST])
    lost = typed is not None and all(row.pk != typed["of"] for row in rows)
    words = [typed["comment"]] if lost and typed and typed["comment"].strip() else []
    context = {"rows": rows, "form": AnswerForm(auto_id=False), "kept": typed, "typed": words}
    return render(request, "surveys/calls.html", context, status=status)


def record_call(request: HttpRequest, follow_up: FollowUp, form: AnswerForm) -> str:
    """Why it was refused; empty when it is recorded."""
    try:
        services.answer(follow_up.ticket, at=timezone.now(), by=request.user, **form.cleaned_data)
    except services.AnswerRefused as refused:
        return str(refused)
    messages.success(request, _("The customer's answer has been recorded."))
    return ""

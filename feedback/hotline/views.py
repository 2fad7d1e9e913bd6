"""The hotline desk: a form beside what is known of the caller; calls that ring, and those to return (A2.1 A4.2 A5.1)."""

import secrets
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.models import User
from accounts.roles import Role
from common.text import clean, whole_number
from feedback.channels import desk, web
from feedback.hotline import caller as calls
from feedback.hotline import services as services_calls
from feedback.hotline.forms import KEPT, LONGEST_DRAFT, HotlineForm, LineForm, ScriptForm
from feedback.hotline.models import Call, Draft, Line, Script
from feedback.views_register import answered, sent_again, takers
from knowledge import answers
from tickets.channels import Channel
from tickets.models import Ticket
from tickets.workflow import Nature

DRAFT = "hotline"
STOP_ASKING = 286  # htmx ends a poll at it
PUT_AWAY, MOST_AWAY = "calls-put-away", 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takers
def hotline(request: HttpRequest) -> HttpResponse:
    """`?call=` is a call that is being taken, `?number=` one that is being made."""
    user, at, uploads = request.user, timezone.now(), list[Any]()
    draft = Draft.objects.filter(by=user, name=DRAFT).first()
    call = known(request.GET.get("call") or str(draft.values.get("call", "") if draft else ""), user)
    if request.method == "POST":
        form = HotlineForm(request.POST, request.FILES)
        form.is_valid()
        call = known(str(form.cleaned_data.get("call") or ""), user)
        uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
        if not form.errors and (answer := registered_now(request, form, uploads, call)):
            return answer
    else:
        form = HotlineForm(initial=start(request, call, draft))
    line = Line.objects.filter(agent=user).first()
    missed = calls.to_return()
    names = calls.names_of(missed)
    context = {
        "form": form,
        "lookup_url": reverse("feedback:lookup"),
        "call": call,
        "draft": draft if request.method != "POST" else None,
        "line": LineForm(initial={"number": line.number if line else ""}),
        "caller": calls.caller(str(form["phone"].value() or ""), user=user),
        "scripts": calls.scripts(),
        "may_write": user.has_role(Role.OFFICE),
        "missed": [(one, names.get(one.number, "")) for one in missed],
        **form.offered(uploads),
    }
    return render(request, "feedback/hotline.html", context, status=422 if form.errors else 200)


def known(pk: str, user: User) -> Call | None:
    """A call of the user's own, or one that nobody has taken yet; those of colleagues are not leafed through."""
    mine = Call.objects.filter(Q(agent=user) | Q(agent=None), pk=whole_number(pk))
    return mine.select_related("agent", "ticket").first()


def known_or_404(request: HttpRequest, pk: int) -> Call:
    call = known(str(pk), request.user)
    if call is None:
        raise Http404
    return call


def start(request: HttpRequest, call: Call | None, draft: Draft | None) -> dict[str, Any]:
    """What the form begins with: what was typed before, unless another call has come since."""
    begun = {
        "token": secrets.token_urlsafe(24), "language": "zh-hans", "channel": Channel.PHONE, "answered_at_once": True,
        "received_at": timezone.localtime(call.rang_at if call else timezone.now()),
        "phone": call.number if call else request.GET.get("number", "")[:40], "call": call.pk if call else None,
    }  # fmt: skip
    if found := calls.caller(str(begun["phone"]), user=request.user):
        begun["name"] = found.name
    if draft is None or (call and str(draft.values.get("call", "")) not in {"", str(call.pk)}):
        return begun
    kept = {name: value for name, value in draft.values.items() if name in KEPT and value}
    return begun | {"answered_at_once": False} | kept | ({"call": call.pk} if call else {})


def registered_now(
    request: HttpRequest, form: HotlineForm, uploads: list[Any], call: Call | None
) -> HttpResponse | None:
    """Register it, note it at its call, and forget the draft: all of it or nothing."""
    user, at = request.user, timezone.now()
    fields = {name: value for name, value in form.cleaned_data.items() if name != "call"}
    if earlier := sent_again(request, fields, uploads):
        services_calls.drop_draft(name=DRAFT, by=user)
        return redirect("feedback:registered", token=earlier)
    key = web.key_of(fields)

    @transaction.atomic
    def take() -> None:
        data = desk.take(fields, uploads=uploads, key=key, by=user, at=at)
        if call:
            services_calls.join(call, Ticket.objects.get(number=data["number"]), number=fields["phone"])
        services_calls.drop_draft(name=DRAFT, by=user)

    return answered(request, form, key, take)


@never_cache
@require_POST
@takers
def knowledge(request: HttpRequest) -> HttpResponse:
    """What the agent can answer at once: to the words typed here, else to what the caller says. Internal ones too."""
    typed = clean(request.POST.get("ask", "")[:200]).strip() or clean(request.POST.get("content", "")[: answers.READ])
    language = request.POST.get("language") or request.LANGUAGE_CODE
    found = answers.find_while_typing(typed, inside=True)
    shown = [(one.article, *one.article.in_language(language)) for one in found]
    return render(request, "feedback/_hotline_answers.html", {"answers": shown, "asked": bool(typed.strip())})


@never_cache
@require_POST
@takers
def lookup(request: HttpRequest) -> HttpResponse:
    """Who has the number that is being typed. By POST, so that no log holds it.

    Their name comes into its field, unless the agent typed another there than what came with the number before.
    """
    found = calls.caller(request.POST.get("phone", "")[:40], user=request.user)
    context: dict[str, Any] = {"caller": found}
    name, stands = found.name if found else "", request.POST.get("name", "").strip()
    if name != stands and stands in {"", request.POST.get("filled", "")}:
        field = HotlineForm(initial={"name": name})["name"]
        context["name_field"] = field.as_widget(attrs={"class": "input", "hx-swap-oob": "true"})
    return render(request, "feedback/_caller.html", context)


@never_cache
@require_POST
@takers
def keep(request: HttpRequest) -> HttpResponse:
    """The draft, every few seconds while somebody types; answers with when it was kept."""
    values = {name: clean(request.POST[name])[:LONGEST_DRAFT] for name in KEPT if request.POST.get(name)}
    at = timezone.now()
    services_calls.keep_draft(name=DRAFT, values=values, by=request.user, at=at)
    return render(request, "feedback/_kept.html", {"at": at})


@never_cache
@require_POST
@takers
def discard(request: HttpRequest) -> HttpResponse:
    services_calls.drop_draft(name=DRAFT, by=request.user)
    return redirect("feedback:hotline")


@never_cache
@require_safe
def ringing(request: HttpRequest) -> HttpResponse:
    """What rings for this agent right now; asked every few seconds from each of the agent's pages. 204: as `seen`."""
    user = request.user
    if not user.is_authenticated or not user.has_role(Role.AGENT, Role.OFFICE):
        return HttpResponse(status=STOP_ASKING if user.is_authenticated else 403)
    found = calls.ringing_for(user, at=timezone.now(), but=request.session.get(PUT_AWAY, ()))
    if request.GET.get("seen", "") == seen(found):
        return HttpResponse(status=204)
    return shown_ringing(request, found)


def seen(found: list[Call]) -> str:
    return "-".join(str(call.pk) for call in found)


def shown_ringing(request: HttpRequest, found: list[Call]) -> HttpResponse:
    names = calls.names_of(found)
    context = {"ringing": [(call, names.get(call.number, "")) for call in found], "seen": seen(found)}
    return render(request, "feedback/_ringing.html", context)


@require_POST
@takers
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Not mine to take: it does not ring on this person's pages any more. Colleagues hear it on."""
    call = known_or_404(request, pk)
    away = silenced(request, call)
    return shown_ringing(request, calls.ringing_for(request.user, at=timezone.now(), but=away))


def silenced(request: HttpRequest, call: Call) -> list[int]:
    """The calls put away in this session, this one too; the last few, as none rings for long."""
    away = [*request.session.get(PUT_AWAY, ()), call.pk][-MOST_AWAY:]
    request.session[PUT_AWAY] = away
    return away


@never_cache
@require_safe
@takers
def call_state(request: HttpRequest, pk: int) -> HttpResponse:
    """How the call in hand stands, asked every few seconds while it lasts: the telephone system answers and ends it."""
    call = known_or_404(request, pk)
    return render(request, "feedback/_call.html", {"call": call, "swapped": call.ended_at is not None})


@require_POST
@takers
def begin(request: HttpRequest) -> HttpResponse:
    """The start button: of a call that rings (`call`), or of one that no telephone system tells of."""
    user, at = request.user, timezone.now()
    call = known(request.POST.get("call", ""), user)
    if call:
        services_calls.take(call, by=user, at=at)
        silenced(request, call)
    else:
        call = services_calls.begin(number=request.POST.get("phone", "")[:40], by=user, at=at)
    return redirect(f"{request.path.rpartition('calls/')[0]}?call={call.pk}")


@require_POST
@takers
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Hanging up by hand: of one's own call."""
    call = get_object_or_404(Call, pk=pk, agent=request.user)
    services_calls.end(call, at=timezone.now())
    return redirect(f"{request.path.rpartition('calls/')[0]}?call={call.pk}")


@require_POST
@takers
def called_back(request: HttpRequest, pk: int) -> HttpResponse:
    call = get_object_or_404(Call, pk=pk, state=Call.State.MISSED)
    reached = request.POST.get("outcome") == "reached"
    services_calls.tried(call, reached=reached, by=request.user, at=timezone.now())
    messages.success(
        request, _("Noted: reached.") if reached else _("Noted: nobody reached. The call stays on the list.")
    )
    return redirect("feedback:hotline")


@require_POST
@takers
def sit_at(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            services_calls.sit_at(number=form.cleaned_data["number"], by=request.user)
        except services_calls.LineTaken as taken:
            messages.error(request, str(taken))
        else:
            messages.success(request, _("Saved."))
    return redirect("feedback:hotline")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE)
def script(request: HttpRequest, nature: str) -> HttpResponse:
    """What agents ask and say; the office writes it, in both languages."""
    if nature not in Nature.values:
        raise Http404
    row = Script.objects.filter(nature=nature).first() or Script(nature=nature)
    form = ScriptForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("feedback:hotline")
    given = next(one for one in calls.scripts() if one["nature"] == nature) if nature in calls.ASKED else None
    context = {"form": form, "label": Nature(nature).label, "given": given}
    return render(request, "feedback/script.html", context, status=422 if form.errors else 200)

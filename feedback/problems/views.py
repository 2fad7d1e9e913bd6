"""Common problems: proposals, the problem's page, its special study (A3.1 C5.2)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import role_required
from accounts.models import full_name_in
from accounts.roles import Role
from common import charts
from common.text import whole_number
from feedback.problems import services as services_problems
from feedback.problems.forms import StudyForm, TitleForm
from feedback.problems.models import Suggestion
from feedback.problems.services import ProblemRefused
from knowledge.models import Problem, Study
from tickets.models import Ticket

State = Problem.State
readers = role_required(Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER)
deciders = role_required(Role.OFFICE)
LISTED = 100
SHOWN = 100
WEEKS = 8


@require_safe
@readers
def problems(request: HttpRequest) -> HttpResponse:
    """Proposals first, then what is open, with how many cases each has and had lately; then what is solved. Three queries."""
    lately = timezone.now() - timedelta(days=7)
    fields = {
        "cases": Count("tickets", distinct=True),
        "fresh": Count("tickets", filter=Q(tickets__received_at__gt=lately), distinct=True),
        "waiting": Count("suggestions", filter=Q(suggestions__declined=False), distinct=True),
        "studied": Count("studies", filter=Q(studies__closed_at=None), distinct=True),
    }
    rows = Problem.objects.annotate(**fields)
    context = {
        "proposed": list(rows.filter(state=State.PROPOSED).order_by("-waiting", "-pk")[:LISTED]),
        "open": list(rows.filter(state=State.OPEN).order_by("-fresh", "-cases", "-pk")[:LISTED]),
        "solved": list(rows.filter(state=State.SOLVED)[:LISTED]),
        "may": request.user.has_role(Role.OFFICE),
    }
    return render(request, "feedback/problems.html", context)


@require_safe
@readers
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Problem.objects.select_related("joined_into"), pk=pk)
    return shown(request, row)


def shown(request: HttpRequest, row: Problem, status: int = 200, **more: Any) -> HttpResponse:
    """The page; cases and suggestions as far as the reader may see them, counts of all."""
    visible = Ticket.objects.visible_to(request.user)
    every = services_problems.cases(row)
    mine = list(visible.filter(problem=row).for_rows().order_by("-received_at", "-pk")[:SHOWN])
    suggested = Suggestion.objects.filter(problem=row, declined=False, ticket__in=visible).select_related("ticket")
    study = row.studies.filter(closed_at=None).select_related("owner").first()
    others = Problem.objects.filter(state__in=[State.OPEN, State.PROPOSED, State.SOLVED]).exclude(pk=row.pk)
    context = {
        "problem": row,
        "cases": mine,
        "total": row.tickets.count(),
        "suggested": list(suggested[:SHOWN]),
        "weeks": weekly(every.values_list("received_at", flat=True)),
        "places": places(every),
        "study": study,
        "closed_studies": list(row.studies.exclude(closed_at=None).select_related("owner", "closed_by")),
        "form": TitleForm(initial={"title": row.title, "summary": row.summary}),
        "study_form": StudyForm(instance=study),
        "others": others.order_by("-pk")[:LISTED],
        "may": request.user.has_role(Role.OFFICE),
        "is_living": row.state in {State.PROPOSED, State.OPEN},
    }
    return render(request, "feedback/problem.html", context | more, status=status)


def weekly(moments: Any) -> Any:
    """A bar a week for the last `WEEKS`; None without any case."""
    counted = Counter(monday(timezone.localtime(moment).date()) for moment in moments)
    if not counted:
        return None
    first = monday(timezone.localdate()) - timedelta(weeks=WEEKS - 1)
    weeks = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return charts.bar_chart(
        _("Cases a week"), [(f"{week:%m-%d}", counted[week]) for week in weeks], width=320, first=_("Week from")
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def places(tickets: Any) -> list[dict[str, Any]]:
    named = (
        tickets.exclude(region=None)
        .order_by()
        .values("region", "region__full_name", "region__name_en")
        .annotate(n=Count("pk"))
    )
    found = named.order_by("-n", "region__full_name")[:5]
    language = get_language() or ""
    return [
        {
            "n": row["n"],
            "name": full_name_in(language, row["region"], row["region__full_name"], own=row["region__name_en"]),
        }
        for row in found
    ]


Decision = Callable[[HttpRequest, Problem, dict[str, Any]], Problem]


def picked(request: HttpRequest) -> list[Ticket]:
    """The ticked tickets among those the user sees."""
    ids = {whole_number(value) for value in request.POST.getlist("pick")[:500]} - {None}
    return list(Ticket.objects.visible_to(request.user).filter(pk__in=ids))


def _confirm(request: HttpRequest, row: Problem, given: dict[str, Any]) -> Problem:
    ids = [ticket.pk for ticket in picked(request)]
    return services_problems.confirm(row, title=request.POST.get("title", "").strip()[:200], suggested=ids, **given)


def _split(request: HttpRequest, row: Problem, given: dict[str, Any]) -> Problem:
    title = request.POST.get("title", "").strip()
    if not title:
        raise ProblemRefused(_("Give the new problem a title."))
    return services_problems.split(row, picked(request), title=title, **given)


def _join(request: HttpRequest, row: Problem, given: dict[str, Any]) -> Problem:
    other = Problem.objects.filter(pk=whole_number(request.POST.get("other", ""))).first()
    if other is None:
        raise ProblemRefused(_("Choose another problem."))
    return services_problems.join(row, other, **given)


def _study(request: HttpRequest, row: Problem, given: dict[str, Any]) -> Problem:
    services_problems.open_study(row, **given)
    return row


DECISIONS: dict[str, Decision] = {
    "confirm": _confirm,
    "split": _split,
    "join": _join,
    "study": _study,
    "take_out": lambda request, row, given: services_problems.take_out(row, picked(request), **given),
    "dismiss": lambda request, row, given: services_problems.dismiss(row, **given),
    "solve": lambda request, row, given: services_problems.solve(row, **given),
    "again": lambda request, row, given: services_problems.solve(row, again=True, **given),
}


@require_POST
@deciders
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Problem, pk=pk)
    decision = DECISIONS.get(request.POST.get("action", ""))
    if decision is None:
        raise Http404
    try:
        after = decision(request, row, {"by": request.user, "at": timezone.now()})
    except ProblemRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("feedback:problem", row.pk)
    messages.success(
        request, _("Done: %(title)s, %(state)s") % {"title": after.title, "state": after.get_state_display()}
    )
    return redirect("feedback:problems" if after.state == State.DISMISSED else after)


@require_POST
@deciders
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Title and summary."""
    row = get_object_or_404(Problem, pk=pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return shown(request, row, 422, form=form)
    row.title, row.summary = form.cleaned_data["title"], form.cleaned_data["summary"]
    row.save(update_fields=["title", "summary"])
    messages.success(request, _("Saved."))
    return redirect(row)


@require_POST
@deciders
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """Who studies it, to what end, by when, and what came of it; with `close` it ends."""
    row = get_object_or_404(Study.objects.select_related("problem"), pk=pk, closed_at=None)
    form = StudyForm(request.POST, instance=row)
    if "close" in request.POST and form.is_valid() and not form.cleaned_data["findings"].strip():
        form.add_error("findings", _("Say what was found before the study is closed."))
    if not form.is_valid():
        return shown(request, row.problem, 422, study_form=form)
    kept = form.save(commit=False)
    if "close" in request.POST:
        kept.closed_at, kept.closed_by = timezone.now(), request.user
    kept.save(update_fields=["owner", "goal", "due_on", "findings", "closed_at", "closed_by"])
    messages.success(request, _("Saved."))
    return redirect(row.problem)


@require_POST
@deciders
def found(request: HttpRequest) -> HttpResponse:
    """A problem made by hand of ticked tickets, as the page of similar cases offers it."""
    rows, title = picked(request), request.POST.get("title", "").strip()
    if not rows or not title:
        messages.error(request, _("Give the new problem a title, and tick its tickets."))
        return redirect("feedback:problems")
    row = services_problems.found(title, rows, by=request.user, at=timezone.now())
    return redirect(row)

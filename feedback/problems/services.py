"""Common problems 共性问题: proposed from likeness, confirmed by people, told when they grow, studied when hard (A3.1 C5.2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import duty
from accounts.models import User
from accounts.roles import Role
from feedback.problems.models import Suggestion, Watermark
from feedback.text.similar import Similar, group_of
from knowledge import similarity
from knowledge.models import Problem, Study
from notices import services as notices
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Rating, Status

State = Problem.State
ENOUGH = 3
"""So many cases of one trouble make a proposal."""
AT_ONCE = 20
"""So many tickets are looked at in one go, for two seconds or so: what else waits for a worker is not held up."""
LOOKING_BACK = timedelta(days=30)
"""Tickets received longer ago are history that was brought in: they start no proposal."""
STUDY_DAYS = 90
STUDY_CASES = 5
STUDY_HARD = 2
"""A special study is opened when of so many cases in so many days so many were hard."""
HARD = Q(round__gt=1) | Q(level__gte=2) | Q(rating=Rating.DISSATISFIED)


class ProblemRefused(Exception):
    """The message says why, for the user."""


# --- proposals ------------------------------------------------------------------------------------
def find(at: datetime, *, most: int = AT_ONCE) -> int:
    """Look at tickets that nobody has looked at yet, in the order they came; returns how many. Safe to run twice and
    beside itself: the mark is locked. Some 0.1 s a ticket."""
    with transaction.atomic():
        mark, _new = Watermark.objects.get_or_create(name="problems")
        mark = Watermark.objects.select_for_update().get(pk=mark.pk)
        fresh = Ticket.objects.filter(pk__gt=mark.last, received_at__gte=at - LOOKING_BACK).counted().order_by("pk")
        rows = list(fresh[:most])
        touched = [place(ticket, at=at) for ticket in rows if ticket.problem_id is None]
        look_after(dict.fromkeys(problem for problem in touched if problem), at=at)
        if rows:
            mark.last = rows[-1].pk
            mark.save(update_fields=["last"])
    return len(rows)


def place(ticket: Ticket, *, at: datetime) -> Problem | None:
    """Suggest the ticket for the problem that those like it belong to, or propose a problem when they are enough.

    Only those that are like it themselves count, not what is like them in turn: a person looks at each one. Returns the
    problem, if there is one.
    """
    if Suggestion.objects.filter(ticket=ticket, declined=False).exists():
        return None
    mates = [mate for mate in group_of(ticket) if mate.percent >= 100 * similarity.ALIKE]
    if not mates:
        return None
    problem = _problem_of(ticket, mates)
    if problem:
        mean = round(sum(mate.percent for mate in mates) / len(mates))
        Suggestion.objects.create(problem=problem, ticket=ticket, percent=mean, at=at)
    elif len(free := _free(mates)) + 1 >= ENOUGH:
        problem = Problem.objects.create(title=_title([ticket, *free]), state=State.PROPOSED, created_at=at)
        percents = {mate.ticket.pk: mate.percent for mate in mates}
        Suggestion.objects.bulk_create(
            Suggestion(problem=problem, ticket=one, percent=percents.get(one.pk, 100), at=at) for one in [ticket, *free]
        )
    return problem


def _problem_of(ticket: Ticket, mates: Sequence[Similar]) -> Problem | None:
    """The living problem to which the most alike of them belong; none of those that this ticket was declined for."""
    declined = set(Suggestion.objects.filter(ticket=ticket).values_list("problem", flat=True))
    suggested = dict(
        Suggestion.objects.filter(ticket__in=[mate.ticket.pk for mate in mates], declined=False).values_list(
            "ticket", "problem"
        )
    )
    points: dict[int, int] = defaultdict(int)
    for mate in mates:
        known = mate.ticket.problem_id or suggested.get(mate.ticket.pk)
        if known and known not in declined:
            points[known] += mate.percent
    living = {row.pk: row for row in Problem.objects.filter(pk__in=points, state__in=[State.PROPOSED, State.OPEN])}
    best = max(living, key=lambda pk: (points[pk], -pk), default=None)
    return living[best] if best else None


def _free(mates: Sequence[Similar]) -> list[Ticket]:
    """Those that belong to nothing yet."""
    taken = set(
        Suggestion.objects.filter(ticket__in=[mate.ticket.pk for mate in mates], declined=False).values_list(
            "ticket", flat=True
        )
    )
    return [mate.ticket for mate in mates if mate.ticket.problem_id is None and mate.ticket.pk not in taken]


def _title(rows: Sequence[Ticket]) -> str:
    """The shortest title among them that says something; a person words it when confirming."""
    titles = sorted((similarity.split_title(row.subject or row.content)[0] for row in rows), key=len)
    return next((title for title in titles if len(title) >= 6), titles[-1])[:200]


# --- growth and studies ---------------------------------------------------------------------------
def cases(problem: Problem) -> Any:
    """Its tickets, and those that are suggested for it; void ones apart."""
    suggested = Suggestion.objects.filter(problem=problem, declined=False).values("ticket")
    return Ticket.objects.counted().filter(Q(problem=problem) | Q(problem=None, pk__in=suggested))


def look_after(problems: Iterable[Problem], *, at: datetime) -> None:
    """Tell colleagues which grow, each once in the days of growth, all in one notice; open a study of what is frequent
    and hard."""
    grown: list[dict[str, Any]] = []
    for problem in problems:
        if lately := growth(problem, at=at):
            problem.alerted_at = at
            problem.save(update_fields=["alerted_at"])
            grown.append({"title": problem.title, "problem": problem.pk, "cases": lately})
        studied = problem.state != State.OPEN or problem.studies.filter(closed_at=None).exists()
        if not studied and is_hard(problem, at=at):
            open_study(problem, by=None, at=at)
    days = settings.PROBLEM_GROWTH_DAYS
    if len(grown) == 1:
        tell("problem_grows", f"{grown[0]['problem']}", at=at, days=days, **grown[0])
    elif grown:
        grown.sort(key=lambda told: -told["cases"])
        tell("problems_grow", "-".join(str(told["problem"]) for told in grown[:3]), at=at, days=days, problems=grown)


def growth(problem: Problem, *, at: datetime) -> int:
    """How many cases came in lately, when they are enough to be told and were not told of in these days; else 0."""
    window = timedelta(days=settings.PROBLEM_GROWTH_DAYS)
    if problem.alerted_at and problem.alerted_at > at - window:
        return 0
    lately = cases(problem).filter(received_at__gt=at - window, received_at__lte=at).count()
    return lately if lately >= settings.PROBLEM_GROWTH else 0


def is_hard(problem: Problem, *, at: datetime) -> bool:
    """Frequent, and several of its cases went into a second round, up to the office or ended dissatisfied (C5.2)."""
    lately = problem.tickets.counted().filter(received_at__gt=at - timedelta(days=STUDY_DAYS))
    closed = problem.studies.exclude(closed_at=None).order_by("-closed_at").first()
    if closed:
        lately = lately.filter(received_at__gt=closed.closed_at)  # what was studied is not studied again
    return bool(lately.count() >= STUDY_CASES and lately.filter(HARD).count() >= STUDY_HARD)


def tell(kind: str, cause: str, *, at: datetime, **context: Any) -> None:
    """The office and the agents on duty, once for a cause at a moment."""
    people = list(User.objects.active().with_role(Role.OFFICE, Role.AGENT).filter(is_absent=False).order_by("pk"))
    rows = []
    for person in duty.on_duty_of(people, at):
        rows += notices.to_user(
            person, kind, key=f"{kind}:{cause}:{at:%Y%m%d%H%M}", at=at, context=context,
            by_mail=person.has_role(Role.OFFICE),
        )  # fmt: skip
    notices.add(rows)


@transaction.atomic
def open_study(problem: Problem, *, by: User | None, at: datetime, **fields: Any) -> Study:
    """ProblemRefused when one is open. By the system when `by` is nobody."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    if problem.studies.filter(closed_at=None).exists():
        raise ProblemRefused(_("A special study of this problem is open already."))
    reason = Study.Reason.DECIDED if by else Study.Reason.FREQUENT
    study = Study.objects.create(problem=problem, reason=reason, opened_at=at, opened_by=by, **fields)
    tell("study_opened", str(problem.pk), at=at, title=problem.title, problem=problem.pk)
    return study


# --- what people decide ---------------------------------------------------------------------------
def locked(problem: Problem, *states: str) -> Problem:
    fresh = Problem.objects.select_for_update().get(pk=problem.pk)
    if fresh.state not in states:
        raise ProblemRefused(_("This problem is “%(state)s” now.") % {"state": fresh.get_state_display()})
    return fresh


@transaction.atomic
def confirm(
    problem: Problem, *, by: User, at: datetime, title: str = "", suggested: Iterable[int] | None = None
) -> Problem:
    """It is one: the suggested tickets (all, or those with these ids) belong to it from now on; the others are declined."""
    problem = locked(problem, State.PROPOSED, State.OPEN)
    rows = Suggestion.objects.filter(problem=problem, declined=False).select_related("ticket")
    wanted = None if suggested is None else set(suggested)
    taken = [row.ticket for row in rows if wanted is None or row.ticket_id in wanted]
    if problem.state == State.PROPOSED and not taken:
        raise ProblemRefused(_("Tick at least one ticket, or dismiss the proposal."))
    Suggestion.objects.filter(problem=problem).exclude(ticket__in=taken).update(declined=True)
    Suggestion.objects.filter(problem=problem, ticket__in=taken).delete()
    problem.state, problem.title = State.OPEN, title or problem.title
    problem.save(update_fields=["state", "title"])
    tickets.group(taken, problem=problem, by=by, at=at)
    look_after([problem], at=at)
    return problem


@transaction.atomic
def add(problem: Problem, rows: Sequence[Ticket], *, by: User, at: datetime) -> Problem:
    """Put tickets to it by hand."""
    problem = locked(problem, State.OPEN, State.SOLVED)
    Suggestion.objects.filter(ticket__in=rows, declined=False).delete()
    tickets.group(rows, problem=problem, by=by, at=at)
    look_after([problem], at=at)
    return problem


@transaction.atomic
def found(title: str, rows: Sequence[Ticket], *, by: User, at: datetime) -> Problem:
    """A problem that a person sees without being told."""
    problem = Problem.objects.create(title=title[:200], state=State.OPEN, created_at=at)
    return add(problem, rows, by=by, at=at)


@transaction.atomic
def take_out(problem: Problem, rows: Sequence[Ticket], *, by: User, at: datetime) -> Problem:
    """These are not cases of it, and are not suggested for it again."""
    problem = locked(problem, State.OPEN, State.SOLVED)
    mine = [row for row in rows if row.problem_id == problem.pk]
    tickets.group(mine, problem=None, by=by, at=at)
    Suggestion.objects.bulk_create(
        [Suggestion(problem=problem, ticket=row, percent=0, at=at, declined=True) for row in mine],
        ignore_conflicts=True,
    )
    return problem


@transaction.atomic
def split(problem: Problem, rows: Sequence[Ticket], *, title: str, by: User, at: datetime) -> Problem:
    """Some of its cases are another problem. ProblemRefused when none or all of them are to go."""
    problem = locked(problem, State.OPEN)
    mine = [row for row in rows if row.problem_id == problem.pk]
    if not mine or len(mine) == problem.tickets.count():
        raise ProblemRefused(_("Tick some of the tickets, but not all of them."))
    other = Problem.objects.create(title=title[:200], state=State.OPEN, created_at=at)
    tickets.group(mine, problem=other, by=by, at=at)
    return other


@transaction.atomic
def join(problem: Problem, other: Problem, *, by: User, at: datetime) -> Problem:
    """Both are one: the cases and suggestions of `other` go to `problem`, `other` is dismissed and says where it went."""
    if problem.pk == other.pk:
        raise ProblemRefused(_("Choose another problem."))
    first, second = sorted((problem.pk, other.pk))
    rows = {row.pk: row for row in Problem.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk")}
    problem, other = rows[problem.pk], rows[other.pk]
    if problem.state != State.OPEN or other.state not in {State.OPEN, State.PROPOSED, State.SOLVED}:
        raise ProblemRefused(_("Only problems that are open can be joined."))
    tickets.group(other.tickets.exclude(status=Status.VOID), problem=problem, by=by, at=at)
    known = Suggestion.objects.filter(problem=problem).values("ticket")
    Suggestion.objects.filter(problem=other, declined=False).exclude(ticket__in=known).update(problem=problem)
    Suggestion.objects.filter(problem=other).delete()
    other.studies.filter(closed_at=None).update(closed_at=at, closed_by=by)
    other.state, other.joined_into = State.DISMISSED, problem
    other.save(update_fields=["state", "joined_into"])
    return problem


@transaction.atomic
def dismiss(problem: Problem, *, by: User, at: datetime) -> Problem:
    """No common problem: its cases are individual again, and are not proposed together again."""
    problem = locked(problem, State.PROPOSED, State.OPEN)
    tickets.group(problem.tickets.all(), problem=None, by=by, at=at)
    problem.state = State.DISMISSED
    problem.save(update_fields=["state"])
    return problem


@transaction.atomic
def solve(problem: Problem, *, by: User, at: datetime, again: bool = False) -> Problem:
    """The cause is gone, or, with `again`, it is back. New cases do not join a solved problem: they are a new proposal."""
    problem = locked(problem, State.SOLVED if again else State.OPEN)
    problem.state = State.OPEN if again else State.SOLVED
    problem.save(update_fields=["state"])
    return problem

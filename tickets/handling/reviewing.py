"""Which gates a result passes, who may decide one, and what still stands in the way (B3.4). Rules are data."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from common.remembered import remembered
from common.wording import listed
from tickets.models import Assignment, Handling, Review, ReviewRule, Ticket
from tickets.moves import ActionNotAllowed
from tickets.workflow import Gate, Nature, Status


def rule_of(ticket: Ticket, rules: list[ReviewRule] | None = None) -> ReviewRule | None:
    """The rule of its nature and tier, else that of its nature; None where the company has none. A query at most."""
    if rules is None:
        rules = remembered("review rules", (ReviewRule,), lambda: list(ReviewRule.objects.all()))
    found = [rule for rule in rules if rule.nature == ticket.nature and rule.tier in ("", ticket.tier)]
    return max(found, key=lambda rule: rule.tier) if found else None


def had_it(ticket: OuterRef | Ticket, round_: OuterRef | int) -> QuerySet[Assignment]:
    """The parts of those who accepted the case in a round: who passed it on before the report handled it too. No query."""
    lead = Assignment.objects.filter(ticket=ticket, round=round_, role=Assignment.Role.LEAD)
    return lead.exclude(accepted_at=None).exclude(owner=None).order_by()


def may_relieve(ticket: Ticket, by: User | None) -> bool:
    """Whether somebody may take from a case what it owes: the office; where somebody has accepted it in this round, the head of
    its department, unless they have it or had it; before that whoever sorts it. Assigned anew it is still accepted: nobody
    gives it away and takes it back for that. Two queries at most."""
    if by is None or by.has_role(Role.OFFICE):
        return True
    had = set(had_it(ticket, ticket.round).values_list("owner", flat=True))
    if not had and ticket.status in {Status.NEW, Status.ASSIGNED}:
        return True
    return by.pk not in had | {ticket.owner_id} and heads(by, ticket.department)


def open_reviews(ticket: Ticket) -> list[Review]:
    """The gate at which the last report stands, and the one after it, where there are such; `rejected` tells how often the
    round was, `substitute` who of this report decided in the head's place, `had` who had the case. One query."""
    waiting = ticket.reviews.filter(round=ticket.round, decision="").order_by("-report", "position")
    rejected = Q(ticket__reviews__round=ticket.round, ticket__reviews__decision=Review.Decision.REJECTED)
    stood_in = Q(
        ticket__reviews__round=ticket.round, ticket__reviews__report=F("report"), ticket__reviews__stood_in=True
    )
    counted = waiting.annotate(
        rejected=Count("ticket__reviews", filter=rejected),
        substitute=Max("ticket__reviews__decided_by", filter=stood_in),
        had=ArraySubquery(had_it(OuterRef("ticket"), OuterRef("round")).values("owner")),
    )
    return list(counted.select_related("reported_by")[:2])


def open_review(ticket: Ticket) -> Review | None:
    """The gate at which the last report stands. One query."""
    return next(iter(open_reviews(ticket)), None)


def why_not(ticket: Ticket, review: Review, user: User) -> str:
    """Why the user may not decide this gate, in words; empty when they may.

    Never who owns the case, had it in this round, or reported it. Where a head handled it, or there is none, the office decides in the
    head's place; where the office handled it, leadership. Who decided in the head's place leaves the office's own gate to a
    colleague, if there is one. No query but for that.
    """
    handled = handled_by(ticket, review)
    if user.pk in handled:
        return _("Who handled a case does not review its result.")
    leads = user.has_role(Role.LEADER)
    office_handled = ticket.department is not None and ticket.department.is_office
    may_for_office = user.has_role(Role.OFFICE) or (leads and office_handled)
    if review.gate == Gate.HEAD:
        may = heads(user, ticket.department) or (head_is_away(ticket, review) and may_for_office)
    elif review.gate == Gate.OFFICE:
        may = may_for_office
        if may and user.pk == review.substitute and has_colleague(user, handled):  # type: ignore[attr-defined]
            return _("You decided in the head’s place; a colleague of the office decides now.")
    else:
        may = leads
    return "" if may else waits_for(ticket, review)


def handled_by(ticket: Ticket, review: Review) -> set[int | None]:
    """Keys of those who handled the round, of a review that `open_reviews` found."""
    return {ticket.owner_id, review.reported_by_id, *review.had}  # type: ignore[attr-defined]


def head_is_away(ticket: Ticket, review: Review) -> bool:
    """The department has no head, or its head handled the case: then the office decides in the head's place."""
    head = ticket.department.head_id if ticket.department else None
    return head is None or head in handled_by(ticket, review)


def has_colleague(user: User, handled: set[int | None]) -> bool:
    office = User.objects.active().with_role(Role.OFFICE).filter(is_absent=False)
    return office.exclude(pk__in={user.pk, *handled} - {None}).exists()


def waits_for(ticket: Ticket, review: Review) -> str:
    """By whom the result is reviewed next, in words."""
    gate = {"gate": Gate(review.gate).label}
    if review.gate != Gate.HEAD or not head_is_away(ticket, review):
        return _("The result waits for the review by: %(gate)s.") % gate
    if ticket.department is not None and ticket.department.is_office:
        return _(
            "The office handled the case itself: a colleague or leadership reviews the result in the head’s place."
        )
    if ticket.department is None or ticket.department.head_id is None:
        return _("The department has no head: the feedback office reviews the result in the head’s place.")
    return _("The head handled the case: the feedback office reviews the result in the head’s place.")


def heads(user: User, department: Department | None) -> bool:
    if department is None:
        return False
    if department.head_id == user.pk:
        return True
    return user.has_role(Role.HEAD) and str(user.department_id) in department.path.split("/")


def waiting_for(user: User) -> QuerySet[Review]:
    """Results at a gate that this person's role passes, in their own department for a head, or in the place of one; for the
    desk, which shows them with their limits. `why_not` has the last word on the ticket's page. No query of its own.
    """
    head = "ticket__department__head"
    away = Q(**{head: None}) | Q(**{head: F("ticket__owner")}) | Q(**{head: F("reported_by")})
    away |= Exists(had_it(OuterRef("ticket"), OuterRef("round")).filter(owner=OuterRef(head)))
    of_office = Q(gate=Gate.OFFICE) | (Q(gate=Gate.HEAD) & away)
    gates = of_office if user.has_role(Role.OFFICE) else Q(pk__in=[])
    if user.has_role(Role.LEADER):
        gates |= ~Q(gate__in=[Gate.HEAD, Gate.OFFICE]) | (of_office & Q(ticket__department__is_office=True))
    headed = Q(ticket__department__head=user)
    if user.has_role(Role.HEAD) and user.department_id:
        headed |= Q(ticket__department__path__contains=f"/{user.department_id}/")
    gates |= Q(gate=Gate.HEAD) & headed
    before = Review.objects.filter(
        ticket=OuterRef("ticket"), round=OuterRef("round"), report=OuterRef("report"), decision="",
        position__lt=OuterRef("position"),
    )  # fmt: skip
    open_ones = Review.objects.filter(gates, decision="", ticket__status=Status.IN_REVIEW, round=F("ticket__round"))
    mine = Exists(had_it(OuterRef("ticket"), OuterRef("round")).filter(owner=user))
    return open_ones.exclude(Exists(before)).exclude(Q(ticket__owner=user) | Q(reported_by=user) | mine)


def open_gates(
    ticket: Ticket, gates: Iterable[str], *, report: int, reported_by: User | None, at: datetime, first: int = 0
) -> list[Review]:
    """The gates of one report, in their order from position `first` on. One query."""
    rule = rule_of(ticket)
    return Review.objects.bulk_create(
        Review(
            ticket=ticket,
            round=ticket.round,
            report=report,
            position=position,
            gate=gate,
            call_back=bool(rule and rule.call_back and gate == Gate.OFFICE),
            reported_by=reported_by,
            opened_at=at,
        )
        for position, gate in enumerate(gates, start=first)
    )


def further_gate(ticket: Ticket, review: Review, at: datetime) -> Review | None:
    """The gate after the last one of a report, where the case was classed anew meanwhile and its rule asks for more now (L1:
    leadership). A query where the rule has more gates than the report, two where one is missing."""
    rule = rule_of(ticket)
    if rule is None or len(rule.gates) <= review.position + 1:
        return None
    had = set(ticket.reviews.filter(round=ticket.round, report=review.report).values_list("gate", flat=True))
    missing = [gate for gate in Gate if gate in rule.gates and gate not in had]
    who_when = {"report": review.report, "reported_by": review.reported_by, "at": at}
    return next(iter(open_gates(ticket, missing, first=review.position + 1, **who_when)), None)


def lapse(ticket: Ticket, at: datetime) -> None:
    """The case leaves the review: gates at which its report still stands are passed by nobody any more. One query where
    it is in review, else none."""
    if ticket.status == Status.IN_REVIEW:
        undecided = ticket.reviews.filter(round=ticket.round, decision="")
        undecided.update(decision=Review.Decision.LAPSED, decided_at=at)


def sheets_of_round(ticket: Ticket) -> Any:
    """The sheet of the round, where there is one, with `passed`: the gates that its last report went through."""
    approved = Review.objects.filter(
        ticket=OuterRef("ticket"),
        round=OuterRef("round"),
        report=OuterRef("reports"),
        decision=Review.Decision.APPROVED,
    )
    sheets = Handling.objects.filter(ticket=ticket, round=ticket.round).order_by("pk")
    return sheets.annotate(passed=ArraySubquery(approved.order_by().values("gate")))


def refuse_unreviewed(ticket: Ticket) -> None:
    """A5.2 B3.4: what a rule asks for comes before the answer that resolves. One query without a rule, else two."""
    rule = rule_of(ticket)
    if rule is None:
        return
    sheet = sheets_of_round(ticket).first()
    if ticket.nature == Nature.SUGGESTION and not (sheet and sheet.verdict):
        raise ActionNotAllowed(_("Assess the suggestion first: adopt, adopt later or decline, with the reason."))
    if not rule.gates:
        return
    passed = sheet.passed if sheet and sheet.reports else []
    if missing := [str(gate.label) for gate in Gate if gate in rule.gates and gate not in passed]:
        raise ActionNotAllowed(
            _("The result has to be reported and reviewed before the case is resolved. Still missing: %(gates)s.")
            % {"gates": listed(missing)}
        )

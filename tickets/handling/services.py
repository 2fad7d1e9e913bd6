"""What is done about a case: investigate, plan, agree, assess, report (A4.3 B3.2 D3.1). One sheet a round."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.remembered import looked_at_once
from tickets.attachments import evidence
from tickets.handling import reviewing
from tickets.handling.services_improvements import open_improvement
from tickets.models import Attachment, Cause, Handling, Ticket
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.parts.services import refuse_open_parts
from tickets.search import index as search
from tickets.workflow import Gate, Nature, Remedy, Status, Verdict, is_worked_up


def sheet_of(ticket: Ticket) -> Handling:
    """The sheet of this round; a new one is not stored yet. `had` names who accepted the case in it. One query."""
    had = reviewing.had_it(ticket, ticket.round).values("owner__username")
    found = Handling.objects.filter(ticket=ticket, round=ticket.round).annotate(had=ArraySubquery(had)).first()
    return found or Handling(ticket=ticket, round=ticket.round)


@transaction.atomic
def investigate(
    ticket: Ticket,
    *,
    facts: str,
    by: User,
    at: datetime,
    cause: Cause | None = None,
    true_need: str = "",
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """What happened, why, and what the customer really needs; evidence as internal files."""
    ticket = begin(ticket, "investigate", version=version)
    sheet = sheet_of(ticket)
    sheet.facts, sheet.cause, sheet.true_need = facts, cause, true_need
    sheet.investigated_by, sheet.investigated_at = by, at
    sheet.save()
    data = {"facts": facts, "cause": cause.code if cause else None, "true_need": true_need, "files": len(attachments)}
    evidence.keep(finish(ticket, "investigate", by=by, at=at, data=data), attachments)
    search.add([(ticket.pk, search.INTERNAL, f"{facts}\n{true_need}", "")])
    return ticket


@transaction.atomic
def plan(
    ticket: Ticket,
    *,
    measures: str,
    by: User,
    at: datetime,
    goal: str = "",
    limit: datetime | None = None,
    remedy: str = "",
    amount: Decimal | None = None,
    version: int | None = None,
) -> Ticket:
    """What will be done until when. Another plan has to be agreed with the customer again."""
    ticket = begin(ticket, "plan", version=version)
    if amount is not None and (amount < 0 or not remedy):
        raise ActionNotAllowed(_("An amount belongs to a remedy and is not negative."))
    sheet = sheet_of(ticket)
    sheet.measures, sheet.goal, sheet.limit = measures, goal, limit
    sheet.remedy, sheet.amount = Remedy(remedy) if remedy else "", amount
    sheet.planned_by, sheet.planned_at = by, at
    sheet.agreed, sheet.agreement, sheet.agreed_at = None, "", None
    sheet.save()
    data: dict[str, Any] = {"measures": measures, "goal": goal, "limit": limit.isoformat() if limit else None}
    data |= {"remedy": remedy, "amount": str(amount) if amount is not None else None}
    finish(ticket, "plan", by=by, at=at, data=data)
    search.add([(ticket.pk, search.INTERNAL, f"{measures}\n{goal}", "")])
    return ticket


@transaction.atomic
def agree(
    ticket: Ticket,
    *,
    agreed: bool,
    text: str,
    by: User,
    at: datetime,
    progress_days: int | None = None,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """D3.1: what the customer said to the plan, yes or no; it is on record either way.

    `progress_days` is how often the customer wants to hear how it goes (A5.1); a limit of its own holds it. Of an inquiry or
    a suggestion, which need no plan, that alone is agreed.
    """
    ticket = begin(ticket, "agree", version=version)
    sheet = sheet_of(ticket)
    planned = bool(sheet.measures)
    if not planned and (is_worked_up(ticket.nature, ticket.tier) or not progress_days):
        raise ActionNotAllowed(_("There is no plan yet that the customer could agree to."))
    if planned:
        sheet.agreed, sheet.agreement, sheet.agreed_at = agreed, text, at
        sheet.save(update_fields=["agreed", "agreement", "agreed_at"])
    data: dict[str, Any] = {"agreed": agreed, "text": text, "plan": planned}
    data |= {"progress_days": progress_days} if progress_days else {}
    evidence.keep(finish(ticket, "agree", by=by, at=at, data=data), attachments)
    return ticket


@transaction.atomic
def assess(
    ticket: Ticket,
    *,
    verdict: str,
    reason: str,
    by: User,
    at: datetime,
    improvement: str = "",
    owner: User | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Ticket:
    """A4.3: adopt a suggestion, adopt it later, or decline it; the reason is told to the customer in the reply.

    An adopted one opens an action, `improvement`, which `owner` (else who assesses) carries out until `due_on`; one that is
    adopted later may. The customer is told when it is done.
    """
    ticket = begin(ticket, "assess", version=version)
    if ticket.nature != Nature.SUGGESTION:
        raise ActionNotAllowed(_("Only a suggestion is assessed."))
    sheet = sheet_of(ticket)
    sheet.verdict, sheet.verdict_reason = Verdict(verdict), reason
    sheet.assessed_by, sheet.assessed_at = by, at
    sheet.save()
    data: dict[str, Any] = {"verdict": verdict, "reason": reason}
    if verdict == Verdict.ADOPT or improvement or due_on:
        if verdict == Verdict.DECLINE:
            raise ActionNotAllowed(_("A declined suggestion opens no improvement."))
        if not (improvement and due_on):
            raise ActionNotAllowed(_("An improvement says what is done and until when."))
        row = open_improvement(ticket, text=improvement, owner=owner or by, due_on=due_on, at=at)
        data |= {"improvement": row.text, "owner": row.owner.username, "due_on": due_on.isoformat()}
    finish(ticket, "assess", by=by, at=at, data=data)
    return ticket


@transaction.atomic
@looked_at_once()
def report(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    at: datetime,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """B3.4: what came of it. Opens the gates that the rule asks for; without gates the answer may follow at once."""
    ticket = begin(ticket, "report", version=version)
    refuse_open_parts(ticket)
    rule = reviewing.rule_of(ticket)
    sheet = sheet_of(ticket)
    handled = getattr(sheet, "had", [])
    if rule and ticket.nature == Nature.COMPLAINT and not (sheet.facts and sheet.measures):
        raise ActionNotAllowed(_("A complaint is investigated and planned before its result is reported."))
    sheet.result, sheet.reported_by, sheet.reported_at = text, by, at
    sheet.reports += 1
    sheet.save()
    gates = [gate for gate in Gate if rule and gate in rule.gates]
    reviewing.open_gates(ticket, gates, report=sheet.reports, reported_by=by, at=at)
    ticket.status = Status.IN_REVIEW if gates else Status.IN_PROGRESS
    data = {"text": text, "report": sheet.reports, "gates": gates, "next": gates[0] if gates else None}
    data |= {"handled": handled}
    event = finish(ticket, "report", by=by, at=at, data=data | {"passed": not gates}, fields=("status",))
    evidence.keep(event, attachments)
    search.add([(ticket.pk, search.INTERNAL, text, "")])
    return ticket

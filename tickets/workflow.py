"""Every state and every move of a ticket, in one table (`docs/workflow.md` is drawn from it). Pure.

A move names the states it may start from and the state it leads to (`None` = stays). Who may make it is in
`tickets/access.py`; what it does is the function of the same name in `tickets/services*.py`.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("To be assigned")
    ASSIGNED = "assigned", _("To be accepted")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting for the customer")
    IN_REVIEW = "in_review", _("In review")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Archived")
    VOID = "void", _("Void")


class PublicStatus(models.TextChoices):
    """What the customer sees (C2.1)."""

    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("We need your answer")
    RESOLVED = "resolved", _("Solved")  # another word than colleagues use, 已解决 and 已办结
    CLOSED = "closed", _("Closed")


PUBLIC = {
    Status.NEW: PublicStatus.RECEIVED,
    Status.ASSIGNED: PublicStatus.RECEIVED,
    Status.IN_PROGRESS: PublicStatus.IN_PROGRESS,
    Status.WAITING: PublicStatus.WAITING,
    Status.IN_REVIEW: PublicStatus.IN_PROGRESS,
    Status.RESOLVED: PublicStatus.RESOLVED,
    Status.CLOSED: PublicStatus.RESOLVED,
    Status.VOID: PublicStatus.CLOSED,
}


class Nature(models.TextChoices):
    """A3.1."""

    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")
    INQUIRY = "inquiry", _("Inquiry")


class Tier(models.TextChoices):
    """C3.3."""

    L1 = "L1", _("L1 major")
    L2 = "L2", _("L2 complaint")
    L3 = "L3", _("L3 suggestion")


class Level(models.IntegerChoices):
    """Who answers for a ticket: each new round, and each missed limit, goes one level up."""

    OWNER = 0, _("owner")
    HEAD = 1, _("department head")
    OFFICE = 2, _("feedback office")
    LEADERSHIP = 3, _("leadership")


DEFAULT_TIER = {
    Nature.COMPLAINT: Tier.L2,
    Nature.SUGGESTION: Tier.L3,
    Nature.INQUIRY: Tier.L3,
}

UNANSWERED = frozenset({Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING, Status.IN_REVIEW})
AT_WORK = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING})
ANSWERED = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True)
class Move:
    """`sometimes` are states that it leads to in some cases only; `data` names what its event holds."""

    verb: str
    label: str | Promise
    sources: frozenset[Status]
    target: Status | None = None
    sometimes: tuple[Status, ...] = ()
    data: str = ""


def _move(
    verb: str,
    label: str | Promise,
    sources: frozenset[Status] | set[Status],
    target: Status | None = None,
    *,
    sometimes: tuple[Status, ...] = (),
    data: str = "",
) -> Move:
    return Move(verb, label, frozenset(sources), target, sometimes, data)


UNDER_WAY = frozenset({Status.IN_PROGRESS, Status.WAITING})
ACCEPTED = UNDER_WAY | {Status.IN_REVIEW}
EXTENDABLE = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.IN_REVIEW})

MOVES = {
    move.verb: move
    for move in (
        _move("register", _("Register"), set(), Status.NEW, data="answered_at_once"),
        _move("classify", _("Classify"), UNANSWERED, data="changes"),
        _move(
            "assign", _("Assign"), UNANSWERED - {Status.IN_REVIEW}, Status.ASSIGNED,
            data="department owner from reason automatic",
        ),
        _move("accept", _("Accept"), {Status.ASSIGNED}, Status.IN_PROGRESS, data="owner by_answering"),
        _move("return_to_dispatch", _("Return"), {Status.ASSIGNED}, Status.NEW, data="reason text count department"),
        _move("transfer", _("Hand over"), UNDER_WAY, data="department owner from from_owner reason"),
        _move("accept_transfer", _("Take over"), UNDER_WAY, data="department owner from from_owner"),
        _move("decline_transfer", _("Decline to take over"), UNDER_WAY, data="department reason"),
        _move("co_assign", _("Ask another department"), AT_WORK, data="assignment department owner task limit"),
        _move("co_done", _("Part is done"), AT_WORK, data="assignment department text"),
        _move("co_waive", _("Do without the part"), AT_WORK, data="assignment department reason"),
        _move("investigate", _("Investigate"), UNDER_WAY, data="facts cause true_need"),
        _move("plan", _("Plan"), UNDER_WAY, data="measures goal limit remedy amount"),
        _move("agree", _("Agree with the customer"), UNDER_WAY, data="agreed text plan progress_days"),
        _move("assess", _("Assess the suggestion"), UNDER_WAY, data="verdict reason improvement owner due_on"),
        _move(
            "improvement_done", _("The improvement is done"), frozenset(Status) - {Status.VOID},
            data="text improvement owner due_on",
        ),
        _move(
            "improvement_dropped", _("Drop the improvement"), frozenset(Status) - {Status.VOID},
            data="text improvement owner due_on",
        ),
        _move("form_group", _("Form the special group"), UNANSWERED, data="leader members report_every"),
        _move("log_work", _("Write into the group’s log"), UNANSWERED | ANSWERED, data="text"),
        _move("report_situation", _("Report to leadership"), UNANSWERED, data="text report_every"),
        _move("conclude_group", _("Special report"), ANSWERED, data="text lessons"),
        _move(
            "report", _("Report the result"), UNDER_WAY, sometimes=(Status.IN_REVIEW,),
            data="text report gates next passed handled",
        ),
        _move(
            "approve", _("Approve"), {Status.IN_REVIEW}, sometimes=(Status.IN_PROGRESS,),
            data="gate next passed text called stood_in",
        ),
        _move("reject", _("Reject"), {Status.IN_REVIEW}, Status.IN_PROGRESS, data="gate reason text count stood_in"),
        _move("note", _("Note"), frozenset(Status)),
        _move(
            "reply", _("Reply"), UNANSWERED | {Status.RESOLVED}, sometimes=(Status.IN_PROGRESS,),
            data="via automatic first",
        ),
        _move("request_information", _("Ask the customer"), AT_WORK | {Status.NEW}, Status.WAITING, data="via first"),
        _move("wait_over", _("The wait is over"), {Status.WAITING}, Status.IN_PROGRESS),
        _move(
            "customer_message", _("Message from the customer"), UNANSWERED | {Status.RESOLVED},
            sometimes=(Status.IN_PROGRESS, Status.ASSIGNED), data="via machine new_content",
        ),
        _move(
            "rate", _("Rating by the customer"), {Status.RESOLVED, Status.CLOSED}, sometimes=(Status.ASSIGNED,),
            data="rating stars comment",
        ),
        _move("promise", _("Promise an answer"), UNANSWERED - {Status.IN_REVIEW}, data="answer_by via first"),
        _move("extend", _("Ask for more time"), EXTENDABLE, data="new_due due_before reason"),
        _move("decide_extension", _("Decide on more time"), EXTENDABLE, data="granted text asked_by new_due due_before reason"),
        _move("remind", _("Remind"), UNANSWERED, data="text"),
        _move("escalate", _("Escalate"), UNANSWERED, data="reason text level"),
        _move("resolve", _("Resolve"), UNDER_WAY, Status.RESOLVED),
        _move("close", _("Archive"), {Status.RESOLVED}, Status.CLOSED, data="reason"),
        _move(
            "reopen", _("Reopen"), ANSWERED, Status.ASSIGNED,
            data="reason level department owner last_handler handlers",
        ),
        _move("merge", _("Merge"), UNANSWERED, Status.VOID, data="into reason status department"),
        _move("unmerge", _("Undo the merge"), {Status.VOID}, sometimes=(Status.NEW, Status.ASSIGNED), data="from reason"),
        _move("link", _("Link a case"), frozenset(Status) - {Status.VOID}, data="number reason"),
        _move("split", _("Split"), UNANSWERED | {Status.RESOLVED}, data="number subject"),
        _move(
            "change_first_contact", _("Change the first contact"), UNANSWERED | {Status.RESOLVED},
            data="person from reason",
        ),
        _move(
            "correct_customer", _("Correct the customer"), UNANSWERED | {Status.RESOLVED},
            data="reason code_ended known withheld",
        ),
        _move("void", _("Declare void"), UNANSWERED, Status.VOID, data="reason text"),
        _move("restore", _("Restore"), {Status.VOID}, Status.NEW, data="reason"),
    )
}  # fmt: skip


class VoidReason(models.TextChoices):
    DUPLICATE = "duplicate", _("Duplicate")
    SPAM = "spam", _("Spam")
    WITHDRAWN = "withdrawn", _("Withdrawn by the customer")
    OUT_OF_SCOPE = "out_of_scope", _("Not for this company")


class ReturnReason(models.TextChoices):
    NOT_OURS = "not_ours", _("Not our duty")
    INCOMPLETE = "incomplete", _("Information is missing")
    DUPLICATE = "duplicate", _("Duplicate")
    OTHER = "other", _("Other")


class Remedy(models.TextChoices):
    """A4.3: what a complaint can end with."""

    EXCHANGE = "exchange", _("Return or exchange")
    REPAIR = "repair", _("Repair")
    COMPENSATION = "compensation", _("Compensation")
    SERVICE = "service", _("Better service")
    APOLOGY = "apology", _("Apology")


class Verdict(models.TextChoices):
    """A4.3: what becomes of a suggestion."""

    ADOPT = "adopt", _("Adopt")
    LATER = "later", _("Adopt later")
    DECLINE = "decline", _("Decline")


class Gate(models.TextChoices):
    """B3.4: who reviews a result, in this order."""

    HEAD = "head", _("Department head")
    OFFICE = "office", _("Feedback office")
    LEADERSHIP = "leadership", _("Leadership")


class RejectReason(models.TextChoices):
    FACTS = "facts", _("The facts are not cleared up")
    NOT_SOLVED = "not_solved", _("The matter is not solved")
    NOT_AGREED = "not_agreed", _("Not agreed with the customer")
    EVIDENCE = "evidence", _("Evidence is missing")
    OTHER = "other", _("Other")


class Rating(models.TextChoices):
    """C5.1. Stars and letters are read by `rating_of_stars`."""

    SATISFIED = "satisfied", _("Satisfied")
    NEUTRAL = "neutral", _("Neutral")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


def rating_of_stars(stars: int) -> Rating:
    """4-5 stars are satisfied, 3 neutral, 1-2 dissatisfied (`kpis.md`). ValueError outside 1 to 5."""
    if not 1 <= stars <= 5:
        raise ValueError(f"stars are 1 to 5, not {stars}")
    return Rating.SATISFIED if stars >= 4 else Rating.NEUTRAL if stars == 3 else Rating.DISSATISFIED


def is_worked_up(nature: str, tier: str) -> bool:
    """Complaints and major cases are investigated and planned; the others are when their rule has gates."""
    return nature == Nature.COMPLAINT or tier == Tier.L1


def is_lighter(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether a case classed anew, nature and tier, is owed less than before: more time, or no review of its result."""
    complained = before[0] == Nature.COMPLAINT != after[0]
    return complained or after[1] > before[1]


def allows(verb: str, status: str) -> bool:
    """Whether a ticket in `status` can make the move; KeyError for a verb that is not in the table."""
    return status in MOVES[verb].sources


def level_above(level: int) -> Level:
    return Level(min(level + 1, Level.LEADERSHIP))

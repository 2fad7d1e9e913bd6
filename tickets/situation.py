"""What stands open in a case beside its state: parts that are owed, an offer to take over. Read once for a page."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import get_language

from accounts.models import Department, User
from accounts.roles import Role
from common.remembered import remembered
from notices.models import SmsTemplate
from tickets.handling import reviewing, rounds
from tickets.models import (
    Assignment,
    CannedReply,
    Category,
    Cause,
    Handling,
    Improvement,
    Message,
    Review,
    ReviewRule,
    RoutingRule,
    SpecialGroup,
    Ticket,
    TicketEvent,
    Transfer,
)
from tickets.more_time.extensions import open_request
from tickets.workflow import UNANSWERED, UNDER_WAY, Nature, Status, Tier, is_worked_up

STEPS = ("investigate", "plan", "agree", "assess", "report")


KNOWN = (Department, Category, Cause, ReviewRule, RoutingRule, CannedReply, SmsTemplate)


@dataclass(frozen=True)
class Settings:
    """Small tables that every page of a ticket reads; shared, so nobody may change them."""

    departments: dict[str, Department]
    categories: dict[str, Category]
    causes: dict[str, Cause]
    rules: list[ReviewRule]
    routing: dict[str, RoutingRule]
    canned: list[CannedReply]
    sms: dict[str, SmsTemplate]
    spoken: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def named(self) -> dict[str, dict[str, str]]:
        """By kind, what each code is called in the reader's language; made once a language, of rows that stay as they are."""
        language = get_language() or ""
        if language not in self.spoken:
            kinds = {
                "departments": self.departments,
                "categories": self.categories,
                "causes": self.causes,
                "rules": self.routing,
            }
            self.spoken[language] = {
                kind: {code: str(row) for code, row in rows.items()} for kind, rows in kinds.items()
            }
        return self.spoken[language]


def settings_known() -> Settings:
    """One short query unless one of the tables has changed."""
    return remembered("ticket settings", KNOWN, read_settings)


def read_settings() -> Settings:
    return Settings(
        {row.code: row for row in Department.objects.all()},
        {row.code: row for row in Category.objects.all()},
        {row.code: row for row in Cause.objects.all()},
        list(ReviewRule.objects.all()),
        {row.code: row for row in RoutingRule.objects.all()},
        list(CannedReply.objects.filter(is_active=True)),
        {row.kind: row for row in SmsTemplate.objects.all()},
    )


@dataclass
class Situation:
    """`kinds` are the events of this round where they are known; they tell what need not be asked for."""

    ticket: Ticket
    kinds: frozenset[str] | None = None

    def had(self, *kinds: str) -> bool:
        return self.kinds is None or not self.kinds.isdisjoint(kinds)

    @property
    def worked_up(self) -> bool:
        return is_worked_up(self.ticket.nature, self.ticket.tier)

    @cached_property
    def customer_said(self) -> list[Message]:
        """What the customer wrote after the first words, newest first; no query where the round has none."""
        if not self.had("customer_message"):
            return []
        return list(self.ticket.messages.filter(direction=Message.Direction.IN).order_by("-at", "-pk")[:50])

    @cached_property
    def parts(self) -> list[Assignment]:
        """The departments' parts that are open, and what co-departments have done in this round; the lead first."""
        rows = self.ticket.assignments.filter(round__lte=self.ticket.round).select_related("department__head", "owner")
        shown = [
            row
            for row in rows
            if row.ended_at is None or (row.role == row.Role.CO and row.result and row.round == self.ticket.round)
        ]
        return sorted(shown, key=lambda row: row.role != row.Role.LEAD)

    @property
    def owed(self) -> list[Assignment]:
        return [row for row in self.parts if row.role == row.Role.CO and row.ended_at is None]

    @cached_property
    def offer(self) -> Transfer | None:
        if self.ticket.status not in UNDER_WAY or not self.had("transfer"):
            return None
        return self.ticket.transfers.filter(decided_at=None).select_related("department", "owner").first()

    @cached_property
    def sheet(self) -> Handling | None:
        """What was found, planned and reported in this round."""
        if not self.had(*STEPS):
            return None
        return reviewing.sheets_of_round(self.ticket).select_related("cause").first()

    @cached_property
    def group(self) -> SpecialGroup | None:
        if self.ticket.tier != Tier.L1:
            return None
        return SpecialGroup.objects.filter(ticket=self.ticket).select_related("leader").first()

    @cached_property
    def group_members(self) -> list[User]:
        return list(self.group.members.select_related("department").order_by("pk")) if self.group else []

    @cached_property
    def improvement(self) -> Improvement | None:
        """What the suggestion set in motion: the action under way, else the last one."""
        if self.ticket.nature != Nature.SUGGESTION:
            return None
        return self.ticket.improvements.select_related("owner").order_by("-opened_at", "-pk").first()

    @cached_property
    def review(self) -> Review | None:
        return reviewing.open_review(self.ticket) if self.ticket.status == Status.IN_REVIEW else None

    @cached_property
    def rule(self) -> ReviewRule | None:
        return reviewing.rule_of(self.ticket, settings_known().rules)

    @cached_property
    def barred(self) -> frozenset[str]:
        """Who handled the round before, by user name."""
        return rounds.last_handlers(self.ticket)

    @property
    def passed(self) -> bool:
        """The last report went through all the gates that the rule asks for now."""
        sheet = self.sheet
        if sheet is None or not sheet.reports or self.ticket.status not in UNDER_WAY:
            return False
        return not self.rule or set(self.rule.gates) <= set(sheet.passed)

    @property
    def planned(self) -> bool:
        return self.sheet is not None and bool(self.sheet.measures)

    @property
    def sent_back(self) -> bool:
        sheet = self.sheet
        return sheet is not None and sheet.rejections == sheet.reports > 0

    @cached_property
    def request(self) -> TicketEvent | None:
        """The request for more time that waits for a decision."""
        return open_request(self.ticket) if self.had("extend") else None

    def allows(self, verb: str, user: User) -> bool:
        """Whether what stands open lets this user make the move; the state and the role are checked elsewhere."""
        if verb in {"accept", "return_to_dispatch"}:
            return user.username not in self.barred
        if verb in {"unmerge", "restore"}:
            return (self.ticket.merged_into_id is not None) == (verb == "unmerge")
        if verb in {"improvement_done", "improvement_dropped"}:
            return self.improvement is not None and self.improvement.state == Improvement.State.OPEN
        if verb == "form_group":
            return self.ticket.tier == Tier.L1
        if verb in {"log_work", "report_situation", "conclude_group"}:
            return self.group is not None and (user.has_role(Role.OFFICE) or user in self.group_members)
        if self.ticket.status not in UNANSWERED:
            return True
        if verb in {"approve", "reject"}:
            return self.review is not None and not reviewing.why_not(self.ticket, self.review, user)
        if verb in {"investigate", "plan"}:
            return self.worked_up
        if verb == "agree":
            return self.planned or not self.worked_up
        if verb == "report":
            return self.worked_up or bool(self.rule and self.rule.gates)
        if verb == "assess":
            return self.ticket.nature == Nature.SUGGESTION
        if verb == "co_done":
            return any(row.department_id == user.department_id for row in self.owed)
        if verb == "co_waive":
            return bool(self.owed)
        if verb in {"accept_transfer", "decline_transfer"}:
            return self.offer is not None and may_decide(self.offer, user)
        if verb == "promise":
            return self.ticket.nature == Nature.INQUIRY
        if verb == "extend":
            return self.request is None
        if verb == "decide_extension":
            return self.request is not None and user.pk not in {self.request.actor_id, self.ticket.owner_id}
        if verb == "transfer":
            return self.offer is None
        return True


def may_decide(offer: Transfer, user: User) -> bool:
    """An offer is decided by the person it names, by the department when it names none, or by the department's head."""
    if user.pk in {offer.owner_id, offer.department.head_id}:
        return True
    return offer.owner_id is None and user.department_id == offer.department_id

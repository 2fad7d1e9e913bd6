"""案卷: everything on record of one case, gathered to be read as one document (D6, B3.4, E8.7). About 18 queries.

Only reads. What a reader may not see stays out: personal data unless `full`, accountability and complaints about the
handling by their own rules of visibility.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from feedback.models import Appeal
from notices.models import Notice
from reports import effect
from reports.effect import Effect
from sla.models import RIGHTS, Accountability, Clock, Extension, SupervisionNotice
from surveys.models import FollowUp
from tickets import people_shown, wording
from tickets.forms import Offer
from tickets.groups.models import Improvement, SpecialGroup
from tickets.joining import former
from tickets.models import (
    ArchiveRecord,
    Assignment,
    Attachment,
    Handling,
    LegalHold,
    Link,
    Message,
    Review,
    Ticket,
    TicketEvent,
)

MOST = 1000
"""Events, and messages, of a document: more than any case has that people wrote; that there is more is told."""
PAPERS = {
    "case-file": _("Case file"),
    "cover": _("Archive cover sheet"),
    "rectification": _("Rectification feedback form"),
    "customer-sheet": _("Customer information feedback sheet"),
}


TOLD = {
    "received": _("Receipt acknowledged"),
    "replied": _("Answer"),
    "question": _("Question"),
    "resolved": _("Resolved"),
    "reopened": _("Handled again"),
    "void": _("Not handled further"),
    "promised": _("Time of an answer promised"),
    "extended": _("More time taken"),
    "improved": _("What came of the suggestion"),
    "follow_up": _("Asked for a rating"),
    "lost_code": _("One-time code for the tracking page"),
    "appeal_answered": _("Answer to the complaint about the handling"),
}
"""What the system wrote to a customer, by the kind of notice."""


@dataclass
class Round:
    """What happened between the beginning of a round and its end."""

    number: int
    story: list[dict[str, Any]] = field(default_factory=list)
    sheet: Handling | None = None
    reviews: list[Review] = field(default_factory=list)
    parts: list[Assignment] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    reply: Message | None = None
    effect: Effect | None = None

    def opinion(self, gate: str) -> Review | None:
        """The last decision of a gate."""
        decided = [row for row in self.reviews if row.gate == gate and row.decided_at]
        return decided[-1] if decided else None

    @property
    def worked(self) -> list[Assignment]:
        """The departments that worked on it, without those that returned it or lost it before anybody accepted."""
        return [part for part in self.parts if part.end_reason != "returned" and not passed_on(part)]

    @property
    def head(self) -> Review | None:
        return self.opinion("head")

    @property
    def office(self) -> Review | None:
        return self.opinion("office")

    @property
    def answered(self) -> FollowUp | None:
        return next((row for row in self.follow_ups if row.answered_at), None)


def passed_on(part: Assignment) -> bool:
    return part.end_reason == "reassigned" and part.role == part.Role.LEAD and part.accepted_at is None


@dataclass
class CaseFile:
    ticket: Ticket
    at: datetime
    by: User
    customer: dict[str, Any] | None
    record: ArchiveRecord | None
    holds: list[LegalHold]
    rounds: list[Round]
    messages: list[dict[str, Any]]
    told: list[Notice]
    clocks: list[Clock]
    extensions: list[Extension]
    notices: list[SupervisionNotice]
    accountability: list[Accountability]
    appeals: list[Appeal]
    files: list[Attachment]
    related: list[Ticket]
    group: SpecialGroup | None
    improvements: list[Improvement]
    events: int
    left_out: int
    reads_all: bool  # of what people were called to account for

    @property
    def subject_is_content(self) -> bool:
        """Whether the subject only repeats how the content begins."""
        return self.ticket.content.startswith(self.ticket.subject.removesuffix("…"))

    @property
    def told_of(self) -> list[tuple[Notice, Any]]:
        return [(row, TOLD.get(row.kind, row.kind)) for row in self.told]

    @property
    def missed(self) -> int:
        return sum(clock.state == Clock.State.MISSED and clock.metric not in RIGHTS for clock in self.clocks)

    @property
    def reviews(self) -> list[Review]:
        return [row for one in self.rounds for row in one.reviews]

    @property
    def follow_ups(self) -> list[FollowUp]:
        return [row for one in self.rounds for row in one.follow_ups]

    @property
    def last(self) -> Round:
        return self.rounds[-1]


def gather(ticket: Ticket, user: User, at: datetime, *, full: bool) -> CaseFile:
    """The case as `user` may read it. Personal data is masked unless `full`."""
    customer = people_shown.shown(ticket.customer, full=full)
    appeals = list(Appeal.objects.visible_to(user).filter(ticket=ticket).select_related("answered_by"))
    events = list(ticket.events.select_related("actor").in_order()[: MOST + 1])
    said = list(
        Message.objects.filter(ticket=ticket).select_related("author", "event").order_by("at", "pk")[: MOST + 1]
    )
    files = list(ticket.attachments.select_related("uploaded_by"))
    inside, name = former.withheld(events), (customer or {}).get("name", "")
    rounds = rounds_of(ticket, events[:MOST], said[:MOST], files)
    back = ticket.pk in effect.came_back([ticket.pk])
    for one in rounds:
        rating = one.answered.rating if one.answered else ""
        one.effect = effect.judged(ticket, round_=one.number, rating=rating, came_back=back)
    record = ArchiveRecord.objects.filter(ticket=ticket).select_related("archive_class").first()
    return CaseFile(
        ticket=ticket,
        at=at,
        by=user,
        customer=customer,
        record=record,
        holds=list(ticket.holds.select_related("set_by", "lifted_by")),
        rounds=rounds,
        messages=[spoken(one, _("Former customer") if one.pk in inside else name) for one in said[:MOST]],
        told=sent_to_customer(ticket, of_appeals=bool(appeals)),
        clocks=list(
            Clock.objects.filter(ticket=ticket)
            .exclude(state=Clock.State.VOID)
            .select_related("answerable", "assignment__department")
            .order_by("round", "started_at", "pk")
        ),
        extensions=list(
            Extension.objects.filter(clock__ticket=ticket).select_related("clock", "asked_by", "decided_by")
        ),
        notices=list(SupervisionNotice.objects.filter(ticket=ticket).select_related("clock", "department", "person")),
        accountability=list(
            Accountability.objects.visible_to(user)
            .filter(ticket=ticket)
            .select_related("clock", "person", "department", "decided_by", "reviewed_by")
            .order_by("opened_at", "pk")
        ),
        appeals=appeals,
        files=files,
        related=related_to(ticket, user),
        group=SpecialGroup.objects.filter(ticket=ticket).select_related("leader", "concluded_by").first(),
        improvements=list(Improvement.objects.filter(ticket=ticket).select_related("owner")),
        events=len(events[:MOST]),
        left_out=max(0, len(events) - MOST) + max(0, len(said) - MOST),
        reads_all=user.has_role(Role.OFFICE, Role.AUDITOR, Role.LEADER),
    )


def rounds_of(
    ticket: Ticket, events: Sequence[TicketEvent], said: Sequence[Message], files: Sequence[Attachment]
) -> list[Round]:
    """Every round from the first, each with its own story, sheet, reviews, parts and follow-ups."""
    found = {number: Round(number) for number in range(1, ticket.round + 1)}
    names = Offer().names()
    for event in events:
        line = {"at": event.at, "actor": wording.actor(event), "text": wording.sentence(event, names)}
        line |= {"kind": event.kind, "files": [row.name for row in files if row.event_id == event.pk]}
        found[event.round].story.append(line)
    for sheet in Handling.objects.filter(ticket=ticket).select_related(
        "cause", "investigated_by", "planned_by", "assessed_by", "reported_by"
    ):
        found[sheet.round].sheet = sheet
    for review in ticket.reviews.select_related("decided_by", "reported_by"):
        found[review.round].reviews.append(review)
    for part in ticket.assignments.select_related("department", "owner", "assigned_by"):
        found[part.round].parts.append(part)
    for follow_up in ticket.follow_ups.select_related("asked_by").order_by("round"):
        found[follow_up.round].follow_ups.append(follow_up)
    for message in said:
        if message.direction == Message.Direction.OUT and message.author_id and message.event:
            found[message.event.round].reply = message  # the last one of each round stays
    return list(found.values())


def spoken(message: Message, customer: str) -> dict[str, Any]:
    """A message with who said it; `customer` is the name as the reader may see it."""
    if message.direction == Message.Direction.IN and message.author_id is None:
        who: Any = customer or _("Customer")
    else:
        who = message.author or _("The system")
    return {"message": message, "who": who}


def sent_to_customer(ticket: Ticket, *, of_appeals: bool) -> list[Notice]:
    """What the system sent to whoever gave the feedback, oldest first; of appeals only where the reader reads them."""
    rows = Notice.objects.filter(topic=ticket.number, user=None).exclude(channel=Notice.Channel.IN_APP)
    rows = rows if of_appeals else rows.exclude(kind="appeal_answered")
    return list(
        rows.only("kind", "channel", "state", "created_at", "sent_at", "returned_at").order_by("created_at", "pk")[
            :MOST
        ]
    )


def related_to(ticket: Ticket, user: User) -> list[Ticket]:
    """Linked, merged and split cases, as far as the reader sees them."""
    ids = {ticket.parent_id, ticket.merged_into_id} - {None}
    for first, second in (
        Link.objects.filter(ticket=ticket)
        .values_list("ticket", "other")
        .union(Link.objects.filter(other=ticket).values_list("ticket", "other"))
    ):
        ids |= {first, second}
    seen = Ticket.objects.visible_to(user)
    rows = seen.filter(pk__in=ids - {ticket.pk}) | seen.filter(parent=ticket) | seen.filter(merged_into=ticket)
    return list(rows.only("number", "subject", "status", "merged_into").distinct().order_by("number")[:50])

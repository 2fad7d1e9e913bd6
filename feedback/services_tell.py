"""Who is told what: rows for the outbox, never a message inside a transaction (A5.1 C3.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts import duty
from accounts.models import User
from accounts.roles import Role
from common.text import without_links
from feedback import links
from feedback.models import Mailbox
from feedback.text.judging import Judgement
from notices import floods, services_sms
from notices import services as notices
from notices.models import TO_UNPROVED, Notice
from tickets.channels import SMS, Channel
from tickets.models import Message, Ticket, TicketEvent
from tickets.workflow import Tier

TOLD = {
    "reply": "replied",
    "request_information": "question",
    "resolve": "resolved",
    "reopen": "reopened",
    "void": "void",
    "promise": "promised",
    "decide_extension": "extended",
    "improvement_done": "improved",
    "improvement_dropped": "improved",
}
"""Events of which the customer gets a mail, and its template."""
SPOKEN = {Channel.PHONE, Channel.LETTER, Channel.COUNTER}
"""Replies given there are known to the customer already."""
SHORT = 120
"""Characters of an answer that a short message repeats by itself."""


def colleagues_to_alert(judgement: Judgement, at: datetime) -> list[User]:
    """C3.1 C3.2: the office and the agents on duty for a keyword; leadership too for L1. Two queries, none without alert.

    Where nobody has a shift at `at`, everybody who is not absent.
    """
    major = judgement.tier == Tier.L1
    if not (judgement.alerts or major):
        return []
    roles = [Role.OFFICE, Role.AGENT] + [Role.LEADER] * major
    people = list(User.objects.active().with_role(*roles).filter(is_absent=False).order_by("pk"))
    always = [user for user in people if major and user.has_role(Role.LEADER)]
    return always + duty.on_duty_of([user for user in people if user not in always], at)


def rows_of_arrival(
    ticket: Ticket, judgement: Judgement, colleagues: Sequence[User], *, acknowledged: bool, at: datetime
) -> list[Notice]:
    """The acknowledgement to the customer, unless it would be one too many, and the alerts to colleagues."""
    rows = to_customer(ticket, "received", key=f"received:{ticket.number}", at=at) if acknowledged else []
    major = judgement.tier == Tier.L1
    kind = "major" if major else "alert"
    context = {"subject": ticket.subject, "alerts": list(judgement.alerts), "channel": ticket.channel}
    flooded, of_flood = floods.told_enough(colleagues, kind, at), floods.rest_waits(kind, at)
    of_case = {"kind": kind, "key": f"{kind}:{ticket.number}", "topic": ticket.number or "", "context": context}
    for person in colleagues:
        by_mail = major and person.has_role(Role.LEADER, Role.OFFICE)
        told = of_flood if person.pk in flooded else of_case
        rows += notices.to_user(person, at=at, urgent=major, by_mail=by_mail, **told)
    return rows


def to_customer(ticket: Ticket, kind: str, *, key: str, at: datetime, **context: Any) -> list[Notice]:
    """A mail with a signed link, in the language of the ticket; a short message where only a mobile number is known
    and the operator approved words for that; else nothing.

    The first one goes to an address that nobody has proved to be the sender's: it repeats no word of the sender, so
    that the form cannot be used to write to strangers (S-6).
    """
    if ticket.customer is None:
        return []
    if not ticket.customer.email:
        return by_phone(ticket, kind, key=key, at=at, text=context.get("text", ""))
    said = {"subject": without_links(ticket.subject), "name": without_links(ticket.customer.name)}
    context |= said | {"url": links.signed_tracking_url(ticket)}
    if ticket.channel == Channel.EMAIL:
        context |= last_mail(ticket)
    if kind in TO_UNPROVED:
        context["not_mine"] = links.not_mine_url(ticket)
    if kind == "received" and ticket.expected_by:
        context["expected_by"] = ticket.expected_by.isoformat()
    return notices.to_address(
        ticket.customer.email,
        kind,
        key=key,
        at=at,
        language=ticket.language,
        topic=ticket.number or "",
        context=context,
    )


def by_phone(ticket: Ticket, kind: str, *, key: str, at: datetime, text: str) -> list[Notice]:
    """The short form of what a mail would have told; the rest stands behind the link."""
    phone = ticket.customer.phone if ticket.customer else ""
    if not services_sms.reaches(phone, kind):
        return []
    context = {"url": links.signed_tracking_url(ticket)}
    if kind not in TO_UNPROVED:
        context |= {"subject": ticket.subject, "text": text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"}
    return services_sms.to_phone(
        phone, kind, key=key, at=at, language=ticket.language, topic=ticket.number or "", context=context
    )


def last_mail(ticket: Ticket) -> dict[str, str]:
    """The mail that ours answers, and the mailbox it came to, so that both stand in one thread."""
    rows = ticket.raw_messages.filter(channel=Channel.EMAIL, outcome__in=["", "ticket", "reply"])
    row = rows.order_by("-received_at", "-pk").values("message_id", "source").first()
    if row is None:
        return {}
    address = Mailbox.objects.filter(code=row["source"]).values_list("address", flat=True).first()
    return {"answers": row["message_id"], "mailbox": address or ""}


def customer_of_events(events: Sequence[TicketEvent]) -> None:
    """Tell customers what happened to their cases. Nothing for imported history."""
    rows: list[Notice] = []
    for event in events:
        if event.kind in TOLD and event.data.get("via") == SMS:
            rows += by_sms(event)
        elif event.kind == "correct_customer":
            rows += of_right_customer(event)
        elif event.kind in TOLD and not event.data.get("imported") and worth_telling(event, events):
            rows += to_customer(
                event.ticket,
                TOLD[event.kind],
                key=f"event:{event.pk}",
                at=event.at,
                text=event.said,
                reason=event.data.get("reason", ""),
                dropped=event.kind == "improvement_dropped",
                until=event.data.get("answer_by") or event.data.get("new_due") or "",
            )
    notices.add(rows)


def of_right_customer(event: TicketEvent) -> list[Notice]:
    """What still waits for the former customer is taken back; the right one gets the receipt. One statement."""
    ticket = event.ticket
    waiting = Notice.objects.filter(topic=ticket.number, user=None, state=Notice.State.WAITING)
    waiting.update(state=Notice.State.CANCELLED)
    return [] if event.by_customer else to_customer(ticket, "received", key=f"event:{event.pk}", at=event.at)


def by_sms(event: TicketEvent) -> list[Notice]:
    """A reply or question that a colleague sent as a short message."""
    ticket = event.ticket
    return services_sms.to_phone(
        ticket.customer.phone if ticket.customer else "",
        TOLD[event.kind],
        key=f"event:{event.pk}",
        at=event.at,
        language=ticket.language,
        topic=ticket.number or "",
        context={
            "text": event.said,
            "subject": without_links(ticket.subject),
            "url": links.signed_tracking_url(ticket),
        },
    )


def worth_telling(event: TicketEvent, events: Sequence[TicketEvent] = ()) -> bool:
    """Not what the customer heard by voice, did themselves, or has just been mailed with the last reply."""
    if event.kind == "decide_extension":
        return bool(event.data.get("granted"))
    if event.kind in {"reply", "promise"}:
        return event.data.get("via") not in SPOKEN
    if event.kind == "void":
        return not event.by_customer
    if event.kind == "resolve":
        if any(one.kind == "reply" and one.ticket_id == event.ticket_id and one.at == event.at for one in events):
            return False
        just_said = event.ticket.messages.filter(direction=Message.Direction.OUT, at=event.at)
        return not just_said.exists()
    return True

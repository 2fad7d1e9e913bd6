"""What a mail does: opens a case, goes on with one, is noted, or is left alone (S-6)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from feedback.channels import email
from feedback.mail import caps as mail_caps
from feedback.mail import cases as mail_cases
from feedback.mail import raw_bytes
from feedback.mail import wording as mail_words
from feedback.mail.message import forwarded
from feedback.mail.message.forwarded import Original
from feedback.mail.message.reading import Mail, read
from feedback.models import RawMessage
from notices import services as notices
from notices.models import Notice
from tickets import services as tickets
from tickets.channels import Channel
from tickets.models import Ticket
from tickets.workflow import Status


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: ticket, reply, note, ignored or failed. `ticket` is the case that it belongs to now."""

    kind: str
    ticket: Ticket | None = None
    token_used: bool = False
    reason: str = ""

    @property
    def number(self) -> str:
        return (self.ticket.number or "") if self.ticket else ""


def decide(row: RawMessage, mail: Mail, *, at: datetime, by_hand: bool = False) -> Outcome:
    """Inside a transaction. `by_hand`: a person wants a case of it, whatever it looks like."""
    if mail.report is not None and not by_hand:
        return reported(mail, at=at)
    if mail_cases.is_our_own(mail) and not by_hand:
        return Outcome("ignored", reason="own")
    found = mail_cases.find(mail)
    if mail.machine and not by_hand:
        if found is None:
            return Outcome("ignored", reason=mail.machine)
        words = _("An automatic answer from %(address)s.")
        if mail.machine == "calendar_answer":  # yes or no stands in the subject alone
            words = _("The calendar of %(address)s answers an invitation: %(subject)s")
            mail = replace(mail, files=tuple(one for one in mail.files if not one.name.lower().endswith(".ics")))
        return noted(found, mail, words, at=at, reason=mail.machine)
    if copy := known_copy(row, mail):
        return Outcome("ignored", copy, reason="copy")
    if found and found.participant:
        return heard(row, found, mail, at=at)
    if found and found.token_used:
        words = _(
            "%(address)s wrote with the reference of this case. The customer has another address; nothing was sent there."
        )
        if found.colleague:
            words = _("A mail under the name of our colleague %(address)s. Who really wrote it was not checked.")
        return noted(found, mail, words, at=at, reason="colleague" if found.colleague else "stranger")
    if mail_caps.too_many_from(mail.sender.address, at=at) and not by_hand:
        alarm(mail.sender.address, at=at)
        return Outcome("failed", reason="flood")
    if original := mail_cases.passed_on(mail):
        return of_another(row, mail, original, at=at)
    receipt = email.take(row, mail, at=at, acknowledged=not mail.machine and mail_caps.may_acknowledge(mail, at=at))
    return Outcome("ticket", receipt.ticket)


def of_another(row: RawMessage, mail: Mail, original: Original, *, at: datetime) -> Outcome:
    """A colleague passed on what a customer wrote to them: the customer's case, and the colleague's words beside it.

    Nobody is written to by ourselves: that the customer was found rightly, a person sees first.
    """
    subject = original.subject or forwarded.bare(mail.subject)
    others = tuple(file for file in mail.files if file.media_type != "message/rfc822")  # its words are the case's
    theirs = replace(
        mail, sender=original.sender, subject=subject, text=original.text, reply_text=original.text, files=others
    )
    ticket = email.take(row, theirs, at=at, acknowledged=False).ticket
    head = _(
        "Passed on by our colleague %(colleague)s. Taken as the customer: %(customer)s. Please check; the customer has not been told yet."
    )
    with translation.override(settings.LANGUAGE_CODE):
        customer = f"{original.sender.name} <{original.sender.address}>".strip()
        words = str(head) % {"colleague": mail.sender.address, "customer": customer}
    tickets.note(ticket, text=f"{words}\n\n{original.above}".strip(), by=None, at=at, via=Channel.EMAIL)
    return Outcome("ticket", ticket, reason="passed_on")


def heard(row: RawMessage, found: mail_cases.Found, mail: Mail, *, at: datetime) -> Outcome:
    """The customer goes on. On a case that takes no more it opens a linked one."""
    ticket = found.ticket
    if ticket.status in {Status.CLOSED, Status.VOID}:
        again = mail_caps.may_acknowledge(mail, at=at)
        receipt = email.take(row, mail, at=at, acknowledged=again, parent=ticket)
        return Outcome("ticket", receipt.ticket, found.token_used, reason="archived")
    quiet = not mail_caps.may_reopen(ticket, at=at)
    attachments, left = email.kept(mail.files, at=at)
    tickets.customer_message(
        ticket,
        text=mail.reply_text or email.words(mail),
        at=at,
        via=Channel.EMAIL,
        machine=quiet,
        attachments=attachments,
    )
    email.tell_left(ticket, left, at=at)
    return Outcome("reply", ticket, found.token_used, reason="too_many_reopenings" if quiet else "")


def noted(found: mail_cases.Found, mail: Mail, words: Promise, *, at: datetime, reason: str) -> Outcome:
    """Kept with the case for colleagues only: no limit, no state and no customer hears of it."""
    with translation.override(settings.LANGUAGE_CODE):
        head = str(words) % {"address": mail.sender.address or "?", "subject": mail.subject}
    text = f"{head}\n\n{mail.reply_text or mail.subject}".strip()
    attachments, left = email.kept(mail.files, at=at)
    tickets.note(found.ticket, text=text, by=None, at=at, via=Channel.EMAIL, attachments=attachments)
    email.tell_left(found.ticket, left, at=at)
    return Outcome("note", found.ticket, found.token_used, reason=reason)


def reported(mail: Mail, *, at: datetime) -> Outcome:
    """A delivery report is put to the notice that it answers; a failure is told to who handles the case."""
    report = mail.report
    assert report is not None
    detail = " ".join(filter(None, (report.action, report.status, report.diagnostic))) or mail.text[:300]
    notice = notices.returned(report.original_id, failed=report.failed, detail=detail, at=at)
    ticket = mail_cases.with_number(notice.topic) if notice else None
    if ticket is None or notice is None:
        return Outcome("ignored", reason="report")
    if report.failed:
        undelivered(ticket, notice, detail, at=at)
    return Outcome("note", ticket, token_used=True, reason="report")


def undelivered(ticket: Ticket, notice: Notice, detail: str, *, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        words = str(_("A mail to %(address)s could not be delivered: %(detail)s"))
        told = notice.address or (notice.user.email if notice.user else "")
        said = {"address": told, "detail": mail_words.returned(detail)}
        tickets.note(ticket, text=words % said, by=None, at=at, via=Channel.EMAIL)
    if ticket.owner and not notice.user_id:
        with translation.override(ticket.owner.language):
            context = {"subject": ticket.subject, "detail": mail_words.returned(detail)}
        rows = notices.to_user(
            ticket.owner,
            "mail_returned",
            key=f"returned:{notice.pk}",
            at=at,
            topic=ticket.number or "",
            context=context,
        )
        notices.add(rows)


def known_copy(row: RawMessage, mail: Mail) -> Ticket | None:
    """The case of the same mail under another wrapping, as it comes twice to two mailboxes or by a list."""
    if not mail.message_id:
        return None
    same = RawMessage.objects.filter(
        channel=Channel.EMAIL, message_id=mail.message_id, sender=mail.sender.address[:254]
    )
    known = (
        same.exclude(pk=row.pk)
        .exclude(ticket=None)
        .filter(subject=mail.subject[:200])
        .select_related("ticket")
        .defer("raw")
    )
    for one in known[:3]:  # some programs give every mail the same number: then the words decide
        if read(raw_bytes.of(one.pk)).text == mail.text:
            return one.ticket
    return None


def alarm(sender: str, *, at: datetime) -> None:
    """One word an hour to the office that an address sends more than is taken unread."""
    for person in User.objects.active().with_role(Role.OFFICE, Role.ADMIN):
        key = f"mail_flood:{sender}:{at:%Y%m%d%H}"[:200]
        notices.add(notices.to_user(person, "mail_flood", key=key, at=at, context={"sender": sender}))

"""Short messages out: rows of the same outbox, by approved templates alone (A5.1)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from common import wording
from common.remembered import remembered
from notices import services, sms
from notices.models import Notice
from notices.models_sms import SmsTemplate

Channel, State = Notice.Channel, Notice.State


def to_phone(
    phone: str,
    kind: str,
    *,
    key: str,
    at: datetime,
    language: str = "zh-hans",
    topic: str = "",
    context: dict[str, Any] | None = None,
) -> list[Notice]:
    """The unsaved row that tells a customer by SMS; none when nothing can be sent there."""
    if sms.transport() is None or not sms.reachable(phone):
        return []
    row = Notice(key=key, kind=kind, channel=Channel.SMS, address=phone, language=language, topic=topic)
    row.context, row.created_at, row.not_before = context or {}, at, at
    return [row]


def reaches(phone: str, kind: str) -> bool:
    """Whether something of this kind can be sent there: a way out, a mobile number, words that the operator approved.

    A query only where there is a way out and a mobile number; none within `looked_at_once`.
    """
    return sms.transport() is not None and sms.reachable(phone) and kind in approved_kinds()


def approved_kinds() -> frozenset[str]:
    return remembered("approved short messages", (SmsTemplate,), read_approved)


def read_approved() -> frozenset[str]:
    return frozenset(row.kind for row in SmsTemplate.objects.all() if row.is_approved)


def words(template: SmsTemplate, *, language: str, topic: str, context: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The whole message, with the company's signature 【…】 before it as operators demand, and its variables."""
    with translation.override(language):
        company = wording.company(language if template.text_en else settings.LANGUAGE_CODE)
        text, used = template.words(language, {"company": company, "number": topic, **context})
    return f"【{settings.SMS_SIGNATURE or settings.COMPANY_NAME}】{text}", used


def deliver_due(at: datetime, *, limit: int = 500) -> int:
    """Send what is due, oldest first; safe with many workers. Stops when the gateway cannot be reached."""
    way, sent = sms.transport(), 0
    if way is None:
        return 0
    for _ in range(limit):
        outcome = deliver_next(at, way)
        if outcome is None or outcome is State.WAITING:
            break
        sent += outcome is State.SENT
    return sent


@transaction.atomic
def deliver_next(at: datetime, way: sms.Transport) -> Notice.State | None:
    """Send one. Its new state; None when none is due; WAITING when it must be tried again."""
    due = Notice.objects.due(at, channel=Channel.SMS).select_for_update(skip_locked=True, of=("self",))
    notice = due.first()
    if notice is None:
        return None
    if services.is_one_too_many(notice):
        notice.state = State.CANCELLED
        notice.save(update_fields=["state"])
        return State.CANCELLED
    notice.attempts += 1
    template = SmsTemplate.objects.filter(kind=notice.kind).first()
    if template is None or not template.is_approved:
        services.fail(notice, f"no approved SMS template for {notice.kind}")
    else:
        text, used = words(template, language=notice.language, topic=notice.topic, context=notice.context)
        notice.context = notice.context | {"segments": sms.segments(text)}
        message = sms.Sms(f"notice-{notice.pk}", notice.address, text, template.approval_number, used)
        try:
            notice.message_id = way.send(message)
        except sms.Refused as refusal:
            services.fail(notice, str(refusal))
        except sms.Unreachable as error:
            services.try_again(notice, error, at)
        else:
            notice.state, notice.sent_at, notice.error = State.SENT, at, ""
    notice.save(update_fields=["state", "sent_at", "error", "attempts", "not_before", "message_id", "context"])
    return State(notice.state)

"""Short messages out: rows of the same outbox, by approved templates alone (A5.1)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from common import wording
from common.remembered import remembered
from notices import sms
from notices.models import Notice
from notices.models_sms import SmsTemplate
from notices.services_delivery import deliver, fail, sent, try_again

Channel = Notice.Channel


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
    told = {"key": key, "kind": kind, "address": phone, "language": language, "topic": topic, "context": context or {}}
    return [Notice.begun(channel=Channel.SMS, created_at=at, not_before=at, **told)]


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
    """Send what is due; safe with many workers. Nothing while there is no way out."""
    way = sms.transport()
    return deliver(at, Channel.SMS, lambda notice: send(notice, way, at), limit=limit) if way else 0


def send(notice: Notice, way: sms.Transport, at: datetime) -> bool:
    """One message; whether the gateway takes more. It knows a second copy by our number, and may be asked again."""
    template = SmsTemplate.objects.filter(kind=notice.kind).first()
    if template is None or not template.is_approved:
        fail(notice, f"no approved SMS template for {notice.kind}")
        return True
    text, used = words(template, language=notice.language, topic=notice.topic, context=notice.context)
    notice.context = notice.context | {"segments": sms.segments(text)}
    try:
        notice.message_id = way.send(
            sms.Sms(f"notice-{notice.pk}", notice.address, text, template.approval_number, used)
        )
    except sms.Refused as refusal:
        fail(notice, str(refusal))
    except sms.Unreachable as error:
        try_again(notice, error, at)
        return False
    else:
        sent(notice, at)
    return True

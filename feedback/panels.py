"""Beside the ticket: why it was understood as it was."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User, full_name_in
from feedback.chat.models import ChatLine
from feedback.mail import wording as mail_words
from feedback.models import KeywordRule, PaperItem, WechatContact, WechatMedia, WechatMessage
from feedback.wechat.services import OPEN_FOR
from notices.models import Notice
from tickets import people_shown
from tickets.channels import Channel
from tickets.models import Ticket

MOST_MAILS = 50

FIELDS = {
    "nature": _("Nature"), "category": _("Category"), "tier": _("Tier"), "region": _("Region"), "alert": _("Alert"),
    "review": _("Manual review"), "spam": _("Spam"),
}  # fmt: skip
SOURCES = {
    "stated": _("stated when it came in"), "rule": _("keyword rule"),
    "own_word": _("the sender's own word"), "model": _("model"), "text": _("named in the text"),
    "phone": _("area code"), "customer": _("customer's record"),
}  # fmt: skip
CAUSES = {
    "abuse": _("abuse"), "fraud": _("suspected fraud"), "spam": _("spam"), "too_short": _("too short to judge"),
    "language": _("in another language"), "nature_unsure": _("nature unsure"), "alert": _("alert"), "other": _("asked for by a colleague"),
}  # fmt: skip
WHY_NOT = {
    "denied": _("denied"), "exception": _("an exception of the rule"), "inside": _("part of another word"),
}  # fmt: skip


def reasons(ticket: Ticket) -> list[dict[str, Any]]:
    """What decided each field, in words of the text. One query where keyword rules did."""
    verdict = ticket.verdict or {}
    names = names_of_rules(verdict)
    confidence = verdict.get("confidence", {})
    rows = []
    for reason in verdict.get("reasons", []):
        source = reason.get("source")
        share = confidence.get(reason["field"])
        rows.append(
            {
                "label": FIELDS.get(reason["field"], reason["field"]),
                "source": SOURCES.get(source, source),
                "words": list(dict.fromkeys(reason.get("words", [])))[:6],
                "detail": detail(reason, names, verdict.get("region") or ""),
                "percent": round(100 * share) if share is not None and source == "model" else None,
            }
        )
    return rows


def names_of_rules(verdict: dict[str, Any]) -> dict[str, str]:
    codes = {reason.get("detail") for reason in verdict.get("reasons", []) if reason.get("source") == "rule"}
    return {rule.code: str(rule) for rule in KeywordRule.objects.filter(code__in=codes)} if codes else {}


def detail(reason: dict[str, Any], names: dict[str, str], region: str) -> str:
    """What stands beside the source: a place, or the rule by its name; of a rule that is gone, nothing."""
    if reason.get("source") == "rule":
        return names.get(reason.get("detail", ""), "")
    if reason["field"] == "region":
        return full_name_in(get_language() or "", region, reason.get("detail", ""))
    return reason.get("detail", "") if reason.get("source") != "model" else ""


def paste_back(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """Where a review or post stands, and our last answer to put there (B2.1). One query for those alone."""
    if not ticket.source_url:
        return {}
    last = ticket.messages.filter(direction="out").order_by("-at", "-pk").first()
    return {"url": ticket.source_url, "text": last.text if last else ""}


def context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    causes = [CAUSES.get(cause, cause) for cause in (ticket.verdict or {}).get("review_causes", [])]
    return {"reasons": reasons(ticket), "causes": causes}


def mails(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """The mails of a case, and those of ours that came back. Two queries; none where nobody has an address."""
    if ticket.channel != Channel.EMAIL and not (ticket.customer and ticket.customer.email):
        return {}
    rows = list(
        ticket.raw_messages.filter(channel=Channel.EMAIL).defer("raw").order_by("received_at", "pk")[:MOST_MAILS]
    )
    returned = Notice.objects.filter(topic=ticket.number, returned_at__isnull=False, user=None).order_by("returned_at")[
        :MOST_MAILS
    ]
    return {
        "rows": [(row, mail_words.outcome(row), mail_words.reason(row)) for row in rows],
        "returned": [(notice, mail_words.returned(notice.returned)) for notice in returned],
        "full": people_shown.sees_personal_data(user),
    }


def wechat(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """Until when answers reach the customer there, and what did not. Three queries, for cases of WeChat alone."""
    if ticket.channel != Channel.WECHAT or ticket.customer_id is None:
        return {}
    contact = WechatContact.objects.filter(customer=ticket.customer_id).first()
    if contact is None:
        return {}
    keys = [f"event:{pk}" for pk in ticket.events.order_by().values_list("pk", flat=True)]
    missed = contact.messages.filter(key__in=keys).exclude(state=WechatMessage.State.SENT)
    gone = WechatMedia.objects.filter(ticket=ticket).exclude(error="").order_by("pk")
    until = contact.heard_at + OPEN_FOR
    return {"until": until, "open": at < until, "missed": missed[:MOST_MAILS], "media": gone[:MOST_MAILS]}


def paper(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """What stood on the envelope, or from which box the slip is. One query, for letters and slips alone."""
    if ticket.channel not in {Channel.LETTER, Channel.BOX}:
        return {}
    item = PaperItem.objects.filter(ticket=ticket).select_related("opening__box").first()
    return {"item": item, "full": people_shown.sees_personal_data(user)}


def chat(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """The conversation from which the case came. One query, for cases of the chat alone."""
    if ticket.channel != Channel.CHAT:
        return {}
    return {"lines": list(ChatLine.objects.filter(chat__ticket=ticket).order_by("pk"))}

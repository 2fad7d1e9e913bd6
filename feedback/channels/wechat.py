"""WeChat: what a message or event of an Official Account becomes, and the words that go back at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.text import clean, fold, is_visible
from feedback import links, services
from feedback.content import Content
from feedback.models import RawMessage, WechatAccount, WechatContact, WechatMedia
from tickets.channels import Channel
from tickets.models import Customer, Ticket
from tickets.workflow import PublicStatus, Status

ASKS_PROGRESS = {"进度", "查询", "查进度", "查询进度", "progress", "status"}
GREETINGS = {
    "你好",
    "您好",
    "在吗",
    "在么",
    "有人吗",
    "您好在吗",
    "你好在吗",
    "hi",
    "hello",
    "你好啊",
    "您好啊",
    "早上好",
    "上午好",
    "下午好",
    "晚上好",
}
"""What somebody says who has not said anything yet: they are told how, no case is opened of it."""
PROGRESS, FEEDBACK = "progress", "feedback"  # keys of the menu
MEDIA = {"image", "voice", "video", "shortvideo"}
SAME_MATTER = timedelta(days=7)
"""What somebody writes within this time belongs to the case that is open; later it is a new one."""
LISTED = 5


@transaction.atomic
def take(account: WechatAccount, fields: Mapping[str, str], *, raw: bytes, at: datetime) -> str:
    """One message or event; the words to answer at once, empty for none. The same one twice does nothing the second time."""
    openid, kind = fields.get("FromUserName", "")[:100], fields.get("MsgType", "")
    if not openid:
        return ""
    number = fields.get("MsgId") or f"{fields.get('CreateTime', '')}:{fields.get('Event', '')}"
    uid = f"{openid}:{number}"  # what is known is told again, so it is this person's
    contact, _created = WechatContact.objects.select_for_update().get_or_create(
        account=account, openid=openid, defaults={"heard_at": at}
    )
    came = RawMessage.objects.filter(channel=Channel.WECHAT, source=account.code, uid=services.sha256(uid.encode()))
    if known := came.select_related(
        "ticket"
    ).first():  # asked under the lock: WeChat sends again while it is being taken
        with override("zh-hans"):  # it did not hear the first answer, so the number is told again
            opened = known.ticket and known.received_at == known.ticket.received_at
            return receipt_of(known.ticket, links.signed_tracking_url(known.ticket)) if opened else ""
    contact.heard_at = at
    contact.save(update_fields=["heard_at"])
    with override("zh-hans"):
        if kind == "event":
            return on_event(contact, fields)
        text = words_of(fields)
        if kind == "text" and fold(text).strip() in ASKS_PROGRESS:
            return progress(contact)
        if not is_visible(text):
            return ""
        if kind == "text" and is_greeting(text) and open_case(contact, at) is None:
            return how_to()
        return said(contact, text, fields, raw=raw, uid=uid, at=at)


def on_event(contact: WechatContact, fields: Mapping[str, str]) -> str:
    event, key = fields.get("Event", "").lower(), fields.get("EventKey", "")
    if event == "click" and key == PROGRESS:
        return progress(contact)
    if event == "subscribe" or (event == "click" and key == FEEDBACK):
        return how_to()
    return ""


def how_to() -> str:
    return _(
        "Write to us here, with pictures or voice too; each case gets a number. Write “进度” to see how far it is."
    )


def is_greeting(text: str) -> bool:
    return "".join(char for char in fold(text) if char.isalnum()) in GREETINGS


def words_of(fields: Mapping[str, str]) -> str:
    """The text of a message; of other kinds what stands for it."""
    kind = fields.get("MsgType", "")
    if kind == "text":
        return clean(fields.get("Content", "")).strip()
    if kind == "voice" and fields.get("Recognition"):
        return clean(fields["Recognition"]).strip()
    if kind == "location":
        return _("[Place] %(label)s") % {"label": clean(fields.get("Label", ""))}
    if kind == "link":
        return clean(f"{fields.get('Title', '')}\n{fields.get('Url', '')}").strip()
    names = {"image": _("[Picture]"), "voice": _("[Voice]"), "video": _("[Video]"), "shortvideo": _("[Video]")}
    return names.get(kind, "")


def said(contact: WechatContact, text: str, fields: Mapping[str, str], *, raw: bytes, uid: str, at: datetime) -> str:
    case = open_case(contact, at)
    if case:
        RawMessage.objects.create(
            channel=Channel.WECHAT, source=contact.account.code, uid=services.sha256(uid.encode()), raw=raw,
            sha256=services.sha256(raw), received_at=at, state=RawMessage.State.DONE, ticket=case,
        )  # fmt: skip
        services.hear(case, text=text[:5000], at=at, via=Channel.WECHAT)
        answer = ""
    else:
        content = Content(text=text, source=contact.account.code, acknowledged=False)
        receipt = services.receive(
            channel=Channel.WECHAT, raw=raw, claimed_at=None, received_at=at, customer=customer_of(contact, at), content=content,
            idempotency_key=uid, at=at,
        )  # fmt: skip
        case = receipt.ticket
        answer = receipt_of(case, links.tracking_url(receipt.tracking_code))
    contact.ticket = case
    contact.save(update_fields=["ticket"])
    if fields.get("MsgType") in MEDIA and fields.get("MediaId"):
        WechatMedia.objects.create(
            contact=contact,
            ticket=case,
            media_id=fields["MediaId"][:200],
            kind=fields["MsgType"],
            created_at=at,
            not_before=at,
        )
    return answer


def receipt_of(case: Ticket, url: str) -> str:
    return _("We received it as %(number)s. See how far it is: %(url)s") % {"number": case.number, "url": url}


def open_case(contact: WechatContact, at: datetime) -> Ticket | None:
    case = contact.ticket
    if case is None or case.status in {Status.CLOSED, Status.VOID}:
        return None
    last = case.messages.order_by("-at", "-pk").values_list("at", flat=True).first() or case.received_at
    return case if at - last <= SAME_MATTER else None


def customer_of(contact: WechatContact, at: datetime) -> Customer:
    """A row of their own, known by the account's name for them alone."""
    if contact.customer is None:
        name = f"wechat:{contact.account.code}:{contact.openid}"[:100]
        contact.customer, _created = Customer.objects.get_or_create(external_id=name, defaults={"created_at": at})
        contact.save(update_fields=["customer"])
    return contact.customer


def progress(contact: WechatContact) -> str:
    """The latest cases of this person, each with the way to it."""
    rows = (
        Ticket.objects.filter(customer=contact.customer).order_by("-received_at")[:LISTED] if contact.customer else []
    )
    lines = [
        f"{row.number} {PublicStatus(row.public_status).label} {row.subject[:30]}\n{links.signed_tracking_url(row)}"
        for row in rows
    ]
    return "\n".join(lines) or _("There is no case of yours here yet. Write to us what happened.")

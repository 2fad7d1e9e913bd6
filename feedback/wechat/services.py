"""Answers to people who wrote by WeChat: rows first, sent as customer-service messages within WeChat's 48 hours."""

import json
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback import links
from feedback.case import is_shown, text_of
from feedback.models import WechatAccount, WechatContact, WechatMedia, WechatMessage
from feedback.services_tell import TOLD
from notices import outgoing
from notices import services as notices
from tickets import services as tickets
from tickets.attachments import files
from tickets.channels import Channel
from tickets.models import Message, TicketEvent

log = logging.getLogger(__name__)
State = WechatMessage.State
OPEN_FOR = timedelta(hours=48)
CLAIMED = timedelta(minutes=2)
LONGEST_RUN = 20.0  # seconds of one task
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 14400))
LARGEST_MEDIA = 12 * 2**20  # WeChat takes videos up to 10 MB
LONGEST = 600  # characters of one message, well within WeChat's 2,048 bytes
STALE_TOKEN, TOO_LATE, WRONG_PERSON = {40001, 40014, 42001}, {45015}, {40003, 45047, 48001}
KINDS = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "shortvideo": "video/mp4"}
ENDINGS = {"image": "jpg", "voice": "amr", "video": "mp4", "shortvideo": "mp4"}


class Refused(Exception):
    """WeChat answered with an error. `code` is its own."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}"[:300])
        self.code = code


def of_events(events: Sequence[TicketEvent]) -> None:
    """Rows for customers who wrote by WeChat. No query for tickets of other channels."""
    told = [
        event
        for event in events
        if event.ticket.channel == Channel.WECHAT and event.kind in TOLD and event.ticket.number
    ]
    told = [event for event in told if not event.by_customer and not event.data.get("imported")]
    if not told:
        return
    people = {event.ticket.customer_id for event in told}
    contacts = {row.customer_id: row for row in WechatContact.objects.filter(customer__in=people)}
    rows = [
        WechatMessage(
            contact=contacts[event.ticket.customer_id],
            key=f"event:{event.pk}",
            text=words(event),
            created_at=event.at,
            not_before=event.at,
        )
        for event in told
        if event.ticket.customer_id in contacts
    ]
    WechatMessage.objects.bulk_create(rows, ignore_conflicts=True)


def words(event: TicketEvent) -> str:
    """What was said, else what happened; with the number and a signed link."""
    ticket = event.ticket
    with override(ticket.language):
        said = event.said.strip() or (
            text_of(event.kind, event.data) if is_shown(event) else _("There is news of your case.")
        )
    if len(said) > LONGEST:
        said = said[: LONGEST - 1] + "…"
    return f"{ticket.number}\n{said}\n{links.signed_tracking_url(ticket)}"


def deliver_due(at: datetime, *, limit: int = 100) -> int:
    """Send what is due, until nothing is or twenty seconds are over; safe with many workers. How many arrived."""
    began, sent = time.monotonic(), 0
    for _number in range(limit):
        state = deliver_next(at)
        if state is None:
            break
        sent += state == State.SENT
        if time.monotonic() - began > LONGEST_RUN:  # a claim is counted from `at`
            break
    return sent


def deliver_next(at: datetime) -> str | None:
    with transaction.atomic():
        due = WechatMessage.objects.filter(state=State.WAITING, not_before__lte=at).order_by("not_before", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).select_related("contact__account").first()
        if row is None:
            return None
        row.attempts += 1
        row.not_before = at + CLAIMED
        row.save(update_fields=["attempts", "not_before"])
    if at - row.contact.heard_at > OPEN_FOR:
        row.state, row.error = State.LATE, ""
    else:
        try:
            send(row.contact, row.text, at)
            row.state, row.sent_at, row.error = State.SENT, at, ""
        except Refused as refused:
            row.error = str(refused)
            if refused.code in TOO_LATE:
                row.state = State.LATE
            elif refused.code in WRONG_PERSON:
                row.state = State.FAILED
        except (outgoing.NoAnswer, outgoing.AddressRefused) as problem:
            row.error = str(problem)[:300]
        if row.state == State.WAITING:
            if row.attempts > len(DELAYS):
                row.state = State.FAILED
            else:
                row.not_before = at + DELAYS[row.attempts - 1]
    with transaction.atomic():
        row.save(update_fields=["state", "sent_at", "error", "not_before"])
        if row.state in {State.LATE, State.FAILED}:
            undelivered(row, at)
    return row.state


def undelivered(row: WechatMessage, at: datetime) -> None:
    """A note with the case that its customer was not reached, and a notice to who handles it."""
    event = TicketEvent.objects.filter(pk=row.key.removeprefix("event:")).select_related("ticket__owner").first()
    if event is None:
        return
    ticket = event.ticket
    with override(settings.LANGUAGE_CODE):
        why = _("they had not written there for 48 hours") if row.state == State.LATE else row.error
        words = _("This did not reach the customer by WeChat: %(why)s. Please tell them another way.\n%(text)s")
        tickets.note(ticket, text=words % {"why": why, "text": row.said}, by=None, at=at, via=Channel.WECHAT)
    if ticket.owner:
        context = {"subject": ticket.subject, "late": row.state == State.LATE, "detail": row.error}
        rows = notices.to_user(
            ticket.owner,
            "wechat_undelivered",
            key=f"wechat:{row.pk}",
            at=at,
            topic=ticket.number or "",
            context=context,
        )
        notices.add(rows)


def send(contact: WechatContact, text: str, at: datetime) -> None:
    body = {"touser": contact.openid, "msgtype": "text", "text": {"content": text}}
    call(contact.account, "/cgi-bin/message/custom/send", at, body=body)


def call(account: WechatAccount, path: str, at: datetime, *, body: dict[str, Any] | None = None, **query: str) -> bytes:
    """One call of WeChat's interface; a token that has ended is renewed once. Raises Refused, NoAnswer."""
    for fresh in (False, True):
        address = f"{settings.WECHAT_API}{path}?{urlencode({'access_token': access_token(account, at, fresh=fresh), **query})}"
        method = "POST" if body is not None else "GET"
        raw = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        status, answer = outgoing.exchange(
            method, address, raw, {"content-type": "application/json"}, most=LARGEST_MEDIA
        )
        try:
            told = json.loads(answer) if answer[:1] == b"{" else {}
        except ValueError:
            told = {}
        code = int(told.get("errcode") or 0) if isinstance(told, dict) else 0
        if code in STALE_TOKEN and not fresh:
            continue
        if code or status != 200:
            raise Refused(code or status, str(told.get("errmsg", "")) if isinstance(told, dict) else "")
        return answer
    raise Refused(40001, "")


def access_token(account: WechatAccount, at: datetime, *, fresh: bool = False) -> str:
    """Kept with the account until a minute before it ends. Raises Refused, NoAnswer."""
    if not fresh and account.access_token and account.access_until and at < account.access_until:
        return account.access_token
    query = urlencode({"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret})
    _status, answer = outgoing.exchange("GET", f"{settings.WECHAT_API}/cgi-bin/token?{query}", b"", {}, most=10_000)
    try:
        told = json.loads(answer)
        if told.get("errcode"):  # a wrong secret, or this server is not in the account's list: in WeChat's own words
            raise Refused(int(told["errcode"]), str(told.get("errmsg", "")))
        token, seconds = str(told["access_token"])[:600], int(told["expires_in"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(0, "no access token") from None
    account.access_token, account.access_until = token, at + timedelta(seconds=seconds - 60)
    account.save(update_fields=["access_token", "access_until"])
    return token


def fetch(row: WechatMedia, at: datetime) -> bytes:
    """The bytes of a picture or voice; of a video WeChat tells where it lies. Raises Refused, NoAnswer, AddressRefused."""
    told = call(row.contact.account, "/cgi-bin/media/get", at, media_id=row.media_id)
    if not told.startswith(b"{"):
        return told
    try:
        place = str(json.loads(told)["video_url"])
    except (ValueError, KeyError, TypeError):
        raise Refused(0, "neither a file nor the address of one") from None
    status, content = outgoing.exchange("GET", place, b"", {}, most=LARGEST_MEDIA)
    if status != 200:
        raise Refused(status, "no video at its address")
    return content


def message_of(row: WechatMedia) -> Message | None:
    """The message with which it came; None for the one that opened the case."""
    return row.ticket.messages.filter(direction=Message.Direction.IN, at=row.created_at).first()


def fetch_due(at: datetime, *, limit: int = 20) -> int:
    """Fetch pictures, voices and videos and lay them beside their case, for twenty seconds at most. How many."""
    began, fetched = time.monotonic(), 0
    for _number in range(limit):
        with transaction.atomic():
            due = WechatMedia.objects.filter(not_before__lte=at).order_by("not_before", "pk")
            row = (
                due.select_for_update(skip_locked=True, of=("self",))
                .select_related("contact__account", "ticket")
                .first()
            )
            if row is None:
                break
            row.attempts += 1
            row.not_before = at + CLAIMED
            row.save(update_fields=["attempts", "not_before"])
        try:
            content = fetch(row, at)
            name = f"wechat-{row.pk}.{ENDINGS[row.kind]}"
            file = files.store(SimpleUploadedFile(name, content, content_type=KINDS[row.kind]), at=at, by=None)
            file.ticket, file.message = row.ticket, message_of(row)
            file.save(update_fields=["ticket", "message"])
            row.not_before, row.error = None, ""
            fetched += 1
        except (Refused, outgoing.NoAnswer, outgoing.AddressRefused, files.FileRefused) as problem:
            row.error = str(problem)[:300]
            row.not_before = at + DELAYS[row.attempts - 1] if row.attempts <= len(DELAYS) else None
        row.save(update_fields=["not_before", "error"])
        if time.monotonic() - began > LONGEST_RUN:
            break
    return fetched

"""Mail that was read, handed in (C2.1): a new case. What goes on with an old one is decided in `services_mail`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from common.text import is_visible
from feedback import services
from feedback.content import Content
from feedback.mail.message.files import File
from feedback.mail.message.reading import Mail
from feedback.models import RawMessage
from tickets import services as tickets
from tickets.attachments import files
from tickets.channels import Channel
from tickets.models import Attachment, Ticket

MOST_FILES = 100
_MOST_NAMES = 20
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_CLAIM = timedelta(days=31)


def take(
    message: RawMessage, mail: Mail, *, at: datetime, acknowledged: bool = True, parent: Ticket | None = None
) -> services.Receipt:
    """Open a case of a mail whose row is stored."""
    attachments, left = kept(mail.files, at=at)
    receipt = services.receive(
        channel="email",
        raw=b"",
        claimed_at=claimed(mail, message.received_at),
        received_at=message.received_at,
        customer={"name": mail.sender.name, "email": mail.sender.address.lower()},
        content=Content(
            text=words(mail),
            subject=mail.subject,
            language=language_of(mail),
            acknowledged=acknowledged,
            parent=parent,
            **inherited(parent),
        ),
        attachments=attachments,
        message=message,
        at=at,
    )
    tell_left(receipt.ticket, left, at=at)
    return receipt


def inherited(parent: Ticket | None) -> dict[str, str]:
    """What a case that goes on from an archived one takes over."""
    if parent is None:
        return {}
    category = parent.category.code if parent.category else ""
    return {"nature": parent.nature, "category": category, "region": parent.region_id or parent.region_text}


def words(mail: Mail) -> str:
    """The whole text; where there is none, what else speaks for it."""
    for text in (mail.text, mail.subject):
        if is_visible(text):
            return text
    names = [file.name for file in mail.files]
    return (
        _("A mail without text. Files: %(names)s") % {"names": ", ".join(names)} if names else _("A mail without text.")
    )


def claimed(mail: Mail, received: datetime) -> datetime | None:
    """The date that the mail carries, when it can be true."""
    return mail.date if mail.date and received - _CLAIM <= mail.date <= received else None


def language_of(mail: Mail) -> str:
    """The language to answer in: English where nothing Chinese is written."""
    written = f"{mail.subject}{mail.reply_text}{mail.sender.name}"
    return "zh-hans" if any("\u4e00" <= char <= "\u9fff" for char in written) or not is_visible(written) else "en"


def kept(found: Sequence[File], *, at: datetime) -> tuple[list[Attachment], list[str]]:
    """The files that our rules take, stored, and the names of the others: those stay in the mail as it came."""
    rows, left = [], [file.name for file in found[MOST_FILES:]]
    for file in found[:MOST_FILES]:
        try:
            rows.append(files.store(ContentFile(file.data, name=file.name), at=at))
        except files.FileRefused:
            if file.media_type not in _SIGNATURES:
                left.append(file.name)
    return rows, left


def tell_left(ticket: Ticket, names: Sequence[str], *, at: datetime) -> None:
    """Say beside the case which files of a mail are not shown with it, so that nobody takes them for never sent."""
    if names:
        with translation.override(settings.LANGUAGE_CODE):
            words = _("Files of a mail that are not kept with the case: %(names)s. The mail as it came holds them.")
            text = words % {"names": ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")}
        tickets.note(ticket, text=text, by=None, at=at, via=Channel.EMAIL)

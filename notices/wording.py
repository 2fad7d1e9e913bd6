"""What a notice says: `templates/notices/<kind>.txt`, its first line the subject, in the recipient's language; and the mail made of it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common import wording as common_wording
from common.text import one_line
from notices import threads
from notices.models import Notice


def words(notice: Notice, language: str | None = None) -> tuple[str, str]:
    """Subject and body. Plain text: nothing in it is HTML, so nothing is escaped."""
    with translation.override(language or notice.language):
        company = common_wording.company(language or notice.language)
        context = {"notice": notice, "topic": notice.topic, "company": company, "base_url": settings.PUBLIC_BASE_URL}
        text = render_to_string(f"notices/{notice.kind}.txt", context | notice.context)
    subject, _, body = text.strip().partition("\n")
    return one_line(subject), body.strip() + "\n"


def as_mail(notice: Notice) -> EmailMultiAlternatives:
    """Plain text and HTML of the same words, in the thread of its case, marked as automatic so that no robot answers."""
    subject, body = words(notice)
    recipient = threads.recipient(notice)
    signed = threads.reference(notice.topic, recipient)
    headers = {
        "Message-ID": notice.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": notice.language,
    }
    if before := thread_of(notice):
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before)}
    mail = EmailMultiAlternatives(
        subject,
        f"{body}\n[{signed}]\n" if signed else body,
        to=[recipient],
        headers=headers,
        reply_to=[threads.reply_to(notice)],
    )
    mail.attach_alternative(as_html(notice, subject, body, signed), "text/html")
    return mail


def thread_of(notice: Notice) -> list[str]:
    """The mails that this one goes on from: what we sent to the same recipient before, then what is answered."""
    if not notice.topic:
        return []
    earlier = Notice.objects.filter(
        topic=notice.topic, channel=notice.channel, address=notice.address, user=notice.user, state=Notice.State.SENT
    ).exclude(message_id="")
    sent = list(earlier.filter(pk__lt=notice.pk).order_by("-pk").values_list("message_id", flat=True)[:10])
    answered = one_line(str(notice.context.get("answers") or ""))
    return [*reversed(sent), *([f"<{answered}>"] if answered.isascii() and " " not in answered and answered else [])]


def as_html(notice: Notice, subject: str, body: str, signed: str) -> str:
    return render_to_string(
        "notices/mail.html",
        {
            "subject": subject,
            "paragraphs": body.strip().split("\n\n"),
            "reference": signed,
            "language": notice.language,
        },
    )


def without_repeats(notice: Notice, body: str) -> str:
    """Beside its own subject, a notice need not name its case once more. `notice.subject` has been worded."""
    of_case = {"topic": notice.topic, "subject": notice.context.get("subject", "")}
    line = _("Case %(topic)s: %(subject)s") % of_case
    named = of_case["subject"] and of_case["subject"] in notice.subject
    return "\n".join(row for row in body.splitlines() if not named or row != line)


def address_apart(body: str) -> tuple[str, str]:
    """The page a notice leads to, and its text without the lines that are only addresses: those are for mails."""
    lines = body.splitlines()
    addresses = [line.strip() for line in lines if line.strip().startswith(("http://", "https://"))]
    told = "\n".join(line for line in lines if line.strip() and line.strip() not in addresses)
    return next(iter(addresses), ""), told.strip()

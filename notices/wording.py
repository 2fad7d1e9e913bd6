"""What a notice says: `templates/notices/<kind>.txt`, its first line the subject, in the recipient's language."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from common.text import one_line
from notices.models import Notice


def words(notice: Notice, language: str | None = None) -> tuple[str, str]:
    """Subject and body. Plain text: nothing in it is HTML, so nothing is escaped."""
    with translation.override(language or notice.language):
        english = (language or notice.language).startswith("en")
        company = settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME
        context = {"notice": notice, "topic": notice.topic, "company": company, "base_url": settings.PUBLIC_BASE_URL}
        text = render_to_string(f"notices/{notice.kind}.txt", context | notice.context)
    subject, _, body = text.strip().partition("\n")
    return one_line(subject), body.strip() + "\n"

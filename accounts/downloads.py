"""Papers that leave the house as PDF: each is on record as an export (B7), and no browser or proxy keeps it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import services
from accounts.models import AccessLog
from common.pdf import pdf_of


def pdf_answer(
    request: HttpRequest, html: str, *, name: str, subject: str, at: datetime, data: dict[str, Any]
) -> HttpResponse:
    """`html` as the file `name`.pdf; `subject` and `data` are what the log keeps of it. One query."""
    services.log_access(user=request.user, action=AccessLog.Action.EXPORT, subject=subject, at=at, data=data)
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf_of(html), content_type="application/pdf", headers=headers)

"""A report as PDF."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from common.pdf import pdf_of
from reports.document import document
from reports.models import Report


def render(report: Report) -> bytes:
    """In the active language, from the stored figures only."""
    html = render_to_string(
        "reports/pdf.html", {"document": document(report, ink="static"), "language": get_language()}
    )
    return pdf_of(html)

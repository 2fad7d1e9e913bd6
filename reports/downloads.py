"""A report as a file to keep: PDF and XLSX."""

from django.http import HttpResponse

from reports import pdf, periods, xlsx
from reports.models import Report

FILES = {
    "pdf": (pdf.render, "application/pdf"),
    "xlsx": (xlsx.render, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def file_of(row: Report, form: str) -> HttpResponse:
    """The report as a download; its name holds nothing that a person typed."""
    build_file, media_type = FILES[form]
    name = f"report-{row.kind}-{periods.key_of(row.start, row.kind)}-v{row.version}.{form}"
    return HttpResponse(
        build_file(row),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )

"""A report as a file to keep: PDF, XLSX, DOCX, and each of its tables as CSV."""

from django.http import Http404, HttpResponse

from reports import comma, pdf, periods, word, xlsx
from reports.document import document
from reports.models import Report

FILES = {
    "pdf": (pdf.render, "application/pdf"),
    "xlsx": (xlsx.render, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (word.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def file_of(row: Report, form: str) -> HttpResponse:
    """The report as a download; its name holds nothing that a person typed."""
    build_file, media_type = FILES[form]
    name = f"{_name(row)}.{form}"
    return HttpResponse(
        build_file(row),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def table_of(row: Report, name: str) -> HttpResponse:
    """One table of the report as CSV; Http404 for a name that it does not have."""
    table = document(row).every_table.get(name)
    if table is None:
        raise Http404
    return comma.answer(comma.lines_of(table), f"{_name(row)}-{name}")


def _name(row: Report) -> str:
    return f"report-{row.kind}-{periods.key_of(row.start, row.kind)}-v{row.version}"

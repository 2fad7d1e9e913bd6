"""A report as DOCX, to be worked on: the texts and tables of the page as headings, paragraphs and real tables."""

from io import BytesIO

import docx
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from common import wording
from common.text import clean
from reports.document import Document, Table, document
from reports.models import Report

FONT = "Noto Sans CJK SC"
ACCENT = RGBColor(0x0F, 0x76, 0x6E)
WIDE = 7  # from so many columns on a table is set smaller


def render(report: Report) -> bytes:
    """In the active language, from the stored figures only."""
    parts, file = document(report, ink="static"), docx.Document()
    _set_up(file, parts)
    _cover(file, parts)
    _overview(file, parts)
    _volume(file, parts)
    _limits(file, parts)
    _conclusions(file, parts)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _set_up(file: File, parts: Document) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "List Number"):
        style = file.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
        if name.startswith(("Heading", "Title")):
            style.font.color.rgb = ACCENT
    file.styles["Normal"].font.size = Pt(10.5)
    known = file.core_properties
    known.title, known.author = f"{parts.title} {parts.span}", parts.company
    known.created = known.modified = parts.report.built_at.replace(tzinfo=None)
    known.language = get_language() or ""
    known.comments = f"SHA-256 {parts.report.sha256}"
    page.footer.paragraphs[0].text = clean(f"{parts.company}{_(', internal and confidential')}")


def _cover(file: File, parts: Document) -> None:
    file.add_paragraph(clean(parts.company))
    file.add_paragraph(_("Feedback office"))
    file.add_paragraph(parts.title, style="Title")
    file.add_paragraph(parts.span)
    for name, value in (
        (_("Number"), parts.number),
        (_("Period"), parts.until),
        (_("Frozen"), wording.moment(parts.report.built_at)),
        (_("Confidentiality"), _("Internal; customers' data masked")),
    ):
        line = file.add_paragraph()
        line.add_run(f"{name}  ").bold = True
        line.add_run(value)
    file.add_page_break()


def _overview(file: File, parts: Document) -> None:
    file.add_heading(_("1. Overview"), 1)
    file.add_paragraph(parts.overview)
    _table(file, parts.figures)
    file.add_heading(_("How to read the figures"), 2)
    for line in parts.reading:
        file.add_paragraph(line, style="List Bullet")


def _volume(file: File, parts: Document) -> None:
    file.add_heading(_("2. Volume and trend"), 1)
    for table in (parts.every_table["trend"], parts.matrix, *parts.tables):
        _table(file, table)


def _limits(file: File, parts: Document) -> None:
    file.add_heading(_("3. Limits and satisfaction"), 1)
    _table(file, parts.satisfaction)
    if parts.overdue.rows:
        _table(file, parts.overdue)
    else:
        file.add_paragraph(_("No limit was missed in the period."))
    if parts.problems.rows or parts.voices:
        file.add_heading(_("4. Problems and voices"), 1)
    _table(file, parts.problems)
    if parts.voices:
        file.add_heading(_("In the customers' words"), 2)
    for voice in parts.voices:
        told = _(", ").join(filter(None, (voice["region"], voice["channel"], voice["number"])))
        file.add_paragraph(clean(f"{voice['text']} ({told})"), style="List Bullet")


def _conclusions(file: File, parts: Document) -> None:
    file.add_heading(_("5. Conclusions and recommendations"), 1)
    if parts.conclusions_note:
        file.add_paragraph(parts.conclusions_note)
    for line in parts.conclusions:
        file.add_paragraph(clean(line), style="List Number")
    report = parts.report
    signed = [
        [_("Compiled by"), str(report.built_by or _("Automatically")), wording.day(report.built_at)],
        [
            _("Approved by"),
            str(report.approved_by or ""),
            wording.day(report.approved_at) if report.approved_at else "",
        ],
        [_("Leadership"), "", ""],
    ]
    _fill(file, [], signed, numbers=99)
    file.add_paragraph(
        _(
            "Version %(version)s · SHA-256 %(hash)s · The figures are those frozen at the time of building; a reprint "
            "never differs."
        )
        % {"version": report.version, "hash": parts.hash}
    )


def _table(file: File, table: Table) -> None:
    if table.rows:
        title = file.add_paragraph(clean(table.title))
        title.paragraph_format.keep_with_next = True
        title.runs[0].bold = True
        _fill(file, table.columns, table.rows + ([table.foot] if table.foot else []), table.numbers)


def _fill(file: File, columns: list[str], rows: list[list[str]], numbers: int) -> None:
    lines = ([columns] if columns else []) + rows
    grid = file.add_table(len(lines), len(lines[0]), style="Table Grid")
    size = Pt(7.5) if len(lines[0]) >= WIDE else Pt(9)
    # `grid.cell` looks each cell up anew; the rows of a plain table are read once.
    for row, line in zip(grid.rows, lines, strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            _write(cell.paragraphs[0], text, size, bold=bool(columns) and line is columns, right=place >= numbers)
    if columns:
        heading = OxmlElement("w:tblHeader")  # repeated on each page
        grid.rows[0]._tr.get_or_add_trPr().append(heading)
    file.add_paragraph()


def _write(paragraph: Paragraph, text: str, size: Pt, *, bold: bool, right: bool) -> None:
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = size, bold
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

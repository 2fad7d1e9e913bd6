"""A report as a workbook. Text stays text: no formula, no link, no control character (S-4)."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from common.text import clean
from reports.definitions import DEFINITIONS
from reports.document import document
from reports.kpi import main_value
from reports.models import Report

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
LONGEST = 32_767  # characters of a cell


def safe(text: object) -> str:
    """Without control characters; what a spreadsheet would take for a formula begins with an apostrophe instead."""
    cleaned = clean(str(text)).replace("\t", " ")[:LONGEST]
    return f"'{cleaned}"[:LONGEST] if is_formula(cleaned) else cleaned


def is_formula(text: str) -> bool:
    return text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) and not _is_number(text)


def _is_number(text: str) -> bool:
    """`+7.9%`, `+2.1 points` and `-3` are figures of ours."""
    return bool(_FIGURE.fullmatch(text.strip()))


_FIGURE = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(%| points| 个百分点)?", re.ASCII)


def render(report: Report) -> bytes:
    """In the active language, from the stored figures only; the numbers themselves, unrounded, beside the texts."""
    parts = document(report, ink="static")
    out = BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": parts.title, "created": report.built_at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(_("Figures"))
    sheet.set_column(0, 0, 28)
    _write(sheet, 0, [parts.company, parts.title, parts.span, _("Version %(n)s") % {"n": report.version}], bold)
    columns = [
        _("Figure"),
        _("Unit"),
        _("Now"),
        _("Target"),
        _("Period before"),
        _("A year ago"),
        _("How it is counted"),
    ]
    _write(sheet, 2, columns, bold)
    units = {"count": _("tickets"), "rate": _("share"), "time": _("seconds of work")}
    for row, (code, definition) in enumerate(DEFINITIONS.items(), start=3):
        values = [main_value(code, report.figures[name][code]) for name in ("figures", "before", "year_before")]
        cells = [definition.name, units[definition.unit], values[0], report.figures["targets"].get(code)]
        _write(sheet, row, [*cells, *values[1:], definition.text])
    _write(sheet, row + 2, ["SHA-256", report.sha256])
    for number, table in enumerate((table for table in parts.every_table.values() if table is not parts.figures), 2):
        sheet = book.add_worksheet(f"{number} {table.title}".translate(_NOT_IN_NAMES)[:31])
        sheet.set_column(0, 0, 24)
        _write(sheet, 0, table.columns, bold)
        for row, cells in enumerate(table.rows + ([table.foot] if table.foot else []), start=1):
            _write(sheet, row, cells[: table.numbers] + [_number(cell) for cell in cells[table.numbers :]])
    sheet = book.add_worksheet(_("Conclusions"))
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(parts.conclusions):
        _write(sheet, row, [line])
    book.close()
    return out.getvalue()


def table(title: str, columns: list[str], rows: Iterable[list[Any]]) -> tuple[bytes, int]:
    """One sheet of many rows, written as they come, and how many there were."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS | {"in_memory": False, "constant_memory": True})
    sheet = book.add_worksheet(title.translate(_NOT_IN_NAMES)[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(columns) - 1, 18)
    _write(sheet, 0, list(columns), book.add_format({"bold": True}))
    count = 0
    for count, cells in enumerate(rows, start=1):
        _write(sheet, count, cells)
    book.close()
    return out.getvalue(), count


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _number(cell: str) -> Any:
    """`4,286` as a number; texts such as `97.1%` stay as they read."""
    plain = cell.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() else cell


def _write(sheet: Any, row: int, cells: list[Any], style: Any = None) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float):
            sheet.write_number(row, column, cell, style)
        elif cell is not None:
            sheet.write_string(row, column, safe(cell), style)

"""A report as a workbook. Text stays text: no formula, no link, no control character (S-4)."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from common.cells import harmless
from common.text import clean
from reports.definitions import DEFINITIONS, HOUR
from reports.document import document
from reports.kpi import main_value
from reports.models import Report

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
LONGEST = 32_767  # characters of a cell
LONGEST_NAME = 31  # of a sheet


def safe(text: object, escape: Callable[[str], str] = harmless) -> str:
    """Without control characters; what a spreadsheet would take for a formula begins with an apostrophe instead.

    `+7.9%`, `+2.1 points` and `-3` are figures of ours.
    """
    cleaned = clean(str(text)).replace("\t", " ")[:LONGEST]
    return cleaned if _FIGURE.fullmatch(cleaned.strip()) else escape(cleaned)[:LONGEST]


_FIGURE = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(%| points| 个百分点)?", re.ASCII)


def sheet_name(title: str) -> str:
    """At most 31 characters, as the format allows; what is longer ends with a whole word where there are words."""
    name = " ".join(title.translate(_NOT_IN_NAMES).split())
    if len(name) <= LONGEST_NAME:
        return name
    words = name[: LONGEST_NAME + 1].rpartition(" ")[0]
    return words if len(words) > LONGEST_NAME // 2 else name[:LONGEST_NAME]


class Book:
    """A workbook with the looks that every sheet of ours shares."""

    def __init__(self, out: BytesIO, **options: Any) -> None:
        self.file = xlsxwriter.Workbook(out, OPTIONS | options)
        self.head = self.file.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#E6F2F0", "text_wrap": True, "valign": "top"}
        )
        hours = _("working hours").replace('"', "")
        looks = {"whole": "#,##0", "share": "0.0%", "hours": f'#,##0.0" {hours}"', "moment": "yyyy-mm-dd hh:mm"}
        self.looks = {name: self.file.add_format({"num_format": look}) for name, look in looks.items()}

    def sheet(self, title: str, widths: Iterable[float], heads: int = 1, fixed: int = 1) -> Any:
        """A new sheet whose first `heads` rows stay in sight, with `fixed` columns, and stand on every printed page: A4
        across, one page wide."""
        sheet = self.file.add_worksheet(sheet_name(title))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if heads:
            sheet.freeze_panes(heads, fixed)
            sheet.repeat_rows(heads - 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def row(self, sheet: Any, row: int, cells: Iterable[Any], style: Any = None) -> None:
        """Texts as texts; numbers, moments, and what `as_number` reads with the look of each."""
        for column, cell in enumerate(cells):
            value, look = cell if isinstance(cell, tuple) else (cell, None)
            shown = style or self.looks.get(look)
            if isinstance(value, datetime):
                local = timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
                sheet.write_datetime(row, column, local, self.looks["moment"])
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, shown)
            elif value is not None:
                sheet.write_string(row, column, safe(value), shown)


def render(report: Report) -> bytes:
    """In the active language, from the stored figures only; the numbers themselves, unrounded, beside the texts."""
    parts = document(report, ink="static")
    out = BytesIO()
    book = Book(out, in_memory=True)
    book.file.set_properties({"title": parts.title, "created": report.built_at.replace(tzinfo=None)})
    sheet = book.sheet(_("Figures"), (28, 16, 18, 18, 18, 18, 80), heads=3)
    book.row(sheet, 0, [parts.company, parts.title, parts.span, _("Version %(n)s") % {"n": report.version}], book.head)
    columns = [
        _("Figure"), _("Unit"), _("Now"), _("Target"), _("Period before"), _("A year ago"), _("How it is counted"),
    ]  # fmt: skip
    book.row(sheet, 2, columns, book.head)
    units = {"count": _("tickets"), "rate": _("share"), "time": _("working hours")}
    for row, (code, definition) in enumerate(DEFINITIONS.items(), start=3):
        values = [main_value(code, report.figures[name][code]) for name in ("figures", "before", "year_before")]
        values.insert(1, report.figures["targets"].get(code))
        figures = [_figure(definition.unit, value) for value in values]
        book.row(sheet, row, [definition.name, units[definition.unit], *figures, definition.text])
    book.row(sheet, row + 2, ["SHA-256", report.sha256])
    for number, table in enumerate((table for table in parts.every_table.values() if table is not parts.figures), 2):
        lines = table.rows + ([table.foot] if table.foot else [])
        sheet = book.sheet(f"{number} {table.title}", _widths([table.columns, *lines]))
        book.row(sheet, 0, table.columns, book.head)
        for row, cells in enumerate(lines, start=1):
            book.row(sheet, row, cells[: table.numbers] + [as_number(cell) for cell in cells[table.numbers :]])
    sheet = book.sheet(_("Conclusions"), (110,), heads=0)
    for row, line in enumerate([*filter(None, [parts.conclusions_note]), *parts.conclusions]):
        book.row(sheet, row, [line])
    book.file.close()
    return out.getvalue()


def table(title: str, columns: list[str], rows: Iterable[list[Any]], fixed: int = 1) -> tuple[bytes, int]:
    """One sheet of many rows, written as they come, and how many there were. Moments are moments, in local time; `fixed`
    columns stay in sight."""
    out = BytesIO()
    book = Book(out, in_memory=False, constant_memory=True)
    sheet = book.sheet(title, [18] * len(columns), fixed=fixed)
    book.row(sheet, 0, columns, book.head)
    count = 0
    for count, cells in enumerate(rows, start=1):
        book.row(sheet, count, cells)
    if count:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    book.file.close()
    return out.getvalue(), count


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _figure(unit: str, value: float | None) -> tuple[float | None, str]:
    """As it was counted; lengths in hours, as everywhere else."""
    look = {"count": "whole", "rate": "share", "time": "hours"}[unit]
    return (value / HOUR if unit == "time" and value is not None else value), look


def as_number(cell: str) -> Any:
    """`4,286`, `97.1%` and `9.3 working hours` as numbers with their look, so that a reader can count on with them;
    other texts, such as `+7.9%` of a change or `2 days`, stay as they read."""
    plain = cell.replace(",", "")
    if plain.isascii() and plain.isdigit():
        return int(plain), "whole"
    if _SHARE.fullmatch(plain):
        return round(float(plain[:-1]) / 100, 6), "share"
    hours = plain.removesuffix(_("working hours")).strip()
    if hours != plain and _DECIMAL.fullmatch(hours):
        return float(hours), "hours"
    return cell


_SHARE = re.compile(r"\d+(\.\d+)?%", re.ASCII)
_DECIMAL = re.compile(r"\d+(\.\d+)?", re.ASCII)


def _widths(lines: Iterable[Sequence[str]]) -> list[float]:
    """Of each column, for what stands in it: a Chinese character is as wide as two others."""
    columns = zip(*lines, strict=False)
    return [max(10, min(60, 3 + max(map(_width, column)))) for column in columns]


def _width(text: object) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in str(text))

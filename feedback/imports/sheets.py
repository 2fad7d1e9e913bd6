"""CSV and XLSX as people upload them: read with limits, refused in words. Row by row; formulas count as their last value."""

import csv
import io
import itertools
import math
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from common.cells import as_it_was
from common.text import one_line, storable
from tickets.attachments.kinds import unpacks_by_little

LARGEST = 10 * 2**20
LARGEST_UNPACKED = 100 * 2**20
MOST_MARKS = 3_000_000  # opened and closed elements of a workbook's XML; some four a cell
MOST_ROWS, MOST_COLUMNS = 20_000, 60
LONGEST_CELL = 100_000
LONGEST_HEADING = 30  # of a line that takes the place of a title
EMPTY_ROWS_END = 1000  # so many empty rows one after the other are the end of a sheet


class SheetRefused(Exception):
    """This file is not taken; the message says why."""


@dataclass(frozen=True)
class Sheet:
    """`rows` with their line in the file."""

    columns: list[str]
    rows: list[tuple[int, list[Any]]]


def read(content: bytes) -> Sheet:
    """By content, not by name. Raises SheetRefused."""
    if len(content) > LARGEST:
        raise SheetRefused(_("The file is larger than %(mb)s MB.") % {"mb": LARGEST // 2**20})
    if content[:4] == b"PK\x03\x04":
        lines = _of_xlsx(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetRefused(_("This is an old or a protected Excel file. Save it as .xlsx without a password."))
    else:
        lines = _of_csv(content)
    return _sheet(lines)


def _sheet(lines: Iterable[tuple[int, list[Any]]]) -> Sheet:
    """Exports often begin with a title over all columns: a first line of one cell, above one of more, is no headings."""
    columns: list[str] = []
    rows: list[tuple[int, list[Any]]] = []
    size = 0  # a text that a workbook holds once may stand in every cell
    for line, cells in lines:
        size += sum(len(cell) for cell in cells if isinstance(cell, str))
        if size > LARGEST_UNPACKED:
            raise unpacked_too_large()
        filled = sum(cell not in (None, "") for cell in cells)
        if not filled:
            continue
        if not columns or (not rows and filled > 1 == sum(map(bool, columns)) and _may_be_headings(cells)):
            columns = [one_line(str(cell if cell is not None else ""))[:100] for cell in cells]
            continue
        if len(rows) >= MOST_ROWS:
            raise SheetRefused(_("More than %(most)s rows; divide the file.") % {"most": MOST_ROWS})
        rows.append((line, [_cell(cell) for cell in cells]))
    while (
        columns
        and not columns[-1]
        and not any(len(cells) >= len(columns) and cells[len(columns) - 1] for _line, cells in rows)
    ):
        columns.pop()
    rows = [(line, cells[: len(columns)]) for line, cells in rows]  # a workbook's rows come as wide as a sheet may be
    if not columns or not rows:
        raise SheetRefused(_("The file has no rows below a line of headings."))
    return Sheet(columns, rows)


def _may_be_headings(cells: list[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and len(cell) <= LONGEST_HEADING) for cell in cells)


def _cell(value: Any) -> Any:
    """A plain value of JSON."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str):
        value = as_it_was(value)
        return value[: LONGEST_CELL + 1] if storable(value) else one_line(value)[:LONGEST_CELL].replace("\0", "")
    if isinstance(value, float) and not math.isfinite(value):
        return ""  # JSON has no such number
    return value if isinstance(value, int | float | bool) or value is None else str(value)


def _of_csv(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(content)
    head = [line for line in itertools.islice(text.splitlines(), 10) if line.strip()]
    first = next((line for line in head if any(sign in line for sign in ",;\t")), "")  # below a title, if there is one
    divider = max((first.count(sign), sign) for sign in ",;\t")[1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    try:
        for number, row in enumerate(reader, start=1):  # as a spreadsheet counts: a cell may hold several lines
            yield number, list(row[:MOST_COLUMNS])
    except csv.Error as error:
        raise SheetRefused(
            _("Line %(line)s cannot be read: %(error)s") % {"line": reader.line_num, "error": error}
        ) from None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codes = ["utf-16"]
    else:
        codes = ["utf-8-sig", "gb18030"]
    for code in codes:
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetRefused(_("This is neither CSV in UTF-8 or GBK nor XLSX."))


def _weigh(packed: zipfile.ZipFile) -> None:
    """Raises SheetRefused for what would take long to read: 14 million empty rows fit into 120 kB, and into a gigabyte of
    memory. Also for what says less than it is, as openpyxl unpacks an entry whole.
    """
    size = marks = 0
    for entry in packed.infolist():
        said, entry.file_size = entry.file_size, LARGEST_UNPACKED + 1  # read on beyond its word
        if not unpacks_by_little(entry) or said > LARGEST_UNPACKED:
            raise unpacked_too_large()
        before = size
        with packed.open(entry) as part:
            while piece := part.read(2**18):
                size, marks = size + len(piece), marks + piece.count(b"<")
                if size > LARGEST_UNPACKED or marks > MOST_MARKS or size - before > said:
                    raise unpacked_too_large()


def unpacked_too_large() -> SheetRefused:
    return SheetRefused(_("Unpacked, the file is too large."))


def _of_xlsx(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The first sheet with anything in it, streamed: what lies beyond the limits is never built."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if "xl/workbook.xml" not in packed.namelist():
                raise SheetRefused(_("This is neither CSV in UTF-8 or GBK nor XLSX."))
            _weigh(packed)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            empty, found = 0, False
            for line, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
                empty = 0 if any(cell not in (None, "") for cell in row) else empty + 1
                if empty > EMPTY_ROWS_END:
                    break
                if not empty:
                    found = True
                    yield line, list(row)
            if found:
                break
    except SheetRefused:
        raise
    except Exception as error:  # whatever a broken workbook makes of the library
        raise SheetRefused(_("The workbook cannot be read: %(error)s") % {"error": type(error).__name__}) from None

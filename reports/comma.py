"""Tables as CSV: what stands on the screen, with a byte-order mark for spreadsheets. Text stays text (S-4)."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _

from common.cells import harmless_in_csv
from reports.document import Table
from reports.overview import Overview
from reports.xlsx import safe

Lines = Iterable[Sequence[str]]


def lines_of(table: Table) -> Lines:
    return [table.columns, *table.rows, *([table.foot] if table.foot else [])]


def overview_tables(figures: Overview) -> dict[str, Lines]:
    """The tables of the page of figures, by name."""
    columns = [_("Figure"), _("Now"), _("Target"), _("Period before"), _("Change"), _("In detail")]
    heat = figures.heat
    return {
        "figures": [
            columns,
            *([t.name, f"{t.value} {t.unit}".strip(), t.target, t.before, t.change, t.parts] for t in figures.tiles),
        ],
        "trend": [figures.trend.columns, *figures.trend.rows],
        "map": [figures.map.columns, *figures.map.rows],
        "matrix": [
            [_("Channel"), *heat["columns"], _("Sum")],
            *([row["name"], *(cell["text"] for cell in row["cells"]), row["sum"]] for row in heat["rows"]),
        ],
        "groups": [
            [_("Group"), *figures.columns],
            *([row["name"], *(cell["text"] for cell in row["cells"])] for row in figures.groups),
        ],
    }


def answer(lines: Lines, name: str) -> HttpResponse:
    """The download; `name` holds nothing that a person typed. Every cell is quoted, and harmless to other dividers (S-4)."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([safe(cell, harmless_in_csv) for cell in line] for line in lines)
    return HttpResponse(
        b"\xef\xbb\xbf" + out.getvalue().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"},
    )

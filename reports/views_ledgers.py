"""The ledgers 台账 as a page to look through and print, and as a workbook."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from accounts import services as accounts
from accounts.access import role_required
from accounts.models import AccessLog
from accounts.roles import SEES_FIGURES
from common import wording
from common.numbered_pages import address, page_of
from reports import ledgers, periods, xlsx
from reports.forms_ledgers import LedgerForm
from tickets import people_shown
from tickets.models import Ticket

PAGE = 50
SIGNS = 120  # of a cell on the page; the file has all of it
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@role_required(*SEES_FIGURES)
def ledger(request: HttpRequest) -> HttpResponse:
    """A page of fifty rows; `?form=xlsx` is all of them, and is put on record. Twelve queries at most."""
    form = LedgerForm({**_this_month(), **request.GET.dict()})
    kind, period, valid = form.kind_chosen, form.period, form.is_valid()
    found = ledgers.tickets_of(kind, period, Ticket.objects.visible_to(request.user))
    if valid:
        found = found.filter(**form.narrowing)
    full = people_shown.sees_personal_data(request.user)
    if valid and request.GET.get("form") == "xlsx":
        return _workbook(request, kind, period, found, full)
    page = page_of(request, found, size=PAGE)
    shown = ledgers.entries(page.rows, full=full, first=page.around["first"])
    context = {
        "form": form, "title": ledgers.KINDS[kind], "period": period, "until": period.last_day,
        **_table(kind, shown), **page.around, "workbook_url": address(request, form="xlsx"), "full": full,
    }  # fmt: skip
    return render(request, "reports/ledger.html", context, status=200 if valid else 422)


def _this_month() -> dict[str, str]:
    month = periods.containing(timezone.localdate(), "month")
    first = month.start.astimezone(periods.ZONE).date()
    return {"kind": next(iter(ledgers.KINDS)), "since": first.isoformat(), "until": month.last_day.isoformat()}


def _table(kind: str, shown: list[ledgers.Entry]) -> dict[str, Any]:
    """Columns and rows, each cell with its class; a column that says nothing on this page is not printed."""
    columns, lines = ledgers.columns(kind, on_page=True), list(ledgers.lines(kind, shown, on_page=True))
    classes = []
    for column, cells in zip(columns, zip(*lines, strict=True) if lines else [()] * len(columns), strict=True):
        classes.append(column.shape + ("" if any(cell not in (None, "") for cell in cells) else " blank"))
    of_cells = [shape if "wide" in shape else f"{shape} nowrap" for shape in classes]
    return {
        "columns": list(zip([column.name for column in columns], classes, strict=True)),
        "rows": [
            (one.ticket, list(zip(map(_shown, cells), of_cells, strict=True)))
            for one, cells in zip(shown, lines, strict=True)
        ],
    }


def _shown(cell: Any) -> str:
    """As text, which a page has twelve hundred of: a long one is cut, nothing is the empty text."""
    if isinstance(cell, datetime):
        return wording.moment(cell)
    text = "" if cell is None else str(cell)
    return Truncator(text).chars(SIGNS) if len(text) > SIGNS else text


def _workbook(request: HttpRequest, kind: str, period: periods.Period, found: Any, full: bool) -> HttpResponse:
    name = f"ledger-{kind}-{period.start:%Y%m%d}-{period.last_day:%Y%m%d}"
    rows = ledgers.all_lines(kind, found, full=full)
    titles = [str(column.name) for column in ledgers.columns(kind)]
    body, count = xlsx.table(str(ledgers.KINDS[kind]), titles, rows, fixed=2)
    user, action = request.user, AccessLog.Action.EXPORT
    accounts.log_access(user=user, action=action, subject=name, at=timezone.now(), data={"rows": count, "full": full})
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=SHEETS, headers=headers)

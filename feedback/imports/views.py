"""The pages of imports: upload, name the columns, look at what is wrong, take in, take back."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.models import User
from accounts.roles import Role
from common.cells import harmless_in_csv
from feedback.imports import services as services_import
from feedback.imports import sheets
from feedback.imports.forms import ColumnsForm, UploadForm
from feedback.models import ImportBatch, ImportRow
from feedback.sources import foreign
from tickets.models import Ticket

importers = role_required(Role.AGENT, Role.OFFICE)
State, RowState = ImportBatch.State, ImportRow.State
SHOWN, SAMPLE = 100, 6


def seen_by(request: HttpRequest) -> QuerySet[ImportBatch]:
    """The office sees every batch, an agent the own ones: rows hold what customers said and how to reach them (S-2)."""
    user = request.user
    return ImportBatch.objects.all() if user.has_role(Role.OFFICE) else ImportBatch.objects.filter(by=user)


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def listed(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            batch = services_import.read(
                content=fields["file"].read(sheets.LARGEST + 1), name=fields["file"].name, source=fields["source"].strip(),
                channel=fields["channel"], by=request.user, at=timezone.now(),
            )  # fmt: skip
        except sheets.SheetRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("feedback:import", batch.pk)
    batches = seen_by(request).select_related("by")[:50]
    return render(
        request, "feedback/imports.html", {"form": form, "batches": batches}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of one batch; what is offered follows its state."""
    row = get_object_or_404(seen_by(request).select_related("by"), pk=pk)
    form = ColumnsForm(request.POST or None, row)
    if request.method == "POST" and form.is_valid():
        if row.state in {State.READ, State.CHECKED}:
            services_import.check(row, form.mapping, at=timezone.now())
        return redirect("feedback:import", row.pk)
    return render(
        request,
        "feedback/import.html",
        context_of(row, request.user) | {"form": form},
        status=422 if form.errors else 200,
    )


def context_of(row: ImportBatch, user: User) -> dict[str, Any]:
    """Counts, the first rows as they would be read, and those to be mended with what is wrong."""
    found = row.rows.order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict.fromkeys(RowState.values, 0) | dict(found)
    total = sum(counts.values())
    settled = counts["done"] + counts["undone"] + counts["duplicate"] + counts["bad"]
    at = timezone.now()
    wrong = [{"row": one, "problems": problems(row, one, at)} for one in row.rows.filter(state=RowState.BAD)[:SHOWN]]
    return {
        "row": row, "counts": counts, "total": total, "percent": round(100 * settled / total) if total else 100,
        "sample": row.rows.exclude(cells=[])[:SAMPLE], "wrong": wrong,
        "taken": row.rows.filter(state=RowState.DONE, ticket__in=Ticket.objects.visible_to(user)).select_related("ticket")[:SHOWN],
        "duplicates": row.rows.filter(state=RowState.DUPLICATE)[:SHOWN],
        "can_undo": row.state in {State.DONE, State.RUNNING} and counts["done"] > 0,
    }  # fmt: skip


def problems(row: ImportBatch, one: ImportRow, at: Any) -> list[tuple[str, str, str]]:
    """What is wrong in a row: the field, what stands there, and why it cannot be."""
    values = services_import.values_of(one, row.mapping)
    found = foreign.read(values, at=at).problems
    return [(foreign.FIELDS[name], foreign.plain(values.get(name)), text) for name, text in found.items()]


@require_POST
@importers
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Start, take back, or throw away what never started."""
    row, asked = get_object_or_404(seen_by(request), pk=pk), request.POST.get("do", "")
    if asked == "start" and row.state == State.CHECKED:
        services_import.start(row)
    elif asked == "undo":
        try:
            services_import.undo(row, by=request.user, at=timezone.now())
        except services_import.CannotUndo as refused:
            messages.error(request, str(refused))
    elif asked == "delete" and row.state in {State.READ, State.CHECKED}:
        row.delete()
        return redirect("feedback:imports")
    return redirect("feedback:import", row.pk)


@require_safe
@importers
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows to be mended as CSV, with what is wrong; it can be uploaded again. No cell becomes a formula (S-4)."""
    row, at = get_object_or_404(seen_by(request), pk=pk), timezone.now()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([harmless_in_csv(name) for name in (*row.columns, _("What is wrong"))])
    for one in row.rows.filter(state=RowState.BAD).iterator(chunk_size=500):
        said = "；".join(f"{label}：{text}" for label, _given, text in problems(row, one, at))
        cells = [foreign.plain(cell) for cell in one.cells] + [""] * (len(row.columns) - len(one.cells))
        writer.writerow([harmless_in_csv(cell) for cell in (*cells, said)])
    headers = {
        "Content-Disposition": f'attachment; filename="import-{row.pk}-to-mend.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)

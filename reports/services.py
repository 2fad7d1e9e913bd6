"""Building, wording and approving periodic reports. A report once stored is never computed again."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from reports import conclusions, content, officehours, periods
from reports.models import Report
from tickets.models import Ticket

KINDS: tuple[periods.Interval, ...] = ("week", "month", "quarter", "year")  # Report.Kind, as intervals


class ReportNotAllowed(Exception):
    """The message says why, for the user."""


def digest(figures: dict[str, Any]) -> str:
    """SHA-256 of the figures in one canonical spelling."""
    spelled = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def is_intact(report: Report) -> bool:
    """Whether the stored figures are still those that were frozen."""
    return digest(report.figures) == report.sha256


@transaction.atomic
def build_report(*, kind: str, start: date, at: datetime, by: User | None) -> Report:
    """Freeze the report of the week, month, quarter or year that holds `start`.

    The same figures as the latest version give that version back; different ones make the next version, as a draft
    with proposed conclusions. Two builders at once wait for each other. Raises ReportNotAllowed for a period that
    has not ended.
    """
    period = periods.containing(start, Report.Kind(kind).value)  # type: ignore[arg-type]
    if period.end > at:
        raise ReportNotAllowed(_("This period has not ended yet; its figures cannot be frozen."))
    _alone(kind, period)
    return _freeze(kind, period, at, by)


def _alone(kind: str, period: periods.Period) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"report:{kind}:{period.start.isoformat()}"])


def _freeze(kind: str, period: periods.Period, at: datetime, by: User | None) -> Report:
    figures = json.loads(json.dumps(content.gather(Ticket.objects.all(), kind, period)))
    sha256 = digest(figures)
    latest = Report.objects.filter(kind=kind, start=period.start).order_by("-version").first()
    if latest and latest.sha256 == sha256:
        return latest
    return Report.objects.create(
        kind=kind,
        start=period.start,
        end=period.end,
        version=latest.version + 1 if latest else 1,
        figures=figures,
        sha256=sha256,
        conclusions=_proposed(figures),
        built_at=at,
        built_by=by,
    )


@transaction.atomic
def write_conclusions(report: Report, *, text: str, by: User) -> Report:
    """The analyst's words. An approved report is not reworded: ReportNotAllowed.

    The proposal, sent back unchanged in the language it was read in, stays one that everybody reads in their own.
    """
    fresh = _draft(report)
    unchanged = text.split("\n") == conclusions.propose(fresh.figures)
    fresh.conclusions = _proposed(fresh.figures) if unchanged else text
    fresh.save(update_fields=["conclusions"])
    return fresh


def _proposed(figures: dict[str, Any]) -> str:
    with override(settings.LANGUAGE_CODE):
        return "\n".join(conclusions.propose(figures))


@transaction.atomic
def approve(report: Report, *, by: User, at: datetime) -> Report:
    """Release a draft. Four eyes: never whoever built it. Raises ReportNotAllowed."""
    fresh = _draft(report)
    if fresh.built_by_id == by.pk:
        raise ReportNotAllowed(_("You built this report; somebody else must approve it."))
    if not is_intact(fresh):
        raise ReportNotAllowed(_("The stored figures do not match their checksum; build the report again."))
    fresh.state, fresh.approved_at, fresh.approved_by = Report.State.APPROVED, at, by
    fresh.save(update_fields=["state", "approved_at", "approved_by"])
    return fresh


def _draft(report: Report) -> Report:
    fresh = Report.objects.select_for_update().get(pk=report.pk)
    if fresh.state == Report.State.APPROVED:
        raise ReportNotAllowed(_("This report is approved and stays as it is."))
    return fresh


def build_due(*, at: datetime) -> list[Report]:
    """From the first working day of a week, month, quarter or year on: the report of the one that has just ended.

    One that is there is left alone, whoever built it, and none is built of a time before the first ticket. Asked again,
    late or by two beats at once, it builds each report once; each in a transaction of its own.
    """
    today = at.astimezone(periods.ZONE).date()
    built = []
    for kind in KINDS:
        current = periods.containing(today, kind)
        before = periods.previous(current)
        if not _is_there(kind, before) and officehours.first_working_day(current) <= today and _has_tickets(before):
            with transaction.atomic():
                _alone(kind, before)
                if not _is_there(kind, before):
                    built.append(_freeze(kind, before, at, None))
    return built


def _is_there(kind: str, period: periods.Period) -> bool:
    return Report.objects.filter(kind=kind, start=period.start).exists()


def _has_tickets(period: periods.Period) -> bool:
    return Ticket.objects.filter(received_at__lt=period.end).exists()

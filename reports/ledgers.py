"""台账: every case of a kind in the order of receipt, with the columns that the regulations ask for (D2, B3, D3).

Void and merged cases stand in it too: a number that is missing looks like a complaint that was suppressed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import wording
from reports import effect
from reports.periods import Period
from sla.models import RIGHTS, Clock
from tickets import people_shown
from tickets.models import ArchiveRecord, Assignment, Handling, Message, Review, Ticket
from tickets.querysets import TicketQuerySet
from tickets.workflow import Nature, Remedy, Verdict

BAD_REVIEW = "bad_review"
KINDS = {
    Nature.COMPLAINT.value: _("Complaints"),
    Nature.SUGGESTION.value: _("Suggestions"),
    Nature.INQUIRY.value: _("Inquiries"),
    BAD_REVIEW: _("Bad reviews"),
}
MOST = 50_000  # rows of a workbook
CHUNK = 1000
LONGEST = 500  # characters of a cell: a ledger is looked through, not read


@dataclass
class Entry:
    """One case with everything that a row needs, so that no row asks the database."""

    position: int
    ticket: Ticket
    customer: dict[str, Any]
    co_departments: list[str] = field(default_factory=list)
    sheet: Handling | None = None
    result: str = ""
    reviews: list[Review] = field(default_factory=list)
    late: int = 0
    came_back: bool = False


@dataclass(frozen=True)
class Column:
    """`only_in_file`: long or seldom asked for; a sheet of paper has no room for it."""

    name: Any
    value: Callable[[Entry], Any]
    shape: str = ""  # wide, narrow, when, code: how much of a sheet of paper it takes
    only_in_file: bool = False


def named(row: Any) -> str:
    return str(row) if row else ""


def archive_number(ticket: Ticket) -> str:
    """D6: under which it was filed. A case that was reopened keeps it."""
    record: ArchiveRecord | None = getattr(ticket, "archive", None)
    return record.number if record else ""


def _of_sheet(read: Callable[[Handling], Any]) -> Callable[[Entry], Any]:
    return lambda entry: read(entry.sheet) if entry.sheet else ""


def _remedy(sheet: Handling) -> str:
    said = str(Remedy(sheet.remedy).label) if sheet.remedy else ""
    return f"{said} {wording.money(sheet.amount)}" if sheet.amount is not None else said


def _reviews(entry: Entry) -> str:
    return gettext("; ").join(
        f"{row.gate_label} {row.get_decision_display()} {named(row.decided_by)}".strip()
        for row in entry.reviews
        if row.decision
    )


FIRST = (
    Column(_("No."), lambda entry: entry.position, shape="narrow"),
    Column(_("Number"), lambda entry: entry.ticket.number, shape="code"),
    Column(_("Received at"), lambda entry: entry.ticket.received_at, shape="when"),
    Column(_("Channel"), lambda entry: entry.ticket.get_channel_display()),
    Column(_("Customer"), lambda entry: entry.customer.get("name", "")),
    Column(_("Phone"), lambda entry: entry.customer.get("phone", ""), shape="code"),
    Column(_("Region"), lambda entry: named(entry.ticket.region) or entry.ticket.region_text),
    Column(_("Happened at"), lambda entry: entry.ticket.occurred_at, shape="when"),
    Column(_("Place"), lambda entry: entry.ticket.place),
    Column(_("Category"), lambda entry: named(entry.ticket.category)),
    Column(_("Tier"), lambda entry: entry.ticket.tier, shape="narrow"),
    Column(_("Subject"), lambda entry: entry.ticket.subject, shape="wide"),
    Column(_("Content"), lambda entry: entry.ticket.content, shape="wide", only_in_file=True),
    Column(_("Remedy sought"), lambda entry: entry.ticket.remedy_sought, only_in_file=True),
    Column(_("First contact"), lambda entry: named(entry.ticket.first_contact)),
    Column(_("Department"), lambda entry: named(entry.ticket.department)),
    Column(_("Co-departments"), lambda entry: gettext(", ").join(entry.co_departments)),
    Column(_("Owner"), lambda entry: named(entry.ticket.owner)),
    Column(_("First response"), lambda entry: entry.ticket.first_response_at, only_in_file=True),
    Column(_("Expected by"), lambda entry: entry.ticket.expected_by, shape="when"),
)
WORKED = (
    Column(_("Cause"), _of_sheet(lambda sheet: named(sheet.cause))),
    Column(_("Measures"), _of_sheet(lambda sheet: sheet.measures), shape="wide"),
    Column(_("Expected goal"), _of_sheet(lambda sheet: sheet.goal), only_in_file=True),
    Column(_("To be done by"), _of_sheet(lambda sheet: sheet.limit), shape="when"),
    Column(_("Remedy"), _of_sheet(_remedy)),
)


def _effect(entry: Entry) -> str:
    ticket = entry.ticket
    found = effect.judged(ticket, round_=ticket.round, rating=ticket.rating, came_back=entry.came_back)
    return str(effect.SHORT[found]) if found else ""


REVIEWED = (Column(_("Reviews"), _reviews, shape="wide"),)
EFFECT = (Column(_("Effect"), _effect),)
OWN: dict[str, tuple[Column, ...]] = {
    Nature.COMPLAINT.value: (*WORKED, *REVIEWED),
    BAD_REVIEW: (
        Column(_("Stars"), lambda entry: entry.ticket.stars, shape="narrow"),
        Column(_("Source"), lambda entry: entry.ticket.source),
        *WORKED,
        *REVIEWED,
    ),
    Nature.SUGGESTION.value: (
        Column(_("Assessment"), _of_sheet(lambda sheet: str(Verdict(sheet.verdict).label) if sheet.verdict else "")),
        Column(_("Reason"), _of_sheet(lambda sheet: sheet.verdict_reason), shape="wide"),
    ),
    Nature.INQUIRY.value: (),
}
LAST = (
    Column(_("Result"), lambda entry: entry.result, shape="wide"),
    Column(_("Resolved at"), lambda entry: entry.ticket.resolved_at, shape="when"),
    Column(_("Round"), lambda entry: entry.ticket.round, shape="narrow"),
    Column(_("Limits missed"), lambda entry: entry.late, shape="narrow"),
    Column(_("Rating"), lambda entry: entry.ticket.get_rating_display() if entry.ticket.rating else ""),
    Column(_("State"), lambda entry: entry.ticket.state_label),
    Column(_("Archive number"), lambda entry: archive_number(entry.ticket), shape="code"),
)


def columns(kind: str, *, on_page: bool = False) -> tuple[Column, ...]:
    rectified = EFFECT if kind in {Nature.COMPLAINT, BAD_REVIEW} else ()
    return tuple(one for one in (*FIRST, *OWN[kind], *LAST, *rectified) if not (on_page and one.only_in_file))


def tickets_of(kind: str, period: Period, visible: TicketQuerySet) -> TicketQuerySet:
    """The cases of a ledger, received within [start, end), in the order of receipt."""
    wanted = {"is_bad_review": True} if kind == BAD_REVIEW else {"nature": kind}
    found = visible.filter(received_at__gte=period.start, received_at__lt=period.end, **wanted)
    related = ("customer", "region", "category", "department", "owner", "first_contact", "archive")
    return found.select_related(*related).defer("verdict", "content").order_by("received_at", "pk")


def entries(tickets: Sequence[Ticket], *, full: bool, first: int = 1) -> list[Entry]:
    """Six queries for all of them. Personal data is masked unless `full`; `first` is the position of the first one."""
    found = {
        one.pk: Entry(position, one, people_shown.shown(one.customer, full=full) or {})
        for position, one in enumerate(tickets, start=first)
    }
    parts = Assignment.objects.filter(ticket__in=found, role=Assignment.Role.CO).exclude(end_reason="waived")
    for part in parts.select_related("department").order_by("assigned_at", "pk"):
        if (name := str(part.department)) not in found[part.ticket_id].co_departments:
            found[part.ticket_id].co_departments.append(name)
    for sheet in Handling.objects.filter(ticket__in=found).select_related("cause").order_by("round"):
        found[sheet.ticket_id].sheet = sheet
    answers = Message.objects.filter(ticket__in=found, direction=Message.Direction.OUT).order_by("at", "pk")
    said = dict(answers.values_list("ticket_id", "text"))  # the last one of each stays
    for review in Review.objects.filter(ticket__in=found).select_related("decided_by").order_by("round", "pk"):
        found[review.ticket_id].reviews.append(review)
    late: dict[int, int] = defaultdict(int)
    missed = Clock.objects.filter(ticket__in=found).exclude(breached_at=None).exclude(metric__in=RIGHTS).order_by()
    late.update(missed.values_list("ticket_id").annotate(times=Count("pk")))
    back = effect.came_back(found)
    for key, entry in found.items():
        resolved = entry.ticket.resolved_at is not None
        entry.result = (entry.sheet.result if entry.sheet else "") or (said.get(key, "") if resolved else "")
        entry.late, entry.came_back = late[key], key in back
    return list(found.values())


def lines(kind: str, rows: Iterable[Entry], *, on_page: bool = False) -> Iterator[list[Any]]:
    """The cells of each row, moments as such; texts shortened to `LONGEST`."""
    chosen = columns(kind, on_page=on_page)
    for entry in rows:
        cells = [column.value(entry) for column in chosen]
        yield [cell[:LONGEST] if isinstance(cell, str) else cell for cell in cells]


def all_lines(kind: str, tickets: TicketQuerySet, *, full: bool) -> Iterator[list[Any]]:
    """All rows up to `MOST`, a thousand cases in memory at a time."""
    rows, first = tickets.defer(None).defer("verdict")[:MOST].iterator(chunk_size=CHUNK), 1
    while chunk := list(islice(rows, CHUNK)):
        yield from lines(kind, entries(chunk, full=full, first=first))
        first += len(chunk)

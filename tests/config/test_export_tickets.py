"""What leaves the house is whole, on record, and can be brought in elsewhere with the same figures."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessLog
from sla.models import Clock
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
AT = moment("2026-10-12 09:00")
OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


def exported(**options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("export_tickets", **OCTOBER | options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def a_case_of_two_rounds(chen, after_sales, day: int = 12) -> Ticket:
    ticket = a_ticket(moment(f"2026-10-{day} 09:00"), department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=moment(f"2026-10-{day} 09:10"))
    ticket = tickets.reply(ticket, text="马上来看。", by=chen, at=moment(f"2026-10-{day} 09:20"))
    ticket = tickets.resolve(ticket, text="修好了。", by=chen, at=moment(f"2026-10-{day} 17:00"))
    return tickets.reopen(ticket, reason="还在漏", by=None, at=moment(f"2026-10-{day + 1} 09:00"))


def test_a_line_holds_history_words_parts_and_clocks(chen, after_sales) -> None:
    create_defaults()
    ticket = a_case_of_two_rounds(chen, after_sales)
    (line,) = exported()
    assert line["number"] == line["external_id"] == ticket.number
    assert line["customer"]["phone"] == "13800001234"
    assert [event["kind"] for event in line["events"]][-1] == "reopen"
    assert [message["text"] for message in line["messages"]] == ["马上来看。", "修好了。"]
    assert line["assignments"][0]["department"] == "after_sales"
    assert {"first_response", "resolution"} <= {clock["metric"] for clock in line["clocks"]}
    assert [datetime.fromisoformat(at) for at in line["resolved_at"]] == [moment("2026-10-12 17:00")]
    assert line["reopened_at"]


def test_every_run_is_in_the_access_log() -> None:
    exported(purpose="检查")
    row = AccessLog.objects.get(action="export")
    assert row.purpose == "检查"
    assert row.data["from"].startswith("2026-10-01")


def test_only_the_period_is_written_and_a_wrong_one_refused() -> None:
    a_ticket(moment("2026-09-30 23:59"))
    inside = a_ticket(moment("2026-10-01 00:00"))
    a_ticket(moment("2026-11-01 00:00"))
    assert [line["number"] for line in exported()] == [inside.number]
    with pytest.raises(CommandError):
        exported(start="yesterday")


def test_queries_do_not_grow_with_tickets(chen, after_sales) -> None:
    counts = []
    for days in ((12,), (13, 14, 15)):
        for day in days:
            a_case_of_two_rounds(chen, after_sales, day)
        with CaptureQueriesContext(connection) as queries:
            exported()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_was_exported_comes_in_again_with_the_same_times_and_limits(tmp_path: Path, chen, after_sales) -> None:
    create_defaults()
    first = a_case_of_two_rounds(chen, after_sales)
    (line,) = exported()
    file = tmp_path / "out.jsonl"
    file.write_text(json.dumps(line), "utf-8")
    call_command("import_tickets", str(file), source="copy", stdout=io.StringIO())
    second = Ticket.objects.get(source="copy")
    for name in ("received_at", "first_response_at", "first_resolved_at", "round", "owner_id", "department_id"):
        assert getattr(second, name) == getattr(first, name), name

    def limits(ticket: Ticket) -> list[Any]:
        wanted = Clock.objects.filter(ticket=ticket, metric__in=["first_response", "resolution"])
        return list(wanted.order_by("round", "metric").values_list("metric", "round", "due_at", "state", "elapsed_s"))

    assert limits(second) == limits(Ticket.objects.get(pk=first.pk))

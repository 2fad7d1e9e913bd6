"""PIPL, D6: what was erased at the end of its keeping is brought back by no file and no hook that still holds it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from feedback.imports import services as services_import
from feedback.models import RawMessage, Source
from tests.feedback import test_imports as sheets
from tests.feedback import test_inbound as hooks
from tests.feedback.test_receive import receive
from tests.make import NOON
from tests.tickets.test_erasure import LATE, a_list
from tickets import defaults
from tickets import services as tickets
from tickets.archive import services_erasure, stay_erased
from tickets.models import Customer, ErasedReference, Ticket

pytestmark = pytest.mark.django_db
WANG = {"name": "王小明", "phone": "13800001234"}


@pytest.fixture
def gone(zhou: User, chen: User, tang: User, after_sales: Any) -> Ticket:
    """The case `r-1` of the source `taobao`, closed, and erased years later."""
    defaults.create_archive_classes()
    ticket = receive(customer=WANG, source="taobao", external_id="r-1").ticket
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已更换，谢谢您。", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="satisfied", at=NOON)
    ticket = tickets.close(ticket, by=None, at=NOON)
    services_erasure.decide(a_list(ticket, zhou), approved=True, reason="同意", by=tang, at=LATE)
    assert services_erasure.erase_approved(at=LATE) == 1
    ticket.refresh_from_db()
    assert (ticket.external_id, ticket.content) == ("", "")
    return ticket


def test_the_reference_itself_is_kept_nowhere(gone: Ticket, settings: Any) -> None:
    row = ErasedReference.objects.get()
    assert "r-1" not in row.digest and row.erased_at == LATE
    assert stay_erased.among("taobao", ["r-1", "r-2", ""]) == {"r-1"}
    assert stay_erased.among("jd", ["r-1"]) == set()
    settings.SECRET_KEY = "another-key-than-the-one-that-was-used" * 2
    assert stay_erased.among("taobao", ["r-1"]) == set()  # nobody without the key can try references out


def test_a_file_of_history_names_the_line_and_takes_the_others(gone: Ticket, tmp_path: Path) -> None:
    line = {
        "channel": "review", "nature": "complaint", "content": "送货太慢。", "received_at": "2026-10-09T09:00:00+08:00",
        "customer": WANG,
    }  # fmt: skip
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(json.dumps(line | {"external_id": one}) for one in ("r-1", "r-2")), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_tickets", str(file), source="taobao", stdout=out, stderr=err)
    assert out.getvalue().strip() == "imported 1, skipped 1, failed 0"
    assert "r-1" in err.getvalue() and "r-2" not in err.getvalue()
    assert set(Ticket.objects.exclude(external_id="").values_list("external_id", flat=True)) == {"r-2"}


def test_a_spreadsheet_shows_it_as_known_before_and_while_it_is_taken_in(gone: Ticket, lin: User) -> None:
    rows = [["r-1", *sheets.ROWS[0][1:]], ["r-2", *sheets.ROWS[1][1:]]]
    batch = sheets.read(lin, sheets.a_csv(rows), source="taobao")
    assert services_import.check(batch, batch.mapping, at=LATE) == {"duplicate": 1, "ready": 1}
    batch.rows.update(state="ready")  # as if it had been erased after somebody looked
    services_import.start(batch)
    services_import.run_due(LATE)
    assert sorted(batch.rows.values_list("reference", "state")) == [("r-1", "duplicate"), ("r-2", "done")]
    assert not Customer.objects.filter(phone=WANG["phone"]).exists()


def test_a_hook_is_told_so_and_not_even_its_raw_body_is_kept(gone: Ticket, client: Client) -> None:
    source = Source.objects.create(code="taobao", name="淘宝", channel="review", mapping=hooks.MAPPING, created_at=NOON)
    before = RawMessage.objects.count()
    assert hooks.call(client, source, hooks.BODY).json() == {"outcome": "ignored", "reason": "erased"}
    assert RawMessage.objects.count() == before and Ticket.objects.count() == 1
    other = hooks.call(client, source, hooks.review(id="r-2"), event="e2")
    assert other.json()["outcome"] == "ticket"

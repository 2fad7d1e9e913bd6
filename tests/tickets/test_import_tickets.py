"""History comes in at its own times, once, and a bad line stops nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from accounts.models import Department, User
from notices.models import Notice
from tickets.imported import services_import_file
from tickets.models import Category, Customer, SearchDocument, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
LINE = {
    "external_id": "1",
    "channel": "web",
    "nature": "complaint",
    "category": "老类别",
    "region": "火星市",
    "department": "旧部门",
    "owner": "旧人",
    "customer": {"name": "王", "phone": "13800001234", "email": "w@example.com"},
    "subject": "空调漏水",
    "content": "空调漏水，修了两次。",
    "received_at": "2026-10-09T09:00:00+08:00",
    "first_response_at": "2026-10-09T10:00:00+08:00",
    "resolved_at": ["2026-10-10T09:00:00+08:00", "2026-10-13T09:00:00+08:00"],
    "reopened_at": ["2026-10-11T09:00:00+08:00"],
    "closed_at": "2026-10-20T09:00:00+08:00",
    "satisfaction": "satisfied",
}


def bring(tmp_path: Path, *lines: Any, source: str = "old") -> tuple[str, str]:
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_tickets", str(file), source=source, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def test_a_case_of_two_rounds_comes_in_with_its_whole_story(tmp_path: Path) -> None:
    assert bring(tmp_path, LINE)[0] == "imported 1, skipped 0, failed 0"
    ticket = Ticket.objects.get()
    story = ticket.events.exclude(kind="breach").order_by("at", "pk").values_list("round", "kind")
    assert list(story) == [
        (1, "register"), (1, "assign"), (1, "accept"), (1, "reply"), (1, "resolve"),
        (2, "reopen"), (2, "reply"), (2, "resolve"), (2, "rate"), (2, "close"),
    ]  # fmt: skip
    assert (ticket.status, ticket.round, ticket.rating) == ("closed", 2, "satisfied")
    assert ticket.number.startswith("Q20261009-")
    assert ticket.first_resolved_at < ticket.resolved_at
    assert all(event.data["imported"] for event in ticket.events.all())
    assert ticket.region_text == "火星市"


def test_unknown_names_are_made_inactive(tmp_path: Path) -> None:
    bring(tmp_path, LINE)
    assert not Department.objects.get(name="旧部门").is_active
    assert not User.objects.get(name="旧人").is_active
    assert not Category.objects.get(name="老类别").is_active


def test_nobody_is_told_of_history(tmp_path: Path, zhou: Any, tang: Any) -> None:
    bring(tmp_path, LINE | {"tier": "L1"})
    assert not Notice.objects.exists()


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    bring(tmp_path, LINE, LINE | {"external_id": "2"})
    events = TicketEvent.objects.count()
    assert bring(tmp_path, LINE, LINE | {"external_id": "2"})[0] == "imported 0, skipped 2, failed 0"
    assert TicketEvent.objects.count() == events
    assert bring(tmp_path, LINE, source="another")[0] == "imported 1, skipped 0, failed 0"


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = ["{", "[]", {**LINE, "external_id": "9", "nature": "poem"}, {**LINE, "external_id": "8", "content": "\u200b"},
           {**LINE, "external_id": "7", "received_at": "yesterday"}, {**LINE, "external_id": ""}]  # fmt: skip
    out, err = bring(tmp_path, *bad, LINE)
    assert out == "imported 1, skipped 0, failed 6"
    assert [line.split(":")[0] for line in err.splitlines()] == [f"line {number}" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ('{"external_id" 9}', "not JSON, at character 16"),
        (LINE | {"external_id": "\u200b"}, "external_id: missing"),
        (LINE | {"external_id": "9", "subject": "长" * 201}, "subject: longer than 200"),
        (LINE | {"external_id": "9", "department": "部" * 101}, "department: longer than 100"),
        (LINE | {"external_id": "9", "customer": {"name": "王" * 101}}, "customer.name: longer than 100"),
        (LINE | {"external_id": "9", "customer": {"phone": [1]}}, "customer.phone: not a text"),
        (LINE | {"external_id": "9", "received_at": "2026-02-30T09:00:00+08:00"}, "received_at: not a time (ISO 8601)"),
        (LINE | {"external_id": "9", "content": None}, "content: missing"),
    ],
)  # fmt: skip
def test_an_odd_line_is_named_with_its_field_and_nothing_is_cut_off(tmp_path: Path, odd: Any, why: str) -> None:
    with override("en"):
        out, err = bring(tmp_path, odd, "", "  ", LINE)
    assert (out, err.strip()) == ("imported 1, skipped 0, failed 1", f"line 1: {why}")


def test_a_byte_order_mark_is_no_part_of_the_first_line_and_other_encodings_are_named(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    lines = ["\ufeff".encode() + json.dumps(LINE).encode(), json.dumps(LINE, ensure_ascii=False).encode("gbk")]
    file.write_bytes(b"\r\n".join(lines))
    out, err = io.StringIO(), io.StringIO()
    with override("en"):
        call_command("import_tickets", str(file), stdout=out, stderr=err)
    assert out.getvalue().strip() == "imported 1, skipped 0, failed 1"
    assert err.getvalue().strip() == "line 2: not UTF-8"


def test_a_reference_that_is_here_with_another_text_is_told_of(tmp_path: Path) -> None:
    other = LINE | {"content": "完全是另一件事情。"}
    with override("en"):
        out, err = bring(tmp_path, LINE, LINE, other)
        assert (out, err.splitlines()) == (
            "imported 1, skipped 2, failed 0",
            ["line 3: external_id “1” is here already, with another text; not taken"],
        )
        assert bring(tmp_path, other, LINE)[1].startswith("line 1: external_id “1”")


def test_fields_that_are_not_known_are_named_once_with_how_many_lines_had_them(tmp_path: Path) -> None:
    odd = {"priority": "高", "customer": {"wechat": "w"}}
    out, err = bring(tmp_path, LINE | odd, LINE | odd | {"external_id": "2"})
    assert out.startswith("imported 2")
    assert sorted(err.splitlines()) == [
        f"field '{name}' is not known and was left out, in 2 lines" for name in ("customer.wechat", "priority")
    ]


def test_resolved_without_a_first_response_means_that_the_result_was_it(tmp_path: Path) -> None:
    line = {name: value for name, value in LINE.items() if name not in {"first_response_at", "reopened_at"}}
    bring(tmp_path, line | {"resolved_at": "2026-10-10T09:00:00+08:00"})
    ticket = Ticket.objects.get()
    assert ticket.first_response_at == ticket.resolved_at
    assert ticket.events.get(kind="reply").data["first"]


def test_an_open_case_stays_open_and_numbers_follow_the_day_of_receipt(tmp_path: Path) -> None:
    names = ("resolved_at", "reopened_at", "closed_at", "satisfaction", "owner", "first_response_at")
    opened = {name: value for name, value in LINE.items() if name not in names}
    bring(
        tmp_path, *[opened | {"external_id": str(n), "received_at": f"2026-10-09T09:0{n}:00+08:00"} for n in range(3)]
    )
    rows = Ticket.objects.order_by("received_at")
    assert [row.number for row in rows] == [f"Q20261009-00000{n}" for n in (1, 2, 3)]
    assert {row.status for row in rows} == {"assigned"}


def test_imported_cases_are_found_by_search(tmp_path: Path) -> None:
    bring(tmp_path, LINE)
    body = SearchDocument.objects.get().body
    assert "空调漏水" in body
    assert "13800001234" in body


def test_one_customer_for_the_same_person(tmp_path: Path) -> None:
    bring(tmp_path, LINE, LINE | {"external_id": "2"}, LINE | {"external_id": "3", "customer": {"name": "李"}})
    assert Ticket.objects.values("customer").distinct().count() == 2


def test_real_history_comes_in_whole() -> None:
    file = Path(__file__).resolve().parents[3] / "shared/data/zh/history_with_replies_dev.jsonl"
    if not file.exists():
        pytest.skip(f"{file.name} is not there")
    out = io.StringIO()
    call_command("import_tickets", str(file), stdout=out, stderr=io.StringIO())
    assert "imported 1531, skipped 0, failed 0" in out.getvalue()
    assert Ticket.objects.filter(status="resolved").count() == 1531


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_a_long_file_and_agree_on_people_names_and_numbers(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(services_import_file, "BATCH", 10)
    lines: list[Any] = [
        LINE
        | {
            "external_id": str(n),
            "department": f"部门{n % 3}",
            "owner": f"人{n % 3}",
            "customer": {"name": "客", "phone": f"1380000000{n % 4}"},
        }
        for n in range(95)
    ]
    lines[50] = "{"
    lines.append(lines[0])
    out, err = bring(tmp_path, *lines)
    assert out == "imported 94, skipped 1, failed 1"
    assert err.startswith("line 51: ")
    numbers = sorted(Ticket.objects.values_list("number", flat=True))
    assert numbers == [f"Q20261009-{n:06d}" for n in range(1, 95)]
    assert Department.objects.count() == User.objects.count() == 3
    assert Category.objects.filter(name="老类别").count() == 1
    assert Customer.objects.count() == 4
    assert bring(tmp_path, *lines)[0] == "imported 0, skipped 95, failed 1"


def test_a_name_that_stands_twice_in_a_line_is_named_and_not_guessed(tmp_path: Path) -> None:
    twice = json.dumps(LINE).replace('"owner"', '"nature": "inquiry", "owner"')
    within = json.dumps(LINE | {"external_id": "2"}).replace('"phone"', '"name": "李", "phone"')
    out, err = bring(tmp_path, twice, within, LINE | {"external_id": "3"})
    assert out == "imported 1, skipped 0, failed 2"
    assert "1" in err and "nature" in err and "name" in err

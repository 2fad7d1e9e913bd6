"""A spreadsheet: uploaded, its columns named, looked at, taken in row by row, taken back (B2.1 S-4)."""
# ruff: noqa: E501

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import User
from feedback.imports import services as services_import
from feedback.imports import sheets
from feedback.models import ImportBatch, ImportRow
from notices.models import Notice
from sla import services_setup, services_sweep
from tests.corpus import inputs
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HEAD = ["评价编号", "评价内容", "星级", "昵称", "电话", "评价时间", "链接"]
ROWS = [
    ["1", "送货太慢，包装也破了。", 2, "小王", "13800001234", "2026-11-20 10:00", "https://shop.example/1"],
    ["2", "非常满意，安装师傅很专业。", 5, "小李", "", "2026/11/21", ""],
    ["3", "", 1, "小张", "", "", ""],
    ["4", "客服一直不回复消息。", "九星", "小赵", "123", "昨天", "javascript:x"],
    ["1", "送货太慢，包装也破了。", 2, "小王", "13800001234", "2026-11-20 10:00", ""],
]


def a_csv(rows: list[list[Any]] | None = None, code: str = "utf-8-sig", divider: str = ",") -> bytes:
    lines = [HEAD, *(ROWS if rows is None else rows)]
    return "\r\n".join(divider.join(f'"{cell}"' for cell in line) for line in lines).encode(code)


def an_xlsx(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def read(lin: User, content: bytes, source: str = "美团") -> ImportBatch:
    return services_import.read(content=content, name="评价.csv", source=source, channel="review", by=lin, at=NOON)


def taken_in(batch: ImportBatch) -> ImportBatch:
    services_import.check(batch, batch.mapping, at=NOON)
    services_import.start(batch)
    services_import.run_due(NOON)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize(
    "content",
    [
        a_csv(),
        a_csv(code="gb18030"),
        a_csv(code="utf-16"),
        a_csv(divider=";"),
        a_csv(divider="\t"),
        an_xlsx([HEAD, *ROWS]),
    ],
)
def test_columns_are_proposed_by_their_headings_whatever_the_form(lin: User, content: bytes) -> None:
    batch = read(lin, content)
    assert batch.mapping == {"external_id": 0, "content": 1, "rating": 2, "name": 3, "phone": 4, "said_at": 5, "url": 6}
    assert batch.rows.count() == 5


def test_a_workbook_shows_the_columns_that_it_has_and_no_others(lin: User) -> None:
    batch = read(lin, an_xlsx([HEAD, *ROWS]))
    assert {len(row.cells) for row in batch.rows.all()} == {len(HEAD)}


def test_rows_are_looked_at_before_anything_is_taken_in(lin: User) -> None:
    batch = read(lin, a_csv())
    assert services_import.check(batch, batch.mapping, at=NOON) == {"ready": 2, "bad": 2, "duplicate": 1}
    assert not Ticket.objects.exists()


def test_what_is_ready_becomes_tickets_and_the_cells_are_dropped(lin: User) -> None:
    batch = taken_in(read(lin, a_csv()))
    assert batch.state == "done"
    bad, good = Ticket.objects.order_by("stars")
    assert (bad.content, bad.stars, bad.is_bad_review, bad.customer.phone) == (
        "送货太慢，包装也破了。",
        2,
        True,
        "13800001234",
    )
    assert (bad.source, bad.external_id, good.is_bad_review) == ("美团", "1", False)
    assert bad.claimed_at.isoformat() == "2026-11-20T02:00:00+00:00"
    assert batch.rows.filter(state="done", cells=[]).count() == 2
    assert not Notice.objects.filter(kind="received").exists()


def test_the_same_file_again_takes_nothing_in_twice_with_or_without_references(lin: User) -> None:
    for rows in (ROWS, [["", *row[1:]] for row in ROWS]):
        Ticket.objects.filter(source="美团").update(external_id="")
        taken_in(read(lin, a_csv(rows)))
        count = Ticket.objects.count()
        again = taken_in(read(lin, a_csv(rows)))
        assert (Ticket.objects.count(), again.rows.filter(state="done").count()) == (count, 0)


def test_an_import_that_was_interrupted_goes_on(lin: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(services_import, "CHUNK", 2)
    rows = [[str(n), f"第{n}条评价，包装破损了。", 1, "", "", "", ""] for n in range(7)]
    batch = read(lin, a_csv(rows))
    services_import.check(batch, batch.mapping, at=NOON)
    services_import.start(batch)
    services_import._chunk(NOON)
    assert Ticket.objects.count() == 2
    services_import.run_due(NOON)
    assert Ticket.objects.count() == 7


def test_taking_back_voids_what_nobody_worked_on_and_tells_no_customer(lin: User, zhou: User) -> None:
    rows = [[str(n), f"第{n}条评价，包装破损了。", 1, "", "", "", ""] for n in range(3)]
    batch = taken_in(read(lin, a_csv(rows)))
    worked = Ticket.objects.order_by("pk")[0]
    tickets.reply(worked, text="抱歉。", by=zhou, at=NOON)
    assert services_import.undo(batch, by=lin, at=NOON + timedelta(minutes=5)) == 2
    assert ImportBatch.objects.get().state == "undone"
    assert sorted(Ticket.objects.values_list("status", flat=True))[-2:] == ["void", "void"]
    assert not Notice.objects.filter(kind="void", state="waiting").exists()
    with pytest.raises(services_import.CannotUndo):
        services_import.undo(batch, by=lin, at=NOON)
    again = taken_in(read(lin, a_csv(rows)))
    assert again.rows.filter(state="done").count() == 2


def test_a_large_import_is_taken_back_a_part_at_a_time_while_its_page_tells_how_far(
    client: Client, lin: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services_import, "CHUNK", 2)
    batch = taken_in(read(lin, a_csv([[str(n), f"第{n}条评价，包装破损了。", 1, "", "", "", ""] for n in range(5)])))
    client.force_login(lin)
    path = f"/imports/{batch.pk}/"
    client.post(path + "act/", {"do": "undo"})
    assert Ticket.objects.filter(status="void").count() == 2
    page = client.get(path).content.decode()
    assert "正在撤回：已撤回 2 件" in page and 'http-equiv="refresh"' in page
    services_import.run_due(timezone.now())
    assert Ticket.objects.filter(status="void").count() == 5
    assert set(Ticket.objects.values_list("external_id", flat=True)) == {""}
    assert "已撤回 5 件工单" in client.get(path).content.decode()
    by = Ticket.objects.first().events.get(kind="void").actor
    assert by == lin


def test_who_let_imported_cases_be_late_does_not_take_them_back(lin: User, zhou: User) -> None:
    """A void case is in no figure: taken back, an import would hide what was late. The office may, as with every case."""
    services_setup.create_defaults()
    rows = [[str(n), f"第{n}条评价，包装破损了。", 1, "", "", "", ""] for n in range(2)]
    batch = taken_in(read(lin, a_csv(rows)))
    late = NOON + timedelta(days=3)
    first = Ticket.objects.order_by("pk")[0]
    assert first.next_due_at < late
    assert not services_import.untouched(batch, by=lin, at=late).exists(), "before the sweep"
    services_sweep.sweep(late)
    Ticket.objects.update(next_due_at=None)
    assert not services_import.untouched(batch, by=lin, at=late).exists(), "after it"
    assert services_import.untouched(batch, by=lin, at=NOON).count() == 0
    assert services_import.undo(batch, by=zhou, at=late) == 2


def crafted(rows: str) -> bytes:
    """A workbook whose sheet is written by somebody who means harm."""
    out, made = io.BytesIO(), zipfile.ZipFile(io.BytesIO(an_xlsx([["内容", "星级"]])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in made.namelist():
            if not name.endswith("sheet1.xml"):
                packed.writestr(name, made.read(name))
        start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        packed.writestr("xl/worksheets/sheet1.xml", f"{start}{rows}</sheetData></worksheet>")
    return out.getvalue()


def inline(row: int, text: str, number: str = "1") -> str:
    return (
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c><c r="B{row}"><v>{number}</v></c></row>'
    )


@pytest.mark.parametrize(
    "rows", ["<row/>" * 14_000_000, inline(1, "内容") + "<row><c/></row>" * 1_600_000], ids=["rows", "cells"]
)
def test_a_small_workbook_of_millions_of_elements_is_refused_before_it_is_read(rows: str, monkeypatch: Any) -> None:
    content = crafted(rows)
    assert len(content) < 2**20
    monkeypatch.setattr(sheets, "load_workbook", lambda *args, **options: pytest.fail("it was read"))
    with pytest.raises(sheets.SheetRefused):
        sheets.read(content)


def test_a_number_without_end_is_an_empty_cell(lin: User) -> None:
    content = crafted(inline(1, "内容", "5") + inline(2, "空调坏了，两次上门没有修好。", "1E999"))
    assert read(lin, content).rows.get().cells[:2] == ["空调坏了，两次上门没有修好。", ""]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<a/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 2**20))
    return out.getvalue()


def an_entity() -> bytes:
    """A workbook whose strings are defined by entities of entities."""
    source, out = io.BytesIO(an_xlsx([HEAD, *ROWS[:1]])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(("sharedStrings.xml", "sheet1.xml")):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + content.partition(b"?>")[2]
            new.writestr(entry, content)
    return out.getvalue()


def test_one_long_text_in_every_cell_is_refused():
    """A workbook holds a text once, however many cells show it: such a file of 2 MB were gigabytes of rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place in range(101 * 40):
            sheet.write_string(place // 40, place % 40, "长" * 30_000 if place >= 40 else "内容")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(sheets.SheetRefused):
        sheets.read(out.getvalue())


@pytest.mark.parametrize(
    "content",
    [b"", b"   ", b"\xff\xfe\x00", b"\x00\x01\x02", b"only a heading", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x", b"x" * (sheets.LARGEST + 1),
     b"a,b\r\n" + b"1,2\r\n" * 20_001, b'a\r\n"' + b"x" * 200_000 + b'"', bomb(), an_entity(), b"%PDF-1.4"],
    ids=["empty", "blank", "bom", "binary", "one line", "broken", "old excel", "large", "long", "cell", "bomb", "entity", "pdf"],
)  # fmt: skip
def test_a_file_that_is_no_good_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(sheets.SheetRefused) as refused:
        sheets.read(content)
    assert str(refused.value)


def test_a_sheet_of_empty_rows_and_far_cells_is_read_to_its_end_only() -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    book.active.append(ROWS[0])
    book.active["XFD1048576"] = "far"
    book.save(out)
    sheet = sheets.read(out.getvalue())
    assert (len(sheet.columns), len(sheet.rows)) == (7, 1)


def test_a_title_above_the_headings_is_none_of_them() -> None:
    book = Workbook()
    sheet = book.active
    sheet.merge_cells("A1:C1")
    sheet["A1"] = "天猫旗舰店 2026年11月 评价导出"
    for row in ([], ["评价内容", "评分", "买家昵称"], ["一直漏水", 1, "晴天"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    found = sheets.read(out.getvalue())
    assert (found.columns, found.rows) == (["评价内容", "评分", "买家昵称"], [(4, ["一直漏水", 1, "晴天"])])
    for divider in ",;\t":
        lines = ["评价导出", "", divider.join(found.columns), divider.join(["一直漏水", "1", "晴天"])]
        assert sheets.read("\r\n".join(lines).encode("gbk")).columns == found.columns
    long = "空调装好第二天就漏水，打了三次电话，师傅一直没有来，客服也不回消息"
    assert sheets.read(f"内容,,\n{long},1,\n".encode()).columns == ["内容", ""]
    assert sheets.read("意见\n一直漏水\n没人来修\n".encode()).columns == ["意见"]


def test_a_row_has_the_number_that_a_spreadsheet_gives_it() -> None:
    found = sheets.read('内容,评分\n"一直漏水\n没人来修",1\n\n太慢,2\n'.encode())
    assert [line for line, _cells in found.rows] == [2, 4]


def test_a_first_sheet_with_nothing_in_it_is_passed_over() -> None:
    book = Workbook()
    book.create_sheet().append(["内容"])
    book.worksheets[1].append(["一直漏水"])
    out = io.BytesIO()
    book.save(out)
    assert sheets.read(out.getvalue()).rows == [(2, ["一直漏水"])]


def test_dates_formulas_and_numbers_of_a_workbook_are_what_they_show(lin: User) -> None:
    rows = [
        HEAD,
        [1.0, "第一条评价，包装破损。", 4.0, "=1+1", 13800001234, datetime(2026, 11, 20, 10), None],
        [2, "第二条评价，包装破损。", "3星", "x", None, 46346.5, None],
    ]
    taken_in(read(lin, an_xlsx(rows)))
    first, second = Ticket.objects.select_related("customer").order_by("external_id")
    assert (first.external_id, first.stars, first.customer.phone) == ("1", 4, "13800001234")
    assert timezone.localtime(first.claimed_at).isoformat() == "2026-11-20T10:00:00+08:00"
    assert timezone.localtime(second.claimed_at).isoformat() == "2026-11-20T12:00:00+08:00"
    assert first.customer.name == ""


@pytest.mark.parametrize("name", inputs.TEXTS | inputs.EMPTY)
def test_the_corpus_in_a_cell_is_taken_in_or_named(lin: User, name: str) -> None:
    import csv

    text = (inputs.TEXTS | inputs.EMPTY)[name]
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, ["1", text, 3, text[:60], "", "", ""]])
    try:
        batch = read(lin, out.getvalue().encode())
    except sheets.SheetRefused:
        return
    told = services_import.check(batch, batch.mapping, at=NOON)
    assert set(told) <= {"ready", "bad"}
    services_import.start(batch)
    services_import.run_due(NOON)
    from common.text import clean

    if told["ready"]:
        assert Ticket.objects.get().content == clean(text).strip()


def test_the_rows_to_be_mended_come_as_a_file_without_formulas_and_go_in_again(client: Client, lin: User) -> None:
    client.force_login(lin)
    batch = read(lin, a_csv([["=1+1", "内容很好", "九星", "@x", "", "", "+1"], ["'quoted", "", "", "", "", "", ""]]))
    services_import.check(batch, batch.mapping, at=NOON)
    answer = client.get(f"/imports/{batch.pk}/to-mend.csv")
    text = answer.content.decode("utf-8-sig")
    assert '"\'=1+1","内容很好","九星","\'@x"' in text
    assert answer["Content-Disposition"].startswith("attachment")
    again = sheets.read(answer.content)
    assert [cells[:2] for _line, cells in again.rows] == [["=1+1", "内容很好"], ["'quoted", ""]]


def test_the_pages_lead_from_the_file_to_the_tickets_and_back(client: Client, lin: User) -> None:
    client.force_login(lin)
    upload = SimpleUploadedFile("评价<b>.csv", a_csv())
    answer = client.post("/imports/", {"file": upload, "source": "美团", "channel": "review"})
    batch = ImportBatch.objects.get()
    path = f"/imports/{batch.pk}/"
    assert answer["Location"] == path
    page = client.get(path).content.decode()
    assert "送货太慢" in page
    assert "评价<b>" not in page
    columns = {name: str(column) for name, column in batch.mapping.items()}
    assert client.post(path, columns | {"content": ""}).status_code == 422
    assert client.post(path, columns | {"content": "99"}).status_code == 422
    assert client.post(path, columns).status_code == 302
    page = client.get(path).content.decode()
    assert 'id="wrong"' in page
    client.post(path + "act/", {"do": "start"})
    assert 'http-equiv="refresh"' in client.get(path).content.decode()
    services_import.run_due(timezone.now())
    page = client.get(path).content.decode()
    assert Ticket.objects.first().number in page
    client.post(path, columns)
    client.post(path + "act/", {"do": "delete"})
    assert ImportBatch.objects.get().state == "done"
    client.post(path + "act/", {"do": "undo"})
    assert Ticket.objects.filter(status="void").count() == 2
    assert client.get("/imports/").status_code == 200


@pytest.mark.parametrize("fields", [{"source": "\u200b"}, {"channel": "pigeon"}, {"file": ""}, {"source": "x" * 61}])
def test_an_upload_without_what_it_needs_is_refused(client: Client, lin: User, fields: dict[str, Any]) -> None:
    client.force_login(lin)
    good = {"file": SimpleUploadedFile("a.csv", a_csv()), "source": "美团", "channel": "review"}
    assert client.post("/imports/", good | fields).status_code == 422
    assert not ImportBatch.objects.exists()


def test_only_agents_and_the_office_import(client: Client, lin: User, chen: User, xu: User) -> None:
    batch = read(lin, a_csv())
    for person in (chen, xu):
        client.force_login(person)
        for path in ("/imports/", f"/imports/{batch.pk}/", f"/imports/{batch.pk}/to-mend.csv"):
            assert client.get(path).status_code == 403
        assert client.post(f"/imports/{batch.pk}/act/", {"do": "delete"}).status_code == 403
    assert ImportRow.objects.count() == 5

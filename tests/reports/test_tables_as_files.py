import csv
import re
from html import unescape
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Region
from reports import periods, services, views, word, xlsx
from reports.document import document
from tests.make import a_ticket, moment
from tests.reports.history import a_random_history
from tickets.archive import erasing
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db
OCTOBER = {"kind": "month", "day": "2026-10-15"}


@pytest.fixture
def report(zhou):
    a_random_history(71, count=60)
    with erasing.opened():  # archived ones too, which are frozen
        for ticket in Ticket.objects.all():
            Ticket.objects.filter(pk=ticket.pk).update(number=f"QT-{ticket.pk}")
    Category.objects.filter(code="product").update(name="=1+1")
    return services.build_report(
        kind="month", start=periods.parse_start("2026-10"), at=moment("2026-12-01 09:00"), by=zhou
    )


def read(answer):
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def on_page(page, table):
    """The cells of a table of the page by its caption, row by row."""
    found = re.search(rf"<caption[^>]*>{re.escape(table)}</caption>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)
    return [
        [
            unescape(re.sub("<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_every_table_of_a_report_reads_in_its_file_as_on_the_page(client, zhou, report):
    client.force_login(zhou)
    page = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    tables = document(report).every_table
    assert len(tables) == 11
    for name, table in tables.items():
        lines = read(client.get(reverse("reports:table", args=[report.pk, name])))
        assert [cell.removeprefix("'") for cell in lines[0]] == table.columns
        if name != "trend" and table.rows:
            shown = on_page(page, table.title)
            assert [[cell.removeprefix("'") for cell in line] for line in lines[1:]] == shown[1:], name
            assert f"{report.pk}/{name}.csv" in page
    assert client.get(reverse("reports:table", args=[report.pk, "nothing"])).status_code == 404


def test_a_name_that_looks_like_a_formula_stays_text(client, zhou, report):
    client.force_login(zhou)
    lines = read(client.get(reverse("reports:table", args=[report.pk, "category"])))
    assert "'=1+1" in [line[0] for line in lines]


def test_a_change_with_a_sign_is_not_taken_for_a_formula():
    assert [xlsx.safe(text) for text in ("+7.9%", "+2.1 points", "+2.1 个百分点", "-3")] == [
        "+7.9%",
        "+2.1 points",
        "+2.1 个百分点",
        "-3",
    ]
    assert [xlsx.safe(text) for text in ("+1+2", "-1|cmd", "+A1", "=2", "+1 points()")] == [
        "'+1+2",
        "'-1|cmd",
        "'+A1",
        "'=2",
        "'+1 points()",
    ]


@pytest.mark.parametrize("name", ["figures", "trend", "matrix", "map", "groups"])
def test_a_table_of_the_figures_reads_in_its_file_as_on_the_page(client, zhou, monkeypatch, name):
    monkeypatch.setattr(views, "FRESH_SECONDS", 0)
    a_random_history(72, count=60)
    client.force_login(zhou)
    page = unescape(
        re.sub("<[^>]+>", "", client.get(reverse("reports:overview"), OCTOBER | {"by": "channel"}).content.decode())
    )
    lines = read(client.get(reverse("reports:overview-table", args=[name]), OCTOBER | {"by": "channel"}))
    assert len(lines) > 1 and len({len(line) for line in lines}) == 1
    for cell in (cell for line in lines[1:] for cell in line):
        assert cell in page, cell


def test_a_table_of_figures_that_is_not_there_is_404_and_a_head_gets_the_own_department(client, zhou, gao, lin):
    client.force_login(zhou)
    assert client.get(reverse("reports:overview-table", args=["nothing"])).status_code == 404
    client.force_login(gao)
    assert read(client.get(reverse("reports:overview-table", args=["figures"])))
    client.force_login(lin)
    assert client.get(reverse("reports:overview-table", args=["figures"])).status_code == 403


def texts(file):
    read = docx.Document(BytesIO(file))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in read.tables]
    return [paragraph.text for paragraph in read.paragraphs], tables


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_word_file_holds_the_page_s_texts_and_tables(report, language, settings):
    from django.utils.translation import override

    with override(language):
        parts, (told, tables) = document(report), texts(word.render(report))
        wanted = [table for table in parts.every_table.values() if table.rows]
        assert [[table.columns, *table.rows, *([table.foot] if table.foot else [])] for table in wanted] == tables[:-1]
        assert {parts.title, parts.overview, *parts.reading, *parts.conclusions} <= set(told)
        assert parts.hash in told[-1]


def test_the_word_file_names_no_person_s_machine_and_fetches_nothing(report):
    import zipfile

    with zipfile.ZipFile(BytesIO(word.render(report))) as parts:
        assert not [name for name in parts.namelist() if name.endswith((".bin", ".ole"))]
        assert b'TargetMode="External"' not in b"".join(
            parts.read(name) for name in parts.namelist() if name.endswith(".rels")
        )


def as_shown(cell) -> str:
    """What a spreadsheet shows for it, by the look of the cell."""
    if not isinstance(cell.value, int | float):
        return "" if cell.value is None else str(cell.value).removeprefix("'")
    if cell.number_format == "0.0%":
        return f"{cell.value * 100:,.1f}%"
    unit = cell.number_format.partition('"')[2].rstrip('"')
    return f"{cell.value:,.1f}{unit}" if unit else f"{cell.value:,}"


def test_the_workbook_says_what_the_page_says(report):
    tables = document(report).every_table
    sheets = openpyxl.load_workbook(BytesIO(xlsx.render(report))).worksheets
    for table, sheet in zip(list(tables.values())[1:], sheets[1:-1], strict=True):
        shown = [[as_shown(cell) for cell in row] for row in sheet.rows]
        assert shown == [table.columns, *table.rows, *([table.foot] if table.foot else [])]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_figures_in_the_workbook_are_numbers_to_count_on_with(report, language):
    with translation.override(language):
        book = openpyxl.load_workbook(BytesIO(xlsx.render(report)))
    for sheet in book.worksheets[1:-1]:
        assert all(cell.value for cell in sheet[1]) and sheet.freeze_panes == "B2"
        texts = [
            cell.value for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row if isinstance(cell.value, str)
        ]
        assert not [text for text in texts if re.fullmatch(r"[\d,.]+ ?(%|working hours|工作小时)?", text)]
    rates = {row[0].value: row[2] for row in book.worksheets[0].iter_rows(min_row=4) if row[2].value is not None}
    assert {cell.number_format.split('"')[0] for cell in rates.values()} <= {"#,##0", "0.0%", "#,##0.0"}
    assert len(rates) > 5


@pytest.mark.parametrize("text", ["2 days", "+7.9%", "—", "Q20261007-000001", "3 天 2 小时", "１２%", "1.2.3%"])
def test_what_is_no_number_stays_as_it_reads(text):
    assert xlsx.as_number(text) == text


def test_english_readers_get_months_and_provinces_in_english(zhou):
    Region.objects.create(code="330000", name="浙江省", full_name="浙江省", level=Region.Level.PROVINCE)
    a_ticket(moment("2026-10-05 10:00"), region=Region.objects.get(code="330000"))
    report = services.build_report(
        kind="month", start=periods.parse_start("2026-10"), at=moment("2026-12-01 09:00"), by=zhou
    )
    for language, month, province in (("en", "Oct 2026", "Zhejiang"), ("zh-hans", "2026年10月", "浙江省")):
        with translation.override(language):
            told = document(report)
            assert told.span == month
            assert [row[0] for row in told.every_table["region"].rows] == [province]


def test_the_name_of_a_sheet_ends_with_a_whole_word():
    assert xlsx.sheet_name("10 Limits missed by the widest margin") == "10 Limits missed by the widest"
    assert xlsx.sheet_name("渠道" * 20) == ("渠道" * 20)[:31] and xlsx.sheet_name("a/b [c]: d") == "a b c d"

"""台账: one row a case with the regulations' columns, as page and workbook; masked for who may not see customers."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessLog
from reports import ledgers, periods
from sla import services_setup
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.defaults import create_defaults
from tickets.models import Cause, Ticket

pytestmark = pytest.mark.django_db
NOVEMBER = periods.containing(NOON, "month")
DAYS = {"since": "2026-11-01", "until": "2026-11-30"}


def cells(kind: str, **given: object) -> list[dict[str, object]]:
    names = [str(column.name) for column in ledgers.columns(kind)]
    found = ledgers.tickets_of(kind, NOVEMBER, Ticket.objects.all())
    return [dict(zip(names, line, strict=True)) for line in ledgers.all_lines(kind, found, full=True)]


def test_a_complaint_is_one_row_from_receipt_to_rating(chen, after_sales):
    create_defaults()
    ticket = a_ticket(department=after_sales, occurred_at=NOON - timedelta(days=2), place="幸福路 5 号")
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.investigate(
        ticket, facts="排水管接反", cause=Cause.objects.get(code="installation"), true_need="不漏水", by=chen, at=NOON
    )
    (row,) = cells("complaint")
    assert row["编号"] == ticket.number and row["用户"] == "王小明" and row["电话"] == "13800001234"
    assert row["地点"] == "幸福路 5 号" and row["原因"] == "安装或维修不当" and row["部门"] == "售后服务部"
    assert row["轮次"] == 1 and row["超时"] == 0 and row["发生时间"]


def test_the_columns_of_the_regulations_are_there_and_paper_leaves_out_what_is_long(chen, zhou, after_sales, logistics):
    create_defaults()
    services_setup.create_defaults()
    ticket = a_ticket(department=after_sales, remedy_sought="换新机")
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.co_assign(ticket, department=logistics, task="查运输", by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="x", by=chen, at=NOON)
    limit = NOON + timedelta(days=1)
    tickets.plan(ticket, measures="更换排水管", goal="不再漏水", limit=limit, by=chen, at=NOON)
    a_ticket(at=NOON + timedelta(minutes=1))
    row, after = cells("complaint")
    assert (row["序号"], after["序号"]) == (1, 2)
    assert (row["内容"], row["诉求"], row["协办部门"], after["协办部门"]) == (
        ticket.content,
        "换新机",
        "物流配送部",
        "",
    )
    assert (row["整改措施"], row["预期目标"], row["完成时限"]) == ("更换排水管", "不再漏水", limit)
    assert row["预计办结"] == Ticket.objects.get(pk=ticket.pk).expected_by
    printed = {str(column.name) for column in ledgers.columns("complaint", on_page=True)}
    assert row.keys() - printed == {"内容", "诉求", "预期目标", "首次响应"}


def test_every_kind_has_its_own_ledger_and_what_was_voided_or_merged_stays_in_it(zhou):
    kept = a_ticket(), a_ticket(nature="suggestion"), a_ticket(nature="inquiry"), a_ticket(is_bad_review=True, stars=1)
    tickets.void(kept[0], reason="spam", by=zhou, at=NOON)
    a_ticket(at=NOON - timedelta(days=60))
    counts = {kind: len(cells(kind)) for kind in ledgers.KINDS}
    assert counts == {"complaint": 2, "suggestion": 1, "inquiry": 1, "bad_review": 1}
    assert cells("bad_review")[0]["星级"] == 1


def test_an_archived_case_stands_there_with_its_archive_number_and_keeps_it_when_it_is_opened_again(
    chen, zhou, after_sales
):
    create_defaults()
    ticket = tickets.accept(a_ticket(nature="inquiry", department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已答复，谢谢。", by=chen, at=NOON)
    (row,) = cells("inquiry")
    assert row["档号"] == ""
    ticket = tickets.close(ticket, by=zhou, at=NOON)
    (row,) = cells("inquiry")
    assert row["档号"] == ticket.archive.number != ""
    tickets.reopen(ticket, reason="x", by=zhou, at=NOON)
    assert cells("inquiry")[0]["档号"] == ticket.archive.number


def test_many_rows_take_as_many_queries_as_few(zhou, django_assert_num_queries):
    for _number in range(30):
        a_ticket()
    with django_assert_num_queries(7):
        assert len(cells("complaint")) == 30


def test_the_page_asks_by_days_category_and_department(client, zhou, after_sales, logistics):
    ours, theirs = a_ticket(department=after_sales), a_ticket(department=logistics)
    client.force_login(zhou)
    page = client.get(reverse("reports:ledger"), DAYS | {"kind": "complaint", "department": after_sales.pk})
    assert ours.number in (text := page.content.decode()) and theirs.number not in text
    assert (
        ours.number
        not in client.get(reverse("reports:ledger"), {"since": "2026-10-01", "until": "2026-10-31"}).content.decode()
    )
    wrong = client.get(reverse("reports:ledger"), {"since": "2026-11-30", "until": "2026-11-01"})
    assert wrong.status_code == 422
    assert client.get(reverse("reports:ledger"), DAYS | {"kind": "nonsense"}).status_code == 422


def test_the_page_asks_by_channel_and_by_state_and_counts_on_from_page_to_page(client, zhou, chen, after_sales):
    calls = [a_ticket(channel="phone", department=after_sales) for _number in range(51)]
    web = tickets.void(a_ticket(), reason="spam", by=zhou, at=NOON)
    client.force_login(zhou)

    def listed(**asked):
        return [row[0].number for row in client.get(reverse("reports:ledger"), DAYS | asked).context["rows"]]

    assert listed(channel="web") == listed(state="void") == [web.number]
    assert listed(channel="web", state="open") == []
    assert listed(channel="phone", state="open", page="2") == [calls[50].number]
    page = client.get(reverse("reports:ledger"), DAYS | {"channel": "phone", "page": "2"})
    assert page.context["rows"][0][1][0][0] == "51"
    assert client.get(reverse("reports:ledger"), DAYS | {"state": "nonsense"}).status_code == 422


def test_the_workbook_holds_every_row_and_its_download_is_on_record(client, zhou):
    for _number in range(60):
        a_ticket(subject="=HYPERLINK(1)")
    client.force_login(zhou)
    page = client.get(reverse("reports:ledger"), DAYS | {"kind": "complaint"})
    assert "form=xlsx" in page.content.decode()
    sheet = load_workbook(BytesIO(client.get(reverse("reports:ledger"), DAYS | {"form": "xlsx"}).content)).active
    assert sheet.max_row == 61 and sheet.cell(2, 5).value == "王小明"
    titles = [cell.value for cell in sheet[1]]
    assert str(sheet.cell(2, titles.index("主题") + 1).value).startswith("'=")
    received = sheet.cell(2, 3)
    assert received.is_date and received.number_format == "yyyy-mm-dd hh:mm"
    assert received.value == timezone.localtime(Ticket.objects.earliest("pk").received_at).replace(
        second=0, microsecond=0, tzinfo=None
    )
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref.startswith("A1:")
    record = AccessLog.objects.get(action="export")
    assert (record.user, record.data["rows"]) == (zhou, 60) and "complaint" in record.subject


def test_an_auditor_reads_masked_names_and_a_head_only_the_own_department(client, xu, gao, after_sales, logistics):
    ours, theirs = a_ticket(department=after_sales), a_ticket(department=logistics)
    client.force_login(xu)
    text = client.get(reverse("reports:ledger"), DAYS).content.decode()
    assert "王**" in text and "王小明" not in text and "138****1234" in text
    client.force_login(gao)
    text = client.get(reverse("reports:ledger"), DAYS).content.decode()
    assert ours.number in text and theirs.number not in text


def test_a_column_that_says_nothing_on_a_page_is_not_printed(client, zhou):
    a_ticket(place="")
    client.force_login(zhou)

    def classes() -> dict[str, str]:
        context = client.get(reverse("reports:ledger"), DAYS).context
        return {str(name): shape for name, shape in context["columns"]}

    assert (classes()["地点"], classes()["主题"], classes()["级别"]) == (" blank", "wide", "narrow")
    a_ticket(place="杭州市西湖区")
    assert classes()["地点"] == ""


def test_a_long_cell_is_cut_on_the_page_and_an_empty_one_is_a_dash(client, zhou):
    a_ticket(place="杭" * 200, remedy_sought="")
    client.force_login(zhou)
    shown = client.get(reverse("reports:ledger"), DAYS)
    ((_ticket, row),) = shown.context["rows"]
    (cut,) = [cell for cell, _shape in row if cell.startswith("杭")]
    page = shown.content.decode()
    assert len(cut) == 120
    assert cut.strip("杭")  # the dots of the language
    assert f"<bdi>{cut}</bdi>" in page
    assert "杭" * 120 not in page
    assert ">—</td>" in page


def test_a_handler_opens_no_ledger(client, chen):
    client.force_login(chen)
    assert client.get(reverse("reports:ledger")).status_code == 403

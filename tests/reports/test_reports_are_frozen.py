import subprocess
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation
from weasyprint import HTML

from common import pdf as common_pdf
from reports import pdf, periods, services, xlsx
from reports.document import document
from reports.models import Report
from tests.make import a_ticket, moment
from tests.reports.history import a_random_history
from tickets import services as tickets
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db
LATER = moment("2026-11-02 09:00")


def october(by=None, at=LATER):
    return services.build_report(kind="month", start=periods.parse_start("2026-10"), at=at, by=by)


def test_the_same_figures_are_the_same_version():
    a_random_history(41, count=30)
    assert october() == october(at=moment("2026-11-20 09:00"))
    assert Report.objects.count() == 1


def test_a_correction_makes_a_new_version_and_leaves_the_old_one(zhou):
    ticket = a_ticket(moment("2026-10-05 10:00"))
    first = october()
    tickets.void(ticket, reason="spam", by=zhou, at=moment("2026-11-03 09:00"))
    second = october(at=moment("2026-11-03 10:00"))
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert (first.figures["figures"]["volume"], second.figures["figures"]["volume"]) == (1, 0)
    assert services.is_intact(first) and services.is_intact(second)


def test_a_reprint_reads_only_what_was_frozen(django_assert_num_queries):
    category = Category.objects.create(code="cold", name="制冷")
    a_ticket(moment("2026-10-05 10:00"), category=category)
    report = october()
    before = xlsx.render(report)
    Category.objects.update(name="改名")
    Ticket.objects.update(nature="inquiry")
    report = Report.objects.select_related("built_by", "approved_by").get(pk=report.pk)
    with django_assert_num_queries(0):
        after = xlsx.render(report)
        assert pdf.render(report).startswith(b"%PDF-")
    assert cells(before) == cells(after)
    assert "制冷" in str(cells(after))


def cells(workbook):
    book = openpyxl.load_workbook(BytesIO(workbook))
    return [[[cell.value for cell in row] for row in sheet.rows] for sheet in book]


def test_figures_that_were_tampered_with_are_not_approved(zhou):
    a_ticket(moment("2026-10-05 10:00"))
    report = october()
    report.figures["figures"]["volume"] = 99
    report.save()
    with pytest.raises(services.ReportNotAllowed):
        services.approve(report, by=zhou, at=LATER)


def test_a_month_that_has_not_ended_cannot_be_frozen():
    with pytest.raises(services.ReportNotAllowed):
        october(at=moment("2026-10-31 23:59"))


def test_who_built_a_report_does_not_approve_it(client, zhou):
    report = october(by=zhou)
    client.force_login(zhou)
    page = client.get(reverse("reports:report", args=[report.pk]))
    assert "须由另一人批准" in page.content.decode()
    assert reverse("reports:approve", args=[report.pk]) not in page.content.decode()
    answer = client.post(reverse("reports:approve", args=[report.pk]), follow=True)
    assert "须由另一人批准" in answer.content.decode()
    report.refresh_from_db()
    assert (report.state, report.approved_by) == ("draft", None)


def test_an_approved_report_is_not_reworded(zhou):
    report = services.write_conclusions(october(), text="一条\n两条", by=zhou)
    services.approve(report, by=zhou, at=LATER)
    with pytest.raises(services.ReportNotAllowed):
        services.write_conclusions(report, text="别的", by=zhou)


def test_text_never_becomes_a_formula(zhou):
    Category.objects.create(code="evil", name='=HYPERLINK("http://evil")')
    a_ticket(moment("2026-10-05 10:00"), category=Category.objects.get(code="evil"))
    report = services.write_conclusions(october(), text="@SUM(1)\n+1\x0b+2\n=1+1\n-cmd", by=zhou)
    book = openpyxl.load_workbook(BytesIO(xlsx.render(report)))
    values = [cell for sheet in book for row in sheet.rows for cell in row if cell.value is not None]
    assert not [cell for cell in values if cell.data_type == "f"]
    assert '\'=HYPERLINK("http://evil")' in [cell.value for cell in values]
    assert "'@SUM(1)" in [cell.value for cell in values]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "static:/../config/settings.py",
        "static:/js/page.js",
        "static://host/css/report.css",
        "data:text/css,x",
    ],
)
def test_the_renderer_fetches_nothing_but_our_static_files(address):
    with pytest.raises(common_pdf.RefusedAddress):
        common_pdf.StaticFilesOnly().fetch(address)
    HTML(
        string=f'<img src="{address}">', base_url=common_pdf.BASE, url_fetcher=common_pdf.StaticFilesOnly()
    ).write_pdf()


def test_our_style_sheet_is_fetched():
    assert b"@page" in common_pdf.StaticFilesOnly().fetch("static:/css/report.css").read()


@pytest.mark.parametrize("who, status", [("gao", 403), ("lin", 403), ("he", 200), ("tang", 200), ("zhou", 200)])
def test_who_reads_reports(client, request, who, status):
    report = october()
    client.force_login(request.getfixturevalue(who))
    for path in (
        reverse("reports:list"),
        reverse("reports:report", args=[report.pk]),
        f"/reports/documents/{report.pk}.pdf",
        f"/reports/documents/{report.pk}.xlsx",
        f"/reports/documents/{report.pk}.docx",
        f"/reports/documents/{report.pk}/department.csv",
        "/api/v1/reports/",
        f"/api/v1/reports/{report.pk}/",
        f"/api/v1/reports/{report.pk}.xlsx",
    ):
        assert client.get(path).status_code == status, path


def test_the_analyst_words_the_office_approves(client, he, zhou):
    report = october()
    client.force_login(he)
    client.post(reverse("reports:conclude", args=[report.pk]), {"text": "安装漏水增长最快"})
    assert client.post(reverse("reports:approve", args=[report.pk])).status_code == 403
    client.force_login(zhou)
    client.post(reverse("reports:approve", args=[report.pk]))
    report.refresh_from_db()
    assert (report.conclusions, report.state, report.approved_by) == ("安装漏水增长最快", "approved", zhou)


def test_fonts_of_the_machine_are_read_and_nothing_that_only_calls_itself_one(tmp_path):
    font, secret = tmp_path / "a.ttf", tmp_path / "secret.txt"
    font.write_bytes(b"font")
    secret.write_text("secret")
    disguised = tmp_path / "b.ttf"
    disguised.symlink_to(secret)
    assert common_pdf.StaticFilesOnly().fetch(font.as_uri()).read() == b"font"
    for refused in (secret.as_uri(), disguised.as_uri(), "file://elsewhere/a.ttf", f"{secret.as_uri()}?.ttf"):
        with pytest.raises(common_pdf.RefusedAddress):
            common_pdf.StaticFilesOnly().fetch(refused)


def test_proposed_conclusions_are_read_in_the_readers_language_and_a_persons_words_stay(client, zhou):
    a_random_history(41, count=30)
    report = october()
    client.force_login(zhou)
    english = {"headers": {"accept-language": "en"}}
    note = "These conclusions stand in the language in which they were written."
    page = client.get(reverse("reports:report", args=[report.pk]), **english).content.decode()
    listed = page[page.index("<h2>5. Conclusions") :].partition("</ol>")[0]
    assert "Recommendation" in listed or "Keep the present measures" in listed
    assert note not in page
    services.write_conclusions(report, text="安装漏水增长最快", by=zhou)
    page = client.get(reverse("reports:report", args=[report.pk]), **english).content.decode()
    assert note in page and '<ol lang="zh-hans"><li>安装漏水增长最快</li>' in page
    chinese = client.get(reverse("reports:report", args=[report.pk]), headers={"accept-language": "zh-hans"})
    assert "以下结论按原文语言列出" not in chinese.content.decode()


def test_a_proposal_saved_unchanged_in_english_stays_the_proposal_of_everybody(client, zhou):
    a_random_history(41, count=30)
    report, shown = october(), {}
    proposed = report.conclusions
    client.force_login(zhou)
    for language in ("en", "zh-hans"):
        spoken = {"headers": {"accept-language": language}}
        page = client.get(reverse("reports:report", args=[report.pk]), **spoken)
        shown[language] = page.context["form"].initial["text"]
        sent = {"text": shown[language].replace("\n", "\r\n")}
        assert client.post(reverse("reports:conclude", args=[report.pk]), sent, **spoken).status_code == 302
        report.refresh_from_db()
        assert report.conclusions == proposed
    assert shown["en"] != shown["zh-hans"] == proposed


def test_the_cover_draws_the_voices_of_each_day(client, he):
    for _voice in range(2):
        a_ticket(moment("2026-10-05 10:00"))
    a_ticket(moment("2026-10-06 10:00"))
    report = october()
    wave = document(report).wave
    assert [bar["height"] for bar in wave[3:7]] == [6, 96, 48, 6]
    assert all(2 * bar["y"] + bar["height"] == 96 for bar in wave), "about one line"
    client.force_login(he)
    page = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    drawn = page.partition('<svg class="wave"')[2].partition("</svg>")[0]
    assert drawn.count("<rect") == 31


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_cover_is_one_printed_page(language, tmp_path):
    a_ticket(moment("2026-10-05 10:00"))
    path = tmp_path / "report.pdf"
    with translation.override(language):
        path.write_bytes(pdf.render(october()))
    read = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, timeout=60)
    cover, overview, *_others = read.stdout.decode().split("\f")
    last, first = ("密级", "一、概况") if language == "zh-hans" else ("Confidentiality", "1. Overview")
    assert last in cover and first in overview

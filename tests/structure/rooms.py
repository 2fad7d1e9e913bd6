"""One of everything that has an address of its own, beside a case of logistics that an outsider may not see."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Department, Shift, User
from accounts.roles import Role
from feedback.appeals import services as services_appeals
from feedback.channels import web
from feedback.chat import services as services_chat
from feedback.hotline import services as services_calls
from feedback.hotline.models import Call
from feedback.imports import services as services_import
from feedback.mail import services as services_mail
from feedback.models import Box, KeywordRule, Mailbox, Source
from feedback.paper import services as services_boxes
from feedback.problems import services as services_problems
from knowledge.models import Article, PublicImprovement
from notices.models import SmsTemplate, Webhook, WebhookDelivery
from reports.services import build_report
from sla import services_setup
from sla.models import Accountability, Calendar, CalendarOverride, Clock, SlaPolicy, SupervisionNotice
from supervision import defaults as supervision_defaults
from supervision import services_findings, services_meetings, services_samples
from supervision.models import Checklist
from surveys import links, services_paper
from surveys.models import FollowUp
from tests.feedback.mail.build import mail
from tests.feedback.test_imports import a_csv
from tests.make import a_ticket
from tests.people import user
from tickets import defaults as tickets_defaults
from tickets import services as tickets
from tickets.answers.models import CannedReply
from tickets.dispatch.models import RoutingRule
from tickets.models import ArchiveRecord, Attachment, ErasureItem, ErasureList

WORDS = "安装后漏水，两次上门都没有修好。希望本周内派师傅复查。"
Values = dict[str, Any]


def rooms(han: User, home: Department, office: Department) -> dict[str, Values]:
    """By the name of an address: what to fill in. Han of `home` handles the case; the others belong to the house."""
    at = timezone.now()
    services_setup.create_defaults()
    tickets_defaults.create_archive_classes()
    supervision_defaults.create_defaults()
    boss = user("boss", "办", [Role.OFFICE, Role.ADMIN, Role.ANALYST], office)
    auditor = user("auditor", "审", [Role.AUDITOR], None)
    clerk = user("clerk", "受", [Role.AGENT], home)
    ticket = tickets.accept(a_ticket(at=at, department=home), by=han, at=at)
    closed = tickets.accept(a_ticket(at=at, department=home, subject="已办"), by=han, at=at)
    closed = tickets.close(tickets.resolve(closed, text="好了，谢谢。", by=han, at=at), by=None, at=at)
    return {
        **_of_the_case(ticket, han, clerk, at),
        **_supervised(ticket, closed, han, boss, auditor, at),
        **_kept_by_the_house(boss, clerk, han, at),
        **_settings(boss, home, at),
    }


def _of_the_case(ticket: Any, han: User, clerk: User, at: Any) -> dict[str, Values]:
    box = Mailbox.objects.create(code="support", name="客服", address="support@demo.example")
    row, _new = services_mail.store(box, mail(), received_at=at)
    services_mail.process(row.pk, at=at)
    row.refresh_from_db()
    tickets.assign(row.ticket, department=han.department, by=clerk, at=at)
    tickets.reply(ticket, text="师傅已复查。", by=han, at=at, via="letter")
    letter = ticket.messages.get(via="letter")
    file = Attachment.objects.create(
        ticket=ticket, file=ContentFile(b"secret", name="a.txt"), name="a.txt", size=6, media_type="text/plain",
        sha256="0" * 64, uploaded_at=at,
    )  # fmt: skip
    appeal = services_appeals.appeal(ticket, text="师傅态度恶劣，推诿。", at=at)
    asked = FollowUp.objects.create(
        ticket=ticket, round=1, mode="link", state="sent", planned_at=at, send_at=at, sent_at=at,
        expires_at=at + timedelta(days=7),
    )  # fmt: skip
    problem = services_problems.found("接头漏水", [ticket], by=clerk, at=at)
    study = services_problems.open_study(problem, by=clerk, at=at)
    call = services_calls.begin(number="13800001234", by=clerk, at=at)
    missed = Call.objects.create(number="13800001234", state=Call.State.MISSED, rang_at=at)
    clock = Clock.objects.filter(ticket=ticket).earliest("pk")
    record = Accountability.objects.create(
        ticket=ticket, clock=clock, person=han, department=han.department, ground="first_response", opened_at=at
    )
    notice = SupervisionNotice.objects.create(
        number=f"{ticket.number}-D1", ticket=ticket, clock=clock, threshold="100", issued_at=at, answer_by=at,
        department=han.department, person=han,
    )  # fmt: skip
    letter_of = {"number": ticket.number, "pk": letter.pk}
    by_mail = {key: {"pk": row.pk} for key in ["mail", "mail-page", "mail-raw", "mail-again"]}
    return {
        **{f"feedback:{name}": values for name, values in by_mail.items()},
        "feedback:letter-out": letter_of,
        "feedback:letter-out-pdf": letter_of,
        "tickets:attachment": {"key": file.key},
        "tickets:small": {"key": file.key},
        "feedback:appeal": {"pk": appeal.pk},
        "feedback:problem": {"pk": problem.pk},
        "feedback:problem-edit": {"pk": problem.pk},
        "feedback:problem-decide": {"pk": problem.pk},
        "tickets:answer-problem": {"pk": problem.pk},
        "feedback:study": {"pk": study.pk},
        "feedback:call": {"pk": call.pk},
        "feedback:call-end": {"pk": call.pk},
        "feedback:call-put-away": {"pk": call.pk},
        "feedback:called-back": {"pk": missed.pk},
        "sla:record": {"pk": record.pk},
        "sla:supervision": {"code": notice.number},
        "sla:supervision-pdf": {"code": notice.number},
        "surveys:answer": {"token": links.token(asked.pk, asked.ticket.customer_id)},
    }


def _supervised(ticket: Any, closed: Any, han: User, boss: User, auditor: User, at: Any) -> dict[str, Values]:
    checklist = Checklist.objects.earliest("pk")
    sample = services_samples.choose(name="抽样", checklist=checklist, numbers=[ticket.number], by=auditor, at=at)
    finding = services_findings.open_finding(ticket, text="缺上门照片", owner=han, days=3, by=auditor, at=at)
    meeting = services_meetings.prepare(day=date(2026, 11, 27), by=boss, at=at)
    action = services_meetings.add_action(text="换接头", owner=han, due_on=date(2026, 12, 1), by=boss, at=at)
    record = ArchiveRecord.objects.get(ticket=closed)
    listed = ErasureList.objects.create(made_at=at)
    item = ErasureItem.objects.create(list=listed, record=record)
    return {
        "supervision:sample": {"pk": sample.pk},
        "supervision:sheet": {"pk": sample.cases.get().pk},
        "supervision:checklist": {"pk": checklist.pk},
        "supervision:finding": {"pk": finding.pk},
        "supervision:meeting": {"pk": meeting.pk},
        "supervision:meeting-pdf": {"pk": meeting.pk},
        "supervision:action": {"pk": action.pk},
        "tickets:erasure": {"pk": listed.pk},
        "tickets:strike": {"pk": item.pk},
    }


def _kept_by_the_house(boss: User, clerk: User, han: User, at: Any) -> dict[str, Values]:
    box = services_boxes.save_box(Box(number="B-09", place="仓库", keeper=han), at=at - timedelta(days=1))
    opening = services_boxes.open_box(box, opened_at=at, opener=han, witness="吴保安", count=3, by=clerk, at=at)
    batch = services_import.read(content=a_csv(), name="评价.csv", source="美团", channel="review", by=clerk, at=at)
    asked = services_paper.create(code="G9", name="问卷", name_en="", at=at)
    services_paper.print_sheets(asked, count=1, by=boss, at=at)
    sheet = asked.sheets.get()
    services_paper.enter(sheet, {"words": "排队太久"}, by=boss, at=at)
    report = build_report(kind="month", start=date(2026, 9, 1), at=at, by=boss)
    chat, token = services_chat.begin(language="zh-hans", at=at)
    services_chat.say(chat, text="空调保修几年？", at=at)
    shift = Shift.objects.create(person=clerk, starts_at=at, ends_at=at + timedelta(hours=8))
    article = Article.objects.create(question="保修", answer="三年")
    given = {"content": WORDS, "nature": "complaint", "anonymous": True, "consent": False, "occurred_at": None}
    given |= dict.fromkeys(("name", "phone", "email", "region", "place", "remedy_sought"), "")
    receipt = web.take(given, uploads=[], key="receipt-of-the-tests", language="zh-hans", at=at)
    by_report = {key: {"pk": report.pk, "name": "summary"} for key in ["report", "table", "approve", "conclude"]}
    by_sheets = {
        key: {"code": asked.code} for key in ["questionnaire", "questions", "print-more", "sheets", "sheets-pdf"]
    }
    of_code = ["tracking", "live", "message", "withdraw", "complain", "export"]
    return {
        **{f"reports:{name}": values for name, values in by_report.items()},
        **{f"surveys:{name}": values for name, values in by_sheets.items()},
        **{f"feedback:{name}": {"code": receipt["tracking_code"]} for name in of_code},
        **{f"feedback:{name}": {"token": token} for name in ("conversation", "hand-over", "chat-helped")},
        **{f"feedback:{name}": {"pk": batch.pk} for name in ("import", "import-act", "import-mend")},
        **{name: {"code": receipt["tracking_code"]} for name in ("api-follow", "api-messages", "api-withdraw")},
        "api-appeal": {"code": receipt["tracking_code"]},
        "rating": {"code": receipt["tracking_code"]},
        "surveys:rate": {"code": receipt["tracking_code"]},
        "feedback:receipt": {"token": "receipt-of-the-tests"},
        "report-api": {"pk": report.pk},
        "surveys:sheet": {"code": sheet.code},
        "surveys:at-sheet": {"code": sheet.code},
        "feedback:box": {"pk": box.pk},
        "feedback:at-box": {"box_number": box.number},
        "feedback:opening": {"pk": opening.pk},
        "feedback:finish-opening": {"pk": opening.pk},
        "accounts:remove-shift": {"pk": shift.pk},
        **{f"knowledge:{name}": {"pk": article.pk} for name in ("article", "edit", "readers")},
    }


def _settings(boss: User, home: Department, at: Any) -> dict[str, Values]:
    hook = Webhook.objects.create(owner=boss, name="CRM", url="https://crm.example/", created_at=at)
    sent = WebhookDelivery.objects.create(webhook=hook, kind="ping", body="{}", created_at=at, not_before=at)
    Source.objects.create(code="taobao", name="淘宝", channel="review", mapping={"content": "text"}, created_at=at)
    KeywordRule.objects.create(code="fire", name="火", words=["冒烟"], effect="alert")
    RoutingRule.objects.create(code="all", name="全部", department=home)
    improved = PublicImprovement.objects.create(said="搬楼另收费", did="已写进合同。", done_on=date(2026, 11, 20))
    reply = CannedReply.objects.create(name="致谢", text="谢谢您。")
    words = SmsTemplate.objects.create(kind="of-the-test", text="{company}：{text}")
    calendar, policy = Calendar.objects.earliest("pk"), SlaPolicy.objects.earliest("pk")
    day = CalendarOverride.objects.create(calendar=calendar, date=date(2026, 12, 30), reason="盘点")
    of_hook = ["api-webhook", "api-webhook-deliveries", "api-webhook-ping", "api-webhook-secret", "feedback:webhook"]
    of_calendar = ["calendar", "set-day", "set-hours", "import-days"]
    return {
        **{key: {"pk": hook.pk} for key in [*of_hook, "feedback:webhook-act"]},
        "api-webhook-replay": {"pk": hook.pk, "event": sent.key},
        **{f"sla:{name}": {"code": calendar.code} for name in of_calendar},
        "tickets:canned-reply": {"pk": reply.pk},
        "tickets:improvement-edit": {"pk": improved.pk},
        "tickets:page-text": {"page": "promise"},
        "notices:sms-template": {"pk": words.pk},
        "sla:clear-day": {"code": calendar.code, "pk": day.pk},
        **{f"sla:{name}": {"code": policy.code} for name in ("policy", "policy-delete")},
        **{f"feedback:{name}": {"code": "fire"} for name in ("rule", "rule-delete")},
        **{f"tickets:{name}": {"code": "all"} for name in ("routing-rule", "routing-move")},
        **{f"feedback:{name}": {"code": "taobao"} for name in ("source", "source-secret")},
        **{f"feedback:{name}": {"code": "support"} for name in ("mailbox", "mailbox-fetch")},
    }

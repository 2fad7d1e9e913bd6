"""Addresses of the pages that exist only with data, which is made through the services."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from feedback.channels import web
from feedback.chat import services as services_chat
from feedback.mail import services as services_mail
from feedback.models import Box, Mailbox
from feedback.paper import services as services_boxes
from knowledge.models import Article, Problem
from reports.services import build_report
from sla.models import Calendar, SlaPolicy
from supervision.models import Finding, Meeting, SampledCase
from surveys import links, services_paper
from surveys.models import FollowUp
from tests.browser.rooms import addresses_of_rooms
from tests.feedback.mail.build import several
from tickets import services as tickets
from tickets import tracking
from tickets.models import Ticket
from tickets.workflow import Status

WORDS = "安装后漏水，两次上门都没有修好。希望本周内派师傅复查，并说明责任由谁承担。"


def addresses() -> dict[str, str]:
    """Made through the services: a receipt with its code, an open and an answered case, a question, a report."""
    at = timezone.now()
    fields = {"content": WORDS, "nature": "complaint", "anonymous": False, "name": "王小明", "phone": "13800001234"}
    blank = dict.fromkeys(("email", "region", "place", "remedy_sought"), "")
    given = blank | fields | {"occurred_at": None, "consent": True}
    receipt = web.take(given, uploads=[], key="receipt-of-the-tests", language="zh-hans", at=at)
    answered = Ticket.objects.filter(status=Status.RESOLVED, rating="").first()
    assert answered is not None
    question, _made = FollowUp.objects.update_or_create(
        ticket=answered,
        round=answered.round,
        defaults={
            "mode": "link", "state": "sent", "planned_at": at, "send_at": at, "sent_at": at, "rating": "",
            "expires_at": at + timedelta(days=7),
        },
    )  # fmt: skip
    begin = (timezone.localdate(at).replace(day=1) - timedelta(days=1)).replace(day=1)
    report = build_report(kind="month", start=begin, at=at, by=None)
    lin = User.objects.get(username="lin")
    talked = Ticket.objects.filter(status=Status.IN_PROGRESS, department__code="after_sales").latest("pk")
    tickets.note(talked, text="已电话联系。", by=lin, at=at)
    chat, token = services_chat.begin(language="zh-hans", at=at)
    services_chat.say(chat, text="空调保修几年？", at=at)
    services_chat.say(chat, text="转人工", at=at)
    zhou = User.objects.get(username="zhou")
    asked = services_paper.create(code="G9", name="窗口服务问卷", name_en="", at=at)
    services_paper.print_sheets(asked, count=2, by=zhou, at=at)
    compared, fresh = asked.sheets.order_by("serial")
    services_paper.enter(compared, {"speed": 2, "words": "排队太久"}, by=zhou, at=at)
    services_paper.enter(compared, {"speed": 3, "words": "排队太久了"}, by=lin, at=at)
    box = services_boxes.save_box(Box(number="B-09", place="营业厅一楼", keeper=lin), at=at - timedelta(hours=2))
    opening = services_boxes.open_box(
        box, opened_at=at - timedelta(hours=1), opener=lin, witness="吴保安", count=30, by=lin, at=at
    )
    support = Mailbox.objects.get(code="support")
    letter = several(
        b"Content-Type: text/html; charset=utf-8\n\n" + f"<p>{WORDS}</p>".encode(), head="Precedence: bulk\n"
    )
    arrived, _new = services_mail.store(support, letter, received_at=at)
    services_mail.process(arrived.pk, at=at)
    return {
        **of_the_demo(),
        **addresses_of_rooms(talked, at),
        "mail": f"/mails/{arrived.pk}/",
        "mailbox": "/mailboxes/support/",
        "conversation": f"/chat/{token}/",
        "chat form": f"/chat/{token}/form/",
        "entry of a sheet": f"/questionnaires/entry/?code={fresh.code}",
        "compared sheet": f"/questionnaires/sheets/{compared.code}/",
        "box": f"/boxes/{box.pk}/",
        "opening": f"/boxes/openings/{opening.pk}/",
        "receipt": "/receipt/receipt-of-the-tests/",
        "tracking": f"/t/{receipt['tracking_code']}/",
        "not me": f"/t/{tracking.signed(talked.pk, talked.customer_id)}/not-me/",
        "ticket": talked.get_absolute_url(),
        "survey": f"/survey/{links.token(question.pk, question.ticket.customer_id)}/",
        "report": f"/reports/documents/{report.pk}/",
    }


def of_the_demo() -> dict[str, str]:
    """The rooms that the demo company has furnished already."""
    case = SampledCase.objects.latest("pk")
    return {
        "sample": f"/supervision/samples/{case.sample_id}/",
        "sheet of a sample": f"/supervision/cases/{case.pk}/",
        "finding": f"/supervision/findings/{Finding.objects.latest('pk').pk}/",
        "meeting": f"/supervision/meetings/{Meeting.objects.latest('pk').pk}/",
        "answer": Article.objects.latest("pk").get_absolute_url(),
        "problem": f"/problems/{Problem.objects.latest('pk').pk}/",
        "calendar": f"/sla/calendars/{Calendar.objects.latest('pk').code}/",
        "policy": f"/sla/policies/{SlaPolicy.objects.latest('pk').code}/",
    }

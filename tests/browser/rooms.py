"""Rooms that are furnished for the tests of pages alone: what the demo company does not have on every day."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from feedback.appeals import services as services_appeals
from feedback.imports import services as services_imports
from feedback.models import Chat, Source
from feedback.problems import services as services_problems_found
from knowledge.models import Problem
from notices.models import Webhook
from sla.models import Accountability, SupervisionNotice
from supervision import services_meetings
from tickets import services as tickets
from tickets.archive import services_erasure
from tickets.channels import Channel
from tickets.models import ArchiveRecord, SpecialGroup, Ticket
from tickets.problems import services as services_problems
from tickets.workflow import UNANSWERED, Status

SHEET = "内容,星级,姓名,电话\n空调漏水，两次上门没有修好,1,王小明,13800001234\n,5,李四,\n"


def addresses_of_rooms(talked: Ticket, at: datetime) -> dict[str, str]:
    """`talked` is an open case whose customer has been written to."""
    people = User.objects.in_bulk(["zhou", "lin", "chen", "admin"], field_name="username")
    zhou, lin = people["zhou"], people["lin"]
    problem = Problem.objects.latest("pk")
    if not services_problems.answerable(problem).exists():
        services_problems_found.add(problem, [talked], by=zhou, at=at)
    draft = services_problems.answer_problem(problem, text="搬楼费由我们承担，三日内退回。", by=zhou, at=at)[0]
    services_problems_found.open_study(problem, by=zhou, at=at, owner=zhou, goal="查明收费环节")
    tickets.reply(talked, text="随函附上检查结果。", by=talked.owner or lin, at=at, via=Channel.LETTER)
    letter = talked.messages.filter(via=Channel.LETTER).latest("pk")
    appeal = services_appeals.appeal(talked, text="两次答应回电都没有。", at=at)
    read = {
        "content": SHEET.encode(),
        "name": "评价.csv",
        "source": "shop",
        "channel": Channel.REVIEW,
        "by": lin,
        "at": at,
    }
    batch = services_imports.read(**read)
    services_imports.check(batch, batch.mapping, at=at)
    action = services_meetings.add_action(text="改写送货条款", owner=zhou, due_on=at.date(), by=zhou, at=at)
    Source.objects.create(code="shop", name="网店", channel=Channel.REVIEW, created_at=at)
    hook = Webhook.objects.create(name="客户系统", url="https://example.com/hook", owner=people["admin"], created_at=at)
    spoken = Ticket.objects.filter(status__in=UNANSWERED).exclude(pk=talked.pk).latest("pk")
    Chat.objects.filter(ticket=None).update(ticket=spoken)  # what was said before stands beside the case
    group = SpecialGroup.objects.select_related("ticket").latest("pk")
    return {
        "ticket with a draft": draft.ticket.get_absolute_url(),
        "answer to a problem": f"/problems/{problem.pk}/answer/",
        "ticket of a conversation": spoken.get_absolute_url(),
        "letter": f"{talked.get_absolute_url()}letters/{letter.pk}/",
        "appeal": f"/appeals/{appeal.pk}/",
        "import": f"/imports/{batch.pk}/",
        "action": f"/supervision/actions/{action.pk}/",
        "source": "/sources/shop/",
        "webhook": f"/webhooks/{hook.pk}/",
        "special report": f"{group.ticket.get_absolute_url()}special-report/",
        **of_the_archive(at),
        **of_missed_limits(),
    }


def of_the_archive(at: datetime) -> dict[str, str]:
    """A record, and the draft of a list of what may be erased."""
    filed = ArchiveRecord.objects.select_related("ticket").filter(ticket__status=Status.CLOSED).latest("pk")
    ArchiveRecord.objects.filter(pk=filed.pk).update(keep_until=timezone.localdate(at) - timedelta(days=1))
    services_erasure.gather(at=at)
    draft = services_erasure.ErasureList.objects.latest("pk")
    return {
        "record of the archive": f"{filed.ticket.get_absolute_url()}archive/",
        "erasure": f"/archive/erasures/{draft.pk}/",
        "purpose": filed.ticket.get_absolute_url(),
    }


def of_missed_limits() -> dict[str, str]:
    found = {"record of a missed limit": f"/sla/ledger/{Accountability.objects.latest('pk').pk}/"}
    sheet = SupervisionNotice.objects.order_by("pk").last()
    return found | ({"supervision notice": f"/sla/supervision/{sheet.number}/"} if sheet else {})

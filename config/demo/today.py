"""What lies on the desks of the demo company at this moment, so that every room has something to do.

Whatever the hour of the set-up: a case that waits for its customer, a second round, one sent back,
two for manual review, mails, filled-in questionnaires, shifts and last month's report.
"""

import base64
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts import duty
from accounts.models import User
from config.demo import handling, month, stories
from feedback.channels import web
from feedback.mail import services as services_mail
from feedback.models import Mailbox
from reports.services import build_report
from surveys import services_paper
from surveys.models import Questionnaire
from tickets import services as tickets

SEED = 20261125
ODD = (  # what the classifier leaves to a person: (key, text)
    ("demo-review-1", "什么破热水器，修了三次都没修好，一群骗子，傻逼客服就知道推。再不处理我就去 12315 投诉。"),
    ("demo-review-2", "你们这个东西到底怎么说呢，反正就那样吧，看着办。"),
)
MAILS = (  # (from, subject, further lines of its head, text)
    (
        "罗敏 <luomin@mail.example>", "冰箱漏水", "",
        "您好，上个月买的 BC-260 三门冰箱，这两天底部一直往外漏水，地板都泡了。订单号 CC-26-004417，电话 13800006621。请尽快安排师傅上门。",
    ),
    (
        "每周家电资讯 <news@letters.example>", "本周热销榜", "Precedence: bulk\nList-Unsubscribe: <mailto:off@letters.example>\n",
        "本周热销榜已更新，点击查看。",
    ),
)  # fmt: skip
SHEETS = ((5, 4, 5, 5, 2), (4, 3, 4, 5, 1), (5, 5, 5, 5, 2), (3, 2, 3, 4, 4), (4, 4, 5, 4, 3), (5, 4, 4, 5, 1))
PRINTED = 12
SHIFTS = (  # who, weekdays from Monday as 0, from, to
    ("lin", (0, 1, 2, 3, 4), time(9), time(14)),
    ("qing", (0, 1, 2, 3, 4), time(14), time(19)),
    ("fang", (5, 6), time(9), time(19)),
)


@transaction.atomic
def create(at: datetime) -> None:
    """After the month, once: a second run finds the month there and does not come here."""
    dice, cast = Random(SEED), month.read_cast()
    waits(begin(cast, dice, 2, "安装师傅打孔打偏", "app", 26, at))
    second_round(begin(cast, dice, 3, "同一故障修了三次", "wechat", 24 * 6, at))
    returned(begin(cast, dice, 4, "以旧换新估价前后不一", "web", 7, at))
    odd(at)
    mails(at)
    questionnaires(at)
    shifts(at)
    last = timezone.localdate(at).replace(day=1) - timedelta(days=1)
    build_report(kind="month", start=last.replace(day=1), at=at, by=None)


def begin(
    cast: month.Cast, dice: Random, n: int, subject: str, channel: str, hours: float, now: datetime
) -> month.Course:
    """A case received so many hours ago, with the department that it belongs to."""
    story = next(one for one in stories.STORIES if one.subject.endswith(subject))
    received = now - timedelta(hours=hours)
    ticket, story = month.register(cast, dice, month.COUNT + n, story, received, now, channel=channel)
    course = month.Course(cast, dice, ticket, story, ticket.registered_at + timedelta(minutes=4), now)
    if ticket.department_id is None:
        course.do(tickets.assign, department=cast.categories[story.category].department, by=dice.choice(cast.office))
    return course


def owner_of(course: month.Course) -> User:
    """Chen, where it is his department's: whoever looks at the demo signs in as him."""
    people = course.cast.handlers[course.ticket.department_id]
    return next((person for person in people if person.username == "chen"), people[0])


def step(course: month.Course, minutes: int) -> None:
    course.at = min(course.at + timedelta(minutes=minutes), course.now)


def waits(course: month.Course) -> None:
    owner = owner_of(course)
    step(course, 40)
    course.do(tickets.accept, by=owner)
    step(course, 30)
    course.do(tickets.request_information, by=owner, text=stories.QUESTIONS[1])


def second_round(course: month.Course) -> None:
    """Answered once, in vain; it came back two hours ago and lies one level up."""
    owner = owner_of(course)
    step(course, 50)
    course.do(tickets.accept, by=owner)
    step(course, 30)
    course.do(tickets.reply, by=owner, text=stories.PROGRESS[0].format(owner=owner.name))
    handling.work_up(course, owner, course.story.answer, course.cast.people)
    course.do(tickets.resolve, by=owner, text=course.story.answer)
    course.at = max(course.at, course.now - timedelta(hours=2))
    course.do(tickets.rate, rating="dissatisfied", stars=1, comment=stories.COMPLAINTS_AFTER[0])


def returned(course: month.Course) -> None:
    step(course, 60)
    head = course.ticket.department.head or owner_of(course)
    course.do(
        tickets.return_to_dispatch, by=head, reason="not_ours", text="旧机由回收商上门估价，属物流配送部管理，请改派。"
    )


def shifts(at: datetime) -> None:
    """From this week's Monday, four weeks."""
    today = timezone.localdate(at)
    monday = today - timedelta(days=today.weekday())
    for username, weekdays, opens, closes in SHIFTS:
        person = User.objects.filter(username=username).first()
        if person and not person.shifts.exists():
            duty.plan(
                person=person,
                first=monday,
                last=monday + timedelta(days=27),
                weekdays=weekdays,
                opens=opens,
                closes=closes,
            )


def odd(at: datetime) -> None:
    empty = dict.fromkeys(("name", "phone", "email", "region", "place", "remedy_sought"), "")
    for minutes, (key, text) in zip((95, 50), ODD, strict=True):
        fields = empty | {
            "content": text,
            "nature": "complaint",
            "anonymous": True,
            "occurred_at": None,
            "consent": False,
        }
        web.take(fields, uploads=[], key=key, language="zh-hans", at=at - timedelta(minutes=minutes))


def mails(at: datetime) -> None:
    """One customer's, one of a machine that is left alone."""
    mailbox = Mailbox.objects.filter(code="support").first()
    if mailbox is None:
        return
    for minutes, (sender, subject, more, text) in zip((150, 70), MAILS, strict=True):
        lines = [f"From: {encoded(sender)}", f"To: {mailbox.address}", f"Subject: {encoded(subject)}"]
        head = more + "\n".join([*lines, "Content-Type: text/plain; charset=utf-8"])
        when = at - timedelta(minutes=minutes)
        row, _new = services_mail.store(mailbox, f"{head}\n\n{text}".encode(), received_at=when)
        services_mail.process(row.pk, at=when)


def encoded(words: str) -> str:
    """A subject or a sender with its Chinese as an encoded word."""
    name, bracket, address = words.partition(" <")
    return f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?={bracket}{address}"


def questionnaires(at: datetime) -> None:
    """Printed, some filled in and entered twice; one was read in two ways and waits for a decision."""
    row = Questionnaire.objects.filter(code="G1").first()
    readers = [User.objects.filter(username=name).first() for name in ("zhou", "lin")]
    if row is None or None in readers or row.last_serial:
        return
    first, second = readers
    services_paper.print_sheets(row, count=PRINTED, by=first, at=at - timedelta(days=6))
    for sheet, marks in zip(row.sheets.order_by("serial"), SHEETS, strict=False):
        answers = dict(zip(("process", "speed", "resolution", "attitude", "channel"), marks, strict=True))
        sheet = services_paper.enter(sheet, answers, by=first, at=at - timedelta(days=2))
        services_paper.enter(sheet, answers, by=second, at=at - timedelta(days=1))
    left = row.sheets.filter(state="printed").order_by("serial").first() or row.sheets.order_by("-serial").first()
    for reader, speed in zip(readers, (2, 3), strict=True):
        left = services_paper.enter(
            left, {"process": 3, "speed": speed, "words": "希望窗口中午也有人。"}, by=reader, at=at
        )

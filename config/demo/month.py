"""Two months of tickets, made through the services as of their own times, so that clocks and figures come out right,
and a month has one before it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Department, Region, User
from config.demo import handling, stories, whole_way
from config.demo.stories import Story
from notices.models import Notice
from surveys import services as surveys
from surveys.models import FollowUp
from tickets import services as tickets
from tickets.channels import AUTOMATIC
from tickets.models import Category, Customer, Ticket
from tickets.workflow import Status

SOURCE = "热线旧系统"
"""Where the demo's past cases say they come from."""
SEED = 20261123
COUNT = 220
DAYS = 60
OPENS, CLOSES = time(9, 5), time(17, 40)
REGIONS = (
    "330110 320106 440305 110105 310115 510107 420106 610113 370202 350203 430102 330203 340104 210102 450103 530102"
)
CHANNELS = {"web": 26, "app": 22, "phone": 30, "email": 14, "wechat": 20, "review": 22}
CHANNELS |= {"social": 12, "chat": 10, "letter": 5, "box": 6, "paper": 5, "counter": 8}
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗梁宋郑谢韩唐"
GIVEN = "敏伟静丽强磊洋艳勇杰娜宁颖凯晨"
MAJOR = COUNT - 11
"""The case of four hours ago is the major one that its special group works on, at whatever hour the demo is set up."""
# hours before now at which some fresh cases came in, so that some are due soon whenever the demo is set up
FRESH = (0.2, 0.5, 0.8, 1.0, 1.2, 1.6, 1.8, 1.9, 2.5, 3, 4, 5.5, 7, 9, 12, 16, 20, 22, 23, 23.5)


@dataclass
class Cast:
    """Who works in the demo, read once."""

    categories: dict[str, Category]
    departments: dict[str, Department]
    handlers: dict[int, list[User]] = field(default_factory=dict)
    agents: list[User] = field(default_factory=list)
    office: list[User] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)


def read_cast() -> Cast:
    people = list(User.objects.active().select_related("department").order_by("pk"))
    cast = Cast(
        {row.code: row for row in Category.objects.select_related("department")},
        {row.code: row for row in Department.objects.select_related("head")},
        agents=[person for person in people if person.has_role("agent")],
        office=[person for person in people if person.has_role("office")],
        people=people,
        regions=list(Region.objects.filter(code__in=REGIONS.split())),
    )
    for person in people:
        if person.has_role("handler") and person.department_id:
            cast.handlers.setdefault(person.department_id, []).append(person)
    return cast


def at_work(moment: datetime) -> datetime:
    """The moment itself in office hours, else the next opening; Saturdays have a duty shift, Sundays wait."""
    local = timezone.localtime(moment)
    if local.time() > CLOSES:
        local = local.replace(hour=OPENS.hour, minute=OPENS.minute) + timedelta(days=1)
    elif local.time() < OPENS:
        local = local.replace(hour=OPENS.hour, minute=OPENS.minute)
    while local.weekday() == 6:
        local += timedelta(days=1)
    return local


class Ended(Exception):
    """The present is reached: what comes later has not happened yet."""


@dataclass
class Course(handling.Ways):
    """One case on its way: it steps through time and stops at the present."""

    cast: Cast
    dice: Random
    ticket: Ticket
    story: Story
    at: datetime
    now: datetime

    def later(self, least: float, most: float, *, office: bool = True) -> datetime:
        """Go on by some hours; raises Ended past the present."""
        self.at += timedelta(hours=self.dice.uniform(least, most))
        if office:
            self.at = at_work(self.at) + timedelta(minutes=self.dice.randint(0, 12))
        if self.at >= self.now:
            raise Ended
        return self.at

    def do(self, verb: Callable[..., Ticket], **arguments: Any) -> None:
        self.ticket = verb(self.ticket, at=self.at, **arguments)

    @property
    def handler(self) -> User:
        return self.dice.choice(self.cast.handlers[self.ticket.department_id])

    @property
    def is_recent(self) -> bool:
        """Only fresh cases lie neglected: the company is one that clears its desks."""
        return self.now - self.ticket.received_at < timedelta(days=4)

    @property
    def likely(self) -> Callable[[float], bool]:
        return lambda chance: self.dice.random() < chance


def create(at: datetime) -> int:
    """All of it or, when it is there already, none; returns how many tickets were made. About twelve seconds."""
    dice = Random(SEED)
    with transaction.atomic():
        with connection.cursor() as cursor:  # `make run` and a person may both begin
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED])
        if Ticket.objects.filter(source__in=[SOURCE, "demo"]).exists():
            return 0
        cast = read_cast()
        for n, received in enumerate(sorted(arrivals(dice, at))):
            run(cast, dice, n, received, at)
        whole_way.create({person.username: person for person in cast.people}, cast.departments, at)
        as_of_old(at)
    return COUNT


def arrivals(dice: Random, now: datetime) -> list[datetime]:
    """More on working days and in the daytime; a dip at weekends; some in the last hours."""
    found = [now - timedelta(hours=hours) for hours in FRESH]
    while len(found) < COUNT:
        moment = timezone.localtime(now - timedelta(days=dice.uniform(1, DAYS)))
        moment = moment.replace(hour=min(max(round(dice.gauss(14, 4)), 7), 22), minute=dice.randint(0, 59))
        if moment < now and (moment.weekday() < 5 or dice.random() < 0.4):
            found.append(moment)
    return found


def run(cast: Cast, dice: Random, n: int, received: datetime, now: datetime) -> None:
    story = dice.choice(stories.STORIES if n != MAJOR else [one for one in stories.STORIES if one.tier])
    ticket, story = register(cast, dice, n, story, received, now)
    course = Course(cast, dice, ticket, story, ticket.registered_at, now)
    try:
        live(course, n)
    except Ended:
        return


def register(
    cast: Cast, dice: Random, n: int, story: Story, received: datetime, now: datetime, *, channel: str = ""
) -> tuple[Ticket, Story]:
    """`channel` is thrown when none is given. Where people review in public they complain: the story told is given back."""
    thrown = dice.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    channel = channel or ("phone" if n == MAJOR else thrown)
    if channel in {"review", "social"}:
        story = dice.choice([one for one in stories.STORIES if one.nature == "complaint" and not one.tier])
    words = {kind: dice.choice(models) for kind, models in stories.MODELS.items()} | {"when": dice.choice(stories.WHEN)}
    by_hand = channel not in AUTOMATIC
    category = cast.categories[story.category]
    registered = min(received + timedelta(minutes=dice.randint(1, 50)), now) if by_hand else received
    fresh = received > now - timedelta(hours=10)
    anonymous = channel in {"box", "social"} or dice.random() < 0.06
    region = dice.choice(cast.regions) if cast.regions else None
    ticket = tickets.open(
        channel=channel,
        subject=story.subject.format(**words),
        content=story.content.format(**words),
        nature=story.nature,
        tier=story.tier,
        category=category,
        department=None if dice.random() < (0.4 if fresh else 0.12) else category.department,
        received_at=received,
        at=registered,
        by=dice.choice(cast.agents) if by_hand else None,
        answered_at_once=channel == "phone" and dice.random() < 0.7,
        customer=None if anonymous else customer(dice, region, story.language, received),
        anonymous=anonymous,
        region=region,
        language=story.language,
        stars=dice.choice((1, 1, 2)) if channel == "review" else None,
        is_bad_review=channel in {"review", "social"},
        needs_review=dice.random() < 0.05,
        source=SOURCE,
        external_id=f"{received:%y%m}-{n + 1:04d}",
    )
    return ticket, story


def customer(dice: Random, region: Region | None, language: str, at: datetime) -> Customer:
    """Somebody new, or now and then somebody who has written before."""
    if dice.random() < 0.12 and (known := Customer.objects.order_by("pk").first()):
        return known
    name = dice.choice(SURNAMES) + dice.choice(GIVEN) if language != "en" else dice.choice(("Anna", "Mark", "Sofia"))
    number = dice.randint(0, 9999)
    return Customer.objects.create(
        name=name,
        phone=f"1380000{number:04d}",
        email=f"user{number}@mail.example" if dice.random() < 0.4 else "",
        region=region,
        language=language,
        created_at=at,
        consent_at=at,
        consent_version="1",
    )


def at_once(course: Course) -> None:
    """Danger does not wait for office hours: dealt with and taken within minutes, and not over yet."""
    if course.ticket.department_id is None:
        course.later(0.05, 0.1, office=False)
        home = course.cast.categories[course.story.category].department
        course.do(tickets.assign, department=home, by=course.dice.choice(course.cast.office))
    course.later(0.05, 0.1, office=False)
    course.do(tickets.accept, by=course.handler)


def live(course: Course, n: int) -> None:
    """The way of one case; `n` spreads the rarer ways over the month."""
    likely = course.likely
    if n == MAJOR:
        return at_once(course)
    if n % 29 == 7:
        return discard(course)
    if course.ticket.department_id is None:
        course.later(0.05, 0.5)
        target = course.cast.categories[course.story.category].department or course.cast.departments["customer_service"]
        course.do(tickets.assign, department=target, by=course.dice.choice(course.cast.office))
    elif likely(0.06):
        sent_back(course)
    if course.is_recent and n % 31 == 11:
        return None  # nobody takes it: the limits run out
    if likely(0.04):
        course.later(3, 20)  # late: the first answer misses its limit
    course.later(0.05, 0.5)
    owner = course.handler
    course.do(tickets.accept, by=owner)
    if course.is_recent and n % 37 == 5:
        return None  # taken and forgotten
    course.later(0.05, 0.4)
    progress = stories.PROGRESS_EN if course.story.language == "en" else stories.PROGRESS
    course.do(tickets.reply, by=owner, text=course.dice.choice(progress).format(owner=owner.name))
    if likely(0.2):
        course.do(tickets.note, by=owner, text=course.dice.choice(stories.NOTES))
    if likely(0.16) or n % 19 == 6:
        ask(course, owner, n)
    if n % 41 == 9:
        course.later(20, 30)
        course.do(tickets.escalate, by=owner, reason="涉及两个部门，请负责人协调。")
    slow = 90 if n % 23 == 3 else 8
    course.later(1, slow if course.story.nature == "complaint" else 50)
    if likely(0.08):
        course.do(tickets.remind, by=course.dice.choice(course.cast.office), text="用户来电催问，请今日答复。")
        course.later(0.5, 4)
    handling.work_up(course, owner, course.story.answer, course.cast.people)
    course.do(tickets.resolve, by=owner, text=course.story.answer)
    return judge(course)


def ask(course: Course, owner: User, n: int) -> None:
    course.later(0.2, 2)
    course.do(tickets.request_information, by=owner, text=course.dice.choice(stories.QUESTIONS))
    if course.is_recent and n % 38 == 6:
        raise Ended  # the customer never answers
    course.later(3, 60, office=False)
    course.do(tickets.customer_message, text=course.dice.choice(stories.ANSWERS).format(n=n + 417))


def sent_back(course: Course) -> None:
    """The department says that it is not theirs; the office gives it to another."""
    course.later(0.3, 2)
    head = course.ticket.department.head or course.handler
    course.do(tickets.return_to_dispatch, by=head, reason="not_ours", text="属安装网点责任，请改派。")
    course.later(0.3, 3)
    other = course.dice.choice(("customer_service", "after_sales", "logistics"))
    course.do(tickets.assign, department=course.cast.departments[other], by=course.dice.choice(course.cast.office))


def discard(course: Course) -> None:
    course.later(0.3, 5)
    reason = course.dice.choice(("duplicate", "spam", "withdrawn"))
    course.do(tickets.void, by=course.dice.choice(course.cast.agents), reason=reason)


def judge(course: Course) -> None:
    """The customer's word; dissatisfied goes round again, one level up. Who left only a number is called."""
    asked = course.ticket.resolved_at + timedelta(hours=settings.SURVEY_DELAY_HOURS, minutes=5)
    if asked < course.now:
        surveys.send_due(asked)
    called = FollowUp.objects.filter(ticket=course.ticket, round=course.ticket.round, mode="call").exists()
    if called and course.is_recent:
        return None  # it stands on the agents' list of calls
    if called:
        course.later(2, 9)
    else:
        course.later(3, 40, office=False)
    if course.likely(0.03 if called else 0.24):
        return archive(course)
    caller = next(agent for agent in course.cast.agents if agent.pk != course.ticket.owner_id) if called else None
    rating = course.dice.choices(("satisfied", "neutral", "dissatisfied"), (89, 7, 4))[0]
    stars = {"satisfied": course.dice.choice((4, 5, 5)), "neutral": 3, "dissatisfied": course.dice.choice((1, 2))}[
        rating
    ]
    comment = course.dice.choice(stories.COMPLAINTS_AFTER) if rating == "dissatisfied" else ""
    course.do(tickets.rate, rating=rating, stars=stars, comment=comment, by=caller)
    if course.ticket.status == Status.RESOLVED:
        return archive(course)
    course.later(0.5, 4)
    owner = course.ticket.owner or course.cast.office[0]
    course.do(tickets.accept, by=owner)
    course.later(2, 24)
    answer = course.dice.choice(stories.SECOND_ANSWERS)
    handling.work_up(course, owner, answer, course.cast.people)
    course.do(tickets.resolve, by=owner, text=answer)
    course.later(4, 30, office=False)
    course.do(tickets.rate, rating="satisfied", stars=4)
    return archive(course)


def archive(course: Course) -> None:
    """The beat archives quiet cases seven days after their result, or when their customer was asked in vain; here as of
    then."""
    asked = FollowUp.objects.open().by_us().filter(ticket=course.ticket).first()
    course.at = asked.expires_at if asked else course.ticket.resolved_at + timedelta(days=7)
    course.later(0, 0.1, office=False)
    if asked:
        surveys.give_up(course.at)
    reason = "rated" if course.ticket.rating else "not_reached" if asked else "quiet"
    course.do(tickets.close, by=None, reason=reason)


def as_of_old(now: datetime) -> None:
    """What was to be sent in that month is not sent today; what is old has been read."""
    out = Notice.objects.filter(state=Notice.State.WAITING).exclude(channel=Notice.Channel.IN_APP)
    out.update(state=Notice.State.SENT, sent_at=F("created_at"))
    Notice.objects.filter(read_at=None, created_at__lt=now - timedelta(days=3)).update(read_at=now)

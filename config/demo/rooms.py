"""What the office, the auditors and leadership of the demo company have set up and begun, beside the cases themselves."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Department, User
from feedback.problems import services as services_problems
from knowledge.models import Problem, PublicImprovement
from supervision import services_findings, services_meetings, services_samples
from supervision.models import Checklist, Meeting, Sample
from tickets import services as tickets
from tickets.dispatch.models import Strategy
from tickets.handling.impartial import has_part
from tickets.models import RoutingRule, Ticket
from tickets.workflow import UNANSWERED, Tier

LOCK = 20261124
PROBLEM, ALIKE = "送货上门另收搬楼费", "搬楼费"
FINDING = "承诺“今天内告知进度”，次日才再次联系用户；请说明原因并改进。"
VERDICT = "登记、分派和审核完整；承诺的进度告知晚了一天。"
MINUTES = "逐件过了积压和超时工单；售后旺季加派一名工程师；搬楼费列为共性问题，由物流配送部牵头。"
DECISION = "与承运商重签送货入户条款，写明不得另收搬楼费。"
IMPROVED = (
    # said, done, in English, days ago
    (
        "送货上楼要另外交搬楼费，下单时没有说。",
        "与承运商重签条款：送货入户一律不另收费；下单页写明入户范围。",
        "Carrying to the upper floors cost extra, and nobody had said so.",
        "New terms with the carriers: delivery into the home costs nothing more, and the order page says what it covers.",
        9,
    ),
    (
        "保修期多长，说明书里找不到。",
        "保修期印在机身铭牌旁，常见问题里也能查到。",
        "The manual does not say how long the warranty lasts.",
        "The warranty is printed beside the type plate and stands in the questions and answers.",
        24,
    ),
    (
        "热线晚上没人接。",
        "热线延长到每天 20:00；之后的来电次日上午回拨。",
        "Nobody answers the hotline in the evening.",
        "The hotline is open until 20:00 every day; later calls are returned the next morning.",
        41,
    ),
)
LOG = "已到现场关阀通风，隔离同批次在库机器；联系质检部门取样。"
RULES = (
    # code, name, English name, match, department, who gets it
    ("warranty", "维修与退换给售后，发给最空闲的人", "Repairs and returns to after-sales, to whoever has least", {"nature": ["complaint"], "category": ["after_sales"]}, "after_sales", Strategy.LEAST_LOADED),
    ("delivery", "配送问题给物流配送部", "Delivery to logistics", {"category": ["delivery"]}, "logistics", Strategy.DEPARTMENT),
)  # fmt: skip


@transaction.atomic
def create(at: datetime) -> None:
    """Idempotent. The cases of the month have to be there."""
    with connection.cursor() as cursor:  # `make run` and a person may both begin
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    people = User.objects.in_bulk(["zhou", "xu", "gao", "chen", "yan"], field_name="username")
    if len(people) < 5 or any(model.objects.exists() for model in (Sample, RoutingRule, Meeting)):
        return
    rules()
    problem(people, at)
    group(people, at)
    sample(people, at)
    meeting(people, at)
    improvements(at)


def improvements(at: datetime) -> None:
    """您说了，我们改了: three on the public page, the first with the common problem it came from."""
    origin = Problem.objects.filter(title=PROBLEM).first()
    for number, (said, did, said_en, did_en, days) in enumerate(IMPROVED):
        PublicImprovement.objects.create(
            said=said, did=did, said_en=said_en, did_en=did_en, done_on=timezone.localdate(at) - timedelta(days=days),
            problem=None if number else origin, is_public=True,
        )  # fmt: skip


def rules() -> None:
    departments = {row.code: row for row in Department.objects.all()}
    for position, (code, name, name_en, match, home, strategy) in enumerate(RULES, start=1):
        RoutingRule.objects.create(
            code=code, name=name, name_en=name_en, match=match, department=departments[home], strategy=strategy,
            position=position * 10,
        )  # fmt: skip


def problem(people: dict[str, User], at: datetime) -> None:
    """One that the office has confirmed; the finder proposes more."""
    alike = list(Ticket.objects.counted().filter(subject__contains=ALIKE, problem=None).order_by("pk")[:6])
    if alike:
        services_problems.found(PROBLEM, alike, by=people["zhou"], at=at)


def group(people: dict[str, User], at: datetime) -> None:
    """The newest major case that is still open has its group at work."""
    major = Ticket.objects.filter(tier=Tier.L1, status__in=UNANSWERED, department__isnull=False).order_by("-pk").first()
    if major is None:
        return
    tickets.form_group(major, leader=people["gao"], members=[people["chen"]], by=people["zhou"], at=at)
    tickets.log_work(Ticket.objects.get(pk=major.pk), text=LOG, by=people["chen"], at=at)


def sample(people: dict[str, User], at: datetime) -> None:
    """Drawn by an auditor; one sheet is filled in and led to a finding."""
    checklist, day = Checklist.objects.filter(is_active=True).first(), timezone.localdate(at)
    auditor = people["xu"]
    if checklist is None or not Ticket.objects.exists():
        return
    drawn = services_samples.draw(
        name=f"{day:%Y年%-m月}投诉抽查", checklist=checklist, start=day - timedelta(days=30), end=day, size=6,
        nature="complaint", seed="demo", by=auditor, at=at,
    )  # fmt: skip
    for case in drawn.cases.select_related("ticket__owner"):
        if case.ticket.owner is None or has_part(case.ticket, auditor):
            continue
        answers = ["yes"] * (len(checklist.questions) - 1) + ["no"]
        notes = [""] * len(checklist.questions)
        services_samples.review(case, answers=answers, notes=notes, verdict=VERDICT, by=auditor, at=at)
        services_findings.open_finding(
            case.ticket, text=FINDING, owner=case.ticket.owner, days=5, by=auditor, at=at, sampled=case
        )
        return


def meeting(people: dict[str, User], at: datetime) -> None:
    day = timezone.localdate(at)
    held = services_meetings.prepare(day=day, by=people["zhou"], at=at)
    services_meetings.write_minutes(
        held, chair="唐越", present="周明、高远、严松、徐正", minutes=MINUTES, by=people["zhou"]
    )
    services_meetings.add_action(
        text=DECISION, owner=people["yan"], due_on=day + timedelta(days=14), by=people["zhou"], at=at, meeting=held
    )

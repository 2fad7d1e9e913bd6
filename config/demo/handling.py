"""How the demo company works a case up before it is answered: sheet, result, reviews."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import User
from tickets import services as tickets
from tickets.handling import reviewing
from tickets.models import Cause, Ticket

FACTS = (
    "已电话核实，并调取安装记录与照片；情况与用户所述一致。",
    "与当班人员和网点逐一核对，派单、上门、完工时间均有记录。",
    "现场复查并留存照片，确认问题属实，影响日常使用。",
)
NEEDS = ("一次修好，不再耽误时间。", "希望有人负责到底，并说明原因。", "用得放心，损失得到合理补偿。")
MEASURES = (
    "两日内加派熟练工程师上门处理，完工后试机并回传照片；同批次逐台排查。",
    "由网点负责人上门致歉并处理，费用由公司承担；修订派单提醒规则。",
    "更换有关部件，延长保修；把检查项加入完工清单。",
)
GOALS = ("问题彻底解决，用户确认满意。", "三个月内同类反馈下降一半。")
AGREED = ("用户同意上述安排。", "用户同意，约在下班后上门。")
OPINIONS = ("措施得当，同意。", "同意，请跟进改进项落实。", "资料齐全，同意答复用户。")
CALLED = "回访用户本人，确认问题已处理，对结果认可。"
MISSING = "缺少完工照片，补齐后再报。"
REMEDIES = (("repair", None), ("repair", None), ("service", None), ("compensation", "200"), ("exchange", None))
ASSESSED = (
    ("adopt", "可行，成本低，列入改进计划。"),
    ("later", "方向合适，待下一代产品统一考虑。"),
    ("decline", "与安全标准冲突，暂不采纳，已向用户说明。"),
)
IMPROVED = "按建议调整，先在两个网点试行，再推广。"
IN_TWO_MONTHS = timedelta(days=60)


class Ways:
    """What a case's course gives: do a move at its time, go on by some hours, throw a die."""

    ticket: Ticket
    at: datetime
    dice: Random
    do: Callable[..., None]
    later: Callable[..., object]


def work_up(course: Ways, owner: User, answer: str, people: list[User]) -> None:
    """What the rule asks for before the answer; nothing where there is none."""
    nature = course.ticket.nature
    if nature == "suggestion":
        verdict, reason = course.dice.choices(ASSESSED, (5, 2, 2))[0]
        action = (
            {"improvement": IMPROVED, "due_on": timezone.localdate(course.at + IN_TWO_MONTHS)}
            if verdict == "adopt"
            else {}
        )
        course.do(tickets.assess, by=owner, verdict=verdict, reason=reason, **action)
    rule = reviewing.rule_of(course.ticket)
    if not (rule and rule.gates):
        return
    if nature == "complaint":
        sheet(course, owner)
    report(course, owner, answer)
    while review := reviewing.open_review(course.ticket):
        course.later(0.1, 1.2)
        able = [person for person in people if not reviewing.why_not(course.ticket, review, person)]
        reviewer = course.dice.choice(able)
        if review.gate == "office" and review.report == 1 and course.dice.random() < 0.08:
            course.do(tickets.reject, by=reviewer, reason="evidence", text=MISSING)
            course.later(0.5, 3)
            report(course, owner, answer)
            continue
        called = CALLED if review.call_back else ""
        course.do(tickets.approve, by=reviewer, text=course.dice.choice(OPINIONS), called=called)


def sheet(course: Ways, owner: User) -> None:
    causes = list(Cause.objects.filter(is_active=True))
    course.do(
        tickets.investigate,
        by=owner,
        facts=course.dice.choice(FACTS),
        cause=course.dice.choice(causes) if causes else None,
        true_need=course.dice.choice(NEEDS),
    )
    course.later(0.1, 0.6)
    remedy, amount = course.dice.choice(REMEDIES)
    course.do(
        tickets.plan,
        by=owner,
        measures=course.dice.choice(MEASURES),
        goal=course.dice.choice(GOALS),
        limit=course.ticket.received_at + timedelta(days=5),
        remedy=remedy,
        amount=Decimal(amount) if amount else None,
    )
    if course.ticket.customer_id:
        course.do(tickets.agree, by=owner, agreed=True, text=course.dice.choice(AGREED))


def report(course: Ways, owner: User, answer: str) -> None:
    course.later(0.3, 2)
    course.do(tickets.report, by=owner, text=answer)

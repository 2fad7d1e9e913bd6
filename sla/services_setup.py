"""The calendars and policies that a new company starts with (`sla.md`, defaults)."""

from collections.abc import Sequence
from datetime import time

from django.db import transaction

from sla import defaults, holidays, ladder
from sla.calendars import DAY, Slot
from sla.models import Calendar, CalendarOverride, CalendarSlot, Metric, SlaPolicy, SlaTarget
from tickets.workflow import Tier

EVERY = [
    (Metric.FIRST_CONTACT, 30, "wm"), (Metric.REGISTER, 2, "wh"), (Metric.ASSIGN, 2, "wh"), (Metric.ACCEPT, 4, "wh"),
    (Metric.CUSTOMER_REPLY, 5, "wd"), (Metric.CO_TASK, 2, "wd"), (Metric.REPORT, 4, "wh"), (Metric.REVIEW_HEAD, 1, "wd"),
    (Metric.REVIEW_OFFICE, 1, "wd"), (Metric.CALL_BACK, 3, "wd"), (Metric.RETURN_DECISION, 1, "wd"),
]  # fmt: skip
"""Limits that every policy has."""
POLICIES = [
    ("l1", "L1 重大事件", "L1 major", Tier.L1, [
        (Metric.FIRST_RESPONSE, 1, "h"), (Metric.PLAN, 24, "h"), (Metric.NEXT_RESPONSE, 4, "h"),
        (Metric.RESOLUTION, 5, "wd"),
    ]),
    ("l2", "L2 投诉", "L2 complaint", Tier.L2, [
        (Metric.FIRST_RESPONSE, 2, "wh"), (Metric.PROGRESS_UPDATE, 24, "h"), (Metric.NEXT_RESPONSE, 8, "wh"),
        (Metric.RESOLUTION, 48, "h"),
    ]),
    ("l3", "L3 建议与咨询", "L3 suggestion or inquiry", None, [
        (Metric.FIRST_RESPONSE, 3, "wd"), (Metric.NEXT_RESPONSE, 3, "wd"), (Metric.RESOLUTION, 15, "wd"),
    ]),
]  # fmt: skip
WAITING = ["waiting"]
PAUSED_BY_WAITING = {Metric.NEXT_RESPONSE, Metric.PROGRESS_UPDATE, Metric.PLAN, Metric.RESOLUTION}


@transaction.atomic
def create_defaults() -> None:
    """Create what is missing; what an administrator has changed stays as it is."""
    office = calendar(defaults.OFFICE, "办公时间", "Office hours", range(5), defaults.OFFICE_HOURS, holidays_too=True)
    always = calendar(defaults.ROUND_THE_CLOCK, "全天候", "Round the clock", range(7), [(0, DAY)], holidays_too=False)
    for position, (code, name, name_en, tier, limits) in enumerate(POLICIES, start=1):
        match = {"tier": [tier.value]} if tier else {}
        policy, created = SlaPolicy.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "name_en": name_en, "position": position * 10, "match": match, "is_default": tier is None,
            },
        )  # fmt: skip
        if created:
            SlaTarget.objects.bulk_create(
                SlaTarget(
                    policy=policy,
                    metric=metric,
                    amount=amount,
                    unit=unit,
                    calendar=always if unit == "h" else office,
                    pauses_on=WAITING if metric in PAUSED_BY_WAITING else [],
                    warn_at=[50, 80],
                    ladder=ladder_of(metric, tier),
                )
                for metric, amount, unit in [*EVERY, *limits]
            )


def ladder_of(metric: Metric, tier: Tier | None) -> list[ladder.Step]:
    if metric == Metric.CUSTOMER_REPLY:
        return ladder.WAIT
    if metric == Metric.RETURN_DECISION:
        return ladder.RIGHT
    if tier != Tier.L1:
        return ladder.USUAL
    # the second for a case that becomes major after its first answer
    calls = metric in {Metric.FIRST_RESPONSE, Metric.PLAN}
    return [ladder.AT_ONCE, *ladder.MAJOR] if calls else ladder.MAJOR


def calendar(
    code: str, name: str, name_en: str, weekdays: Sequence[int], hours: Sequence[Slot], *, holidays_too: bool
) -> Calendar:
    row, created = Calendar.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "name_en": name_en,
            "follows_holidays": holidays_too,
            "known_until": holidays.known_until() if holidays_too else None,
        },
    )
    if created:
        CalendarSlot.objects.bulk_create(
            CalendarSlot(calendar=row, weekday=day, opens=clock_time(begin), closes=clock_time(end))
            for day in weekdays
            for begin, end in hours
        )
        if holidays_too:
            CalendarOverride.objects.bulk_create(
                CalendarOverride(
                    calendar=row,
                    date=day.day,
                    slots=[[as_text(begin), as_text(end)] for begin, end in day.slots],
                    reason=day.name,
                    source=CalendarOverride.Source.STATUTORY,
                )
                for day in holidays.override_rows(slots=hours)
            )
        row.refresh_from_db()
    return row


def clock_time(seconds: int) -> time:
    seconds %= DAY
    return time(seconds // 3600, seconds % 3600 // 60)


def as_text(seconds: int) -> str:
    return "24:00" if seconds == DAY else f"{seconds % DAY // 3600:02}:{seconds % 3600 // 60:02}"

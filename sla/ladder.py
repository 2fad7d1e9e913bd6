"""The steps before and after a due time, as data: when, who is told, what is done. Pure.

A step is `{"at": "80%" | "due" | "+1wd" | "-30wm", "tell": [roles], "level": 0-3, "account": true, "remind": true,
"notice": true, "group": true, "reassign": "head" | "office" | "duty"}`. Percentages are of the limit; offsets are in their own unit on the
target's calendar. `account` opens an accountability record, `remind` writes a reminder into the history, `notice`
issues a supervision notice (督办单), `group` calls the special group together (C3.3), `reassign` gives the case to another
person; `duty` is who of the department is on duty with the fewest open cases.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

from sla import replay, worktime
from sla.calendars import WorkCalendar
from tickets.workflow import Level

DUE = "due"
OWNER, FIRST_CONTACT, HEAD, OFFICE, LEADERS = "owner", "first_contact", "head", "office", "leaders"

Shares = Callable[[worktime.Amount], datetime]
"""When so many percent of a limit are used."""

_SHARE = re.compile(r"(\d{1,2})%", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{1,4})(s|m|h|wm|wh|wd|d)", re.ASCII)


class Step(TypedDict, total=False):
    at: str
    tell: list[str]
    level: int
    account: bool
    remind: bool
    notice: bool
    group: bool
    reassign: str


USUAL: list[Step] = [
    {"at": "50%", "tell": [OWNER]},
    {"at": "80%", "tell": [OWNER, FIRST_CONTACT]},
    {"at": DUE, "tell": [OWNER, FIRST_CONTACT, HEAD], "level": int(Level.HEAD), "account": True},
    {"at": "+1wd", "tell": [OFFICE], "level": int(Level.OFFICE)},
    {"at": "+3wd", "tell": [HEAD, OFFICE, LEADERS], "level": int(Level.LEADERSHIP), "notice": True},
]
"""`sla.md`: what happens where the target does not say otherwise."""

MAJOR: list[Step] = [
    {"at": "50%", "tell": [OWNER, FIRST_CONTACT]},
    {"at": "80%", "tell": [OWNER, FIRST_CONTACT, HEAD]},
    {"at": DUE, "tell": [OWNER, FIRST_CONTACT, HEAD, OFFICE, LEADERS], "level": int(Level.HEAD), "account": True},
    {"at": "+1wd", "tell": [OFFICE, LEADERS], "level": int(Level.OFFICE)},
    {"at": "+3wd", "tell": [HEAD, OFFICE, LEADERS], "level": int(Level.LEADERSHIP), "notice": True},
]
"""L1: leadership hears of every missed limit."""

AT_ONCE: Step = {"at": "0%", "tell": [], "group": True}
"""L1: the special group is called together when the limit of the first response begins, and where a case becomes a major
one later, when that of the plan does (C3.3)."""


RIGHT: list[Step] = [{"at": "80%", "tell": [HEAD]}]
"""A right that lapses, such as to return a case: nobody is late when it ends."""

WAIT: list[Step] = [{"at": "80%", "tell": [OWNER]}, {"at": DUE, "tell": [OWNER, FIRST_CONTACT]}]
"""The wait for the customer: nobody of ours is late when it ends, the case goes on."""


def step_of(ladder: Sequence[dict[str, Any]], threshold: str) -> dict[str, Any]:
    """The step that a due item stands for; one without actions when the ladder no longer has it."""
    return next((step for step in ladder if step["at"] == threshold), {"at": threshold})


def instants(
    ladder: Sequence[dict[str, Any]], due_at: datetime, calendar: WorkCalendar, shares: Shares
) -> list[tuple[str, datetime]]:
    """When each step is due, for a clock that ends at `due_at`. The breach itself is always among them.

    `shares`: of a clock that was never paused `shares_of`, of another one `Replay.at_share`. ValueError for a step that
    nobody can read.
    """
    found = {DUE: due_at}
    for step in ladder:
        found[step["at"]] = instant(step["at"], due_at, calendar, shares)
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def shares_of(started_at: datetime, target: replay.Target) -> Shares:
    """When a percentage of the limit is used, for a clock that was never paused."""
    late = target.late_receipt_counts_next_day
    return worktime.shares(started_at, target.amount, target.unit, target.calendar, late)


def instant(threshold: str, due_at: datetime, calendar: WorkCalendar, shares: Shares) -> datetime:
    """ValueError for a step that nobody can read."""
    if threshold == DUE:
        return due_at
    amount, unit = read(threshold)
    return shares(amount) if unit == "%" else worktime.offset(due_at, amount, unit, calendar)


@lru_cache(maxsize=512)
def read(threshold: str) -> tuple[int, str]:
    """`80%` is 80 and %, `-30wm` is -30 and wm."""
    if share := _SHARE.fullmatch(threshold):
        return int(share.group(1)), "%"
    parts = _OFFSET.fullmatch(threshold)
    if not parts:
        raise ValueError(f"a step of a ladder is 80%, due, +1wd or -30wm, not {threshold!r}")
    sign, amount, unit = parts.groups()
    return int(amount) * (-1 if sign == "-" else 1), unit


FLAGS = ("account", "remind", "notice", "group")
DUTY = "duty"
TAKERS = (HEAD, OFFICE, DUTY)
ROLES = (OWNER, FIRST_CONTACT, HEAD, OFFICE, LEADERS)


def as_text(ladder: Sequence[dict[str, Any]]) -> str:
    """One step a line, as an administrator reads and writes them: `due owner head level=1 account`."""
    return "\n".join(
        " ".join(
            [step["at"], *step.get("tell", [])]
            + ([f"level={step['level']}"] if "level" in step else [])
            + [word for word in FLAGS if step.get(word)]
            + ([f"reassign={step['reassign']}"] if step.get("reassign") else [])
        )
        for step in ladder
    )


def from_text(text: str) -> list[Step]:
    """The steps of such lines. ValueError names the word that is not understood."""
    steps: list[Step] = []
    for line in text.splitlines():
        at, *words = line.split() or [""]
        if not at:
            continue
        if at != DUE and not _SHARE.fullmatch(at) and not _OFFSET.fullmatch(at):
            raise ValueError(at)
        step: Step = {"at": at, "tell": []}
        for word in words:
            if word in ROLES:
                step["tell"].append(word)
            elif word in FLAGS:
                step[word] = True  # type: ignore[literal-required]
            elif word.removeprefix("reassign=") in TAKERS and word.startswith("reassign="):
                step["reassign"] = word[9:]
            elif word.startswith("level=") and word[6:] in {str(level.value) for level in Level}:
                step["level"] = int(word[6:])
            else:
                raise ValueError(word)
        steps.append(step)
    if len({step["at"] for step in steps}) < len(steps):
        raise ValueError(text.split()[0])
    return steps

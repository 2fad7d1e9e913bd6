"""Whom the classifier learns from: how many cases each colleague looked at, how their corrections differ from the others', and
who is left out.

One colleague who corrects much and wrongly shapes the next version, and is right by its own yardstick, because the truth is what
people made of a case. So a person sees whose word it is, and can leave it out.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db import transaction

from accounts.models import User
from feedback.learning.models import LeftOut, ModelVersion
from feedback.models import Correction
from tickets.models import TicketEvent

LATEST = 3_000
TELLING = 20
"""Of fewer cases a share says nothing."""
ERRORS = 3.0
"""So many standard errors apart, two shares differ by more than chance."""


@dataclass(frozen=True)
class Teacher:
    """`looked`: the latest cases whose last look was this person's; `corrected`: those of which another nature or category was made
    than was proposed; `overruled`: corrections that somebody changed again. Shares are in percent."""

    user: User
    looked: int
    corrected: int
    others_looked: int
    others_corrected: int
    overruled: int
    commonest: tuple[str, str, str, int] | None  # field, proposed, corrected, how often
    is_left_out: bool

    @property
    def percent(self) -> float | None:
        return 100 * self.corrected / self.looked if self.looked else None

    @property
    def others_percent(self) -> float | None:
        return 100 * self.others_corrected / self.others_looked if self.others_looked else None

    @property
    def differs(self) -> bool:
        """Whether the shares differ by more than chance would make them."""
        if min(self.looked, self.others_looked) < TELLING:
            return False
        together = (self.corrected + self.others_corrected) / (self.looked + self.others_looked)
        error = math.sqrt(together * (1 - together) * (1 / self.looked + 1 / self.others_looked))
        return abs(self.corrected / self.looked - self.others_corrected / self.others_looked) > ERRORS * error


def teachers() -> list[Teacher]:
    """Those who looked at one of the latest cases, and those who are left out; who corrected most comes first. Four queries."""
    looked, changed = _looks()
    overruled, kinds = _corrections()
    left_out = set(LeftOut.objects.values_list("user", flat=True))
    total, total_changed = looked.total(), changed.total()
    found = []
    for user in User.objects.filter(pk__in=looked.keys() | overruled.keys() | left_out):
        most = kinds.get(user.pk, Counter()).most_common(1)
        found.append(
            Teacher(
                user, looked[user.pk], changed[user.pk], total - looked[user.pk], total_changed - changed[user.pk],
                overruled[user.pk], (*most[0][0], most[0][1]) if most else None, user.pk in left_out,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.corrected, -one.looked, one.user.pk))


def _looks() -> tuple[Counter[int], Counter[int]]:
    """By person the cases looked at last, and those of which something else was made than was proposed."""
    rows = (
        TicketEvent.objects.filter(kind="classify")
        .exclude(actor=None)
        .exclude(ticket__verdict={})
        .order_by("ticket", "-at", "-pk")
        .distinct("ticket")
        .values_list(
            "ticket", "actor", "ticket__nature", "ticket__category__code", "ticket__verdict__nature",
            "ticket__verdict__category",
        )
    )  # fmt: skip
    looked: Counter[int] = Counter()
    changed: Counter[int] = Counter()
    for _ticket, actor, nature, category, said_nature, said_category in sorted(rows, reverse=True)[:LATEST]:
        looked[actor] += 1
        changed[actor] += nature != said_nature or bool(category and category != said_category)
    return looked, changed


def _corrections() -> tuple[Counter[int], Mapping[int, Counter[tuple[str, str, str]]]]:
    """By person the corrections that did not stay, and how often which was made of what."""
    rows = Correction.objects.filter(field__in=("nature", "category")).order_by("-pk")
    overruled: Counter[int] = Counter()
    kinds: dict[int, Counter[tuple[str, str, str]]] = {}
    columns = ("by", "field", "proposed", "corrected", "ticket__nature", "ticket__category__code")
    for by, field, proposed, corrected, nature, category in rows.values_list(*columns)[:LATEST]:
        overruled[by] += corrected != (nature if field == "nature" else category)
        kinds.setdefault(by, Counter())[field, proposed, corrected] += 1
    return overruled, kinds


@transaction.atomic
def leave_out(user: User, *, by: User, at: datetime) -> list[str]:
    """Nothing is learnt from this colleague from now on, and versions that did are used no more; returns the names of these models.

    Without a version in use every case is new again, so that the next night fits one to what the others said.
    """
    row, new = LeftOut.objects.get_or_create(user=user, defaults={"by": by, "at": at})
    if not new:
        return []
    LogEntry.objects.log_actions(by.pk, [row], ADDITION, change_message=user.username, single_object=True)
    looks = TicketEvent.objects.filter(kind="classify", actor=user)
    first = looks.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    taught = ModelVersion.objects.select_for_update().filter(in_use=True, made_at__gte=first)
    names = sorted(taught.values_list("name", flat=True))
    ModelVersion.objects.filter(in_use=True, name__in=names).update(in_use=False, decided_by=by, decided_at=at)
    return names


@transaction.atomic
def take_in(user: User, *, by: User) -> None:
    """What this colleague says counts again, from the next night on."""
    row = LeftOut.objects.filter(user=user).first()
    if row:
        LogEntry.objects.log_actions(by.pk, [row], DELETION, change_message=user.username, single_object=True)
        row.delete()

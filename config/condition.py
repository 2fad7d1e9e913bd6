"""How the installation does, and what is set up: the desk of an administrator, who sees no case.

Facts alone, each with the page where it is changed; the places themselves stand in the rail. What has to be done beside
is told by `config.waiting`. About fifteen short queries, whatever the number of cases and people.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import duty
from accounts.models import ApiToken, Department, User
from accounts.roles import Role
from common import wording
from config import health
from feedback.models import KeywordRule, Mailbox
from sla.models import Calendar, SlaPolicy
from tickets.models import Category, RoutingRule

DUTY_DAYS = 7
TOKENS_END_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Fact:
    """`tone` as in the templates: good, warn or bad; none where there is nothing to judge. Without `url` a fact alone."""

    label: str
    value: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Condition:
    watched: list[Fact]
    set_up: list[Fact]

    @property
    def wanting(self) -> bool:
        """Whether something of it needs attention."""
        return any(fact.tone in ("warn", "bad") for fact in (*self.watched, *self.set_up))


def condition(user: User, at: datetime) -> Condition:
    """Pages of Django's administration are linked only for whom they open (`is_staff`)."""
    hidden = "" if user.is_staff else reverse("admin:index")
    set_up = [replace(fact, url="") if hidden and fact.url.startswith(hidden) else fact for fact in _set_up(at)]
    return Condition(list(_watched(at)), set_up)


# --- how it does: what `/readyz` measures, in words ------------------------------------------------
RUNS: dict[str, str | Promise] = {
    "last_sweep": gettext_lazy("Time limits last looked after"),
    "last_mail_run": gettext_lazy("All mailboxes last read well"),
    "clocks_verified": gettext_lazy("Limits last compared with their history"),
}
QUEUES: dict[str, str | Promise] = {
    "oldest_unfired_due_item": gettext_lazy("Warnings and missed limits to be told"),
    "oldest_waiting_notice": gettext_lazy("Messages to be sent"),
    "oldest_raw_message": gettext_lazy("What arrived and is to become a case"),
}
FAULTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "failing_due_items": (
        gettext_lazy("Warnings and missed limits that fail"),
        gettext_lazy("tried again by themselves; the server's log says why"),
    ),
    "proxy_trusted": (
        gettext_lazy("Proxy in front of this server"),
        gettext_lazy("not told of: all customers share one limit of calls; see TRUST_PROXY"),
    ),
}


def _watched(at: datetime) -> Iterator[Fact]:
    for measure in health.FRESHNESS:
        check = measure(at)
        if check.name in RUNS:
            if check.name == "last_mail_run" and check.ok and check.value is None:
                continue  # no mailbox is fetched
            yield _run(check, at)
        elif check.name in QUEUES:
            value = _("nothing waits")
            if check.value is not None:
                value = _("for %(span)s already") % {"span": wording.span(check.value)}
            yield Fact(str(QUEUES[check.name]), value, "good" if check.ok else "bad")
        elif not check.ok:
            label, advice = FAULTS[check.name]
            yield Fact(str(label), str(advice), "warn")


def _run(check: health.Check, at: datetime) -> Fact:
    value = _("not yet") if check.value is None else _when(at - timedelta(seconds=check.value), at)
    tone = "" if check.value is None and check.ok else "good" if check.ok else "warn" if check.warns else "bad"
    if check.name == "clocks_verified" and check.note and check.value is not None:
        value, tone = _("%(when)s: some differ, the server's log names them") % {"when": value}, "warn"
    url = reverse("feedback:mailboxes") if check.name == "last_mail_run" else ""
    return Fact(str(RUNS[check.name]), value, tone, url)


def _when(moment: datetime, at: datetime) -> str:
    if at - moment < timedelta(minutes=1):
        return _("less than a minute ago")
    return wording.moment_beside(moment, now=at)


# --- what is set up --------------------------------------------------------------------------------
def _set_up(at: datetime) -> Iterator[Fact]:
    yield _people()
    yield from _departments()
    yield _duty(at)
    yield _calendars(at)
    policies = SlaPolicy.objects.count()
    yield Fact(
        _("Time limits"),
        ngettext("%(n)s policy", "%(n)s policies", policies) % {"n": policies},
        "" if policies else "warn",
        reverse("sla:policies"),
    )
    in_use: tuple[tuple[str, QuerySet, str], ...] = (
        (_("Routing rules"), RoutingRule.objects.all(), "tickets:routing"),
        (_("Keyword rules"), KeywordRule.objects.all(), "feedback:rules"),
        (_("Mailboxes"), Mailbox.objects.all(), "feedback:mailboxes"),
    )
    for label, rows, url_name in in_use:
        n = rows.filter(is_active=True).count()
        yield Fact(label, ngettext("%(n)s in use", "%(n)s in use", n) % {"n": n}, "", reverse(url_name))
    yield _tokens(at)


def _people() -> Fact:
    people = User.objects.active().aggregate(
        n=Count("pk"),
        away=Count("pk", filter=Q(is_absent=True)),
        **{str(role): Count("pk", filter=Q(roles__contains=[role])) for role in Role},
    )
    value = ngettext("%(n)s person", "%(n)s people", people["n"]) % {"n": people["n"]}
    if people["away"]:
        value += _(", ") + ngettext("%(n)s is away", "%(n)s are away", people["away"]) % {"n": people["away"]}
    nobody = [str(role.label) for role in Role if not people[str(role)]]
    if nobody:
        value += _("; nobody is: %(roles)s") % {"roles": wording.listed(nobody)}
    return Fact(_("Accounts of people"), value, "warn" if nobody else "", reverse("admin:accounts_user_changelist"))


def _departments() -> Iterator[Fact]:
    counted = Department.objects.active().aggregate(n=Count("pk"), headless=Count("pk", filter=Q(head=None)))
    value = ngettext("%(n)s department", "%(n)s departments", counted["n"]) % counted
    if counted["headless"]:
        value += _("; %(n)s without a head") % {"n": counted["headless"]}
    tone = "warn" if counted["headless"] or not counted["n"] else ""
    yield Fact(_("Active departments"), value, tone, reverse("admin:accounts_department_changelist"))
    counted = Category.objects.filter(is_active=True).aggregate(
        n=Count("pk"), homeless=Count("pk", filter=Q(department=None))
    )
    value = ngettext("%(n)s category", "%(n)s categories", counted["n"]) % counted
    if counted["homeless"]:
        value += _("; %(n)s without a responsible department") % {"n": counted["homeless"]}
    yield Fact(
        _("Active categories"), value, "" if counted["n"] else "warn", reverse("admin:tickets_category_changelist")
    )


def _duty(at: datetime) -> Fact:
    days = duty.roster(timezone.localdate(at), DUTY_DAYS)
    shifts = sum(len(day.shifts) for day in days)
    open_hours = sum((end - start for day in days for start, end in day.gaps), timedelta()) / timedelta(hours=1)
    if not shifts:
        value = _("no shift in the next %(n)s days: alerts go to everybody who is not away") % {"n": DUTY_DAYS}
    elif open_hours:
        value = _("next %(n)s days: %(hours)s h that nobody covers") % {"n": DUTY_DAYS, "hours": f"{open_hours:g}"}
    else:
        value = _("next %(n)s days: covered") % {"n": DUTY_DAYS}
    return Fact(_("Shifts"), value, "warn" if open_hours else "", reverse("accounts:shifts"))


def _calendars(at: datetime) -> Fact:
    followers = Q(follows_holidays=True)
    known: dict[str, Any] = Calendar.objects.aggregate(
        n=Count("pk"), untold=Count("pk", filter=followers & Q(known_until=None)),
        first=Min("known_until", filter=followers),
    )  # fmt: skip
    value = ngettext("%(n)s calendar", "%(n)s calendars", known["n"]) % {"n": known["n"]}
    if known["untold"]:
        value += _("; %(n)s without holidays") % {"n": known["untold"]}
    elif known["first"]:
        value += _("; holidays known until %(day)s") % {"day": wording.day(known["first"])}
    over = known["first"] is not None and known["first"] < timezone.localdate(at)
    return Fact(
        _("Working calendars"),
        value,
        "warn" if known["untold"] or over or not known["n"] else "",
        reverse("sla:calendars"),
    )


def _tokens(at: datetime) -> Fact:
    counted = ApiToken.objects.valid(at).aggregate(
        n=Count("pk"), ending=Count("pk", filter=Q(expires_at__lte=at + TOKENS_END_SOON))
    )
    value = ngettext("%(n)s valid", "%(n)s valid", counted["n"]) % {"n": counted["n"]}
    if counted["ending"]:
        value += _("; %(n)s within 30 days of the end") % {"n": counted["ending"]}
    url = reverse("admin:accounts_apitoken_changelist")
    return Fact(_("API tokens"), value, "warn" if counted["ending"] else "", url)

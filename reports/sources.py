"""Where the overview's numbers come from: the kept days for who sees everything, the tickets themselves for a head.

Both say the same; a test holds them equal.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from reports import content, daily, facts, kpi, periods
from reports.kept import Days
from reports.periods import Interval, Period
from reports.split import Answer, Split

Line = list[float | None]
Groups = dict[tuple[str | None, ...], dict[str, Any]]


def splits(by: str) -> list[str]:
    """What the page split by `by` reads."""
    return list(dict.fromkeys(["", by, daily.MATRIX, "region"]))


class Kept:
    """From the kept days, in about ten small queries whatever the number of tickets.

    `pending` are the days that are not counted yet, `old` says that some are told as they were last counted.
    """

    def __init__(self, period: Period, before: Period, by: str) -> None:
        span = Period(before.start, period.end)
        self._days = Days(daily.days_of(span), splits(by))
        shares = self._days.working_shares(period)
        level, level_before = self._days.levels([(period, True), (before, False)])
        self.pending, self.old = self._days.pending, self._days.old
        self._period, self._by = period, by
        self.now = self._figures(period, level)
        self.before = self._figures(before, {"backlog": level_before["backlog"]})
        for code in daily.LONG:
            median, p90 = shares.get(code, [None, None])
            self.now[code]["working"] |= {"median_s": kpi.rounded(median), "p90_s": kpi.rounded(p90)}

    def _figures(self, period: Period, level: dict[str, Any]) -> dict[str, Any]:
        figures = {code: self._days.total(code, period) for code in (*daily.WHOLE_CODES, *daily.LONG)}
        figures["backlog"] = level["backlog"]
        if "running" in level:
            facts.add_running(figures, level["running"], level["unfinished"])
        return figures

    def line(self, code: str, period: Period, interval: Interval) -> Line:
        if code == "backlog":
            return []
        return [kpi.main_value(code, self._days.total(code, step)) for _key, step in periods.steps(period, interval)]

    def groups(self, by: str, codes: Sequence[str]) -> Groups:
        keys = {key for code in codes for key in self._days.keys(code, self._period, by)}
        return {
            key: {code: self._days.total(code, self._period, by, daily.joined(key)) for code in codes} for key in keys
        }


class Direct:
    """From the tickets that a reader may see, one query a figure and split."""

    pending: Sequence[date] = ()
    old = False

    def __init__(self, tickets: QuerySet, period: Period, before: Period, interval: Interval) -> None:
        self._tickets, self._period = tickets, period
        span = Period(before.start, period.end)
        split = Split(interval=interval, divide_at=period.start, decided_only=True)
        self._answers: dict[str, Answer] = {
            code: figure.measure(tickets, span, split)
            for code, figure in kpi.FIGURES.items()
            if code not in ("backlog", "void")
        }
        self.now = {code: answer.total for code, answer in self._answers.items()}
        self.before = {code: answer.before for code, answer in self._answers.items()}
        self.now["backlog"], self.before["backlog"] = (kpi.backlog(tickets, each).total for each in (period, before))
        facts.tell_running(self.now, tickets, period)

    def line(self, code: str, period: Period, interval: Interval) -> Line:
        if code == "backlog":
            return []
        answer = self._answers[code]
        keys = [key for key, _step in periods.steps(period, interval)]
        return [kpi.main_value(code, answer.groups.get((key,), answer.empty)) for key in keys]

    def groups(self, by: str, codes: Sequence[str]) -> Groups:
        split = Split(by=tuple(by.split(",")), decided_only=True)
        answers = {code: kpi.FIGURES[code].measure(self._tickets, self._period, split) for code in codes}
        keys = {key for answer in answers.values() for key in answer.groups}
        return {key: {code: answer.groups.get(key, answer.empty) for code, answer in answers.items()} for key in keys}


def aligned(period: Period) -> bool:
    """Whether the period is made of whole local days."""
    return all(_is_midnight(at) for at in (period.start, period.end))


def _is_midnight(at: datetime) -> bool:
    return at == periods.midnight(at.astimezone(periods.ZONE).date())


def source(tickets: QuerySet, period: Period, by: str, interval: Interval, everything: bool) -> Kept | Direct:
    before = periods.previous(period)
    if everything and aligned(period) and aligned(before):
        return Kept(period, before, by)
    return Direct(tickets, period, before, interval)


def matrix_of(source: Kept | Direct) -> dict[str, Any]:
    return content.matrix({key: figures["volume"] for key, figures in source.groups(daily.MATRIX, ("volume",)).items()})

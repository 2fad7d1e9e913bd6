"""The figures of `kpis.md`: one function each, a QuerySet of tickets in, numbers out, computed in PostgreSQL.

`tickets` is what the reader may see; `period` is [start, end); `split` breaks the answer down. One query a figure,
however many groups. Rates are null where nothing was decided. The wording of each is in `definitions.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from reports import facts, officehours
from reports.periods import Period, steps
from reports.split import WHOLE, Answer, Facts, Split, measure
from sla.models import Metric

Row = Mapping[str, Any]
COUNT = {"n": "count(f.at)"}


def rate(part: int | None, whole: int | None) -> float | None:
    return round((part or 0) / whole, 6) if whole else None


# --- how much -----------------------------------------------------------------------------------
def volume(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return measure([facts.received(tickets, period)], [], COUNT, lambda row: row["n"] or 0, split)


def void(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    """Void tickets received in the period, shown apart."""
    return measure([facts.voided(tickets, period)], [], COUNT, lambda row: row["n"] or 0, split)


def backlog(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    """Open at the end of the period, by age then; with an interval, at the end of each of its steps (two queries)."""
    if not split.interval:
        return _open(facts.open_at(tickets, period.end), _instant(period), split)
    ends = [(key, step) for key, step in steps(period, split.interval)]
    rows = [fact for key, step in ends for fact in facts.open_at(tickets, step.end, bucket=key)]
    moment = "CASE f.bucket " + " ".join(f"WHEN '{key}' THEN {_instant(step)}" for key, step in ends) + " END"
    answer = _open(rows, moment, split)
    answer.total = _open(facts.open_at(tickets, period.end), _instant(period), WHOLE).total
    return answer


def _instant(period: Period) -> str:
    return f"'{period.end.isoformat()}'::timestamptz"


def _open(rows: list[Facts], moment: str, split: Split) -> Answer:
    age = f"({moment} - f.at)"
    aggregates = {
        "n": "count(*)",
        "young": f"count(*) FILTER (WHERE {age} <= interval '7 days')",
        "old": f"count(*) FILTER (WHERE {age} > interval '30 days')",
    }

    def shape(row: Row) -> dict[str, Any]:
        total, young, old = (row[name] or 0 for name in ("n", "young", "old"))
        return {
            "open": total,
            "ages": {"to_7_days": young, "to_30_days": total - young - old, "over_30_days": old},
        }

    return measure(rows, [], aggregates, shape, split)


# --- in time ------------------------------------------------------------------------------------
def _timeliness(tickets: QuerySet, period: Period, metric: str, split: Split) -> Answer:
    aggregates = {
        "met": "count(f.at) FILTER (WHERE f.state = 'met')",
        "decided": "count(f.at)",
        "running": "count(*) - count(f.at)",
    }

    def shape(row: Row) -> dict[str, Any]:
        counted = {name: row[name] or 0 for name in ("met", "decided")}
        told = counted | {"rate": rate(row["met"], row["decided"])}
        return told if split.decided_only else told | {"running": row["running"] or 0}

    return measure([facts.clocks(tickets, period, metric, split.decided_only)], ["state"], aggregates, shape, split)


def collection_timeliness(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _timeliness(tickets, period, Metric.REGISTER, split)


def first_response_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _timeliness(tickets, period, Metric.FIRST_RESPONSE, split)


def handling_timeliness(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _timeliness(tickets, period, Metric.RESOLUTION, split)


def rectification_timeliness(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _timeliness(facts.rectification(tickets), period, Metric.RESOLUTION, split)


def breaches(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    """Clocks missed, the tickets they belong to, by metric and by the person answerable."""
    aggregates = {
        "missed": "count(*)",
        "tickets": "count(DISTINCT f.id)",
        "metrics": "array_agg(f.metric::text)",
        "people": "array_agg(f.person::text)",
    }

    def shape(row: Row) -> dict[str, Any]:
        return {
            "missed": row["missed"] or 0,
            "tickets": row["tickets"] or 0,
            "by_metric": _tally(row["metrics"]),
            "by_person": _tally(row["people"]),
        }

    return measure([facts.missed(tickets, period)], ["metric", "person"], aggregates, shape, split)


def _tally(names: list[str | None] | None) -> dict[str, int]:
    """Most first. Who is not known is the empty name."""
    counts: dict[str, int] = {}
    for name in names or ():
        counts[name or ""] = counts.get(name or "", 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# --- how long -----------------------------------------------------------------------------------
def _lengths(rows: Facts, period: Period, split: Split) -> Answer:
    aggregates = {"n": "count(f.at)", "unfinished": "count(*) - count(f.at)"}
    for time in ("clock", "working"):
        lasted = f"f.{time}_s"
        aggregates |= {
            f"{time}_mean": f"avg({lasted})::float8",
            f"{time}_shares": f"percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {lasted})",
            f"{time}_max": f"max({lasted})",
        }

    def shape(row: Row) -> dict[str, Any]:
        def lengths(time: str) -> dict[str, Any]:
            median, p90 = row[f"{time}_shares"] or (None, None)
            spread = {"mean_s": row[f"{time}_mean"], "median_s": median, "p90_s": p90, "max_s": row[f"{time}_max"]}
            return {name: rounded(value) for name, value in spread.items()} | {"n": row["n"] or 0}

        told = {"clock": lengths("clock"), "working": lengths("working")}
        return told if split.decided_only else told | {"unfinished": row["unfinished"] or 0}

    return measure([rows], ["began"], aggregates, shape, split, officehours.workdays_until(period.end))


def rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


def first_response_time(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _lengths(facts.done(tickets, period, "first_response_at", split.decided_only), period, split)


def resolution_time(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    return _lengths(facts.done(tickets, period, "first_resolved_at", split.decided_only), period, split)


# --- how it ended -------------------------------------------------------------------------------
def _share(part: str, whole: str) -> Callable[[Row], dict[str, Any]]:
    def shape(row: Row) -> dict[str, Any]:
        return {name: value or 0 for name, value in row.items()} | {"rate": rate(row[part], row[whole])}

    return shape


def resolution_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    rows = facts.received_cases(tickets, period)
    aggregates = {"resolved": "count(*) FILTER (WHERE f.status IN ('resolved', 'closed'))", "received": "count(*)"}
    return measure([rows], ["status"], aggregates, _share("resolved", "received"), split)


def satisfaction(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    names = ("satisfied", "neutral", "dissatisfied")
    aggregates = {name: f"count(*) FILTER (WHERE f.given = '{name}')" for name in names} | {"answers": "count(*)"}
    return measure([facts.answers(tickets, period)], ["given"], aggregates, _share("satisfied", "answers"), split)


def response_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    aggregates = {"answered": "count(nullif(f.given, ''))", "sent": "count(*)"}
    return measure([facts.invitations(tickets, period)], ["given"], aggregates, _share("answered", "sent"), split)


def repeat_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    aggregates = {"repeated": "count(*) FILTER (WHERE f.repeated)", "complaints": "count(*)"}
    rows = facts.complaints(tickets, period)
    return measure([rows], ["repeated"], aggregates, _share("repeated", "complaints"), split)


def return_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    aggregates = {
        "returned": "count(*) FILTER (WHERE f.what = 'returned')",
        "assigned": "count(*) FILTER (WHERE f.what = 'assigned')",
        "returned_tickets": "count(DISTINCT f.id) FILTER (WHERE f.what = 'returned')",
        "assigned_tickets": "count(DISTINCT f.id) FILTER (WHERE f.what = 'assigned')",
    }
    rows = returns_and_assignments(tickets, period)
    return measure(rows, [], aggregates, _share("returned", "assigned"), split)


def returns_and_assignments(tickets: QuerySet, period: Period) -> list[Facts]:
    return [
        facts.events(tickets, period, "return_to_dispatch", 1, "returned"),
        facts.events(tickets, period, "assign", 1, "assigned"),
    ]


def second_round_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    aggregates = {
        "reached": "count(DISTINCT f.id) FILTER (WHERE f.what = 'reached')",
        "resolved": "count(*) FILTER (WHERE f.what = 'resolved')",
    }
    return measure(second_rounds(tickets, period), [], aggregates, _share("reached", "resolved"), split)


def second_rounds(tickets: QuerySet, period: Period) -> list[Facts]:
    return [facts.events(tickets, period, "reopen", 2, "reached"), facts.resolved(tickets, period)]


def first_contact_rate(tickets: QuerySet, period: Period, split: Split = WHOLE) -> Answer:
    aggregates = {"intact": "count(*) FILTER (WHERE f.intact)", "resolved": "count(*)"}
    rows = facts.with_intact_first_contact(facts.resolved(tickets, period))
    return measure([rows], ["intact"], aggregates, _share("intact", "resolved"), split)


# --- all of them --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figure:
    code: str
    measure: Callable[..., Answer]
    main: str = ""  # the key of the answer that is the figure's value; empty when the answer is the value


FIGURES = {
    figure.code: figure
    for figure in (
        Figure("volume", volume),
        Figure("collection_timeliness", collection_timeliness, "rate"),
        Figure("first_response_time", first_response_time, "working.mean_s"),
        Figure("first_response_rate", first_response_rate, "rate"),
        Figure("resolution_time", resolution_time, "working.mean_s"),
        Figure("handling_timeliness", handling_timeliness, "rate"),
        Figure("rectification_timeliness", rectification_timeliness, "rate"),
        Figure("resolution_rate", resolution_rate, "rate"),
        Figure("satisfaction", satisfaction, "rate"),
        Figure("response_rate", response_rate, "rate"),
        Figure("repeat_rate", repeat_rate, "rate"),
        Figure("return_rate", return_rate, "rate"),
        Figure("second_round_rate", second_round_rate, "rate"),
        Figure("first_contact_rate", first_contact_rate, "rate"),
        Figure("backlog", backlog, "open"),
        Figure("breaches", breaches, "missed"),
        Figure("void", void),
    )
}


def main_value(code: str, answer: Any) -> float | None:
    """The one number of a figure: `{"met": 90, "rate": 0.9}` → 0.9."""
    for name in filter(None, FIGURES[code].main.split(".")):
        answer = answer.get(name) if answer is not None else None
    return answer


def figures(tickets: QuerySet, period: Period, split: Split = WHOLE) -> dict[str, Any]:
    """Every figure as the command and the API tell it; one query each. With a split, `groups` beside the total."""
    answers = {code: figure.measure(tickets, period, split) for code, figure in FIGURES.items()}
    told: dict[str, Any] = {
        "period": period.as_json(),
        "figures": {code: answer.total for code, answer in answers.items()},
    }
    if not split.by and not split.interval:
        return told
    keys = {key for answer in answers.values() for key in answer.groups}
    if split.interval:
        keys = {key for key in keys if key[-1] is not None}
        if not split.by:
            keys |= {(key,) for key, _step in steps(period, split.interval)}
    told["groups"] = [
        _named(key, split)
        | {"figures": {code: answer.groups.get(key, answer.empty) for code, answer in answers.items()}}
        for key in sorted(keys, key=lambda key: [(part is None, part or "") for part in reversed(key)])
    ]
    return told


def _named(key: tuple[str | None, ...], split: Split) -> dict[str, str | None]:
    """`{"key": "2026-10"}`, `{"key": "web"}`, or both: `{"key": "web", "interval": "2026-10"}`."""
    if split.by and split.interval:
        return {"key": key[0], "interval": key[-1]}
    return {"key": key[0]}

"""A clock replayed from its events: elapsed time, due time, breach, and every interval with its reason.

Pure. The rules are numbered in `sla/README.md`. Instants are microseconds inside, datetimes at the edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from sla.calendars import WorkCalendar, micros
from sla.errors import WorktimeError, gettext_noop
from sla.worktime import Amount, Limit, measure_limit, past_rest_days, share_of

START, PAUSE, RESUME, RETARGET, EXTEND, STOP, BREACH, VOID = (
    "start", "pause", "resume", "retarget", "extend", "stop", "breach", "void",
)  # fmt: skip
NOT_COUNTED, COUNTED, PAUSED, OVERDUE, MOVED = "not_counted", "counted", "paused", "overdue", "moved"
_ORDER = {NOT_COUNTED: 0, COUNTED: 1, PAUSED: 2, OVERDUE: 3, MOVED: 4}
KINDS = (START, PAUSE, RESUME, RETARGET, EXTEND, STOP, BREACH, VOID)


@dataclass(frozen=True, slots=True)
class Target:
    """The snapshot of a target that a clock carries."""

    amount: Amount
    unit: str
    calendar: WorkCalendar
    late_receipt_counts_next_day: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """`target` belongs to start and retarget, `due` (the new due time) to extend."""

    at: datetime
    kind: str
    reason: str = ""
    target: Target | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One line of the explanation.

    `kind` is `counted` (towards the limit), `not_counted` (the day of receipt), `paused`, `moved` (past rest days) or
    `overdue`; `length` is what it counts in the target's own kind of time.
    """

    start: datetime
    end: datetime
    kind: str
    length: timedelta
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """`due` of a paused clock is the due time if it went on at `at`."""

    state: str  # running, paused, met, missed, void
    started_at: datetime
    at: datetime
    due: datetime
    limit: timedelta  # with extensions, in the target's own kind of time
    elapsed: timedelta
    left: timedelta
    stopped_at: datetime | None
    breached_at: datetime | None
    relevelled: bool  # a change of target alone put the due time into the past
    target: Target
    _clock: "_Clock" = field(repr=False, compare=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The explanation in order of time. Worked out when asked: it costs more than the replay itself."""
        local = self.target.calendar.local
        return tuple(
            Span(local(start), local(end), kind, timedelta(microseconds=length), reason)
            for start, end, kind, length, reason in _lines(self._clock)
        )

    def at_share(self, percent: Amount) -> datetime:
        """When `percent` of the limit is (or was) used: walks the counted intervals, so pauses are left out."""
        if percent == 100:
            return self.due
        wanted = share_of(self._clock.total, percent)
        for start, end, kind, length, _ in _lines(self._clock):
            if kind != COUNTED:
                continue
            if wanted <= length:
                return self.target.calendar.local(start + round(Fraction(wanted * (end - start), length)))
            wanted -= length
        return self.due


@dataclass(slots=True)
class _Run:
    start: int
    end: int
    target: Target
    limit: Limit


@dataclass(slots=True)
class _Clock:
    target: Target
    limit: Limit
    started: int
    now: int
    end: int  # where the counted time is used up; `due` before it is moved past rest days
    due: int
    total: int  # the limit with extensions
    runs: list[_Run] = field(default_factory=list)
    pauses: list[tuple[int, int, str]] = field(default_factory=list)
    paused: bool = False
    reason: str = ""
    rolls: bool = True
    shifted: int | None = None  # the due time after pauses in the rest days it was moved past
    stopped: int | None = None
    breached: int | None = None
    relevelled: bool = False
    void: bool = False

    # --- the passing of time ----------------------------------------------------------------------
    def pass_to(self, instant: int) -> None:
        """Moves the clock on: a run uses the limit up, a pause that began in time moves the due time."""
        instant = max(instant, self.now)  # a clock that went backwards never makes time negative
        if self.stopped is None and instant > self.now:
            if self.paused:
                self._pass_paused(instant)
            else:
                if self.runs and self.runs[-1].end == self.now and self.runs[-1].target is self.target:
                    self.runs[-1].end = instant
                else:
                    self.runs.append(_Run(self.now, instant, self.target, self.limit))
                if instant > self.due and self.breached is None:
                    self.breached = self.due
        self.now = instant

    def _pass_paused(self, instant: int) -> None:
        self.pauses.append((self.now, instant, self.reason))
        if self.now <= self.due:
            begin = max(self.now, self.limit.count_from)
            if begin < instant and self.now > self.end:  # used up, only rest days are left: these wait as well
                self.shifted = (self.shifted or self.due) + instant - begin
                self.due = past_rest_days(self.shifted, self.target.calendar)
            elif begin < instant:
                self._set_end(self._ahead(self.end, self._measure(begin, instant)))

    def _measure(self, start: int, end: int) -> int:
        return self.target.calendar.between(start, end) if self.limit.working else end - start

    def _ahead(self, instant: int, length: int) -> int:
        if length == 0:
            return instant
        return self.target.calendar.add(instant, length) if self.limit.working else instant + length

    def _set_end(self, end: int) -> None:
        self.end, self.shifted = end, None
        self.due = past_rest_days(end, self.target.calendar) if self.rolls and self.target.unit == "d" else end

    # --- changes ----------------------------------------------------------------------------------
    def retarget(self, target: Target) -> None:
        """Time used stays, time left counts on the new calendar from now on."""
        start = self.started
        self.target = target
        self.limit = _limit(start, target)
        self.total, self.rolls = self.limit.length, True
        used = sum(length for run in self.runs for _, _, length in self.counted(run))
        if used < self.total or not self.runs:
            begin = max(self.now, self.limit.count_from)
            self._set_end(
                self.limit.counted_until if begin == self.limit.count_from else self._ahead(begin, self.total - used)
            )
        else:
            self._set_end(self._when_used(self.total))
        if self.due < self.now and self.breached is None:
            self.breached, self.relevelled = self.due, True

    def extend(self, new_due: int) -> None:
        if new_due <= self.due:
            raise WorktimeError("new_due", gettext_noop("An extension must end after the present due time."))
        used = sum(length for run in self.runs for _, _, length in self.counted(run))
        self.total = used + self._measure(min(max(self.now, self.limit.count_from), new_due), new_due)
        self.rolls = False
        self._set_end(new_due)

    def revive(self) -> None:
        """What was void goes on: the time since then was a pause."""
        assert self.stopped is not None
        until, self.now = self.now, self.stopped
        self.void, self.stopped = False, None
        self.paused, self.reason = True, VOID
        self.pass_to(until)

    # --- what was counted -------------------------------------------------------------------------
    def counted(self, run: _Run) -> list[tuple[int, int, int]]:
        """(start, end, length) of a run in the present target's kind of time.

        Working time keeps the calendar it ran on; time that ran by the clock is measured on the new calendar. Between
        two limits in working days whose days differ in length, a day stays a day.
        """
        start = max(run.start, self.limit.count_from)
        if start >= run.end:
            return []
        if not self.limit.working:
            return [(start, run.end, run.end - start)]
        calendar = run.target.calendar if run.limit.working else self.target.calendar
        found = [(a, b, b - a) for a, b in calendar.intervals(start, run.end)]
        ratio = self._day_ratio(run)
        if ratio == 1:
            return found
        scaled, exact, given = [], 0, 0
        for a, b, length in found:
            exact += length
            upto = round(exact * ratio)
            scaled.append((a, b, upto - given))
            given = upto
        return scaled

    def _day_ratio(self, run: _Run) -> Fraction:
        if run.target is self.target or run.target.unit != "wd" or self.target.unit != "wd":
            return Fraction(1)
        old = Fraction(run.limit.length) / Fraction(str(run.target.amount))
        return Fraction(self.limit.length) / Fraction(str(self.target.amount)) / old

    def _when_used(self, total: int) -> int:
        """The past instant at which so much was used."""
        for run in self.runs:
            for a, b, length in self.counted(run):
                if total <= length:
                    return a + (round(Fraction(total * (b - a), length)) if length else 0)
                total -= length
        return self.now


def replay(events: Iterable[Event], at: datetime) -> Replay:
    """Replays the events up to `at`; events of the same instant count in the order given, later ones are left out."""
    # Compared as instants: two times of one zone would be compared by their wall clocks.
    until = micros(at, "at")
    moments = sorted(((micros(event.at, "at"), event) for event in events), key=lambda moment: moment[0])
    known = [event for moment, event in moments if moment <= until]
    if not known or known[0].kind != START or known[0].target is None:
        raise WorktimeError("events", gettext_noop("A clock begins with a start and its target."))
    clock = _begin(known[0])
    for event in known[1:]:
        _apply(clock, event)
    clock.pass_to(until)
    return _result(clock)


def _begin(event: Event) -> _Clock:
    assert event.target is not None
    started, limit = micros(event.at), _limit(micros(event.at), event.target)
    return _Clock(event.target, limit, started, started, limit.counted_until, limit.due, limit.length)


def _limit(start: int, target: Target) -> Limit:
    return measure_limit(start, target.amount, target.unit, target.calendar, target.late_receipt_counts_next_day)


def _apply(clock: _Clock, event: Event) -> None:
    clock.pass_to(micros(event.at, "at"))
    if event.kind == VOID:
        clock.void, clock.stopped = True, clock.now if clock.stopped is None else clock.stopped
    elif event.kind == RESUME and clock.void:
        clock.revive()
    if clock.stopped is not None:
        return  # a reopened ticket has new clocks, so nothing moves a stopped one
    if event.kind == PAUSE:
        if not clock.paused:
            clock.paused, clock.reason = True, event.reason
    elif event.kind == RESUME:
        clock.paused, clock.reason = False, ""
    elif event.kind == STOP:
        clock.stopped = clock.now
    elif event.kind == BREACH:
        if clock.breached is None:
            clock.breached = min(clock.due, clock.now)
    elif event.kind == RETARGET and event.target is not None:
        clock.retarget(event.target)
    elif event.kind == EXTEND and event.due is not None:
        clock.extend(micros(event.due, "new_due"))
    else:
        raise WorktimeError("events", gettext_noop("“%(kind)s” is not a complete clock event."), kind=event.kind)


def _result(clock: _Clock) -> Replay:
    local = clock.target.calendar.local
    elapsed = sum(length for run in clock.runs for _, _, length in clock.counted(run))
    if clock.due > clock.end:  # rest days that the limit was moved past do not count
        elapsed -= sum(max(min(run.end, clock.due) - max(run.start, clock.end), 0) for run in clock.runs)
    return Replay(
        state=_state(clock),
        started_at=local(clock.started),
        at=local(clock.now),
        due=local(clock.due),
        limit=timedelta(microseconds=clock.total),
        elapsed=timedelta(microseconds=elapsed),
        left=timedelta(microseconds=max(clock.total - elapsed, 0)),
        stopped_at=None if clock.stopped is None else local(clock.stopped),
        breached_at=None if clock.breached is None else local(clock.breached),
        relevelled=clock.relevelled,
        target=clock.target,
        _clock=clock,
    )


def _state(clock: _Clock) -> str:
    if clock.void:
        return "void"
    if clock.breached is not None:
        return "missed"
    if clock.stopped is not None:
        return "met"
    return "paused" if clock.paused else "running"


_Line = tuple[int, int, str, int, str]  # start, end, kind, length, reason


def _lines(clock: _Clock) -> list[_Line]:
    """Runs go on to the due time when the clock is still open, so that `counted` adds up to the limit."""
    runs = list(clock.runs)
    if clock.stopped is None and not clock.void and clock.now < clock.end:
        runs.append(_Run(clock.now, clock.end, clock.target, clock.limit))
    lines: list[_Line] = []
    first_counted = clock.limit.count_from
    if first_counted > clock.started:
        lines.append((clock.started, first_counted, NOT_COUNTED, 0, ""))
    left = clock.total
    for run in runs:
        for start, end, length in clock.counted(run):
            if length <= left:
                if length:
                    lines.append((start, end, COUNTED, length, ""))
                left -= length
                continue
            middle = start + round(Fraction(left * (end - start), length))
            if left:
                lines.append((start, middle, COUNTED, left, ""))
            over = max(middle, clock.due) if clock.due > clock.end else middle
            if over < end:
                lines.append((over, end, OVERDUE, length - left - (over - middle), ""))
            left = 0
    lines += [_pause_line(clock, *pause) for pause in clock.pauses]
    if clock.due > clock.end:
        lines.append((clock.end, clock.due, MOVED, 0, ""))
    lines.sort(key=lambda line: (line[0], _ORDER[line[2]], line[1]))
    return _joined(lines)


def _pause_line(clock: _Clock, start: int, end: int, reason: str) -> _Line:
    begin = max(start, clock.limit.count_from)
    moved = clock._measure(begin, end) if begin < end and start <= clock.due else 0
    return start, end, PAUSED, moved, reason


def _joined(lines: list[_Line]) -> list[_Line]:
    """Counted intervals that touch are one line."""
    joined: list[_Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and last[2] == line[2] == COUNTED and last[1] == line[0]:
            joined[-1] = (last[0], line[1], COUNTED, last[3] + line[3], "")
        else:
            joined.append(line)
    return joined

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import worktime
from sla.replay import EXTEND, PAUSE, RESUME, RETARGET, START, Event, Target, replay
from tests.sla.examples import CALENDARS, DEFINITIONS
from tests.sla.oracle import Oracle

FIRST, LAST = date(2025, 12, 1), date(2027, 3, 1)
_oracles = {}
AMOUNTS = {"s": 200_000, "m": 3_000, "h": 200, "wm": 3_000, "wh": 60, "wd": 15, "d": 30}

codes = st.sampled_from(sorted(CALENDARS))
seconds = st.integers(0, 300 * 86_400)
spans = st.integers(0, 90 * 3_600)
quick = settings(deadline=None, derandomize=True, max_examples=150)


def oracle(code):
    if code not in _oracles:
        _oracles[code] = Oracle(DEFINITIONS[code], FIRST, LAST)
    return _oracles[code]


def moment(code, offset):
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=offset)).astimezone(CALENDARS[code].zone)


@pytest.mark.parametrize("code", sorted(CALENDARS))
def test_two_thousand_random_limits_agree_with_the_minute_stepping_oracle(code):
    chance = random.Random(code)
    calendar, slow = CALENDARS[code], oracle(code)
    for _ in range(2_000 // len(CALENDARS)):
        start = moment(code, chance.randrange(300 * 86_400))
        unit = chance.choice(worktime.UNITS)
        most = AMOUNTS[unit] if code != "shop" else min(AMOUNTS[unit], 3 if unit in ("wd", "d") else 10)
        amount, late = chance.randrange(1 if unit in ("wd", "d") else 0, most + 1), chance.random() < 0.3
        fast, stepped = worktime.due(start, amount, unit, calendar, late), slow.due(start, amount, unit, late)
        assert fast.timestamp() == stepped.timestamp(), (start, amount, unit, late, fast, stepped)


@pytest.mark.parametrize("code", sorted(CALENDARS))
def test_random_spans_hold_the_working_seconds_that_the_oracle_counts(code):
    chance = random.Random(code)
    for _ in range(60):
        start = moment(code, chance.randrange(300 * 86_400))
        end = start + timedelta(seconds=chance.randrange(20 * 86_400))
        assert worktime.working_between(start, end, CALENDARS[code]) == timedelta(
            seconds=oracle(code).working_between(start, end)
        )


@quick
@given(codes, seconds, spans)
def test_adding_is_undone_by_measuring(code, offset, length):
    start = moment(code, offset)
    end = worktime.add_working(start, length, CALENDARS[code])
    assert worktime.working_between(start, end, CALENDARS[code]) == timedelta(seconds=length)


@quick
@given(codes, seconds, seconds, spans, spans)
def test_a_later_start_or_a_longer_limit_is_never_due_earlier(code, one, other, length, more):
    calendar = CALENDARS[code]
    early, late = (moment(code, offset) for offset in sorted((one, other)))
    first = worktime.add_working(early, length, calendar).astimezone(UTC)
    assert first <= worktime.add_working(late, length, calendar)
    assert first <= worktime.add_working(early, length + more, calendar)


@quick
@given(codes, seconds, spans, st.integers(1, 90 * 3_600))
def test_adding_in_two_steps_is_adding_at_once(code, offset, one, other):
    calendar, start = CALENDARS[code], moment(code, offset)
    middle = worktime.add_working(start, one, calendar)
    assert worktime.add_working(middle, other, calendar) == worktime.add_working(start, one + other, calendar)


@quick
@given(codes, seconds, st.integers(0, 20 * 86_400))
def test_the_intervals_add_up_to_the_working_time(code, offset, length):
    calendar, start = CALENDARS[code], moment(code, offset)
    end = start + timedelta(seconds=length)
    found = worktime.intervals(start, end, calendar)
    assert sum((b - a for a, b in _utc(found)), timedelta()) == worktime.working_between(start, end, calendar)
    utc = _utc(found)
    assert all(one[1] < two[0] for one, two in pairwise(utc))


def _utc(pairs):
    return [(a.astimezone(UTC), b.astimezone(UTC)) for a, b in pairs]


@quick
@given(codes, seconds, st.integers(1, 60 * 3_600))
def test_retreating_by_the_limit_leads_back_into_the_same_working_time(code, offset, length):
    calendar, end = CALENDARS[code], moment(code, offset)
    start = worktime.retreat(end, Fraction(length, 60), "wm", calendar)
    assert worktime.working_between(start, end, calendar) == timedelta(seconds=length)
    assert worktime.next_open(start, calendar) == start


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.sampled_from(["office", "berlin", "night", "24x7"]),
    st.integers(0, 200 * 1_440),
    st.sampled_from(["h", "wh", "wd", "d"]),
    st.integers(1, 12),
    st.lists(st.integers(0, 12 * 1_440), max_size=8, unique=True),
)
def test_pauses_move_the_due_time_as_the_oracle_steps_it(code, offset, unit, amount, cuts):
    calendar, start = CALENDARS[code], moment(code, offset * 60)
    cuts = sorted(cuts)[: len(cuts) // 2 * 2]
    pauses = [(_elapsed(start, a), _elapsed(start, b)) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    events = [Event(start, START, target=Target(amount, unit, calendar))]
    for begin, end in pauses:
        events += [Event(begin, PAUSE), Event(end, RESUME)]
    told = replay(events, _elapsed(start, 60 * 1_440))
    expected = oracle(code).due_with_pauses(start, amount, unit, pauses)
    counted_until = told.due if unit != "d" else _before_moving(told)
    assert told.due.timestamp() >= expected.timestamp()
    assert counted_until.timestamp() == expected.timestamp()
    assert sum((span.length for span in told.spans if span.kind == "counted"), timedelta()) == told.limit


def _elapsed(start, minutes):
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)


def _before_moving(told):
    moved = [span for span in told.spans if span.kind == "moved"]
    return moved[0].start if moved else told.due


@quick
@given(
    st.sampled_from(["office", "berlin", "night"]),
    seconds,
    st.integers(1, 40),
    st.integers(0, 10**5),
    st.integers(0, 10**6),
)
def test_a_pause_of_p_working_seconds_moves_the_due_time_by_exactly_p(code, offset, hours, until_pause, length):
    calendar, start = CALENDARS[code], moment(code, offset)
    target = Target(hours, "wh", calendar)
    plain = worktime.due(start, hours, "wh", calendar)
    begin = min(start.astimezone(UTC) + timedelta(seconds=until_pause), plain.astimezone(UTC))
    end = begin + timedelta(seconds=length)
    told = replay([Event(start, START, target=target), Event(begin, PAUSE), Event(end, RESUME)], end)
    paused = worktime.working_between(begin, end, calendar)
    assert worktime.working_between(plain, told.due, calendar) == paused
    assert (told.due == plain) == (not paused)


moves = st.lists(
    st.tuples(
        st.integers(0, 15 * 1_440),
        st.sampled_from([PAUSE, RESUME, RETARGET, EXTEND]),
        st.sampled_from(["office", "berlin", "night", "24x7"]),
        st.sampled_from(["m", "h", "wh", "wd", "d"]),
        st.integers(1, 40),
    ),
    max_size=8,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(codes, seconds, st.sampled_from(["h", "wh", "wd", "d"]), st.integers(1, 9), moves, st.integers(0, 30 * 1_440))
def test_whatever_happens_the_printed_intervals_add_up_to_the_limit(code, offset, unit, amount, happenings, until):
    start = moment(code, offset)
    events = [Event(start, START, target=Target(amount, unit, CALENDARS[code]))]
    breached, end = None, _elapsed(start, until)
    for minutes, kind, other, new_unit, new_amount in sorted(happenings, key=lambda one: one[0]):
        when = _elapsed(start, minutes)
        if minutes > until:
            break
        told = replay(events, when)
        later = _elapsed(told.due, new_amount * 60)
        target = Target(new_amount, new_unit, CALENDARS[other]) if kind == RETARGET else None
        events.append(Event(when, kind, target=target, due=later if kind == EXTEND else None))
        told = replay(events, when)
        assert breached is None or told.breached_at == breached, "a breach is never undone or moved"
        breached = told.breached_at
        if kind == EXTEND:
            assert told.due == later
    told = replay(events, end)
    assert sum((span.length for span in told.spans if span.kind == "counted"), timedelta()) == told.limit
    overdue = sum((span.length for span in told.spans if span.kind == "overdue"), timedelta())
    assert told.elapsed == max(told.limit, told.elapsed) if overdue else told.elapsed + told.left == told.limit
    assert told.elapsed >= timedelta()
    assert told.at_share(100) == told.due
    shares = [told.at_share(percent).timestamp() for percent in (0, 25, 50, 80)]
    assert shares == sorted(shares)
    if told.state in ("running", "paused"):
        assert told.due.timestamp() >= end.timestamp()

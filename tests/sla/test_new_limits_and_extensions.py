"""Time used stays, time left counts on the new calendar; an extension sets a new due time and keeps the breach."""

from datetime import timedelta

import pytest

from sla.definitions import calendar_from_json
from sla.errors import WorktimeError
from sla.replay import EXTEND, PAUSE, RESUME, RETARGET, START, Event, Target, replay
from tests.sla.examples import CALENDARS, OFFICE, WORKDAYS, at

HOUR = timedelta(hours=1)
SHORT_DAYS = calendar_from_json({"zone": "Asia/Shanghai", "weekly": {day: [["10:00", "14:00"]] for day in WORKDAYS}})


def begun(start, amount, unit, calendar=OFFICE):
    return Event(at(start), START, target=Target(amount, unit, calendar))


def changed(moment, amount, unit, calendar=OFFICE):
    return Event(at(moment), RETARGET, target=Target(amount, unit, calendar))


def counted(told):
    return sum((span.length for span in told.spans if span.kind == "counted"), timedelta())


def test_a_shorter_limit_keeps_the_time_used():
    told = replay([begun("2026-09-01 09:00", 8, "wh"), changed("2026-09-01 11:00", 4, "wh")], at("2026-09-01 11:00"))
    assert (told.elapsed, told.left, told.due) == (2 * HOUR, 2 * HOUR, at("2026-09-01 14:00"))


def test_time_left_counts_on_the_new_calendar():
    told = replay(
        [begun("2026-09-01 09:00", 8, "wh"), changed("2026-09-01 14:00", 8, "wh", SHORT_DAYS)], at("2026-09-01 14:00")
    )
    assert told.elapsed == 4 * HOUR
    assert told.due == at("2026-09-02 14:00")
    assert counted(told) == told.limit == 8 * HOUR


def test_between_days_of_different_length_a_day_stays_a_day():
    told = replay(
        [begun("2026-09-01 09:00", 3, "wd"), changed("2026-09-02 23:00", 3, "wd", SHORT_DAYS)], at("2026-09-03 01:00")
    )
    assert told.due == at("2026-09-04 14:00")
    assert counted(told) == told.limit == 12 * HOUR


def test_level_three_to_one_after_the_new_due_time_is_missed_at_once():
    told = replay([begun("2026-09-01 09:00", 3, "wd"), changed("2026-09-02 09:00", 1, "h")], at("2026-09-02 09:00"))
    assert (told.state, told.relevelled) == ("missed", True)
    assert told.due == told.breached_at == at("2026-09-01 10:00")


def test_level_three_to_one_in_time_leaves_what_is_left():
    told = replay([begun("2026-09-01 09:00", 3, "wd"), changed("2026-09-01 09:20", 1, "h")], at("2026-09-01 09:20"))
    assert (told.state, told.due) == ("running", at("2026-09-01 10:00"))


def test_level_one_to_three_gives_the_longer_limit():
    told = replay([begun("2026-09-01 09:00", 1, "h"), changed("2026-09-01 09:30", 3, "wd")], at("2026-09-01 09:30"))
    assert (told.state, told.due) == ("running", at("2026-09-04 18:00"))


def test_a_lower_level_after_the_breach_moves_the_due_time_and_the_breach_stays():
    told = replay([begun("2026-09-01 09:00", 1, "h"), changed("2026-09-01 11:00", 3, "wd")], at("2026-09-01 11:00"))
    assert (told.state, told.due, told.breached_at) == ("missed", at("2026-09-04 18:00"), at("2026-09-01 10:00"))


def test_a_new_limit_does_not_count_the_pause_before_it():
    events = [
        begun("2026-09-01 09:00", 8, "wh"),
        Event(at("2026-09-01 10:00"), PAUSE),
        Event(at("2026-09-01 16:00"), RESUME),
    ]
    told = replay([*events, changed("2026-09-01 17:00", 4, "h")], at("2026-09-01 17:00"))
    assert (told.elapsed, told.due) == (2 * HOUR, at("2026-09-01 19:00"))


def test_a_new_limit_during_a_pause_leaves_the_clock_paused():
    events = [
        begun("2026-09-01 09:00", 8, "wh"),
        Event(at("2026-09-01 10:00"), PAUSE),
        changed("2026-09-01 11:00", 4, "wh"),
    ]
    assert replay(events, at("2026-09-01 11:30")).state == "paused"
    told = replay([*events, Event(at("2026-09-01 12:00"), RESUME)], at("2026-09-01 12:00"))
    assert (told.elapsed, told.due) == (HOUR, at("2026-09-01 16:00"))


def test_the_published_holidays_move_a_running_limit_and_keep_the_time_used():
    before = calendar_from_json({"zone": "Asia/Shanghai", "weekly": {day: [["09:00", "18:00"]] for day in WORKDAYS}})
    after = calendar_from_json(
        {
            "zone": "Asia/Shanghai",
            "weekly": {day: [["09:00", "18:00"]] for day in WORKDAYS},
            "overrides": {"2027-01-01": []},
        }
    )
    events = [begun("2026-12-29 10:00", 3, "wd", before), changed("2026-12-30 15:00", 3, "wd", after)]
    assert replay(events[:1], at("2026-12-30 15:00")).due == at("2027-01-01 18:00")
    assert replay(events, at("2026-12-30 15:00")).due == at("2027-01-04 18:00")


def test_the_same_limit_applied_again_changes_nothing():
    for unit, amount in (("wh", 30), ("wd", 4), ("h", 50), ("d", 4)):
        for code in ("office", "berlin", "night"):
            events = [begun("2026-09-01 09:00", amount, unit, CALENDARS[code])]
            plain = replay(events, at("2026-09-02 11:00"))
            again = replay(
                [*events, changed("2026-09-02 10:00", amount, unit, CALENDARS[code])], at("2026-09-02 11:00")
            )
            assert (again.due, again.elapsed) == (plain.due, plain.elapsed)


def test_an_extension_then_a_pause_moves_from_the_extended_due_time():
    events = [
        begun("2026-09-01 09:00", 4, "wh"),
        Event(at("2026-09-01 11:00"), EXTEND, due=at("2026-09-02 18:00")),
        Event(at("2026-09-02 10:00"), PAUSE),
        Event(at("2026-09-02 11:30"), RESUME),
    ]
    told = replay(events, at("2026-09-02 11:30"))
    assert told.due == at("2026-09-03 10:30")
    assert counted(told) == told.limit == 16 * HOUR


def test_an_extension_to_a_rest_day_is_kept_to_the_minute():
    events = [begun("2026-09-01 09:00", 4, "wh"), Event(at("2026-09-01 11:00"), EXTEND, due=at("2026-09-05 12:00"))]
    assert replay(events, at("2026-09-01 11:00")).due == at("2026-09-05 12:00")


def test_an_extension_after_the_due_time_does_not_undo_the_breach():
    events = [begun("2026-09-01 09:00", 2, "wh"), Event(at("2026-09-01 14:00"), EXTEND, due=at("2026-09-02 18:00"))]
    told = replay(events, at("2026-09-01 15:00"))
    assert (told.state, told.due, told.breached_at) == ("missed", at("2026-09-02 18:00"), at("2026-09-01 11:00"))


def test_an_extension_that_ends_earlier_is_refused():
    events = [begun("2026-09-01 09:00", 4, "wh"), Event(at("2026-09-01 10:00"), EXTEND, due=at("2026-09-01 14:00"))]
    with pytest.raises(WorktimeError, match="new_due: An extension must end after"):
        replay(events, at("2026-09-01 11:00"))


def test_events_that_cannot_be_replayed_are_refused():
    with pytest.raises(WorktimeError, match="begins with a start"):
        replay([], at("2026-09-01 11:00"))
    with pytest.raises(WorktimeError, match="not a complete clock event"):
        replay([begun("2026-09-01 09:00", 4, "wh"), Event(at("2026-09-01 10:00"), "jump")], at("2026-09-01 11:00"))


def test_rest_days_that_a_limit_is_moved_past_are_neither_used_nor_overdue():
    events = [begun("2026-09-03 10:00", 2, "d")]
    told = replay(events, at("2026-09-07 12:00"))
    assert (told.state, told.elapsed, told.left) == ("running", timedelta(days=2), timedelta())
    assert [span.kind for span in told.spans] == ["not_counted", "counted", "moved"]
    late = replay(events, at("2026-09-08 03:00"))
    assert (late.state, late.elapsed) == ("missed", timedelta(days=2, hours=3))
    assert late.spans[-1].length == 3 * HOUR


def test_a_pause_in_the_rest_days_moves_the_due_time_so_that_no_one_is_late_while_waiting():
    pause, resume = Event(at("2026-09-07 10:00"), PAUSE), Event(at("2026-09-10 11:00"), RESUME)
    told = replay([begun("2026-09-03 10:00", 2, "d"), pause, resume], at("2026-09-10 11:00"))
    assert (told.state, told.due) == ("running", at("2026-09-11 01:00"))
    looked_at = [begun("2026-09-03 10:00", 2, "d"), pause, Event(at("2026-09-08 12:00"), PAUSE), resume]
    assert replay(looked_at, at("2026-09-10 11:00")).due == told.due


def test_natural_days_moved_past_a_rest_day_say_so():
    told = replay([begun("2026-09-03 10:00", 2, "d")], at("2026-09-03 10:00"))
    assert [(span.kind, span.end) for span in told.spans] == [
        ("not_counted", at("2026-09-04 00:00")), ("counted", at("2026-09-06 00:00")), ("moved", at("2026-09-08 00:00")),
    ]  # fmt: skip
    assert counted(told) == told.limit == timedelta(days=2)

"""A clock replayed with pauses: only the time that would have counted moves the due time."""

from datetime import timedelta

import pytest

from sla.replay import BREACH, PAUSE, RESUME, START, STOP, VOID, Event, Target, replay
from tests.sla.examples import OFFICE, at

HOUR = timedelta(hours=1)


def clock(start, amount, unit, *moves, until, **options):
    """`moves` are ("pause", "2026-09-01 10:00") pairs."""
    events = [Event(at(start), START, target=Target(amount, unit, OFFICE, **options))]
    events += [Event(at(moment), kind, reason=f"{kind}d") for kind, moment in moves]
    return replay(events, at(until))


@pytest.mark.parametrize(
    ("pause", "resume", "expected"),
    [
        pytest.param("2026-09-01 10:00", "2026-09-01 11:00", "2026-09-01 16:00", id="inside hours"),
        pytest.param("2026-09-01 11:30", "2026-09-01 13:30", "2026-09-01 16:00", id="over lunch only one hour counts"),
        pytest.param("2026-09-01 12:00", "2026-09-01 13:00", "2026-09-01 15:00", id="in lunch adds nothing"),
        pytest.param("2026-09-01 14:00", "2026-09-02 10:00", "2026-09-02 11:00", id="over midnight"),
        pytest.param("2026-09-01 14:00", "2026-09-07 09:00", "2026-09-07 10:00", id="over the weekend"),
        pytest.param("2026-09-01 14:00", "2026-10-08 09:00", "2026-10-08 10:00", id="over the holiday"),
        pytest.param("2026-09-01 09:00", "2026-09-01 10:00", "2026-09-01 16:00", id="in the second of creation"),
        pytest.param("2026-09-01 15:00", "2026-09-01 17:00", "2026-09-01 17:00", id="beginning at the due time"),
        pytest.param("2026-09-01 14:59", "2026-09-01 17:30", "2026-09-01 17:31", id="beginning before, ending after"),
        pytest.param("2026-09-01 15:00:01", "2026-09-01 17:30", "2026-09-01 15:00", id="beginning after the due time"),
    ],
)
def test_a_pause_moves_the_due_time_by_working_seconds_only(pause, resume, expected):
    told = clock("2026-09-01 09:00", 5, "wh", (PAUSE, pause), (RESUME, resume), until=resume)
    assert told.due == at(expected)


def test_a_pause_outside_hours_adds_nothing_even_at_the_start():
    told = clock(
        "2026-09-04 20:00", 2, "wh", (PAUSE, "2026-09-04 20:30"), (RESUME, "2026-09-07 08:59"), until="2026-09-07 09:00"
    )
    assert told.due == at("2026-09-07 11:00")


def test_several_pauses_a_day_add_up():
    told = clock(
        "2026-09-01 09:00", 4, "wh",
        (PAUSE, "2026-09-01 09:30"), (RESUME, "2026-09-01 10:00"),
        (PAUSE, "2026-09-01 10:10"), (RESUME, "2026-09-01 10:20"),
        (PAUSE, "2026-09-01 13:00"), (RESUME, "2026-09-01 13:20"),
        until="2026-09-01 13:20",
    )  # fmt: skip
    assert told.due == at("2026-09-01 15:00")
    assert told.elapsed == timedelta(hours=2, minutes=20)
    assert told.left == timedelta(hours=1, minutes=40)


def test_a_clock_that_starts_paused_uses_nothing_until_it_resumes():
    told = clock("2026-09-01 09:00", 2, "wh", (PAUSE, "2026-09-01 09:00"), until="2026-09-01 17:00")
    assert (told.state, told.elapsed, told.due) == ("paused", timedelta(), at("2026-09-02 10:00"))
    told = clock(
        "2026-09-01 09:00", 2, "wh", (PAUSE, "2026-09-01 09:00"), (RESUME, "2026-09-03 09:00"), until="2026-09-03 10:00"
    )
    assert (told.state, told.elapsed, told.due) == ("running", HOUR, at("2026-09-03 11:00"))


def test_a_second_pause_inside_a_pause_changes_nothing():
    told = clock("2026-09-01 09:00", 2, "wh", (PAUSE, "2026-09-01 10:00"), (PAUSE, "2026-09-01 10:30"),
                 (RESUME, "2026-09-01 11:00"), (RESUME, "2026-09-01 11:10"), until="2026-09-01 11:10")  # fmt: skip
    assert told.due == at("2026-09-01 12:00")


def test_a_pause_after_the_breach_neither_undoes_nor_moves_it():
    told = clock(
        "2026-09-01 09:00", 2, "wh", (PAUSE, "2026-09-01 14:00"), (RESUME, "2026-09-01 15:00"), until="2026-09-01 16:00"
    )
    assert (told.state, told.due, told.breached_at) == ("missed", at("2026-09-01 11:00"), at("2026-09-01 11:00"))
    assert told.elapsed == 5 * HOUR  # 09–12, 13–14, 15–16


def test_a_working_day_pause_moves_the_due_time_by_the_working_time_paused():
    told = clock(
        "2026-09-01 10:00", 3, "wd", (PAUSE, "2026-09-02 16:00"), (RESUME, "2026-09-03 10:00"), until="2026-09-03 10:00"
    )
    assert told.due == at("2026-09-07 12:00")  # Friday 18:00 and three working hours


def test_a_pause_on_the_day_of_receipt_moves_nothing_because_that_day_does_not_count():
    told = clock(
        "2026-09-01 10:00", 3, "wd", (PAUSE, "2026-09-01 11:00"), (RESUME, "2026-09-01 17:00"), until="2026-09-01 17:00"
    )
    assert told.due == at("2026-09-04 18:00")
    told = clock(
        "2026-09-01 10:00", 3, "d", (PAUSE, "2026-09-01 11:00"), (RESUME, "2026-09-02 01:00"), until="2026-09-02 01:00"
    )
    assert told.due == at("2026-09-08 00:00")  # 24:00 of the 4th and one hour is Saturday, so Monday 24:00


def test_a_natural_day_pause_moves_the_due_time_by_the_clock():
    told = clock(
        "2026-09-01 10:00", 2, "d", (PAUSE, "2026-09-02 10:00"), (RESUME, "2026-09-02 16:00"), until="2026-09-02 16:00"
    )
    assert told.due == at("2026-09-04 06:00")


def test_an_answer_at_the_due_time_is_in_time_and_one_later_is_late():
    assert clock("2026-09-01 09:00", 2, "wh", (STOP, "2026-09-01 11:00"), until="2026-09-30 11:00").state == "met"
    late = clock("2026-09-01 09:00", 2, "wh", (STOP, "2026-09-01 11:00:01"), until="2026-09-30 11:00")
    assert (late.state, late.breached_at, late.stopped_at) == (
        "missed",
        at("2026-09-01 11:00"),
        at("2026-09-01 11:00:01"),
    )


def test_an_unanswered_clock_is_missed_at_its_due_time_though_nothing_recorded_it():
    told = clock("2026-09-01 09:00", 2, "wh", until="2026-09-05 09:00")
    assert (told.state, told.breached_at) == ("missed", at("2026-09-01 11:00"))


def test_a_recorded_breach_stays_although_a_later_calendar_would_have_allowed_more():
    told = clock("2026-09-01 09:00", 5, "wh", (BREACH, "2026-09-01 11:00"), until="2026-09-01 12:00")
    assert (told.state, told.breached_at) == ("missed", at("2026-09-01 11:00"))


def test_nothing_moves_a_stopped_clock_but_it_can_be_made_void():
    told = clock(
        "2026-09-01 09:00", 5, "wh", (STOP, "2026-09-01 10:00"), (PAUSE, "2026-09-01 11:00"), until="2026-09-09 12:00"
    )
    assert (told.state, told.elapsed) == ("met", HOUR)
    told = clock(
        "2026-09-01 09:00", 5, "wh", (STOP, "2026-09-01 10:00"), (VOID, "2026-09-01 11:00"), until="2026-09-09 12:00"
    )
    assert told.state == "void"


def test_a_clock_set_back_never_gives_negative_time():
    events = [
        Event(at("2026-09-01 10:00"), START, target=Target(2, "wh", OFFICE)),
        Event(at("2026-09-01 10:30"), PAUSE),
        Event(at("2026-09-01 10:30"), RESUME),
        Event(at("2026-09-01 10:30"), STOP),
    ]
    assert replay(events, at("2026-09-01 10:40")).elapsed == timedelta(minutes=30)
    assert replay(events, at("2026-09-01 10:20")).state == "running"


def test_the_explanation_lists_what_counted_and_what_was_paused():
    told = clock(
        "2026-09-01 11:00", 4, "wh", (PAUSE, "2026-09-01 14:00"), (RESUME, "2026-09-02 09:30"), until="2026-09-02 09:30"
    )
    lines = [(span.kind, span.start, span.end, span.length, span.reason) for span in told.spans]
    assert lines == [
        ("counted", at("2026-09-01 11:00"), at("2026-09-01 12:00"), HOUR, ""),
        ("counted", at("2026-09-01 13:00"), at("2026-09-01 14:00"), HOUR, ""),
        ("paused", at("2026-09-01 14:00"), at("2026-09-02 09:30"), 4.5 * HOUR, "paused"),
        ("counted", at("2026-09-02 09:30"), at("2026-09-02 11:30"), 2 * HOUR, ""),
    ]


def test_the_warning_of_a_paused_clock_moves_with_it():
    told = clock(
        "2026-09-01 09:00", 4, "wh", (PAUSE, "2026-09-01 10:00"), (RESUME, "2026-09-01 11:00"), until="2026-09-01 11:00"
    )
    assert told.at_share(25) == at("2026-09-01 10:00")
    assert told.at_share(50) == at("2026-09-01 12:00")
    assert told.at_share(100) == told.due == at("2026-09-01 15:00")

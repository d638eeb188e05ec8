"""Timetables and the clock of a simulation: the next moment is after now, and a boundary belongs to one side."""

import pytest

from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, TICK, Daily, Outages, after, on_tick


def test_a_clock_counts_milliseconds_in_ticks() -> None:
    assert (MINUTE, HOUR, DAY, TICK) == (60_000, 3_600_000, 86_400_000, 8)
    assert NEVER > 10_000 * 365 * DAY
    assert [on_tick(at) for at in (0, 7, 8, 15.9, 16.0, 1001)] == [0, 0, 8, 8, 16, 1000]
    assert [after(now, 15) for now in (0, 1, 14, 15, 16)] == [15, 15, 15, 30, 30]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0, 12 * HOUR),
        (12 * HOUR - 1, 12 * HOUR),
        (12 * HOUR, 20 * HOUR),
        (20 * HOUR - 1, 20 * HOUR),
        (20 * HOUR, DAY + 12 * HOUR),
        (DAY, DAY + 12 * HOUR),
        (3 * DAY + 13 * HOUR, 3 * DAY + 20 * HOUR),
        (3 * DAY + 23 * HOUR, 4 * DAY + 12 * HOUR),
    ],
)
def test_daily_times_come_again_every_day(now: int, expected: int) -> None:
    assert Daily.at((20.0, 12.0, 12.0)).after(now) == expected


def test_times_are_kept_once_sorted_and_on_ticks() -> None:
    assert Daily.at((20.0, 12.0, 12.0)).moments == (12 * HOUR, 20 * HOUR)
    assert Daily.at((1 / 3_600_000 * 9,)).moments == (8,)
    assert Outages.of((30.0, 2.0), 1.5) == Outages((2 * HOUR, 30 * HOUR), (210 * MINUTE, 31 * HOUR + 30 * MINUTE))
    assert Outages.of((9 / HOUR,), 17 / HOUR) == Outages((8,), (24,))


def test_a_system_is_down_from_the_first_moment_to_before_the_last() -> None:
    outages = Outages.of((2.0, 10.0), 1.0)

    assert [outages.down(int(at * HOUR)) for at in (0, 1.999, 2, 2.999, 3, 9.5, 10, 10.5, 11)] == [
        False, False, True, True, False, False, True, True, False,
    ]  # fmt: skip
    assert [outages.working(int(at * HOUR), HOUR) for at in (0, 1, 2, 9.5)] == [HOUR, 3 * HOUR, 3 * HOUR, 11 * HOUR]
    assert outages.working(int(1.5 * HOUR), HOUR // 4) == int(1.75 * HOUR)
    assert outages.working(int(1.75 * HOUR), HOUR // 4) == 3 * HOUR

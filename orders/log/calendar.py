"""Simulation clock, in whole milliseconds since midnight of a Monday in India, and timetables on it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

DAY_ZERO = date(2026, 1, 5)
"""Day 0 of every simulation. A constant, so that the same experiment gives the same files next year."""

TICK = 8
"""Milliseconds. Steps of orders occur on ticks; each kind of request has its own place between two ticks, so that no request
coincides with a step of its order, and no model needs a rule for ties."""

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
A_WEEK = 7 * DAY
NEVER = 1 << 62
"""A time later than every event: something has not happened."""


def on_tick(milliseconds: float) -> int:
    """Round a time down to a tick."""
    return int(milliseconds) // TICK * TICK


def after(now: int, interval: int) -> int:
    """Return the next multiple of *interval* after *now*."""
    return (now // interval + 1) * interval


@dataclass(frozen=True, slots=True)
class Daily:
    """Times of the day that recur every day."""

    moments: tuple[int, ...]

    @classmethod
    def at(cls, hours: Sequence[float]) -> "Daily":
        """Return the times at *hours* of the day."""
        return cls(tuple(sorted({on_tick(hour * HOUR) for hour in hours})))

    def after(self, now: int) -> int:
        """Return the next of these times after *now*."""
        day, moment = divmod(now, DAY)
        place = bisect_right(self.moments, moment)
        return day * DAY + self.moments[place] if place < len(self.moments) else (day + 1) * DAY + self.moments[0]


@dataclass(frozen=True, slots=True)
class Outages:
    """Outages of a system, ascending and apart; at the last moment of an outage it is up again."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, hours: Sequence[float], lasting_hours: float) -> "Outages":
        """Return outages that begin at *hours* after the start and last *lasting_hours*."""
        starts = [on_tick(hour * HOUR) for hour in hours]
        return cls.merged([(start, start + on_tick(lasting_hours * HOUR)) for start in starts])

    @classmethod
    def merged(cls, spans: Iterable[tuple[int, int]]) -> "Outages":
        """Return the outages in *spans* of time; spans that overlap or meet are one outage."""
        outages: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if outages and start <= outages[-1][1]:
                outages[-1] = outages[-1][0], max(outages[-1][1], end)
            else:
                outages.append((start, end))
        return cls(tuple(start for start, _ in outages), tuple(end for _, end in outages))

    def __or__(self, other: "Outages") -> "Outages":
        """Return the times at which one of two systems is down, for a step that needs both."""
        return Outages.merged([*zip(self.starts, self.ends, strict=True), *zip(other.starts, other.ends, strict=True)])

    def down(self, now: int) -> bool:
        """Return whether the system is down."""
        return self.up_from(now) > now

    def up_from(self, now: int) -> int:
        """Return *now* if the system is up, otherwise the end of the outage."""
        place = bisect_right(self.starts, now)
        return max(now, self.ends[place - 1]) if place else now

    def working(self, now: int, interval: int) -> int:
        """Return the next multiple of *interval* after *now* at which the system is up."""
        moment = after(now, interval)
        while self.down(moment):
            moment += interval
        return moment

"""Roster: the number of people at work in a team over time, a step function that is made day by day."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, NEVER

AHEAD = 800
"""Days within which the next step is looked for: more than days that settings can name, and a week."""
Steps = Sequence[tuple[int, int]]
"""Moments of a day, ascending, each with the number of people from then on; before the first there is no one."""


class Roster:
    """People at work over time. At the moment of a step the new number counts; work that has begun is finished.

    Args:
        steps_of: returns the steps of a day.
    """

    def __init__(self, steps_of: Callable[[int], Steps]) -> None:
        self._steps_of = steps_of
        self._days = 0
        self._times: list[int] = []
        self._people: list[int] = []

    @classmethod
    def always(cls, people: int) -> "Roster":
        """Return the roster of *people* who are at work day and night."""
        return cls(lambda _: ((0, people),))

    def staffing(self, now: int) -> tuple[int, int]:
        """Return the number of people at work, and the time of the next step, `NEVER` if there is none."""
        self._make(now)
        place = bisect_right(self._times, now)
        until = self._times[place] if place < len(self._times) else NEVER
        return self._people[place - 1], until

    def steps(self, days: int) -> list[tuple[int, int]]:
        """Return the steps of the first *days* days, from the first at which someone is at work, each with the number of people."""
        self._make(days * DAY)
        steps = [(at, people) for at, people in zip(self._times, self._people, strict=True) if at <= days * DAY]
        return steps if steps and steps[0][1] else steps[1:]

    # For many times at once

    def next_staffed_time(self, times: IntArray) -> IntArray:
        """Return each time if someone is at work then, otherwise the next time at which someone comes."""
        at, people = self._columns(times + AHEAD * DAY)
        opening = np.flatnonzero(people > 0)
        place = np.searchsorted(at, times, side="right") - 1
        coming = opening[np.minimum(np.searchsorted(opening, place), len(opening) - 1)]
        return np.where(people[place] > 0, times, at[coming])

    def people_at(self, times: IntArray) -> IntArray:
        """Return the number of people at work at each time, 0 for `NEVER`."""
        at, people = self._columns(times)
        return np.where(times < NEVER, people[np.searchsorted(at, times, side="right") - 1], 0)

    def step_at(self, times: IntArray) -> IntArray:
        """Return the number of the step before each time."""
        at, _ = self._columns(times)
        return np.searchsorted(at, times, side="right") - 1

    def staffed_ms(self, times: IntArray) -> IntArray:
        """Return the milliseconds with someone at work from the start until each time; `NEVER` stays `NEVER`."""
        return self._integral(times, counted=False)

    def person_ms(self, times: IntArray) -> IntArray:
        """Return people times milliseconds at work from the start until each time; `NEVER` stays `NEVER`."""
        return self._integral(times, counted=True)

    def _integral(self, times: IntArray, *, counted: bool) -> IntArray:
        at, people = self._columns(times)
        height = people if counted else np.minimum(people, 1)
        before = np.concatenate([[0], np.cumsum(np.diff(at) * height[:-1])])
        place = np.searchsorted(at, times, side="right") - 1
        return np.where(times < NEVER, before[place] + (times - at[place]) * height[place], NEVER)

    def _columns(self, times: IntArray) -> tuple[IntArray, IntArray]:
        self._make(int(times[times < NEVER].max(initial=0)))
        return np.array(self._times, dtype=np.int64), np.array(self._people, dtype=np.int64)

    def _make(self, until: int) -> None:
        """Make the days until that time, and on until the next step after it, if there is one within `AHEAD` days."""
        while not self._times or (self._times[-1] <= until and self._days * DAY <= until + AHEAD * DAY):
            for moment, people in ((0, 0), *self._steps_of(self._days)):
                self._add(self._days * DAY + moment, people)
            self._days += 1

    def _add(self, at: int, people: int) -> None:
        """Add a step; a second one at the same time replaces the first, and one that changes nothing is left out."""
        if self._times and self._times[-1] == at:
            self._times.pop()
            self._people.pop()
        if not self._people or self._people[-1] != people:
            self._times.append(at)
            self._people.append(people)

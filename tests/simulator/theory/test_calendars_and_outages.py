"""Shifts, breaks and outages of the simulator against the theory of queues and of renewal."""

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR, MINUTE
from simulator.analysis.measures import busy_and_overtime
from simulator.experiment.roster import Roster
from simulator.model.draws.outages import random_outages, up_from
from simulator.model.draws.random_streams import RandomStreams, exponential
from tests.support.queue_theory import LONGER, RUNS, SERVICE, Run, agrees, poisson, served

pytestmark = pytest.mark.slow


def with_breaks(run, people, steps):
    """When the work on each order began, by a team with the same steps each day."""
    return served(run.came, run.service, Roster(lambda _: steps(people)))


def two_shifts_with_a_break(people):
    return (6 * HOUR, people), (11 * HOUR, 0), (11 * HOUR + 30 * MINUTE, people), (20 * HOUR, 0)


def test_with_spare_people_an_order_waits_only_for_the_next_opening():
    """An order that arrives in a closed time of length B waits B/2 on average, and arrives in it with probability B/day."""
    actual = []
    for number in range(RUNS):
        run = Run(21, number, 1.5 / MINUTE, 20_000 * LONGER, exponential(SERVICE, 1), DAY)
        wait = with_breaks(run, 100_000, two_shifts_with_a_break) - run.came
        actual.append((wait[run.counted].mean(), (wait[run.counted] > 0).mean(), run.controls[0]))

    waits, shares, control = np.array(actual).T
    closed = np.array([10 * HOUR, HOUR // 2])
    agrees(waits, (closed**2 / 2).sum() / DAY, 0.02, 0.01, [control])
    agrees(shares, closed.sum() / DAY, 0.02, 0.005, [control])


def test_people_are_as_busy_as_the_work_that_comes_divided_by_their_hours():
    """Work is conserved whatever the calendar: utilisation is offered load over staffed time, with what is finished after a shift apart."""
    people, load_ = 6, 0.7
    hours = 13.5
    actual = []
    for number in range(RUNS):
        run = Run(22, number, people * load_ * hours / 24 / SERVICE, 20_000 * LONGER, exponential(SERVICE, 1), DAY)
        begun = with_breaks(run, people, two_shifts_with_a_break)
        roster, work = Roster(lambda _: two_shifts_with_a_break(people)), np.stack([begun, begun + run.service])
        busy, overtime = busy_and_overtime(np.clip(work, run.starts, run.ends), roster)
        staffed = np.diff(roster.person_ms(np.array([run.starts, run.ends])))[0]
        assert busy <= staffed
        assert roster.people_at(begun).min() == people
        actual.append(((busy + overtime) / staffed, *run.controls))

    values, *controls = np.array(actual).T
    agrees(values, load_, 0.02, 0.005, controls)


@pytest.mark.parametrize(("days", "hours"), [(0.5, 6.0), (3.0, 3.6), (10.0, 30.0)])
def test_a_system_is_up_for_the_share_that_the_law_of_availability_says(days, hours):
    """Alternating renewal: in the long run up / (up + down), and an outage as often as one divided by the sum."""
    cycle = days * 24 + hours
    until = int(3000 * LONGER * cycle * HOUR)
    shares, counts = [], []
    for number in range(RUNS):
        outages = random_outages(RandomStreams(23, number), "ERP", days, hours, until)
        down = np.array(outages.ends) - np.array(outages.starts)
        shares.append(1 - down.sum() / until)
        counts.append(len(down) * cycle * HOUR / until)

    agrees(shares, days * 24 / cycle, 0.02, 0.01)
    agrees(counts, 1.0, 0.03, 0.01)


def test_an_order_that_meets_an_outage_waits_as_long_as_the_law_of_renewal_says():
    """A Poisson order finds a system down with the share of its outages, and waits for their mean rest: its own mean, as it is exponential."""
    days, hours = 1.0, 5.0
    waits, met = [], []
    for number in range(RUNS):
        streams = RandomStreams(24, number)
        came = poisson(streams, 3.0 / HOUR, 40_000 * LONGER)
        outages = random_outages(streams, "Ajio", days, hours, int(came[-1]) + 1)
        wait = up_from(outages, came) - came
        waits.append(wait.mean())
        met.append((wait > 0).mean())

    share = hours / (days * 24 + hours)
    agrees(met, share, 0.06, 0.02)
    agrees(waits, share * hours * HOUR, 0.1, 0.03)

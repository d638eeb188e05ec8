"""The simulator against the theory of queues: the theory must lie in the 99.9 % interval, and the interval must be narrow.

A wide interval would let anything pass, so each case states the half-width it demands, relative to the theory. The seeds are
fixed. What is known of a run (how many orders should have come, how long their work should have taken) narrows its interval by
linear regression on it, as control variates do (Lavenberg and Welch, 1981). Set SOP_THEORY=nightly for runs ten times as long
and narrower half-widths.
"""

import gc
import math
import os
from array import array

import numpy as np
import pytest
from simpy import Environment

from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, TICK
from orders.log.columns import Event
from orders.log.order_times import OrderTimes
from simulator.analysis.intervals import student_quantile
from simulator.analysis.measures import busy_and_overtime
from simulator.analysis.occupancy import Occupancy
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.experiment import load
from simulator.experiment.roster import Roster
from simulator.experiment.settings import Ajio
from simulator.model.draws.arrivals import arrivals
from simulator.model.draws.order_draws import RequestKind, draw_orders
from simulator.model.draws.outages import random_outages, up_from
from simulator.model.draws.random_streams import RandomStreams, exponential, lognormal
from simulator.model.oms import Assure
from simulator.model.order_states import OrderStates
from simulator.model.warehouse import Warehouse
from simulator.model.worker_pool import WorkerPool
from simulator.study.simulate import simulate

pytestmark = pytest.mark.slow

NIGHTLY = os.environ.get("SOP_THEORY") == "nightly"
LONGER = 10 if NIGHTLY else 1
CONFIDENCE = 0.999
RUNS = 24
SERVICE = 4 * MINUTE
FLAT = (1.0,) * 24


def agrees(values, theory, tolerance, nightly, controls=()):
    """Assert that theory lies in the interval of the mean of *values* and that this is narrow enough.

    *controls* are other values of the same runs, whose expectation is 0.
    """
    runs, known = len(values), np.column_stack([np.ones(len(values)), *controls])
    inverse = np.linalg.inv(known.T @ known)
    coefficients = inverse @ known.T @ np.array(values)
    freedom = runs - known.shape[1]
    error = math.sqrt(((np.array(values) - known @ coefficients) ** 2).sum() / freedom * inverse[0, 0])
    mean, half = float(coefficients[0]), student_quantile(freedom, CONFIDENCE) * error
    said = f"{mean:.5g} ± {half:.2g} ({half / theory:.2%}), theory {theory:.5g}"

    assert abs(mean - theory) < half, said
    assert half <= (nightly if NIGHTLY else tolerance) * theory, said


# Theory


def erlang_c(people, offered):
    """The probability of waiting in M/M/c, from Erlang B by its recursion."""
    blocked = 1.0
    for k in range(1, people + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked / (1 - offered / people * (1 - blocked))


def share_lost(people, offered, patience, *, also_at_work):
    """The share that leaves before its work is done, if all or only those who wait do so after an exponential time of mean *patience*.

    A birth-death chain in units of the mean service: Erlang's A where only those who wait leave.
    """
    weight, total, leaving = 1.0, 1.0, 0.0
    for n in range(1, 5000):
        restless = n if also_at_work else max(n - people, 0)
        weight *= offered / (min(n, people) + restless / patience)
        total += weight
        leaving += weight * restless / patience
    return leaving / total / offered


# The simulator's own parts


def poisson(chance, rate, count):
    """About *count* arrivals at *rate* per millisecond, by the code that makes orders arrive."""
    per_day = rate * DAY
    return arrivals(Ajio(orders_per_day=per_day, hourly_weights=FLAT), math.ceil(count / per_day), chance)


def served(came, service, people, leaves=None):
    """When the work on each began, `NEVER` where it left first, by the pool that pickers and packers are."""
    env, came, service = Environment(), came.tolist(), service.tolist()
    begun = [NEVER] * len(came)
    leaves = [NEVER] * len(came) if leaves is None else leaves.tolist()

    def begin(order):
        now = int(env.now)
        if leaves[order] < now:
            return None
        begun[order] = now
        return now + service[order]

    roster = people if isinstance(people, Roster) else Roster.always(people)
    pool = WorkerPool(env, roster, begin, lambda _: None)

    def enter(event):
        order = event.value
        pool.enqueue(order, came[order])
        if order + 1 < len(came):
            env.timeout(came[order + 1] - came[order], order + 1).callbacks.append(enter)

    env.timeout(came[0], 0).callbacks.append(enter)
    gc.disable()
    env.run()
    gc.enable()
    return np.array(begun, dtype=np.int64)


class Run:
    """Orders of one run, the first tenth of its time apart, in which the queue fills; with *day* in whole days."""

    def __init__(self, seed, run, rate, count, table, day=1):  # noqa: PLR0913 (what a run depends on)
        self.chance = RandomStreams(seed, run)
        self.came = poisson(self.chance, rate, count)
        self.each = np.arange(len(self.came))
        self.service = (
            self.chance.sample_duration("service", self.each, table) if isinstance(table, np.ndarray) else np.full_like(self.each, table)
        )
        self.ends = math.ceil(count / (rate * DAY)) * DAY
        self.starts = self.ends // 10 // day * day
        self.counted = self.came >= self.starts
        self.controls = (self.counted.sum() / (rate * (self.ends - self.starts)) - 1, self.service[self.counted].mean() / SERVICE - 1)

    def leaving(self, patience):
        """When each has waited long enough."""
        return self.came + self.chance.sample_duration("patience", self.each, exponential(patience * SERVICE, 1))


# Queues


@pytest.fixture(scope="module")
def busy():
    """Six packers at 85 %, exponential work: of each run the share that waits, the mean wait, the utilisation; and what is known."""
    people, load_ = 6, 0.85
    found = []
    for number in range(RUNS):
        run = Run(11, number, people * load_ / SERVICE, 30_000 * LONGER, exponential(SERVICE, 1))
        begun = served(run.came, run.service, people)
        wait, done = begun - run.came, begun + run.service
        queue, work = Occupancy(), Occupancy(places=True)
        queue.add(run.came, begun, NEVER >> 2)
        work.add(begun, done, NEVER >> 2)

        assert (queue.area, queue.inside, queue.least) == (int(wait.sum()), 0, 0)
        assert (work.area, work.most) == (int(run.service.sum()), people)
        at_work = np.clip(done, run.starts, run.ends) - np.clip(begun, run.starts, run.ends)
        rho = at_work.sum() / (run.ends - run.starts) / people
        found.append(((wait[run.counted] > 0).mean(), wait[run.counted].mean(), rho, *run.controls))
    return np.array(found).T


def test_erlang_c_in_numbers():
    assert erlang_c(6, 5.1) == pytest.approx(0.62405, abs=5e-6)
    assert erlang_c(1, 0.7) == pytest.approx(0.7)


def test_as_many_wait_as_erlang_says(busy):
    agrees(busy[0], erlang_c(6, 5.1), 0.01, 0.003, busy[3:])


def test_they_wait_as_long_as_erlang_says(busy):
    agrees(busy[1], erlang_c(6, 5.1) * SERVICE / (6 * 0.15), 0.07, 0.03, busy[3:])


def test_people_are_as_busy_as_the_work_that_comes(busy):
    agrees(busy[2], 0.85, 0.005, 0.001, busy[3:])


@pytest.mark.parametrize("kind", ["log-normal", "constant"])
def test_one_packer_keeps_orders_waiting_as_pollaczek_and_khinchine_say(kind):
    load_, sigma = 0.7, 0.5
    second, table = (math.exp(sigma**2), lognormal(SERVICE / math.exp(sigma**2 / 2), sigma, 1)) if kind == "log-normal" else (1.0, SERVICE)
    found = []
    for number in range(RUNS):
        run = Run(12, number, load_ / SERVICE, 12_000 * LONGER, table)
        found.append(((served(run.came, run.service, 1) - run.came)[run.counted].mean(), *run.controls))

    values, *controls = np.array(found).T
    agrees(values, load_ * SERVICE * second / (2 * (1 - load_)), 0.05, 0.02, controls if kind == "log-normal" else controls[:1])


@pytest.mark.parametrize(("load_", "tolerance", "nightly"), [(0.85, 0.05, 0.02), (1.15, 0.025, 0.01)])
def test_who_waits_too_long_is_lost_as_erlang_a_says(load_, tolerance, nightly):
    people, patience = 4, 3.0
    found = []
    for number in range(RUNS):
        run = Run(13, number, people * load_ / SERVICE, 10_000 * LONGER, exponential(SERVICE, 1))
        lost = served(run.came, run.service, people, run.leaving(patience)) == NEVER
        found.append((lost[run.counted].mean(), *run.controls))

    values, *controls = np.array(found).T
    agrees(values, share_lost(people, people * load_, patience, also_at_work=False), tolerance, nightly, controls)


def test_sellers_cancel_in_the_queue_and_at_the_table_as_a_birth_and_death_chain_says():
    """Through the OMS, the engine's answers and the warehouse: a cancelled order frees the packer who works on it."""
    people, load_, patience = 4, 1.0, 20.0
    experiment = load("ordinary_week_rms", [f"wms.packers={people}", "wms.shift_starts_at_hour=0", "wms.shift_ends_at_hour=24"])
    found = []
    for number in range(RUNS):
        run = Run(14, number, people * load_ / SERVICE, 5_000 * LONGER, exponential(SERVICE, 1))
        found.append((_cancelled(experiment, run, run.leaving(patience) + RequestKind.SELLER)[run.counted].mean(), *run.controls))

    values, *controls = np.array(found).T
    agrees(values, share_lost(people, people * load_, patience, also_at_work=True), 0.05, 0.02, controls)


def _cancelled(experiment, run, asks):
    """Whether each order was cancelled, if every one waits for a packer from its arrival and every seller asks, at *asks*."""
    came, count = run.came.tolist(), len(run.came)
    draws = draw_orders(load("ordinary_week_rms", ["run.days=1", "run.warm_up_days=0", "ajio.orders_per_day=1"]), 0)
    draws.created, draws.units, draws.erp = came, [1] * count, [False] * count
    draws.returns.first = array("q", [0] * (count + 1))  # no unit comes back
    draws.unfulfillable, draws.allocated = [NEVER] * count, (run.came - TICK).tolist()
    draws.clock = draws.breach = [NEVER] * count
    draws.missing, draws.work = [0] * count, {"pickers": [TICK] * count, "packers": run.service.tolist()}
    draws.requests = {order: [(at, RequestKind.SELLER, 0)] for order, at in enumerate(asks.tolist())}
    env, life = Environment(), OrderStates(draws)
    oms = Assure(env, life)
    warehouse = Warehouse(env, experiment, oms)
    life.released, life.at_stations["picked"] = (run.came - TICK).tolist(), list(came)
    env.process(oms.requests({RequestKind.SELLER}))

    def enter(event):
        order = event.value
        warehouse.pools["packers"].enqueue(order, came[order])
        if order + 1 < count:
            env.timeout(came[order + 1] - came[order], order + 1).callbacks.append(enter)

    env.timeout(came[0], 0).callbacks.append(enter)
    env.run()
    assert all((packed == NEVER) != (ended == NEVER) for packed, ended in zip(life.packed, life.cancelled, strict=True))
    return np.array(life.cancelled) < NEVER


def test_sellers_cancel_before_packing_as_often_as_competing_risks_say():
    """Through the whole model, without queues: a request succeeds if and only if the order is not PACKED yet."""
    share, mean = 0.3, 8.0
    plenty = ["run.warm_up_days=0", "run.days=1", "ajio.orders_per_day=2500", "wms.pickers=20000", "wms.packers=20000"]
    plenty += ["wms.shift_starts_at_hour=0", "wms.shift_ends_at_hour=24", "erp.posts_per_interval=1000000"]
    plenty += ["ajio.customer_cancellation_share=0", "ajio.technical_cancellation_share=0", "ajio.partial_cancellation_share=0"]
    plenty += ["ajio.breach_cancellation_share=0", "oms.seller_partial_share=0", "wms.missing_unit_share=0"]
    nobody, somebody = (load("ordinary_week_erp", [*plenty, f"oms.seller_cancellation_share={part}"]) for part in (0.0, share))
    shares = []
    for number in range(12 * LONGER):
        alone, asked = (OrderTimes(simulate(each, number)) for each in (nobody, somebody))
        packed = alone.at(Event.PACKED)
        ask = np.full(len(packed), NEVER)
        for order, wishes in draw_orders(somebody, number).requests.items():
            ask[order] = wishes[0][0]
        took = (packed - alone.at(Event.CREATED)) / HOUR

        assert np.array_equal(asked.ended, np.where(ask < packed, ask, NEVER))
        shares.append((asked.ended < NEVER).mean() / (share * (1 - np.exp(-took / mean))).mean())

    agrees(shares, 1.0, 0.06, 0.015)


def test_orders_that_wait_for_their_e_invoice_are_poisson_in_number():
    """M/G/infinity: no order competes for anything, so the number is Poisson with the mean rate times mean lag, whatever the lag's law."""
    rate, median, sigma = 5.0 / MINUTE, 8.0, 0.8
    theory = rate * median * math.exp(sigma**2 / 2) * MINUTE
    means, dispersions = [], []
    for run in range(100 * LONGER):
        chance = RandomStreams(16, run)
        came = poisson(chance, rate, 40_000)
        gone = np.sort(came + chance.sample_duration("invoice lag", np.arange(len(came)), lognormal(median, sigma, MINUTE)))
        at = np.arange(12 * HOUR, came[-1], 3 * HOUR)
        inside = np.searchsorted(came, at, side="right") - np.searchsorted(gone, at, side="right")
        means.append(inside.mean())
        dispersions.append(inside.var(ddof=1) / inside.mean())

    agrees(means, theory, 0.01, 0.003)
    agrees(dispersions, 1.0, 0.1, 0.03)


# Calendars


def with_breaks(run, people, steps):
    """When the work on each order began, by a team with the same steps each day."""
    return served(run.came, run.service, Roster(lambda _: steps(people)))


def two_shifts_with_a_break(people):
    return (6 * HOUR, people), (11 * HOUR, 0), (11 * HOUR + 30 * MINUTE, people), (20 * HOUR, 0)


def test_with_spare_people_an_order_waits_only_for_the_next_opening():
    """An order that arrives in a closed time of length B waits B/2 on average, and arrives in it with probability B/day."""
    found = []
    for number in range(RUNS):
        run = Run(21, number, 1.5 / MINUTE, 20_000 * LONGER, exponential(SERVICE, 1), DAY)
        wait = with_breaks(run, 100_000, two_shifts_with_a_break) - run.came
        found.append((wait[run.counted].mean(), (wait[run.counted] > 0).mean(), run.controls[0]))

    waits, shares, control = np.array(found).T
    closed = np.array([10 * HOUR, HOUR // 2])
    agrees(waits, (closed**2 / 2).sum() / DAY, 0.02, 0.01, [control])
    agrees(shares, closed.sum() / DAY, 0.02, 0.005, [control])


def test_people_are_as_busy_as_the_work_that_comes_divided_by_their_hours():
    """Work is conserved whatever the calendar: utilisation is offered load over staffed time, with what is finished after a shift apart."""
    people, load_ = 6, 0.7
    hours = 13.5
    found = []
    for number in range(RUNS):
        run = Run(22, number, people * load_ * hours / 24 / SERVICE, 20_000 * LONGER, exponential(SERVICE, 1), DAY)
        begun = with_breaks(run, people, two_shifts_with_a_break)
        roster, work = Roster(lambda _: two_shifts_with_a_break(people)), np.stack([begun, begun + run.service])
        busy, overtime = busy_and_overtime(np.clip(work, run.starts, run.ends), roster)
        staffed = np.diff(roster.person_ms(np.array([run.starts, run.ends])))[0]
        assert busy <= staffed
        assert roster.people_at(begun).min() == people
        found.append(((busy + overtime) / staffed, *run.controls))

    values, *controls = np.array(found).T
    agrees(values, load_, 0.02, 0.005, controls)


# Outages


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
        chance = RandomStreams(24, number)
        came = poisson(chance, 3.0 / HOUR, 40_000 * LONGER)
        outages = random_outages(chance, "Ajio", days, hours, int(came[-1]) + 1)
        wait = up_from(outages, came) - came
        waits.append(wait.mean())
        met.append((wait > 0).mean())

    share = hours / (days * 24 + hours)
    agrees(met, share, 0.06, 0.02)
    agrees(waits, share * hours * HOUR, 0.1, 0.03)


# Arrivals and chance


def upper(freedom, deviations=3.09):
    """The 99.9 % quantile of chi-square (Wilson and Hilferty)."""
    return freedom * (1 - 2 / (9 * freedom) + deviations * math.sqrt(2 / (9 * freedom))) ** 3


def test_the_quantile_of_chi_square():
    assert upper(24) == pytest.approx(51.179, rel=3e-3)


def test_orders_of_every_hour_of_sale_days_are_poisson_with_the_rate_of_that_hour():
    experiment = load("sale_days", ["ajio.orders_per_day=2000"])
    expected = np.array(expected_by_hour(experiment.ajio, experiment.run.days))
    by_hand = _orders_of_each_hour(experiment)
    runs = 200 * LONGER
    counts = np.array(
        [
            np.bincount(arrivals(experiment.ajio, experiment.run.days, RandomStreams(17, run)) // HOUR, minlength=len(expected))
            for run in range(runs)
        ]
    )
    assert expected == pytest.approx(by_hand)
    fit = ((counts.sum(axis=0) - runs * expected) ** 2 / (runs * expected)).sum()
    spread = ((counts - expected) ** 2 / expected).sum()

    assert fit < upper(len(expected))
    assert 2 * counts.size - upper(counts.size) < spread < upper(counts.size)
    assert spread / counts.size == pytest.approx(1, abs=0.03)
    neighbours = np.corrcoef(counts[:, 80], counts[:, 81])[0, 1]
    assert abs(neighbours) < 3.29 / math.sqrt(runs)


def _orders_of_each_hour(experiment):
    """The integral of the rate over each hour, from the settings alone."""
    ajio, hours = experiment.ajio, np.array(experiment.ajio.hourly_weights)
    days = []
    for day in range(experiment.run.days):
        orders, shape = ajio.orders_per_day * ajio.weekday_weights[day % 7], hours / hours.sum()
        if day in ajio.sale_days:
            orders *= ajio.sale_factor if day - 1 not in ajio.sale_days else 1 + (ajio.sale_factor - 1) * ajio.sale_decay
            if day - 1 not in ajio.sale_days:
                first = ajio.sale_first_hour_share
                shape = np.append(first, hours[1:] / hours[1:].sum() * (1 - first))
        days.append(orders * shape)
    return np.concatenate(days)


def test_within_an_hour_orders_come_at_any_time_alike():
    ajio = Ajio(orders_per_day=50_000, hourly_weights=(1.0, 7.0) * 12)
    counts = np.bincount(arrivals(ajio, 4, RandomStreams(18, 0)) % HOUR // MINUTE, minlength=60)

    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < upper(59)


def test_streams_are_uniform_and_know_nothing_of_each_other():
    index, names = np.arange(100_000), ("arrival", "units", "customer", "SELLER", "packing", "picking")
    bytes_, shares = [], []
    for replication in range(2):
        for name in names:
            bits = RandomStreams(19, replication).random_bits(name, index)
            shares.append((bits >> np.uint64(11)).astype(float) / 2**53)
            bytes_ += [np.bincount((bits >> np.uint64(shift) & np.uint64(255)).astype(int), minlength=256) for shift in (56, 40, 20)]
    mean = len(index) / 256
    uneven = [((counts - mean) ** 2 / mean).sum() for counts in bytes_]
    between = np.corrcoef(shares)
    following = [np.corrcoef(share[1:], share[:-1])[0, 1] for share in shares]

    assert max(uneven) < upper(255, deviations=4.2)
    assert np.abs(between[~np.eye(len(shares), dtype=bool)]).max() < 4.2 / math.sqrt(len(index))
    assert np.abs(following).max() < 4.2 / math.sqrt(len(index))


def test_tables_have_the_moments_of_their_distributions():
    """Between its points a table is a straight line, so its moments are sums; what is cut off the ends must not show."""
    for table, first, second in (
        (exponential(1.0, 10**9), 1.0, 2.0),
        (lognormal(1.0, 0.5, 10**9), math.exp(0.125), math.exp(0.5)),
        (lognormal(1.0, 0.8, 10**9), math.exp(0.32), math.exp(1.28)),
    ):
        low, high = table[:-1] / 1e9, table[1:] / 1e9
        assert ((low + high) / 2).mean() == pytest.approx(first, rel=3e-4)
        assert ((low**2 + low * high + high**2) / 3).mean() == pytest.approx(second, rel=5e-3)

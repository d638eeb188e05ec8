"""Queues of the simulator against the theory of queues."""

import math
from array import array

import numpy as np
import pytest
from simpy import Environment

from orders.log.calendar import HOUR, MINUTE, NEVER, TICK
from orders.log.columns import Event
from orders.log.order_times import OrderTimes
from simulator.analysis.occupancy import Occupancy
from simulator.experiment.experiment import load
from simulator.model.draws.order_draws import RequestKind, draw_orders
from simulator.model.draws.random_streams import RandomStreams, exponential, lognormal
from simulator.model.oms import Assure
from simulator.model.order_states import OrderStates
from simulator.model.warehouse import Warehouse
from simulator.study.simulate import simulate
from tests.support.queue_theory import LONGER, RUNS, SERVICE, Run, agrees, poisson, served

pytestmark = pytest.mark.slow


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


@pytest.fixture(scope="module")
def busy():
    """Six packers at 85 %, exponential work: of each run the share that waits, the mean wait, the utilisation; and what is known."""
    people, load_ = 6, 0.85
    actual = []
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
        actual.append(((wait[run.counted] > 0).mean(), wait[run.counted].mean(), rho, *run.controls))
    return np.array(actual).T


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
    actual = []
    for number in range(RUNS):
        run = Run(12, number, load_ / SERVICE, 12_000 * LONGER, table)
        actual.append(((served(run.came, run.service, 1) - run.came)[run.counted].mean(), *run.controls))

    values, *controls = np.array(actual).T
    agrees(values, load_ * SERVICE * second / (2 * (1 - load_)), 0.05, 0.02, controls if kind == "log-normal" else controls[:1])


@pytest.mark.parametrize(("load_", "tolerance", "nightly"), [(0.85, 0.05, 0.02), (1.15, 0.025, 0.01)])
def test_who_waits_too_long_is_lost_as_erlang_a_says(load_, tolerance, nightly):
    people, patience = 4, 3.0
    actual = []
    for number in range(RUNS):
        run = Run(13, number, people * load_ / SERVICE, 10_000 * LONGER, exponential(SERVICE, 1))
        lost = served(run.came, run.service, people, run.leaving(patience)) == NEVER
        actual.append((lost[run.counted].mean(), *run.controls))

    values, *controls = np.array(actual).T
    agrees(values, share_lost(people, people * load_, patience, also_at_work=False), tolerance, nightly, controls)


def test_sellers_cancel_in_the_queue_and_at_the_table_as_a_birth_and_death_chain_says():
    """Through the OMS, the engine's answers and the warehouse: a cancelled order frees the packer who works on it."""
    people, load_, patience = 4, 1.0, 20.0
    experiment = load("ordinary_week_rms", [f"wms.packers={people}", "wms.shift_starts_at_hour=0", "wms.shift_ends_at_hour=24"])
    actual = []
    for number in range(RUNS):
        run = Run(14, number, people * load_ / SERVICE, 5_000 * LONGER, exponential(SERVICE, 1))
        actual.append((_cancelled(experiment, run, run.leaving(patience) + RequestKind.SELLER)[run.counted].mean(), *run.controls))

    values, *controls = np.array(actual).T
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
    without_cancellations, with_cancellations = (
        load("ordinary_week_erp", [*plenty, f"oms.seller_cancellation_share={part}"]) for part in (0.0, share)
    )
    shares = []
    for number in range(12 * LONGER):
        alone, asked = (OrderTimes(simulate(experiment, number)) for experiment in (without_cancellations, with_cancellations))
        packed = alone.at(Event.PACKED)
        ask = np.full(len(packed), NEVER)
        for order, wishes in draw_orders(with_cancellations, number).requests.items():
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
        streams = RandomStreams(16, run)
        came = poisson(streams, rate, 40_000)
        gone = np.sort(came + streams.sample_duration("invoice lag", np.arange(len(came)), lognormal(median, sigma, MINUTE)))
        at = np.arange(12 * HOUR, came[-1], 3 * HOUR)
        inside = np.searchsorted(came, at, side="right") - np.searchsorted(gone, at, side="right")
        means.append(inside.mean())
        dispersions.append(inside.var(ddof=1) / inside.mean())

    agrees(means, theory, 0.01, 0.003)
    agrees(dispersions, 1.0, 0.1, 0.03)

"""Laws of queues, arrivals and random draws that the simulator must follow."""

import hashlib
import math
from itertools import pairwise

import numpy as np
import pytest
from simpy import Environment

from orders.log.calendar import DAY, HOUR, MINUTE, Daily, Outages
from orders.log.columns import Event
from simulator.analysis.intervals import half_width
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.experiment import load
from simulator.experiment.roster import Roster
from simulator.model.draws.order_draws import draw_orders
from simulator.model.draws.random_streams import TABLE_STEPS, RandomStreams, exponential, lognormal
from simulator.model.worker_pool import WorkerPool
from simulator.study.simulate import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")


@pytest.mark.slow
def test_one_pool_with_exponential_work_waits_as_erlang_says():
    """M/M/6 at 85 %: the packers alone, through the pool; theory inside 99.9 % and the half-width below 12 %."""
    servers, load_, mean_service = 6, 0.85, 240_000
    waits = []
    for number in range(12):
        streams = RandomStreams(3, number)
        index = np.arange(30_000, dtype=np.int64)
        arrivals = np.cumsum(streams.sample("gap", index, exponential(mean_service / servers / load_, 1))).tolist()
        service = streams.sample("service", index, exponential(mean_service, 1)).tolist()
        env, begun = Environment(), {}

        def begin(order, env=env, begun=begun, service=service):
            begun[order] = env.now
            return int(env.now) + service[order]

        pool = WorkerPool(env, Roster.always(servers), begin, lambda _: None)
        for order, at in enumerate(arrivals):
            env.timeout(at, order).callbacks.append(lambda event, pool=pool, env=env: pool.enqueue(event.value, int(env.now)))
        env.run()
        late = range(3_000, 30_000)
        waits.append(sum(begun[order] - arrivals[order] for order in late) / len(late))
    offered = servers * load_
    top = offered**servers / math.factorial(servers) / (1 - load_)
    waiting = top / (sum(offered**k / math.factorial(k) for k in range(servers)) + top)
    theory = waiting * mean_service / (servers * (1 - load_))

    half = half_width(waits, 0.999)
    assert abs(np.mean(waits) - theory) < half
    assert half < 0.12 * theory


def test_littles_law_holds_of_the_whole_system():
    log = simulate(load("ordinary_week_erp", [*SMALL, "ajio.orders_per_day=1000"]))
    start = dict(zip(*(log.where(Event.RELEASED).columns[name].tolist() for name in ("order", "time_ms")), strict=True))
    end = dict(zip(*(log.where(Event.PACKED).columns[name].tolist() for name in ("order", "time_ms")), strict=True))
    stays = [(start[order], end[order]) for order in end]
    changes = sorted([(at, 1) for at, _ in stays] + [(at, -1) for _, at in stays])
    area, inside = 0, 0
    for (at, change), (then, _) in pairwise(changes):
        inside += change
        area += inside * (then - at)

    assert area == sum(b - a for a, b in stays)


def test_arrivals_follow_the_rate_of_their_hour():
    experiment = load("sale_days", ["ajio.orders_per_day=3000"])
    expected = expected_by_hour(experiment.ajio, experiment.run.days)
    actual = np.bincount([at // HOUR for at in draw_orders(experiment, 0).created], minlength=len(expected))
    chi2 = sum((n - e) ** 2 / e for n, e in zip(actual, expected, strict=True))

    assert abs(chi2 - len(expected)) < 3.3 * math.sqrt(2 * len(expected))
    assert sum(expected[72:96]) == pytest.approx(12_000)
    assert expected[72] == pytest.approx(0.15 * 12_000)


def test_tables_have_the_mean_and_the_median_they_are_named_for():
    bits = RandomStreams(1, 0)
    index = np.arange(400_000, dtype=np.int64)

    assert bits.sample("x", index, exponential(1000.0, 1000)).mean() == pytest.approx(1e6, rel=0.005)
    assert np.median(bits.sample("y", index, lognormal(1000.0, 0.5, 1000))) == pytest.approx(1e6, rel=0.005)
    assert len(exponential(1.0, 1)) == TABLE_STEPS + 1


def test_a_stream_is_splitmix_of_its_name():
    key = int.from_bytes(hashlib.sha256(b"5/2/x").digest()[:8], "little")
    z = (key + 8 * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64

    assert int(RandomStreams(5, 2).random_bits("x", np.array([7]))[0]) == z ^ z >> 31


def test_clocks():
    assert Daily.at((12.0, 20.0)).after(12 * HOUR) == 20 * HOUR
    assert Daily.at((12.0, 20.0)).after(21 * HOUR) == DAY + 12 * HOUR
    outage = Outages.of((1.0,), 2.0)
    assert outage.working(HOUR - 1, 15 * MINUTE) == 3 * HOUR

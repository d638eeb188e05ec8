"""Compare one pipeline in four simulators: orders arrive, wait for an e-invoice, 4 people pick, 6 pack, all 85 % busy.

Run as ``python benchmarks/simulate_peers.py`` in an environment that also has Ciw and salabim (`pip install ciw salabim`; make a
new one, for Ciw installs a package called `tests`). All get the same arrivals, waits and work from `simulator.model.draws.random_streams`, made
beforehand, and give of every order the time at which it was packed. The mean flow times must be equal to the last microsecond
before anything is timed. Then every round runs each of them once, in a process of its own and in turn; processor time from an
empty model to the last order counts, and the ratios are taken within rounds.
"""

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1])]

import numpy as np  # noqa: E402 (found only now)
import simpy  # noqa: E402

from orders.log.arrays import IntArray  # noqa: E402
from simulator.experiment.roster import Roster  # noqa: E402
from simulator.model.draws.random_streams import RandomStreams, exponential, lognormal  # noqa: E402
from simulator.model.worker_pool import WorkerPool  # noqa: E402

PICKERS, PACKERS, BUSY = 4, 6, 0.85
MEAN_PICK = 60_000_000
"""Ticks are microseconds, so that no two orders come to a queue at once and all simulators have the same order of events."""


@dataclass(frozen=True)
class Draws:
    """Random draws, by order: gaps between arrivals, waits, picking, packing; whole microseconds."""

    gap: IntArray
    wait: IntArray
    pick: IntArray
    pack: IntArray


def draws(orders: int) -> Draws:
    """Return the random draws, the same for every simulator."""
    streams, index = RandomStreams(1, 0), np.arange(orders, dtype=np.int64)
    rate = BUSY * PICKERS / MEAN_PICK
    return Draws(
        gap=streams.sample("arrival", index, exponential(1 / rate, 1)),
        wait=streams.sample("invoice lag", index, lognormal(480_000_000, 0.8, 1)),
        pick=streams.sample("picking", index, exponential(MEAN_PICK, 1)),
        pack=streams.sample("packing", index, exponential(MEAN_PICK * PACKERS / PICKERS, 1)),
    )


def ours(order_draws: Draws) -> tuple[IntArray, IntArray]:
    """Run the pipeline as `simulator.model.warehouse` does: arrays, and the calendar only for work by people."""
    came = np.cumsum(order_draws.gap)
    ready = came + order_draws.wait
    turn = np.argsort(ready, kind="stable").tolist()
    ready_at, pick, pack = ready.tolist(), order_draws.pick.tolist(), order_draws.pack.tolist()
    count = len(turn)
    picking, picked, packing, packed = ([0] * count for _ in range(4))
    env = simpy.Environment()

    def begin_picking(order: int) -> int:
        picking[order] = now = int(env.now)
        picked[order] = finished = now + pick[order]
        return finished

    def begin_packing(order: int) -> int:
        packing[order] = now = int(env.now)
        packed[order] = finished = now + pack[order]
        return finished

    packers = WorkerPool(env, Roster.always(PACKERS), begin_packing, lambda _: None)
    pickers = WorkerPool(env, Roster.always(PICKERS), begin_picking, lambda order: packers.enqueue(order, int(env.now)))
    place = 0

    def enter(_: simpy.Event) -> None:
        nonlocal place
        order = turn[place]
        pickers.enqueue(order, ready_at[order])
        place += 1
        if place < count:
            env.timeout(ready_at[turn[place]] - ready_at[order]).callbacks.append(enter)

    env.timeout(ready_at[turn[0]]).callbacks.append(enter)
    gc.disable()
    env.run()
    gc.enable()
    return came, np.array(packed)


def naive(order_draws: Draws) -> tuple[IntArray, IntArray]:
    """Run the pipeline in SimPy as in its documentation: a process for each order, resources, a row for each event."""
    env = simpy.Environment()
    pickers, packers = simpy.Resource(env, PICKERS), simpy.Resource(env, PACKERS)
    rows: list[dict[str, object]] = []

    def record(order: int, event: str) -> None:
        rows.append({"time": env.now, "order": order, "event": event})

    def order_process(order: int, wait: int, pick: int, pack: int) -> simpy.events.ProcessGenerator:
        record(order, "created")
        yield env.timeout(wait)
        record(order, "released")
        with pickers.request() as turn:
            yield turn
            record(order, "pick started")
            yield env.timeout(pick)
            record(order, "picked")
        with packers.request() as turn:
            yield turn
            record(order, "pack started")
            yield env.timeout(pack)
            record(order, "packed")

    def source() -> simpy.events.ProcessGenerator:
        columns = (order_draws.gap.tolist(), order_draws.wait.tolist(), order_draws.pick.tolist(), order_draws.pack.tolist())
        for order, (gap, *times) in enumerate(zip(*columns, strict=True)):
            yield env.timeout(gap)
            env.process(order_process(order, *times))

    env.process(source())
    env.run()
    return _from_rows(rows, len(order_draws.gap))


def _from_rows(rows: Sequence[dict[str, object]], count: int) -> tuple[IntArray, IntArray]:
    came, packed = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for row in rows:
        if row["event"] == "created":
            came[row["order"]] = row["time"]
        elif row["event"] == "packed":
            packed[row["order"]] = row["time"]
    return came, packed


def with_ciw(order_draws: Draws) -> tuple[IntArray, IntArray]:
    """Run the pipeline in Ciw: a network of three nodes, the first with enough servers for all orders; its own records."""
    import ciw  # noqa: PLC0415 (only here, so that the others are not slowed by it)

    class OfItsOrder(ciw.dists.Distribution):  # type: ignore[misc]
        def __init__(self, values: IntArray) -> None:
            self.values = values.tolist()

        def sample(self, t: float | None = None, ind: ciw.Individual = None) -> int:  # noqa: ARG002 (Ciw's signature)
            return int(self.values[ind.id_number - 1])

    count = len(order_draws.gap)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*order_draws.gap.tolist(), float("inf")]), None, None],
        service_distributions=[OfItsOrder(order_draws.wait), OfItsOrder(order_draws.pick), OfItsOrder(order_draws.pack)],
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        number_of_servers=[float("inf"), PICKERS, PACKERS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(count, method="Complete")
    came, packed = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for record in simulation.get_all_records():
        if record.node == 1:
            came[record.id_number - 1] = record.arrival_date
        elif record.node == 3:  # noqa: PLR2004 (the packers)
            packed[record.id_number - 1] = record.exit_date
    return came, packed


def with_salabim(order_draws: Draws) -> tuple[IntArray, IntArray]:
    """Run the pipeline in salabim in its faster style (`yield`), without statistics."""
    import salabim  # noqa: PLC0415

    salabim.yieldless(False)  # noqa: FBT003 (its only argument)
    count = len(order_draws.gap)
    came, packed = [0] * count, [0] * count
    wait, pick, pack = order_draws.wait.tolist(), order_draws.pick.tolist(), order_draws.pack.tolist()
    env = salabim.Environment(trace=False)
    pickers, packers = (
        salabim.Resource(name, capacity=people, monitor=False) for name, people in (("pickers", PICKERS), ("packers", PACKERS))
    )

    class OrderProcess(salabim.Component):  # type: ignore[misc]
        def setup(self, order: int) -> None:
            self.order = order

        def process(self):  # type: ignore[no-untyped-def]
            order = self.order
            came[order] = env.now()
            yield self.hold(wait[order])
            yield self.request(pickers)
            yield self.hold(pick[order])
            self.release(pickers)
            yield self.request(packers)
            yield self.hold(pack[order])
            self.release(packers)
            packed[order] = env.now()

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self):  # type: ignore[no-untyped-def]
            for order, gap in enumerate(order_draws.gap.tolist()):
                yield self.hold(gap)
                OrderProcess(order=order, name="")

    Source()
    env.run()
    return np.array(came), np.array(packed)


CONTENDERS: dict[str, tuple[Callable[[Draws], tuple[IntArray, IntArray]], str, float]] = {
    "ours": (ours, "simpy", 1),
    "naive SimPy": (naive, "simpy", 4),
    "Ciw": (with_ciw, "ciw", 5),
    "salabim": (with_salabim, "salabim", 20),
}
"""By simulator: its function, its package, and the goal for the ratio of its time to ours."""


def run_here(name: str, orders: int) -> dict[str, float]:
    """Run a contender in this process; return seconds of processor time, and the mean flow time."""
    order_draws = draws(orders)
    if name == "Ciw":
        import ciw  # noqa: F401, PLC0415 (importing is not timed)
    elif name == "salabim":
        import salabim  # noqa: F401, PLC0415
    start = process_time()
    came, packed = CONTENDERS[name][0](order_draws)
    seconds = process_time() - start
    return {"seconds": seconds, "flow": float((np.asarray(packed, dtype=np.int64) - np.asarray(came, dtype=np.int64)).mean())}


def run_there(name: str, orders: int) -> dict[str, float]:
    """Run a contender in a new process."""
    command = [sys.executable, __file__, "--contender", name, "--orders", str(orders)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; return 1 if the mean flow times differ or a goal is missed."""
    options = argparse.ArgumentParser(description="Orders a second, beside other simulators.")
    options.add_argument("--orders", type=int, default=30_000, help="orders of each run (default: %(default)s)")
    options.add_argument("--rounds", type=int, default=5, help="turns of each (default: %(default)s)")
    options.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    chosen = options.parse_args(argv)
    if chosen.contender:
        print(json.dumps(run_here(chosen.contender, chosen.orders)))
        return 0
    flows = {name: run_there(name, chosen.orders)["flow"] for name in CONTENDERS}
    if len(set(flows.values())) > 1:
        print(f"the mean flow times differ, microseconds: {flows}")
        return 1
    print(f"{chosen.orders:,} orders, mean flow time {flows['ours'] / 6e7:.6f} minutes in each")
    rounds = [{name: run_there(name, chosen.orders)["seconds"] for name in CONTENDERS} for _ in range(chosen.rounds)]
    good = True
    for name, (_, package, goal) in CONTENDERS.items():
        ratios = sorted(seconds_by_name[name] / seconds_by_name["ours"] for seconds_by_name in rounds)
        good &= median(ratios) >= goal
        seconds = median(seconds_by_name[name] for seconds_by_name in rounds)
        print(
            f"{name + ' (' + package + ' ' + version(package) + ')':<30} {chosen.orders / seconds:>9,.0f} orders/s   "
            f"{median(ratios):>6.2f} times our time ({ratios[0]:.2f} to {ratios[-1]:.2f}), goal {goal:g}"
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""Measure orders a second: the simulator against the same model in plain SimPy processes, and with a year's orders.

Run as ``python benchmarks/simulate.py``. Both get the same orders and must first give the same log. Then they take turns,
so that a busy moment affects both, and the medians of processor time are printed with their ratio: once for moving the
orders, and once for everything from the seed to the log. The share of SimPy's own rate (timeouts only) that both models reach is
printed too.

``--million`` writes the log of 100,000 and of 1,000,000 orders as Parquet, each in a process of its own, and prints time and peak
memory. ``--workers`` runs 24 replications in one process and in two, by wall time.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

sys.path[:0] = [str(Path(__file__).parents[1])]

from simpy import Environment  # noqa: E402 (found only now)

from orders.log.export.tables import write_log_parquet  # noqa: E402
from simulator.experiment.experiment import Experiment, load  # noqa: E402
from simulator.model.draws.order_draws import OrderDraws, draw_orders  # noqa: E402
from simulator.study.identities import Identities  # noqa: E402
from simulator.study.log_files import provenance_of  # noqa: E402
from simulator.study.process_pool import replications  # noqa: E402
from simulator.study.simulate import record_replication, run_processes, simulate  # noqa: E402
from tests.support.naive_simulation import World, naive_log  # noqa: E402

TIMEOUTS = 300_000
SIZES = (100_000, 1_000_000)
MOST_MEGABYTES, MOST_TIMES, LEAST_RATIO = 650, 15, 8
WORKERS = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; return 1 if the logs differ or a goal is missed."""
    options = argparse.ArgumentParser(description="Orders a second, lean and naive.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    options.add_argument("--experiment", default="ordinary_week_erp", help="which one (default: %(default)s)")
    options.add_argument("--set", dest="changes", action="append", default=[], metavar="KEY=VALUE", help="change a setting")
    options.add_argument("--million", action="store_true", help="instead, write a million orders to Parquet")
    options.add_argument("--workers", action="store_true", help="instead, compare two workers with one")
    options.add_argument("--orders", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args(argv)
    experiment = load(chosen.experiment, chosen.changes)
    if chosen.orders:
        print(json.dumps(to_parquet(scaled(experiment, chosen.orders))))
        return 0
    if chosen.million:
        return million(chosen.experiment, chosen.changes)
    if chosen.workers:
        return workers(experiment, chosen.rounds)
    if simulate(experiment).digest() != naive_log(experiment).digest():
        print("the two give different logs")
        return 1
    draws = draw_orders(experiment, 0)
    orders = len(draws.created)
    print(f"{experiment.name}: {orders:,} orders, {len(simulate(experiment)):,} rows, the same log from both")
    moving = compare(
        "moving the orders", partial(run_processes, experiment, draws), partial(naive_move, experiment, draws), orders, chosen.rounds
    )
    whole = compare("from seed to log", partial(simulate, experiment), partial(naive_log, experiment), orders, chosen.rounds)
    share_of_simpy(experiment, chosen.rounds)
    return 0 if min(moving, whole) >= LEAST_RATIO else 1


def compare(title: str, lean: Callable[[], object], naive: Callable[[], object], orders: int, rounds: int) -> float:
    """Print orders a second of both models, and their ratio."""
    taken: dict[Callable[[], object], list[float]] = {lean: [], naive: []}
    for _ in range(rounds):
        for contender, seconds in taken.items():
            seconds.append(seconds_of(contender))
    lean_s, naive_s = median(taken[lean]), median(taken[naive])
    print(f"{title:<20} lean {orders / lean_s:>9,.0f}/s   naive {orders / naive_s:>9,.0f}/s   ratio {naive_s / lean_s:.2f}")
    return naive_s / lean_s


def share_of_simpy(experiment: Experiment, rounds: int) -> None:
    """Print the events a second of SimPy's calendar alone, for the simulator and for the naive model."""
    draws = draw_orders(experiment, 0)
    events = {"lean": counted(partial(run_processes, experiment, draws)), "naive": counted(partial(naive_move, experiment, draws))}
    rates: dict[str, list[float]] = {"bare": [], "lean": [], "naive": []}
    for _ in range(rounds):
        rates["bare"].append(TIMEOUTS / seconds_of(timeouts))
        rates["lean"].append(events["lean"] / seconds_of(partial(run_processes, experiment, draws)))
        rates["naive"].append(events["naive"] / seconds_of(partial(naive_move, experiment, draws)))
    bare, lean, naive = (median(rates[contender]) for contender in ("bare", "lean", "naive"))
    orders = len(draws.created)
    print(f"SimPy, bare timeouts {bare:>9,.0f} events/s")
    print(f"lean                 {lean:>9,.0f} events/s, {lean / bare:.0%} of that, {events['lean'] / orders:.1f} events an order")
    print(f"naive                {naive:>9,.0f} events/s, {naive / bare:.0%} of that, {events['naive'] / orders:.1f} events an order")
    print(
        f"orders a second      {lean / events['lean'] / (bare / events['naive']):.0%} of what SimPy could do if the naive model's events cost nothing but their place in the calendar"
    )


def naive_move(experiment: Experiment, draws: OrderDraws) -> None:
    """Run the naive model, as `run_processes` runs the simulator's."""
    World(experiment, draws).env.run()


def timeouts() -> None:
    """Run one process with timeouts only."""
    env = Environment()

    def wait() -> object:
        for _ in range(TIMEOUTS):
            yield env.timeout(1)

    env.process(wait())  # type: ignore[arg-type]
    env.run()


def counted(run: Callable[[], object]) -> int:
    """Count the events that SimPy processes in *run*."""
    step, count = Environment.step, 0

    def counting(env: Environment) -> None:
        nonlocal count
        count += 1
        step(env)

    Environment.step = counting  # type: ignore[method-assign,assignment]
    try:
        run()
    finally:
        Environment.step = step  # type: ignore[method-assign]
    return count


def seconds_of(run: Callable[[], object]) -> float:
    """Measure the processor time of a call."""
    start = process_time()
    run()
    return process_time() - start


def scaled(experiment: Experiment, orders: int) -> Experiment:
    """Return the experiment with about so many orders, and people and posts in proportion."""
    times = orders / (experiment.ajio.orders_per_day * experiment.run.days)
    wms, erp = experiment.wms, experiment.erp
    return replace(
        experiment,
        ajio=replace(experiment.ajio, orders_per_day=experiment.ajio.orders_per_day * times),
        wms=replace(wms, **{people: max(1, round(getattr(wms, people) * times)) for people in ("pickers", "packers", "checkers")}),
        erp=replace(erp, posts_per_interval=max(1, round(erp.posts_per_interval * times)), clerks=max(1, round(erp.clerks * times))),
    )


def to_parquet(experiment: Experiment) -> dict[str, float]:
    """Write the log; return orders, rows, and seconds and megabytes of this process."""
    import resource  # noqa: PLC0415 (POSIX only)

    orders = len(draw_orders(experiment, 0).created)
    start = process_time()
    recorded_log = record_replication(experiment)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log.parquet"
        write_log_parquet(map(Identities(experiment.run.seed, 0).with_ids, recorded_log.by_time()), provenance_of(experiment, 0), file)
        size = file.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform.startswith("linux") else 1024**2)
    return {"orders": orders, "rows": len(recorded_log), "seconds": process_time() - start, "peak": peak, "file": size / 1024**2}


def million(name: str, changes: Sequence[str]) -> int:
    """Measure both sizes, each in a fresh process."""
    figures = []
    for size in SIZES:
        command = [sys.executable, __file__, "--experiment", name, "--orders", str(size), *(f"--set={change}" for change in changes)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout)
        figures.append(row)
        print(
            f"{row['orders']:>9,} orders, {row['rows']:>11,} rows: {row['seconds']:6.1f} s of processor time, "
            f"peak {row['peak']:4.0f} MB, file {row['file']:.0f} MB"
        )
    small, large = figures
    times = large["seconds"] / small["seconds"]
    print(f"{times:.1f} times the time for ten times the orders (goal: under {MOST_TIMES}); goal for the peak: under {MOST_MEGABYTES} MB")
    return 0 if times < MOST_TIMES and large["peak"] <= MOST_MEGABYTES else 1


def workers(experiment: Experiment, rounds: int) -> int:
    """Time 24 replications in one process and in two, in turns, with the start of the processes."""
    many = replace(experiment, run=replace(experiment.run, replications=24))
    taken: dict[int, list[float]] = {1: [], WORKERS: []}
    digests = set()
    for _ in range(rounds):
        for count, seconds in taken.items():
            start = perf_counter()
            digests.add(tuple(result.digest for result in replications(many, workers=count)))
            seconds.append(perf_counter() - start)
    one_worker, two_workers = (median(seconds) for seconds in taken.values())
    print(
        f"one worker {one_worker:.2f} s, {WORKERS} workers {two_workers:.2f} s: {one_worker / two_workers:.2f} times as fast, {'the same' if len(digests) == 1 else 'OTHER'} logs"
    )
    return 0 if len(digests) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())

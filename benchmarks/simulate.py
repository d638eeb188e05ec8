"""Orders a second: the simulator beside the same model in plain SimPy processes.

Run as ``python benchmarks/simulate.py``. Both are given the same orders and must first give the same log. Then they take
turns, so that a busy moment hits both, and the medians of processor time are printed with their ratio: once for moving the
orders, and once for the whole way from the seed to the log.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1])]

from simulator.experiment import load  # noqa: E402 (found only now)
from simulator.fate import draw  # noqa: E402
from simulator.week import move, simulate  # noqa: E402
from tests.naive_simulation import World, naive_log  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; 1 when the logs differ."""
    options = argparse.ArgumentParser(description="Orders a second, lean and naive.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    options.add_argument("--experiment", default="ordinary_week_erp", help="which one (default: %(default)s)")
    options.add_argument("--set", dest="changes", action="append", default=[], metavar="KEY=VALUE", help="change a setting")
    chosen = options.parse_args(argv)
    experiment = load(chosen.experiment, chosen.changes)
    fates = draw(experiment, 0)
    if simulate(experiment).digest() != naive_log(experiment).digest():
        print("the two give different logs")
        return 1
    print(f"{experiment.name}: {len(fates.created):,} orders, {len(simulate(experiment)):,} rows, the same log from both")
    orders = len(fates.created)
    compare("moving the orders", partial(move, experiment, fates), lambda: World(experiment, fates).env.run(), orders, chosen.rounds)  # noqa: PLW0108 (a new world each time)
    compare("from seed to log", partial(simulate, experiment), partial(naive_log, experiment), orders, chosen.rounds)
    return 0


def compare(title: str, lean: Callable[[], object], naive: Callable[[], object], orders: int, rounds: int) -> None:
    """A line with orders a second of both, and how many times as fast the first is."""
    taken: dict[Callable[[], object], list[float]] = {lean: [], naive: []}
    for _ in range(rounds):
        for contender, seconds in taken.items():
            start = process_time()
            contender()
            seconds.append(process_time() - start)
    ours, theirs = median(taken[lean]), median(taken[naive])
    print(f"{title:<20} lean {orders / ours:>9,.0f}/s   naive {orders / theirs:>9,.0f}/s   ratio {theirs / ours:.2f}")


if __name__ == "__main__":
    sys.exit(main())

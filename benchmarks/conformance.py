"""Check a million simulated orders in two ways: all checks of their logs, and a replay on the engine's own orders.

Run as ``python benchmarks/conformance.py``. Replications of every shipped experiment, each variant in turn, until there are
enough orders. Of each replication: every check of `simulator.analysis.checks`; then every order is replayed through
`sop_engine.order.Order`, which must take each step and come to the same stage, e-invoice, answer and duty; and the VMS report of
every single day must list the orders cancelled after posting on that day and no others. The counts are printed.

Exit status: 0 all equal; 1 anything differs.
"""

import argparse
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from orders.log.columns import COLUMNS, NONE, Event  # noqa: E402 (found only now)
from orders.log.event_log import Log  # noqa: E402
from simulator.analysis.checks import check  # noqa: E402
from simulator.experiment.experiment import Experiment, load, shipped_experiments  # noqa: E402
from simulator.study.simulate import simulate  # noqa: E402
from sop_engine.errors import SopError  # noqa: E402
from sop_engine.order import LATE_E_INVOICE  # noqa: E402
from tests.support.replay import DiffersError, lives, replay, report_of_each_day  # noqa: E402

Counts = Counter[str]


def jobs() -> Iterator[tuple[str, Experiment, int]]:
    """Yield replications without end: every variant of every experiment, then all of them again with other random draws."""
    pairs: list[tuple[str, Experiment]] = []
    for name in shipped_experiments():
        experiment = load(name)
        variants = [(f"{name}, {variation.name}", variant) for variation, variant in experiment.variants]
        pairs += variants or [(name, experiment)]
    for number in count():
        yield from ((name, experiment, number) for name, experiment in pairs)


def judge(job: tuple[str, Experiment, int]) -> tuple[str, Counts]:
    """Count the items of a replication; violations are under `wrong: `."""
    name, experiment, number = job
    start = process_time()
    log = simulate(experiment, number)
    simulated = process_time()
    checks = check([log], experiment)
    checked = process_time()
    counts = Counter({f"wrong: {result.name}": 1 for result in checks if not result.holds})
    counts |= Counter({f"check: {result.name}": 1 for result in checks if result.holds})
    orders = []
    for life in lives(log):
        try:
            orders.append(replay(life))
        except (DiffersError, SopError) as error:
            counts[f"wrong: {name} {number}: {error}"] += 1
    try:
        counts["listed in the VMS report of their day"] = report_of_each_day(log, orders)
    except (DiffersError, SopError) as error:
        counts[f"wrong: {name} {number}: {error}"] += 1
    counts += _counted(log)
    counts["ms simulating"] = round((simulated - start) * 1000)
    counts["ms checking"] = round((checked - simulated) * 1000)
    counts["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return name, counts


def _counted(log: Log) -> Counts:
    requests = log.where(Event.CANCELLATION).columns
    outcomes, words = Counter(requests["outcome"].tolist()), COLUMNS["outcome"] or ()
    due = log.where(Event.CREDIT_NOTE_DUE).words("because").tolist()
    return Counter(
        {
            "orders": int(log.columns["order"].max()),
            "rows": len(log),
            "requests to cancel": len(requests["order"]),
            **{f"requests {words[code]}": n for code, n in outcomes.items() if code != NONE},
            "packed": len(log.where(Event.PACKED)),
            "credit notes due": len(due),
            "credit notes due for a late e-invoice": sum(ids == LATE_E_INVOICE for ids in due),
        }
    )


def enough(results: Iterator[tuple[str, Counts]], orders: int) -> Iterator[tuple[str, Counts]]:
    """Yield results until they have about so many orders."""
    have = 0
    for name, counts in results:
        yield name, counts
        have += counts["orders"]
        if have >= orders:
            return


def results(workers: int) -> Iterator[tuple[str, Counts]]:
    """Yield the results of replications in order; several processes work on the next few."""
    if workers < 2:  # noqa: PLR2004 (one is this process)
        yield from map(judge, jobs())
    with ProcessPoolExecutor(workers) as pool:
        endless = jobs()
        waiting = [pool.submit(judge, next(endless)) for _ in range(workers + 1)]
        try:
            while True:
                yield waiting.pop(0).result()
                waiting.append(pool.submit(judge, next(endless)))
        finally:
            pool.shutdown(cancel_futures=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run all checks and print the counts; return 1 if anything differs."""
    options = argparse.ArgumentParser(description="Simulated orders against the engine.")
    options.add_argument("--orders", type=int, default=1_000_000, help="smallest number of orders (default: %(default)s)")
    options.add_argument("--workers", type=int, default=1, help="processes (default: %(default)s)")
    chosen = options.parse_args(argv)
    total: Counts = Counter()
    replications: Counts = Counter()
    peak = 0
    for name, counts in enough(results(chosen.workers), chosen.orders):
        peak = max(peak, counts.pop("peak MB"))
        total += counts
        replications[name] += 1
        print(f"{total['orders']:>9,} orders, {name}", file=sys.stderr)
    wrong = {key: n for key, n in total.items() if key.startswith("wrong: ")}
    share = total.pop("ms checking") / max(total.pop("ms simulating"), 1)
    print(f"{sum(replications.values())} replications of {len(replications)} variants of {len(shipped_experiments())} experiments")
    for key, n in total.items():
        if not key.startswith(("wrong: ", "check: ")):
            print(f"{n:>10,} {key}")
    for key, n in total.items():
        if key.startswith("check: "):
            print(f"{n:>10,} replications hold: {key.removeprefix('check: ')}")
    print(f"the checks took {share:.1%} of the time of the simulation; at most {peak:,} MB in a process")
    for key, n in wrong.items():
        print(f"{n:,} {key}")
    print("every replayed order is equal, every report lists the right orders" if not wrong else "NOT EQUAL")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

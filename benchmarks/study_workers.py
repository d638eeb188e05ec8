"""Measure the speed-up of a study in two processes over one, and on a Dask cluster of two workers if an address is given.

Run as ``python benchmarks/study_workers.py``. All must give the same study to the last byte before a ratio is printed. They take
turns, elapsed time counts, and the ratios are taken within rounds; nothing else should be running on the machine.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[1])]

from simulator.experiment.experiment import load  # noqa: E402
from simulator.study.dask_cluster import cluster_executor  # noqa: E402 (found only now)
from simulator.study.process_pool import process_executor  # noqa: E402
from simulator.study.replication import Executor, serial_executor  # noqa: E402
from simulator.study.study import run_study  # noqa: E402
from simulator.study_data import to_json  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if two studies differ."""
    options = argparse.ArgumentParser(description="A study in one process, in two, and on a cluster.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    options.add_argument("--replications", type=int, default=24, help="of an ordinary week (default: %(default)s)")
    options.add_argument("--set", dest="changes", action="append", default=[], metavar="KEY=VALUE", help="change a setting")
    options.add_argument("--cluster", metavar="ADDRESS", help="of a Dask scheduler with two workers of one thread each")
    chosen = options.parse_args(argv)
    experiment = load("ordinary_week_erp", [*chosen.changes, f"run.replications={chosen.replications}"])
    engines: dict[str, Executor] = {"one process": serial_executor, "two processes": process_executor(2)}
    if chosen.cluster:
        engines["two Dask workers"] = cluster_executor(chosen.cluster)
    taken: dict[str, list[float]] = {name: [] for name in engines}
    studies = set()
    for _ in range(chosen.rounds):
        for name, engine in engines.items():
            start = perf_counter()
            study = run_study(experiment, executor=engine)
            taken[name].append(perf_counter() - start)
            studies.add(to_json(study))
    if len(studies) > 1:
        print("the studies differ")
        return 1
    print(f"{chosen.replications} replications, the same study from all; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    for name, seconds in taken.items():
        ratios = [base / this for base, this in zip(taken["one process"], seconds, strict=True)]
        print(f"{name:<18} {median(seconds):6.2f} s   {median(ratios):.2f} times as fast as one process")
    return 0


if __name__ == "__main__":
    sys.exit(main())

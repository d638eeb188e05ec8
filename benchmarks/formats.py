"""Measure events a second: each format of the log against a plain writer, which makes dictionaries of the rows and calls json.

Run as ``python benchmarks/formats.py``. The plain writer (`tests/support/naive_objects.py`) is written for readability; both must first
write the same content. Then all take turns, so that a busy moment affects all, and the medians of processor time are printed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1])]

from orders.log.export.ocel_json import write_ocel_json  # noqa: E402
from orders.log.export.ocel_sqlite import write_ocel_sqlite  # noqa: E402
from orders.log.export.xes import write_xes  # noqa: E402
from orders.log.order_blocks import OrderBlock  # noqa: E402
from orders.log.provenance import Provenance  # noqa: E402
from simulator.experiment.experiment import load  # noqa: E402 (found only now)
from simulator.study.identities import Identities  # noqa: E402
from simulator.study.log_files import provenance_of  # noqa: E402
from simulator.study.simulate import simulate  # noqa: E402
from tests.support.log_files import from_json, from_sqlite, plain  # noqa: E402
from tests.support.naive_objects import naive_ocel  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; return 1 if the writers' contents differ."""
    options = argparse.ArgumentParser(description="Events a second of every form of the log.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    options.add_argument("--experiment", default="ordinary_week_erp", help="which one (default: %(default)s)")
    options.add_argument("--set", dest="changes", action="append", default=[], metavar="KEY=VALUE", help="change a setting")
    chosen = options.parse_args(argv)
    experiment = load(chosen.experiment, chosen.changes)
    log = simulate(experiment)
    block = Identities(experiment.run.seed, 0).block(log)
    provenance = provenance_of(experiment, 0)
    with TemporaryDirectory() as folder:
        files = {form: Path(folder) / form for form in ("plain", "json", "xes", "sqlite")}
        writers: dict[str, Callable[[], object]] = {
            "plain": partial(write_plain, block, provenance, files["plain"]),
            "json": partial(write_ocel_json, [block], provenance, files["json"]),
            "xes": partial(write_xes, [block], provenance, files["xes"]),
            "sqlite": partial(write_ocel_sqlite, [block], provenance, files["sqlite"]),
        }
        for write in writers.values():
            write()
        expected = plain(json.loads(files["plain"].read_text(encoding="utf-8")))
        if not expected == from_json(files["json"]) == from_sqlite(files["sqlite"]):
            print("the writers' contents differ")
            return 1
        sizes = {form: file.stat().st_size / len(log) for form, file in files.items()}
        print(f"{experiment.name}: {len(log):,} events, the same content from all")
        taken = measured(writers, chosen.rounds)
    for form, seconds in taken.items():
        ratio = taken["plain"] / seconds
        print(
            f"{form:<7} {len(log) / seconds:>10,.0f} events/s   {ratio:>5.1f} times the plain writer   {sizes[form]:>4.0f} bytes an event"
        )
    return 0


def write_plain(block: OrderBlock, provenance: Provenance, file: Path) -> None:
    """Write the log with the plain writer."""
    with file.open("w", encoding="utf-8") as stream:
        json.dump(naive_ocel(block, provenance), stream, ensure_ascii=False)


def measured(writers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Measure the median seconds of processor time of each, in turns."""
    taken: dict[str, list[float]] = {form: [] for form in writers}
    for _ in range(rounds):
        for form, write in writers.items():
            start = process_time()
            write()
            taken[form].append(process_time() - start)
    return {form: median(seconds) for form, seconds in taken.items()}


if __name__ == "__main__":
    sys.exit(main())

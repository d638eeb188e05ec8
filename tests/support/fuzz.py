"""Fuzzing: millions of unlikely inputs; every reader of files must return a result or raise an error of this project.

A crash is any other exception, an input that takes more than ten seconds, a different result the second time, or a broken property:
formatting keeps the content and is idempotent, findings are inside the file, a record with changed results has no good verdict.

Every input is a function of seed, target and number, so a crash can be repeated alone::

    python -m tests.support.fuzz [--inputs 1000000] [--seed 1] [--workers 2] [TARGET ...]
    python -m tests.support.fuzz --seed 1 --again lint:12345
"""

import argparse
import multiprocessing
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sop_engine import SopError
from tests.support.fuzzing.approved_files import approves, baseline, json_file, reads, table, tabulates
from tests.support.fuzzing.damage import DATA, spoilt
from tests.support.fuzzing.event_logs import event_log, reads_log
from tests.support.fuzzing.expressions import expression, matches, selects, sentence
from tests.support.fuzzing.features import feature, formats, lints
from tests.support.fuzzing.inputs import ROOT, BrokenPropertyError, Input, Target, require
from tests.support.fuzzing.rulebooks import cases, decides, experiments, rulebook, rules, sets_up
from tests.support.fuzzing.runs import judges, merges, run_record, two_shards

CRASHES = ROOT / "build" / "fuzz"
PATIENCE_S = 10
PIECE = 500
"""Inputs that a worker takes at a time."""
TWICE = 20
"""One in this many inputs is run a second time."""

TARGETS: dict[str, Target] = {
    "lint": Target(200, feature, lints),
    "fmt": Target(100, feature, formats),
    "tags": Target(180, expression, selects),
    "sentence": Target(200, sentence, matches),
    "decide": Target(160, cases, decides),
    "experiment": Target(60, lambda rng: spoilt(rng.choice(experiments()), rng, DATA), sets_up),
    "record": Target(40, run_record, judges),
    "baseline": Target(3, baseline, approves),
    "behaviour": Target(3, table, tabulates),
    "json": Target(40, json_file, reads),
    "shards": Target(4, two_shards, merges),
    "rulebook": Target(3, rulebook, rules),
    "log": Target(8, event_log, reads_log),
}


@dataclass(frozen=True, slots=True)
class Crash:
    """An input that was handled wrongly."""

    target: str
    number: int
    message: str


def input_of(target: str, seed: int, number: int) -> Input:
    """Make the input of a seed, target and number."""
    return TARGETS[target].made(random.Random(f"{seed}:{target}:{number}"))  # noqa: S311 - not cryptography


def answer(target: str, given: Input, folder: Path) -> str:
    """Return the target's result for an input, or its error."""
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    try:
        return repr(TARGETS[target].takes(given, folder))
    except SopError as error:
        if not str(error).strip():
            raise BrokenPropertyError("refused without a word") from None
        return f"{type(error).__name__}: {error}"


def feed(target: str, seed: int, numbers: Sequence[int]) -> list[Crash]:
    """Run *target* on the inputs of *numbers*; return the crashes."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done in {PATIENCE_S} s")

    signal.signal(signal.SIGALRM, late)
    crashes = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in numbers:
            given = input_of(target, seed, number)
            signal.alarm(PATIENCE_S)
            try:
                first = answer(target, given, folder)
                again = answer(target, given, folder) if number % TWICE == 0 else first
                require(again == first, "another answer the second time")
            except Exception:  # noqa: BLE001 - that is what is looked for
                crashes.append(Crash(target, number, traceback.format_exc(limit=-6)))
            finally:
                signal.alarm(0)
    return crashes


def pieces(names: Sequence[str], inputs: int) -> Iterator[tuple[str, range]]:
    """Distribute all inputs over the targets by share."""
    whole = sum(TARGETS[name].share for name in names)
    for name in names:
        count = inputs * TARGETS[name].share // whole
        for first in range(0, count, PIECE):
            yield name, range(first, min(first + PIECE, count))


def _fed(job: tuple[str, int, range]) -> tuple[str, int, float, list[Crash]]:
    target, seed, numbers = job
    started = time.process_time()
    crashes = feed(target, seed, numbers)
    return target, len(numbers), time.process_time() - started, crashes


def kept(crash: Crash, seed: int) -> Path:
    """Write the input of a crash and its message to a folder."""
    folder = CRASHES / f"{crash.target}-{seed}-{crash.number}"
    folder.mkdir(parents=True, exist_ok=True)
    given = input_of(crash.target, seed, crash.number)
    for name, raw in (given if isinstance(given, dict) else {"input": given}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)
    (folder / "crash.txt").write_text(crash.message, encoding="utf-8", errors="backslashreplace")
    return folder


def main() -> int:
    """Run the fuzzer; print the number of inputs and the crashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", metavar="TARGET:NUMBER")
    options = parser.parse_args()
    if unknown := sorted({*options.targets} - TARGETS.keys()):
        parser.error(f"unknown target `{unknown[0]}`; choose of {', '.join(TARGETS)}")
    if options.again:
        target, _, number = options.again.partition(":")
        crashes = feed(target, options.seed, [int(number)])
        print(*(crash.message for crash in crashes), sep="\n")  # noqa: T201
        return len(crashes)
    jobs = [(name, options.seed, numbers) for name, numbers in pieces(options.targets or list(TARGETS), options.inputs)]
    done: dict[str, list[float]] = {}
    number_of_crashes = 0
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        for target, count, seconds, crashes in pool.imap_unordered(_fed, jobs):
            tally = done.setdefault(target, [0, 0.0, 0])
            tally[0], tally[1], tally[2] = tally[0] + count, tally[1] + seconds, tally[2] + len(crashes)
            for crash in crashes:
                number_of_crashes += 1
                again = f"python -m tests.support.fuzz --seed {options.seed} --again {crash.target}:{crash.number}"
                print(f"{kept(crash, options.seed)}\n  {crash.message.strip().splitlines()[-1][:200]}\n  {again}", flush=True)  # noqa: T201
    for target, (count, seconds, crashes) in sorted(done.items()):
        print(f"{target:12} {count:9,} inputs  {count / max(seconds, 1e-9):9,.0f} a second  {crashes} crashes")  # noqa: T201
    print(f"{sum(int(tally[0]) for tally in done.values()):,} inputs, {number_of_crashes} crashes (seed {options.seed})")  # noqa: T201
    return 1 if number_of_crashes else 0


if __name__ == "__main__":
    sys.exit(main())

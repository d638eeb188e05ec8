"""Measure rows a second of the audit's decision: five columns of sets of words to the answer, against `decide_mapping`.

Run as ``python benchmarks/audit_decide.py``. The columns are answered part by part, as an audit of many rows goes in parts. All rows have
known facts, so that `decide_mapping` can answer them, and every outcome must first be the same. Then all take turns, so that a busy moment affects all, and the best processor time of each is used.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1])]

from orders.audit.answers import possible_answers  # noqa: E402 (found only now)
from orders.audit.keys import WORDS_OF, keys_of  # noqa: E402
from sop_engine import FACTS, decide_mapping  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; return 1 if an outcome differs."""
    options = argparse.ArgumentParser(description="Rows a second of the audit's decision.")
    options.add_argument("--rounds", type=int, default=5, help="turns of each (default: %(default)s)")
    options.add_argument("--rows", type=int, default=10_000_000, help="rows of the columns (default: %(default)s)")
    options.add_argument("--dicts", type=int, default=1_000_000, help="rows given to decide_mapping (default: %(default)s)")
    options.add_argument("--part", type=int, default=250_000, help="rows of a part; in an audit as many (default: %(default)s)")
    chosen = options.parse_args(argv)

    rng = np.random.default_rng(7)
    codes = {name: rng.integers(0, len(words), chosen.rows, dtype=np.uint8) for name, words in WORDS_OF.items()}
    sets = [np.left_shift(np.uint8(1), column) for column in codes.values()]
    words = [[str(WORDS_OF[name][code]) for code in codes[name][: chosen.dicts].tolist()] for name in FACTS]
    dicts = [dict(zip(FACTS, row, strict=True)) for row in zip(*words, strict=True)]
    outcome = possible_answers()["outcome"]
    keys = keys_of(*sets)
    parts = [slice(start, start + chosen.part) for start in range(0, chosen.rows, chosen.part)]
    by_key = [outcome.values[code] for code in outcome.of(keys[: chosen.dicts]).tolist()]
    different = sum(str(decide_mapping(facts).outcome) != value for facts, value in zip(dicts, by_key, strict=True))
    print(f"{len(dicts):,} rows, {different} outcomes differ")
    if different:
        return 1

    programs: dict[str, tuple[int, Callable[[], object]]] = {
        "five columns to the key to the answer": (
            chosen.rows,
            lambda: [outcome.of(keys_of(*(column[part] for column in sets))) for part in parts],
        ),
        "key to the answer": (chosen.rows, lambda: [outcome.of(keys[part]) for part in parts]),
        "decide_mapping, dicts ready": (len(dicts), lambda: [decide_mapping(facts) for facts in dicts]),
        "columns to dicts to decide_mapping": (
            len(dicts),
            lambda: [decide_mapping(dict(zip(FACTS, row, strict=True))) for row in zip(*words, strict=True)],
        ),
    }
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(chosen.rounds):
        for name, (_, program) in programs.items():
            started = process_time()
            program()
            best[name] = min(best[name], process_time() - started)
    speeds = {name: rows / best[name] for name, (rows, _) in programs.items()}
    reference = speeds["decide_mapping, dicts ready"]
    for name, speed in speeds.items():
        print(f"{name:40} {speed / 1e6:8.1f} million rows a CPU second {speed / reference:8.1f} times decide_mapping from dicts")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

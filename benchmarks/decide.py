"""Measure decisions a second from a dict of five words: the engine's look-up and two rule engines.

Run as ``python benchmarks/decide.py``. Every contender must first agree with the engine on all 256 cases, outcome and tasks.
Then all decide the same shuffled cases; rounds are interleaved so that a busy moment affects all contenders, and the medians of
processor time are printed, so that other programs' work does not count. The cases come in two forms: with strings shared between
cases, as from a column of categories, and with separate strings, as from JSON. The last line is a reference, not a contender:
only reading the five words from each dict, in C.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from statistics import median
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from decide_peers import Contender, Facts, answer_of, contenders  # noqa: E402 (found only now)

from sop_engine import EVERY_CASE, FACTS, decide  # noqa: E402

SHORTEST_ROUND = 0.05
"""Seconds; a contender that decides all cases faster repeats them within the round."""

YARDSTICK = Contender("(only reading the five words)", lambda cases: list(map(itemgetter(*FACTS), cases)), tuple)


def main(argv: Sequence[str] | None = None) -> int:
    """Check, measure and print; return 1 if a contender disagrees."""
    options = argparse.ArgumentParser(description="Decisions a second from a dict of five words.")
    options.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default: %(default)s)")
    options.add_argument("--copies", type=int, default=2, help="how often each of the 256 cases occurs (default: %(default)s)")
    chosen = options.parse_args(argv)

    field = contenders()
    wrong = [finding for contender in field for finding in disagreements(contender)]
    print("\n".join(wrong) or f"{len(field)} contenders agree on all {len(EVERY_CASE)} cases, outcome and tasks")
    if wrong:
        return 1
    field.append(YARDSTICK)
    shared = [case.facts for case in EVERY_CASE] * chosen.copies
    random.Random(1).shuffle(shared)  # noqa: S311 (an order, not a secret)
    fresh = [json.loads(json.dumps(facts)) for facts in shared]
    show("words shared between cases", measure(field, shared, chosen.rounds))
    show("words fresh from JSON", measure(field, fresh, chosen.rounds))
    return 0


def disagreements(contender: Contender) -> list[str]:
    """List the cases that *contender* answers differently from the engine."""
    results = contender.decide([case.facts for case in EVERY_CASE])
    return [
        f"{contender.name} on {case}: {answer}, expected {answer_of(decide(case))}"
        for case, answer in zip(EVERY_CASE, map(contender.answer, results), strict=True)
        if answer != answer_of(decide(case))
    ]


def measure(field: Sequence[Contender], cases: Sequence[Facts], rounds: int) -> dict[str, float]:
    """Measure the median seconds per decision of each contender."""
    repeats = {contender.name: max(1, round(SHORTEST_ROUND / _seconds(contender, cases, 1))) for contender in field}
    taken: dict[str, list[float]] = {contender.name: [] for contender in field}
    for _ in range(rounds):
        for contender in field:
            times = repeats[contender.name]
            taken[contender.name].append(_seconds(contender, cases, times) / times / len(cases))
    return {name: median(seconds) for name, seconds in taken.items()}


def show(title: str, seconds: dict[str, float]) -> None:
    """Print a table: decisions a second, nanoseconds per decision, and the ratio to the first contender's time."""
    first = next(iter(seconds.values()))
    print(f"\n{title:<34}{'decisions/s':>14}{'ns each':>14}{'ratio':>12}")
    for name, seconds_each in seconds.items():
        print(f"{name:<34}{1 / seconds_each:>14,.0f}{seconds_each * 1e9:>14,.0f}{seconds_each / first:>12,.2f}")


def _seconds(contender: Contender, cases: Sequence[Facts], times: int) -> float:
    start = process_time()
    for _ in range(times):
        contender.decide(cases)
    return process_time() - start


if __name__ == "__main__":
    sys.exit(main())

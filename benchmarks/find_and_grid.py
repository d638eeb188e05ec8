"""Compare `sop simulate --find` with brute force: every value of a grid with as many replications as the limit of the search.

Run as ``python benchmarks/find_and_grid.py``. For each random seed and goal, both must give the same value where the grid is clear
(its intervals exclude the limit, at 95 % confidence for all of its values together). The share of the replications is printed; the command ends with 1 if an answer differs.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median

sys.path[:0] = [str(Path(__file__).parents[1])]

from reports.scenario.wording.measure_catalogue import TABLE  # noqa: E402 (found only now)
from simulator.analysis.stability import judge, unsteady_queues  # noqa: E402
from simulator.experiment.experiment import load  # noqa: E402
from simulator.search.decisions import estimate_of, is_worse, single_confidence, verdict_on  # noqa: E402
from simulator.search.find import FindPlan, find, plan  # noqa: E402
from simulator.search.goals import Goal, read_goal  # noqa: E402
from simulator.study.process_pool import process_executor  # noqa: E402
from simulator.study.replication import Job, JobResult  # noqa: E402
from simulator.study.study import jobs_of  # noqa: E402

SETTINGS = ("run.days=6", "ajio.orders_per_day=300", "wms.pack_seconds_median=600")
"""Small weeks in which four packers are just enough."""
GOALS = ("SLA breached < 0.5 %", "time to dispatch < 12 hours", "packers busy < 60 %", "cost least")
AMONG = "1..10"
CONFIDENCE = single_confidence(10)
"""Of a value of the grid, so that all ten together have 95 %."""

Grid = dict[str, JobResult]


def answer_of_grid(search: FindPlan, grid: Grid) -> tuple[object, bool]:
    """Return the answer of brute force, and whether it is clear for the answer and the value before it."""
    sides = [[grid[job.stem] for job in jobs] for jobs in jobs_of(search.candidates.variants, search.limit, {})]
    verdicts = [_verdict(search.goal, side, search.candidates.variants[place][1]) for place, side in enumerate(sides)]
    objective = search.goal.objective
    if objective is None:
        place = next((place for place, (meets, _) in enumerate(verdicts) if meets), None)
        if place is None:
            return None, verdicts[-1][1]
        return search.candidates.values[place], verdicts[place][1] and (not place or verdicts[place - 1][1])
    allowed = [place for place, (meets, _) in enumerate(verdicts) if meets]
    measures = [[result.measures for result in side] for side in sides]
    best = min(allowed, key=lambda place: fmean(values[objective.measure] for values in measures[place]))
    clear = all(place == best or is_worse(objective, measures[place], measures[best], CONFIDENCE) for place in allowed)
    return search.candidates.values[best], clear


def _verdict(goal: Goal, results: Sequence[JobResult], experiment: object) -> tuple[bool, bool]:
    """Return whether the mean meets the goal without a queue that grows, and whether that is clear."""
    stability = judge([result.flow for result in results], experiment)  # type: ignore[arg-type]
    if unsteady_queues(stability, goal.measure):
        return False, True
    measures = [result.measures for result in results]
    meets, clear = True, True
    for requirement in goal.requirements:
        estimate = estimate_of(requirement.measure, measures, CONFIDENCE)
        mean = estimate.mean if estimate is not None else 0.0
        meets &= mean < requirement.bound if requirement.is_upper else mean > requirement.bound
        clear &= verdict_on(requirement, measures, CONFIDENCE) != "open"
    return meets, clear


def main(argv: Sequence[str] | None = None) -> int:
    """Run both for every seed and goal, and print the comparison."""
    options = argparse.ArgumentParser(description="The search and brute force on a grid.")
    options.add_argument("--seeds", type=int, default=20, help="random seeds (default: %(default)s)")
    options.add_argument("--replications", type=int, default=24, help="of each value of the grid (default: %(default)s)")
    options.add_argument("--workers", type=int, default=1, help="processes (default: %(default)s)")
    chosen = options.parse_args(argv)
    rows: dict[str, list[tuple[bool, bool, bool, int]]] = {text: [] for text in GOALS}
    of_grid = 0
    for seed in range(1, chosen.seeds + 1):
        experiment = load("ordinary_week_erp", [*SETTINGS, f"run.seed={seed}"])
        grid: Grid = {}
        for text in GOALS:
            search = plan(experiment, "wms.packers", read_goal("--so-that", [text], TABLE), AMONG, chosen.replications)
            jobs = [job for of_value in jobs_of(search.candidates.variants, search.limit, {}) for job in of_value]
            if not grid:
                grid = {job.stem: result for job, result in process_executor(chosen.workers)(jobs)}
                of_grid = len(grid)

            def recorded(wanted: Sequence[Job], grid: Grid = grid) -> Iterator[tuple[Job, JobResult]]:
                yield from ((job, grid[job.stem]) for job in wanted)

            result = find(search, executor=recorded).search
            if result is not None:
                value, clear = answer_of_grid(search, grid)
                rows[text].append((clear, result.answer == value, result.is_clear, result.replications))
        print(f"seed {seed} done", file=sys.stderr)
    print(f"{len(GOALS)} goals, {chosen.seeds} seeds, a grid of {of_grid} replications")
    wrong = 0
    for text, of_goal in rows.items():
        clear = [rest for is_clear, *rest in of_goal if is_clear]
        counts = [count for *_, count in clear]
        same, certain = (sum(column) for column in list(zip(*clear, strict=True))[:2])
        wrong += len(clear) - same
        shares = f"{median(counts) / of_grid:.0%} of the replications (at most {max(counts) / of_grid:.0%})"
        print(f"{text:<28} same answer in {same} of {len(clear)} clear seeds, certain in {certain}, with {shares}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

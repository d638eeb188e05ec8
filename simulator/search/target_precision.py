"""`--until`: replications until the half-widths of measures are small enough, in every variant."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import Unpack

from simulator.analysis.intervals import CONFIDENCE
from simulator.experiment.experiment import Experiment, with_replications
from simulator.search.decisions import estimate_of
from simulator.search.goals import WantedPrecision
from simulator.search_data import Precision
from simulator.study.replication import JobResult
from simulator.study.runner import Runner, RunOptions
from simulator.study.study import jobs_of, study_of, variants_of
from simulator.study_data import Study

FEWEST = 5
"""Fewest replications: with fewer, the half-width itself is too uncertain to stop."""
MOST_OF_A_VARIANT = 100
"""Most replications of each variant, if no other number is given."""


def run_to_precision(
    experiment: Experiment, wanted: Sequence[WantedPrecision], limit: int = MOST_OF_A_VARIANT, **options: Unpack[RunOptions]
) -> Study:
    """Run a study with as many replications as *wanted* needs, at most *limit*. Errors are those of `simulator.study.study.run_study`."""
    jobs = jobs_of(variants_of(experiment), limit, options)
    count = min(FEWEST, limit)
    with Runner(list(chain(*jobs)), options) as runner:
        while True:
            sides = runner.run([side[:count] for side in jobs])
            excess = max(_half_width(one, side) / one.half_width for one in wanted for side in sides)
            if excess <= 1 or count == limit:
                break
            count = min(limit, 2 * count, max(count + 1, math.ceil(count * min(excess, 2) ** 2)))
    precision = [_precision(one, sides, limit) for one in wanted]
    return study_of(with_replications(experiment, count), sides, precision=precision)


def _half_width(wanted: WantedPrecision, results: Sequence[JobResult]) -> float:
    """Return half the interval of the measure, as a share of the mean if that is wanted; 0 if there are no values."""
    estimate = estimate_of(wanted.measure, [result.measures for result in results], CONFIDENCE)
    if estimate is None:
        return 0.0
    half = (estimate.high - estimate.low) / 2
    if not wanted.is_relative:
        return half
    return half / abs(estimate.mean) if estimate.mean else (math.inf if half else 0.0)


def _precision(wanted: WantedPrecision, sides: Sequence[Sequence[JobResult]], limit: int) -> Precision:
    widest = max(_half_width(wanted, side) for side in sides)
    reached = widest <= wanted.half_width
    return Precision(wanted.measure, wanted.text, widest if math.isfinite(widest) else 0.0, reached, limit)

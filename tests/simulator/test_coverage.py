"""Coverage: how many of the intervals of small studies contain the true mean, which is that of all replications together.

By day a sample; with ``NIGHTLY=1`` a thousand replications. Intervals must be neither too narrow nor too wide: 92 to 98 of 100.

For a rare count no rule has that coverage at every mean: if 0.01 are expected, 99 of 100 studies see none, and their interval contains
the mean or all of them are wrong. So the coverage of rare measures is compared with that of a Poisson count of the same mean.
"""

import math
import os
import random
from statistics import fmean

import pytest

from simulator.analysis.estimates import FEW, estimates
from simulator.analysis.measures import SHARES, Measures, measure
from simulator.experiment.experiment import load
from simulator.study.simulate import record_replication
from simulator.study_data import HEADLINE_MEASURES
from tests.support.rare_events import covers

NIGHTLY = os.environ.get("NIGHTLY") == "1"
REPLICATIONS, SHUFFLES = (1000, 5) if NIGHTLY else (60, 5)
A_STUDY = 5
LEAST, MOST = (0.92, 0.98) if NIGHTLY else (0.75, 1.0)
NEAR = 0.02 if NIGHTLY else 0.2
"""Largest difference of what is covered from what a Poisson count of the same mean covers."""
SETTINGS = ("ajio.orders_per_day=300", "wms.packers=1", "wms.pickers=1")


@pytest.fixture(scope="module")
def replications() -> list[Measures]:
    experiment = load("ordinary_week_erp", SETTINGS)
    logs = (record_replication(experiment, number) for number in range(REPLICATIONS))
    return [{name: value for name, value in measure(log.by_order(), experiment).items() if math.isfinite(value)} for log in logs]


def coverage(replications: list[Measures], name: str, *, size: int = A_STUDY) -> tuple[float, float | None]:
    """Return the share of studies of *size* replications that contain the mean of all, and the events in a study if it counts some."""
    values = [measures[name] for measures in replications if name in measures]
    true = fmean(values) if values else 0.0
    kept = (name, SHARES.get(name))
    replications = [{key: value for key, value in measures.items() if key in kept} for measures in replications]
    draw = random.Random(7)  # noqa: S311 (groups of replications)
    covered, events = [], []
    for _ in range(SHUFFLES):
        order = draw.sample(replications, len(replications))
        for first in range(0, len(order) - size + 1, size):
            estimate = estimates(order[first : first + size]).get(name)
            if estimate is not None:
                covered.append(estimate.low <= true <= estimate.high)
                events += [] if estimate.events is None else [estimate.events]
    return fmean(covered), fmean(events) if events else None


@pytest.mark.slow
@pytest.mark.parametrize("name", HEADLINE_MEASURES)
def test_the_intervals_of_small_studies_contain_the_true_mean(replications: list[Measures], name: str) -> None:
    share, events = coverage(replications, name)

    assert share >= LEAST
    if events is not None and events < FEW:
        assert share == pytest.approx(covers(events), abs=NEAR)
    else:
        assert share <= MOST


@pytest.mark.slow
def test_zero_width_intervals_do_not_occur_for_what_can_happen(replications: list[Measures]) -> None:
    for first in range(0, len(replications), A_STUDY):
        for name, estimate in estimates(replications[first : first + A_STUDY]).items():
            assert estimate.low < estimate.high or estimate.events is None, name

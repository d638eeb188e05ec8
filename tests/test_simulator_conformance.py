"""Simulated orders keep every law, whatever the experiment; and every check can fail, each for its own fault."""

import numpy as np
import pytest

from simulator.checks import LAWS, check
from simulator.experiment import load, shipped
from simulator.log import Log
from simulator.week import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=400")


def blocks(log, orders=150):
    """The log in blocks of whole orders; what is about no order comes with the first."""
    numbers = log.columns["order"]
    for low in range(0, int(numbers.max()) + 1, orders):
        mine = (numbers > low) & (numbers <= low + orders) | ((numbers == 0) & (low == 0))
        yield Log({name: column[mine] for name, column in log.columns.items()}, log.details)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_experiment_passes_every_check(name):
    experiment = load(name, [*SMALL, *(["ajio.sale_days=[1]"] if name == "sale_days" else [])])
    told = check([simulate(experiment)], experiment)

    assert [each for each in told if not each.holds] == []
    assert len(told) == len(LAWS) + 6


def test_blocks_are_judged_as_the_whole_log_is():
    experiment = load("erp_outage", SMALL)
    log = simulate(experiment)

    assert check(blocks(log), experiment) == check([log], experiment)
    assert np.array_equal(np.sort(np.concatenate([part.columns["order"] for part in blocks(log)])), np.sort(log.columns["order"]))

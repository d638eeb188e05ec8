"""A simulation is the same in every process and with every number of workers, and compared variants share their random draws."""

import os
import subprocess
import sys

import numpy as np
import pytest

from orders.log.calendar import HOUR
from orders.log.event_log import Log
from simulator.experiment.experiment import load
from simulator.model.draws.order_draws import draw_orders
from simulator.study.identities import people
from simulator.study.process_pool import replications
from simulator.study.simulate import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_another_process_and_hash_seed_give_the_same_log(hash_seed):
    program = f"from simulator.experiment.experiment import load; from simulator.study.simulate import simulate; print(simulate(load('partial_cancels', {SMALL!r})).digest())"
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True, text=True)

    assert result.stdout.strip() == simulate(load("partial_cancels", SMALL)).digest()


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing():
    experiment = load("partial_cancels", SMALL)

    assert replications(experiment, workers=1) == replications(experiment, workers=2)


def test_replications_and_seeds_differ():
    experiment = load("ordinary_week_erp", SMALL)
    digests = {simulate(experiment, number).digest() for number in range(3)} | {
        simulate(load("ordinary_week_erp", [*SMALL, "run.seed=2"])).digest()
    }

    assert len(digests) == 4


def test_a_changed_experiment_has_the_same_orders_with_the_same_random_draws():
    one, other = (draw_orders(load("ordinary_week_erp", [*SMALL, change]), 0) for change in ("wms.packers=7", "wms.packers=3"))

    assert (one.created, one.units, one.work, one.requests, one.breach) == (
        other.created,
        other.units,
        other.work,
        other.requests,
        other.breach,
    )


@pytest.mark.parametrize("hours", [2, 12])
def test_ajio_cancels_some_time_after_the_breach(hours):
    changes = (
        "ajio.breach_hours=24",
        "ajio.breach_cancellation_share=1",
        "ajio.stale_status_share=1",
        f"ajio.breach_reaction_hours_mean={hours}",
        "run.days=6",
    )
    experiment = load("ordinary_week_erp", [*SMALL, "wms.packers=1", "ajio.orders_per_day=800", *changes])

    created, delays = {}, []
    for row in simulate(experiment).rows():
        if row.event == "created":
            created[row.order] = row.at
        elif row.reason == "SLA breach":
            delays.append((row.at - created[row.order]) / HOUR - 24)

    assert len(delays) > 500
    assert min(delays) > 0
    assert np.mean(delays) == pytest.approx(hours, rel=0.1), "the mean of the setting"
    assert np.std(delays) == pytest.approx(hours, rel=0.15), "exponential: as much spread as mean"


def test_the_same_people_order_in_every_replication():
    assert people(1) == people(1) != people(2)
    assert all(name.strip() and "\n" not in address for name, address in people(1))


def test_a_log_can_be_made_again_from_its_rows():
    log = simulate(load("partial_cancels", SMALL))

    assert Log.from_rows(list(log.rows())[::-1]).digest() == log.digest()

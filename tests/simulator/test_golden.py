"""The log of every shipped experiment is the one it was: on every machine and every Python.

Needs nothing but what the program itself needs, so that CI can run it on other Pythons.
"""

import hashlib
from functools import lru_cache

import numpy as np
import pytest

from orders.log.event_log import Digest, Log
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.simulate import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=200")

GOLDEN = {
    "erp_against_rms": "a514c9327c276de389a8838ac7d82a3814c96dc61827a713c95c8fd2b75a94e9",
    "erp_outage": "9db6094401d3543effe1874cb9cdadf3296cdde74ab3f2507c51abcaccf511c8",
    "ordinary_week_erp": "a514c9327c276de389a8838ac7d82a3814c96dc61827a713c95c8fd2b75a94e9",
    "ordinary_week_rms": "26dfcb5c3ebdaa08a3dd97c9e729b6373e4ff8dac1b13aff05159b150e531c16",
    "partial_cancels": "076615649b7f7ea2b7c0994a3b337b90c9a75582dfe6f2113f912b5277810991",
    "returns_rsi": "7dc81e7086635305ef8317963caee01898c6599a43dbaa2e27c53b452581e44b",
    "sale_days": "5be58374750bb6945e4451e80657b592fc2257830c2a196c4b6c419c5b39db5f",
    "sla_squeeze": "d210b1d5a596eed5c496d25827addacc3b220dc8790a6d1b38661375f98b67d7",
}
"""Digests of the logs of three small days of each experiment."""


@lru_cache
def log_of(name: str) -> Log:
    return simulate(load(name, (*SMALL, *(("ajio.sale_days=[1]",) if name == "sale_days" else ()))))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_log_is_the_one_it_was(name):
    assert log_of(name).digest() == GOLDEN[name]


def test_a_column_of_the_digest_is_its_cells_in_eight_bytes():
    log = log_of("partial_cancels")
    digest = Digest()
    digest.add(log)

    for column in ("time_ms", "order", "stage", "units"):
        assert digest.columns[column].digest() == hashlib.sha256(log.columns[column].astype("<i8").tobytes()).digest()
    ids = [hashlib.sha256(row.because.encode()).digest()[:8] if row.because else np.int64(-1).tobytes() for row in log.rows()]
    assert digest.columns["because"].digest() == hashlib.sha256(b"".join(ids)).digest()


def test_every_shipped_experiment_has_a_golden_digest():
    assert sorted(GOLDEN) == shipped_experiments()

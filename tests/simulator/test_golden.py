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
    "erp_against_rms": "91e36ed2ff2ff13197c9fcffdbf69f842691df9a83fb00593c21a5817364a64c",
    "erp_outage": "c69ee31b5d39a4966143cc2aa3b076f4e465ee31d76d563b409c6f0e013961c8",
    "ordinary_week_erp": "4da9a554c533d1c8b37597b8f75566b1490afafe7d340bbff6efc097e4700299",
    "ordinary_week_rms": "1a65bf2983326a1ddd2fc05e37816c0df0cadff5e4a42b7efaf53c642400bca5",
    "partial_cancels": "97bacbd673ca4f4a74d55958f5d3139d4103cc1fd36fd2a86f18dd320f5e619f",
    "returns_rsi": "c29d30b0e0574b00f7cf8e25e5092a80f70a36ad9f2671bf9af1cb9f009381a5",
    "sale_days": "3a521e73209a9d88ae38f68a0312a625da838420a7816ad3798225ee8cf79db1",
    "sla_squeeze": "8d9476acee129cfe4b99d55489a2dd803046b644a9726f4c9a2d818a1e5f3f5c",
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

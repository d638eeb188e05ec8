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
    "erp_against_rms": "df3f1de744ccda397b670f82f1b08a9b3fc1643cda7938e642852dfd82f88020",
    "erp_outage": "fe87642a0424ce3d39c7b65cfb688940a5ddf7e0ce496ccc7167d78605f5d7d2",
    "ordinary_week_erp": "461ea59ab7453505213b4cd24e7e67abcaa0bf83c704623318c505d63acd2968",
    "ordinary_week_rms": "1a65bf2983326a1ddd2fc05e37816c0df0cadff5e4a42b7efaf53c642400bca5",
    "partial_cancels": "7c070c8d0b835f9328e410b0c563fc8f3e9aa65e874df37c5bd43ec6926a621a",
    "returns_rsi": "908f99669e572f415dc5fcd3b8a21f7915038333b33aacf6af5c089cefe1b200",
    "sale_days": "9168f3ca123bd9411922a18cdf3e2b3e763874ea1d6a7c25d9f8b4dadd552358",
    "sla_squeeze": "c9faa6c2d411e1b7e618d5e5f9e6e806822e11aa25093a66f71802829bfb9c3c",
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

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
    "erp_against_rms": "7a34edf42fb7ee02f86aacafdb2bb2e016b1614a7f666bd27948ff4668773864",
    "erp_outage": "eb331320522b6423f4be19a4adb6cd417438ceac411e5ea19c91ebbf4693a11e",
    "ordinary_week_erp": "e2efdd47c21c9e4fc6a65fd26c422d2553b664a1f8472a28b2bc2973fe9bd3fd",
    "ordinary_week_rms": "a471c5974afe0794bbceefe6fa9595e9f19feebf7d1f628a60cc76436b1d7e17",
    "partial_cancels": "563b1408383b08c5e84fa9d194ac0b3607440c5388a1b54abfa7d0141e9ad843",
    "returns_rsi": "76932668fda06aa0f4740c45fcab61a97e2510b5e8f141c8977ee25c5169c8c2",
    "sale_days": "f21f3b2d36d5a9acfca8cec9998816b6c47f53382d7a2917ac708474fcf06724",
    "sla_squeeze": "936928e044aa15b6ce6f8df90320389b6f804e9680fa02ce0140bcf3d80f81ad",
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

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
    "erp_against_rms": "416d1744b2490103a83ca603305a55d416fdc7c9f19c3fa919e735b35c583232",
    "erp_outage": "5c6afea76c367db7922cd0fd4ecec99b190c63de3964a49ca5bc808935dbd3de",
    "ordinary_week_erp": "416d1744b2490103a83ca603305a55d416fdc7c9f19c3fa919e735b35c583232",
    "ordinary_week_rms": "aba3b64d106bd98480b79c0f210011b9c30030bfd5f1c9639d7c1d7aa9f58684",
    "partial_cancels": "a9e65feed004c1df47378c7bcb117276f5a4fabca0cfc8d33d0eccd3129335db",
    "returns_rsi": "6d4b99c40ca3f06ea9cef3ee20a2e4d348f3b3450c2ee8614690b79699cf2df6",
    "sale_days": "6e9b25dcfdfc9a6883761ff5a49e2a32fe389abaa9b279a2b1ff9d32c6bc8b97",
    "sla_squeeze": "5b9665fc516681eff4bfed2f5db87f144d5f946e7d7762d48cdcdea601d261c0",
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

"""The log of every shipped experiment is the one it was: on every machine and every Python.

Needs nothing but what the program itself needs, so that CI can run it on other Pythons.
"""

import hashlib
from functools import lru_cache

import numpy as np
import pytest

from orders.log.columns import FACT_COLUMNS, MISSING_UNITS_GAP, Event, EventReason, EventRow
from orders.log.event_log import Digest, Log
from orders.log.event_words import quality_check_words
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.simulate import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "ajio.orders_per_day=200")

VERSION_1 = {
    "erp_against_rms": "862d922a997e2d1c58685e664131d2b6e8f1213e6ef97ffa5765b95f8b05972b",
    "erp_outage": "7346936b5d67e8d484f8f699f2edac306d57c3e3580711dc6360b02c5ad32af8",
    "ordinary_week_erp": "862d922a997e2d1c58685e664131d2b6e8f1213e6ef97ffa5765b95f8b05972b",
    "ordinary_week_rms": "81f3bfd668a1c38895fa096bbd0071d74f720a5bea8d307b77971c5c71d90f33",
    "partial_cancels": "7b15bbb58919f4df3bf22d276b0f22896a3e07264c2519755a4a474a475d2318",
    "returns_rsi": "c66a3141d788f9fd86bea52ac62e3b9ea56f011127f2255f7da3e750ad043918",
    "sale_days": "a5f2e447a62ba1902b607c7bbc716d74b7b801e3dc04e2b99395f2fe303418f3",
    "sla_squeeze": "2a8f412e3d5f98f2aed15f55313b6111657fc9e517b1656d23ebbbbada6cb5eb",
}
"""Digests of version 1 of the log, of three small days of each experiment; its last column was `detail`."""


GOLDEN = {
    "erp_against_rms": "f7f2a39755f6278ac62680d4e7e011637820ad116b99dde4d204f5bdb6a8ed21",
    "erp_outage": "70bee1bdb7d8871997ffa5a541b281fca31ae71882275d0c01aacc3e6c55e288",
    "ordinary_week_erp": "f7f2a39755f6278ac62680d4e7e011637820ad116b99dde4d204f5bdb6a8ed21",
    "ordinary_week_rms": "c2165fc49aad8be666516260096e43e046013ef22ab5c1c456f1d8618a4b27b3",
    "partial_cancels": "2b19c731b3df3f8b07eff49542432ac56f10236b92fbe025e356721e91fcb7d7",
    "returns_rsi": "c61f7ffb66abb9c75bfdf8d0d4a4eac0ca2ccd0fed6d39cb4399a3edb8465909",
    "sale_days": "45a9034477d00383d663411251c174ee6da05a8569269b3a2395fcc9560da23f",
    "sla_squeeze": "d297e215573ab89a47149dacf6af4fc0fb68b39dffb888d28dad89afaf3de723",
}
"""Of the same days: `reason` and `because` stand for `detail`, and nothing else is different."""


@lru_cache
def log_of(name: str) -> Log:
    return simulate(load(name, (*SMALL, *(("ajio.sale_days=[1]",) if name == "sale_days" else ()))))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_log_is_the_one_it_was(name):
    assert log_of(name).digest() == GOLDEN[name]


@pytest.mark.parametrize("name", sorted(VERSION_1))
def test_the_columns_that_stay_and_the_detail_put_together_again_have_the_digest_of_version_1(name):
    log = log_of(name)
    digest = Digest()
    digest.add(log)
    stay = [digest.columns[column].digest() for column in FACT_COLUMNS if column not in ("reason", "because")]
    cells = [hashlib.sha256(detail(row).encode()).digest()[:8] for row in log.rows()]

    assert len(stay) == 12
    assert hashlib.sha256(b"".join([*stay, hashlib.sha256(b"".join(cells)).digest()])).hexdigest() == VERSION_1[name]


def detail(row: EventRow) -> str:
    """The sentence in which version 1 had reason and ids."""
    if row.event == Event.QUALITY_CHECK:
        return quality_check_words(row.reason)
    ids = " ".join(each for each in row.ids if each != MISSING_UNITS_GAP)
    reason = f"{row.reason}, {MISSING_UNITS_GAP}" if row.reason == EventReason.MISSING_UNITS else row.reason
    between = ", " if row.event == Event.INVOICED else ": "
    return between.join(filter(None, (reason, ids)))


def test_a_column_of_the_digest_is_its_cells_in_eight_bytes():
    log = log_of("partial_cancels")
    digest = Digest()
    digest.add(log)

    for column in ("time_ms", "order", "stage", "units"):
        assert digest.columns[column].digest() == hashlib.sha256(log.columns[column].astype("<i8").tobytes()).digest()
    ids = [hashlib.sha256(row.because.encode()).digest()[:8] if row.because else np.int64(-1).tobytes() for row in log.rows()]
    assert digest.columns["because"].digest() == hashlib.sha256(b"".join(ids)).digest()


def test_every_shipped_experiment_has_a_golden_digest():
    assert sorted(GOLDEN) == sorted(VERSION_1) == shipped_experiments()

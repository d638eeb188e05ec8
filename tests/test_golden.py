"""The log of every shipped experiment is the one it was: on every machine and every Python.

Needs nothing but what the program itself needs, so that CI can run it on other Pythons.
"""

import hashlib
from functools import lru_cache

import numpy as np
import pytest

from orders.log.columns import FACTS, MISSING_UNITS_GAP, Event, EventReason, EventRow
from orders.log.event_log import Digest, Log
from orders.log.event_words import quality_check_words
from simulator.experiment import load, shipped
from simulator.week import simulate

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
    "erp_against_rms": "9e7ca62b508d67b1a2fb4710607f6ae9f418cc18769f038b006b6821c89f4bb8",
    "erp_outage": "a02cd749b23cb7e47813016c70c3bbc34068104dd5afe1758fbdc88b94a12e86",
    "ordinary_week_erp": "9e7ca62b508d67b1a2fb4710607f6ae9f418cc18769f038b006b6821c89f4bb8",
    "ordinary_week_rms": "690e66de317feccdaccfdf90f35e96e70324493974ed57411aa8eefa61db7992",
    "partial_cancels": "3616715a5d021cea4367878caf26587ca08455e33f86212cd471c793885f068e",
    "returns_rsi": "2fb8fd61c89de767b0a8a9315a5dc37ab2c67ad2a71bd056f6ef44bbc7d283f6",
    "sale_days": "362589dea6d30a9a424a7db0e29f72caedaa853e6e07b54d3fe425b08245a4b7",
    "sla_squeeze": "ec55a23b7088e9ce519b20c016f5951f7c52d9f2d8ad0c1ad68fc5e25ae661df",
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
    stay = [digest.columns[column].digest() for column in FACTS if column not in ("reason", "because")]
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
    assert sorted(GOLDEN) == sorted(VERSION_1) == shipped()

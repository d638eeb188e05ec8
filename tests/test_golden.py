"""The log of every shipped experiment is the one it was: on every machine and every Python.

Needs nothing but what the program itself needs, so that CI can run it on other Pythons.
"""

import pytest

from simulator.experiment import load, shipped
from simulator.week import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")

GOLDEN = {
    "erp_against_rms": "862d922a997e2d1c58685e664131d2b6e8f1213e6ef97ffa5765b95f8b05972b",
    "erp_outage": "7346936b5d67e8d484f8f699f2edac306d57c3e3580711dc6360b02c5ad32af8",
    "ordinary_week_erp": "862d922a997e2d1c58685e664131d2b6e8f1213e6ef97ffa5765b95f8b05972b",
    "ordinary_week_rms": "81f3bfd668a1c38895fa096bbd0071d74f720a5bea8d307b77971c5c71d90f33",
    "partial_cancels": "7b15bbb58919f4df3bf22d276b0f22896a3e07264c2519755a4a474a475d2318",
    "returns_rsi": "c66a3141d788f9fd86bea52ac62e3b9ea56f011127f2255f7da3e750ad043918",
    "sale_days": "a5f2e447a62ba1902b607c7bbc716d74b7b801e3dc04e2b99395f2fe303418f3",
    "sla_squeeze": "2a8f412e3d5f98f2aed15f55313b6111657fc9e517b1656d23ebbbbada6cb5eb",
}
"""Of three small days of each experiment."""


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_log_is_the_one_it_was(name):
    assert simulate(load(name, SMALL[:2] + SMALL[3:] + (("ajio.sale_days=[1]",) if name == "sale_days" else ()))).digest() == GOLDEN[name]


def test_every_shipped_experiment_has_a_golden_digest():
    assert sorted(GOLDEN) == shipped()

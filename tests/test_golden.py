"""The log of every shipped experiment is the one it was: on every machine and every Python.

Needs nothing but what the program itself needs, so that CI can run it on other Pythons.
"""

import pytest

from simulator.experiment import load, shipped
from simulator.week import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")

GOLDEN = {
    "erp_against_rms": "56e9574ad58aab8e1c8413aa86feed3c00a6746b5e441ee28e4a8311a62ab67d",
    "erp_outage": "1a95ebaf765ea64fb62759be434dea743e3ec5da533b72457d0c0c9e580c435b",
    "ordinary_week_erp": "56e9574ad58aab8e1c8413aa86feed3c00a6746b5e441ee28e4a8311a62ab67d",
    "ordinary_week_rms": "419a37587a48bd19463e53b09ffb75e1fe867443b62e969bfe3c1b976f3e7acf",
    "partial_cancels": "1affc54e8e3f28ad09404bd8b21bb5d3ab5b77a8472ed4e1469c8e3b400cc33c",
    "returns_rsi": "044434f1a5e49c839dd6682722c9f33ee270c64833de64fa873539157c9d6aac",
    "sale_days": "f8a082283c41cf07650270e0e33baf6a98003ffc5f3fe401f4ec7bbd52fcd675",
    "sla_squeeze": "6d63fce598d81024c06532e9bbb03767ae2fa53ec22658f966a62fd6f10e55e6",
}
"""Of three small days of each experiment."""


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_log_is_the_one_it_was(name):
    assert simulate(load(name, SMALL[:2] + SMALL[3:] + (("ajio.sale_days=[1]",) if name == "sale_days" else ()))).digest() == GOLDEN[name]


def test_every_shipped_experiment_has_a_golden_digest():
    assert sorted(GOLDEN) == shipped()

"""Costs: each part is its number times its price, and the prices are those of the experiment."""

from dataclasses import fields, replace

import pytest

from simulator.analysis.costs import CostDrivers, cost_measures
from simulator.experiment.experiment import describe, load
from simulator.experiment.settings import Prices
from simulator.study.study import source_of
from simulator.study_data import COST

PRICES = Prices(10.0, 20.0, 30.0, 40.0, 1.5, 100.0, 7.0, 3.0)
DRIVERS = CostDrivers(
    days=2.0,
    hours={"pickers": 1.0, "packers": 2.0, "checkers": 3.0, "clerks": 4.0},
    overtime_hours={"pickers": 5.0, "packers": 6.0},
    orders=50,
    lost=8,
    breached=9,
    credit_notes=11,
)


def test_a_cost_is_what_is_paid_for_times_its_price():
    assert cost_measures(DRIVERS, PRICES) == pytest.approx(
        {
            "cost of hours, rupees a day": (10 + 40 + 90 + 160) / 2,
            "cost of overtime, rupees a day": 1.5 * (50 + 120) / 2,
            "cost of lost orders, rupees a day": 800 / 2,
            "cost of SLA penalties, rupees a day": 63 / 2,
            "cost of credit notes, rupees a day": 33 / 2,
            COST: (300 + 255 + 800 + 63 + 33) / 2,
            "cost of an order, rupees": (300 + 255 + 800 + 63 + 33) / 50,
        }
    )


@pytest.mark.parametrize("name", [entry.name for entry in fields(Prices)])
def test_every_price_changes_the_cost(name):
    dearer = replace(PRICES, **{name: getattr(PRICES, name) + 1})

    assert cost_measures(DRIVERS, dearer)[COST] > cost_measures(DRIVERS, PRICES)[COST]


def test_every_price_has_a_source_or_is_assumed():
    sources = {
        key: source_of(key, value, meaning) for key, value, meaning in describe(load("ordinary_week_erp")) if key.startswith("prices.")
    }

    assert len(sources) == len(fields(Prices))
    assert all("https://" in source or source.startswith("assumed") for source in sources.values())
    assert sum(source.startswith("assumed") for source in sources.values()) == 3

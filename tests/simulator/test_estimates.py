"""Measures of a log made by hand, and the estimates from replications."""

import math

import pytest

from orders.log.columns import EventRow
from orders.log.event_log import Log
from simulator.analysis.estimates import estimates, paired_differences
from simulator.analysis.intervals import student_quantile
from simulator.analysis.measures import measure
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")


@pytest.mark.parametrize(
    ("freedom", "confidence", "quantile"),
    [(1, 0.95, 12.7062), (2, 0.95, 4.30265), (4, 0.99, 4.60409), (9, 0.95, 2.26216), (30, 0.999, 3.64596)],
)
def test_students_quantiles(freedom, confidence, quantile):
    assert student_quantile(freedom, confidence) == pytest.approx(quantile, rel=1e-5)


def test_measures_of_a_log_made_by_hand():
    h = 3_600_000
    at_packing = {"system": "WMS", "actor": "packer", "invoicing": "RMS"}
    by_customer = {"system": "Ajio", "actor": "customer", "invoicing": "RMS", "stage": "CREATED", "e_invoice": "not posted", "units": 1}
    request = {"system": "Assure OMS", "actor": "seller", "canceller": "seller", "scope": "full", "invoicing": "RMS", "stage": "COMPLETED"}
    rows = [
        EventRow(0, 0, "packers at work", "WMS", "warehouse", units=2),
        EventRow(10 * h, 1, "created", **by_customer),
        EventRow(11 * h, 1, "pack started", **at_packing, stage="PROCESSING", e_invoice="not posted"),
        EventRow(12 * h, 1, "packed", **at_packing, stage="PACKED", e_invoice="generated", units=1),
        EventRow(35 * h, 1, "dispatched", "WMS", "courier", invoicing="RMS", stage="COMPLETED", e_invoice="generated"),
        EventRow(36 * h, 1, "cancellation", **request, e_invoice="generated", outcome="refused", units=1, reason="seller", because="X"),
        EventRow(37 * h, 2, "created", **by_customer),
        EventRow(38 * h, 2, "cancelled by customer", **by_customer),
    ]
    values = measure([Log.from_rows(rows)], load("ordinary_week_rms", ["run.days=2", "run.warm_up_days=0"]))

    assert values["orders"] == 2
    assert values["time to pack, hours"] == 2
    assert values["time to dispatch, hours"] == 25
    assert values["SLA target missed, share of dispatched"] == 1
    assert values["SLA breached, share of orders"] == 0
    assert values["packers busy, share of staffed time"] == pytest.approx(1 / 96)
    assert values["cancellations: seller / full / refused"] == 1
    assert values["cancelled by customers"] == 1
    assert values["orders cancelled in full, share"] == 0.5
    assert values["refused or failed requests"] == 1
    assert (values["refused at PACKED"], values["refused on a closed manifest"]) == (0, 1)


@pytest.mark.slow
def test_too_few_packers_are_a_cliff_that_the_paired_difference_shows():
    few, many = (
        [simulate(load("ordinary_week_erp", [*SMALL, "ajio.orders_per_day=2000", "run.days=4", f"wms.packers={n}"]), k) for k in range(3)]
        for n in (2, 7)
    )
    experiment = load("ordinary_week_erp", [*SMALL, "run.days=4"])
    difference = paired_differences([measure([log], experiment) for log in many], [measure([log], experiment) for log in few])[
        "SLA breached, share of orders"
    ]

    assert difference.mean - difference.half_width > 0.05


def test_a_kind_that_never_occurred_counts_as_none_and_a_mean_over_nothing_is_left_out():
    values = estimates([{"cancellations: a": 2.0, "wait": 1.0}, {"wait": math.nan}])

    assert values["cancellations: a"].mean == 1
    assert (values["wait"].mean, values["wait"].half_width) == (1, None)

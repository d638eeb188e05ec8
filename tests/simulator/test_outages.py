"""Random outages: a system that is down takes no step, whatever it is; and an experiment without them has the log it had."""

import numpy as np
import pytest

from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, Outages
from orders.log.columns import OUTAGE_EVENTS, Event, System
from orders.log.order_times import OrderTimes
from simulator.analysis.checks import check
from simulator.analysis.measures import measure
from simulator.errors import ExperimentError
from simulator.experiment.experiment import load
from simulator.model.draws.order_draws import draw_orders
from simulator.model.draws.outages import PREFIXES, up_from
from simulator.study.simulate import simulate
from tests.support.corruptions import Rows

SMALL = ("run.days=5", "ajio.orders_per_day=200")
SYSTEMS = {"erp": System.ERP, "rms": System.RMS, "irp": System.IRP, "ajio": System.AJIO}


def failing(*systems, days=0.7, hours=4.0):
    return [
        change
        for system in systems
        for change in (f"outages.{system}_days_between_mean={days}", f"outages.{system}_repair_hours_mean={hours}")
    ]


def outages_in(log, system):
    starts, ends = (log.where(event).columns["time_ms"].tolist() for event in OUTAGE_EVENTS[system])
    return Outages(tuple(starts), tuple(ends))


STEPS = {
    ("erp", 1.0): (Event.POSTED, Event.INVOICED, Event.PUSHED),
    ("irp", 1.0): (Event.INVOICED,),
    ("irp", 0.0): (Event.INVOICED, Event.PACKED),
    ("rms", 0.0): (Event.INVOICED, Event.PACKED),
    ("ajio", 1.0): (Event.ACKNOWLEDGED,),
    ("ajio", 0.0): (Event.ACKNOWLEDGED,),
}


@pytest.mark.parametrize(("system", "share"), STEPS, ids=str)
def test_a_system_that_is_down_takes_no_step_and_its_orders_take_longer(system, share):
    model = f"oms.invoicing_erp_share={share}"
    changes = failing(system, hours=8.0)
    experiment, reliable = load("ordinary_week_erp", [*SMALL, model, *changes]), load("ordinary_week_erp", [*SMALL, model])
    log = simulate(experiment)
    outages = outages_in(log, SYSTEMS[system])

    assert len(outages.starts) >= 3
    assert outages == draw_orders(experiment, 0).outages[SYSTEMS[system]]
    for event in STEPS[system, share]:
        times = log.where(event).columns["time_ms"].tolist()
        assert len(times) > 300
        assert not any(outages.down(at) for at in times)
        assert any(outages.down(at) for at in simulate(reliable).where(event).columns["time_ms"].tolist())
    assert [result for result in check([log], experiment) if not result.holds] == []
    name = "time to dispatch, hours"
    assert measure([log], experiment)[name] > measure([simulate(reliable)], reliable)[name]


@pytest.mark.parametrize(("system", "share"), [("erp", 0.0), ("rms", 1.0)])
def test_outages_of_a_system_that_an_order_does_not_need_change_nothing_of_it(system, share):
    model = f"oms.invoicing_erp_share={share}"
    with_them, without = (
        [row for row in simulate(load("ordinary_week_erp", [*SMALL, model, *changes])).rows() if row.order]
        for changes in (failing(system), [])
    )

    assert with_them == without


def test_a_packer_waits_for_the_e_invoice_of_rms_and_a_cancellation_ends_that():
    changes = ["oms.invoicing_erp_share=0", "oms.seller_cancellation_share=0.6", "oms.seller_delay_hours_mean=20", "wms.packers=3"]
    experiment = load("ordinary_week_erp", [*SMALL, *changes, *failing("rms", hours=10.0)])
    log = simulate(experiment)
    order_times, outages = OrderTimes(log), outages_in(log, System.RMS)
    started, packed = order_times.at(Event.PACK_STARTED), order_times.at(Event.PACKED)
    waited = (packed - started)[(packed < NEVER) & np.isin(packed, outages.ends)]
    stopped = (order_times.ended < NEVER) & (started < order_times.ended)

    assert len(waited) >= 3
    assert waited.max() > HOUR
    assert np.array([outages.down(at) for at in order_times.ended[stopped].tolist()]).any()
    assert [result for result in check([log], experiment) if not result.holds] == []


def test_random_outages_come_on_top_of_those_of_the_settings():
    experiment = load("erp_outage", [*SMALL, "erp.outage_starts_at_hours=[58]", *failing("erp")])
    outages = draw_orders(experiment, 0).outages[System.ERP]

    assert outages.down(58 * HOUR)
    assert outages.down(64 * HOUR - 1)
    assert len(outages.starts) > 3
    assert outages.starts == tuple(sorted(outages.starts))
    assert all(end < start for end, start in zip(outages.ends, outages.starts[1:], strict=False))


def test_variants_and_other_systems_have_the_same_outages():
    one, other = (
        draw_orders(load("ordinary_week_erp", [*SMALL, *failing("erp", "irp"), *changes]), 0).outages
        for changes in (["wms.packers=2"], failing("rms", "ajio"))
    )

    assert (one[System.ERP], one[System.IRP]) == (other[System.ERP], other[System.IRP])
    assert one[System.RMS] == Outages()
    assert len({outages.starts for outages in other.values()}) == len(PREFIXES)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_step_within_an_outage_is_noticed(system):
    experiment = load("ordinary_week_erp", [*SMALL, "oms.invoicing_erp_share=0.5", *failing(system, days=1)])
    log = simulate(experiment)
    rows = Rows(log)
    down, up = (next(rows.find(str(event))) for event in OUTAGE_EVENTS[SYSTEMS[system]])
    event, invoicing = {"erp": ("posted", "ERP"), "rms": ("e-invoice generated", "RMS"), "irp": ("e-invoice generated", "ERP")}.get(
        system, ("acknowledged", "ERP")
    )
    step = next(row for row in rows.find(event, invoicing=invoicing) if row["time_ms"] > up["time_ms"])
    down["time_ms"], up["time_ms"] = step["time_ms"] - MINUTE, step["time_ms"] + MINUTE
    failed = {result.name for result in check([rows.log()], experiment) if not result.holds}

    assert failed == {"outages"}


def test_outages_are_joined_where_they_overlap():
    first, second = Outages.of((1.0, 5.0), 2.0), Outages.of((2.0, 7.0), 2.0)

    assert first | second == Outages((HOUR, 5 * HOUR), (4 * HOUR, 9 * HOUR))
    assert first | Outages() == first
    assert Outages.of((1.0, 2.0), 3.0) == Outages((HOUR,), (5 * HOUR,))
    assert [first.up_from(int(at * HOUR)) / HOUR for at in (0, 1, 2.5, 3, 4, 6, 8)] == [0, 3, 3, 3, 4, 7, 8]
    times = np.array([0, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, NEVER])
    assert up_from(first, times).tolist() == [0, 3 * HOUR, 3 * HOUR, 3 * HOUR, 7 * HOUR, NEVER]


def test_outages_of_erp_and_rms_with_the_same_rates_last_as_long():
    experiment = load("erp_against_rms")
    for _, variant in experiment.variants:
        assert variant.outages == experiment.outages
        assert variant.outages.erp_days_between_mean == variant.outages.rms_days_between_mean == 30
        assert variant.outages.erp_repair_hours_mean == variant.outages.rms_repair_hours_mean
        assert variant.outages.irp_days_between_mean > 0


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("outages.erp_days_between_mean=-1", "`outages.erp_days_between_mean`: must be a number from 0.0 to 3,650.0, got -1"),
        ("outages.irp_repair_hours_mean=0", "`outages.irp_repair_hours_mean`: must be a number from 0.01 to 720.0, got 0"),
        ("outages.sap_days_between_mean=3", "`outages.sap_days_between_mean`: unknown; did you mean `rms_days_between_mean`?"),
        ("outages=3", "--set `outages=3`: expected section.key=value, for example wms.packers=9"),
    ],
)
def test_a_wrong_rate_is_one_error(change, finding):
    with pytest.raises(ExperimentError) as error:
        load("ordinary_week_erp", [change])

    assert len(error.value.findings) == 1
    assert finding.split("; did")[0] in error.value.findings[0]


def test_random_outages_begin_at_most_two_weeks_after_the_last_day_with_orders():
    outages = draw_orders(load("ordinary_week_erp", [*SMALL, *failing("ajio")]), 0).outages[System.AJIO]

    assert 17 * DAY < outages.starts[-1] < 19 * DAY

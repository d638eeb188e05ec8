"""The simulated log: the engine's answers in every row, and orders that take their regular steps."""

import json
import math
from datetime import UTC
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from orders.log.calendar import DAY, HOUR, MINUTE, Daily, Outages
from orders.log.columns import COLUMN_NAMES, Event, EventRow
from orders.log.event_log import Log
from orders.log.timestamps import in_india
from simulator.experiment.experiment import load
from simulator.study.identities import Identities
from simulator.study.simulate import simulate
from sop_engine import Canceller, Case, EInvoice, Invoicing, Scope, Stage, decide
from sop_engine.case import case_from

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=200")
MIXED = (
    *SMALL,
    "oms.invoicing_erp_share=0.5",
    "ajio.partial_cancellation_share=0.2",
    "oms.seller_partial_share=0.2",
    "wms.packers=1",
    "oms.unfulfillable_share=0.3",
    "ajio.technical_cancellation_share=0.03",
    "ajio.stale_status_share=0.5",
)
LATE = ("PACKED", "READY_TO_DISPATCH", "COMPLETED")


@pytest.fixture(scope="module")
def mixed():
    return load("ordinary_week_erp", [*MIXED, "ajio.orders_per_day=2000", "wms.packers=6"])


@pytest.fixture(scope="module")
def rows(mixed):
    return [row._asdict() for row in simulate(mixed).rows()]


def test_every_cancellation_has_the_outcome_of_its_case(rows):
    asked = [row for row in rows if row["event"] == "cancellation"]

    assert len({row["outcome"] for row in asked}) == 5
    assert len({row["stage"] for row in asked}) == 8
    for row in asked:
        decision = decide(case_from({fact: row[fact] for fact in ("canceller", "scope", "invoicing", "stage", "e_invoice")}))
        assert row["outcome"] == decision.outcome
        assert set(row["because"].split()) - {"GAP-39", "GAP-40"} == {*decision.clauses, *decision.gaps} - {"GAP-39"}


def test_no_order_is_cancelled_after_it_was_packed(rows):
    packed = {row["order"]: row["time_ms"] for row in rows if row["event"] == "packed"}

    for row in rows:
        if row["outcome"] == "allowed" or row["event"] == "cancelled by customer":
            assert row["stage"] not in LATE
            assert row["time_ms"] <= packed.get(row["order"], math.inf)


def test_credit_notes_due_are_the_whole_cancellations_whose_e_invoice_exists_late_ones_too(rows):
    ended = {r["order"]: r for r in rows if (r["outcome"], r["scope"]) == ("allowed", "full") or r["event"] == "cancelled by customer"}
    invoiced = {row["order"] for row in rows if row["event"] == "e-invoice generated" and row["invoicing"] == "ERP"}
    due = [row["order"] for row in rows if row["event"] == "credit note due"]

    assert len(due) == len(set(due)) > 0
    assert set(due) == ended.keys() & invoiced
    assert sorted(due) == sorted(row["order"] for row in rows if row["event"] == "credit note made")


def test_a_late_e_invoice_is_due_when_it_appears():
    changes = (*SMALL, "erp.learns_of_cancellation_share=0.0", "erp.invoice_interval_minutes=240", "oms.seller_cancellation_share=1.0")
    log = list(simulate(load("ordinary_week_erp", changes)).rows())
    late = [(row.order, row.time_ms) for row in log if (row.reason, row.because) == ("late", "GAP-17")]

    assert late
    assert set(late) <= {(row.order, row.time_ms) for row in log if (row.event, row.because) == ("credit note due", "GAP-17")}


def requests_of_late_orders(stale):
    """The requests of five days with many late orders, by order, and the times of each order's events."""
    busy = ("run.days=5", "ajio.orders_per_day=300", "ajio.breach_hours=24", "wms.packers=1", "wms.pack_seconds_median=170")
    asks = ("ajio.technical_cancellation_share=0.3", "oms.seller_cancellation_share=0.3", "oms.seller_delay_hours_mean=20")
    log = list(simulate(load("ordinary_week_erp", [*busy, *asks, f"ajio.stale_status_share={stale}"])).rows())
    times: dict[int, dict[str, int]] = {}
    for row in log:
        times.setdefault(row.order, {})[row.event] = row.time_ms
    return [row for row in log if row.event == "cancellation"], times


def test_no_one_requests_the_cancellation_of_a_manifested_order_unless_ajio_does_not_see_the_manifest():
    for stale in (0, 0.3, 1):
        requests, times = requests_of_late_orders(stale)
        late = [row for row in requests if row.time_ms > times[row.order].get("ready to dispatch", math.inf)]

        assert {row.actor for row in late} == ({"Ajio"} if stale else set())
        assert {row.outcome for row in late} <= {"refused"}
        assert {row.actor for row in requests if row.stage == "PACKED"} == {"Ajio", "seller"}, "these cannot see the manifest yet"
        assert len(late) >= 30 * stale


def test_the_clock_of_the_sla_stops_at_handover():
    requests, times = requests_of_late_orders(1)
    breaches = [row for row in requests if row.reason == "SLA breach"]

    assert any("dispatched" in times[row.order] for row in breaches)
    for row in breaches:
        assert times[row.order].get("dispatched", math.inf) > times[row.order]["created"] + 24 * HOUR


def test_a_packing_error_leads_to_cancellation(rows):
    errors = {row["order"] for row in rows if row["event"] == "packing error"}
    packed = {row["order"] for row in rows if row["event"] == "packed"}
    ended = {row["order"] for row in rows if (row["outcome"], row["scope"]) == ("allowed", "full")}

    assert errors
    assert not errors & packed
    assert errors <= ended


def test_missing_units_end_the_order_under_erp_and_shorten_it_under_rms(rows):
    missing = [row for row in rows if row["reason"] == "missing units"]

    assert {row["scope"] for row in missing if row["invoicing"] == "ERP"} == {"full"}
    assert {row["scope"] for row in missing if row["invoicing"] == "RMS"} == {"full", "partial"}


def test_every_order_comes_to_an_end_and_time_never_runs_back(rows):
    by_order: dict[int, list[dict]] = {}
    for row in rows:
        by_order.setdefault(row["order"], []).append(row)
    by_order.pop(0)
    flow = [event.value for event in Event][: [*Event].index(Event.CREDIT_NOTE_DUE)]
    for life in by_order.values():
        events = [row["event"] for row in life]
        ended = "cancelled by customer" in events or any((row["outcome"], row["scope"]) == ("allowed", "full") for row in life)
        assert ended != ("dispatched" in events)
        steps = [
            flow.index(e)
            for e in events
            if e in flow and e not in ("cancellation", "cancelled by customer") and not (ended and e == "e-invoice generated")
        ]
        if life[0]["invoicing"] == "ERP":
            assert steps == sorted(steps)
        assert all(a["time_ms"] <= b["time_ms"] for a, b in pairwise(life))


@pytest.mark.parametrize("model", ["0", "1"])
@pytest.mark.parametrize(("share", "low", "high"), [(0, 0, 0), (0.3, 0.2, 0.4), (1, 1, 1)])
def test_a_stock_out_may_end_in_a_cancellation_by_the_seller(model, share, low, high):
    alone = ("oms.seller_cancellation_share=0", "ajio.customer_cancellation_share=0", "ajio.technical_cancellation_share=0")
    changes = (*SMALL, *alone, "oms.unfulfillable_share=0.5", "ajio.breach_cancellation_share=0", f"oms.invoicing_erp_share={model}")
    log = list(simulate(load("ordinary_week_erp", [*changes, f"oms.stock_out_cancellation_share={share}"])).rows())
    out_of_stock = {row.order for row in log if row.event == "unfulfillable"}
    cancelled = {row.order: row for row in log if row.reason == "no stock"}

    assert len(out_of_stock) > 200
    assert low <= len(cancelled) / len(out_of_stock) <= high
    assert cancelled.keys() <= out_of_stock
    assert {(row.canceller, row.scope, row.stage, row.outcome) for row in cancelled.values()} <= {
        ("seller", "full", "UNFULFILLABLE", "allowed")
    }
    assert not {row.order for row in log if row.event == "allocated"} & cancelled.keys()


def returns_of(*changes):
    log = list(simulate(load("returns_rsi", [*SMALL, "ajio.orders_per_day=400", "returns.unit_return_share=0.8", *changes])).rows())
    return {
        event: [row for row in log if row.event == event] for event in ("return requested", "return received", "quality check recorded")
    }


def test_returns_are_received_in_the_shift_and_checked_by_so_many_people():
    slow = ("wms.checkers=2", "wms.check_seconds_per_unit_median=600", "returns.same_parcel_share=0")
    rows = returns_of(*slow)
    checks = sorted(row.time_ms for row in rows["quality check recorded"])

    assert all(6 * HOUR <= row.time_ms % DAY < 22 * HOUR for row in rows["return received"])
    assert sum(not 6 * HOUR <= at % DAY < 22 * HOUR for at in checks) < 0.05 * len(checks), "begun before the shift ended"
    by_day = np.bincount([at // DAY for at in checks])
    assert max(by_day) > 130, "there is a queue"
    assert max(by_day) < 2 * 16 * 6 * 1.1, "two people check six units an hour each, in sixteen hours"
    assert max(np.bincount([row.time_ms // DAY for row in returns_of(*slow, "wms.checkers=20")["quality check recorded"]])) > max(by_day)


@pytest.mark.parametrize(("share", "low", "high"), [(0, 0.0, 0.02), (0.9, 0.85, 0.95), (1, 1.0, 1.0)])
def test_units_of_one_order_mostly_come_back_together(share, low, high):
    for event, rows in returns_of(f"returns.same_parcel_share={share}").items():
        times: dict[int, list[int]] = {}
        for row in rows:
            if row.reason != "return to origin":
                times.setdefault(row.order, []).append(row.time_ms)
        several = [life for life in times.values() if len(life) > 1]

        assert len(several) > 100
        if event == "return requested":
            assert low <= np.mean([len(set(life)) == 1 for life in several]) <= high


def test_a_manifest_closes_when_it_is_full_or_at_its_hour_and_the_van_comes_after_the_hour():
    log = simulate(load("ordinary_week_erp", [*SMALL, "ajio.orders_per_day=600", "wms.shipments_per_manifest=25"]))
    times: dict[int, dict[str, int]] = {}
    for row in log.rows():
        times.setdefault(row.order, {})[row.event] = row.time_ms
    shipments = sorted((life["packed"], life["ready to dispatch"], life["dispatched"]) for life in times.values() if "packed" in life)
    hours = Daily.at((12.0, 16.0, 20.0, 22.5))
    manifests: dict[int, list[int]] = {}
    for packed, ready, dispatched in shipments:
        assert packed <= ready <= hours.after(packed)
        assert dispatched == hours.after(packed) + 30 * MINUTE
        manifests.setdefault(ready, []).append(packed)

    assert max(map(len, manifests.values())) == 25
    for ready, packed in manifests.items():
        assert len(packed) == 25 if ready == packed[-1] else ready == hours.after(packed[0])
    assert {len(packed) for packed in manifests.values()} - {25}, "and some close at their hour"


def test_while_the_erp_is_down_nothing_is_posted_made_or_pushed():
    log = simulate(load("erp_outage", ["run.days=6", "ajio.orders_per_day=300"]))
    outages = Outages.of((58.0, 106.0), 6.0)

    for event in (Event.POSTED, Event.INVOICED, Event.PUSHED):
        times = log.where(event).columns["time_ms"].tolist()
        assert times
        assert not any(outages.down(at) for at in times)


def in_utc(at):
    return in_india(at).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.slow
def test_the_rows_follow_the_published_schema(mixed, rows):
    schema = json.loads(files("sop_engine").joinpath("schemas", "event-log.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    assert list(schema["properties"]) == list(COLUMN_NAMES)
    written = Identities(mixed.run.seed, 0).with_ids(Log.from_rows([EventRow(**row) for row in rows]))
    kinds = {(row.event, row.outcome, row.stage, row.e_invoice, row.reason, row.because): row._asdict() for row in written.rows()}
    for row in kinds.values():
        validator.validate(row | {"at": in_utc(row["at"])})


def test_a_partial_request_for_everything_is_put_as_a_full_one():
    """GAP-39, on the case of the log."""
    changes = (*SMALL, "oms.invoicing_erp_share=0.0", "wms.missing_unit_share=1.0")
    asked = simulate(load("ordinary_week_erp", changes)).where(Event.CANCELLATION).rows()
    everything = [row for row in asked if row.reason == "missing units" and "GAP-39" in row.ids]

    assert everything
    assert {row.scope for row in everything} == {"full"}
    assert decide(Case(Canceller.SELLER, Scope.FULL, Invoicing.RMS, Stage.PROCESSING, EInvoice.NOT_POSTED)).outcome == everything[0].outcome

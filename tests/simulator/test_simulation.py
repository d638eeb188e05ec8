"""The simulator: the same log everywhere, the engine's answers in every row, theory where there is any."""

import hashlib
import json
import math
import os
import subprocess
import sys
from datetime import UTC
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from simpy import Environment

from orders.log.calendar import DAY, HOUR, MINUTE, Daily, Outages
from orders.log.columns import COLUMN_NAMES, Event, EventRow
from orders.log.event_log import Log
from orders.log.timestamps import in_india
from simulator.analysis.estimates import estimates, paired_differences
from simulator.analysis.intervals import half_width, student_quantile
from simulator.analysis.measures import measure
from simulator.errors import ExperimentError, UnknownExperimentError
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.experiment import describe, load, parse
from simulator.experiment.roster import Roster
from simulator.model.draws.order_draws import draw_orders
from simulator.model.draws.random_streams import TABLE_STEPS, RandomStreams, exponential, lognormal
from simulator.model.worker_pool import WorkerPool
from simulator.study.identities import Identities, check_character, gstin, invoice_number, people
from simulator.study.process_pool import replications
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


# The same everywhere


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_another_process_and_hash_seed_give_the_same_log(hash_seed):
    program = f"from simulator.experiment.experiment import load; from simulator.study.simulate import simulate; print(simulate(load('partial_cancels', {SMALL!r})).digest())"
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True, text=True)

    assert told.stdout.strip() == simulate(load("partial_cancels", SMALL)).digest()


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing():
    experiment = load("partial_cancels", SMALL)

    assert replications(experiment, workers=1) == replications(experiment, workers=2)


def test_replications_and_seeds_differ():
    experiment = load("ordinary_week_erp", SMALL)
    digests = {simulate(experiment, number).digest() for number in range(3)} | {
        simulate(load("ordinary_week_erp", [*SMALL, "run.seed=2"])).digest()
    }

    assert len(digests) == 4


def test_a_what_if_meets_the_same_orders_with_the_same_luck():
    one, other = (draw_orders(load("ordinary_week_erp", [*SMALL, change]), 0) for change in ("wms.packers=7", "wms.packers=3"))

    assert (one.created, one.units, one.work, one.requests, one.breach) == (
        other.created,
        other.units,
        other.work,
        other.requests,
        other.breach,
    )


@pytest.mark.parametrize("hours", [2, 12])
def test_ajio_cancels_some_time_after_the_breach(hours):
    changes = (
        "ajio.breach_hours=24",
        "ajio.breach_cancellation_share=1",
        "ajio.stale_status_share=1",
        f"ajio.breach_reaction_hours_mean={hours}",
        "run.days=6",
    )
    experiment = load("ordinary_week_erp", [*SMALL, "wms.packers=1", "ajio.orders_per_day=800", *changes])

    created, delays = {}, []
    for row in simulate(experiment).rows():
        if row.event == "created":
            created[row.order] = row.at
        elif row.reason == "SLA breach":
            delays.append((row.at - created[row.order]) / HOUR - 24)

    assert len(delays) > 500
    assert min(delays) > 0
    assert np.mean(delays) == pytest.approx(hours, rel=0.1), "the mean of the setting"
    assert np.std(delays) == pytest.approx(hours, rel=0.15), "exponential: as much spread as mean"


# What the engine says


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


# Theory


@pytest.mark.slow
def test_one_pool_with_exponential_work_waits_as_erlang_says():
    """M/M/6 at 85 %: the packers alone, through the pool; theory inside 99.9 % and the half-width below 12 %."""
    servers, load_, mean_service = 6, 0.85, 240_000
    waits = []
    for number in range(12):
        chance = RandomStreams(3, number)
        index = np.arange(30_000, dtype=np.int64)
        arrivals = np.cumsum(chance.sample("gap", index, exponential(mean_service / servers / load_, 1))).tolist()
        service = chance.sample("service", index, exponential(mean_service, 1)).tolist()
        env, begun = Environment(), {}

        def begin(order, env=env, begun=begun, service=service):
            begun[order] = env.now
            return int(env.now) + service[order]

        pool = WorkerPool(env, Roster.always(servers), begin, lambda _: None)
        for order, at in enumerate(arrivals):
            env.timeout(at, order).callbacks.append(lambda event, pool=pool, env=env: pool.enqueue(event.value, int(env.now)))
        env.run()
        late = range(3_000, 30_000)
        waits.append(sum(begun[order] - arrivals[order] for order in late) / len(late))
    offered = servers * load_
    top = offered**servers / math.factorial(servers) / (1 - load_)
    waiting = top / (sum(offered**k / math.factorial(k) for k in range(servers)) + top)
    theory = waiting * mean_service / (servers * (1 - load_))

    half = half_width(waits, 0.999)
    assert abs(np.mean(waits) - theory) < half
    assert half < 0.12 * theory


def test_littles_law_holds_of_the_whole_system():
    log = simulate(load("ordinary_week_erp", [*SMALL, "ajio.orders_per_day=1000"]))
    start = dict(zip(*(log.where(Event.RELEASED).columns[name].tolist() for name in ("order", "time_ms")), strict=True))
    end = dict(zip(*(log.where(Event.PACKED).columns[name].tolist() for name in ("order", "time_ms")), strict=True))
    stays = [(start[order], end[order]) for order in end]
    changes = sorted([(at, 1) for at, _ in stays] + [(at, -1) for _, at in stays])
    area, inside = 0, 0
    for (at, change), (then, _) in pairwise(changes):
        inside += change
        area += inside * (then - at)

    assert area == sum(b - a for a, b in stays)


def test_arrivals_follow_the_rate_of_their_hour():
    experiment = load("sale_days", ["ajio.orders_per_day=3000"])
    expected = expected_by_hour(experiment.ajio, experiment.run.days)
    found = np.bincount([at // HOUR for at in draw_orders(experiment, 0).created], minlength=len(expected))
    chi2 = sum((n - e) ** 2 / e for n, e in zip(found, expected, strict=True))

    assert abs(chi2 - len(expected)) < 3.3 * math.sqrt(2 * len(expected))
    assert sum(expected[72:96]) == pytest.approx(12_000)
    assert expected[72] == pytest.approx(0.15 * 12_000)


def test_tables_have_the_mean_and_the_median_they_are_named_for():
    bits = RandomStreams(1, 0)
    index = np.arange(400_000, dtype=np.int64)

    assert bits.sample("x", index, exponential(1000.0, 1000)).mean() == pytest.approx(1e6, rel=0.005)
    assert np.median(bits.sample("y", index, lognormal(1000.0, 0.5, 1000))) == pytest.approx(1e6, rel=0.005)
    assert len(exponential(1.0, 1)) == TABLE_STEPS + 1


def test_a_stream_is_splitmix_of_its_name():
    key = int.from_bytes(hashlib.sha256(b"5/2/x").digest()[:8], "little")
    z = (key + 8 * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64

    assert int(RandomStreams(5, 2).random_bits("x", np.array([7]))[0]) == z ^ z >> 31


# Clocks


def test_clocks():
    assert Daily.at((12.0, 20.0)).after(12 * HOUR) == 20 * HOUR
    assert Daily.at((12.0, 20.0)).after(21 * HOUR) == DAY + 12 * HOUR
    outage = Outages.of((1.0,), 2.0)
    assert outage.working(HOUR - 1, 15 * MINUTE) == 3 * HOUR


# Measures


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
    told = measure([Log.from_rows(rows)], load("ordinary_week_rms", ["run.days=2", "run.warm_up_days=0"]))

    assert told["orders"] == 2
    assert told["time to pack, hours"] == 2
    assert told["time to dispatch, hours"] == 25
    assert told["SLA target missed, share of dispatched"] == 1
    assert told["SLA breached, share of orders"] == 0
    assert told["packers busy, share of staffed time"] == pytest.approx(1 / 96)
    assert told["cancellations: seller / full / refused"] == 1
    assert told["cancelled by customers"] == 1
    assert told["orders cancelled in full, share"] == 0.5
    assert told["refused or failed requests"] == 1
    assert (told["refused at PACKED"], told["refused on a closed manifest"]) == (0, 1)


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
    told = estimates([{"cancellations: a": 2.0, "wait": 1.0}, {"wait": math.nan}])

    assert told["cancellations: a"].mean == 1
    assert (told["wait"].mean, told["wait"].half_width) == (1, None)


# People and files


def test_gstins_are_valid_in_form():
    assert [check_character(body) for body in ("29AADCP7081J1Z", "27AAPFU0939F1Z", "29AAGCB7383J1Z")] == ["Y", "V", "4"]
    assert check_character(gstin(12345)[:14]) == gstin(12345)[14]
    assert len(gstin(2**63 - 1)) == 15


def test_invoice_numbers_are_short_and_begin_with_a_letter():
    assert len(invoice_number(4_000_000, 99_999)) <= 16
    assert invoice_number(1, 0)[0].isalpha()


def test_the_same_people_order_in_every_replication():
    assert people(1) == people(1) != people(2)
    assert all(name.strip() and "\n" not in address for name, address in people(1))


def test_a_log_can_be_made_again_from_its_rows():
    log = simulate(load("partial_cancels", SMALL))

    assert Log.from_rows(list(log.rows())[::-1]).digest() == log.digest()


# Experiments


BAD = [
    ("x = 1", "`x`: unknown"),
    ("[wsm]\npackers = 1", "did you mean `wms`"),
    ("[wms]\npackers = 0", "`wms.packers`: must be a whole number from 1 to 100,000, got 0"),
    ("[wms]\npaker = 1", "did you mean `packers`"),
    ("[wms]\npackers = 1.5", "whole number"),
    ("[wms]\npackers = true", "whole number"),
    ('[wms]\npackers = "7"', 'got "7"'),
    ("[wms]\npickers = -1", "`wms.pickers`"),
    ("wms = 1", "must be a table"),
    ('[wms]\nwork_order = "random"', '"first-come", "earliest-due"'),
    ("[wms]\nwork_order = 1", "must be one of"),
    ("[wms]\nshift_starts_at_hour = 22", "shift_ends_at_hour"),
    ("[wms]\nshift_ends_at_hour = 25", "from 1.0 to 24.0"),
    ("[wms]\nmanifest_closes_at_hours = []", "at least one"),
    ("[wms]\nmanifest_closes_at_hours = [24]", "list of numbers"),
    ("[wms]\nmanifest_closes_at_hours = 12", "must be a list"),
    ("[wms]\npick_sigma = 3", "from 0.0 to 2.0"),
    ("[wms]\nmissing_unit_share = 1.1", "from 0.0 to 1.0"),
    ("[wms]\nmissing_unit_share = nan", "missing_unit_share"),
    ("[wms]\npack_seconds_median = inf", "pack_seconds_median"),
    ("[wms]\npack_seconds_median = 0", "pack_seconds_median"),
    ("[run]\ndays = 0", "`run.days`"),
    ("[run]\ndays = 367", "to 366"),
    ("[run]\nwarm_up_days = 8", "less than run.days"),
    ("[run]\nreplications = 0", "replications"),
    ("[run]\nseed = -1", "seed"),
    ("[run]\nseed = 1e3", "seed"),
    ("[ajio]\norders_per_day = 0", "orders_per_day"),
    ("[ajio]\nhourly_weights = [1, 2]", "24 numbers"),
    ("[ajio]\nunits_weights = [0, 0, 0, 0, 0]", "must not all be 0"),
    ("[ajio]\nweekday_weights = [1, 1, 1, 1, 1, 1, -1]", "weekday_weights"),
    ("[ajio]\nsale_days = [1.5]", "whole numbers"),
    ("[ajio]\nsale_days = [8]", "before run.days"),
    ("[ajio]\nsale_days = [true]", "whole numbers"),
    ("[ajio]\nbreach_hours = 12", "target_hours"),
    ("[ajio]\ntarget_hours = []", "must be a number"),
    ("[erp]\noffice_closes_at_hour = 9", "after the office opens"),
    ("[erp]\nposts_per_interval = 0", "posts_per_interval"),
    ("[erp]\noutage_starts_at_hours = [-1]", "outage_starts_at_hours"),
    ("[erp]\nclerks = {}", "clerks"),
    ("[oms]\ninvoicing_erp_share = 2", "invoicing_erp_share"),
    ("[oms]\nseller_delay_hours_mean = 0", "seller_delay_hours_mean"),
    ("[returns]\nfail_share = 0.995", "together"),
    ("[returns]\nrto_days = [8, 6, 20]", "minimum, most likely"),
    ("[returns]\nrto_days = [8, 12]", "3 numbers"),
    ("[returns]\nrto_days = [8, 12, 200]", "to 60.0"),
    ("[run", "not TOML"),
    ("[run]\ndays = 2\ndays = 3", "not TOML"),
]


@pytest.mark.parametrize(("text", "reason"), BAD, ids=[f"{k:02}" for k in range(len(BAD))])
def test_a_bad_experiment_gets_one_clear_error(text, reason):
    with pytest.raises(ExperimentError) as caught:
        parse(f'description = "bad"\n{text}\n'.encode(), "bad.toml")

    (finding,) = caught.value.findings
    assert finding.startswith("bad.toml: ")
    assert reason in finding
    assert "\n" not in finding


def test_all_findings_come_at_once():
    with pytest.raises(ExperimentError) as caught:
        parse(b"[wms]\npackers = 0\npaker = 1\n[run]\ndays = 'x'", "bad.toml")

    assert len(caught.value.findings) == 4


def test_not_utf_8_and_no_description_are_said():
    with pytest.raises(ExperimentError, match="not UTF-8"):
        parse(b"description = '\xff'", "bad.toml")
    with pytest.raises(ExperimentError, match="description"):
        parse(b"", "bad.toml")


def test_every_setting_says_what_it_means_and_where_it_comes_from():
    for key, _, meaning in describe(load("ordinary_week_erp")):
        assert meaning.says, key
        assert meaning.source, key


def test_the_hash_of_an_experiment_is_of_what_decides_the_logs():
    one = load("ordinary_week_erp")

    assert one.sha256 == load("ordinary_week_erp", ["run.replications=9", "run.warm_up_days=0"]).sha256
    assert one.sha256 != load("ordinary_week_erp", ["wms.packers=8"]).sha256


def test_an_unknown_experiment_gets_a_hint():
    with pytest.raises(UnknownExperimentError, match="did you mean `sale_days`"):
        load("sale_day")


def test_a_partial_request_for_everything_is_put_as_a_full_one():
    """GAP-39, on the case of the log."""
    changes = (*SMALL, "oms.invoicing_erp_share=0.0", "wms.missing_unit_share=1.0")
    asked = simulate(load("ordinary_week_erp", changes)).where(Event.CANCELLATION).rows()
    everything = [row for row in asked if row.reason == "missing units" and "GAP-39" in row.ids]

    assert everything
    assert {row.scope for row in everything} == {"full"}
    assert decide(Case(Canceller.SELLER, Scope.FULL, Invoicing.RMS, Stage.PROCESSING, EInvoice.NOT_POSTED)).outcome == everything[0].outcome

"""The name of a written scenario says how the order ended and why."""

import re

import pytest

from orders.log.columns import EventRow
from orders.log.order_histories import OrderHistory, histories_of, select_diverse
from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.simulate import simulate
from sop_engine import Invoicing
from sop_engine.case import case_from
from sop_engine.engine import decide
from steps.generation.feature_writer import headline
from steps.language.formatter import formatted
from tests.support.written_features import ASKED, BACK, CREATED, LATE_INVOICE, OF_THE_ERP, SENT, findings, text_of, wrong

SMALL = (
    "run.days=5",
    "ajio.orders_per_day=60",
    "oms.seller_cancellation_share=0.2",
    "ajio.technical_cancellation_share=0.1",
    "ajio.stale_status_share=0.5",
)


@pytest.mark.parametrize("name", shipped_experiments())
def test_orders_of_every_experiment_become_a_sound_feature(name):
    experiment = load(name, SMALL)
    text = text_of(select_diverse(simulate(experiment), 12), experiment)

    assert findings(text) == []
    assert wrong(text) == []
    assert 5 <= text.count("Rule: Order ") <= 12, "an order without a scenario of its own has no Rule"
    assert formatted(text.encode(), "x.feature") == text.encode()


@pytest.mark.parametrize("model", ["0", "1"])
def test_the_cause_of_a_cancellation_is_in_the_rule_the_scenario_and_its_tags(model):
    changes = (f"oms.invoicing_erp_share={model}", "wms.missing_unit_share=0.3", "oms.unfulfillable_share=0.2", "wms.packers=1")
    experiment = load("ordinary_week_erp", (*SMALL, *changes))
    log = simulate(experiment)
    lives = [life for life in histories_of(log) if any(row.reason == "missing units" for row in life.rows)][:4]
    lives += [life for life in histories_of(log) if any(row.reason == "no stock" for row in life.rows)][:1]
    text = text_of(lives, experiment)

    assert len(lives) == 5
    assert findings(text) == []
    assert wrong(text) == []
    assert re.search(r"Rule: Order \d+, .*because units are missing at packing \(GAP-40\)", text)
    assert re.search(r"@GAP-40.*\n +Scenario: The seller cancels .*because units are missing at packing \(GAP-40\)", text)
    assert re.search(r"Scenario: The seller cancels .* while it waits for stock because no stock arrives", text)


def test_of_scenarios_with_the_same_steps_the_one_with_a_cause_is_written():
    experiment = load("ordinary_week_erp")
    steps = (("created", "CREATED"), ("allocated", "FULFILLABLE"), ("posted", "FULFILLABLE"), ("e-invoice generated", "FULFILLABLE"))
    states = {"posted": "posted", "e-invoice generated": "generated", "e-invoice pushed": "pushed", "released": "pushed"}
    way = [*steps, ("e-invoice pushed", "FULFILLABLE"), ("released", "PROCESSING")]
    rows = [
        EventRow(k, 1, event, **OF_THE_ERP, stage=stage, e_invoice=states.get(event, "not posted"), units=2 * (not k), at=k)
        for k, (event, stage) in enumerate(way)
    ]
    facts = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}
    answer = decide(case_from(facts))
    ids = " ".join(answer.clauses + answer.gaps)
    asked = ASKED._replace(stage="PROCESSING", outcome="allowed", units=2, reason="seller", because=ids, time_ms=9, at=9)
    missing = asked._replace(reason="missing units", because=f"GAP-40 {ids}")
    one, other = (
        OrderHistory(number, Invoicing.ERP, 2, tuple(row._replace(order=number) for row in (*rows, row)))
        for number, row in ((1, asked), (2, missing))
    )

    for lives in ([one, other], [other, one]):
        text = text_of(lives, experiment)
        assert "(GAP-40)" in text
        assert text.count("Scenario: The seller cancels") == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([CREATED], "it is on its way"),
        ([CREATED, SENT], "it is dispatched"),
        ([CREATED, SENT, BACK], "it is dispatched, and units come back"),
        ([CREATED, ASKED, SENT], "the seller cannot cancel it while it is PACKED; it is dispatched"),
        ([CREATED, ASKED, SENT, BACK], "the seller cannot cancel it while it is PACKED; it is dispatched, and units come back"),
        ([CREATED, SENT, ASKED._replace(stage="COMPLETED")], "it is dispatched; the seller comes too late to cancel it"),
        (
            [CREATED, ASKED._replace(stage="CREATED", scope="partial", outcome="allowed"), SENT, BACK],
            "the seller cancels some units before stock is reserved; the rest is dispatched, and units come back",
        ),
        ([CREATED, ASKED._replace(stage="CREATED", outcome="allowed")], "the seller cancels it before stock is reserved"),
        (
            [CREATED, ASKED._replace(stage="CREATED", outcome="allowed"), LATE_INVOICE],
            "the seller cancels it before stock is reserved, and the ERP invoices it afterwards",
        ),
        (
            [CREATED, ASKED._replace(stage="PROCESSING", outcome="allowed", reason="missing units", because="GAP-40")],
            "the seller cancels it while it is PROCESSING because units are missing at packing (GAP-40)",
        ),
        (
            [CREATED, ASKED._replace(stage="PROCESSING", outcome="allowed", canceller="Ajio", reason="SLA breach"), LATE_INVOICE],
            "Ajio cancels it while it is PROCESSING because the SLA is breached, and the ERP invoices it afterwards",
        ),
        ([CREATED, CREATED._replace(event="cancelled by customer")], "the customer cancels it"),
        ([CREATED, CREATED._replace(event="packing error")], "a partial cancellation by Ajio stops the packing"),
    ],
)
def test_the_headline_says_how_the_order_ended(rows, expected):
    assert headline(OrderHistory(1, Invoicing.ERP, 2, tuple(rows))) == expected

"""Rows that are deleted, set aside or less certain never turn what is due into nothing to do; another order of rows changes nothing."""

import os
from random import Random

import pytest

from orders.audit.audit import audit
from orders.audit.tables import Observed
from tests.support.audit_mutations import CLAIM, changed, example_run, random_run, shuffled, tables_of
from tests.support.audit_tables import bits

CASES = 10_000 if os.environ.get("NIGHTLY") == "1" else 700
AS_OF = CLAIM[1]


def duties(result):
    return {(row["order_key"], row["task"]): row["status"] for row in result.duties.to_pylist()}


def spoken_of(result):
    """The orders of which the audit says that something counts, is asked, or is uncertain."""
    findings = {row["order_key"] for row in result.findings.to_pylist() if row["strength"] != "info" or row["rule"] == "R-1"}
    return findings | {result.context.evidence.orders.keys[order] for order in result.context.coverage.orders_aside}


def still_evident(result, duty):
    """Whether the files still have what made *duty*: of the e-invoice, and of the request or of another that took effect."""
    evidence, requests = result.context.evidence, result.context.evidence.requests
    numbers = {
        evidence.documents_named.keys[number] for number in {*requests["invoice"].tolist(), *evidence.documents["number"].tolist()} - {-1}
    }
    if duty["invoice"] is not None and duty["invoice"] not in numbers:
        return False
    rows = zip(requests["source"].tolist(), requests["row"].tolist(), strict=True)
    if (duty["seen"][0]["source"], duty["seen"][0]["row"]) in rows:
        return True
    oms = (
        evidence.systems("requests", "Assure OMS")
        & (requests["carried_out"] == Observed.YES)
        & (requests["canceller"] != bits("canceller", "customer"))
    )
    return duty["order_key"] in {evidence.orders.keys[order] for order in requests["order"][oms].tolist()}


def wrong_turns(before, after):
    """What was due before, and of which the audit of fewer facts says that nothing is to do, although it has the order."""
    later, spoken = duties(after), spoken_of(after)
    for duty in before.duties.to_pylist():
        order, task, status = duty["order_key"], duty["task"], duty["status"]
        now = later.get((order, task))
        vanished = now is None and order not in spoken and still_evident(after, duty)
        if status in ("open", "partly done") and (now == "done" or vanished):
            yield order, task, status, now


def runs(random, number):
    return example_run(random) if number % 4 == 0 else random_run(random)


@pytest.mark.slow
def test_less_evidence_never_makes_a_duty_vanish():
    random = Random(2026)  # noqa: S311 (cases, not secrets)
    seen = 0
    for number in range(CASES):
        run = runs(random, number)
        before = audit(tables_of(run), AS_OF)
        after = audit(tables_of(changed(run, random)), AS_OF)
        seen += sum(status in ("open", "partly done") for status in duties(before).values())
        assert list(wrong_turns(before, after)) == [], number
    assert seen > CASES / 2


def plain(result):
    """Everything that an audit says, with the name of a source for its number."""
    names = [row["name"] for row in result.context.evidence.sources]
    answers = {(names[row["source"]], row["row"]): (row["order_key"], row["key"], row["outcome"]) for row in result.answers.to_pylist()}
    tables = [result.findings.to_pylist(), result.duties.to_pylist()]
    for rows in tables:
        for row in rows:
            row["seen"] = sorted((names[seen["source"]], seen["row"], seen["text"]) for seen in row["seen"])
    return answers, *(sorted(rows, key=str) for rows in tables)


@pytest.mark.slow
def test_the_order_of_rows_and_files_changes_nothing():
    random = Random(7)  # noqa: S311
    for number in range(CASES // 5):
        run = runs(random, number)
        assert plain(audit(tables_of(run), AS_OF)) == plain(audit(tables_of(shuffled(run, random)), AS_OF)), number

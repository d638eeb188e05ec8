"""Event logs as sources: every request, order, e-invoice and credit note of a simulated log, and nothing more."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from orders.intake.errors import IntakeError
from orders.intake.event_logs import is_event_log
from orders.log.columns import Event
from orders.log.export.formats import LogFormat, read_log
from simulator.experiment.experiment import load
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from tests.support.intake import read_file, reasons

KEYS = 'profile = "event-log"\n'
REQUESTS = (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
DOCUMENTS = {Event.INVOICED: "invoice", Event.CREDIT_NOTE_MADE: "credit note", Event.QUALITY_CHECK: "return"}


@pytest.fixture(scope="module", params=["partial_cancels", "ordinary_week_rms"])
def log_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    experiment = load(request.param)
    experiment = replace(experiment, run=replace(experiment.run, days=3))
    return write_log_files(LogFormat.PARQUET, record_replication(experiment), experiment, 0, tmp_path_factory.mktemp("log"), "x")[0]


@pytest.mark.slow
def test_each_request_has_the_facts_of_its_row(log_file):
    rows = list(read_log(log_file).log.rows())
    intake = read_file(log_file, KEYS)

    asked = {number: row for number, row in enumerate(rows, 1) if row.event in REQUESTS}
    requests = {row["row"]: row for row in intake.requests.to_pylist() if row["is_cancellation"]}
    assert asked
    assert requests.keys() == asked.keys()
    for number, row in asked.items():
        facts = requests[number]
        assert (facts["order_key"], facts["cancelled_start"]) == (row.order_id, row.at)
        assert facts["canceller"] == {"seller": 1, "Ajio": 2, "": 4}[row.canceller]
        assert facts["invoicing"] == {"ERP": 1, "RMS": 2}[row.invoicing]
        assert facts["carried_out"] == {"yes": 1, "no": 2, "unknown": 0, "": 0}[row.carried_out]
        if row.event == Event.CANCELLATION:
            assert facts["units_cancelled"] == row.units
            assert facts["scope"] == {"full": 1, "partial": 2}[row.scope]
            assert facts["packing_error"] == (row.outcome == "fails at packing" and facts["packing_failed_start"] is not None)


@pytest.mark.slow
def test_every_order_is_there_with_its_times(log_file):
    rows = [row for row in read_log(log_file).log.rows() if row.order]
    first = {}
    for row in rows:
        first.setdefault((row.order_id, row.event), row.at)
    intake = read_file(log_file, KEYS)

    assert {row["order_key"] for row in intake.requests.to_pylist()} == {row.order_id for row in rows}
    for row in intake.requests.to_pylist():
        for name, event in (
            ("created", Event.CREATED),
            ("posted", Event.POSTED),
            ("invoiced", Event.INVOICED),
            ("packed", Event.PACKED),
            ("packing_failed", None),
        ):
            if event:
                assert row[f"{name}_start"] == first.get((row["order_key"], event))
    orders = Counter(row["order_key"] for row in intake.requests.to_pylist() if not row["is_cancellation"])
    assert set(orders.values()) == {1}


@pytest.mark.slow
def test_documents_are_those_of_the_log_and_the_rows_add_up(log_file):
    rows = list(read_log(log_file).log.rows())
    intake = read_file(log_file, KEYS)

    expected = [(number, DOCUMENTS[row.event], row.order_id, row.at) for number, row in enumerate(rows, 1) if row.event in DOCUMENTS]
    documents = intake.documents.to_pylist()
    assert [(row["row"], row["kind"], row["order_key"], row["dated_start"]) for row in documents] == expected
    invoices = {row["order_key"]: row["number_key"] for row in documents if row["kind"] == "invoice"}
    assert all(row["original_key"] == invoices[row["order_key"]] for row in documents if row["kind"] == "credit note")
    assert sorted(intake.rows.column("row").to_pylist()) == list(range(1, len(rows) + 1))
    assert sum(intake.sources.column("rows").to_pylist()) == len(rows)
    assert is_event_log(log_file)


def test_a_history_that_begins_in_the_middle_is_set_aside(tmp_path):
    experiment = load("ordinary_week_erp")
    experiment = replace(experiment, run=replace(experiment.run, days=1))
    file = write_log_files(LogFormat.CSV, record_replication(experiment), experiment, 0, tmp_path, "x")[0]
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(number for number, line in enumerate(lines) if ",created," in line)
    order = lines[gone].split(",")[lines[0].split(",").index("order")]
    file.write_text("".join(lines[:gone] + lines[gone + 1 :]), encoding="utf-8")

    intake = read_file(file, KEYS)

    aside = {row["row"]: row["order_key"] for row in intake.rows.to_pylist() if row["reasons"]}
    assert len(set(aside.values())) == 1
    assert {row_reasons[0] for row_reasons in reasons(intake).values()} == {("ROW-18", None)}
    assert order
    assert set(aside.values()).isdisjoint(intake.requests.column("order_key").to_pylist())


def test_what_is_no_event_log_is_one_error(tmp_path):
    file = tmp_path / "log.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(IntakeError, match=r"log\.csv"):
        read_file(file, KEYS)

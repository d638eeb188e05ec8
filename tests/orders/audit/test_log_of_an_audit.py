"""The event log that an audit writes, audited again: it shows less than the exports, so nothing becomes certain that was not, and no row is lost."""

import pytest
from pyarrow import parquet

from orders.audit.audit import audit
from orders.audit.tables import RowState, Tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import read_sources
from orders.parts.event_file import write_events
from reports.audit.material import material_of
from tests.support.audit_files import make_examples
from tests.support.export_sets import AS_OF, FOLDER, read, sections, write_exports

OPEN = ("uncertain", "question")
LOG = '[audit]\ninvoicing = "ERP"\n[[source]]\nfile = "events.parquet"\nprofile = "event-log"\n{}'
COMPLETE = 'complete = { from = 2026-01-01, to = 2026-07-15, of = "orders" }\n'


def tables(intake):
    return Tables(intake.rows, intake.requests, intake.documents, intake.sources)


def audit_of_log(folder, exports, result, claim=""):
    """Write the log of an audit, and audit it."""
    whole = material_of(result, tables(exports))
    write_events(folder / "events.parquet", Tables(whole.rows, whole.requests, whole.documents, whole.sources))
    (folder / "log.toml").write_text(LOG.format(claim))
    log = read_sources(read_mapping(folder / "log.toml"), AS_OF)
    return log, audit(tables(log), AS_OF)


def certain(intake, result):
    """What is certain of each order: findings that count, duties that are due or done, and answers to requests."""
    findings = {(row["order_key"], row["rule"]) for row in result.findings.to_pylist() if row["strength"] == "must"}
    duties = {
        (row["order_key"], row["task"], row["invoice"], row["status"]) for row in result.duties.to_pylist() if row["status"] not in OPEN
    }
    requests = intake.requests.to_pylist()
    answers = {
        (row["order_key"], requests[row["request"]].get("cancelled_start"), part, row[part])
        for row in result.answers.to_pylist()
        for part in ("outcome", "credit_note")
        if row[part] is not None
    }
    return findings | duties | answers


@pytest.mark.parametrize("claim", ["", COMPLETE], ids=["incomplete", "complete"])
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_nothing_becomes_certain_in_the_log_of_an_audit(tmp_path, file, claim):
    write_exports(tmp_path, sections(file.read_text(encoding="utf-8")))
    exports = read(tmp_path)
    result = audit(tables(exports), AS_OF)
    log, again = audit_of_log(tmp_path, exports, result, claim)

    assert certain(log, again) <= certain(exports, result)
    assert {row["state"] for row in log.rows.to_pylist()} <= {str(RowState.USED)}


def test_an_order_without_the_time_of_its_placing_is_not_set_aside(tmp_path):
    """Five of the fifty rows were: no report has the orders of these, so that nothing says when they were placed."""
    exports = read_sources(read_mapping(make_examples(tmp_path)), AS_OF)
    log, again = audit_of_log(tmp_path, exports, audit(tables(exports), AS_OF))

    assert log.rows.num_rows == 50
    assert {row["state"] for row in log.rows.to_pylist()} == {str(RowState.USED)}
    assert {"FN0013", "FN0014"} <= set(log.requests["order_key"].to_pylist())
    assert {row["order_key"] for row in again.duties.to_pylist()} >= {"FN0001", "FN0002", "FN0003", "FN0008", "FN0013"}


def test_a_note_that_was_not_made_is_no_event(tmp_path):
    write_exports(tmp_path, sections((FOLDER / "63-notes-of-a-register.txt").read_text(encoding="utf-8")))
    exports = read(tmp_path)
    audit_of_log(tmp_path, exports, audit(tables(exports), AS_OF))

    assert {"CN-1", "CN-6"} <= set(parquet.read_table(tmp_path / "events.parquet")["document"].to_pylist())
    assert "CN-7" not in parquet.read_table(tmp_path / "events.parquet")["document"].to_pylist()  # a draft

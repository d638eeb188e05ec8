"""An audit in parts has the same answers, findings and duties, in the same order, as that of the whole run."""

import os
from random import Random

import pytest

from orders.audit.audit import audit
from orders.audit.rules.context import Options
from orders.audit.tables import Tables
from orders.parts.audited import MERGED, audit_in_parts
from orders.parts.disk_tables import read_table
from orders.parts.split import split
from orders.parts.workspace import Workspace
from sop_engine import Reading
from tests.support.audit_mutations import CLAIM, random_run, tables_of
from tests.support.audit_runs import cancelled, invoice, note, reported, run_tables
from tests.support.audit_tables import ajio, assure, daybook, joined
from tests.support.crossing_runs import crossing_tables
from tests.support.export_sets import AS_OF as OF_SETS
from tests.support.export_sets import FOLDER, read, sections, write_exports

AS_OF = CLAIM[1]
CASES = 3_000 if os.environ.get("NIGHTLY") == "1" else 150
SETS = pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
RESULTS = (*MERGED, "dated_later")


def assert_same(tables, folder, counts, as_of=AS_OF, reading=Reading.AS_PRACTISED, options=None):  # noqa: PLR0913
    options = options or Options()
    whole = audit(tables, as_of, reading, options)
    for count in counts:
        parts = audit_in_parts(tables, as_of, reading, options, count, Workspace(folder))
        assert parts.as_of == whole.as_of
        for name in RESULTS:
            assert getattr(parts, name).to_pylist() == getattr(whole, name).to_pylist(), (name, count)
            assert getattr(parts, name).schema == getattr(whole, name).schema, name
    return whole


@pytest.mark.parametrize("reading", Reading)
def test_the_examples_in_parts(tmp_path, reading):
    run = joined(assure(), ajio(), daybook())

    whole = assert_same(run, tmp_path, (1, 2, 3, 7, 40), reading=reading)

    assert whole.findings.num_rows > 20


@SETS
def test_the_sets_of_exports_in_parts(tmp_path, file):
    (tmp_path / "parts").mkdir()
    write_exports(tmp_path, sections(file.read_text(encoding="utf-8")))
    intake = read(tmp_path)

    assert_same(Tables(intake.rows, intake.requests, intake.documents, intake.sources), tmp_path / "parts", (2, 5), OF_SETS)


def test_random_runs_in_parts(tmp_path):
    random = Random(7)  # noqa: S311 (cases, not secrets)
    for _ in range(CASES // 3):
        assert_same(tables_of(random_run(random)), tmp_path, (3,))


def test_ids_that_look_alike_are_suggested_across_parts(tmp_path):
    """Each pair would fall into two parts by its ids."""
    requests = [cancelled(f"FN0O{number}") for number in range(10, 30)] + [reported(f"FN00{number}") for number in range(10, 30)]
    documents = [invoice(f"X{number}", number_key=f"IO{number}") for number in range(10, 30)]
    documents += [note(f"N{number}", f"I0{number}", order_key=f"Y{number}") for number in range(10, 30)]

    whole = assert_same(run_tables(requests, documents), tmp_path, (2, 7), options=Options())

    assert sum("looks like it" in finding["text"] for finding in whole.findings.to_pylist()) > 50


@pytest.mark.slow
def test_runs_whose_rows_share_ids_in_parts(tmp_path):
    random = Random(2026)  # noqa: S311 (cases, not secrets)
    rules, several = set(), 0
    for _ in range(CASES):
        run = crossing_tables(random)
        options = Options(stock_in_erp=random.random() < 0.5)
        as_of = random.choice([AS_OF, None, AS_OF.replace(day=1)])
        if as_of is None and all(value is None for table in (run.requests, run.documents) for value in _starts(table)):
            continue
        reading = random.choice(list(Reading))
        whole = assert_same(run, tmp_path, (2, 5), as_of, reading, options)
        rules |= set(whole.counts)
        several += _parts_with_rows(run, whole.as_of, tmp_path) > 1
    assert {"C-1", "C-6", "D-1", "D-3", "D-4", "D-6", "D-7", "R-3", "R-4", "R-5", "R-6", "R-7", "R-8", "T-1", "T-3", "T-4"} <= rules
    assert several > CASES / 5


def _starts(table):
    return [value for name in table.column_names if name.endswith("_start") for value in table[name].to_pylist()]


def _parts_with_rows(run, day, folder):
    parts = split(run, day, 5, Workspace(folder))
    return sum(any(file.stat().st_size > 0 and _rows(file) for file in part.files.values()) for part in parts)


def _rows(file):
    return read_table(file).num_rows

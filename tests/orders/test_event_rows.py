"""Rows of the event log: their clocks, columns, texts and words."""

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from orders.log.arrays import NumberedTexts
from orders.log.calendar import NEVER
from orders.log.columns import COLUMN_NAMES, COLUMNS, Event, EventRow
from orders.log.event_log import Log
from orders.log.event_words import EVENT_WORDS, reason_in_words, sentence_of, short_form_of
from orders.log.export import arrow
from orders.log.order_times import OrderTimes
from orders.log.timestamps import START_MS

ROOT = Path(__file__).parents[2]


def test_rows_either_all_have_the_clock_of_a_simulation_or_none_has():
    row = EventRow(0, 1, "created", "Ajio", "customer")

    with pytest.raises(ValueError, match="either all rows of a log have time_ms, or none has"):
        Log.from_rows([row, row._replace(time_ms=None, at=START_MS)])


def test_every_column_is_a_field_of_a_row_and_has_a_place():
    assert EventRow._fields == COLUMN_NAMES == tuple(COLUMNS)


@pytest.mark.parametrize("numbers", [[], [1], [1, 20, 99_999_999], [1, 100_000_000, 366_000_000]])
def test_numbered_texts_are_texts_in_memory_and_in_a_file(tmp_path, numbers):
    names = NumberedTexts("AJ0001", np.array(numbers, dtype=np.int64), 8)
    expected = [f"AJ0001{number:08}" for number in numbers]
    table = arrow.table({"name": arrow.words(np.arange(len(numbers)), names), "plain": arrow.texts(names)})
    pq.write_table(table, tmp_path / "x.parquet")

    assert list(names) == names[:] == [names[place] for place in range(len(names))] == expected
    for column in table.columns + pq.read_table(tmp_path / "x.parquet").columns:
        assert column.to_pylist() == expected


def test_the_times_of_real_orders_are_found_as_those_of_simulated_ones():
    row = EventRow(None, 1, "created", "Ajio", "customer", at=START_MS + 8)
    ended = row._replace(event="cancellation", canceller="seller", scope="full", outcome="allowed", at=START_MS + 20)
    of = OrderTimes(Log.from_rows([ended, row._replace(order=2, at=START_MS), row]))

    assert of.at(Event.CREATED).tolist() == [START_MS + 8, START_MS]
    assert of.ended.tolist() == [START_MS + 20, NEVER]


@pytest.mark.parametrize("package", ["orders", "reports", "simulator", "steps", "sop_cli"])
def test_cells_of_a_row_are_named_and_not_numbered(package):
    """In every module that knows rows of the log."""
    files = [file for file in (ROOT / package).rglob("*.py") if "EventRow" in file.read_text(encoding="utf-8")]
    numbered = [f"{file.name}: {line}" for file in files for line in re.findall(r".*\brow\[-?\d+\].*", file.read_text(encoding="utf-8"))]

    assert numbered == []


# Words


def test_every_event_has_words_of_its_own():
    assert list(EVENT_WORDS) == list(Event)
    for words in EVENT_WORDS.values():
        assert words.sentence
        assert 1 <= len(words.short.split()) <= 3
    assert len({words.sentence for words in EVENT_WORDS.values()}) == len(Event)


def test_a_row_says_its_words_and_an_event_that_is_not_known_is_its_own_name():
    row = EventRow(0, 1, "packed", "WMS", "packer", units=2)

    assert sentence_of(row) == "2 units packed: PACKED"
    assert sentence_of(row._replace(units=1)) == "1 unit packed: PACKED"
    assert short_form_of(row._replace(event="ready to dispatch")) == "manifest closes"
    assert sentence_of(row._replace(event="new")) == short_form_of(row._replace(event="new")) == "new"


@pytest.mark.parametrize(
    ("event", "reason", "words"),
    [
        ("quality check recorded", "pass", "pass: saleable"),
        ("quality check recorded", "fail", "fail: quarantine, offline claim"),
        ("quality check recorded", "missing", "missing: no GRN, offline claim"),
        ("quality check recorded", "torn", "torn"),
        ("return received", "missing", "missing"),
        ("quality check recorded", "", ""),
    ],
)
def test_the_reason_of_a_quality_check_says_where_the_unit_goes(event, reason, words):
    assert reason_in_words(EventRow(0, 1, event, "WMS", "warehouse", reason=reason)) == words


def test_a_row_knows_its_clauses_and_its_gaps():
    row = EventRow(0, 1, "cancellation", "Ajio", "Ajio", because="GAP-40 SC-ERP-FULL-2.1.1 GAP-39 AC-1")

    assert row.ids == ("GAP-40", "SC-ERP-FULL-2.1.1", "GAP-39", "AC-1")
    assert (row.clauses, row.gaps) == (("SC-ERP-FULL-2.1.1", "AC-1"), ("GAP-40", "GAP-39"))
    assert row._replace(because="").ids == ()

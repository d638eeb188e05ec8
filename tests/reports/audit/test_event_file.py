"""The event log of an audit: the same events as made row by row, whatever the ranges in which they are sorted."""

import os
from dataclasses import fields
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orders.audit.audit import AuditTables
from orders.audit.tables import Tables
from orders.log.columns import COLUMN_NAMES
from orders.parts import event_file
from orders.parts.event_file import in_groups, write_events
from orders.parts.ranges import number_borders, number_ranges, text_borders, text_ranges
from reports.audit.material import AuditMaterial, material_of
from sop_engine import Reading
from tests.support.audit_samples import AS_OF, material, request
from tests.support.crossing_runs import crossing_tables
from tests.support.naive_audit_events import naive_events

CASES = 1_000 if os.environ.get("NIGHTLY") == "1" else 60
NOTHING = dict.fromkeys(field.name for field in fields(AuditTables) if field.name not in ("as_of", "reading"))


def crossing_material(random: Random) -> AuditMaterial:
    return material_of(SimpleNamespace(as_of=AS_OF, reading=Reading.AS_PRACTISED, **NOTHING), crossing_tables(random))


def tables_of(one: AuditMaterial) -> Tables:
    return Tables(one.rows, one.requests, one.documents, one.sources)


def events_in(file: Path) -> list[dict[str, Any]]:
    table = pq.read_table(file)
    return table.set_column(table.column_names.index("at"), "at", table["at"].cast(pa.int64())).to_pylist()


def expected(one: AuditMaterial) -> list[dict[str, Any]]:
    sources = [source["name"] for source in one.sources.to_pylist()]
    events = naive_events(one.requests.to_pylist(), one.documents.to_pylist(), sources)
    return [{name: event[name] for name in COLUMN_NAMES} for event in events]


@pytest.mark.slow
def test_events_in_ranges_of_any_size_are_those_made_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(36)  # noqa: S311 (cases)
    file, kinds, repeated = tmp_path / "events.parquet", set(), 0
    for _ in range(CASES):
        one = crossing_material(random)
        write_events(file, tables_of(one))
        whole, events = file.read_bytes(), expected(one)
        assert events_in(file) == events
        for size in (1, 7):
            with monkeypatch.context() as small:
                small.setattr(event_file, "EVENTS_AT_A_TIME", size)
                small.setattr(event_file, "SAMPLED", random.choice([3, 200_000]))
                write_events(file, tables_of(one))
            assert file.read_bytes() == whole
        kinds |= {event["event"] for event in events}
        repeated += len({tuple(event[name] for name in ("order", "event", "at")) for event in events}) < len(events)
    assert len(kinds) > 4
    assert repeated > CASES / 20
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


def test_the_log_has_every_kind_of_event_once(tmp_path: Path) -> None:
    """Rows that say the same of an order, in another row and source; another effect and another document are events of their own."""
    times = dict.fromkeys(("created", "allocated", "posted", "invoiced", "pushed", "released", "packed"), "2026-06-02T09:00")
    times |= dict.fromkeys(("packing_failed", "ready", "dispatched"), "2026-06-03T09:00")
    same = request(2, "fn1", "2026-06-03T10:00", invoice_text="INV-1", **times)
    rows = [same, same | {"row": 1}, same | {"source": 1}, same | {"carried_out": 2}, same | {"invoice_text": "INV-2"}]
    rows += [
        same | {"row": 9, "canceller": 4, "units": None, "units_cancelled": None, "carried_out": None, "stage": 3, "created_end": None}
    ]
    one = material(requests=pa.Table.from_pylist(rows, material().requests.schema))
    write_events(tmp_path / "events.parquet", tables_of(one))
    events = events_in(tmp_path / "events.parquet")
    of_order = [event for event in events if event["order_id"] == "fn1"]

    assert of_order == [event for event in _with_day(expected, one) if event["order_id"] == "fn1"]
    assert [event["row"] for event in of_order if event["event"] == "created"] == [1, 2, 9]
    assert sum(event["event"] == "e-invoice generated" for event in of_order) == 4
    assert next(event["precision"] for event in of_order if event["row"] == 9 and event["event"] == "created") == "day"


def _with_day(make: Any, one: AuditMaterial) -> list[dict[str, Any]]:
    """Return what *make* returns, with a day for a time without an end."""
    place = one.requests.column_names.index("created_end")
    ends = [start + 86_400_000 if end is None and start is not None else end for start, end in _spans(one.requests)]
    return make(
        SimpleNamespace(
            requests=one.requests.set_column(place, "created_end", pa.array(ends, pa.int64())), documents=one.documents, sources=one.sources
        )
    )


def _spans(requests: pa.Table) -> list[tuple[int | None, int | None]]:
    return list(zip(requests["created_start"].to_pylist(), requests["created_end"].to_pylist(), strict=True))


def test_nothing_to_write_is_a_log_without_events(tmp_path: Path) -> None:
    one = material()
    empty = material(requests=one.requests.slice(0, 0), documents=one.documents.slice(0, 0))
    write_events(tmp_path / "events.parquet", tables_of(empty))

    assert pq.read_table(tmp_path / "events.parquet").num_rows == 0


def test_the_files_of_the_ranges_are_removed_after_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(event_file, "distinct_events", fail)
    with pytest.raises(OSError, match="No space"):
        write_events(tmp_path / "events.parquet", tables_of(material()))

    assert not (tmp_path / "events.working").exists()


def test_equal_texts_are_in_one_range_and_ranges_are_in_order() -> None:
    random = Random(5)  # noqa: S311 (texts)
    texts = [random.choice([None, "", "é", f"FN{random.randrange(40):03}", f"A{random.randrange(5)}"]) for _ in range(500)]
    column = pa.chunked_array([texts[:123], texts[123:]], pa.string())
    borders = text_borders((column, column), 9)
    numbers = text_ranges(pa.array(texts, pa.string()), borders).tolist()
    ordered = sorted(zip(texts, numbers, strict=True), key=lambda pair: (pair[0] is None, (pair[0] or "").encode()))

    assert len(borders) > 5
    assert [number for _, number in ordered] == sorted(numbers)
    assert len({*zip(texts, numbers, strict=True)}) == len({*texts})
    assert max(number for text, number in ordered if text is None) == len(borders)


def test_a_number_that_fills_a_range_has_one_of_its_own() -> None:
    sample = np.array([5] * 50 + [*range(100, 150)] + [7] * 3)
    borders = number_borders(sample, 10)
    numbers = number_ranges(sample, borders)

    assert {*numbers[sample == 5]}.isdisjoint(numbers[sample != 5])
    assert np.bincount(numbers).max() <= 50
    assert len(borders) > 6


@pytest.mark.parametrize("rows", [1, 3, 4, 100])
def test_groups_have_the_same_rows_whatever_comes_together(rows: int) -> None:
    table = pa.table({"x": range(20)})
    for size in (1, 3, 7, 20):
        groups = list(in_groups((table.slice(start, size) for start in range(0, 20, size)), rows))
        assert [group.num_rows for group in groups] == [min(rows, 20 - start) for start in range(0, 20, rows)]
        assert pa.concat_tables(groups).equals(table)

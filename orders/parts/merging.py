"""The results of the parts of a run as those of the whole: the same rows in the same order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PLACE_OF_FINDING = ("order_key", "rule", "document", "text")
PLACE_OF_DUTY = ("order_key", "task", "invoice")


def merged_findings(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the findings of all parts, sorted by order, rule, document, text and rows.

    The findings of an order are in one part, which has them in this order already. Those that name no order can be in several.
    """
    findings = pa.concat_tables(parts)
    places = _sorted_places(findings, PLACE_OF_FINDING)
    keys = findings["order_key"].take(pa.array(places))
    without = int(pc.sum(pc.equal(keys, "")).as_py() or 0)
    rows = findings.select(["rule", "document", "text", "seen"]).take(pa.array(places[:without])).to_pylist()
    first = sorted(range(without), key=lambda number: _sorted_by(rows[number]))
    return findings.take(pa.array(np.concatenate([places[first], places[without:]])))


def _sorted_by(finding: dict[str, Any]) -> tuple[Any, ...]:
    seen = [tuple(row.values()) for row in finding["seen"]]
    return finding["rule"], finding["document"] or "", finding["text"], seen


def merged_duties(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the duties of all parts, sorted by order, task and invoice."""
    duties = pa.concat_tables(parts)
    return duties.take(pa.array(_sorted_places(duties, PLACE_OF_DUTY)))


def merged_by_row(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of all parts, sorted by source and row."""
    return pa.concat_tables(parts).sort_by([("source", "ascending"), ("row", "ascending")])


def _sorted_places(table: pa.Table, names: Sequence[str]) -> np.ndarray:
    """Return the places of the rows sorted by some columns of text, an empty one first; equal rows keep their order."""
    keys = pa.table({name: pc.fill_null(table[name], "") for name in names})
    return np.asarray(pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names]).to_numpy())

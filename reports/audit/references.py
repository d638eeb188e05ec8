"""References of duties, findings and rows: the same for the same thing in every audit, so that a note can be kept with it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.material import BATCH, AuditMaterial
from reports.audit.work import Places

Numbered = Iterator[tuple[str, dict[str, Any]]]
_DIGITS = 11
NOTE, REFERENCE = "Your note", "Reference"
"""Columns by which a worklist is read back."""


def numbered_duties(material: AuditMaterial, places: Places | None = None) -> Numbered:
    """Yield each duty with its reference, or only those at *places*, in that order."""
    return _with_references(material.duties, duty_references(material), places)


def numbered_findings(material: AuditMaterial, places: Places | None = None) -> Numbered:
    """Yield each finding with its reference, or only those at *places*, in that order."""
    return _with_references(material.findings, finding_references(material), places)


def numbered_rows(material: AuditMaterial, places: Places | None = None) -> Numbered:
    """Yield each row set aside with its reference, or only those at *places* among them."""
    return _with_references(material.rows_set_aside, row_references(material), places)


def duty_references(material: AuditMaterial) -> pa.Array:
    """Return the reference of each duty: of its order, task and invoice."""
    return material.cached("duty references", lambda: _references("D", _keys_joined(material.duties, "order_key", "task", "invoice")))


def finding_references(material: AuditMaterial) -> pa.Array:
    """Return the reference of each finding: of its rule, order and document."""
    return material.cached("finding references", lambda: _references("F", _keys_joined(material.findings, "rule", "order_key", "document")))


def row_references(material: AuditMaterial) -> pa.Array:
    """Return the reference of each row set aside: of its order and its reasons, since its number changes with every export."""
    return material.cached("row references", lambda: _references("R", _names_of_rows(material.rows_set_aside)))


def _with_references(table: pa.Table, references: pa.Array, places: Places | None) -> Numbered:
    count = table.num_rows if places is None else len(places)
    for start in range(0, count, BATCH):
        if places is None:
            part, of_part = table.slice(start, BATCH), references.slice(start, BATCH)
        else:
            chosen = pa.array(places[start : start + BATCH])
            part, of_part = table.take(chosen), references.take(chosen)
        yield from zip(of_part.to_pylist(), part.to_pylist(), strict=True)


def _keys_joined(table: pa.Table, *names: str) -> pa.Array:
    columns = [table[name].combine_chunks().cast(pa.string()) for name in names]
    return pc.binary_join_element_wise(*columns, "\0", null_handling="replace", null_replacement="")


def _names_of_rows(aside: pa.Table) -> pa.Array:
    """Return what a row set aside is called: its order, and the id and the cell of each of its reasons."""
    reasons = aside["reasons"].combine_chunks()
    counts = pc.fill_null(pc.list_value_length(reasons), 0)
    flat = pc.list_flatten(reasons)
    texts = pc.fill_null(pc.struct_field(flat, "text"), "None")
    words = pc.binary_join_element_wise(pc.struct_field(flat, "id"), texts, " ")
    ends = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(counts).cast(pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, words), "\0")
    orders = pc.fill_null(aside["order_key"].combine_chunks(), "")
    return pc.if_else(pc.equal(counts, 0), orders, pc.binary_join_element_wise(orders, joined, "\0"))


def _references(letter: str, names: pa.Array) -> pa.Array:
    """Return a reference for each of *names*; equal names get different references."""
    parts = [pa.array([], pa.string())]
    nth = _nth_of_its_kind(names)
    for start in range(0, len(names), BATCH):
        texts, numbers = names.slice(start, BATCH).to_pylist(), nth[start : start + BATCH].tolist()
        parts.append(pa.array([_reference(letter, name, number) for name, number in zip(texts, numbers, strict=True)], pa.string()))
    return pa.concat_arrays(parts)


def _nth_of_its_kind(names: pa.Array) -> Places:
    """Return for each of *names* how many equal ones are before it."""
    codes = names.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    is_first = np.ones(len(codes), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    begins = np.flatnonzero(is_first)
    nth = np.empty(len(codes), np.int64)
    nth[order] = np.arange(len(codes)) - np.repeat(begins, np.diff([*begins, len(codes)]))
    return nth


def _reference(letter: str, name: str, nth: int) -> str:
    return letter + sha256(f"{letter}\0{name}\0{nth}".encode()).hexdigest()[:_DIGITS]

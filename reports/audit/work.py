"""The lists of work of an audit, chosen and sorted in columns: the places of duties and findings in their tables.

An audit can have a million findings, and a list shows some hundred of them: only those become Python objects.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orders.audit.rows.columns import Flags, flags_of
from reports.audit.material import AuditMaterial
from reports.audit.wording import CREDIT_NOTE, OPEN, SHOWN_AS_DUTIES, UNDECIDED, URGENCIES

Places = NDArray[np.int64]
"""Places of rows in a table."""


def are_questions(findings: pa.Table) -> Flags:
    """Return which *findings* ask for something to be found out first."""
    return flags_of(pc.or_(findings["cannot_tell"], pc.equal(findings["strength"], "ask")))


def is_one_of(table: pa.Table, name: str, words: Iterable[str]) -> Flags:
    """Return which rows of *table* have one of *words* in the column *name*."""
    return flags_of(pc.is_in(table[name], pa.array(list(words), pa.string())))


def findings_to_work_on(material: AuditMaterial, letters: str, *, asking: bool) -> Places:
    """Return the findings of rules with one of *letters* that are work: open questions if *asking*, otherwise the others."""
    findings = material.findings
    asked = are_questions(findings)
    of_systems = is_one_of(findings, "rule", (rule for rule in _rules(findings) if rule[0] in "RT" and rule[0] in letters))
    of_letters = is_one_of(findings, "rule", (rule for rule in _rules(findings) if rule[0] in letters and rule not in SHOWN_AS_DUTIES))
    is_work = asked if asking else ~asked & (is_one_of(findings, "strength", ("must",)) | of_systems)
    return np.flatnonzero(is_work & of_letters)


def other_duties(material: AuditMaterial) -> Places:
    """Return the duties, other than credit notes, for which something has to be done or found out."""
    duties = material.duties
    is_open = is_one_of(duties, "modality", ("must",)) & is_one_of(duties, "status", (*OPEN, *UNDECIDED))
    return np.flatnonzero(is_open & ~is_one_of(duties, "task", (CREDIT_NOTE,)))


def finished_credit_notes(material: AuditMaterial) -> Places:
    """Return the credit notes that are neither open nor undecided."""
    duties = material.duties
    return np.flatnonzero(is_one_of(duties, "task", (CREDIT_NOTE,)) & ~is_one_of(duties, "status", (*OPEN, *UNDECIDED)))


def credit_notes_by_age(material: AuditMaterial) -> Places:
    """Return the credit notes that are open or undecided: overdue ones, then by age, then undecided ones."""
    places: Places = material.cached("credit notes by age", lambda: _credit_notes_by_age(material.duties))
    return places


def oldest_credit_notes(material: AuditMaterial, count: int) -> Places:
    """Return the *count* open credit notes that have waited longest."""
    notes = np.flatnonzero(is_one_of(material.duties, "task", (CREDIT_NOTE,)) & is_one_of(material.duties, "status", OPEN))
    days, orders = (material.duties[name].take(pa.array(notes)) for name in ("days", "order_key"))
    by_age = credit_notes_by_age(material)  # of equal ones the first in the worklist is the first here
    place_in_worklist = np.zeros(material.duties.num_rows, np.int64)
    place_in_worklist[by_age] = np.arange(len(by_age))
    keys = {"days": pc.fill_null(days, 0), "order": orders, "place": place_in_worklist[notes]}
    order = pc.sort_indices(pa.table(keys), [("days", "descending"), ("order", "ascending"), ("place", "ascending")])
    return np.asarray(notes[order.to_numpy()[:count]])


def _credit_notes_by_age(duties: pa.Table) -> Places:
    notes = np.flatnonzero(is_one_of(duties, "task", (CREDIT_NOTE,)) & is_one_of(duties, "status", (*OPEN, *UNDECIDED)))
    chosen = duties.select(["status", "urgency", "days", "order_key", "invoice"]).take(pa.array(notes))
    urgencies = pc.fill_null(pc.index_in(chosen["urgency"], pa.array(list(URGENCIES))), len(URGENCIES))
    keys = {
        "is_undecided": pa.array(~is_one_of(chosen, "status", OPEN)),
        "urgency": urgencies,
        "days": pc.fill_null(chosen["days"], 0),
        "order": chosen["order_key"],
        "invoice": pc.fill_null(chosen["invoice"], ""),
        "place": notes,
    }
    directions = [(name, "descending" if name == "days" else "ascending") for name in keys]
    return np.asarray(notes[pc.sort_indices(pa.table(keys), directions).to_numpy()])


def places_by_word(words: pa.ChunkedArray, places: Places) -> dict[str, Places]:
    """Return *places* by their *words*, in the order in which each is first."""
    encoded = words.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy()
    return {word: places[codes == code] for code, word in enumerate(encoded.dictionary.to_pylist())}


def first_grounds(findings: pa.Table) -> pa.ChunkedArray:
    """Return for each finding the clause, or else the gap, that it rests on first; an empty text for none."""
    return pc.coalesce(first_of(findings["clauses"]), first_of(findings["gaps"]), "")


def first_of(lists: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the first of each of *lists*; null for an empty one."""
    chunks = [chunk.flatten().take(_begins(chunk)) for chunk in lists.chunks]
    return pa.chunked_array(chunks, pa.string())


def _begins(lists: pa.ListArray) -> pa.Array:
    """Return the place of the first of each of *lists* in all of them."""
    counts = np.asarray(pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    return pa.array(np.cumsum(counts) - counts, mask=counts == 0)


def _rules(findings: pa.Table) -> list[str]:
    return [str(rule) for rule in findings["rule"].unique().to_pylist()]

"""An earlier audit: what was closed since, what is new and what is older, and the notes that the client wrote into its worklist."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import Kind
from orders.row_places import RowPlaces
from reports.audit.audit_lines import AUDIT, NAME_THE_FOLDER, audit_lines
from reports.audit.material import AuditMaterial, records
from reports.audit.references import NOTE, REFERENCE, numbered_duties, numbered_findings
from reports.audit.wording import RULES, SHOWN_AS_DUTIES, day_text, is_open_duty, is_question, source_name, task_words
from reports.html.errors import ReportError
from sop_engine import TaskKey
from sop_engine.text import path_shown, text_of_cell

WORKLIST = "worklist.xlsx"
_HEADER_ROWS: Final = 20
"""Rows in which the titles of a worklist are looked for; a client may have put lines above them."""
_NAMING: Final = frozenset({"order_key", "number_key", "original_key"})
"""Columns with what a row names."""
_NOTES_OF_NO_INVOICE: Final = frozenset({"R-7", "D-6"})
"""Rules that find credit notes without their e-invoice in the files."""
_OF_OPEN_ENTRIES: Final = frozenset({"key", "names", "exports"})

Export = tuple[str, str]
"""System and profile of a file; the profile is empty if the mapping names none."""
SourceAndRow = tuple[int, int]
"""Source and number of a row."""


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """A duty or finding as a comparison shows it: its order, what it is about, how it ended, and the client's note.

    What these files do not say has also what the next audit needs to know it again: see `OpenEntry`.
    """

    reference: str
    order: str
    what: str
    how: str = ""
    note: str = ""
    key: str = ""
    names: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the entry, ready for JSON; without what only some entries have if it has none."""
        return {name: value for name, value in asdict(self).items() if value or name not in _OF_OPEN_ENTRIES}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since an earlier audit.

    Attributes:
        as_of: its day.
        closed: what was open then and is done; or is not found any more, though each export that showed it names its order again.
        gone: what was open then, or in audits before of which that one's files did not say it, and of which the files of this audit do
            not say whether it was done.
        new: what is open now and was not.
        older: what is open in both.
    """

    as_of: str
    closed: tuple[WorkEntry, ...]
    gone: tuple[WorkEntry, ...]
    new: tuple[WorkEntry, ...]
    older: tuple[WorkEntry, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return the comparison, ready for JSON."""
        lists = {name: [entry.to_plain() for entry in getattr(self, name)] for name in ("closed", "gone", "new", "older")}
        return {"as_of": self.as_of, **lists}


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """What was open in an earlier audit.

    Attributes:
        key: of its order.
        names: what a row must name to be about it: the order, or its document.
        exports: system and profile of each file in which it was seen.
    """

    key: str
    names: frozenset[str]
    exports: frozenset[Export]
    entry: WorkEntry


@dataclass(frozen=True, slots=True)
class EarlierAudit:
    """An earlier audit as far as it is needed: its day, reading and systems, what was open by reference, and the notes."""

    as_of: str
    reading: str
    systems: frozenset[str]
    open: Mapping[str, OpenEntry]
    notes: Mapping[str, str]


def read_earlier(folder: Path) -> EarlierAudit:
    """Read the audit in *folder*: what was open, and the notes in its worklist, as a spreadsheet program saved it.

    Raises:
        ReportError: there is none, or it is damaged.
        UnreadableFileError: a file cannot be read.
    """
    exports: dict[str, Export] = {}
    were_open: dict[str, OpenEntry] = {}
    notes: dict[str, str | None] = {}
    systems: set[str] = set()
    head: dict[str, str] = {}
    try:
        for name, value in audit_lines(folder):
            if name in {"as_of", "reading"}:
                head[name] = str(value)
            elif name == "sources":
                exports[source_name(value)] = _export(value)
                systems.add(value["system"])
            elif name in {"duties", "findings"}:
                notes[value["reference"]] = value["note"]
                if _is_open(value):
                    were_open[value["reference"]] = _was_open(value, exports)
            elif name == "since":
                notes |= {entry["reference"]: entry["note"] for entry in _past(value)}
                were_open = {entry["reference"]: _still_open(entry) for entry in _past(value, "gone")} | were_open
        day, reading = date.fromisoformat(head["as_of"]).isoformat(), head["reading"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(path_shown(folder / AUDIT), f"it is not an audit of this program ({error})", NAME_THE_FOLDER) from None
    if (folder / WORKLIST).is_file():
        notes |= read_notes(folder / WORKLIST)
    return EarlierAudit(day, reading, frozenset(systems), were_open, {reference: note for reference, note in notes.items() if note})


def with_notes(earlier: EarlierAudit, notes: Mapping[str, str]) -> EarlierAudit:
    """Return *earlier* with *notes* by reference, as `read_notes` reads them from a copy of its worklist; an empty one removes a note."""
    return replace(earlier, notes={reference: note for reference, note in {**earlier.notes, **notes}.items() if note})


def _was_open(record: Mapping[str, Any], exports: Mapping[str, Export]) -> OpenEntry:
    names = (record["order_key"], record.get("invoice"), record.get("document"))
    return OpenEntry(
        record["order_key"],
        frozenset(name.upper() for name in names if name),
        frozenset(exports[seen["file"]] for seen in record["seen"]),
        WorkEntry(record["reference"], record["order"], _what(record)),
    )


def _still_open(entry: Mapping[str, Any]) -> OpenEntry:
    """Return what was open in an audit before, and of which the files of the earlier audit did not say how it ended."""
    key = entry.get("key", entry["order"].upper())
    exports = frozenset((system, profile) for system, profile in entry.get("exports", ()))
    return OpenEntry(key, frozenset(entry.get("names", [key])), exports, WorkEntry(entry["reference"], entry["order"], entry["what"]))


def _export(source: Mapping[str, Any]) -> Export:
    return source["system"], source["profile"] or ""


def _past(since: Mapping[str, Any] | None, *lists: str) -> Iterator[Mapping[str, Any]]:
    if since is not None:
        for name in lists or ("closed", "gone"):
            yield from since[name]


def is_worklist(titles: Collection[object]) -> bool:
    """Return whether a sheet with the columns *titles* is one of a worklist, whose notes can be read."""
    return NOTE in titles and REFERENCE in titles


def read_notes(file: Path) -> dict[str, str]:
    """Read the notes of a worklist by reference; rows and columns may have been sorted, moved, hidden or added, and sheets renamed.

    A reference whose note is empty has an empty text; of two different notes on one reference, the last one counts.

    Raises:
        ReportError: it is not a workbook that can be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (an extra)

    try:
        book = CalamineWorkbook.from_path(str(file))
        pages = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise ReportError(path_shown(file), f"it is not a workbook, or it is damaged ({error})", "save it again as .xlsx") from None
    notes: dict[str, str] = {}
    for rows in pages:
        heading = next((place for place, row in enumerate(rows[:_HEADER_ROWS]) if is_worklist(row)), None)
        if heading is None:
            continue
        note, reference = rows[heading].index(NOTE), rows[heading].index(REFERENCE)
        for row in rows[heading + 1 :]:
            key, text = str(row[reference]).strip(), _note_text(row[note])
            if key and (text or key not in notes):
                notes[key] = text
    return notes


def _note_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return text_of_cell(str(value).strip())


def compare(earlier: EarlierAudit, material: AuditMaterial) -> Comparison:
    """Return what changed from *earlier* to *material*.

    Raises:
        ReportError: *earlier* is of a later day, or of the other reading of the SOP, so that other things differ than what was done.
    """
    if earlier.as_of > material.as_of.isoformat():
        days = f"{day_text(date.fromisoformat(earlier.as_of))}, after that of this one, {day_text(material.as_of)}"
        raise ReportError("the earlier audit", f"its day is {days}", "name an audit of an earlier day, or another day for this one")
    if earlier.reading != str(material.reading):
        readings = f"{earlier.reading}, that of this one {material.reading}"
        raise ReportError("the earlier audit", f"its reading is {readings}", "compare audits of one reading")
    are_open, ended, strangers = _open_and_ended(earlier, material)
    names = _Names(earlier, material)
    closed: list[WorkEntry] = []
    gone: list[WorkEntry] = []
    for reference, was in sorted(earlier.open.items(), key=lambda item: (item[1].key, item[0])):
        if reference not in are_open:
            how, is_closed = names.ending(ended.get(reference), was)
            entry = replace(was.entry, how=how, note=earlier.notes.get(reference, ""))
            if is_closed:
                closed.append(entry)
            else:
                gone.append(replace(entry, key=was.key, names=tuple(sorted(was.names)), exports=tuple(sorted(was.exports))))
    are_open |= {reference: replace(are_open[reference], how=how) for reference, how in names.kept_for(strangers)}
    new = tuple(entry for reference, entry in are_open.items() if reference not in earlier.open)
    older = tuple(entry for reference, entry in are_open.items() if reference in earlier.open)
    return Comparison(earlier.as_of, tuple(closed), tuple(gone), new, older)


def _open_and_ended(
    earlier: EarlierAudit, material: AuditMaterial
) -> tuple[dict[str, WorkEntry], dict[str, dict[str, Any]], dict[str, list[SourceAndRow]]]:
    """Return by reference what is open, what was open in *earlier* and is not, and the rows of credit notes without their e-invoice."""
    are_open: dict[str, WorkEntry] = {}
    ended: dict[str, dict[str, Any]] = {}
    strangers: dict[str, list[SourceAndRow]] = {}
    for reference, record in chain(numbered_duties(material), numbered_findings(material)):
        if _is_open(record):
            are_open[reference] = WorkEntry(reference, record["order_text"], _what(record), "", earlier.notes.get(reference, ""))
            if record.get("rule") in _NOTES_OF_NO_INVOICE:
                strangers[reference] = [(seen["source"], seen["row"]) for seen in record["seen"]]
        elif reference in earlier.open:
            ended[reference] = record
    return are_open, ended, strangers


class _Names:
    """Which of the orders and documents that were open each export of this audit names, and the systems that are missing since then.

    `kept_of_notes` has the duties that are kept, by source and row of each credit note that names one.
    """

    def __init__(self, earlier: EarlierAudit, material: AuditMaterial) -> None:
        wanted = pa.array({name for was in earlier.open.values() for name in (*was.names, was.key)}, pa.string())
        self.used: dict[Export, set[str]] = defaultdict(set)
        for source in records(material.sources):
            for table in (material.requests, material.documents):
                is_of_source = pc.equal(table["source"], source["source"])
                for column in _NAMING & set(table.column_names):
                    self.used[_export(source)] |= _names_found(table[column].filter(is_of_source), wanted)
        self.set_aside = _names_found(pc.list_flatten(material.rows_set_aside["named"]), wanted)
        for column in _NAMING:
            self.set_aside |= _names_found(material.rows_set_aside[column], wanted)
        self.notes = _notes_naming(material, wanted)
        self.kept_of_notes: dict[SourceAndRow, str] = {}
        self.missing = sorted(earlier.systems - {source["system"] for source in records(material.sources)})

    def ending(self, record: Mapping[str, Any] | None, was: OpenEntry) -> tuple[str, bool]:
        """Return how something that was open has ended, and whether it is known to have ended."""
        if record is not None and record.get("status") == "done":
            return f"done by {record['done_by'] or 'the client'}" + (f" on {record['done_on']}" if record["done_on"] else ""), True
        why_open = self._why_open(was)
        if why_open is None:
            return "not found any more", True
        notes = self._notes_for(was)
        if not notes:
            return why_open, False
        verb = "names" if len(notes) == 1 else "name"
        remedy = "audit these files together with those of the earlier audit, to see whether it is credited in full"
        return f"{', '.join(notes)} {verb} it; {remedy}", False

    def _why_open(self, was: OpenEntry) -> str | None:
        """Return why it is not known whether something that was open, and is not found any more, has ended; None if it has."""
        if not self.set_aside.isdisjoint(was.names):
            return "a row that names it is set aside"
        if not was.key or not any(was.key in names for names in self.used.values()):
            return "no file of this audit names the order"
        if self.missing:
            return f"this audit has no file of {', '.join(self.missing)}"
        silent = sorted({system for system, profile in was.exports if not was.names & self.used[(system, profile)]})
        if silent:
            return f"the export of {' and '.join(silent)} that showed it does not name the order any more"
        return None

    def _notes_for(self, was: OpenEntry) -> list[str]:
        """Return the credit notes that name the e-invoice or the order of a duty to make one, as texts."""
        if not was.entry.what.startswith(task_words(TaskKey.CREDIT_NOTE)):
            return []
        notes = dict.fromkeys(note for name in sorted(was.names) for note in self.notes.get(name, ()))
        self.kept_of_notes |= {row: " ".join(filter(None, (was.entry.order, was.entry.what))) for row, _ in notes}
        return [text for _, text in notes]

    def kept_for(self, rows_of: Mapping[str, list[SourceAndRow]]) -> Iterator[tuple[str, str]]:
        """Yield by reference which duties that are kept a credit note can be for, as texts; *rows_of* has its rows."""
        for reference, rows in rows_of.items():
            kept = ", ".join(dict.fromkeys(self.kept_of_notes[row] for row in rows if row in self.kept_of_notes))
            if kept:
                yield reference, f"it can be for what is kept since then: {kept}"


def _notes_naming(material: AuditMaterial, wanted: pa.Array) -> dict[str, list[tuple[SourceAndRow, str]]]:
    """Return the credit notes that stand, by what they name of *wanted*: source and row of each, and a text."""
    documents, places = material.documents, RowPlaces(records(material.sources))
    is_note = pc.equal(documents["kind"].cast(pa.string()), str(Kind.CREDIT_NOTE))
    stands = pc.and_(pc.fill_null(documents["counts"], True), pc.invert(pc.fill_null(documents["cancelled"], False)))  # noqa: FBT003 (values)
    names_one = pc.or_(*(pc.is_in(documents[name], wanted) for name in ("original_key", "order_key")))
    notes: dict[str, list[tuple[SourceAndRow, str]]] = defaultdict(list)
    for row in documents.filter(pc.and_(pc.and_(is_note, stands), names_one)).to_pylist():
        place = row["source"], row["row"]
        for name in filter(None, (row["original_key"], row["order_key"])):
            notes[name].append((place, f"{row['number_text'] or 'a credit note'} ({places.text(*place)})"))
    return notes


def _names_found(column: pa.ChunkedArray, wanted: pa.Array) -> set[str]:
    """Return which of *wanted* a column names."""
    return {name for name in column.filter(pc.is_in(column, wanted)).unique().to_pylist() if name}


def _is_open(record: Mapping[str, Any]) -> bool:
    if "task" in record:
        return is_open_duty(record)
    return record["rule"] not in SHOWN_AS_DUTIES and (record["strength"] == "must" or is_question(record))


def _what(record: Mapping[str, Any]) -> str:
    if "task" in record:
        return " ".join(filter(None, (task_words(record["task"]), record["invoice"] and f"({record['invoice']})")))
    return f"{record['rule']} {RULES.get(record['rule'], '')}: {record['text']}"

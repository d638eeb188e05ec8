"""An earlier audit: what was closed since, what is new and what is older, and the notes that the client wrote into its worklist."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reports.audit.material import AuditMaterial
from reports.audit.references import numbered_duties, numbered_findings
from reports.audit.sheets import NOTE, REFERENCE, is_question
from reports.audit.wording import OPEN, SHOWN_AS_DUTIES, UNDECIDED
from reports.html.errors import ReportError
from sop_engine.input_files import read_json
from sop_engine.text import text_of_cell

AUDIT, WORKLIST = "audit.json", "worklist.xlsx"
_HEADER_ROWS: Final = 20
"""Rows in which the titles of a worklist are looked for; a client may have put a line above them."""
NAME_THE_FOLDER = "name the folder of an earlier audit, such as build/audits/2026-06-30"


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty or finding as a comparison shows it."""

    reference: str
    order: str
    what: str
    how: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since an earlier audit.

    Attributes:
        as_of: its day.
        closed: what was open then and is done, or is not found any more although its order is in the files.
        gone: what was open then and whose order is in no file now, so that nothing can be said.
        new: what is open now and was not.
        older: what is open in both.
        notes: the client's notes by reference, also of what is closed.
    """

    as_of: str
    closed: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    new: tuple[Entry, ...]
    older: tuple[Entry, ...]
    notes: Mapping[str, str]

    def to_plain(self) -> dict[str, Any]:
        """Return the comparison, ready for JSON."""
        lists = {"closed": self.closed, "gone": self.gone, "new": self.new, "older": self.older}
        plain = {name: [{part: getattr(entry, part) for part in Entry.__slots__} for entry in entries] for name, entries in lists.items()}
        return {"as_of": self.as_of, **plain}


@dataclass(frozen=True, slots=True)
class EarlierAudit:
    """An earlier audit as it is needed here: its day, what was open, and the client's notes."""

    as_of: str
    open: Mapping[str, Entry]
    notes: Mapping[str, str]


def read_earlier(folder: Path) -> EarlierAudit:
    """Read the audit in *folder*: what was open, and the notes in its worklist, as a spreadsheet program saved it.

    Raises:
        ReportError: there is none, or it is damaged.
        UnreadableFileError: a file cannot be read.
    """
    if not (folder / AUDIT).is_file():
        raise ReportError(str(folder), f"it has no {AUDIT}", NAME_THE_FOLDER)
    plain = read_json(folder / AUDIT, NAME_THE_FOLDER)
    try:
        records = [*plain["duties"], *plain["findings"]]
        was_open = {record["reference"]: _entry(record["reference"], record) for record in records if _is_open(record)}
        notes = {record["reference"]: record["note"] for record in records if record["note"]}
        notes |= {entry["reference"]: entry["note"] for part in _past(plain) for entry in part if entry["note"]}
        day = str(plain["as_of"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(str(folder / AUDIT), f"it is not an audit of this program ({error})", NAME_THE_FOLDER) from None
    if (folder / WORKLIST).is_file():
        kept, changed = dict(notes), read_notes(folder / WORKLIST)
        notes = {reference: note for reference, note in {**kept, **changed}.items() if note}
    return EarlierAudit(day, was_open, notes)


def _past(plain: Mapping[str, Any]) -> Iterator[list[Any]]:
    since = plain.get("since") or {}
    yield from (since.get(name, []) for name in ("closed", "gone"))


def read_notes(file: Path) -> dict[str, str]:
    """Read the notes of a worklist by reference; rows and columns may have been sorted, moved, hidden or added.

    A reference whose note is empty now has an empty text.

    Raises:
        ReportError: it is not a workbook that can be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (an extra)

    try:
        book = CalamineWorkbook.from_path(str(file))
        pages = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise ReportError(str(file), f"it is not a workbook, or it is damaged ({error})", "save it again as .xlsx, or remove it") from None
    notes: dict[str, str] = {}
    for rows in pages:
        heading = next((place for place, row in enumerate(rows[:_HEADER_ROWS]) if NOTE in row and REFERENCE in row), None)
        if heading is None:
            continue
        note, reference = rows[heading].index(NOTE), rows[heading].index(REFERENCE)
        for row in rows[heading + 1 :]:
            key, text = str(row[reference]).strip(), _note_text(row[note])
            if key and (text or key not in notes):
                notes[key] = text
    return notes


def _note_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return text_of_cell(str(value).strip())


def compare(earlier: EarlierAudit, material: AuditMaterial) -> Comparison:
    """Return what changed from *earlier* to *material*."""
    now = {reference: record for numbered in (numbered_duties(material), numbered_findings(material)) for reference, record in numbered}
    is_open = {reference: _entry(reference, record, earlier.notes) for reference, record in now.items() if _is_open(record)}
    present = set(material.requests["order_key"].unique().to_pylist()) | set(material.documents["order_key"].unique().to_pylist())
    closed, gone = [], []
    for reference, entry in sorted(earlier.open.items(), key=lambda each: (each[1].order, each[0])):
        if reference in is_open:
            continue
        how, found = _ending(now.get(reference), entry, present)
        (closed if found else gone).append(Entry(reference, entry.order, entry.what, how, earlier.notes.get(reference, "")))
    kept = [(reference, entry) for reference, entry in is_open.items()]
    new = tuple(entry for reference, entry in kept if reference not in earlier.open)
    older = tuple(entry for reference, entry in kept if reference in earlier.open)
    return Comparison(earlier.as_of, tuple(closed), tuple(gone), new, older, earlier.notes)


def _ending(record: Mapping[str, Any] | None, entry: Entry, present: set[Any]) -> tuple[str, bool]:
    """Return how what was open has ended, and whether it is known to have ended."""
    if record is not None and record.get("status") == "done":
        return f"done by {record['done_by']}" + (f" on {record['done_on']}" if record["done_on"] else ""), True
    if record is not None or _key(entry.order) in present:
        return "not found any more", True
    return "its order is in no file of this audit", False


def _key(order: str) -> str:
    return order.strip().removeprefix("'").upper()


def _is_open(record: Mapping[str, Any]) -> bool:
    if "task" in record:
        return record["modality"] == "must" and record["status"] in (*OPEN, *UNDECIDED)
    return record["rule"] not in SHOWN_AS_DUTIES and (record["strength"] == "must" or is_question(dict(record)))


def _entry(reference: str, record: Mapping[str, Any], notes: Mapping[str, str] | None = None) -> Entry:
    order = record.get("order_text", record.get("order", ""))
    document = record.get("invoice") or record.get("document") or ""
    what = f"{record['task']} {document}".strip() if "task" in record else f"{record['rule']} {record['text']}"
    note = record.get("note") if notes is None else notes.get(reference)
    return Entry(reference, order, what, "", note or "")

"""The columns of a file for a person who confirms how they are read: what each is taken for and why, with masked samples."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from orders.audit.tables import Claim, System
from orders.day_bounds import MOST_DAYS, DayBounds
from orders.intake.errors import EncodingError, IntakeError
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.event_logs import is_event_log
from orders.intake.files.encodings import DECLARE, require_file
from orders.intake.files.spreadsheets import SPREADSHEET_ENDINGS
from orders.intake.mapping.date_order import FORMS
from orders.intake.mapping.headers import compact
from orders.intake.mapping.own_table import TABLE_KINDS, OwnTable, TableKind, own_tables
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.mapping.reading import zone_text
from orders.intake.mapping.source_mapping import SourceMapping
from orders.intake.mapping.suggestion import SuggestedSource, Suggestion, suggestions
from orders.intake.mapping.targets import DOCUMENT_TARGETS, MEANINGS, REQUEST_TARGETS, TYPES, Type
from orders.intake.mapping.writing import claim_of
from orders.intake.values.numbers import GROUPINGS
from reports.audit.earlier_audit import is_worklist, read_notes

TARGETS_OF = {True: DOCUMENT_TARGETS, False: REQUEST_TARGETS}
"""Columns of the mapping that a file can fill, by whether it has documents."""
CHOOSE_ENCODING = "if it comes from Excel on Windows, choose cp1252, otherwise the encoding that its program wrote"

CHOOSE_UTF_16 = "if it is UTF-16, choose that as its encoding, otherwise export it again"


def offered_columns(file: Path, encoding: str | None, profile: str | None = None, header: int | None = None) -> dict[str, Any]:
    """Return the sheets of *file* with their columns, or the ``error`` that it cannot be read and whether an encoding would help.

    Of a worklist of this program ``notes`` says how many notes it has, and no sheet is offered.

    Args:
        file: an export.
        encoding: of a text that is not UTF-8.
        profile: the one to follow; the one that fits best if it is None, and none at all if it is empty.
        header: row of the header of a table that follows no profile.
    """
    try:
        require_file(file)
        sheets = [_event_log()] if is_event_log(file) else _sheets(file, encoding, profile, header)
        if _is_worklist(file, sheets):
            return _offered_file(notes=sum(map(bool, read_notes(file).values())))
        return _offered_file(sheets=sheets)
    except EncodingError as error:
        remedy = error.remedy if encoding else CHOOSE_ENCODING if error.remedy == DECLARE else CHOOSE_UTF_16
        return _offered_file(f"{error.reason}; {remedy}", needs_encoding=True)
    except IntakeError as error:
        return _offered_file(f"{error.reason}; {error.remedy}", needs_encoding=encoding is not None)


def _is_worklist(file: Path, sheets: Sequence[Mapping[str, Any]]) -> bool:
    return file.suffix.casefold() in SPREADSHEET_ENDINGS and any(
        is_worklist([column["name"] for column in sheet["columns"]]) for sheet in sheets if sheet["own"]
    )


def _offered_file(
    error: str = "", *, needs_encoding: bool = False, sheets: Sequence[Mapping[str, Any]] = (), notes: int | None = None
) -> dict[str, Any]:
    """Return what the page shows of a file; *notes* is how many notes it has if it is a worklist of this program."""
    return {"error": error, "needs_encoding": needs_encoding, "sheets": list(sheets), "notes": notes}


def _sheets(file: Path, encoding: str | None, profile: str | None, header: int | None) -> list[dict[str, Any]]:
    """Return the sheets that a profile fits, and the others with their own columns.

    Raises:
        IntakeError: the file cannot be read.
    """
    fitting = [] if profile == "" else suggestions(file, encoding, profile)
    if fitting and fitting[0].mapping.sheet is None:
        return [_sheet(source) for source in fitting]
    names = {source.mapping.sheet for source in fitting}
    others = [table for table in own_tables(file, encoding, header) if table.source.mapping.sheet not in names or not fitting]
    return [*(_sheet(source) for source in fitting), *(_own_sheet(table) for table in others)]


def offered_choices() -> dict[str, Any]:
    """Return what can be chosen for every file: columns of the mapping with their types, forms of dates, claims and bounds of days."""
    return {
        "targets": {kind: [_target(name) for name in TARGETS_OF[kind == "documents"]] for kind in ("orders", "documents")},
        "kinds": [_kind(kind) for kind in TABLE_KINDS],
        "profiles": [{"name": profile.name, "title": profile.title} for profile in profiles().values() if profile.names],
        "systems": [str(system) for system in System],
        "groupings": list(GROUPINGS),
        "forms": list(FORMS),
        "claims": [str(claim) for claim in Claim],
        "time": str(Type.TIME),
        "bounds": asdict(DayBounds()),
        "most_days": MOST_DAYS,
    }


def _sheet(source: SuggestedSource) -> dict[str, Any]:
    mapping = source.mapping
    profile = profiles()[mapping.profile or ""]
    every = sorted([*source.suggestions, *source.others], key=lambda suggestion: (len(suggestion.letter), suggestion.letter))
    missing = _missing(source)
    count = Counter(compact(suggestion.column) for suggestion in every)
    return {
        "sheet": mapping.sheet,
        "profile": profile.name,
        "title": profile.title,
        "confidence": CONFIDENCES[profile.confidence],
        "about": profile.source,
        "system": str(mapping.system),
        "kind": "documents" if mapping.has_documents else "orders",
        "certain": mapping.is_confirmed,
        "questions": [
            *(f"no column for `{target}` was found: choose it" for target in missing if target not in source.doubled),
            *(f"{reason}: choose one of them for `{target}`, or leave both" for target, reason in source.doubled.items()),
            *(f"{question.reason}; choose the form below" for question in source.date_questions),
        ],
        "doubled": list(source.doubled),
        "missing": missing,
        "required": list(dict.fromkeys((*mapping.required, "kind" if mapping.has_documents else "order"))),
        "dates": bool(source.date_questions),
        "formats": list(mapping.formats),
        "zone": "" if mapping.zone is None else zone_text(mapping.zone),
        "claim": str(claim_of(mapping)),
        "columns": [_offered_of_profile(suggestion, mapping, is_twice=count[compact(suggestion.column)] > 1) for suggestion in every],
        "personal": list(source.personal),
        "words": {target: dict(column.words or {}) for target, column in mapping.columns.items() if column.words},
        "fixed": {target: column.value for target, column in mapping.columns.items() if column.value is not None},
        "numbers": mapping.numbers,
        "log": False,
        "own": False,
    }


def _own_sheet(table: OwnTable) -> dict[str, Any]:
    """Return a sheet that follows no profile: what it has is to be chosen."""
    source = table.source
    count = Counter(compact(column.column) for column in source.others)
    columns = [
        {**_offered(column, is_twice=count[compact(column.column)] > 1), "forms": list(table.forms.get(column.letter, ()))}
        for column in source.others
    ]
    nothing: dict[str, Any] = {"title": "", "confidence": "", "about": "", "system": "", "kind": "", "claim": "", "words": {}, "fixed": {}}
    return {
        **nothing,
        "sheet": source.mapping.sheet,
        "profile": "",
        "certain": False,
        "questions": [],
        "missing": [],
        "dates": False,
        "formats": [],
        "zone": "Asia/Kolkata",
        "columns": columns,
        "personal": list(source.personal),
        "numbers": source.mapping.numbers,
        "log": False,
        "own": True,
        "header": source.mapping.header,
        "rows": table.rows,
        "doubt": table.doubt,
        "delimiter": source.mapping.delimiter,
    }


def _target(name: str) -> dict[str, Any]:
    """Return a column of the mapping with its type, and its meanings if it is one of words."""
    return {"name": name, "type": str(TYPES[name]), "meanings": list(MEANINGS.get(name, ()))}


def _kind(kind: TableKind) -> dict[str, Any]:
    """Return a kind of table, with the keys of its source in a mapping file."""
    more = {"required": list(kind.required), **({"rows": kind.rows} if kind.rows else {})}
    return {
        "name": kind.name,
        "kind": "documents" if kind.has_documents else "orders",
        "system": str(kind.system),
        "claim": str(kind.claim),
        "fixed": {"kind": kind.kind} if kind.kind else {},
        "more": more,
    }


def _offered(suggestion: Suggestion, *, is_twice: bool) -> Mapping[str, Any]:
    return {
        "target": suggestion.target,
        "name": suggestion.column,
        "letter": suggestion.letter,
        "reason": suggestion.reason,
        "samples": list(suggestion.samples),
        "how": _how(suggestion),
        "twice": is_twice,
        "words": list(suggestion.words),
        "zone": "",
    }


def _offered_of_profile(suggestion: Suggestion, mapping: SourceMapping, *, is_twice: bool) -> Mapping[str, Any]:
    """Return a column with the zone that its name declares; empty if it declares none."""
    zone = mapping.columns[suggestion.target].zone if suggestion.target else None
    return {**_offered(suggestion, is_twice=is_twice), "zone": "" if zone is None else zone_text(zone)}


def _how(suggestion: Suggestion) -> str:
    """Return how sure a suggestion is: by an exact name, another spelling, or a name that is only alike; empty if there is none."""
    if not suggestion.target:
        return ""
    return "exact" if suggestion.is_exact else "alike" if suggestion.is_alike else "synonym"


def _missing(source: SuggestedSource) -> list[str]:
    """Return the columns that must be there and for which none was found."""
    mapping, targets = source.mapping, {suggestion.target for suggestion in source.suggestions}
    return [target for target in mapping.required if target not in targets and mapping.columns[target].value is None]


def _event_log() -> dict[str, Any]:
    """Return an event log of this program, of which nothing needs to be chosen."""
    profile = profiles()[EVENT_LOG]
    texts = {"title": profile.title, "confidence": CONFIDENCES[profile.confidence], "about": profile.source, "system": profile.system}
    nothing: dict[str, Any] = {
        "sheet": None,
        "questions": [],
        "missing": [],
        "formats": [],
        "zone": "",
        "claim": "",
        "columns": [],
        "personal": [],
    }
    more: dict[str, Any] = {"words": {}, "fixed": {}, "numbers": "", "own": False}
    return {**texts, **nothing, **more, "profile": profile.name, "kind": "orders", "certain": True, "dates": False, "log": True}

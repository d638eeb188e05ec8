"""The columns of a file for a person who confirms how they are read: what each is taken for and why, with masked samples."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orders.audit.tables import Claim
from orders.intake.errors import EncodingError, IntakeError
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.event_logs import is_event_log
from orders.intake.files.encodings import DECLARE, require_file
from orders.intake.mapping.date_order import FORMS
from orders.intake.mapping.headers import plain
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.mapping.source_mapping import IST
from orders.intake.mapping.suggestion import SuggestedSource, Suggestion, suggest
from orders.intake.mapping.targets import DOCUMENT_TARGETS, REQUEST_TARGETS, TYPES, Type
from orders.intake.mapping.writing import claim_of

TARGETS_OF = {True: DOCUMENT_TARGETS, False: REQUEST_TARGETS}
"""Columns of the mapping that a file can fill, by whether it has documents."""
CHOOSE_ENCODING = "if it comes from Excel on Windows, choose cp1252, otherwise the encoding that its program wrote"

CHOOSE_UTF_16 = "if it is UTF-16, choose that as its encoding, otherwise export it again"


def offered_columns(file: Path, encoding: str | None) -> dict[str, Any]:
    """Return the sheets of *file* with their columns, or the ``error`` that it cannot be read and whether an encoding would help."""
    try:
        require_file(file)
        if is_event_log(file):
            return {"error": "", "needs_encoding": False, "sheets": [_event_log()]}
        return {"error": "", "needs_encoding": False, "sheets": [_sheet(source) for source in suggest(file, encoding)]}
    except EncodingError as error:
        remedy = error.remedy if encoding else CHOOSE_ENCODING if error.remedy == DECLARE else CHOOSE_UTF_16
        return {"error": f"{error.reason}; {remedy}", "needs_encoding": True, "sheets": []}
    except IntakeError as error:
        return {"error": f"{error.reason}; {error.remedy}", "needs_encoding": encoding is not None, "sheets": []}


def offered_choices() -> dict[str, Any]:
    """Return what can be chosen for every file: columns of the mapping with their types, forms of dates, and claims."""
    return {
        "targets": {
            kind: [{"name": name, "type": str(TYPES[name])} for name in TARGETS_OF[kind == "documents"]] for kind in ("orders", "documents")
        },
        "forms": list(FORMS),
        "claims": [str(claim) for claim in Claim],
        "time": str(Type.TIME),
    }


def _sheet(source: SuggestedSource) -> dict[str, Any]:
    mapping = source.mapping
    profile = profiles()[mapping.profile or ""]
    every = sorted([*source.suggestions, *source.others], key=lambda suggestion: (len(suggestion.letter), suggestion.letter))
    missing = _missing(source)
    count = Counter(plain(suggestion.column) for suggestion in every)
    return {
        "sheet": mapping.sheet,
        "profile": profile.name,
        "title": profile.title,
        "confidence": CONFIDENCES[profile.confidence],
        "about": profile.source,
        "system": str(mapping.system),
        "kind": "documents" if mapping.has_documents else "orders",
        "certain": mapping.is_confirmed,
        "questions": list(source.questions),
        "missing": missing,
        "dates": len(source.questions) > len(missing),
        "formats": list(mapping.formats),
        "zone": "" if mapping.zone is None else "Asia/Kolkata" if mapping.zone == IST else "UTC",
        "claim": str(claim_of(mapping)),
        "columns": [_offered(suggestion, is_twice=count[plain(suggestion.column)] > 1) for suggestion in every],
        "personal": list(source.personal),
        "log": False,
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
    }


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
    return {**texts, **nothing, "profile": profile.name, "kind": "orders", "certain": True, "dates": False, "log": True}

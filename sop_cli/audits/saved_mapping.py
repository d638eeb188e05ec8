"""A mapping file that was saved, as what a person chose: for the page, which fills its fields from it."""

from pathlib import Path
from typing import Any

from orders.audit.tables import WORDS
from orders.day_bounds import BOUND_KEYS
from orders.intake.errors import IntakeError
from orders.intake.mapping.reading import read_mapping
from orders.intake.mapping.source_mapping import AuditMapping, SourceMapping
from orders.intake.mapping.targets import UNKNOWN_MEANING
from sop_cli.audits.column_choices import OWN_KEYS
from sop_engine.input_files import read_toml


def saved_choices(file: Path) -> dict[str, Any]:
    """Return the settings of the mapping *file*, and of each source what was chosen, as the page sends it.

    Raises:
        IntakeError: it cannot be read, or has an unknown key, word or profile.
    """
    try:
        mapping = read_mapping(file)
    except IntakeError as error:
        raise IntakeError(error.place.replace(str(file), file.name), error.reason, error.remedy) from None
    content = read_toml(file, "correct the mapping")
    return {
        "settings": _settings(mapping, content.get("audit", {})),
        "sources": [_source_choice(source, table) for source, table in zip(mapping.sources, content["source"], strict=True)],
    }


def _settings(mapping: AuditMapping, audit: dict[str, Any]) -> dict[str, Any]:
    given = audit.get("invoicing", UNKNOWN_MEANING)
    if isinstance(given, str) and given not in (*WORDS["invoicing"], UNKNOWN_MEANING):
        given = {"column": given}
    if isinstance(given, list):
        given = {"column": given}
    if isinstance(given, dict) and "value" in given:
        given = given["value"]
    return {
        "invoicing": given,
        "as_of": "" if mapping.as_of is None else mapping.as_of.isoformat(),
        "stock_in_erp": mapping.stock_in_erp,
        "days": {key: audit[key] for key in BOUND_KEYS if key in audit},
    }


def _source_choice(source: SourceMapping, table: dict[str, Any]) -> dict[str, Any]:
    dates = table.get("dates", {})
    claim = table.get("complete")
    return {
        "file": source.file.name,
        "sheet": source.sheet,
        "profile": table.get("profile", ""),
        "encoding": source.encoding or "",
        "confirmed": source.is_confirmed,
        "formats": _texts_of(dates.get("format", [])),
        "zone": dates.get("zone", ""),
        "complete": None if claim is None else {"from": claim["from"].isoformat(), "to": claim["to"].isoformat(), "of": claim["of"]},
        "columns": {target: _column_choice(value) for target, value in table.get("columns", {}).items()},
        "more": {key: value for key, value in table.items() if key not in OWN_KEYS},
    }


def _column_choice(value: Any) -> dict[str, Any] | None:
    """Return a column of a mapping file in one form: its names or its letter, or its value in all rows; None if it is left out."""
    if value is False:
        return None
    inner = value if isinstance(value, dict) else {"column": value}
    return {
        "names": _texts_of(inner.get("column", [])),
        "letter": str(inner.get("letter", "")).upper(),
        "value": inner.get("value"),
        "words": inner.get("words", {}),
        "formats": _texts_of(inner.get("format", [])),
        "zone": inner.get("zone", ""),
    }


def _texts_of(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)

"""Reading of mapping files and profiles, which are written alike."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from orders.audit.tables import WORDS, Claim, System
from orders.day_bounds import BOUND_KEYS, MOST_DAYS, DayBounds
from orders.intake.errors import IntakeError
from orders.intake.mapping.profiles import Profile, profile_named
from orders.intake.mapping.source_mapping import CANCELLATIONS, IST, LINES, ORDERS, AuditMapping, MappedColumn, SourceMapping
from orders.intake.mapping.strict import TomlTable
from orders.intake.mapping.targets import DOCUMENT_TARGETS, MEANINGS, REQUEST_TARGETS, TYPES, UNKNOWN_MEANING, Type
from orders.intake.values.date_formats import date_formats
from orders.intake.values.dates import FIRST_YEAR, LAST_YEAR
from orders.intake.values.masking import PERSONAL
from orders.intake.values.numbers import GROUPINGS
from sop_engine.errors import did_you_mean
from sop_engine.input_files import UnreadableFileError, read_toml
from sop_engine.text import quoted

AUDIT_KEYS = ("invoicing", "as_of", "stock_in_erp", *BOUND_KEYS)
SOURCE_KEYS = (
    "file", "sheet", "profile", "system", "complete", "dates", "numbers", "encoding", "delimiter", "header", "rows", "empty", "columns",
    "required", "total", "personal", "confirmed",
)  # fmt: skip
COLUMN_KEYS = ("column", "letter", "value", "words", "format", "zone")
DELIMITERS = (",", ";", "\t", "|", "tab")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_ZONES = {"asia/kolkata": IST, "asia/calcutta": IST, "ist": IST, "utc": 0, "z": 0}
_AS = {("delimiter", "tab"): "\t"}
_REMEDY = "correct the mapping"


def read_mapping(file: Path) -> AuditMapping:
    """Read a mapping file; the files that it names are beside it.

    Raises:
        IntakeError: it cannot be read, or has an unknown key, word or profile.
    """
    try:
        content = read_toml(file, _REMEDY)
    except UnreadableFileError as error:
        readable = os.access(file, os.R_OK)
        raise IntakeError(str(error.file), error.reason, error.remedy if readable else "check its name and its permissions") from None
    top = TomlTable(file.name, content, ("audit", "source"))
    audit = top.table("audit", AUDIT_KEYS)
    sources = top.get("source", list, [])
    if not sources:
        raise IntakeError(file.name, "it has no [[source]]", "add one for each file, or run `sop audit FILE` to have it suggested")
    invoicing = column_of(audit, "invoicing", "invoicing", is_explicit=True) or MappedColumn(value=UNKNOWN_MEANING)
    if invoicing.letter is not None:
        raise IntakeError(audit.place, "`invoicing` has a letter, which is another column in each file", "name the column by its header")
    mappings = [
        _with_invoicing(_source_mapping(TomlTable(f"{file.name}, source {number}", values, SOURCE_KEYS), file.parent), invoicing)
        for number, values in enumerate(sources, 1)
    ]
    _require_different(mappings, file.name)
    return AuditMapping(
        tuple(mappings),
        invoicing=invoicing,
        as_of=audit.get("as_of", date),
        stock_in_erp=audit.get("stock_in_erp", bool, False),
        bounds=_bounds(audit),
    )


def _bounds(audit: TomlTable) -> DayBounds:
    """Return the bounds of days that *audit* sets, the others as they are without it."""
    given = {key: audit.get(key, int) for key in BOUND_KEYS if key in audit.values}
    for key, days in given.items():
        if not 0 <= days <= MOST_DAYS:
            raise IntakeError(audit.place, f"`{key}` is {days:,}", f"write a number of days from 0 to {MOST_DAYS}")
    return DayBounds(**given)


def _require_different(mappings: Sequence[SourceMapping], place: str) -> None:
    """Refuse two sources that are the same rows, or two files of one name, which a finding could not distinguish."""
    for number, mapping in enumerate(mappings, 1):
        for other, earlier in enumerate(mappings[: number - 1], 1):
            if mapping.file.name != earlier.file.name:
                continue
            if mapping.file != earlier.file:
                raise IntakeError(
                    f"{place}, source {number}",
                    f"source {other} has another file of the same name",
                    "rename one, so that findings can name it",
                )
            if None in (mapping.sheet, earlier.sheet) or mapping.sheet == earlier.sheet:
                raise IntakeError(
                    f"{place}, source {number}", f"source {other} reads the same file", "remove it, or name another `sheet` in each"
                )


def _with_invoicing(mapping: SourceMapping, invoicing: MappedColumn) -> SourceMapping:
    """Return *mapping* with the column of all files that says how e-invoices are made, unless it names another one."""
    if not invoicing.names or mapping.has_documents or "invoicing" in mapping.columns:
        return mapping
    return replace(mapping, columns={**mapping.columns, "invoicing": replace(invoicing, is_explicit=False)})


def _source_mapping(table: TomlTable, folder: Path) -> SourceMapping:
    name = table.get("file", str)
    if not name:
        raise IntakeError(table.place, "`file` is missing", "name the file of this source")
    profile = profile_named(table.get("profile", str), table.place) if "profile" in table.values else None
    base = from_profile(folder / name, profile) if profile else SourceMapping(folder / name, System.OMS)
    if profile is None and "system" not in table.values:
        raise IntakeError(table.place, "`system` is missing", f"name one of {', '.join(System)}, or a profile")
    return with_keys(base, table, is_explicit=True)


def from_profile(file: Path, profile: Profile) -> SourceMapping:
    """Return the mapping of *file* that follows *profile*."""
    base = SourceMapping(file, System(profile.system), profile=profile.name, confidence=profile.confidence)
    return with_keys(base, profile.table, is_explicit=False)


def with_keys(base: SourceMapping, table: TomlTable, *, is_explicit: bool) -> SourceMapping:
    """Return *base* with what *table* says.

    Raises:
        IntakeError: see `read_mapping`.
    """
    changes: dict[str, Any] = {
        "sheet": table.get("sheet", str),
        "encoding": table.get("encoding", str),
        "system": table.word("system", System),
        "delimiter": table.word("delimiter", DELIMITERS),
        "header": table.get("header", int),
        "numbers": table.word("numbers", GROUPINGS),
        "rows": table.word("rows", (CANCELLATIONS, ORDERS, LINES)),
        "empty": table.texts("empty"),
        "required": table.texts("required"),
        "is_confirmed": table.get("confirmed", bool),
    }
    changes = {key: _AS.get((key, value), value) for key, value in changes.items() if value is not None}
    if "system" in changes:
        changes["system"] = System(changes["system"])
    if "personal" in table.values:
        changes["personal"] = (*PERSONAL, *(table.table("personal", ("columns",)).texts("columns") or ()))
    changes |= _complete(table) | _dates(table)
    if "total" in table.values:
        where = table.table("total", ("where",)).table("where")
        changes["totals"] = {name: where.texts(name) for name in where.values}
    return replace(base, **changes, columns=_mapped_columns(base, table, is_explicit=is_explicit))


def _complete(table: TomlTable) -> dict[str, Any]:
    if "complete" not in table.values:
        return {}
    complete = table.table("complete", ("from", "to", "of"))
    first, last, claim = complete.get("from", date), complete.get("to", date), complete.word("of", Claim)
    if first is None or last is None or claim is None or first > last:
        raise IntakeError(
            complete.place, "it needs `from`, `to` (not before it) and `of`", 'write { from = 2026-06-01, to = 2026-06-30, of = "orders" }'
        )
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise IntakeError(
            complete.place,
            f"its days are {first} to {last}, and no row can be of a year outside {FIRST_YEAR} to {LAST_YEAR}",
            "correct the year",
        )
    return {"complete_from": first, "complete_to": last, "complete_of": Claim(claim)}


def _dates(table: TomlTable) -> dict[str, Any]:
    if "dates" not in table.values:
        return {}
    dates = table.table("dates", ("format", "zone"))
    return {key: value for key, value in (("formats", _formats(dates)), ("zone", _zone(dates))) if value is not None}


def _formats(table: TomlTable) -> tuple[str, ...] | None:
    formats = table.texts("format")
    if formats is not None:
        try:
            date_formats(formats)
        except IntakeError as error:
            raise IntakeError(table.place, f"{error.place}: {error.reason}", error.remedy) from None
    return formats


def _zone(table: TomlTable) -> int | None:
    zone = table.get("zone", str)
    if zone is None:
        return None
    match = _OFFSET.fullmatch(zone)
    if match:
        return (-1 if match[1] == "-" else 1) * (int(match[2]) * 60 + int(match[3]))
    if zone.casefold() not in _ZONES:
        raise IntakeError(table.place, f"unknown zone {quoted(zone)}", 'write "Asia/Kolkata", "UTC" or an offset such as "+05:30"')
    return _ZONES[zone.casefold()]


def zone_text(minutes: int) -> str:
    """Return a zone as a mapping file has it, of its *minutes* before UTC."""
    if minutes in (IST, 0):
        return "UTC" if minutes == 0 else "Asia/Kolkata"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _mapped_columns(base: SourceMapping, table: TomlTable, *, is_explicit: bool) -> dict[str, MappedColumn]:
    columns = dict(base.columns)
    listed = table.table("columns")
    has_kind = "kind" in listed.values or "kind" in columns
    targets = DOCUMENT_TARGETS if has_kind else REQUEST_TARGETS
    for target in listed.values:
        if target not in targets:
            words = [target for target in targets if target in TYPES]
            raise IntakeError(listed.place, f"unknown key {quoted(target)}", did_you_mean(target, words))
        column = column_of(listed, target, target, is_explicit=is_explicit, base=columns.get(target))
        if column is None:
            columns.pop(target, None)
        else:
            columns[target] = column
    return columns


def column_of(table: TomlTable, key: str, target: str, *, is_explicit: bool, base: MappedColumn | None = None) -> MappedColumn | None:
    """Read one column: a name, a list of names, or a table; None if it is false, or not there.

    Raises:
        IntakeError: a key or word is unknown.
    """
    value = table.values.get(key)
    if value is None or value is False:
        return None
    if isinstance(value, str) and target == "invoicing" and value in (*WORDS["invoicing"], UNKNOWN_MEANING):
        return MappedColumn(value=value, is_explicit=is_explicit)
    if isinstance(value, str | list):
        names = table.texts(key) or ()
        return replace(base or MappedColumn(), names=names, letter=None, value=None, is_explicit=is_explicit)
    inner = TomlTable(f"{table.place}, {key}", value, COLUMN_KEYS)
    changes: dict[str, Any] = {}
    if "column" in inner.values:
        changes |= {"names": inner.texts("column"), "is_explicit": is_explicit, "letter": None, "value": None}
    if "letter" in inner.values:
        changes |= {"letter": inner.get("letter", str).upper(), "is_explicit": is_explicit, "value": None}
    if "value" in inner.values:
        kind = int if TYPES[target] is Type.UNITS else str
        fixed = inner.word("value", MEANINGS[target]) if target in MEANINGS else inner.get("value", kind)
        changes |= {"value": fixed, "is_explicit": is_explicit}
    if "words" in inner.values:
        changes["words"] = {**((base.words if base else None) or {}), **_words_of_column(inner.table("words"), target)}
    formats, zone = _formats(inner), _zone(inner)
    changes |= {key: value for key, value in (("formats", formats), ("zone", zone)) if value is not None}
    return replace(base or MappedColumn(), **changes)


def _words_of_column(table: TomlTable, target: str) -> dict[str, str | int]:
    if target in MEANINGS:
        return {word: table.word(word, MEANINGS[target]) for word in table.values}
    if TYPES[target] is Type.UNITS:
        return {word: table.get(word, int) for word in table.values}
    raise IntakeError(table.place, f"`{target}` is no column of words", "remove `words`")

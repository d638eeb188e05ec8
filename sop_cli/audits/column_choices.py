"""What a person chose for the columns of each file, as a mapping file, which `orders.intake.mapping` reads as strictly as one written by hand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit

from orders.intake.errors import IntakeError
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.mapping.headers import compact
from orders.intake.mapping.profiles import profile_named
from orders.intake.mapping.reading import from_profile, read_mapping
from orders.intake.mapping.source_mapping import AuditMapping
from sop_cli.audits.choices import ChosenSettings, ChosenSource
from sop_cli.audits.chosen_mapping import MAPPING, UnconfirmedMappingError
from sop_engine.files import write_atomically

_REMARK = "How the columns of each file are read. A column that is not named here has its name in the profile."
OWN_KEYS = ("file", "sheet", "profile", "encoding", "confirmed", "complete", "dates", "columns")
"""Keys of a source that the page chooses in fields of their own."""
_WRITE_A_DAY = "write a day such as 2026-07-15"


def chosen_mapping(sources: Sequence[ChosenSource], settings: ChosenSettings, path_of: Callable[[str], Path], folder: Path) -> AuditMapping:
    """Return the mapping of what was chosen; its file is written to *folder*, and read from there.

    Raises:
        IntakeError: it cannot be used.
        UnconfirmedMappingError: a file is not confirmed.
    """
    if not sources:
        raise IntakeError(MAPPING, "no file was chosen", "choose an export of orders")
    paths = {source.file: path_of(source.file) for source in sources}
    names = [path.name for path in paths.values()]
    for name in names:
        if names.count(name) > 1:
            raise IntakeError(name, "two files have this name", "rename one, so that findings can name it")
    file = folder / MAPPING
    write_atomically(file, mapping_of_choices(sources, settings, lambda source: paths[source].as_posix()).encode())
    mapping = read_mapping(file)
    waiting = list(dict.fromkeys(source.file.name for source in mapping.sources if not source.is_confirmed))
    if waiting:
        raise UnconfirmedMappingError(", ".join(waiting), "its columns are not confirmed", "look at them, and confirm the file")
    return mapping


def mapping_of_choices(sources: Sequence[ChosenSource], settings: ChosenSettings, file_of: Callable[[str], str]) -> str:
    """Return the mapping file; *file_of* gives what it says of a file.

    Raises:
        IntakeError: a day or a profile is unknown.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_REMARK))
    audit = tomlkit.table()
    audit.add("invoicing", settings.invoicing if isinstance(settings.invoicing, str) else _inline(settings.invoicing))
    if settings.as_of:
        audit.add("as_of", _day_from(settings.as_of, "[audit]"))
    if settings.stock_in_erp:
        audit.add("stock_in_erp", settings.stock_in_erp)
    for key, days in settings.days.items():
        audit.add(key, days)
    document.add("audit", audit)
    listed = tomlkit.aot()
    for source in sources:
        listed.append(_source_table(source, file_of(source.file)))
    document.add("source", listed)
    return tomlkit.dumps(document)


def _source_table(source: ChosenSource, file: str) -> tomlkit.items.Table:
    table = tomlkit.table()
    place = Path(file).name
    table.add("file", file)
    for key, value in (("sheet", source.sheet), ("profile", source.profile or None), ("encoding", source.encoding)):
        if value is not None:
            table.add(key, value)
    table.add("confirmed", source.confirmed)
    for key, more in source.more.items():
        if key in OWN_KEYS:
            raise IntakeError(place, f"`{key}` is given twice", "choose it once")
        table.add(key, _inline(more) if isinstance(more, dict) else more)
    if source.complete is not None:
        days = {"from": _day_from(source.complete.first, place), "to": _day_from(source.complete.last, place)}
        table.add("complete", _inline({**days, "of": source.complete.of}))
    if source.formats or source.zone:
        forms = source.formats[0] if len(source.formats) == 1 else source.formats
        table.add("dates", _inline({**({"format": forms} if source.formats else {}), **({"zone": source.zone} if source.zone else {})}))
    columns = _named_columns(source, place)
    if columns:
        table.add("columns", columns)
    return table


def _named_columns(source: ChosenSource, place: str) -> tomlkit.items.Table | None:
    """Return the columns that the profile would not find by their exact names."""
    has_names = source.profile not in ("", EVENT_LOG)
    profile_columns = from_profile(Path(place), profile_named(source.profile, place)).columns if has_names else {}
    table = tomlkit.table()
    for column in source.columns:
        if column.target in table:
            raise IntakeError(place, f"two columns are chosen for `{column.target}`", "choose another for one of them")
        names = profile_columns[column.target].names if column.target in profile_columns else ()
        is_usual = bool(column.name and names and compact(names[0]) == compact(column.name))
        where = {} if is_usual else {"column": column.name} if column.name else {"letter": column.letter}
        more = {key: value for key in ("words", "formats", "zone") if (value := getattr(column, key))}
        if more:
            formats = {"format": more.pop("formats")} if "formats" in more else {}
            words = {"words": _inline(more.pop("words"))} if "words" in more else {}
            table.add(column.target, _inline({**where, **words, **formats, **more}))
        elif where:
            table.add(column.target, column.name or _inline(where))
    for target, value in source.values.items():
        if target in table:
            raise IntakeError(place, f"`{target}` has a column and a value for all rows", "leave one of them out")
        table.add(target, _inline({"value": value}))
    for target in source.left_out:
        if target not in table:
            table.add(target, False)  # noqa: FBT003 - a value of TOML
    return table if len(table) else None


def _inline(values: Mapping[str, Any]) -> tomlkit.items.InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.add(key, _inline(value) if isinstance(value, dict) else value)
    return table


def _day_from(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise IntakeError(place, "a day is not one of the calendar", _WRITE_A_DAY) from None

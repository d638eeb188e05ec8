"""Values, records and statements of TOML as text: one layout for what this program writes into a register."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_KEY = re.compile(r"[ \t\ufeff]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*")

TomlValue = str | int | bool | date | Sequence[Any] | Mapping[str, Any]
"""A value in a record; a list of tables is a list of sub-records."""


def toml_value(value: TomlValue) -> str:
    """Return *value* as TOML on one line; a text with every character that does not print escaped."""
    if isinstance(value, str):
        return '"' + "".join(_character(char) for char in value) + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char == " " or char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"  # noqa: PLR2004


def record_lines(name: str, values: Mapping[str, TomlValue]) -> Iterator[str]:
    """Yield a record as lines: its header, its values, then each sub-record after an empty line."""
    yield f"[[{name}]]"
    yield from (f"{key} = {toml_value(value)}" for key, value in values.items() if not is_records(value))
    for key, value in values.items():
        for record in value if isinstance(value, list) and is_records(value) else ():
            yield ""
            yield from record_lines(f"{name}.{key}", record)


def is_records(value: TomlValue) -> bool:
    """Return whether *value* is written as sub-records: a list of tables."""
    return isinstance(value, list) and any(isinstance(part, Mapping) for part in value)


class StatementLines(NamedTuple):
    """A statement ``key = value``: the index of its first line and that after its last one, its key and value."""

    first: int
    after: int
    key: str
    value: Any


def statements_in(lines: Sequence[str], first: int, after: int) -> Iterator[StatementLines]:
    """Yield the statements in *lines* from *first* to *after*; a value may have several lines.

    Raises:
        ValueError: something there is neither a statement nor a comment.
    """
    place = first
    while place < after:
        if not lines[place].strip() or lines[place].lstrip().startswith("#"):
            place += 1
            continue
        match = _KEY.match(lines[place])
        for end in range(place + 1, after + 1) if match else ():
            parsed = _parsed("".join(lines[place:end]))
            if parsed is not None and match is not None and list(parsed) == [match[1]]:
                yield StatementLines(place, end, match[1], parsed[match[1]])
                place = end
                break
        else:
            raise ValueError(place)


def with_value(statement: str, key: str, value: TomlValue) -> str:
    """Return *statement*, the text of one or several lines, with *value* for *key*; the comment after the old value stays.

    Raises:
        ValueError: there are comments inside the old value.
    """
    match = _KEY.match(statement)
    body = statement.rstrip("\r\n")
    whole = _parsed(body)
    cuts = (place for place, char in enumerate(body) if char == "#" and _parsed(body[:place]) == whole)
    end = next(cuts, len(body))
    old = body[:end].rstrip()
    if match is None or whole is None or ("\n" in old and "#" in old and not isinstance(whole[key], str)):
        raise ValueError(key)
    return f"{match[0]}{toml_value(value)}{statement[len(old) :]}"


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None

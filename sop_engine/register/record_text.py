"""Records of a register as text: one is found by its id, changed, and the rest of the file stays byte for byte.

The new text is parsed again: it must hold the old data with exactly the change that was asked for. A register whose layout this module
does not read is refused, and nothing is lost.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

from sop_engine.errors import SopError
from sop_engine.input_files import parse_toml

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MULTILINE = re.compile(r"\"\"\"|'''")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}

TomlValue = str | int | date | list[str]


class RegisterError(SopError):
    """A register that cannot be changed like this."""


def toml_value(value: TomlValue) -> str:
    """Return *value* as TOML; a text with every character that does not print escaped."""
    if isinstance(value, str):
        return '"' + "".join(_character(char) for char in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char == " " or char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"  # noqa: PLR2004


def with_table(content: bytes, kind: str, identifier: str, name: str, values: Mapping[str, TomlValue]) -> bytes:
    """Return the register *content* in which the record *identifier* has the sub-table *name* with *values*; without it if they are empty.

    Args:
        content: the register.
        kind: the name of the list of records, such as ``gap``.
        identifier: the id of the record.
        name: the name of the sub-table, such as ``answer``.
        values: its keys and values, in their order.

    Raises:
        RegisterError: the record is not there, or the layout of the register is not read here.
    """
    lines = _LINE.findall(content.decode("utf-8"))
    end = _line_end(lines)
    first, after = _record_lines(lines, kind, identifier)
    old = _table_lines(lines, first, after, f"{kind}.{name}")
    if old is not None:
        del lines[old[0] : old[1]]
        after -= old[1] - old[0]
    if values:
        place = after
        while not lines[place - 1].strip() or lines[place - 1].lstrip().startswith("#"):
            place -= 1
        if not lines[place - 1].endswith("\n"):
            lines[place - 1] += end
        lines[place:place] = [end, f"[{kind}.{name}]{end}", *(f"{key} = {toml_value(value)}{end}" for key, value in values.items())]
    new = "".join(lines).encode()
    expected: dict[str, Any] = deepcopy(parse_toml(content))
    for record in expected.get(kind, []):
        if record.get("id") == identifier:
            record.pop(name, None)
            record.update({name: dict(values)} if values else {})
    _require(new, expected, identifier)
    return new


def _line_end(lines: list[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def _headers(lines: list[str]) -> list[tuple[int, str]]:
    """Return the index and the name of each header of a table; lines in a text of several lines are none."""
    headers, inside = [], ""
    for place, line in enumerate(lines):
        text = line.removeprefix("\ufeff")
        if not inside and (match := _HEADER.fullmatch(text.rstrip("\r\n"))):
            headers.append((place, match[1]))
        for mark in _MULTILINE.findall(text):
            inside = "" if mark == inside else inside or mark
    return headers


def _record_lines(lines: list[str], kind: str, identifier: str) -> tuple[int, int]:
    """Return the index of the first line of a record, and that after its last one."""
    starts = [place for place, name in _headers(lines) if name == kind or not name.startswith(f"{kind}.")]
    pattern = re.compile(rf"\s*id\s*=\s*[\"']{re.escape(identifier)}[\"']\s*(?:#.*)?")
    for first, after in pairwise([*starts, len(lines)]):
        if any(pattern.fullmatch(line.rstrip("\r\n")) for line in lines[first:after]):
            return first, after
    raise RegisterError(f"the record `{identifier}` is not written as a [[{kind}]] with its `id` on a line; change it by hand")


def _table_lines(lines: list[str], first: int, after: int, name: str) -> tuple[int, int] | None:
    """Return the lines of a sub-table with the empty lines above it, without comments and empty lines at its end; None if there is none."""
    headers = [(place, other) for place, other in _headers(lines) if first <= place < after]
    for number, (start, other) in enumerate(headers):
        if other == name:
            end, begin = headers[number + 1][0] if number + 1 < len(headers) else after, start
            while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
                end -= 1
            while begin > first and not lines[begin - 1].strip():
                begin -= 1
            return begin, end
    return None


def _require(new: bytes, expected: Mapping[str, Any], identifier: str) -> None:
    """Refuse a new text that does not hold exactly the data *expected*."""
    try:
        is_expected = parse_toml(new) == expected
    except ValueError:
        is_expected = False
    if not is_expected:
        raise RegisterError(f"the layout of the record `{identifier}` is not one that can be changed without a loss; change it by hand")

"""Records of a register as text: one is found by its id, changed, and the rest of the file stays byte for byte.

The new text is parsed again: it must hold the old data with exactly the change that was asked for. A register whose layout this module
does not read is refused, and nothing is lost.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from sop_engine.errors import SopError
from sop_engine.input_files import parse_toml
from sop_engine.register.toml_text import TomlValue, record_lines, statements_in, toml_value, with_value

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OUTSIDE = re.compile(r"""\"{3}|'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#.*""")
"""Outside a text of several lines: the beginning of one, another text, or a comment."""
_INSIDE = {'"""': re.compile(r'\\.|"{3}'), "'''": re.compile("'{3}")}
"""Inside a text of several lines, by its marks: its end, or an escaped character."""


class RegisterError(SopError):
    """A register that cannot be changed like this."""


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


def with_values(content: bytes, kind: str, identifier: str, values: Mapping[str, TomlValue | None], order: Sequence[str]) -> bytes:
    """Return the register *content* in which the record *identifier* has *values*; None removes a key.

    A changed value keeps its place and the comment behind it. A new one is written behind the keys that come before it in *order*.

    Raises:
        RegisterError: the record is not there, or its layout is not read here.
    """
    lines = _LINE.findall(content.decode("utf-8"))
    expected: dict[str, Any] = deepcopy(parse_toml(content))
    (record,) = [record for record in expected.get(kind, []) if record.get("id") == identifier] or [{}]
    for key, value in values.items():
        if value == record.get(key):
            continue
        _set_value(lines, _record_lines(lines, kind, identifier), key, value, order)
        if value is None:
            del record[key]
        else:
            record[key] = value
    new = "".join(lines).encode()
    _require(new, expected, identifier)
    return new


def _set_value(lines: list[str], record: tuple[int, int], key: str, value: TomlValue | None, order: Sequence[str]) -> None:
    """Write *value* for *key* among the statements of the record in *lines*; None removes the key."""
    first, after = record
    after = next((place for place, _ in _headers(lines) if first < place < after), after)
    try:
        statements = list(statements_in(lines, first + 1, after))
        old = next((statement for statement in statements if statement.key == key), None)
        if old is not None:
            text = "".join(lines[old.first : old.after])
            lines[old.first : old.after] = [] if value is None else [with_value(text, key, value)]
        elif value is not None:
            before = set(order[: order.index(key)])
            place = max((statement.after for statement in statements if statement.key in before), default=first + 1)
            if not lines[place - 1].endswith("\n"):
                lines[place - 1] += _line_end(lines)
            lines.insert(place, f"{key} = {toml_value(value)}{_line_end(lines)}")
    except ValueError:
        raise RegisterError(f"`{key}` is not written on lines of its own, or has comments inside; change it by hand") from None


def with_record(content: bytes, kind: str, values: Mapping[str, TomlValue], neighbour: tuple[str, str]) -> bytes:
    """Return the register *content* with the new record *values* below the record *neighbour*, given by its kind and its id.

    Raises:
        RegisterError: the neighbour is not there, or the layout of the register is not read here.
    """
    lines = _LINE.findall(content.decode("utf-8"))
    place = _insert(lines, _record_lines(lines, *neighbour)[1], kind, values)
    index = sum(name == kind for line, name in _headers(lines) if line < place)
    new = "".join(lines).encode()
    expected: dict[str, Any] = deepcopy(parse_toml(content))
    expected.setdefault(kind, []).insert(index, dict(values))
    _require(new, expected, str(values["id"]))
    return new


def with_sub_record(content: bytes, kind: str, identifier: str, name: str, values: Mapping[str, TomlValue]) -> bytes:
    """Return the register *content* in which the record *identifier* has one more sub-record *name*, at its end.

    Raises:
        RegisterError: the record is not there, or its layout is not read here.
    """
    lines = _LINE.findall(content.decode("utf-8"))
    _insert(lines, _record_lines(lines, kind, identifier)[1], f"{kind}.{name}", values)
    new = "".join(lines).encode()
    expected: dict[str, Any] = deepcopy(parse_toml(content))
    for record in expected.get(kind, []):
        if record.get("id") == identifier:
            record.setdefault(name, []).append(dict(values))
    _require(new, expected, identifier)
    return new


def _insert(lines: list[str], after: int, name: str, values: Mapping[str, TomlValue]) -> int:
    """Insert a record below the last line with content before the index *after*; return the index of the new lines."""
    end, place = _line_end(lines), after
    while not lines[place - 1].strip() or lines[place - 1].lstrip().startswith("#"):
        place -= 1
    if not lines[place - 1].endswith("\n"):
        lines[place - 1] += end
    lines[place:place] = [end, *(f"{line}{end}" for line in record_lines(name, values))]
    return place


def _line_end(lines: list[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def _headers(lines: list[str]) -> list[tuple[int, str]]:
    """Return the index and the name of each header of a table; lines in a text of several lines are none."""
    headers, inside = [], ""
    for place, line in enumerate(lines):
        text = line.removeprefix("\ufeff")
        if not inside and (match := _HEADER.fullmatch(text.rstrip("\r\n"))):
            headers.append((place, match[1]))
        inside = _mark_after(text, inside)
    return headers


def _mark_after(line: str, inside: str) -> str:
    """Return the marks of the text of several lines that is open after *line*, if *inside* is open before it; empty for none."""
    place = 0
    while match := (_INSIDE[inside] if inside else _OUTSIDE).search(line, place):
        place = match.end()
        if inside:
            inside = "" if match[0] == inside else inside
        elif match[0] in _INSIDE:
            inside = match[0]
    return inside


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

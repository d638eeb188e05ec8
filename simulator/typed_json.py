"""Typed JSON files: a file is read strictly as a type; a mismatch is an error with its place in words."""

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from sop_engine.input_files import UnreadableFileError, parse_json, read_json
from sop_engine.text import visible

Record = TypeVar("Record")

TYPES_IN_WORDS = {
    "`int | float | str | array`": "a number, text or a list of numbers",
    "`object | null`": "an object or null",
    "`float | null`": "a number or null",
    "`int | float`": "a number",
    "`object`": "an object",
    "`array`": "a list",
    "`int`": "a whole number",
    "`float`": "a number",
    "`str`": "text",
    "`bool`": "true or false",
    "`null`": "null",
}
"""Types in msgspec's messages, and the same in plain words."""


def read_typed(file: Path, kind: type[Record], remedy: str) -> Record:
    """Read *file* as a *kind*; *remedy* is what a user should do if it is not one.

    Raises:
        UnreadableFileError: it cannot be read, or is not JSON, or a value is missing, unknown or of another type.
    """
    plain = read_json(file, remedy)
    try:
        return _typed(plain, kind)
    except ValueError as error:
        raise UnreadableFileError(file, str(error), remedy) from None


def decode(content: bytes, kind: type[Record]) -> Record:
    """Decode the JSON text *content* as a *kind*.

    Raises:
        ValueError: *content* does not fit; it has place and reason of the first mismatch, in words.
    """
    return _typed(parse_json(content), kind)


def _typed(plain: Any, kind: type[Record]) -> Record:
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise ValueError(visible(_mismatch(plain, kind) or str(error))) from None


def _mismatch(value: Any, kind: Any, place: str = "") -> str | None:
    """Return place and reason of the innermost part of *value* that is not of *kind*, or `None`."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reason = str(error)
    else:
        return None
    for name, part, part_kind in _typed_parts(value, kind):
        mismatch = _mismatch(part, part_kind, f"{place}, {name}" if place else name)
        if mismatch is not None:
            return mismatch
    for type_name, words in TYPES_IN_WORDS.items():
        reason = reason.replace(type_name, words)
    return f"{place}: {reason}" if place else reason


def _typed_parts(value: Any, kind: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the parts of *value*, each with its place in words and its type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is dict and isinstance(value, dict):
        yield from ((f"`{key}`", part, inner[1]) for key, part in value.items())
    elif origin in (list, tuple) and isinstance(value, list):
        yield from ((f"item {number}", part, inner[0]) for number, part in enumerate(value, 1))
    elif origin in (Annotated, Union, UnionType):
        for alternative in inner:
            yield from _typed_parts(value, alternative)
    elif isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        yield from ((f"`{field.name}`", value[field.name], field.type) for field in fields if field.name in value)

"""Fields of run records: each value of another kind or meaning is refused with its place."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import inspect

from sop_runs.record.reader import dump, read, read_record
from sop_runs.record.schema import Line
from tests.support.sample_record import LINES, RAW, refused

PLAIN: list[dict[str, Any]] = [json.loads(dump(line)) for line in LINES]
SAMPLES: Mapping[str, Any] = {"str": "x", "int": 5, "float": 1.5, "bool": True, "null": None, "array": [], "object": {}}
WORDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "null", "array": "a list",
    "object": "an object",
}  # fmt: skip


class Place(NamedTuple):
    """A field of a struct in the sample: number of its line from 1, keys that lead to the struct, and the field."""

    line: int
    keys: tuple[str | int, ...]
    struct: type
    field: inspect.Field

    @property
    def where(self) -> str:
        """As a reason names the struct, with a dot behind it; empty for the line itself."""
        return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).lstrip(".") + ("." if self.keys else "")

    def spoilt(self, change: Callable[[dict[str, Any]], object]) -> bytes:
        """The sample in which *change* was made to the struct."""
        lines = json.loads(json.dumps(PLAIN))
        target = lines[self.line - 1]
        for key in self.keys:
            target = target[key]
        change(target)
        return as_bytes(lines)

    def __str__(self) -> str:
        return f"{self.struct.__name__}.{self.field.encode_name}"


def as_bytes(lines: list[Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def places() -> Iterator[Place]:
    """Every field of every struct that the sample holds, each once."""
    seen: set[type] = set()
    for number, line in enumerate(LINES, 1):
        for keys, struct in structs_in(line):
            info = inspect.type_info(type(struct))
            if type(struct) not in seen and isinstance(info, inspect.StructType):
                seen.add(type(struct))
                yield from (Place(number, keys, type(struct), field) for field in info.fields)


def structs_in(value: object, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], msgspec.Struct]]:
    if isinstance(value, msgspec.Struct):
        yield keys, value
        for name in value.__struct_fields__:
            yield from structs_in(getattr(value, name), (*keys, name))
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from structs_in(entry, (*keys, index))


def kinds_of(wanted: inspect.Type) -> set[str]:
    """The kinds of JSON that a field may have."""
    if isinstance(wanted, inspect.UnionType):
        return set().union(*map(kinds_of, wanted.types))
    if isinstance(wanted, inspect.LiteralType):
        return {"str" if isinstance(value, str) else "int" for value in wanted.values}
    kinds: dict[type, set[str]] = {
        inspect.AnyType: set(SAMPLES), inspect.StrType: {"str"}, inspect.IntType: {"int"}, inspect.BoolType: {"bool"},
        inspect.NoneType: {"null"}, inspect.ListType: {"array"}, inspect.TupleType: {"array"}, inspect.VarTupleType: {"array"},
        inspect.DictType: {"object"}, inspect.StructType: {"object"},
    }  # fmt: skip
    return kinds[type(wanted)]


PLACES = list(places())
VERSION = [place for place in PLACES if str(place) == "Manifest.version"]
OTHER_KINDS = [(place, kind) for place in PLACES if place not in VERSION for kind in SAMPLES if kind not in kinds_of(place.field.type)]


def structs_below(kind: inspect.Type) -> Iterator[type]:
    """Every struct type that a value of *kind* may hold."""
    if isinstance(kind, inspect.StructType):
        yield kind.cls
        for field in kind.fields:
            yield from structs_below(field.type)
    for part in (*getattr(kind, "types", ()), *getattr(kind, "item_types", ()), *filter(None, [getattr(kind, "item_type", None)])):
        yield from structs_below(part)


def test_the_sample_is_sound_and_has_every_struct_of_a_record(file: Path) -> None:
    file.write_bytes(RAW)

    assert list(read_record(file).lines) == LINES
    assert {place.struct for place in PLACES} == set(structs_below(inspect.type_info(Line)))
    assert len(OTHER_KINDS) > 600


@pytest.mark.parametrize(("place", "kind"), OTHER_KINDS, ids=str)
def test_a_value_of_another_kind_is_refused_with_its_place(place: Place, kind: str, file: Path) -> None:
    raw = place.spoilt(lambda struct: struct.update({place.field.encode_name: SAMPLES[kind]}))

    where, reason, record = refused(file, raw)

    assert where == f"run.ndjson:{place.line}"
    assert reason.startswith(
        f"in the {PLAIN[place.line - 1]['type']} line, {place.where}{place.field.encode_name} is {WORDS[kind]}, expected "
    )
    assert list(record.lines) == LINES[: place.line - 1]


@pytest.mark.parametrize("place", [place for place in PLACES if place.field.required and place not in VERSION], ids=str)
def test_a_field_that_is_missing_is_refused_with_its_place(place: Place, file: Path) -> None:
    where, reason, record = refused(file, place.spoilt(lambda struct: struct.pop(place.field.encode_name)))

    assert where == f"run.ndjson:{place.line}"
    assert (
        reason
        == f"in the {PLAIN[place.line - 1]['type']} line, {place.where.removesuffix('.') or 'the line'} has no `{place.field.encode_name}`"
    )
    assert list(record.lines) == LINES[: place.line - 1]


@pytest.mark.parametrize("place", [place for place in PLACES if not place.field.required], ids=str)
def test_a_field_that_may_be_missing_is_filled_in(place: Place, file: Path) -> None:
    file.write_bytes(place.spoilt(lambda struct: struct.pop(place.field.encode_name, None)))  # some are missing in the sample

    struct: Any = list(read(file).lines)[place.line - 1]  # a count that is missing is 0 and contradicts the other lines
    for key in place.keys:
        struct = struct[key] if isinstance(key, int) else getattr(struct, key)

    default = next(field for field in msgspec.structs.fields(place.struct) if field.name == place.field.name)
    assert getattr(struct, place.field.name) == (default.default_factory() if default.default is msgspec.NODEFAULT else default.default)


@pytest.mark.parametrize("place", {place.struct: place for place in PLACES}.values(), ids=lambda place: place.struct.__name__)
def test_an_unknown_field_is_ignored(place: Place, file: Path) -> None:
    file.write_bytes(place.spoilt(lambda struct: struct.update(later=[1])))

    assert list(read_record(file).lines) == LINES


@pytest.mark.parametrize(
    ("line", "value", "reason"),
    [
        (1, {"version": 1}, "the record has version 1, this program reads 2"),
        (1, {"version": "2"}, 'the record has version "2", this program reads 2'),
        (1, {"version": True}, "the record has version true, this program reads 2"),
        (1, {"version": None}, "the record has version null, this program reads 2"),
        (1, {"state": "complete"}, "in the manifest line, state: invalid enum value 'complete'"),
        (7, {"state": "running"}, "in the closing line, state: invalid enum value 'running'"),
        (5, {"type": "remark"}, "the line has an unknown type"),
        (5, {"type": None}, "the line has an unknown type"),
        (5, {"type": ["scenario"]}, "the line has an unknown type"),
        (1, {"features": {"a.feature": 5}}, "in the manifest line, features[...] is a whole number, expected a text"),
        (5, {"tags": ["@a", 5]}, "in the scenario line, tags[1] is a whole number, expected a text"),
    ],
)
def test_a_value_of_another_meaning_is_refused(line: int, value: dict[str, Any], reason: str, file: Path) -> None:
    lines: list[Any] = [{**plain, **value} if number == line else plain for number, plain in enumerate(PLAIN, 1)]

    where, actual, record = refused(file, as_bytes(lines))

    assert (where, actual) == (f"run.ndjson:{line}", reason)
    assert list(record.lines) == LINES[: line - 1]


def test_a_record_without_a_version_is_refused(file: Path) -> None:
    place, reason, _ = refused(file, VERSION[0].spoilt(lambda manifest: manifest.pop("version")))

    assert (place, reason) == ("run.ndjson:1", "the record has version null, this program reads 2")

"""The typed reader of run records: what it refuses, with which place and reason, and how much of the record it still reads."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from sop_runs.errors import RunRecordError
from sop_runs.problem import Problem
from sop_runs.record.reader import RunRecord, dump, read, read_ends, read_record
from sop_runs.record.schema import (
    Background,
    Claim,
    ClauseRecord,
    Closing,
    CodeRecord,
    Comment,
    Counts,
    DriverRecord,
    ExampleRow,
    ExamplesTable,
    FeatureDocument,
    FeatureRecord,
    GapRecord,
    Line,
    Manifest,
    NamedHash,
    RulebookRecord,
    ScenarioRecord,
    SectionRecord,
    SelectionRecord,
    StageRecord,
    StepError,
    StepRecord,
    TaskRecord,
    WrittenRule,
    WrittenScenario,
    WrittenStep,
)
from sop_runs.record.status import same_json

STEP = WrittenStep(4, "Then", "it is <n>", [["<n>"]], None, 5, [5])
TABLE = ExamplesTable(7, ["@a"], "", "", ["n"], [ExampleRow(9, ["1"], "of-1")], 8)
RULE = WrittenRule(11, ["@b"], "R", "", Background(12, "", "", [STEP]), [WrittenScenario("Scenario", 13, [], "Two", "", [STEP], [], "two")])
DOCUMENT = FeatureDocument(
    ["@c"], "F", "Words.", 1, Background(2, "", "", [STEP]), [WrittenScenario("Scenario Outline", 3, [], "Of <n>", "", [STEP], [TABLE], None), RULE],
    "en", [Comment(20, "# a remark")],
)  # fmt: skip
CLAIM = Claim({"kind": "order", "id": "A1"}, "as-practised", "outcome", "refused", "refused", holds=True, step=0, cell=(0, 0))
PASSED_STEP = StepRecord(4, "Then", "it is 1", "then", ("n",), (("1",),), None, "passed", None, [0])
FAILED_STEP = StepRecord(4, "Then", "it is 1", "then", (), None, "a note", "failed", StepError("it is not", 1, None), [0])
FALSE_CLAIM = msgspec.structs.replace(CLAIM, actual="allowed", holds=False, cell=None)
LINES: list[Line] = [
    Manifest(
        version=2, state="running", reading="as-practised", features={"a.feature": "0", "b.feature": "1"}, rulebook=NamedHash("book", "2"),
        code=CodeRecord({"steps": "3"}, {"pytest": "9.0"}),
        selection=SelectionRecord(("a.feature",), "x", "@a", "1/2"), written=2, expected=2,
        binding_findings=(Problem("my_shop/steps.py", 1, 1, "no-sentence", "binds no sentence", "bind one"),),
        file_findings=(Problem("x.feature.txt", 1, 1, "unread-file", "it is not read", "rename it"),),
        beside=("a.feature",),
        installed=True,
        driver=DriverRecord("Our OMS", "4.7", "1.0", ("decisions",), ("as-practised",)),
    ),
    RulebookRecord(
        name="book", title="The book", lines=9, sha256="2", sections=[SectionRecord("S", "1-2", "Words.", {"scope": ["full"]}, "it lists all")],
        clauses=[ClauseRecord("S-1", 1, "S", "must", "seller", "ERP", "Words.", operative=True, why_not_operative=None, over=["S-0"], rules_on="case", when={}, outcome="allowed", tasks=[], manner="by hand", like={})],
        gaps=[GapRecord("GAP-01", "T", "silent", "verdict", "S-1", ["one", "two"], "one", "so", "Which?", 4, ["S-1"], "case", None, {}, [], [])],
        dated="2026-12-01", follows=["older"], tasks=[TaskRecord("note", "case", "make a note", "a note", "N", "note")], stages=[StageRecord("PACKED", "The parcel is packed.")],
        actors=["seller"], systems=["ERP"],
    ),
    FeatureRecord("a.feature", "0", "Feature: F\n", DOCUMENT, []),
    FeatureRecord("b.feature", "1", "Featur: G\n", None, [Problem("b.feature", 1, 1, "syntax", "is no keyword", "correct it", "Feature:")]),
    ScenarioRecord("of-1", "a.feature", None, "Of 1", "Of <n>", 3, 9, ("@a",), "passed", [PASSED_STEP], [CLAIM]),
    ScenarioRecord("two", "a.feature", "R", "Two", None, 13, None, (), "failed", [FAILED_STEP], [FALSE_CLAIM]),
    Closing("complete", Counts(2, 2, 2, 1, 1), 3),
]  # fmt: skip
PLAIN: list[dict[str, Any]] = [json.loads(dump(line)) for line in LINES]
RAW = b"".join(map(dump, LINES))
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
    known: dict[type, set[str]] = {
        inspect.AnyType: set(SAMPLES), inspect.StrType: {"str"}, inspect.IntType: {"int"}, inspect.BoolType: {"bool"},
        inspect.NoneType: {"null"}, inspect.ListType: {"array"}, inspect.TupleType: {"array"}, inspect.VarTupleType: {"array"},
        inspect.DictType: {"object"}, inspect.StructType: {"object"},
    }  # fmt: skip
    return known[type(wanted)]


PLACES = list(places())
VERSION = [place for place in PLACES if str(place) == "Manifest.version"]
OTHER_KINDS = [(place, kind) for place in PLACES if place not in VERSION for kind in SAMPLES if kind not in kinds_of(place.field.type)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.ndjson"


def refused(file: Path, raw: bytes) -> tuple[str, str, RunRecord]:
    """Place and reason of the refusal of *raw*, and what could be read of it."""
    file.write_bytes(raw)
    with pytest.raises(RunRecordError) as caught:
        read_record(file)
    record = read(file)
    assert record.problem == (caught.value.place, caught.value.reason)
    assert record.state == "incomplete"
    assert str(caught.value) == f"{caught.value.place}: {caught.value.reason}; run `sop verify` again"
    return caught.value.place, caught.value.reason, record


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
def test_a_field_that_nobody_knows_is_left_aside(place: Place, file: Path) -> None:
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

    where, found, record = refused(file, as_bytes(lines))

    assert (where, found) == (f"run.ndjson:{line}", reason)
    assert list(record.lines) == LINES[: line - 1]


def test_a_record_without_a_version_is_refused(file: Path) -> None:
    place, reason, _ = refused(file, VERSION[0].spoilt(lambda manifest: manifest.pop("version")))

    assert (place, reason) == ("run.ndjson:1", "the record has version null, this program reads 2")


SPOILT_TEXTS = [
    ("NaN", lambda raw: raw.replace(b'"expected":1', b'"expected":NaN')),
    ("infinity", lambda raw: raw.replace(b'"expected":1', b'"expected":-Infinity')),
    ("a number that no float holds", lambda raw: raw.replace(b'"expected":1', b'"expected":1e999')),
    ("bytes after the object", lambda raw: raw.replace(b'"type":"scenario"}\n', b'"type":"scenario"} x\n')),
    ("two objects in a line", lambda raw: raw.replace(b'"type":"scenario"}\n', b'"type":"scenario"}{}\n')),
    ("no object", lambda raw: raw.replace(b'{"claims"', b'"claims"')),
    ("half a character", lambda raw: raw.replace(b'"Of 1"', b'"\\udc80"')),
    ("what is not UTF-8", lambda raw: raw.replace(b'"Of 1"', b'"\xff"')),
    ("a comma too many", lambda raw: raw.replace(b'"row":9,', b'"row":9,,')),
    ("an empty line", lambda raw: raw.replace(b'{"claims"', b'\n{"claims"', 1)),
    ("too deep", lambda raw: raw.replace(b'"expected":1', b'"expected":' + b"[" * 100_000)),
]


@pytest.mark.parametrize("spoil", [spoil for _, spoil in SPOILT_TEXTS], ids=[name for name, _ in SPOILT_TEXTS])
def test_what_is_not_json_is_refused_at_its_line(spoil: Callable[[bytes], bytes], file: Path) -> None:
    raw = spoil(RAW)
    assert raw != RAW
    line = 1 + next(number for number, (a, b) in enumerate(zip(RAW.split(b"\n"), raw.split(b"\n"), strict=False)) if a != b)

    where, reason, record = refused(file, raw)

    assert (where, reason) == (f"run.ndjson:{line}", "the line is not JSON")
    assert list(record.lines) == LINES[: line - 1]


MANIFEST, RULEBOOK, FEATURE, OTHER_FEATURE, SCENARIO, OTHER_SCENARIO, CLOSING = LINES
DISORDERS: list[tuple[str, list[Line], int, str, int]] = [
    ("no manifest", LINES[1:], 1, "the record begins with a rulebook line, expected the manifest", 0),
    ("a scenario first", [SCENARIO], 1, "the record begins with a scenario line, expected the manifest", 0),
    ("two manifests", [MANIFEST, *LINES], 2, "a manifest line after a manifest line", 1),
    ("no rulebook", [MANIFEST, *LINES[2:]], 2, "there is no rulebook line", 1),
    ("two rulebooks", [MANIFEST, RULEBOOK, *LINES[1:]], 3, "a rulebook line after a rulebook line", 2),
    ("a scenario before its feature", [MANIFEST, RULEBOOK, SCENARIO, FEATURE, *LINES[3:]], 4, "a feature line after a scenario line", 3),
    ("the closing line too early", [*LINES[:4], CLOSING, SCENARIO], 6, "a scenario line after a closing line", 5),
    ("two closing lines", [*LINES, CLOSING], 8, "a closing line after a closing line", 7),
    ("another run behind it", [*LINES, *LINES], 8, "a manifest line after a closing line", 7),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "line", "reason", "kept"), [each[1:] for each in DISORDERS], ids=[each[0] for each in DISORDERS])
def test_lines_out_of_order_are_refused_and_what_comes_before_is_kept(
    lines: list[Line], line: int, reason: str, kept: int, file: Path
) -> None:
    where, found, record = refused(file, b"".join(map(dump, lines)))

    assert (where, found) == (f"run.ndjson:{line}", reason)
    assert list(record.lines) == lines[:kept]


def with_line(place: int, **changes: object) -> list[Line]:
    return [msgspec.structs.replace(line, **changes) if number == place else line for number, line in enumerate(LINES, 1)]


CONTRADICTIONS: list[tuple[str, list[Line], str, str]] = [
    ("a scenario twice", [*LINES[:5], *LINES[4:]], "run.ndjson:6", "the scenario is recorded twice"),
    ("a scenario of no file", with_line(5, feature="c.feature"), "run.ndjson:5", "the scenario belongs to a feature that has no line"),
    ("a claim too high", with_line(6, steps=[msgspec.structs.replace(FAILED_STEP, claims=[1])]), "run.ndjson:6", "a step refers to a claim that does not exist"),
    ("a claim below 0", with_line(5, steps=[msgspec.structs.replace(PASSED_STEP, claims=[-1])]), "run.ndjson:5", "a step refers to a claim that does not exist"),
    ("a feature without a line", [line for line in LINES if line is not OTHER_FEATURE], "run.ndjson", "the features differ from those of the manifest"),
    ("a feature that the manifest lacks", with_line(1, features={"a.feature": "0"}), "run.ndjson", "the features differ from those of the manifest"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "place", "reason"), [each[1:] for each in CONTRADICTIONS], ids=[each[0] for each in CONTRADICTIONS])
def test_lines_that_contradict_each_other_are_refused_and_all_are_read(lines: list[Line], place: str, reason: str, file: Path) -> None:
    where, found, record = refused(file, b"".join(map(dump, lines)))

    assert (where, found) == (place, reason)
    assert list(record.lines) == lines


@pytest.mark.parametrize("tail", [b"x", b"{", b"{}", b" ", b"x\n", b'{"type":"scena\n', b'{"type":"scena'])
def test_nothing_may_follow_the_closing_line(tail: bytes, file: Path) -> None:
    where, reason, record = refused(file, RAW + tail)

    assert (where, reason) == ("run.ndjson:8", "there is text after the closing line")
    assert list(record.lines) == LINES


def test_an_empty_line_at_the_end_follows_the_closing_line_too(file: Path) -> None:
    assert refused(file, RAW + b"\n")[:2] == ("run.ndjson:8", "there is text after the closing line")
    assert refused(file, RAW + b"{}\n")[:2] == ("run.ndjson:8", "the line has an unknown type")


@pytest.mark.slow
def test_a_record_that_is_cut_at_any_byte_is_incomplete_and_read_as_far_as_it_goes(file: Path) -> None:
    ends = [0, *(at + 1 for at, byte in enumerate(RAW) if byte == ord("\n"))]
    for length in range(len(RAW)):
        file.write_bytes(RAW[:length])
        record = read(file)
        whole = sum(end <= length for end in ends) - 1
        assert (record.state, record.problem, record.missing) == ("incomplete", None, False), length
        assert record.cut_off == (length not in ends), length
        assert list(record.lines) == LINES[:whole], length


def test_half_a_line_that_was_ended_all_the_same_is_cut_off_too(file: Path) -> None:
    file.write_bytes(RAW[:-40] + b"\n")
    record = read_record(file)

    assert (record.cut_off, record.state, list(record.lines)) == (True, "incomplete", LINES[:-1])


def test_a_file_that_is_empty_or_not_there_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name, reason in (("empty", "the record is empty"), ("none", "the run record cannot be read: the file does not exist")):
        with pytest.raises(RunRecordError) as caught:
            read_record(tmp_path / name)
        assert (caught.value.place, caught.value.reason) == (name, reason)


def test_the_ends_of_a_record_are_those_of_the_whole(file: Path) -> None:
    file.write_bytes(RAW)
    assert read_ends(file) == (MANIFEST, CLOSING)
    file.write_bytes(RAW[:-2])
    assert read_ends(file) == (MANIFEST, None)
    file.write_bytes(RAW.split(b"\n", 1)[1])
    assert read_ends(file) is None


TEXTS = st.text(max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
CLAIMS = st.builds(
    Claim, st.dictionaries(TEXTS, JSON, max_size=2), st.none() | TEXTS, TEXTS, JSON, JSON, st.booleans(), st.none() | st.integers(0, 3),
    st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
)  # fmt: skip
STEPS = st.builds(
    StepRecord, st.integers(1, 99), TEXTS, TEXTS, st.sampled_from(["given", "when", "then"]), st.lists(TEXTS, max_size=2).map(tuple),
    st.none() | st.lists(st.lists(TEXTS, max_size=2).map(tuple), max_size=2).map(tuple), st.none() | TEXTS, TEXTS,
    st.none() | st.builds(StepError, TEXTS, JSON, JSON), st.just([]),
)  # fmt: skip
SCENARIOS = st.builds(
    ScenarioRecord, TEXTS, st.just("a.feature"), st.none() | TEXTS, TEXTS, st.none() | TEXTS, st.integers(1, 99), st.none() | st.integers(1, 99),
    st.lists(TEXTS, max_size=2).map(tuple), TEXTS, st.lists(STEPS, max_size=2), st.lists(CLAIMS, max_size=2),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(SCENARIOS, max_size=3, unique_by=lambda scenario: scenario.id), TEXTS)
def test_what_was_written_and_read_is_written_the_same(
    tmp_path_factory: pytest.TempPathFactory, scenarios: list[ScenarioRecord], text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.ndjson"
    lines = [MANIFEST, RULEBOOK, FEATURE, msgspec.structs.replace(OTHER_FEATURE, text=text), *scenarios, CLOSING]
    file.write_bytes(b"".join(map(dump, lines)))

    record = read(file)  # random lines contradict each other, but all of them are read

    assert list(record.lines) == lines
    assert b"".join(map(dump, record.lines)) == file.read_bytes()
    assert all(left < right for line in file.read_bytes().splitlines() for left, right in pairwise(json.loads(line)))


VALUES = [
    1,
    True,
    1.0,
    "1",
    0,
    False,
    None,
    "",
    [],
    {},
    [1],
    [True],
    [1, 1],
    {"a": 1},
    {"a": 1.0},
    {"a": [True]},
    {"b": 1},
    {"a": 1, "b": 1},
]


def test_only_the_same_json_is_the_same() -> None:
    for place, one in enumerate(VALUES):
        for other_place, other in enumerate(json.loads(json.dumps(VALUES))):
            assert same_json(one, other) == (place == other_place), (one, other)
    assert same_json({"a": 1, "b": [2]}, {"b": [2], "a": 1})
    assert not same_json([1, 2], [2, 1])

"""Lines of run records: what is no JSON, out of order, contradictory or cut off is refused, and the rest is read."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sop_runs.errors import RunRecordError
from sop_runs.record.reader import dump, read, read_ends, read_record
from sop_runs.record.schema import Line
from tests.support.sample_record import (
    CLOSING,
    FAILED_STEP,
    FEATURE,
    LINES,
    MANIFEST,
    OTHER_FEATURE,
    PASSED_STEP,
    RAW,
    RULEBOOK,
    SCENARIO,
    refused,
)

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


@pytest.mark.parametrize(
    ("lines", "line", "reason", "kept"), [disorder[1:] for disorder in DISORDERS], ids=[disorder[0] for disorder in DISORDERS]
)
def test_lines_out_of_order_are_refused_and_what_comes_before_is_kept(
    lines: list[Line], line: int, reason: str, kept: int, file: Path
) -> None:
    where, actual, record = refused(file, b"".join(map(dump, lines)))

    assert (where, actual) == (f"run.ndjson:{line}", reason)
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


@pytest.mark.parametrize(
    ("lines", "place", "reason"),
    [contradiction[1:] for contradiction in CONTRADICTIONS],
    ids=[contradiction[0] for contradiction in CONTRADICTIONS],
)
def test_lines_that_contradict_each_other_are_refused_and_all_are_read(lines: list[Line], place: str, reason: str, file: Path) -> None:
    where, actual, record = refused(file, b"".join(map(dump, lines)))

    assert (where, actual) == (place, reason)
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

"""The run record is read whole, partly, or refused with one clear error; never guessed at."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sop_runs.errors import RunRecordError
from sop_runs.record.reader import read_record
from tests.support.run_samples import dump, record, write

Line = dict[str, Any]


def test_a_whole_record_is_complete(tmp_path: Path) -> None:
    read = read_record(write(record(), tmp_path))

    assert (read.state, len(read.features), len(read.scenarios)) == ("complete", 4, 19)


def test_a_record_is_found_in_its_folder(tmp_path: Path) -> None:
    file = write(record(), tmp_path)

    assert read_record(tmp_path) == read_record(file)


def test_an_interrupted_run_says_so(tmp_path: Path) -> None:
    assert read_record(write(record(state="interrupted", keep=3), tmp_path)).state == "interrupted"


@pytest.mark.parametrize("keep", [0, 1, 5, 19])
def test_a_record_without_closing_is_incomplete(tmp_path: Path, keep: int) -> None:
    read = read_record(write(record(state=None, keep=keep), tmp_path))

    assert (read.state, len(read.scenarios)) == ("incomplete", keep)


def test_a_record_cut_off_at_any_byte_is_incomplete_or_refused_but_never_complete(tmp_path: Path) -> None:
    whole = write(record(), tmp_path).read_bytes()

    for end in range(1, len(whole), 997):
        (tmp_path / "run.ndjson").write_bytes(whole[:end])
        try:
            state = read_record(tmp_path).state
        except RunRecordError:
            continue
        assert state == "incomplete", end


def test_a_record_that_lacks_only_its_last_line_end_is_incomplete(tmp_path: Path) -> None:
    file = write(record(), tmp_path)
    file.write_bytes(file.read_bytes()[:-1])

    assert read_record(file).state == "incomplete"


def test_a_run_stopped_after_the_manifest_has_no_rulebook(tmp_path: Path) -> None:
    read = read_record(write(record()[:1], tmp_path))

    assert (read.state, read.rulebook) == ("incomplete", None)


def test_a_missing_record_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RunRecordError) as caught:
        read_record(tmp_path)

    assert str(caught.value) == ("run.ndjson: the run record cannot be read: the file does not exist; run `sop verify` again")


def _drop(name: str) -> Callable[[list[Line]], None]:
    return lambda lines: lines[0].pop(name)


def _set(index: int, name: str, value: object) -> Callable[[list[Line]], None]:
    return lambda lines: lines[index].__setitem__(name, value)


def _step(name: str, value: Any) -> Callable[[list[Line]], None]:
    return lambda lines: lines[6]["steps"][1].__setitem__(name, value)


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    [
        (lambda lines: lines.clear(), "run.ndjson", "the record is empty"),
        (_set(0, "version", 1), "run.ndjson:1", "the record has version 1, this program reads 2"),
        (_drop("features"), "run.ndjson:1", "in the manifest line, the line has no `features`"),
        (_set(0, "written", "19"), "run.ndjson:1", "in the manifest line, written is a text, expected a whole number"),
        (_set(0, "written", value=True), "run.ndjson:1", "in the manifest line, written is true or false, expected a whole number"),
        (_set(3, "type", "picture"), "run.ndjson:4", "the line has an unknown type"),
        (_step("status", None), "run.ndjson:7", "in the scenario line, steps[1].status is null, expected a text"),
        (_step("kind", "but"), "run.ndjson:7", "in the scenario line, steps[1].kind: invalid enum value 'but'"),
        (_step("claims", [7]), "run.ndjson:7", "a step refers to a claim that does not exist"),
        (
            lambda lines: lines[7]["claims"][0].update(cell=[1]),
            "run.ndjson:8",
            "in the scenario line, claims[0].cell: expected `array` of length 2",
        ),
        (_set(6, "feature", "x.feature"), "run.ndjson:7", "the scenario belongs to a feature that has no line"),
        (lambda lines: lines.insert(7, lines[6]), "run.ndjson:8", "the scenario is recorded twice"),
        (lambda lines: lines.insert(2, lines[1]), "run.ndjson:3", "a rulebook line after a rulebook line"),
        (lambda lines: lines.append(lines[6]), "run.ndjson:27", "a scenario line after a closing line"),
        (lambda lines: lines.pop(0), "run.ndjson:1", "the record begins with a rulebook line, expected the manifest"),
        (lambda lines: lines.pop(1), "run.ndjson:2", "there is no rulebook line"),
        (_set(0, "features", {}), "run.ndjson", "the features differ from those of the manifest"),
    ],
)
def test_a_spoiled_record_is_refused_with_its_place(tmp_path: Path, spoil: Callable[[list[Line]], object], place: str, reason: str) -> None:
    lines = json.loads(json.dumps(record()))
    spoil(lines)

    with pytest.raises(RunRecordError) as caught:
        read_record(write(lines, tmp_path))

    assert (caught.value.place, caught.value.reason) == (place, reason)


@pytest.mark.parametrize("rubbish", [b"{", b"\xff\xfe", b"NaN", b"[" * 100_000])
def test_rubbish_inside_a_record_is_refused_and_at_its_end_is_a_torn_line(tmp_path: Path, rubbish: bytes) -> None:
    file = tmp_path / "run.ndjson"
    lines = [dump(line) for line in record()]

    file.write_bytes(b"".join([*lines[:5], rubbish, b"\n", *lines[5:]]))
    with pytest.raises(RunRecordError, match=r"run\.ndjson:6: the line is not JSON"):
        read_record(file)
    file.write_bytes(b"".join([*lines[:5], rubbish, b"\n"]))
    assert read_record(file).state == "incomplete"


@pytest.mark.parametrize("tail", [b"{", b'{"type":"closing"}\n'])
def test_nothing_may_follow_the_closing_line(tmp_path: Path, tail: bytes) -> None:
    file = write(record(), tmp_path)
    file.write_bytes(file.read_bytes() + tail)

    with pytest.raises(RunRecordError):
        read_record(file)


def test_a_later_writer_may_say_more(tmp_path: Path) -> None:
    lines = [line | {"extra": {"deep": [1]}} for line in record()]

    assert read_record(write(lines, tmp_path)).state == "complete"


def test_the_sample_records_are_what_the_schema_says() -> None:
    schema = json.loads((files("sop_engine") / "schemas" / "run-record.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    problems = [
        f"{line['type']}: {error.json_path} {error.message[:200]}"
        for lines in (record(), record(selection={"paths": ["returns/rsi.feature"], "keyword": None, "tags": None}))
        for line in lines
        for error in validator.iter_errors(line)
    ]

    assert problems == []

"""The fuzz itself: it finds what it looks for, says it again, and a small share of it holds by day (the million is for the night)."""

import os
from itertools import count
from pathlib import Path

import pytest

from sop_runs.record.verdict_text import reason_texts
from steps.language.formatter import formatted
from steps.run.judge import judge_run
from tests.support import fuzz
from tests.support.fuzzing import approved_files, features, runs
from tests.support.run_samples import dump

NUMBERS = count()
INPUTS = int(os.environ.get("FUZZ_INPUTS", "3000"))


@pytest.mark.slow
@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_whatever_is_given_is_answered_or_refused_in_words(target: str) -> None:
    share = INPUTS * fuzz.TARGETS[target].share // sum(other.share for other in fuzz.TARGETS.values())

    assert fuzz.feed(target, 7, range(max(10, share))) == []


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_an_input_follows_from_its_number(target: str) -> None:
    assert fuzz.input_of(target, 7, 3) == fuzz.input_of(target, 7, 3)
    assert len({repr(fuzz.input_of(target, 7, number)) for number in range(10)}) > 1


@pytest.mark.parametrize(
    ("takes", "message"),
    [
        (lambda given, _: given[10**9], "IndexError"),
        (lambda given, _: formatted(given, "x") and 1 / 0, "ZeroDivisionError"),
        (lambda *_: next(NUMBERS), "another answer the second time"),
    ],
)
def test_a_crash_is_found_and_kept(takes, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(fuzz.TARGETS, "fmt", fuzz.Target(1, features.feature, takes))
    monkeypatch.setattr(fuzz, "CRASHES", tmp_path)

    crash, *_ = fuzz.feed("fmt", 7, range(40))
    folder = fuzz.kept(crash, 7)

    assert message in (folder / "crash.txt").read_text(encoding="utf-8")
    assert (folder / "input").read_bytes() == fuzz.input_of("fmt", 7, crash.number)


@pytest.mark.slow
def test_what_takes_too_long_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> None:
        while True:
            pass

    monkeypatch.setitem(fuzz.TARGETS, "fmt", fuzz.Target(1, features.feature, endless))
    monkeypatch.setattr(fuzz, "PATIENCE_S", 1)

    assert "not done in 1 s" in fuzz.feed("fmt", 7, [1])[0].message


def test_the_records_that_are_spoilt_are_of_a_good_run_and_of_shards_that_make_one(tmp_path: Path) -> None:
    """Otherwise nothing that is refused would say anything."""
    good = b"".join(dump(line) for line in runs.recorded_lines())
    assert runs.judges(good, tmp_path) == ((), "complete")
    assert fuzz.answer("shards", dict(runs.shards()), tmp_path) == "('it is a run of the rulebook `sample`, not of `clients_v1`',)"
    assert fuzz.answer("baseline", {name: text.encode() for name, text in approved_files.approved().items()}, tmp_path) == "4"


@pytest.mark.parametrize(
    "plan",
    [
        b'{"root": "features", "record": "run.ndjson", "files": ["features"], "bindings": [], "limit": 60.0, "selection": {}}',
        b'{"selection": null}',
        b"[]",
        b"null",
        b"",
    ],
)
def test_a_plan_that_is_none_is_refused(plan: bytes, tmp_path: Path) -> None:
    """What the fuzz found: a selection without its shard ended in a KeyError."""
    text = fuzz.answer("shards", {**runs.shards(), "1/plan.json": plan}, tmp_path)

    assert "plan.json" in text
    assert text.partition(":")[0].endswith("Error")


def test_a_record_with_results_of_another_file_is_not_good(tmp_path: Path) -> None:
    lines = [{**line, "feature": "other.feature"} if line.get("name") == "Two" else line for line in runs.recorded_lines()]
    file = tmp_path / "run.ndjson"
    file.write_bytes(b"".join(map(dump, lines)))

    verdict = judge_run(file, {"small.feature": runs.SMALL.encode()}, str(lines[0]["rulebook"]["sha256"]))  # type: ignore[index]

    assert reason_texts(verdict) == (
        "the run record cannot be read from run.ndjson:5 on: the scenario belongs to a feature that has no line",
    )

"""Whatever is wrong with a run record: page, JUnit, Messages, Cucumber JSON and the verdict itself all say the same of it."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reports.export.run_files import CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from reports.site.builder import write_site
from reports.site.context import context_of
from sop_engine import SopError
from sop_runs.record.reader import RunRecord, read, read_record
from sop_runs.record.verdict import judge
from tests.support.run_samples import dump, write
from tests.support.spoilt_records import HARMLESS, SPOILS, good_record, spoilt, spoilt_once

RECORDS = 200
BAD = {"failed", "undefined", "ambiguous", "pending"}
OUTPUTS = ("page", "junit", "messages", "cucumber", "verdict")


def good_in_each(folder: Path) -> dict[str, bool]:
    """What each output says of the record in *folder*: whether the run is good; one that cannot be written does not say so."""
    verdicts = dict.fromkeys(OUTPUTS, False)
    verdicts["verdict"] = judge(read(folder)).good
    try:
        record = read_record(folder)
        verdicts["page"] = context_of(record).document.band.kind != "bad"
        write_exports(folder, [JUNIT], record=record)
        verdicts["junit"] = _junit(folder / JUNIT)
        write_exports(folder, [MESSAGES, CUCUMBER_JSON], record=record)
    except SopError:
        return verdicts
    verdicts["messages"] = _messages(folder / MESSAGES)
    verdicts["cucumber"] = _cucumber(folder / CUCUMBER_JSON)
    return verdicts


def _junit(file: Path) -> bool:
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    assert int(root.get("failures", "")) == len(list(root.iter("failure")))
    assert int(root.get("errors", "")) == len(list(root.iter("error")))
    return not list(root.iter("failure")) and not list(root.iter("error"))


def _messages(file: Path) -> bool:
    messages = [json.loads(line) for line in file.read_bytes().splitlines()]
    results = {message["testStepFinished"]["testStepResult"]["status"].lower() for message in messages if "testStepFinished" in message}
    finished = messages[-1]["testRunFinished"]
    assert finished["success"] != ("message" in finished)
    assert not (finished["success"] and results & BAD)
    return bool(finished["success"])


def _cucumber(file: Path) -> bool:
    features: list[dict[str, Any]] = json.loads(file.read_bytes())
    return not any(step["result"]["status"] in BAD for feature in features for element in feature["elements"] for step in element["steps"])


@pytest.mark.parametrize("seed", range(RECORDS))
def test_five_outputs_of_one_record_agree(tmp_path: Path, seed: int) -> None:
    raw, names = spoilt(seed)
    (tmp_path / "run.ndjson").write_bytes(raw)

    verdicts = good_in_each(tmp_path)

    assert len(set(verdicts.values())) == 1, (names, verdicts)


@pytest.mark.parametrize("counted_again", [False, True])
@pytest.mark.parametrize("name", SPOILS)
def test_no_spoilt_record_is_good_in_any(tmp_path: Path, name: str, counted_again: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    records = {raw for seed in range(6) if (raw := spoilt_once(name, seed, counted_again=counted_again)) is not None}
    assert records or counted_again  # counting again may undo the change
    for raw in records:
        (tmp_path / "run.ndjson").write_bytes(raw)

        verdicts = good_in_each(tmp_path)

        assert len(set(verdicts.values())) == 1, verdicts
        assert name in HARMLESS or not verdicts["verdict"], raw


@pytest.mark.slow
def test_the_spoilt_records_are_of_many_kinds_and_some_stay_good(tmp_path: Path) -> None:
    good: Counter[bool] = Counter()
    kinds: set[str] = set()
    for seed in range(RECORDS):
        (tmp_path / "run.ndjson").write_bytes(spoilt(seed)[0])
        good[judge(read(tmp_path)).good] += 1
        kinds |= {reason.kind for reason in judge(read(tmp_path)).reasons}

    assert good[True] >= 5
    assert good[False] >= 150
    assert len(kinds) >= 8, kinds


def test_the_record_before_it_is_spoilt_is_good_in_each(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_bytes(b"".join(map(dump, good_record())))

    assert good_in_each(tmp_path) == dict.fromkeys(OUTPUTS, True)


def test_a_finding_in_a_binding_module_is_bad_in_each(tmp_path: Path) -> None:
    lines = good_record()
    finding = {"path": "my_shop/steps.py", "line": 4, "column": 5, "rule": "bare-assert", "message": "it asserts", "remedy": "claim it"}
    lines[0]["binding_findings"] = [finding]
    lines[-1]["findings"] = 1
    record = read_record(write(lines, tmp_path))

    assert set(good_in_each(tmp_path).values()) == {False}
    assert "my_shop/steps.py:4:5: bare-assert: it asserts; claim it" in (tmp_path / JUNIT).read_text(encoding="utf-8")
    assert context_of(record).document.band.reasons == ("1 finding in 1 module with step definitions",)
    index = write_site(tmp_path, tmp_path / "site").read_text(encoding="utf-8")
    assert "it asserts" in index
    assert "my_shop/steps.py:4:5" in index


def _untrue(tmp_path: Path) -> RunRecord:
    lines = good_record()
    line = next(line for line in lines if line["type"] == "scenario" and line["claims"])
    line["claims"][-1] |= {"actual": "something else", "holds": False}
    line["steps"][-1] |= {"status": "failed"}
    line |= {"status": "failed"}
    lines[-1]["counts"] |= {"passed": 18, "failed": 2}
    return read_record(write(lines, tmp_path))


def test_an_example_whose_claim_does_not_hold_has_failed_in_each(tmp_path: Path) -> None:
    document = context_of(_untrue(tmp_path)).document

    assert set(good_in_each(tmp_path).values()) == {False}
    assert (document.band.kind, document.band.title) == ("bad", "1 example failed")
    assert (document.figures[0].number, document.figures[0].of) == (18, 20)
    assert len(document.failures) == 1
    assert document.failures[0].notes[0].startswith("outcome: expected ")
    index = write_site(tmp_path, tmp_path / "site")
    for page in index.parent.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "20 of 20" not in text
        assert "19 examples passed" not in text

"""A run whose record contradicts itself, does not end or cannot be good: what each format writes of it."""

import json
import xml.etree.ElementTree as ET

import pytest

from reports.export.run_files import CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from sop_runs.errors import RunRecordError
from sop_runs.record.durations import DURATIONS
from sop_runs.record.schema import Counts
from sop_runs.record.verdict import Reason, ReasonKind, Verdict
from tests.support.message_stream import of
from tests.support.messages_sample import copied, lines
from tests.support.run_samples import count

GOOD = Verdict("complete", Counts(), ())
CHANGED = GOOD.with_reasons(Reason(ReasonKind.FILE_CHANGED, path="c.feature"))


def test_the_run_ends_with_its_verdict(messages, run_dir, tmp_path):
    finished = of(messages, "testRunFinished")[0]
    assert finished["success"] is False
    assert finished["message"] == ("1 example passed that is expected to fail; 3 examples failed; 6 findings in 4 feature files")

    (file,) = write_exports(run_dir, [MESSAGES], tmp_path, verdict=CHANGED)
    assert of(lines(file), "testRunFinished")[0]["message"] == "c.feature changed during the run"


def without_failures(run_dir, to, *, closed: bool):
    """The part of a run that passed, with or without its last line."""
    copy = copied(run_dir, to)
    (copy / DURATIONS).unlink()  # it has the examples that are left out
    kept = [line for line in lines(copy / "run.ndjson") if not line.get("findings")]
    kept = [line for line in kept if line["type"] != "scenario" or (line["status"] == "passed" and "mended" not in line["name"])]
    kept[0]["features"] = {feature["path"]: feature["sha256"] for feature in kept if feature["type"] == "feature"}
    if closed:
        kept.append({"type": "closing", "state": "complete"})
        count(kept)
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    return copy


def test_what_its_record_cannot_know_is_said_of_a_run_in_every_format(run_dir, tmp_path):
    copy = without_failures(run_dir, tmp_path / "copy", closed=True)
    write_exports(copy, verdict=GOOD)
    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["success"] is True
    assert ET.parse(copy / JUNIT).getroot().get("errors") == "0"  # noqa: S314 - our own file

    write_exports(copy, verdict=CHANGED)
    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["message"] == "c.feature changed during the run"
    assert json.loads((copy / CUCUMBER_JSON).read_bytes())[-1]["elements"][0]["steps"][0]["name"] == "c.feature changed during the run"
    assert ET.parse(copy / JUNIT).getroot().find("testsuite[@name='run']/testcase/error").text == "c.feature changed during the run"  # noqa: S314


def test_a_run_that_did_not_end_is_not_good_in_any_format(run_dir, tmp_path):
    copy = without_failures(run_dir, tmp_path / "copy", closed=False)
    write_exports(copy)

    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["success"] is False
    whole = json.loads((copy / CUCUMBER_JSON).read_bytes())[-1]
    assert (whole["name"], whole["elements"][0]["steps"][0]["result"]["status"]) == ("The run", "failed")
    root = ET.parse(copy / JUNIT).getroot()  # noqa: S314 - our own file
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    assert "did not finish" in root.find("testsuite[@name='run']/testcase/error").get("message")


def test_a_record_that_contradicts_itself_is_written_in_no_format(run_dir, tmp_path):
    copy = copied(run_dir, tmp_path / "copy")
    changed = lines(copy / "run.ndjson")
    fine = next(line for line in changed if line.get("name") == "Fine" and line["type"] == "scenario")
    fine["claims"][0]["holds"] = False
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in changed), encoding="utf-8")

    with pytest.raises(RunRecordError, match=r"claims\[0\]\.holds is false, but its expected and actual values are the same"):
        write_exports(copy)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda line: line | {"text": "Feature: x\n  Scenario: y\n    nonsense\n    Given z\n    nonsense\n"}, "c.feature"),
        (lambda line: line | {"text": "Feature: Fine\n\n  Scenario: Fine\n    Given a score\n    Then the number is 20\n"}, "c.feature:3"),
        (lambda line: line | {"text": "Feature: Fine\n"}, "c.feature:3"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(run_dir, tmp_path, spoil, place):
    copy = copied(run_dir, tmp_path / "copy")
    actual = [spoil(line) if line.get("path") == "c.feature" and line["type"] == "feature" else line for line in lines(copy / "run.ndjson")]
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in actual), encoding="utf-8")

    with pytest.raises(RunRecordError, match=rf"^{place}: "):
        write_exports(copy, [MESSAGES])
    assert not list(copy.glob("*messages*"))

"""The recorder, fed with reports: each line of the record, in the order of the documents, whatever the order of the reports."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from sop_engine import load_rulebook
from sop_runs.problem import Problem
from sop_runs.record.durations import DURATIONS, ExampleDurations
from sop_runs.record.reader import encode
from sop_runs.record.schema import Claim, StepError, Surroundings
from sop_runs.record.status import BROKEN, FAILED, PASSED
from steps.definitions.discovery import BindingModules
from steps.language.selection import Selection
from steps.run.executor import ExampleResult, StepOutcome
from steps.run.plan import Plan
from steps.run.recorder import CRASHED_PHASE, Recorder, scenario_record
from steps.run.specification import Specification

FILES = {
    "a.feature": "Feature: A\n\n  @GAP-14\n  Scenario: One\n    It is for GAP-14.\n\n    Given a number 1\n    Then the number is 1\n\n"
    "  Scenario: Two\n    Given a number 2\n    Then the number is 2\n",
    "b.feature": "Feature: B\n\n  Scenario: Empty\n",
    "c.feature": "Feature: C\n\n  Rule: R\n\n    Scenario Outline: Three\n      Given a number <n>\n      Then the number is 3\n\n"
    "      Examples: E\n        | n |\n        | 3 |\n",
}
PHASES = ("setup", "call", "teardown")


class Fed:
    """A recorder, its file, and what feeds it."""

    def __init__(self, folder: Path, selection: Selection | None = None) -> None:
        root = folder / "features"
        root.mkdir()
        for name, text in FILES.items():
            (root / name).write_text(text, encoding="utf-8")
        bindings = BindingModules(("tests.support.run_bindings",))
        self.plan = Plan(root, folder / "run.ndjson", tuple(root / name for name in FILES), bindings, selection or Selection())
        self.specification = Specification.of(self.plan)
        self.recorder = Recorder(self.plan, self.specification)
        self.one, self.two, self.empty, self.three = self.specification.examples

    def report(self, example: Any, when: str, result: object = None, outcome: str = PASSED, text: str = "") -> None:
        report = SimpleNamespace(
            nodeid=f"features/{example.path}::{example.id}", when=when, failed=outcome == FAILED, longreprtext=text, sop=result
        )
        self.recorder.pytest_runtest_logreport(report)  # type: ignore[arg-type]

    def run(self, example: Any, result: ExampleResult | None = None, *, sent: bool = False) -> None:
        result = result or passed()
        for phase in PHASES:
            self.report(example, phase, (encode(result).decode() if sent else result) if phase == "call" else None)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.plan.record.read_bytes().splitlines()]

    @property
    def scenarios(self) -> list[tuple[str, str]]:
        return [(line["name"], line["status"]) for line in self.lines if line["type"] == "scenario"]


def passed() -> ExampleResult:
    return ExampleResult(PASSED, [StepOutcome(PASSED, None, []), StepOutcome(PASSED, None, [])], [])


def failed(message: str) -> ExampleResult:
    return ExampleResult(FAILED, [StepOutcome(PASSED, None, []), StepOutcome(FAILED, StepError(message, 1, 2), [])], [])


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Fed]]:
    made: list[Fed] = []

    def one(selection: Selection | None = None) -> Fed:
        made.append(Fed(tmp_path, selection))
        return made[-1]

    yield one
    for fed in made:
        if fed.recorder._file is not None:
            fed.recorder._file.close()


@pytest.fixture
def fed(make: Callable[..., Fed]) -> Fed:
    fed = make()
    fed.recorder.pytest_sessionstart()
    return fed


def test_the_record_begins_with_the_plan_the_rulebook_and_every_file(fed: Fed) -> None:
    head, rulebook, *files = fed.lines
    book = load_rulebook()

    code = head.pop("code")
    assert code["packages"].keys() >= {"steps", "sop_engine"}
    assert "pytest" in code["libraries"]
    assert head == {
        "type": "manifest", "version": 2, "state": "running", "reading": "as-practised", "features": fed.specification.hashes,
        "rulebook": {"name": book.name, "sha256": book.sha256}, "selection": None, "written": 4, "expected": 3,
    }  # fmt: skip
    assert (rulebook["type"], len(rulebook["clauses"])) == ("rulebook", len(book.clauses))
    assert [(file["path"], file["text"], len(file["findings"])) for file in files] == [
        (path, text, int(path == "b.feature")) for path, text in FILES.items()
    ]
    assert [file["document"]["name"] for file in files] == ["A", "B", "C"]
    assert [file["sha256"] for file in files] == list(fed.specification.hashes.values())
    assert {sentence["expression"] for sentence in json.loads((fed.plan.record.parent / "steps.json").read_text())["sentences"]} >= {
        "a number {int}"
    }


def test_an_old_record_is_not_overwritten(fed: Fed) -> None:
    with pytest.raises(FileExistsError):
        Recorder(fed.plan, fed.specification).pytest_sessionstart()


def test_a_selection_is_in_the_first_line(make: Callable[..., Fed]) -> None:
    fed = make(Selection(tags="@GAP-14"))
    fed.recorder.pytest_sessionstart()

    assert fed.lines[0]["selection"] == {"paths": None, "keyword": None, "tags": "@GAP-14"}
    assert (fed.lines[0]["written"], fed.lines[0]["expected"]) == (4, 1)


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("order", ["one two three", "three two one", "two three one"])
def test_lines_are_in_the_order_of_the_documents(order: str, sent: bool, fed: Fed) -> None:  # noqa: FBT001
    for name in order.split():
        fed.run(getattr(fed, name), failed("it is 1, not 2") if name == "two" else None, sent=sent)
    fed.recorder.pytest_sessionfinish(exitstatus=1)

    assert fed.scenarios == [("One", "passed"), ("Two", "failed"), ("Empty", "not-run"), ("Three", "passed")]
    assert fed.lines[-1] == {
        "type": "closing", "state": "complete", "findings": 1,
        "counts": {"written": 4, "expected": 3, "executed": 3, "passed": 2, "failed": 1},
    }  # fmt: skip
    two = fed.lines[-4]
    assert [(step["status"], step["error"]) for step in two["steps"]] == [
        ("passed", None),
        ("failed", {"message": "it is 1, not 2", "expected": 1, "actual": 2}),
    ]
    assert [(step["line"], step["keyword"], step["text"], step["kind"]) for step in two["steps"]] == [
        (11, "Given", "a number 2", "given"),
        (12, "Then", "the number is 2", "then"),
    ]
    three = fed.lines[-2]
    assert [three[key] for key in ("feature", "rule", "outline", "name", "line", "row")] == ["c.feature", "R", "Three", "Three", 5, 11]
    assert fed.lines[-5]["tags"] == ["@GAP-14"]


def test_a_line_is_written_as_soon_as_it_is_due(fed: Fed) -> None:
    fed.run(fed.two)
    assert fed.scenarios == []

    fed.run(fed.one)
    assert fed.scenarios == [("One", "passed"), ("Two", "passed"), ("Empty", "not-run")]

    fed.report(fed.three, "setup")
    fed.report(fed.three, "call", passed())
    assert len(fed.scenarios) == 3, "its teardown may still fail"


def test_reports_of_something_else_and_of_what_is_finished_are_ignored(fed: Fed) -> None:
    other = SimpleNamespace(path="a.feature", id="another")
    fed.run(other)
    fed.run(fed.empty)
    fed.run(fed.one)
    fed.run(fed.one, failed("again"))
    fed.run(fed.three)
    fed.run(fed.three, failed("again"))
    fed.run(fed.two)

    assert fed.scenarios == [("One", "passed"), ("Two", "passed"), ("Empty", "not-run"), ("Three", "passed")]


def broken(fed: Fed) -> tuple[str, list[str], dict[str, Any] | None]:
    line = next(line for line in fed.lines if line["type"] == "scenario")
    return line["status"], [step["status"] for step in line["steps"]], line["steps"][-1]["error"]


def test_a_process_that_ends_breaks_its_example(fed: Fed) -> None:
    fed.report(fed.one, CRASHED_PHASE, outcome=FAILED, text="worker gw0 crashed")

    message = "the worker process ended while it ran this example"
    assert broken(fed) == ("broken", ["skipped", "broken"], {"message": message, "expected": None, "actual": None})


@pytest.mark.parametrize("when", ["setup", "teardown"])
def test_a_fixture_that_fails_breaks_its_example(when: str, fed: Fed) -> None:
    for phase in PHASES:
        outcome, text = (FAILED, "it is not given back") if phase == when else (PASSED, "")
        fed.report(fed.one, phase, passed() if phase == "call" and when == "teardown" else None, outcome, text)
        if phase == when == "setup":
            fed.report(fed.one, "teardown")
            break

    status, steps, error = broken(fed)
    assert (status, steps[-1]) == ("broken", "broken")
    assert error is not None
    assert error["message"] == f"{when}: it is not given back"


def test_a_call_without_a_result_and_a_teardown_without_a_call_are_broken(fed: Fed) -> None:
    fed.report(fed.one, "call", None, FAILED, "no result")
    fed.report(fed.one, "teardown")
    fed.report(fed.two, "teardown", text="nothing before")

    assert broken(fed)[2] == {"message": "call: no result", "expected": None, "actual": None}
    assert fed.scenarios == [("One", "broken"), ("Two", "broken"), ("Empty", "not-run")]
    assert fed.lines[-2]["steps"][-1]["error"]["message"] == "teardown: nothing before"


def test_tables_notes_columns_and_claims_are_recorded(tmp_path: Path) -> None:
    step = '    Given a number <n>\n    Then the numbers are\n      | <n> |\n    And the note is\n      """\n      <n>\n      """\n'
    (tmp_path / "a.feature").write_text(f"Feature: A\n\n  Scenario Outline: O\n{step}\n    Examples: E\n      | n |\n      | 7 |\n")
    bindings = BindingModules(("tests.support.run_bindings",))
    (example,) = Specification.load([tmp_path / "a.feature"], tmp_path, bindings).examples
    claim = Claim({}, "as-practised", "cell", "7", "7", holds=True, step=1, cell=(0, 0))
    outcomes = [StepOutcome(PASSED, None, numbers) for numbers in ([], [0], [])]

    line = scenario_record(example, ExampleResult(PASSED, outcomes, [claim]))

    assert (line.id, line.feature, line.claims) == (example.id, "a.feature", [claim])
    assert [(step.columns, step.table, step.docstring, step.claims) for step in line.steps] == [
        (("n",), None, None, []), (("n",), (("7",),), None, [0]), (("n",), None, "7", []),
    ]  # fmt: skip
    assert scenario_record(example, ExampleResult(BROKEN, None, [], "it ended")).claims == []
    assert [step.claims for step in scenario_record(example, None).steps] == [[], [], []]
    with pytest.raises(ValueError, match="zip"):
        scenario_record(example, ExampleResult(PASSED, outcomes[:2], []))
    broken_last = scenario_record(example, ExampleResult(BROKEN, outcomes, [], "it ended"))
    assert [(step.line, step.status) for step in broken_last.steps] == [(4, PASSED), (5, PASSED), (7, BROKEN)]


def test_a_report_without_a_result_is_one_of_a_worker_that_ended(fed: Fed) -> None:
    report = SimpleNamespace(nodeid=f"features/a.feature::{fed.one.id}", when=CRASHED_PHASE, failed=True, longreprtext="")
    fed.recorder.pytest_runtest_logreport(report)  # type: ignore[arg-type]

    assert fed.scenarios == [("One", "broken")]
    assert fed.lines[-1]["claims"] == []


def test_a_result_of_no_steps_breaks_the_last_step(fed: Fed) -> None:
    fed.run(fed.one, ExampleResult(BROKEN, [], [], "it ended"))

    assert broken(fed) == ("broken", ["skipped", "broken"], {"message": "it ended", "expected": None, "actual": None})


def test_an_example_that_did_not_run_has_steps_that_did_not_run(fed: Fed) -> None:
    fed.recorder.pytest_keyboard_interrupt()
    assert [line["type"] for line in fed.lines][-1] == "closing"
    assert (fed.lines[-1]["state"], fed.lines[-1]["counts"]["executed"]) == ("interrupted", 0)

    fed.recorder.pytest_sessionfinish(exitstatus=2)
    fed.run(fed.one)
    assert [line["type"] for line in fed.lines][-2:] == ["feature", "closing"], "the record is closed"


def test_a_run_that_ends_early_is_interrupted(fed: Fed) -> None:
    fed.run(fed.one)
    fed.recorder.pytest_sessionfinish(exitstatus=0)

    assert fed.scenarios == [("One", "passed")]
    assert (fed.lines[-1]["type"], fed.lines[-1]["state"]) == ("closing", "interrupted")


def test_a_run_of_nothing_but_findings_is_written_at_its_end(make: Callable[..., Fed]) -> None:
    fed = make(Selection(tags="@GAP-01"))
    fed.recorder.pytest_sessionstart()
    fed.recorder.pytest_sessionfinish(exitstatus=5)

    assert fed.scenarios == [("One", "not-run"), ("Two", "not-run"), ("Empty", "not-run"), ("Three", "not-run")]
    assert [step["status"] for step in fed.lines[-2]["steps"]] == ["not-run", "not-run"]
    assert (fed.lines[-1]["state"], fed.lines[-1]["counts"]["expected"]) == ("complete", 0)


def test_an_internal_error_leaves_the_record_open(fed: Fed) -> None:
    for example in (fed.one, fed.two, fed.three):
        fed.run(example)
    fed.recorder.pytest_sessionfinish(exitstatus=pytest.ExitCode.INTERNAL_ERROR)

    assert fed.lines[-1]["type"] == "scenario"


def test_findings_of_step_definitions_are_counted(make: Callable[..., Fed]) -> None:
    fed = make()
    finding = Problem("x.py", 1, 1, "bare-assert", "m", "r")
    object.__setattr__(fed.specification, "binding_findings", (finding, finding))
    fed.recorder.pytest_sessionstart()
    fed.recorder.pytest_sessionfinish(exitstatus=0)

    assert [actual["rule"] for actual in fed.lines[0]["binding_findings"]] == ["bare-assert", "bare-assert"]
    assert fed.lines[-1]["findings"] == 3


def test_findings_of_files_are_counted(make: Callable[..., Fed]) -> None:
    fed = make()
    finding = Problem("x.FEATURE", 1, 1, "unread-file", "m", "n")
    object.__setattr__(fed.specification, "surroundings", Surroundings(file_findings=(finding, finding)))
    fed.recorder.pytest_sessionstart()
    fed.recorder.pytest_sessionfinish(0)

    assert [entry["path"] for entry in fed.lines[0]["file_findings"]] == ["x.FEATURE", "x.FEATURE"]
    assert fed.lines[-1]["findings"] == 3


def test_the_durations_of_all_examples_are_beside_the_record(fed: Fed) -> None:
    for example, times in ((fed.two, (30, 40)), (fed.one, (10, 20))):
        fed.run(example, ExampleResult(PASSED, [StepOutcome(PASSED, None, [], time) for time in times], []))
    fed.run(fed.three, ExampleResult(BROKEN, None, [], "the process ended"))
    fed.recorder.pytest_sessionfinish(0)

    assert durations_of(fed.plan.record) == {("a.feature", fed.one.id): (10, 20), ("a.feature", fed.two.id): (30, 40)}


def durations_of(record: Path) -> dict[tuple[str, str], tuple[int, ...]]:
    """The durations of the steps of each example, in nanoseconds."""
    lines = record.with_name(DURATIONS).read_bytes().splitlines()
    entries = (msgspec.json.decode(line, type=ExampleDurations) for line in lines)
    return {(entry.feature, entry.id): entry.steps for entry in entries}


def test_the_first_and_the_last_line_are_forced_to_the_disk(make: Callable[..., Fed], monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    fed = make()
    monkeypatch.setattr(os, "fsync", lambda _: forced.append(len(fed.lines) if fed.plan.record.exists() else 0))

    fed.recorder.pytest_sessionstart()
    for example in (fed.one, fed.two, fed.three):
        fed.run(example)
    fed.recorder.pytest_sessionfinish(exitstatus=0)

    assert forced == [0, 5, 9, 10], "the first lines as a draft, the catalogue of the steps, the durations before the last line"


@pytest.mark.parametrize("name", ["code_of", "manifest", "preamble", "write_atomically"])
def test_a_run_that_is_stopped_before_its_first_line_has_no_record(
    make: Callable[..., Fed], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    fed = make()
    monkeypatch.setattr(f"steps.run.recorder.{name}", stop)
    with pytest.raises(KeyboardInterrupt):
        fed.recorder.pytest_sessionstart()
    fed.recorder.pytest_keyboard_interrupt()
    fed.recorder.pytest_sessionfinish(exitstatus=2)

    assert not fed.plan.record.exists()


def test_a_line_that_is_written_in_parts_is_whole(fed: Fed) -> None:
    class Narrow:
        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, data: memoryview) -> int:
            return int(self.file.write(data[:7]))

        def fileno(self) -> int:
            return int(self.file.fileno())

        def close(self) -> None:
            self.file.close()

    fed.recorder._file = Narrow(fed.recorder._file)  # type: ignore[assignment]
    fed.run(fed.one)
    fed.recorder.pytest_keyboard_interrupt()

    assert fed.scenarios == [("One", "passed")]
    assert fed.lines[-1]["state"] == "interrupted"

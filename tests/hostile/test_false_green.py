"""Nothing is green that did not run to its end and pass. Every run here is a real one, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec import to_builtins

from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import BindingModules
from steps.language.document import FeatureFileError
from steps.language.selection import SelectionError
from steps.run.runner import RunError, RunResult, run
from tests.support.run_features import BINDINGS, feature

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
GOOD = "Feature: Good\n\n  Scenario: Adding\n    Given a number 1\n    When 2 is added\n    Then the number is 3\n"


def go(folder: Path, tmp_path: Path, **more: object) -> RunResult:
    return run([folder], out=tmp_path / "runs", bindings=BINDINGS, **more)  # type: ignore[arg-type]


def test_a_good_run_is_green(tmp_path):
    folder = feature(tmp_path / "features", "good.feature", "When 2 is added", "Then the number is 3")

    result = go(folder, tmp_path)

    assert (result.verdict.good, reason_texts(result.verdict), result.verdict.state) == (True, (), "complete")
    assert (result.verdict.counts.written, result.verdict.counts.executed, result.verdict.counts.passed) == (1, 1, 1)
    assert (tmp_path / "runs" / "latest").read_text().strip() == result.run_id
    assert {file.name for file in result.folder.iterdir()} == {
        "about.json", "durations.ndjson", "outside.json", "output.txt", "plan.json", "pytest.html", "run.ndjson", "steps.json",
    }  # fmt: skip


MISBEHAVIOUR = [
    ("the binding raises", "broken", "ValueError: units must be positive (tests/support/run_bindings.py:"),
    ("the binding asserts", "broken", "AssertionError"),
    ("the binding exits with 0", "broken", "the step definition tried to end the run: SystemExit: 0"),
    ("pytest is told to exit", "broken", "the step definition tried to end the run: Exit: enough"),
    ("the binding skips", "broken", "the step definition tried to skip, but an example cannot be skipped: not today"),
    ("the binding expects to fail", "broken", "the step definition tried to skip, but an example cannot be skipped: known"),
    ("the binding is asynchronous", "broken", "the step definition is asynchronous, so nothing ran"),
    ("the binding is an asynchronous generator", "broken", "the step definition is asynchronous, so nothing ran"),
    ("the binding checks nothing", "broken", "this Then made no claim, so nothing was checked"),
    ("the binding swallows what it finds", "failed", "expected 1, got 2"),
    ("the binding claims what JSON cannot say", "broken", "ValueError: Out of range float values"),
    ("the number is 2", "failed", "the number of experiment of the tests: expected 2, got 1"),
]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_step_that_does_not_return_is_not_passed_and_costs_one_scenario(tmp_path, workers):
    folder = feature(tmp_path / "features", "good.feature", "Then the number is 1")
    for number, (step, _, _) in enumerate(MISBEHAVIOUR):
        feature(folder, f"bad{number:02}.feature", f"Then {step}", "And the number is 1")

    result = go(folder, tmp_path, workers=workers)

    assert reason_texts(result.verdict) == (f"{len(MISBEHAVIOUR)} examples failed",)
    assert (result.verdict.counts.executed, result.verdict.counts.passed) == (len(MISBEHAVIOUR) + 1, 1)
    for number, (failure, (_, status, message)) in enumerate(zip(result.verdict.failures, MISBEHAVIOUR, strict=True)):
        assert (failure.path, failure.line, failure.status) == (f"bad{number:02}.feature", 5, status)
        assert message in failure.message


def test_a_binding_that_cannot_close_spoils_its_scenario(tmp_path):
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "a.feature").write_text(
        "Feature: A\n\n  Scenario: Closes\n    Given an opened number 1\n    Then the number is 1\n\n"
        "  Scenario: Does not\n    Given a number 1 that cannot be closed\n    Then the number is 1\n"
    )

    result = go(folder, tmp_path)

    assert [(failure.name, failure.status) for failure in result.verdict.failures] == [("Does not", "broken")]
    assert "after the last step: RuntimeError: it does not close" in result.verdict.failures[0].message


@pytest.mark.parametrize("step", ["the process ends at once", "the process is killed"])
def test_a_run_that_breaks_off_is_not_green(tmp_path, step):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", f"Then {step}")
    feature(folder, "c.feature", "Then the number is 1, and its double 2")

    result = go(folder, tmp_path)

    assert (result.verdict.good, result.verdict.state) == (False, "incomplete")
    assert reason_texts(result.verdict)[0] == "the run did not finish: it was killed or crashed after 1 of 3 examples"


@pytest.mark.parametrize("step", ["the process ends at once", "the process is killed"])
def test_a_worker_that_dies_costs_one_scenario(tmp_path, step):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", f"Then {step}")
    feature(folder, "c.feature", "Then the number is 1, and its double 2")

    result = go(folder, tmp_path, workers=2)

    assert (result.verdict.state, reason_texts(result.verdict)) == ("complete", ("1 example failed",))
    assert [(failure.path, failure.status) for failure in result.verdict.failures] == [("b.feature", "broken")]
    assert "ended while it ran this example" in result.verdict.failures[0].message


def test_a_good_record_with_a_bad_end_is_not_green(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the process will end with 3")

    assert reason_texts(go(folder, tmp_path).verdict) == ("the record is good, but pytest ended with exit status 3; see output.txt",)


def test_a_run_that_ended_before_it_began_is_not_green(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")

    (tmp_path / "quitter.py").write_text("import os\n\nos._exit(0)\n", encoding="utf-8")

    result = run([folder], out=tmp_path / "runs", bindings=BindingModules().with_named(["quitter"], tmp_path))

    assert (result.verdict.good, result.verdict.state, result.record.exists()) == (False, "incomplete", False)


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGINT, 2)])
def test_an_interrupted_run_says_so(tmp_path, number, workers):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", "When 60000 ms go by", "Then the number is 1")
    process = verify(folder, tmp_path, workers)

    wait_for(tmp_path / "runs", "a.feature" if workers == 0 else "manifest")
    process.send_signal(number)
    output = process.communicate(timeout=30)[0]

    assert process.returncode == 128 + number, output
    assert "interrupted" in output
    assert (tmp_path / "runs" / latest(tmp_path) / "run.ndjson").read_bytes().count(b'"state":"interrupted"') == 1


def test_ctrl_c_from_within_is_an_interruption(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then somebody presses Ctrl-C")

    result = go(folder, tmp_path)

    assert (result.verdict.good, result.verdict.state) == (False, "interrupted")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the process by /proc")
def test_a_killed_run_leaves_no_green_and_no_process(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "When 60000 ms go by", "Then the number is 1")
    process = verify(folder, tmp_path, workers=0)
    wait_for(tmp_path / "runs", "manifest")

    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    until = time.monotonic() + 20
    while any(str(tmp_path) in command_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(str(tmp_path) in command_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*"))

    record = (tmp_path / "runs" / latest(tmp_path) / "run.ndjson").read_bytes()
    assert (b'"type":"closing"' in record, b'"state":"running"' in record) == (False, True)


def test_one_bad_file_costs_one_file_and_the_run_is_not_green(tmp_path):
    folder = feature(tmp_path / "features", "bad.feature", "Then the number is unheard of")
    feature(folder, "good.feature", "Then the number is 1")

    result = go(folder, tmp_path)

    assert reason_texts(result.verdict) == ("1 finding in 1 feature file",)
    assert (
        result.verdict.counts.written,
        result.verdict.counts.expected,
        result.verdict.counts.executed,
        result.verdict.counts.passed,
    ) == (2, 1, 1, 1)
    assert [(finding.path, finding.line, finding.rule) for finding in result.verdict.findings] == [("bad.feature", 5, "undefined-step")]


def test_a_file_changed_during_the_run_is_not_green(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", 'Then the file "a.feature" is changed')

    assert reason_texts(go(folder, tmp_path).verdict) == ("a.feature changed during the run",)


def test_a_file_that_appears_during_the_run_is_not_green(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", 'Then the file "b.feature" appears')

    assert "b.feature was added during the run" in reason_texts(go(folder, tmp_path).verdict)


def test_the_verdict_on_a_selection_differs_from_that_on_a_whole_run(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    feature(folder, "b.feature", "Then the number is 2")

    by_name = go(folder, tmp_path, keyword="ABOUT A")
    by_path = go(folder / "a.feature", tmp_path)

    assert by_name.verdict.good
    assert by_path.verdict.good
    assert (by_name.verdict.counts.expected, by_name.verdict.counts.written) == (1, 2)
    assert to_builtins(by_name.selection.recorded()) == {"keyword": "ABOUT A", "paths": None, "tags": None}
    assert to_builtins(by_path.selection.recorded()) == {"keyword": None, "paths": ("a.feature",), "tags": None}


def test_an_empty_selection_is_misuse(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")

    with pytest.raises(SelectionError, match=r"^0 of 1 examples are selected; "):
        go(folder, tmp_path, keyword="nowhere")
    with pytest.raises(SelectionError, match=r"unknown tag `@GAP-1`"):
        go(folder, tmp_path, tags="@GAP-1")


@pytest.mark.parametrize("name", ["nowhere", "empty", "a.txt"])
def test_no_feature_files_is_misuse(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("Feature: Text")

    with pytest.raises(FeatureFileError, match="cannot read"):
        go(tmp_path / name, tmp_path)


def test_so_many_workers_is_misuse(tmp_path):
    with pytest.raises(RunError, match="65 workers are not allowed"):
        go(tmp_path, tmp_path, workers=65)


def test_nothing_near_the_features_is_executed(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    trap = "from pathlib import Path\nPath(__file__).with_suffix('.sprung').touch()\n"
    names = ("conftest.py", "__init__.py", "test_x.py", "pytest.py", "steps.py", "execnet.py", "xdist.py", "sitecustomize.py")
    for name in names:
        (folder / name).write_text(trap)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (tmp_path / "conftest.py").write_text(trap)
    (folder / "test_note.txt").write_text(">>> 1\n2\n")

    results = go(folder, tmp_path), go(folder, tmp_path, workers=2)

    assert [result.verdict.good for result in results] == [True, True]
    assert list(tmp_path.rglob("*.sprung")) == []
    assert [result.verdict.counts.executed for result in results] == [1, 1]


@pytest.mark.parametrize("name", ["-pevil", "a[b] c::d ünï"])
def test_the_name_of_a_folder_is_never_an_option(tmp_path, name):
    folder = feature(tmp_path / name / "features", "-x.feature", "Then the number is 1")

    assert reason_texts(go(folder, tmp_path).verdict) == ()


def test_options_in_the_environment_change_nothing(tmp_path, monkeypatch):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "tests.no_such_module")

    assert reason_texts(go(folder, tmp_path).verdict) == ()


def test_assertions_are_not_optimised_away(tmp_path, monkeypatch):
    folder = feature(tmp_path / "features", "a.feature", "Then the binding asserts")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")

    assert reason_texts(go(folder, tmp_path).verdict) == ("1 example failed",)


def test_a_file_edited_between_two_runs_is_run_as_it_is_now(tmp_path):
    folder = feature(tmp_path / "features", "a.feature", "Then the number is 1")
    first = go(folder, tmp_path)
    feature(folder, "a.feature", "Then the number is 2")

    assert (first.verdict.good, go(folder, tmp_path).verdict.good) == (True, False)


def verify(folder: Path, tmp_path: Path, workers: int) -> "subprocess.Popen[str]":
    """`sop verify` with the bindings of the tests."""
    sop = [sys.executable, "-m", "sop_cli", "verify", "--steps", "tests.support.run_bindings"]
    command = [*sop, str(folder), "--out", str(tmp_path), "--no-docs", "-n", str(workers)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(runs: Path, what: str) -> None:
    """Until a record has a scenario of this feature, or the manifest is there and the run is under way."""
    wanted = f'"feature":"{what}"' if what != "manifest" else '"type":"feature"'
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(wanted.encode() in file.read_bytes() for file in runs.glob("*/run.ndjson")):
            time.sleep(0.5)
            return
        time.sleep(0.05)
    raise TimeoutError(what)


def latest(tmp_path: Path) -> str:
    return (tmp_path / "runs" / "latest").read_text().strip()


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text() if pid != os.getpid() else ""
    except OSError:
        return ""

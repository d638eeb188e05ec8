"""`sop verify`: what it prints and how it ends."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.record.schema import Counts
from sop_runs.record.verdict import Failure, Reason, ReasonKind, Verdict
from steps.language.selection import Selection
from steps.run.runner import RunResult, run

pytestmark = pytest.mark.usefixtures("in_process")

REPOSITORY = Path(__file__).parents[2]
RED = """@SC-ERP-FULL-2a
Feature: Red

  Scenario: A wrong outcome
    Given an order invoiced through the client's ERP
    And the order is PROCESSING
    And its e-invoice is pushed
    When the seller cancels the full order
    Then the cancellation is refused

  Scenario: A right outcome
    Given an order invoiced through the client's ERP
    And the order is PROCESSING
    And its e-invoice is pushed
    When the seller cancels the full order
    Then the cancellation is allowed
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_failure_is_printed_at_its_line_with_expected_and_actual(here, capsys):
    write(here / "features", "red.feature", RED)

    status = main(["verify"])

    output = capsys.readouterr().out.splitlines()
    assert status == 1
    assert output[:5] == [
        "features/red.feature:9: failed: Then the cancellation is refused",
        "  in A wrong outcome",
        "  the outcome of seller / full / ERP / PROCESSING / pushed: expected refused, got allowed",
        "  → the SOP itself says so in SC-ERP-FULL-2a",
        "  → `refused` is the answer when the order is PACKED (SC-ERP-FULL-3)",
    ]
    assert "✗ 1 of 2 examples failed (all ran)" in output
    assert "living document  build/site/index.html" in output
    assert (here / "build" / "site" / "index.html").read_text(encoding="utf-8").startswith("<!")


def test_what_was_asked_may_hold_the_words_of_a_difference(here, capsys):
    """The place comes from the claim, and not from a piece of its sentence."""
    scenario = RED.partition("\n  Scenario: A right")[0].replace("refused", "allowed")
    outline = scenario.replace("Scenario: A wrong outcome", "Scenario: the outcome of x: expected y, got z")
    write(here / "features", "red.feature", outline.replace("is allowed", "is refused"))

    main(["verify", "--no-docs"])

    output = capsys.readouterr().out.splitlines()
    assert output[1:5] == [
        "  in the outcome of x: expected y, got z",
        "  the outcome of seller / full / ERP / PROCESSING / pushed: expected refused, got allowed",
        "  → the SOP itself says so in SC-ERP-FULL-2a",
        "  → `refused` is the answer when the order is PACKED (SC-ERP-FULL-3)",
    ]


@pytest.mark.parametrize(
    ("rows", "starts"),
    [
        (1, []),
        (2, ["  and 1 more of its rows: features/red.feature:15"]),
        (22, ["  and 21 more of its rows: features/red.feature:15 features/red.feature:16"]),
    ],
)
def test_rows_of_an_outline_that_fail_at_one_step_are_printed_once(here, capsys, rows, starts):
    scenario = RED.partition("\n  Scenario: A right")[0].replace("Scenario: A wrong outcome", "Scenario Outline: Wrong <n>")
    write(
        here / "features",
        "red.feature",
        scenario
        + "    And the question of GAP-<n> is shown beside the answer\n\n    Examples:\n      | n |\n"
        + "".join(f"      | {n} |\n" for n in range(rows)),
    )

    main(["verify", "--no-docs"])

    output = capsys.readouterr().out.splitlines()
    assert [line for line in output if ": failed: " in line] == ["features/red.feature:9: failed: Then the cancellation is refused"]
    also = [line for line in output if "of its rows" in line]
    assert [line[: len(start)] for line, start in zip(also, starts, strict=True)] == starts
    assert any(line.endswith(":34 …") for line in also) == (rows > 21)
    assert "… and" not in "".join(output)


def test_a_finding_is_printed_at_its_line_and_column(here, capsys):
    write(here / "features", "red.feature", RED.replace("refused", "refusd"))

    status = main(["verify", "--no-docs"])

    output = capsys.readouterr().out.splitlines()
    assert status == 1
    assert output[0].startswith("features/red.feature:9:5: undefined-step: ")
    assert "  1 finding in 1 feature file" in output
    assert "living document  not written" in output
    assert not (here / "build" / "site").exists()


def test_examples_of_a_file_with_findings_are_counted_as_not_run(here, capsys):
    write(here / "features", "red.feature", RED)
    write(here / "features", "typo.feature", RED.replace("is refused", "is refusd").replace("A wrong", "Another wrong"))

    assert main(["verify", "--no-docs"]) == 1
    output = capsys.readouterr().out.splitlines()

    assert "✗ 1 of 2 examples failed (2 ran); 2 not run" in output


def test_a_selection_is_never_called_the_whole(here, capsys):
    write(here / "features", "red.feature", RED)

    status = main(["verify", "-k", "right", "-t", "@SC-ERP-FULL-2a", "--no-docs"])

    output = capsys.readouterr().out.splitlines()
    assert status == 0
    assert output[0] == "✓ 1 of 1 selected examples passed; 1 not run"
    assert not any("2 examples passed" in line for line in output)


def test_json_is_all_of_it(here, capsys):
    write(here / "features", "red.feature", RED)

    status = main(["verify", "--json", "--no-docs"])

    output = json.loads(capsys.readouterr().out)
    assert (status, output["green"], output["state"]) == (1, False, "complete")
    assert output["counts"] == {"written": 2, "expected": 2, "executed": 2, "passed": 1, "failed": 1}
    assert [(failure["file"], failure["line"], failure["expected"], failure["actual"]) for failure in output["failures"]] == [
        ("features/red.feature", 9, "refused", "allowed")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "cannot read nowhere: there is no such file or folder"),
        (["empty"], "there is no .feature file in this folder"),
        (["features", "-k", "nowhere"], "0 of 2 examples are selected"),
        (["features", "-t", "@SC-ERP-FULL-2a and"], "cannot read the tag expression `@SC-ERP-FULL-2a and`: expected a tag, got the end"),
        (["features", "-t", "@GAP-140"], "unknown tag `@GAP-140`; did you mean `@GAP-"),
        (["features", "-n", "65"], "65 is not in the range"),
        (["features", "--out", "features/red.feature"], "red.feature"),
    ],
)
def test_misuse_is_one_clear_error(here, capsys, arguments, message):
    write(here / "features", "red.feature", RED)
    (here / "empty").mkdir()

    status = main(["verify", *arguments])

    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    assert message in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.usefixtures("here")
def test_without_features_here_the_own_specification_runs(capsys):
    status = main(["verify", "-k", "rsi", "--no-docs"])

    assert status == 0
    assert " selected examples passed; " in capsys.readouterr().out


def test_a_value_in_a_failure_begins_no_line_of_its_own() -> None:
    from sop_cli.commands.verify import _failure  # noqa: PLC0415

    failure = Failure(
        "a", "a.feature", 1, 2, None, None, "N", "failed", "Then", "expected x\n  got y\r::error::a\x85b\u2028c\x0bd", None, None
    )
    result = RunResult.__new__(RunResult)
    object.__setattr__(result, "root", Path())

    _, _, *lines = _failure(result, failure)

    assert lines == ["  expected x", r"    got y\r::error::a\x85b\u2028c\x0bd"]


@pytest.mark.parametrize(
    ("state", "reasons", "expected"),
    [
        ("complete", (), 0),
        ("interrupted", (Reason(ReasonKind.INTERRUPTED),), 130),
        ("incomplete", (Reason(ReasonKind.NO_RECORD),), 70),
        ("complete", (Reason(ReasonKind.FAILED, 1, 1),), 1),
    ],
)
def test_how_a_run_ends_is_the_exit_status(tmp_path, state, reasons, expected):
    from sop_cli.commands.verify import status_of  # noqa: PLC0415

    result = RunResult("id", tmp_path, tmp_path, Selection(), Verdict(state, Counts(), reasons))

    assert status_of(result) == expected


@pytest.mark.usefixtures("own_process")
def test_progress_counts_what_runs(here):
    write(here / "features", "red.feature", RED)
    calls: list[tuple[int, int | None]] = []

    run([here / "features"], keyword="right", out=here / "runs", progress=lambda done, expected: calls.append((done, expected)))

    assert calls[-1] == (1, 1)
    assert sorted(calls, key=lambda pair: pair[0]) == calls


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "expected", "message"),
    [(20_000, 2, "error: the record of the run cannot be written below `build/runs`; free some space"), (100, 2, "error: ")],
)
def test_a_full_disk_is_never_green(here, limit, expected, message):
    write(here / "features", "good.feature", RED.replace("refused", "allowed"))
    code = (
        "import resource, sys; from sop_cli.main import main; import sop_cli.commands.verify;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); sys.exit(main(['verify', '--no-docs']))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == expected, done.stdout + done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout


@pytest.mark.slow
def test_a_disk_that_is_full_before_the_last_line_is_the_reason(here, capsys):
    write(here / "features", "good.feature", RED.partition("\n  Scenario: A right")[0].replace("refused", "allowed"))
    assert main(["verify", "--no-docs"]) == 0
    capsys.readouterr()
    limit = (here / "build" / "runs" / (here / "build" / "runs" / "latest").read_text().strip() / "run.ndjson").stat().st_size - 300
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        status = main(["verify", "--no-docs"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    output = capsys.readouterr().out
    assert status == 1
    assert "the record of the run could not be written to its end; free some space or choose another disk" in output
    assert "killed or crashed" not in output


def test_a_page_that_cannot_be_written_keeps_the_verdict(here, capsys):
    write(here / "features", "red.feature", RED.partition("\n  Scenario: A right")[0].replace("refused", "allowed"))
    (here / "build").mkdir()
    (here / "build" / "site").write_text("in the way")

    status = main(["verify"])

    captured = capsys.readouterr()
    assert status == 2
    assert "✓ 1 of 1 examples passed" in captured.out
    assert "living document  not written" in captured.out
    assert captured.err.startswith("error: the living document is not written: ")

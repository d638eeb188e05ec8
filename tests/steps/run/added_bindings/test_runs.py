"""A run has the sentences of the modules that are named, and executes and records nothing else of their folder."""

import json
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.record.reader import read_record
from steps.definitions.discovery import BindingModules, built_in_modules
from steps.definitions.redaction import redact
from steps.definitions.registry import Registry
from steps.run.runner import RunResult, run
from tests.support.added_modules import FEATURE, REPOSITORY, SHOP, sop, write

HOOK = """

def pytest_runtest_logreport(report):
    with open("reports.txt", "a") as file:
        print(report.when, report.outcome, "shop.feature" in report.keywords, file=file)
"""


def test_a_hook_of_a_module_gets_the_reports_of_the_call_and_of_the_teardown(here: Path, name: str) -> None:
    write(here / f"{name}.py", SHOP + HOOK)

    output = sop("verify", "features", "--steps", name, "--no-docs", folder=here)

    assert output.returncode == 0, output.stderr
    assert (here / "features" / "reports.txt").read_text().splitlines() == ["call passed True", "teardown passed False"]


@pytest.mark.slow
@pytest.mark.parametrize("verb", [("lint",), ("steps",), ("verify",), ("verify", "-n", "2"), ("gate",)], ids=" ".join)
def test_every_command_that_reads_sentences_refuses_it_without_a_traceback(here: Path, name: str, verb: tuple[str, ...]) -> None:
    write(here / name / "steps.py", "import sys\n\nx = nothing\n")

    done = sop(*verb, "--steps", f"{name}.steps", folder=here)

    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == f"error: cannot import the step definitions in {name}/steps.py:3: NameError: name 'nothing' is not defined; correct it\n"
    )


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_has_the_sentences_that_are_named_and_says_where_they_stand(here: Path, name: str, workers: int) -> None:
    write(here / name / "steps.py", SHOP)

    result = run_with(here, f"{name}.steps", workers=workers)

    assert result.verdict.good, result.verdict.reasons
    assert result.verdict.counts.passed == 1
    sentences = json.loads((result.folder / "steps.json").read_text(encoding="utf-8"))["sentences"]
    assert [(sentence["file"], sentence["line"]) for sentence in sentences if sentence["expression"] == "the shop answers"] == [
        (f"{name}/steps.py", 19)
    ]
    assert len(sentences) == 4 + len(Registry.from_modules(built_in_modules()).definitions)


def run_with(here: Path, *modules: str, workers: int = 0) -> RunResult:
    return run([here / "features"], out=here / "runs", bindings=BindingModules().with_named(modules, here), workers=workers)


@pytest.mark.parametrize("workers", [0, 2])
def test_nothing_else_near_the_named_module_is_executed(here: Path, name: str, workers: int) -> None:
    write(here / name / "steps.py", SHOP)
    trap = "from pathlib import Path\nPath(__file__).with_suffix('.sprung').touch()\n"
    for trapped in (
        "conftest",
        "test_x",
        "pytest",
        "steps",
        "execnet",
        "xdist",
        "sitecustomize",
        "argcomplete",
        "colorama",
        "exceptiongroup",
    ):
        for folder in (here, here / name, here / "features"):
            if (folder / f"{trapped}.py") != here / name / "steps.py":
                write(folder / f"{trapped}.py", trap)
    write(here / "conftest.py", trap)

    result = run_with(here, f"{name}.steps", workers=workers)

    assert result.verdict.good, result.verdict.reasons
    assert list(here.rglob("*.sprung")) == []


def test_a_module_that_is_not_named_is_not_imported(here: Path, name: str) -> None:
    write(here / name / "steps.py", SHOP)

    done = sop("lint", folder=here)

    assert done.returncode == 1
    assert "no step sentence matches `Given a shop that is open`" in done.stdout


def test_a_record_names_no_folder_of_the_machine(here: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / name / "steps.py", SHOP)
    write(here / "features" / "line.feature", "Feature: Line\n\n  Scenario: Cut\n    Then the line breaks\n")
    monkeypatch.setenv("TMPDIR", str(REPOSITORY))  # or the folder of the test would be left out as one of these

    result = run_with(here, f"{name}.steps")

    record = read_record(result.record)
    [error] = [step.error for scenario in record.scenarios for step in scenario.steps if step.error]
    assert error.message == f"RuntimeError: the line is cut ({name}/steps.py) ({name}/steps.py:28)"
    assert str(here) not in result.record.read_text(encoding="utf-8")
    assert redact(here / name / "steps.py") == f"{name}/steps.py"


def test_the_sentences_of_the_modules_are_listed(here: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / name / "steps.py", SHOP)

    assert main(["steps", "--steps", f"{name}.steps", "--find", "shop"]) == 0

    assert "Then the shop answers  " in capsys.readouterr().out


@pytest.mark.slow
def test_shards_with_modules_are_merged(here: Path, name: str) -> None:
    closed = '\n\n@given("a shop that is closed", target_fixture="shop")\ndef _() -> str:\n    """It rests."""\n    return "open"\n'
    write(here / name / "steps.py", SHOP + closed)
    write(here / "features" / "other.feature", FEATURE.replace("Shop", "Other").replace("It is open", "It is").replace("open", "closed"))
    for shard in ("1/2", "2/2"):
        done = sop("verify", "--no-docs", "--steps", f"{name}.steps", "--shard", shard, "--out", f"shard{shard[0]}", folder=here)
        assert done.returncode == 0, done
    folders = [str(next(folder for folder in (here / f"shard{k}" / "runs").iterdir() if folder.is_dir())) for k in (1, 2)]

    done = sop("merge", *folders, folder=here)

    assert done.returncode == 0, done
    assert "2 of 2 examples passed" in done.stdout

"""The trial with other people's feature files: what it counts, what it calls a fault, and the compatibility kit as its input."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from steps.language.formatter import formatted
from tests.support.npm_tools import package

ROOT = Path(__file__).parents[2]
GOOD = b"Feature: F\r\n\n\n  @t\n  Scenario: S # of S\r\n  Given x\n    |a|b|\r\n  # the end"


@pytest.fixture(scope="module")
def trial() -> ModuleType:
    spec = importlib.util.spec_from_file_location("feature_files", ROOT / "benchmarks" / "feature_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_trial_counts_files_and_findings_and_changes_nothing(trial, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"a/good.feature": GOOD, "a/bad.feature": b"Given x\n", "a/open.feature": GOOD + b"\n  Given y\n  |c|# why\n"}
    for name, data in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)

    assert trial.main([str(tmp_path / "a"), str(tmp_path / "a" / "good.feature")]) == 0
    out = capsys.readouterr().out
    assert "| a | 2 | 1 | 1 | 1 | 1 | 0 |" in out
    assert "faults: 0" in out
    assert "undefined-step: 3" in out
    assert "unknown-tag: 2" in out
    assert "open-row: 1" in out
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda new: new.replace(b"  # the end", b""), "other characters"),
        (lambda new: new.replace(b"\r\n", b"\n"), "other lines or line ends"),
        (lambda new: new.replace(b"Scenario: S #", b"Scenario:  S  #").replace(b"S  #", b"S\n#"), "other lines or line ends"),
        (lambda new: new.replace(b"# of S", b"#of S"), "other pickles"),
        (lambda new: new.replace(b"  @t", b"      @t"), "formatted differently the second time"),
    ],
)
def test_the_trial_sees_what_formatting_breaks(trial, change: Callable[[bytes], bytes], fault: str) -> None:
    new = formatted(GOOD, "x")

    assert list(trial.faults_of(GOOD, new)) == []
    assert fault in list(trial.faults_of(GOOD, change(new)))


@pytest.mark.peers
def test_no_file_of_the_compatibility_kit_loses_anything(trial, capsys: pytest.CaptureFixture[str]) -> None:
    kit = package("@cucumber/compatibility-kit") / "features"

    assert trial.main([str(kit)]) == 0
    assert "accepted, but not formatted: 0" in capsys.readouterr().out

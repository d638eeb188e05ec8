"""The gate command on a run of the specification, and records to change."""

from pathlib import Path

import pytest

from sop_cli.main import main
from sop_engine.engine import ENGINE
from sop_runs.record.verdict import Verdict
from steps.language.feature_set import feature_set_of, snapshot
from steps.run.judge import judge_run

FEATURES = Path(__file__).parents[2] / "features"


def verdict(folder: Path) -> Verdict:
    return judge_run(folder / "run.ndjson", snapshot(feature_set_of([FEATURES]), [FEATURES]), ENGINE.rulebook.sha256)


def command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["gate", *arguments])
    out, err = capsys.readouterr()
    return status, out, err

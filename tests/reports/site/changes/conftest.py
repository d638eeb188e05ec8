"""Runs of two folders of features, and what was approved."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from sop_engine.decision_table import Behaviour
from sop_engine.engine import Engine
from sop_engine.reader import read_rulebook
from sop_runs.change import baseline
from sop_runs.change.snapshot import Snapshot
from sop_runs.record.reader import RunRecord, read_record
from sop_runs.record.schema import RulebookRecord
from steps.run.runner import run
from tests.support.in_process import child_replaced
from tests.support.run_changes import FEATURES, RULEBOOK
from tests.support.run_samples import Line


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("changed")
    shutil.copytree(FEATURES, home / "features")
    with child_replaced():
        return run([home / "features"], out=home / "runs").folder


@pytest.fixture(scope="session")
def now(folder: Path) -> RunRecord:
    return read_record(folder)


@pytest.fixture(scope="session")
def approved(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    baseline.approve(read_record(folder), place)
    return place


@pytest.fixture
def lines(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / "run.ndjson").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A rulebook that refused a cancellation otherwise, and said one thing in other words."""
    place = tmp_path_factory.mktemp("older") / "rulebook"
    shutil.copytree(RULEBOOK, place)
    text = (place / "clauses.toml").read_text(encoding="utf-8")
    at = text.index('id = "SC-RMS-FULL-2"')
    (place / "clauses.toml").write_text(
        text[:at] + text[at:].replace('"refused"', '"without effect"', 1).replace('"must-not"', '"outcome"', 1), encoding="utf-8"
    )
    engine = Engine.of(read_rulebook(place))
    book = msgspec.convert(engine.rulebook.to_plain(), RulebookRecord)
    return Snapshot("the older rulebook", Behaviour.of(engine), book)

"""Checkpoints of a study: what is complete is not computed again, and what is no checkpoint is refused."""

import json
import os
from dataclasses import replace

import pytest
from msgspec import structs

from orders.log.export.formats import LogFormat
from simulator.analysis.checks import CheckResult
from simulator.analysis.daily_flow import DailyFlow, StationFlow
from simulator.errors import CheckpointError, UnexpectedLogError
from simulator.experiment.experiment import load
from simulator.study.checkpoints import Checkpoint
from simulator.study.replication import JobResult, replicate, serial_executor
from simulator.study.study import run_study
from sop_cli.main import main
from sop_engine.input_files import UnreadableFileError
from sop_runs.output_folder import output_folder
from tests.support.study_commands import files_of, posix

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=60")


def test_resuming_does_only_what_is_missing(tmp_path):
    asked = []

    def watched(jobs):
        asked.append([job.stem for job in jobs])
        return serial_executor(jobs)

    run_study(load("erp_against_rms", [*SMALL, "run.replications=2"]), executor=watched, out=tmp_path)
    run_study(load("erp_against_rms", SMALL), executor=watched, out=tmp_path, resume=True)
    run_study(load("erp_against_rms", SMALL), executor=watched, out=tmp_path, resume=True)
    run_study(load("erp_against_rms", SMALL), executor=watched, out=tmp_path)

    every = [f"{side}-000{k}" for side in ("erp", "rms") for k in range(3)]
    assert asked[1:] == [["erp-0002", "rms-0002"], [], every]


def test_a_log_that_is_asked_for_and_missing_is_made_when_resuming(tmp_path):
    arguments = [
        "simulate",
        "--no-report",
        "ordinary_week_erp",
        *(part for change in SMALL for part in ("--set", change)),
        "--out",
        str(tmp_path),
    ]
    assert main(arguments) == 0
    assert main([*arguments, "--resume", "--format", "csv"]) == 0
    logs = {file.name: file.read_bytes() for file in tmp_path.glob("log-*.csv")}
    (tmp_path / "log-base-0001.csv").unlink()
    assert main([*arguments, "--resume", "--format", "csv"]) == 0

    assert sorted(logs) == ["log-base-0000.csv", "log-base-0001.csv", "log-base-0002.csv"]
    assert {file.name: file.read_bytes() for file in tmp_path.glob("log-*.csv")} == logs


@pytest.mark.parametrize(
    "other",
    [
        ("ordinary_week_erp", [*SMALL, "run.seed=2"]),
        ("ordinary_week_erp", [*SMALL, "run.warm_up_days=0"]),
        ("erp_against_rms", SMALL),
        ("sla_squeeze", SMALL),
    ],
)
def test_parts_of_another_experiment_are_refused(other, tmp_path):
    run_study(load("ordinary_week_erp", SMALL), out=tmp_path)
    before = files_of(tmp_path)

    with pytest.raises(CheckpointError, match="belongs to another experiment; leave out --resume"):
        run_study(load(*other), out=tmp_path, resume=True)
    assert files_of(tmp_path) == before


def test_a_log_that_was_written_elsewhere_is_missed(tmp_path):
    def afar(jobs):
        for job in jobs:
            yield job, structs.replace(replicate(replace(job, forms=())), files={"csv": [f"log-{job.stem}.csv"]})

    with pytest.raises(UnexpectedLogError, match="an --out that all machines share"):
        run_study(load("ordinary_week_erp", SMALL), executor=afar, out=tmp_path, forms=[LogFormat.CSV])
    assert files_of(tmp_path) == []


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """The folder of a study with a checkpoint for each replication."""
    folder = tmp_path_factory.mktemp("study")
    run_study(load("ordinary_week_erp", SMALL), out=folder)
    return folder


WRONG_CHECKPOINTS = {
    "version": [None, "1", True, 1.0, 2],
    "program": [None, 1],
    "variant": [None, 1],
    "of": [None, 1],
    "replication": [None, 1, "x", []],
    "replication.number": [None, "1", 1.5, True, -1],
    "replication.digest": [None, 5, "", "0" * 63, "g" * 64],
    "replication.rows": [None, "1", 1.5, True, -1],
    "replication.measures": [None, [], "x", {"orders": "1"}, {"orders": None}, {"orders": True}],
    "replication.checks": [None, {}, "x", [1]],
    "replication.checks.0.name": [None, 1],
    "replication.checks.0.says": [None, 1],
    "replication.checks.0.holds": [None, 1, "true"],
    "replication.checks.0.expected": [None, 1],
    "replication.checks.0.found": [None, 1],
    "replication.checks.0.things": [None, 1],
    "replication.flow": [None, [], "x", 1],
    "replication.flow.stations": [None, [], "x", {"pickers": 1}],
    "replication.flow.hours": [None, {}, "x", ["x"]],
    "replication.flow.dispatched": [None, {}, "x", [0.5]],
    "replication.flow.stations.packers.came": [None, {}, ["x"]],
    "replication.flow.stations.packers.waiting": [None, {}, ["x"]],
    "replication.flow.stations.packers.closed": [None, {}, ["x"]],
    "replication.flow.stations.packers.queue": [None, {}, ["x"]],
    "replication.flow.stations.packers.work": [None, "x", []],
    "replication.flow.stations.packers.capacity": [None, {}, ["x"]],
    "replication.files": [None, [], "x", {"csv": "x"}, {"csv": [1]}],
}


@pytest.mark.parametrize(("place", "value"), [(place, value) for place, values in WRONG_CHECKPOINTS.items() for value in values])
def test_a_checkpoint_with_a_value_of_another_kind_is_refused_at_its_place(place, value, checkpoints, tmp_path):
    plain = json.loads((checkpoints / "parts" / "base-0001.json").read_bytes())
    *way, last = (int(step) if step.isdigit() else step for step in place.split("."))
    inner = plain
    for step in way:
        inner = inner[step]
    inner[last] = value
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base-0001.json").write_text(json.dumps(plain), encoding="utf-8")

    with pytest.raises(UnreadableFileError, match=rf"base-0001\.json: .*`{last}`.*; leave out --resume to start again"):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)


def test_the_wrong_checkpoints_have_every_field():
    fields = {place.rpartition(".")[2] for place in WRONG_CHECKPOINTS}

    assert fields == {field.name for kind in (Checkpoint, JobResult, CheckResult, DailyFlow, StationFlow) for field in structs.fields(kind)}


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"version": 1}', b"[" * 100_000, b"NaN"])
def test_what_is_no_checkpoint_is_refused_with_exit_status_2(damage, tmp_path, capsys):
    with output_folder(tmp_path, "study"):
        (tmp_path / "parts").mkdir()
        (tmp_path / "parts" / "base-0001.json").write_bytes(damage)

    assert main(["simulate", "--no-report", "ordinary_week_erp", "--resume", "--out", str(tmp_path)]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith(f"error: {tmp_path.as_posix()}/parts/base-0001.json: ")
    assert errors.endswith("; leave out --resume to start again, or choose another --out\n")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("end", [b"x", b"{}", b"\0"])
def test_a_checkpoint_with_something_after_its_end_is_refused(end, checkpoints, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base-0001.json").write_bytes((checkpoints / "parts" / "base-0001.json").read_bytes() + end)

    with pytest.raises(UnreadableFileError, match="it is not JSON: "):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)


@posix
def test_neither_a_pipe_nor_a_folder_is_a_checkpoint(tmp_path):
    (tmp_path / "parts").mkdir()
    os.mkfifo(tmp_path / "parts" / "base-0001.json")
    with pytest.raises(UnreadableFileError, match="it is not a regular file"):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)
    (tmp_path / "parts" / "base-0001.json").unlink()
    (tmp_path / "parts" / "base-0001.json").mkdir()
    with pytest.raises(UnreadableFileError, match="base-0001"):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)


def test_what_is_no_checkpoint_stays_where_a_study_begins_again_unless_its_name_is_needed(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base-0001.json").write_bytes(b"{")
    (tmp_path / "parts" / "other-0007.json").write_bytes(b"{")
    run_study(load("ordinary_week_erp", SMALL), out=tmp_path)

    assert files_of(tmp_path) == ["base-0000.json", "base-0001.json", "base-0002.json", "other-0007.json"]
    assert (tmp_path / "parts" / "other-0007.json").read_bytes() == b"{"


def test_a_checkpoint_under_the_name_of_another_is_refused(checkpoints, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base-0002.json").write_bytes((checkpoints / "parts" / "base-0001.json").read_bytes())

    with pytest.raises(CheckpointError, match="contains replication 1 of base, unlike its name"):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)


def test_parts_of_another_program_are_refused(tmp_path, monkeypatch):
    run_study(load("ordinary_week_erp", SMALL), out=tmp_path)
    monkeypatch.setattr("simulator.study.checkpoints.fingerprint", lambda: "0" * 64)

    with pytest.raises(CheckpointError, match="another version of this program"):
        run_study(load("ordinary_week_erp", SMALL), out=tmp_path, resume=True)


def test_a_new_start_removes_the_files_of_the_study_and_nothing_else(tmp_path):
    arguments = [
        "simulate",
        "--no-report",
        "erp_against_rms",
        *(part for change in SMALL for part in ("--set", change)),
        "--out",
        str(tmp_path),
    ]
    assert main([*arguments, "--format", "csv"]) == 0
    for name in ("log-mine.csv", "parts/notes.json", "letter.txt", ".log-rms-0001.csv.77.part", ".mine.part"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    planted = json.loads((tmp_path / "parts" / "rms-0000.json").read_bytes())
    planted["replication"]["files"] = {"csv": ["../letter.txt", "letter.txt"]}
    (tmp_path / "parts" / "rms-0000.json").write_text(json.dumps(planted), encoding="utf-8")
    for kind in ("log", "orders"):
        (tmp_path / f"{kind}-rms-0000.csv").unlink()
    run_study(load("ordinary_week_erp", SMALL), out=tmp_path)

    assert files_of(tmp_path) == [
        ".mine.part",
        "base-0000.json",
        "base-0001.json",
        "base-0002.json",
        "letter.txt",
        "log-mine.csv",
        "notes.json",
    ]

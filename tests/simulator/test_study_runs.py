"""Studies: the same bytes wherever they are run, and nothing lost when a run is interrupted or a process killed."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep

import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from orders.log.export.formats import LogFormat
from simulator.analysis.checks import CheckResult
from simulator.analysis.daily_flow import DailyFlow, StationFlow
from simulator.analysis.intervals import half_width
from simulator.errors import CheckpointError, UnexpectedLogError, WorkersLostError
from simulator.experiment.experiment import load
from simulator.study.checkpoints import Checkpoint
from simulator.study.process_pool import process_executor
from simulator.study.replication import Job, JobResult, replicate, serial_executor
from simulator.study.study import run_study
from simulator.study_data import to_json
from sop_cli.main import main
from sop_engine.input_files import UnreadableFileError
from sop_runs.output_folder import output_folder

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=60")
PATIENCE = 240.0
ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")


def files_of(out):
    return sorted(file.name for file in out.rglob("*") if file.is_file() and not file.name.startswith(".sop-folder"))


def command(*arguments, first="", cwd=None, **environment):
    """`sop simulate` as a process of its own, which does *first* before anything else."""
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"{first}\nimport sys; from sop_cli.main import main; sys.exit(main())",
            "simulate",
            "--no-report",
            *arguments,
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=os.name == "posix",
    )


def until(condition, process):
    """Wait for *condition*, as long as *process* lives."""
    end = monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert monotonic() < end
        sleep(0.05)


# What a study says


@pytest.mark.parametrize("name", ["ordinary_week_erp", "erp_against_rms", "sla_squeeze"])
def test_a_study_is_what_its_schema_says(name):
    schema = json.loads(files("sop_engine").joinpath("schemas", "study.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for count in (1, 2):
        plain = json.loads(to_json(run_study(load(name, [*SMALL, f"run.replications={count}"]))))
        Draft202012Validator(schema).validate(plain)


def test_differences_are_of_pairs_on_the_same_luck():
    erp, rms = run_study(load("erp_against_rms", SMALL)).variants
    name = "time to dispatch, hours"
    pairs = [b.measures[name] - a.measures[name] for a, b in zip(erp.replications, rms.replications, strict=True)]

    assert rms.differences[name].mean == pytest.approx(sum(pairs) / 3)
    assert rms.differences[name].half_width == pytest.approx(half_width(pairs))
    assert rms.differences[name].half_width < rms.estimates[name].half_width
    assert erp.replications[0].measures["orders"] == rms.replications[0].measures["orders"]


def test_the_variants_of_a_pair_are_the_experiments_of_their_settings():
    erp, rms = run_study(load("erp_against_rms", SMALL)).variants
    failing = ("outages.erp_days_between_mean=30", "outages.rms_days_between_mean=30", "outages.irp_days_between_mean=15")
    (alone,) = run_study(load("ordinary_week_rms", [*SMALL, *failing])).variants

    assert [each.digest for each in rms.replications] == [each.digest for each in alone.replications]
    assert [each.digest for each in erp.replications] != [each.digest for each in alone.replications]


def test_every_check_of_every_replication_is_counted():
    checks = run_study(load("erp_against_rms", SMALL)).checks

    assert checks
    assert all(check.of == check.held == 6 for check in checks)
    assert not any(check.failed or check.is_broken for check in checks)


def test_the_settings_that_vary_are_marked():
    varied = {
        name: {setting.key for setting in run_study(load(name, [*SMALL, "run.replications=1"])).settings if setting.varied}
        for name in ("ordinary_week_erp", "erp_against_rms", "sla_squeeze")
    }

    assert varied == {"ordinary_week_erp": set(), "erp_against_rms": {"oms.invoicing_erp_share"}, "sla_squeeze": {"wms.packers"}}


def test_figures_are_kept_of_checks_that_do_not_hold_alone(monkeypatch):
    good, bad = (CheckResult(f"{holds}", "Nothing is lost.", holds, "0", "7 lost", "lost") for holds in (True, False))
    monkeypatch.setattr("simulator.study.replication.check", lambda *_: (good, bad))

    assert replicate(Job("base", load("ordinary_week_erp", SMALL), 0)).checks == (structs.replace(good, expected="", found=""), bad)


def test_a_check_that_does_not_hold_is_told_and_is_bad_news(monkeypatch, capsys, tmp_path):
    def gloomy(jobs):
        for job in jobs:
            broken = CheckResult("units", "Units are conserved.", holds=False, expected="0", found="7 lost", things="lost")
            yield job, structs.replace(replicate(job), checks=(broken,) if job.number else (structs.replace(broken, holds=True),))

    monkeypatch.setattr("sop_cli.commands.simulate.serial_executor", gloomy)
    arguments = (part for change in SMALL for part in ("--set", change))
    assert main(["simulate", "--no-report", "erp_against_rms", *arguments, "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().out

    assert "✗ Units are conserved: passed in 2 of 6 replications" in said
    assert "ERP, replication 1: expected 0 lost, found 7 lost" in said


@pytest.mark.slow
def test_the_squeeze_has_a_cliff():
    variants = run_study(load("sla_squeeze", ["run.replications=1", "sweep.values=[5, 3]"])).variants
    breached = [variant.estimates["SLA breached, share of orders"].mean for variant in variants]

    assert breached[0] < 0.01
    assert breached[1] > 0.2


# The same bytes


@pytest.mark.slow
def test_workers_hash_seeds_and_resuming_change_no_byte(tmp_path):
    arguments = ("erp_against_rms", *(part for change in SMALL for part in ("--set", change)))
    for k, (workers, seed) in enumerate((("1", "0"), ("2", "4711"))):
        process = command(*arguments, "--workers", workers, "--out", str(tmp_path / f"{k}"), "--json", PYTHONHASHSEED=seed)
        said, wrong = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, wrong
        assert said == (tmp_path / f"{k}" / "study.json").read_text(encoding="utf-8")
    for name in ("0", "2"):
        (tmp_path / "1" / "parts" / f"erp-000{name}.json").unlink()
    assert main(["simulate", "--no-report", *arguments, "--resume", "--out", str(tmp_path / "1")]) == 0

    for name in ("study.json", "parts/erp-0000.json", "parts/rms-0002.json"):
        assert len({(tmp_path / f"{k}" / name).read_bytes() for k in range(2)}) == 1, name


def test_replications_may_come_in_any_order(tmp_path):
    def backwards(jobs):
        return serial_executor(jobs[::-1])

    experiment = load("erp_against_rms", SMALL)
    assert to_json(run_study(experiment, executor=backwards, out=tmp_path)) == to_json(run_study(experiment))


# Parts


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
    said = capsys.readouterr().err
    assert said.startswith(f"error: {tmp_path.as_posix()}/parts/base-0001.json: ")
    assert said.endswith("; leave out --resume to start again, or choose another --out\n")
    assert len(said.splitlines()) == 1


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


def test_beginning_anew_removes_what_is_ours_and_nothing_else(tmp_path):
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


# Interruptions


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("sign", "workers"), [(signal.SIGINT, "2"), (signal.SIGTERM, "1")])
def test_an_interrupted_run_keeps_what_is_complete_and_says_how_to_go_on(sign, workers, tmp_path):
    out = tmp_path / "out"
    arguments = ("erp_against_rms", "--set", "run.days=4", "--set", "ajio.orders_per_day=300", "--out", str(out), "--format", "csv")
    process = command(*arguments, "-r", "40", "--workers", workers)
    until(lambda: len(list(out.glob("parts/*.json"))) >= 3, process)
    os.killpg(process.pid, sign)  # as a terminal does
    said, told = process.communicate(timeout=PATIENCE)
    complete = sorted(out.glob("parts/*.json"))

    assert process.returncode == 128 + sign
    assert said == ""
    assert "Traceback" not in told
    assert f"interrupted: {len(complete)} of 80 replications are complete" in told
    assert told.splitlines()[-1] == "to resume, run the same command with --resume"
    assert 3 <= len(complete) < 80
    assert not list(out.rglob("*.part"))
    for part in complete:
        assert len(json.loads(part.read_bytes())["replication"]["digest"]) == 64

    count = str(-(-len(complete) // 40) * 2)
    assert main(["simulate", "--no-report", *arguments, "-r", count, "--resume"]) == 0
    assert json.loads((out / "study.json").read_bytes())["replications"] == int(count)


@pytest.mark.slow
@posix
@pytest.mark.parametrize(
    "options",
    [
        ("--find", "wms.packers", "--so-that", "cost least", "--among", "1..5", "-r", "6"),
        ("--until", "time to dispatch ± 0.3", "-r", "12"),
        ("--sensitivity", "-r", "1"),
    ],
    ids=["find", "until", "sensitivity"],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupted_search_keeps_what_is_complete_and_goes_on(options, workers, tmp_path):
    small = ("ordinary_week_erp", "--set", "run.days=4", "--set", "ajio.orders_per_day=400", *options)
    process = command(*small, "--out", str(tmp_path / "part"), "--workers", workers)
    until(lambda: len(list(tmp_path.glob("part/parts/*.json"))) >= 2, process)
    os.killpg(process.pid, signal.SIGINT)
    said, told = process.communicate(timeout=PATIENCE)
    kept = {file.name: file.read_bytes() for file in tmp_path.glob("part/parts/*.json")}

    assert (process.returncode, said) == (130, "")
    assert f"interrupted: {len(kept)} of " in told
    assert "Traceback" not in told
    assert not (tmp_path / "part" / "study.json").exists()

    assert main(["simulate", "--no-report", *small, "--out", str(tmp_path / "part"), "--resume"]) == 0
    assert {name: (tmp_path / "part" / "parts" / name).read_bytes() for name in kept} == kept
    assert main(["simulate", "--no-report", *small, "--out", str(tmp_path / "whole")]) == 0
    assert (tmp_path / "part" / "study.json").read_bytes() == (tmp_path / "whole" / "study.json").read_bytes()


def _children(process):
    """The processes that *process* started, which work for it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes()
            if stat[1] == str(process.pid) and b"spawn_main" in words:
                found.append(int(folder.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="worker processes are found in /proc")
def test_an_interruption_while_processes_start_is_quiet(tmp_path):
    process = command("ordinary_week_erp", "-r", "999", "--workers", "2", "--out", str(tmp_path / "out"))
    until(lambda: len(_children(process)) == 2, process)
    workers = _children(process)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert re.search("interrupted: [0-9]+ of 999", told)
    assert "Traceback" not in told
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="worker processes are found in /proc")
def test_workers_end_with_a_parent_that_is_killed_and_what_is_complete_stays(tmp_path):
    out = tmp_path / "out"
    arguments = ("ordinary_week_erp", "--set", "run.days=4", "--set", "ajio.orders_per_day=300", "--out", str(out), "-r", "99")
    process = command(*arguments, "--workers", "2")
    until(lambda: len(list(out.glob("parts/*.json"))) >= 2 and len(_children(process)) == 2, process)
    workers = _children(process)
    process.kill()
    process.communicate(timeout=PATIENCE)
    end = monotonic() + PATIENCE
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert monotonic() < end
        sleep(0.05)

    assert main(["simulate", "--no-report", *arguments[:-1], "2", "--resume"]) == 0
    assert not list(out.rglob("*.part"))


@pytest.mark.slow
def test_processes_that_end_again_and_again_are_an_error_and_lose_nothing(monkeypatch, tmp_path):
    experiment = load("ordinary_week_erp", SMALL)
    run_study(load("ordinary_week_erp", [*SMALL, "run.replications=1"]), out=tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("simulator.study.process_pool.replicate", _die)
        with pytest.raises(WorkersLostError, match="--resume"):
            run_study(experiment, executor=process_executor(2), out=tmp_path, resume=True)

    assert files_of(tmp_path) == ["base-0000.json"]
    assert to_json(run_study(experiment, out=tmp_path, resume=True)) == to_json(run_study(experiment))


@pytest.mark.slow
def test_a_killed_worker_process_is_replaced_and_nothing_is_done_twice(monkeypatch, tmp_path):
    monkeypatch.setattr("simulator.study.process_pool.replicate", _die_once)
    jobs = [Job("base", load("ordinary_week_erp", SMALL), number, tmp_path) for number in range(8)]
    pairs = list(process_executor(2)(jobs))

    assert (tmp_path / "killed").exists()
    assert sorted(job.number for job, _ in pairs) == list(range(8))
    assert all(replication == replicate(job) for job, replication in pairs)


def _die_once(job):
    mark = job.folder / "killed"
    if job.number == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return replicate(job)


def _die(job):
    os._exit(job.number + 1)


# A cluster


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler and two worker processes on this machine, as their own commands start them."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    folder = tmp_path_factory.mktemp("dask")
    started = []

    def start(module, *arguments):
        words = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        process = subprocess.Popen(
            words, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(folder / "scheduler.json"))
    address_file = folder / "scheduler.json"
    until(lambda: address_file.exists() and address_file.read_bytes().rstrip().endswith(b"}"), scheduler)  # it is not written atomically
    address = json.loads(address_file.read_bytes())["address"]
    workers = [start("dask_worker", address, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder)) for _ in range(2)]
    yield address, workers
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ("--find", "wms.packers", "--so-that", "SLA breached < 60 %", "--among", "1..4"),
        ("--find", "wms.packers", "--so-that", "cost least", "--among", "1..4", "-r", "6"),
        ("--until", "time to dispatch ± 2", "-r", "8"),
        ("--sensitivity", "-r", "2"),
    ],
    ids=["find", "best", "until", "sensitivity"],
)
def test_searches_give_the_same_bytes_on_workers_on_a_cluster_and_with_other_hash_seeds(options, dask, tmp_path):
    address, _ = dask
    arguments = ("ordinary_week_erp", "--set", "run.days=2", "--set", "ajio.orders_per_day=60", *options)
    ways = {"here": ("0",), "workers": ("4711", "--workers", "2"), "cluster": ("99", "--cluster", address)}
    for way, (seed, *more) in ways.items():
        process = command(*arguments, *more, "--out", str(tmp_path / way), PYTHONHASHSEED=seed)
        _, wrong = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, wrong

    assert len({(tmp_path / way / "study.json").read_bytes() for way in ways}) == 1


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_even_when_a_worker_is_killed(dask, tmp_path):
    address, workers = dask
    arguments = ("ordinary_week_erp", "--set", "run.days=4", "--set", "ajio.orders_per_day=300", "-r", "12")
    patient = f"import simulator.study.dask_cluster; simulator.study.dask_cluster.PATIENCE = {PATIENCE}"
    process = command(*arguments, "--cluster", address, "--out", str(tmp_path / "dask"), first=patient)
    until(lambda: len(list(tmp_path.glob("dask/parts/*.json"))) >= 3, process)
    workers[0].kill()
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    assert main(["simulate", "--no-report", *arguments, "--out", str(tmp_path / "here")]) == 0

    assert (tmp_path / "dask" / "study.json").read_bytes() == (tmp_path / "here" / "study.json").read_bytes()
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_said_in_one_line(tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    both = """
import simulator.study.dask_cluster
from sop_cli.main import main
from sop_runs.output_folder import output_folder
simulator.study.dask_cluster.PATIENCE = 0.2
assert main(["simulate", "sale_days", "--cluster", "nonsense://x"]) == 2
"""
    process = command("sale_days", "--cluster", "tcp://127.0.0.1:1", first=both, cwd=tmp_path)
    _, told = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    for line, address in zip(told.splitlines(), ("nonsense://x", "tcp://127.0.0.1:1"), strict=True):
        assert line.startswith(f"error: --cluster {address}: no scheduler answers there")
        assert "dask scheduler" in line

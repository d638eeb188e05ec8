"""Interrupted studies and killed worker processes: nothing complete is lost."""

import json
import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from simulator.errors import WorkersLostError
from simulator.experiment.experiment import load
from simulator.study.process_pool import process_executor
from simulator.study.replication import Job, replicate
from simulator.study.study import run_study
from simulator.study_data import to_json
from sop_cli.main import main
from tests.support.study_commands import PATIENCE, command, files_of, posix, until

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=60")


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("sign", "workers"), [(signal.SIGINT, "2"), (signal.SIGTERM, "1")])
def test_an_interrupted_run_keeps_what_is_complete_and_says_how_to_go_on(sign, workers, tmp_path):
    out = tmp_path / "out"
    arguments = ("erp_against_rms", "--set", "run.days=4", "--set", "ajio.orders_per_day=300", "--out", str(out), "--format", "csv")
    process = command(*arguments, "-r", "40", "--workers", workers)
    until(lambda: len(list(out.glob("parts/*.json"))) >= 3, process)
    os.killpg(process.pid, sign)  # as a terminal does
    output, errors = process.communicate(timeout=PATIENCE)
    complete = sorted(out.glob("parts/*.json"))

    assert process.returncode == 128 + sign
    assert output == ""
    assert "Traceback" not in errors
    assert f"interrupted: {len(complete)} of 80 replications are complete" in errors
    assert errors.splitlines()[-1] == "to resume, run the same command with --resume"
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
    output, errors = process.communicate(timeout=PATIENCE)
    kept = {file.name: file.read_bytes() for file in tmp_path.glob("part/parts/*.json")}

    assert (process.returncode, output) == (130, "")
    assert f"interrupted: {len(kept)} of " in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "part" / "study.json").exists()

    assert main(["simulate", "--no-report", *small, "--out", str(tmp_path / "part"), "--resume"]) == 0
    assert {name: (tmp_path / "part" / "parts" / name).read_bytes() for name in kept} == kept
    assert main(["simulate", "--no-report", *small, "--out", str(tmp_path / "whole")]) == 0
    assert (tmp_path / "part" / "study.json").read_bytes() == (tmp_path / "whole" / "study.json").read_bytes()


def _children(process):
    """The processes that *process* started, which work for it."""
    result = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes()
            if stat[1] == str(process.pid) and b"spawn_main" in words:
                result.append(int(folder.name))
    return result


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="worker processes are found in /proc")
def test_an_interruption_while_processes_start_is_quiet(tmp_path):
    process = command("ordinary_week_erp", "-r", "999", "--workers", "2", "--out", str(tmp_path / "out"))
    until(lambda: len(_children(process)) == 2, process)
    workers = _children(process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert re.search("interrupted: [0-9]+ of 999", errors)
    assert "Traceback" not in errors
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

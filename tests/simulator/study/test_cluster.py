"""Studies on a cluster: the same bytes, also when a worker is killed."""

import json
import os
import socket
import subprocess
import sys
from threading import Thread

import pytest

from sop_cli.main import main
from tests.support.dask_processes import dask_cluster
from tests.support.study_commands import PATIENCE, ROOT, command, until


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
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert main(["simulate", "--no-report", *arguments, "--out", str(tmp_path / "here")]) == 0

    assert (tmp_path / "dask" / "study.json").read_bytes() == (tmp_path / "here" / "study.json").read_bytes()
    assert "Traceback" not in errors


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
    _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    for line, address in zip(errors.splitlines(), ("nonsense://x", "tcp://127.0.0.1:1"), strict=True):
        assert line.startswith(f"error: --cluster {address}: no scheduler answers there")
        assert "dask scheduler" in line


@pytest.mark.slow
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n"], ids=["silent", "http", "ssh"])
def test_another_service_at_the_address_is_no_scheduler(tmp_path, answer):
    """The client of Dask waits without end for a service that takes the connection and says nothing it knows."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    connections = []

    def serve():
        while True:
            try:
                connections.append(server.accept()[0])
                connections[-1].sendall(answer)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=serve, daemon=True).start()
        quick = "import simulator.study.dask_cluster\nsimulator.study.dask_cluster.PATIENCE = 1\n"
        process = command("sale_days", "--cluster", f"tcp://127.0.0.1:{server.getsockname()[1]}", first=quick, cwd=tmp_path)
        _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2, errors
    assert "no scheduler answers there within 1 seconds" in errors
    assert "Traceback" not in errors


@pytest.mark.slow
def test_a_cluster_that_has_lost_all_its_workers_is_given_up(tmp_path):
    """The command waited without end, and did not say for what."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    (tmp_path / "dask").mkdir()
    with dask_cluster(tmp_path / "dask", workers=1) as (address, workers):
        limits = f"import simulator.study.dask_cluster as dask\ndask.PATIENCE, dask.WORKERLESS = {PATIENCE}, 2\n"
        arguments = ("ordinary_week_erp", "--set", "run.days=4", "--set", "ajio.orders_per_day=300", "-r", "12")
        process = command(*arguments, "--cluster", address, "--out", str(tmp_path / "study"), first=limits)
        until(lambda: len(list(tmp_path.glob("study/parts/*.json"))) >= 2, process)
        workers[0].kill()
        _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2, errors
    assert "the cluster has had no worker for 2 seconds; start one with `dask worker ADDRESS`" in errors
    assert "--resume" in errors
    assert "Traceback" not in errors

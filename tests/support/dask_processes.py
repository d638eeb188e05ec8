"""A Dask scheduler and workers on this machine, as their own commands start them."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
PATIENCE = 240


def until(condition, process):
    """Wait for *condition*, as long as *process* lives."""
    end = monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert monotonic() < end
        sleep(0.02)


@contextmanager
def dask_cluster(folder, workers=2):
    """Yield the address of a scheduler, and the processes of its workers."""
    started = []

    def start(module, *arguments):
        words = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    file = folder / "scheduler.json"
    try:
        scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        until(lambda: file.exists() and file.read_bytes().rstrip().endswith(b"}"), scheduler)  # it is not written atomically
        address = json.loads(file.read_bytes())["address"]
        options = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder))
        yield address, [start("dask_worker", address, *options) for _ in range(workers)]
    finally:
        for process in started:
            process.kill()
            process.wait()

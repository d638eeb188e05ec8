"""The gate stopped at any point of its run: never open, and no file of it torn.

A few points here; with NIGHTLY set, two hundred.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_runs.change.baseline import approve
from sop_runs.record.reader import read
from steps.run.runner import run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
POINTS = 40 if "NIGHTLY" in os.environ else 1
EARLY_S = 1.5
"""Before the end of any gate, on any machine."""
VANISH = """
import os, sys, threading
if "worker.py" in " ".join(sys.orig_argv):
    threading.Timer({after}, os._exit, [0]).start()
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small specification with its approved state, in which the gate would be open but for what it does not cover."""
    folder = tmp_path_factory.mktemp("killed")
    shutil.copytree(ROOT / "features", folder / "features", ignore=shutil.ignore_patterns("*.py", "__pycache__", "simulated_weeks"))
    result = run([folder / "features"], out=folder / "first")
    assert result.verdict.good
    approve(read(result.record), folder / "approved")
    return folder


def start(place: Path, **more: object) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(more.pop("before", "")), str(ROOT)]))}
    shutil.rmtree(place / "build", ignore_errors=True)
    return subprocess.Popen(
        [sys.executable, "-m", "sop_cli", "gate", "--format", "json"],
        cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **more,  # type: ignore[call-overload]
    )  # fmt: skip


def judge(place: Path, process: "subprocess.Popen[bytes]") -> None:
    """*Open* is read only from a complete run, and all files that are there can be read."""
    out, _ = process.communicate(timeout=120)
    runs = [folder for folder in (place / "build" / "runs").glob("*/") if folder.is_dir()]
    if process.returncode == 0:
        assert json.loads(out)["open"]
        assert [read(folder / "run.ndjson").closing is not None for folder in runs] == [True]
    for folder in runs:
        record = read(folder / "run.ndjson")
        if record.state == "incomplete":
            assert process.returncode != 0
        for file in folder.glob("*.json"):
            json.loads(file.read_text(encoding="utf-8"))
        if (folder / "junit.xml").exists() and record.closing is not None and process.returncode == 0:
            ET.parse(folder / "junit.xml")  # noqa: S314
    assert Behaviour.from_text((place / "approved" / "behaviour.json").read_text(encoding="utf-8"), "x") == Behaviour.of(ENGINE)
    if "NIGHTLY" not in os.environ:
        assert process.returncode != 0


@pytest.fixture(scope="module")
def whole(place: Path) -> float:
    """Seconds of a gate that is left alone, and opens; by day that takes too long, and points are early."""
    if "NIGHTLY" not in os.environ:
        return EARLY_S
    began = time.monotonic()
    process = start(place)
    judge(place, process)
    assert process.returncode == 0
    return time.monotonic() - began


def points(seed: str, whole: float) -> list[float]:
    rng = random.Random(seed)  # noqa: S311
    return [rng.uniform(0.2, whole) for _ in range(POINTS)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_at_any_point_never_opens_it(number: signal.Signals, place: Path, whole: float) -> None:
    for after in points(number.name, whole):
        process = start(place)
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        judge(place, process)


def test_a_child_that_vanishes_with_status_0_never_opens_it(place: Path, tmp_path: Path, whole: float) -> None:
    for after in points("vanish", whole):
        (tmp_path / "sitecustomize.py").write_text(VANISH.format(after=after / 3), encoding="utf-8")
        judge(place, start(place, before=tmp_path))


def limit(size: int) -> Callable[[], None]:
    def apply() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return apply


def test_a_full_disk_at_any_point_never_opens_it(place: Path) -> None:
    rng = random.Random("disk")  # noqa: S311
    for _ in range(POINTS):
        judge(place, start(place, preexec_fn=limit(rng.choice([0, 100, 4096, rng.randrange(1_500_000 if POINTS > 1 else 500_000)]))))

"""Commands killed at any moment: no torn file, no process left, no pages of two runs, no file of others touched, and the next start is good.

A few moments here; with NIGHTLY set, two hundred.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from reports.site.newer_run import LATEST, STATE
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_runs.change.baseline import read_baseline
from sop_runs.output_folder import MARKER
from sop_runs.record.reader import INCOMPLETE, read
from tests.support.commands import ended, make_place, processes_in, sop

pytestmark = pytest.mark.slow

COMMANDS = {
    "verify": ("verify features", SUCCESS),
    "verify with workers": ("verify features -n 2", SUCCESS),
    "gate": ("gate", FAILURE),
    "docs": ("docs --run build/runs/first", SUCCESS),
    "simulate": (
        "simulate ordinary_week_erp -r 4 --set run.days=2 --set run.warm_up_days=0 --set ajio.orders_per_day=50 --format csv",
        SUCCESS,
    ),
    "approve": ("approve --yes --run build/runs/first", SUCCESS),
    "merge": ("merge build/runs/shard-1 build/runs/shard-2", SUCCESS),
    "fmt": ("fmt messy", SUCCESS),
}
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
POINTS = 25 if "NIGHTLY" in os.environ else 1
OTHERS = ("features/notes.md", "approved/README.md", "build/notes.txt", "build/runs/notes.txt", "build/site/mine.html",
          "build/simulations/ordinary_week_erp/parts/invoice-2024.json")  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every command has been called, with files of others in every folder that they write."""
    folder = make_place(tmp_path_factory.mktemp("kills"))
    shutil.copytree(folder / "wrong", folder / "messy")
    for number in range(20):
        text = (folder / "messy" / "a.feature").read_text(encoding="utf-8").replace("    When", "When")
        (folder / "messy" / f"{number}.feature").write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[tool.sop]\nelsewhere = ["wrong", "untidy", "messy"]\n', encoding="utf-8")
    for arguments, status in COMMANDS.values():
        if not arguments.startswith("fmt"):
            assert ended(sop(arguments, folder))[0] == status, arguments
    for name in OTHERS:
        (folder / name).write_text("mine", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_leaves_whole_files_and_nothing_else(name: str, template: Path, tmp_path: Path) -> None:
    arguments, status = COMMANDS[name]
    moments = random.Random(name)  # noqa: S311
    whole = _seconds_of(arguments, status, template, tmp_path / "whole") if POINTS > 1 else 1.5
    for number in range(POINTS):
        folder = tmp_path / str(number)
        shutil.copytree(template, folder, symlinks=True)
        process = sop(arguments, folder)
        time.sleep(moments.uniform(0.1, whole))
        process.send_signal(moments.choice(SIGNALS))
        process.communicate(timeout=60)
        _check_processes(folder)
        _check_files(folder, template)

        assert ended(sop(arguments, folder))[0] == status, "the next start"
        assert list(folder.rglob(".*.part")) == []
        _check_files(folder, template)
        shutil.rmtree(folder)


def _seconds_of(arguments: str, status: int, template: Path, folder: Path) -> float:
    shutil.copytree(template, folder, symlinks=True)
    began = time.monotonic()
    assert ended(sop(arguments, folder))[0] == status
    return time.monotonic() - began


def _check_processes(folder: Path) -> None:
    until = time.monotonic() + 20
    while processes_in(folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_in(folder) == []


def _check_files(folder: Path, template: Path) -> None:
    """Check that every file is whole, and those of others are as they were."""
    for name in OTHERS:
        assert (folder / name).read_text(encoding="utf-8") == "mine", name
    for file in folder.rglob("*.json"):
        if file.name != "invoice-2024.json":
            json.loads(file.read_text(encoding="utf-8"))
    for file in folder.rglob("run.ndjson"):
        record = read(file)
        assert record.problem is None or record.state == INCOMPLETE
    for file in (folder / "messy").iterdir():
        assert file.name.startswith(".") or len(file.read_text(encoding="utf-8").splitlines()) >= 6, file
        assert file.name.startswith(".") or file.read_text(encoding="utf-8").endswith("refused\n"), file
    assert read_baseline(folder / "approved").behaviour.rows == read_baseline(template / "approved").behaviour.rows
    _check_site(folder / "build" / "site")


def _check_site(site: Path) -> None:
    """Check that the pages are of one run, unless the notice says that they may not be."""
    files = json.loads((site / MARKER).read_text(encoding="utf-8"))["files"]
    for name, digests in files.items():
        if name != STATE and (site / name).exists():
            assert hashlib.sha256((site / name).read_bytes()).hexdigest() in digests
    if (site / STATE).read_bytes() == LATEST:
        newest = {name: digests[-1] for name, digests in files.items() if name != STATE}
        oldest = {name: digests[0] for name, digests in files.items() if name != STATE}
        actual = {name: hashlib.sha256((site / name).read_bytes()).hexdigest() for name in newest if (site / name).exists()}
        assert actual in ({name: newest[name] for name in actual}, {name: oldest[name] for name in actual})

"""The process of a run: a fork where that is the same as a new Python, a new Python elsewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from steps.run.process import can_fork
from tests.support.commands import FEATURE

ROOT = Path(__file__).parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no run is a fork")
ASK = "from steps.run.process import can_fork; {}; print(can_fork())"
THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"


def python(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@LINUX
@pytest.mark.parametrize(
    ("arguments", "setting", "forks"),
    [
        (("-P",), "pass", "True"),
        ((), "pass", "False"),
        (("-O", "-P"), "pass", "False"),
        (("-P",), THREAD, "False"),
        (("-P",), "import sys; sys.settrace(lambda *_: None)", "False"),
        (("-P",), "import sys; sys.setprofile(lambda *_: None)", "False"),
        (("-P",), "import os; os.environ['SOP_RULEBOOK'] = os.getcwd()", "False"),
    ],
    ids=["strict", "folder on the path", "without assertions", "a second thread", "traced", "profiled", "another rulebook"],
)
def test_a_fork_is_used_where_it_is_the_same_as_a_new_python(arguments: tuple[str, ...], setting: str, forks: str, tmp_path: Path) -> None:
    assert python(*arguments, "-c", ASK.format(setting), cwd=tmp_path).stdout == f"{forks}\n"


def test_no_fork_is_used_inside_pytest() -> None:
    assert not can_fork()


@LINUX
def test_both_kinds_of_process_record_the_same(tmp_path: Path) -> None:
    """`python -m` without -P puts the folder on the path, so that a new Python runs the plan."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE.format(answer="allowed", tag=""), encoding="utf-8")
    records, outputs = [], []
    for options in (("-P",), ()):
        done = python(*options, "-m", "sop_cli", "verify", "--no-docs", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        runs = tmp_path / "build" / "runs"
        folder = runs / (runs / "latest").read_text(encoding="utf-8").strip()
        names = ["run.ndjson", "steps.json", "outside.json"]
        records.append([(folder / name).read_bytes() for name in names])
        outputs.append((folder / "output.txt").read_text(encoding="utf-8").replace(folder.name, "RUN").rpartition(" in ")[0])
        shutil.rmtree(runs)

    assert records[0] == records[1]
    assert outputs[0] == outputs[1]

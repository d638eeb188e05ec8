"""`sop simulate` as a process of its own, and waiting for it."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

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

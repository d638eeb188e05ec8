"""Commands as processes of their own, in a folder with good and bad features, an approved folder and a run: for tests of how they end."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sop_cli.exit_status import SUCCESS
from tests.support.audit_files import make_exports

ROOT = Path(__file__).parents[2]
SHARD = "build/runs/shard-{}"
FEATURE = """Feature: One order
  {tag}
  Scenario: The seller cancels
    Given an order of 1 unit, invoiced through the client's ERP
    When the seller cancels the order
    Then the request is {answer}
"""


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments of a command for each result that it can have here."""

    good: str
    bad: str = ""


CALLS = {
    "verify": Call("verify --no-docs features", "verify --no-docs wrong"),
    "docs": Call("docs --run build/runs/first"),
    "lint": Call("lint features", "lint untidy"),
    "decide": Call(
        "decide --canceller seller --scope full --invoicing ERP --stage FULFILLABLE --e-invoice pushed",
        "decide --canceller seller --scope full --invoicing ERP --stage PACKED --e-invoice pushed",
    ),
    "table": Call("table"),
    "simulate": Call("simulate ordinary_week_erp -r 1 --set run.days=1 --set run.warm_up_days=0 --set ajio.orders_per_day=20"),
    "audit": Call("audit --mapping exports/allowed.toml", "audit --mapping exports/due.toml"),
    "calibrate": Call("calibrate build/log/log-base-0000.xes --out build/fitted.toml"),
    "mutate": Call("", "mutate --run build/runs/first"),
    "diff": Call("diff approved approved"),
    "approve": Call("approve --yes --run build/runs/first --to build/elsewhere"),
    "gate": Call("", "gate --run build/runs/first"),
    "fmt": Call("fmt --check features", "fmt --check untidy"),
    "steps": Call("steps"),
    "questions": Call("questions"),
    "answer": Call("answer GAP-04"),
    "clause": Call("clause edit SC-ERP-FULL-1a"),
    "gap": Call("gap edit GAP-04"),
    "rulebook": Call("rulebook"),
    "contract": Call("contract"),
    "workbench": Call(""),  # it serves until it is interrupted: see tests/sop_cli/web/test_ways_to_end_it.py
    "serve": Call(""),  # it serves until it is interrupted: see tests/sop_cli/serve/test_ways_to_end.py
    "merge": Call(f"merge --no-docs {SHARD.format(1)} {SHARD.format(2)}"),
}


def sop(arguments: str, place: Path, **more: object) -> "subprocess.Popen[bytes]":
    """Start the command; SIGINT has its default effect, whatever the process of the tests was started with."""
    options: dict[str, object] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "sop_cli", *arguments.split()],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PWD": str(place)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread here
        **options,  # type: ignore[call-overload]
    )


def ended(process: "subprocess.Popen[bytes]") -> tuple[int, str]:
    """Wait for the end; return the exit status and what was printed to stderr."""
    _, err = process.communicate(timeout=120)
    text = (err or b"").decode()
    assert "Traceback" not in text
    assert "Exception ignored" not in text
    return process.returncode, text


def make_place(folder: Path) -> Path:
    """Fill *folder* with good and bad features, an approved folder, and a run with two shards."""
    for name, answer, tag in (("features", "allowed", ""), ("wrong", "refused", ""), ("untidy", "allowed", "@no-such-tag")):
        (folder / name).mkdir()
        text = FEATURE.format(answer=answer, tag=tag)
        (folder / name / "a.feature").write_text(text if name != "untidy" else text.replace("    When", " When"), encoding="utf-8")
    make_exports(folder / "exports")
    (folder / "pyproject.toml").write_text('[tool.sop]\nelsewhere = ["wrong", "untidy"]\n', encoding="utf-8")
    assert ended(sop("fmt features wrong", folder))[0] == SUCCESS
    for number in (1, 2):
        ended(sop(f"verify --no-docs --shard {number}/2 features --out build/{number}", folder))
        (run,) = (path for path in (folder / "build" / str(number) / "runs").iterdir() if path.is_dir())
        shutil.copytree(run, folder / SHARD.format(number))
    assert ended(sop("verify --no-docs", folder))[0] == SUCCESS
    (folder / "build/runs/first").symlink_to((folder / "build/runs/latest").read_text().strip())
    assert ended(sop("approve --yes", folder))[0] == SUCCESS
    assert ended(sop(f"{CALLS['simulate'].good} --format xes --no-report --out build/log", folder))[0] == SUCCESS
    return folder


def handles_signals(process: "subprocess.Popen[bytes]") -> bool:
    """Return whether the process has begun to handle SIGTERM, which Python itself does not, or has ended."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16) if "SigCgt:" in status else 0
    return bool(caught >> (signal.SIGTERM - 1) & 1) or process.poll() is not None


def processes_in(folder: Path) -> list[str]:
    """Return the ids of the processes whose environment names *folder* as the place where the command was called."""
    mark = f"PWD={folder}".encode()
    return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in _environment(path)]


def _environment(file: Path) -> list[bytes]:
    try:
        return file.read_bytes().split(b"\0")
    except OSError:
        return []

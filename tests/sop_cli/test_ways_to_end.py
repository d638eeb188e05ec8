"""Every command in every way that a process can end: its exit status is what it found, or says why not, and nothing prints a traceback.

The commands come from `COMMANDS`, so that a new one needs a row here.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_cli.exit_status import FAILURE, MISUSE, READER_GONE, SUCCESS
from sop_cli.main import COMMANDS
from tests.support.commands import CALLS, ROOT, ended, handles_signals, make_place, processes_in, sop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good and bad features, an approved folder, and a run with two shards."""
    return make_place(tmp_path_factory.mktemp("ways"))


def test_every_command_has_a_row() -> None:
    assert set(CALLS) == set(COMMANDS)


def results() -> Iterator[tuple[str, int]]:
    for call in CALLS.values():
        yield from ((arguments, status) for arguments, status in ((call.good, SUCCESS), (call.bad, FAILURE)) if arguments)


RESULTS = list(results())
EACH_RESULT = pytest.mark.parametrize(
    ("arguments", "status"), RESULTS, ids=[arguments.split()[0] + "-bad" * (status == FAILURE) for arguments, status in RESULTS]
)


@EACH_RESULT
def test_the_status_is_what_the_command_found_whatever_happens_to_its_streams(arguments: str, status: int, place: Path) -> None:
    process = sop(arguments, place)
    silent = not process.stdout.read()  # type: ignore[union-attr]
    assert ended(process)[0] == status

    reader, writer = os.pipe()
    os.close(reader)
    assert ended(sop(arguments, place, stdout=writer))[0] == (status if silent else READER_GONE)
    assert ended(sop(arguments, place, stderr=writer))[0] == status
    os.close(writer)
    with Path("/dev/full").open("wb") as full:
        exit_status, text = ended(sop(arguments, place, stdout=full))
        assert (exit_status, "error: standard output: No space left on device" in text) == (
            (status, False) if silent else (status or MISUSE, True)
        )
    for closed in ("1>&-", "0<&- 1>&- 2>&-"):
        process = subprocess.run(
            ["bash", "-c", f'"$@" {closed}', "-", sys.executable, "-P", "-m", "sop_cli", *arguments.split()],
            cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
        )  # fmt: skip
        assert (process.returncode, b"Traceback" in process.stderr) == (status, False), closed


@pytest.mark.parametrize("name", list(COMMANDS))
def test_an_unknown_option_is_misuse_for_every_command(name: str, place: Path) -> None:
    status, text = ended(sop(f"{name} --no-such-option", place))

    assert status == MISUSE
    assert "has no option `--no-such-option`" in text
    assert text.endswith(f"see `sop {name} --help`\n")


@pytest.mark.parametrize(
    ("command", "near"), [("audit --as-off 2026-07-15", "--as-of"), ("decide --stge PACKED", "--stage"), ("--verson", "--version")]
)
def test_an_unknown_option_is_answered_with_the_nearest_one(command: str, near: str, place: Path) -> None:
    assert f"did you mean `{near}`?" in ended(sop(command, place))[1]


@pytest.mark.parametrize("redirection", ["<&-", "</dev/null"])
def test_input_that_is_closed_is_an_error_and_empty_input_is_not(redirection: str, place: Path) -> None:
    command = f"{sys.executable} -P -m sop_cli decide --batch - {redirection}"
    process = subprocess.run(
        ["bash", "-c", command], cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )

    assert (process.returncode, process.stderr.decode()) == {
        "<&-": (MISUSE, "error: `standard input`: it is closed; pipe something into the command, or name a file\n"),
        "</dev/null": (SUCCESS, ""),
    }[redirection]


BUSY_PROCESSES = 2
"""The command and a worker."""


@EACH_RESULT
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_at_any_time_is_an_interruption_unless_the_command_was_done(
    arguments: str, status: int, number: signal.Signals, place: Path
) -> None:
    for after in (0.0, 0.4):
        process = sop(arguments, place)
        while not handles_signals(process):
            time.sleep(0.005)
        time.sleep(after)
        process.send_signal(number)
        assert ended(process)[0] in {status, 128 + number}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("arguments", ["verify --no-docs", "verify --no-docs -n 2", "gate", "simulate sale_days -r 20 -n 2"])
def test_a_signal_ends_a_command_that_works_and_every_process_of_it(arguments: str, number: signal.Signals, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "features", tmp_path / "features", ignore=shutil.ignore_patterns("__pycache__"))
    process = sop(arguments, tmp_path)
    sign_of_work = "build/simulations/*/parts" if arguments.startswith("simulate") else "build/runs/*/run.ndjson"
    while not list(tmp_path.glob(sign_of_work)) or len(processes_in(tmp_path)) < BUSY_PROCESSES:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    if number == signal.SIGKILL:
        process.communicate(timeout=120)
        assert process.returncode == -number
    else:
        status, text = ended(process)
        assert status == 128 + number
        assert arguments.startswith("verify") or "interrupted: " in text
    gone = time.monotonic() + 20
    while processes_in(tmp_path) and time.monotonic() < gone:
        time.sleep(0.05)
    assert processes_in(tmp_path) == []

"""Texts of files reach a terminal or another program without control characters, whatever the command."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from sop_cli.main import COMMANDS
from tests.support.commands import CALLS, ROOT, make_place

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="names of files have control characters there alone")]
HOSTILE = "\x1b[32m\x1b[2J\x1b]0;owned\x07\x1b[8m\x9b31m\x9d\x7f\rpassed"
NAME = f"a{HOSTILE}.feature"
LONG = "n" * 5_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which names and texts of files have control characters."""
    folder = make_place(tmp_path_factory.mktemp("terminal"))
    text = (folder / "features" / "a.feature").read_text(encoding="utf-8")
    for name in ("features", "wrong", "untidy"):
        hostile = text.replace("One order", f"Two {HOSTILE}").replace("The seller cancels", f"Two {HOSTILE}")
        (folder / name / NAME).write_text(hostile, encoding="utf-8")
    table = json.loads((folder / "approved" / "behaviour.json").read_text(encoding="utf-8"))
    table["rulebook"] |= {"name": HOSTILE, "sha256": HOSTILE}
    table["rows"][0] |= {"outcome": HOSTILE, "clauses": [HOSTILE], "manner": HOSTILE}
    (folder / "table.json").write_text(json.dumps(table), encoding="utf-8")
    (folder / f"x{HOSTILE}.toml").write_text(f"description = {json.dumps(HOSTILE)}\n{json.dumps(HOSTILE)} = 1\n", encoding="utf-8")
    return folder


def output_of(arguments: list[str], place: Path) -> tuple[int, bytes]:
    process = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", *arguments],
        cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return process.returncode, process.stdout + process.stderr


def output_on_terminal(arguments: list[str], place: Path, no_color: str = "1") -> tuple[int, bytes]:
    """As `output_of`, on a terminal without colours: there click removes no escape sequence."""
    terminal, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "sop_cli", *arguments],
        cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": no_color}, stdin=child, stdout=child, stderr=child,
    )  # fmt: skip
    os.close(child)
    pieces = []
    try:
        while piece := os.read(terminal, 65_536):
            pieces.append(piece)
    except OSError:  # the end of a terminal
        pass
    return process.wait(), b"".join(pieces).replace(b"\r\n", b"\n")


def controls(output: bytes) -> list[str]:
    text = output.decode()
    return [sign for sign in text if (ord(sign) < 32 and sign not in {"\n", "\t"}) or 127 <= ord(sign) < 160]


SPECIAL = {
    "diff": [["diff", "approved", "table.json", "--format", form] for form in ("text", "json", "markdown")],
    "simulate": [["simulate", f"x{HOSTILE}.toml"], ["simulate", "ordinary_week_erp", "--set", HOSTILE]],
    "gate": [["gate", "--run", "build/runs/first", "--format", form] for form in ("json", "github", "sarif", "junit")],
    "lint": [["lint", "untidy", "--format", form] for form in ("json", "github", "sarif", "junit")],
    "decide": [["decide", "--canceller", HOSTILE], ["decide", "--batch", NAME], ["decide", "--batch", f"x{NAME}"]],
    "verify": [["verify", "--tags", HOSTILE], ["verify", "-k", HOSTILE], ["verify", "--no-docs", "--out", HOSTILE]],
}
"""Further calls of a command."""


@pytest.mark.parametrize("name", list(COMMANDS))
def test_no_command_prints_a_control_character(name: str, place: Path) -> None:
    call = CALLS[name]
    calls = [arguments.split() for arguments in (call.good, call.bad) if arguments]
    calls += [*SPECIAL.get(name, []), [name, HOSTILE], [name, f"--{HOSTILE}"], [name, "--out", f"{HOSTILE}/x"], [name, LONG]]
    for arguments in calls:
        status, output = output_on_terminal(arguments, place)

        assert controls(output) == [], (arguments, output)
        assert b"Traceback" not in output, (arguments, output)
        assert status != 3, (arguments, output)


@pytest.mark.parametrize("name", ["lint", "verify", "docs", "simulate", "diff", "steps", "fmt"])
def test_a_long_name_is_cut_in_messages(name: str, place: Path) -> None:
    status, output = output_of([name, LONG, *(["x"] if name == "diff" else [])], place)

    assert status == 2
    assert len(output) < 1_500, output


def test_a_terminal_gets_colours_and_nothing_else(place: Path) -> None:
    _, raw = output_on_terminal(["diff", "approved", "table.json"], place, no_color="")
    output = raw.decode()

    assert "\\u001b[2J" in output or "\\x1b[2J" in output
    for colour in ("\x1b[0m", "\x1b[1m", *(f"\x1b[{number}m" for number in range(30, 38))):
        output = output.replace(colour, "")
    assert controls(output.encode()) == []

"""The edits of the guide for analysts, read from its own words, and a copy of the project to make them in."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EDIT = re.compile(r"(?P<instruction>(?:(?!\n\n|```).)*?):\n\n```(?P<form>gherkin|console)\n(?P<block>.*?)```", re.DOTALL)
FILE = re.compile(r"`(features/[^`]+)`")
OUT = re.compile(r"take\s+out\s+the\s+row\s+`([^`]+)`")
BELOW = re.compile(r"below\s+the\s+row\s+`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A heading of the guide, with the blocks that a reader puts into files."""

    title: str
    edits: tuple[tuple[str, str, str], ...]

    def follow(self, copy: "Copy") -> None:
        """Make its edits in *copy*, as the words before each block say, and type its commands."""
        file = None
        for prose, form, block in self.edits:
            if form == "console":
                copy.type(block)
                continue
            named = FILE.findall(prose)
            file = copy.folder / named[-1] if named else file
            assert file is not None, prose
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join(_edited(lines, prose, block)), encoding="utf-8")


def recipes(guide: str) -> Iterator[Recipe]:
    """Yield every heading of *guide* that has something to try."""
    for section in guide.split("\n## ")[1:]:
        edits = tuple((match["instruction"], match["form"], match["block"]) for match in EDIT.finditer(section))
        if edits:
            yield Recipe(section.splitlines()[0], edits)


def _edited(lines: list[str], instruction: str, block: str) -> list[str]:
    for row in OUT.findall(instruction):
        del lines[_line(lines, row)]
    if below := BELOW.search(instruction):
        place = _line(lines, below[1]) + 1
    else:
        assert "at the end" in instruction, instruction
        place = len(lines)
    return [*lines[:place], block, *lines[place:]]


def _line(lines: list[str], text: str) -> int:
    result = [place for place, line in enumerate(lines) if line.strip() == text]
    assert len(result) == 1, f"{text} stands there {len(result)} times"
    return result[0]


class Copy:
    """A copy of the project in which the guide is followed, with the copy's own rulebook."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("sop_engine", "sop_runs", "steps", "orders", "simulator", "reports", "sop_cli", "features", "approved"):
            shutil.copytree(ROOT / name, folder / name)  # with the bytecode, which eight processes would compile again
        (folder / "docs").mkdir()
        shutil.copy(ROOT / "docs" / "glossary.md", folder / "docs")

    def sop(self, *arguments: str) -> tuple[int, str]:
        """Return exit status and output of a command."""
        done = self.run(sys.executable, "-m", "sop_cli", *arguments)
        return done.returncode, done.stdout + done.stderr

    def type(self, commands: str) -> None:
        """Run *commands* as the guide shows them, one a line, with the option that writes without asking."""
        for line in commands.replace("\\\n", " ").splitlines():
            launcher, _, *arguments = shlex.split(line)
            status, output = self.sop(*arguments, "--yes")
            assert (launcher, status) == ("python3", 0), output

    def run(self, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run *command* in the copy, with *more* in its environment."""
        return subprocess.run(
            command, cwd=self.folder, env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", **more},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def last(self) -> str:
        """Return the folder of the last run."""
        return f"build/runs/{(self.folder / 'build/runs/latest').read_text(encoding='utf-8').strip()}"

    def through(self) -> tuple[int, set[str], str]:
        """Run the gate as the guide says after an edit; return its status, the failed checks and its output."""
        self.sop("fmt")
        for command in (("lint",), ("verify", "--no-docs")):
            status, output = self.sop(*command)
            assert status == 0, output
        status, output = self.sop("gate", "--run", self.last())
        return status, set(re.findall(r"^✗ (\w+)", output, re.MULTILINE)), output

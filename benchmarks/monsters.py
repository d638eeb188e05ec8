"""Processor time of every command that reads feature files, for thirteen shapes of very large files at 1x, 10x and 100x of a size.

Run it with ``python -P benchmarks/monsters.py [SHAPE ...]``; it prints seconds for each shape, command and size, and the factor between the
two larger sizes: about 10 where time grows as the file does. ``r`` marks a file that the lint refuses.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
FACTORS = (1, 10, 100)
PATIENCE_S = 300
HEAD = "Feature: A monster\n\n  Some text.\n\n"
RUN = "build/runs/{}"


def scenario(number: int, name: str = "", steps: str = "", indent: str = "  ") -> str:
    """Return a scenario of its own that passes."""
    units = f"{number + 1} unit{'s' * (number > 0)}"
    return "".join(
        f"{indent}{line}\n"
        for line in (
            f"Scenario: {name or f'An order of {units} is cancelled'}",
            f"  Given an order of {units}, invoiced through the client's ERP",
            *steps.splitlines(),
            "  When the seller cancels the order",
            "  Then the request is allowed",
            "",
        )
    )


def outline(rows: str, heading: str = "units") -> str:
    """Return an outline with *rows* of Examples."""
    text = scenario(1).replace("Scenario:", "Scenario Outline:").replace("2 units", "<units>").rstrip("\n")
    return f"{text}\n\n    Examples:\n      | {heading} |\n{rows}"


SHAPES: Mapping[str, tuple[int, Callable[[int], str]]] = {
    "description line": (10_000, lambda size: HEAD.replace("Some text", "word " * (size // 5)) + scenario(0)),
    "description lines": (150, lambda size: HEAD.replace("Some text.", "  \n".join(["  A line of text."] * size)) + scenario(0)),
    "tags": (900, lambda size: HEAD + "  " + " ".join(f"@t{number}" for number in range(size)) + "\n" + scenario(0)),
    "rows": (150, lambda size: HEAD + outline("".join(f"      | {number + 2} units |\n" for number in range(size)))),
    "columns": (500, lambda size: HEAD + outline(f"      | 2 units |{' a |' * size}\n", " | ".join(["units", *map(str, range(size))]))),
    "cells": (10_000, lambda size: HEAD + outline(f"      | {'2 units'.rjust(10)} |\n      | {'x' * size} |\n")),
    "steps": (150, lambda size: HEAD + scenario(0, steps="  And the order is in stage PACKED\n" * size)),
    "scenarios": (40, lambda size: HEAD + "\n".join(map(scenario, range(size)))),
    "comments": (150, lambda size: HEAD + "  # a comment\n" * size + scenario(0)),
    "docstring": (150, lambda size: HEAD + scenario(0, steps='    """\n' + "    a line\n" * size + '    """\n')),
    "rules": (40, lambda size: HEAD + "\n".join(f"  Rule: R{number}\n\n{scenario(number, indent='    ')}" for number in range(size))),
    "names": (10_000, lambda size: HEAD + scenario(0, name="word " * (size // 5))),
    "step text": (10_000, lambda size: HEAD + scenario(0, steps=f"  And {'word ' * (size // 5)}\n")),
}
"""Each shape with its size at 1x and the function that makes it."""

COMMANDS = {
    "lint": "lint features",
    "fmt": "fmt --check features",
    "steps": "steps",
    "verify": "verify --no-docs features",
    "docs": "docs --run {run}",
    "gate": "gate --run {run}",
}
"""Commands in their order; those after `verify` take its run."""


def seconds(arguments: str, folder: Path) -> tuple[float, int, str]:
    """Run a command in *folder*; return its processor time with that of its processes, its exit status, and what it printed."""
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sop_cli", *arguments.split()],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, process.returncode, (folder / "output.txt").read_text(encoding="utf-8", errors="replace")


def curve(shape: str, folder: Path) -> dict[str, list[str]]:
    """Return the seconds of every command for each size of *shape*, as text."""
    size, make = SHAPES[shape]
    table: dict[str, list[str]] = {name: [] for name in COMMANDS}
    measured: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for factor in FACTORS:
        place = folder / f"{factor}"
        (place / "features").mkdir(parents=True)
        (place / "features" / "monster.feature").write_text(make(size * factor), encoding="utf-8")
        run = ""
        for name, arguments in COMMANDS.items():
            spent, status, output = seconds(arguments.format(run=run), place)
            measured[name].append(spent)
            refused = name == "lint" and status == 1
            mark = "r" if refused else "!" if status not in (0, 1, 2) or "Traceback" in output else " "
            table[name].append(f"{spent:6.2f}{mark}")
            if name == "verify":
                run = RUN.format((place / RUN.format("latest")).read_text(encoding="utf-8").strip())
    for name, (small, middle, large) in measured.items():
        table[name].append(f"{(large - small) / max(middle - small, 0.05):6.1f}")
    return table


def main() -> None:
    """Print the table."""
    print(f"{'shape':18} {'command':8} {'1x s':>7} {'10x s':>7} {'100x s':>7} {'factor':>7}")
    for shape in sys.argv[1:] or SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            for name, cells in curve(shape, Path(folder)).items():
                print(f"{shape:18} {name:8} " + " ".join(f"{cell:>7}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()

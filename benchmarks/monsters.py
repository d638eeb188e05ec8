"""Processor time of every command that reads feature files, for thirteen shapes of very large files at 1x, 10x and 100x of a size.

Run it with ``python -P benchmarks/monsters.py [SHAPE ...]``; it prints seconds for each shape, command and size, and the factor between the
two larger sizes: about 10 where time grows as the file does. ``r`` marks a file that the lint refuses.
"""

import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from sop_cli.main import main as main_of_sop
from tests.support.in_process import child_replaced

FACTORS = (1, 10, 100)
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


def seconds(arguments: str) -> tuple[float, int, str]:
    """Call a command in this process; return its processor time without that of imports, its exit status, and what it printed."""
    output = io.StringIO()
    started = time.process_time()
    with child_replaced(), redirect_stdout(output), redirect_stderr(output):
        status = main_of_sop(arguments.split())
    return time.process_time() - started, status, output.getvalue()


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
            with contextlib.chdir(place):
                spent, status, output = seconds(arguments.format(run=run))
            measured[name].append(spent)
            refused = name == "lint" and status == 1
            mark = "r" if refused else "!" if status not in (0, 1, 2) or "Traceback" in output else " "
            table[name].append(f"{spent:6.2f}{mark}")
            if name == "verify":
                run = RUN.format((place / RUN.format("latest")).read_text(encoding="utf-8").strip())
    for name, (small, middle, large) in measured.items():
        table[name].append(f"{(large - small) / max(middle - small, 0.02):6.1f}")
    return table


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:  # so that the first shape does not pay for imports
        curve("scenarios", Path(folder))
    print(f"{'shape':18} {'command':8} {'1x s':>7} {'10x s':>7} {'100x s':>7} {'factor':>7}")
    for shape in sys.argv[1:] or SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            for name, cells in curve(shape, Path(folder)).items():
                print(f"{shape:18} {name:8} " + " ".join(f"{cell:>7}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()

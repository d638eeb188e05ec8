"""Measure the time of the lint against gherkin-official's parse of the same files.

Run `python benchmarks/lint.py [SCENARIOS]`. The scenarios use the project's own step sentences; a fifth are outlines. Times
are the best of five in one process; the last line is a whole `sop lint`, with the start of Python.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.token_scanner import TokenScanner

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from sop_engine import load_rulebook  # noqa: E402 (found only now)
from steps.definitions.discovery import built_in_modules  # noqa: E402
from steps.definitions.registry import Registry  # noqa: E402
from steps.language.document import find_features  # noqa: E402
from steps.lint.linter import known_tags_of, lint  # noqa: E402

PER_FILE = 50
BEST_OF = 5

PLAIN = """
  Scenario: Plain scenario {n}
    Given an order invoiced through the client's ERP
    And the order is FULFILLABLE
    And its e-invoice is generated
    When the seller cancels the full order
    Then the cancellation is allowed
"""
OUTLINE = """
  Scenario Outline: Outline {n}
    Given an order invoiced through the client's ERP
    And the order is <stage>
    When the seller cancels the full order
    Then the cancellation is allowed

    Examples:
      | stage       |
      | FULFILLABLE |
      | PROCESSING  |
      | PACKED      |
      | COMPLETED   |
      | CREATED     |
"""


def write(folder: Path, scenarios: int) -> list[Path]:
    """Write files of fifty scenarios: forty plain ones and two outlines of five rows."""
    for number in range(0, scenarios, PER_FILE):
        parts = [PLAIN.format(n=n) for n in range(PER_FILE - 10)] + [OUTLINE.format(n=n) for n in range(2)]
        (folder / f"f{number:06}.feature").write_text(f"Feature: F{number}\n{''.join(parts)}", encoding="utf-8")
    return find_features([folder])


def best(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of several calls."""
    times = []
    for _ in range(BEST_OF):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def parse_all(files: list[Path], *, pickles: bool = False) -> None:
    """Parse the files with gherkin-official."""
    for file in files:
        tree = Parser().parse(TokenScanner(file.read_text(encoding="utf-8")))
        if pickles:
            Compiler().compile({"uri": file.name, **tree})


def main(scenarios: int) -> None:
    """Measure and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write(folder, scenarios)
        registry, tags = Registry.from_modules(built_in_modules()), known_tags_of(load_rulebook())
        result = lint(files, folder, registry, tags)
        undefined = [finding for finding in result.findings if finding.rule == "undefined-step"]
        print(
            f"{result.written:,} scenarios in {len(files)} files, {len(registry.definitions)} sentences bound, {len(undefined)} undefined"
        )
        figures = {
            "gherkin-official, parse": best(lambda: parse_all(files)),
            "gherkin-official, parse and pickles": best(lambda: parse_all(files, pickles=True)),
            "sop lint, in process": best(lambda: lint(files, folder, Registry(registry.definitions), tags)),
            "sop lint, whole process": best(lambda: run_lint(folder)),
        }
        for label, seconds in figures.items():
            print(f"{label:38}{seconds:8.3f} s{result.written / seconds:12,.0f} scenarios/s")


def run_lint(folder: Path) -> None:
    """Run the command in a process, as a user does."""
    command = [sys.executable, "-m", "sop_cli", "lint", str(folder)]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

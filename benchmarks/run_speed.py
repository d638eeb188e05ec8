"""How fast scenarios run: our collector, stock pytest-bdd and behave, side by side on the same features.

Three steps a scenario, fifty scenarios a file, two hundred definitions that nothing uses beside the three that are used.
CPU seconds of the whole process, start and end included, the best of so many turns; wall time depends on the neighbours.

    python benchmarks/run_speed.py [--turns 3] [SCENARIOS ...]
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY)]

from steps.specification import Plan  # noqa: E402 (found only now)

UNUSED, PER_FILE = 200, 50
GOAL = 4.0
"""How many times faster than stock pytest-bdd."""

QUIET = [f"-pno:{name}" for name in ("cacheprovider", "logging", "unraisableexception", "threadexception", "warnings")]


def write_features(folder: Path, scenarios: int) -> None:
    """*scenarios* scenarios, fifty in a file."""
    for start in range(0, scenarios, PER_FILE):
        lines = [f"Feature: Counting {start}", ""]
        for number in range(start, min(start + PER_FILE, scenarios)):
            lines += [f"  Scenario: Adding {number}", f"    Given a counter at {number}", "    When I add 5"]
            lines += [f"    Then the counter is {number + 5}", ""]
        (folder / f"f{start:06}.feature").write_text("\n".join(lines))


def write_ours(folder: Path) -> None:
    """Bindings as this project writes them."""
    unused = "\n".join(f'@given("an unused thing {n} at {{int}}")\ndef _(value): pass' for n in range(UNUSED))
    text = """
        from steps.sentences import given, when, then
        @given("a counter at {int}", target_fixture="counter")
        def _(start): return start
        @when("I add {int}", target_fixture="counter")
        def _(more, counter): return counter + more
        @then("the counter is {int}")
        def _(expected, counter, claims):
            claims.check({"kind": "experiment"}, "counter", expected, counter)
    """
    (folder / "speed_bindings.py").write_text(textwrap.dedent(text) + unused + "\n")


def write_stock(folder: Path) -> None:
    """The same bindings as pytest-bdd's own documentation writes them."""
    unused = "\n".join(f'@given(parse("an unused thing {n} at {{value:d}}"))\ndef _(value): pass' for n in range(UNUSED))
    text = """
        from pytest_bdd import given, when, then, scenarios
        from pytest_bdd.parsers import parse
        @given(parse("a counter at {start:d}"), target_fixture="counter")
        def _(start): return start
        @when(parse("I add {more:d}"), target_fixture="counter")
        def _(more, counter): return counter + more
        @then(parse("the counter is {expected:d}"))
        def _(expected, counter): assert counter == expected
    """
    (folder / "test_stock.py").write_text(textwrap.dedent(text) + unused + '\nscenarios("features")\n')


def write_behave(folder: Path) -> None:
    """The same bindings for behave."""
    unused = "\n".join(f'@given("an unused thing {n} at {{value:d}}")\ndef step(context, value): pass' for n in range(UNUSED))
    text = """
        from behave import given, when, then
        @given("a counter at {start:d}")
        def step(context, start): context.counter = start
        @when("I add {more:d}")
        def step(context, more): context.counter += more
        @then("the counter is {expected:d}")
        def step(context, expected): assert context.counter == expected
    """
    steps = folder / "features" / "steps"
    steps.mkdir()
    (steps / "speed.py").write_text(textwrap.dedent(text) + unused + "\n")


def cpu_of(command: list[str], folder: Path, said: str) -> float:
    """CPU seconds of *command*, which must end well and say *said*."""
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{folder}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or said not in done.stdout:
        raise SystemExit(f"{command} did not say `{said}`:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def runners(folder: Path) -> dict[str, Callable[[], list[str]]]:
    """What is compared: name and command."""
    features = folder / "features"

    def recorded() -> list[str]:
        out = Path(tempfile.mkdtemp(dir=folder))
        plan = out / "plan.json"
        Plan(features, out / "run.ndjson", (features,), ("speed_bindings",)).write(plan)
        return [sys.executable, str(REPOSITORY / "steps" / "child.py"), str(plan), "0"]

    pytest = [sys.executable, "-m", "pytest", "-q"]
    return {
        "stock pytest-bdd": lambda: [*pytest, "-ppytest_bdd.plugin", "test_stock.py"],
        "behave": lambda: [sys.executable, "-m", "behave", "-f", "progress", "features"],
        "ours, tests alone": lambda: [*pytest, *QUIET, "-psteps.plugin", "--sop-bindings=speed_bindings", "features"],
        "ours, lint, record, JUnit and page": recorded,
    }


def compare(scenarios: int, turns: int) -> None:
    """Print a line for each runner."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "features").mkdir()
        write_features(folder / "features", scenarios)
        write_ours(folder)
        write_stock(folder)
        write_behave(folder)
        stock = 0.0
        for runner, command in runners(folder).items():
            said = f"{scenarios} scenarios passed" if runner == "behave" else f"{scenarios} passed"
            best = min(cpu_of(command(), folder, said) for _ in range(turns))
            stock = stock or best
            print(f"{scenarios:>7,}  {runner:36} {best:7.2f} s CPU  {scenarios / best:7,.0f} scenarios/s  {stock / best:5.1f} times stock")


def main() -> None:
    """Compare at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", type=int, default=[1_000, 5_000])
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    for scenarios in options.scenarios:
        compare(scenarios, options.turns)


if __name__ == "__main__":
    main()

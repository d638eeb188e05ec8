"""Measure the speed of runs: ours, stock pytest-bdd, behave and cucumber-js on the same features.

Runners take turns in one process each, start and end included, in the opposite order in every second turn; medians over the turns of processor time and of wall time
(which depends on other programs); the ratios to stock pytest-bdd are taken within a turn. Every turn of every runner must
report every scenario and every step, or nothing is printed. Runners that are not installed are named and left out: behave
comes with `pip install behave`, cucumber-js with `npm install @cucumber/cucumber` in any folder, which is then given with
--cucumber or in NPM_TOOLS.

    python benchmarks/run_speed.py [--turns 3] [--cucumber FOLDER] [SCENARIOS ...]
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(Path(__file__).parent)]

from speed_suites import (  # noqa: E402 (found only now)
    STEPS,
    write_behave,
    write_counter,
    write_cucumber,
    write_features,
    write_features_of_the_project,
    write_stock,
    write_whole,
)

GOAL, FROM = 6.0, 5_000
"""Goal: how many times faster than stock pytest-bdd our runs are, by processor time, and from how many scenarios on."""
WARMING = 5
"""Scenarios of a first turn that is not timed and compiles the bytecode of every runner, as on a user's machine."""
STOCK = "stock pytest-bdd"
QUIET = tuple(f"-pno:{name}" for name in ("cacheprovider", "logging", "unraisableexception", "threadexception", "warnings"))


@dataclass(frozen=True)
class Runner:
    """A runner: its command, and its output when so many scenarios and steps passed; *ours* has to reach the goal."""

    name: str
    command: tuple[str, ...]
    messages: tuple[str, ...]
    ours: bool = False


@dataclass(frozen=True)
class Turn:
    """Duration of one run: seconds of processor time, with its children, and of wall time."""

    cpu: float
    wall: float


def runners(cucumber: Path | None) -> tuple[list[Runner], list[str]]:
    """Return the installed runners, and messages about those that are not installed."""
    python = sys.executable
    pytest = (python, "-m", "pytest", "-q", "-pspeed_counter")
    output_of_pytest = ("{scenarios} passed in", "{steps} steps passed")
    output_of_whole_run = ("{scenarios} scenarios passed", "{steps} steps passed")
    present = [Runner(STOCK, (*pytest, "-ppytest_bdd.plugin", "test_stock.py"), output_of_pytest)]
    absent = []
    if find_spec("behave"):
        messages = ("{scenarios} scenarios passed, 0 failed", "{steps} steps passed, 0 failed")
        present.append(Runner("behave", (python, "-m", "behave", "-f", "progress", "features"), messages))
    else:
        absent.append("behave is not installed: pip install behave")
    node, script = shutil.which("node"), cucumber and cucumber / "node_modules/@cucumber/cucumber/bin/cucumber.js"
    if node and script and script.is_file():
        command = (node, str(script), "features", "--require", "speed.js", "--format", "progress")
        present.append(Runner("cucumber-js", command, ("{scenarios} scenarios ({scenarios} passed)", "{steps} steps ({steps} passed)")))
    else:
        absent.append("cucumber-js is not installed: npm install @cucumber/cucumber in a folder, and give it with --cucumber")
    alone = (*pytest, *QUIET, "-psteps.run.plugin", "--sop-bindings=speed_bindings", "features")
    present += [
        Runner("ours, tests alone", alone, output_of_pytest, ours=True),
        Runner("ours, lint, record, JUnit and page", (python, "-P", "whole.py", "--no-docs"), output_of_whole_run, ours=True),
        Runner("ours, and the living document", (python, "-P", "whole.py"), output_of_whole_run, ours=True),
    ]
    return present, absent


def take(runner: Runner, folder: Path, scenarios: int, cucumber: Path | None) -> Turn:
    """Time one turn of *runner*, which must succeed and run every scenario and step."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{folder}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "NODE_PATH": str(cucumber / "node_modules") if cucumber else "",
    }
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.run(runner.command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    expected = [message.format(scenarios=scenarios, steps=STEPS * scenarios) for message in runner.messages]
    if process.returncode or any(message not in process.stdout for message in expected):
        raise SystemExit(f"{runner.name} did not say {expected}:\n{process.stdout[-2000:]}{process.stderr[-2000:]}")
    shutil.rmtree(folder / "out", ignore_errors=True)
    return Turn(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def compare(scenarios: int, turns: int, cucumber: Path | None) -> None:
    """Measure and print a line for each runner."""
    taking_part, absent = runners(cucumber)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "features").mkdir()
        for write in (write_features_of_the_project, write_stock, write_behave, write_cucumber, write_counter, write_whole):
            write(folder)
        write_features(folder / "features", WARMING)
        for runner in taking_part:
            take(runner, folder, WARMING, cucumber)
        write_features(folder / "features", scenarios)
        orders = [taking_part[:: -1 if number % 2 else 1] for number in range(turns)]
        taken = [{runner: take(runner, folder, scenarios, cucumber) for runner in order} for order in orders]
    stock = taking_part[0]
    print(f"{scenarios:,} scenarios and {STEPS * scenarios:,} steps passed in each of {turns} turn{'s' * (turns > 1)} of every runner")
    print(f"{'':36}{'CPU':>9}{'wall':>9}{'scenarios/s':>13}{'times stock: CPU':>18}{'wall':>7}")
    for runner in taking_part:
        cpu, wall = (statistics.median(getattr(turn[runner], clock) for turn in taken) for clock in ("cpu", "wall"))
        faster = statistics.median(turn[stock].cpu / turn[runner].cpu for turn in taken)
        sooner = statistics.median(turn[stock].wall / turn[runner].wall for turn in taken)
        goal = f"   goal {GOAL:g}: {'met' if faster >= GOAL else 'missed'}" if runner.ours and scenarios >= FROM else ""
        print(f"{runner.name:36}{cpu:8.2f}s{wall:8.2f}s{scenarios / cpu:13,.0f}{faster:18.1f}{sooner:7.1f}{goal}")
    for message in absent:
        print(message)


def main() -> None:
    """Compare at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", type=int, default=[1_000, 5_000])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--cucumber", type=Path, default=os.environ.get("NPM_TOOLS"), help="folder with node_modules")
    options = parser.parse_args()
    for scenarios in options.scenarios:
        compare(scenarios, options.turns, options.cucumber and Path(options.cucumber).resolve())


if __name__ == "__main__":
    main()

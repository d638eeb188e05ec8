"""Measure the first start: `python3 run.py` in fresh clones of two revisions, in turns, each with an empty home and so an empty cache of pip.

The environment variables are PATH and HOME alone. A start sets up and runs the whole specification; its status must be 0, or
nothing is printed. Medians over the turns of wall time and of processor time; the ratios are taken within a turn. The size is the
one of `.venv` after the run, with the bytecode that the run wrote.

    python benchmarks/first_start.py BEFORE [AFTER] [--turns 3] [--python python3]
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
GOAL, MOST_MEGABYTES = 0.6, 150
"""Goals: wall time of the first start compared with BEFORE, and size of the environment."""


def measure(revision: str, python: str) -> tuple[float, float, float, int]:
    """Return wall and processor seconds of the first start of *revision*, megabytes and number of files of its environment."""
    with tempfile.TemporaryDirectory() as name:
        clone, home = Path(name, "clone"), Path(name, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "-q", str(REPOSITORY), clone], check=True)
        subprocess.run(["git", "-C", clone, "checkout", "-q", revision], check=True)
        surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        start = subprocess.run([python, "run.py"], cwd=clone, env=surroundings, capture_output=True, text=True, check=False)
        wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if start.returncode:
            sys.exit(f"{revision}: exit status {start.returncode}\n{start.stderr}")
        files = [file for file in (clone / ".venv").rglob("*") if file.is_file() and not file.is_symlink()]
        blocks = sum(file.stat().st_blocks for file in files) * 512
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, blocks / 2**20, len(files)


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", help="revision to compare with")
    parser.add_argument("after", nargs="?", default="HEAD", help="revision that is measured (default: HEAD)")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--python", default=shutil.which("python3", path="/usr/bin") or "python3")
    options = parser.parse_args()
    head = subprocess.run(["git", "-C", REPOSITORY, "rev-parse", options.after], check=True, capture_output=True, text=True).stdout.strip()
    turns = []
    for turn in range(options.turns):
        pair = [(revision, measure(revision, options.python)) for revision in (options.before, head)[:: 1 if turn % 2 else -1]]
        turns.append(dict(pair))
        print(
            *(f"{revision[:9]}: {row[0]:.1f} s, processor {row[1]:.1f} s, {row[2]:.0f} MB" for revision, row in pair), sep="; ", flush=True
        )
    print(f"{'':12} {'wall s':>8} {'processor s':>12} {'MB':>6} {'files':>7}")
    for name, revision in (("before", options.before), ("after", head)):
        wall, processor, megabytes, files = (statistics.median(turn[revision][index] for turn in turns) for index in range(4))
        print(f"{name:12} {wall:8.1f} {processor:12.1f} {megabytes:6.0f} {files:7.0f}")
    ratios = [statistics.median(turn[head][index] / turn[options.before][index] for turn in turns) for index in (0, 1)]
    print(f"{'after/before':12} {ratios[0]:8.2f} {ratios[1]:12.2f}   (goals: {GOAL:.2f} of the wall time, {MOST_MEGABYTES} MB)")
    return int(ratios[0] > GOAL or megabytes > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())

"""Mutation of the Python code, for nightly runs: a quick test must fail for every small change that mutmut can make.

Run as ``python benchmarks/mutants_of_code.py [GROUP …]`` with mutmut installed (the extra `mutation`). A group is a part of the code,
the tests that judge it, and the share of its mutants they must kill: see ``benchmarks/mutants_of_code.toml``. Everything happens
in a copy under ``build/``. A mutant that behaves as the code for every input is listed there as equivalent, with the reason, by
function and by the lines that differ; an entry that matches no survivor is an error, so that the list stays current.

Counted apart: killed, timeout (an endless loop, stopped), survived, no tests, equivalent, and undecided (suspicious, segfault,
interrupted, not checked). The share is (killed + timeout) / (all - equivalent); an undecided mutant fails its group.

mutmut changes no code at module level and no function with a decorator except `@staticmethod` and `@classmethod`. Properties are
much of the engine, so in the copy each becomes a plain function and ``name = property(name)``. Unchanged functions are counted.

Exit status: 0 good; 1 a group is below its share, or a mutant is undecided, or an entry matches no survivor; 2 mutmut could not run.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "mutants-of-code"
PLAN = Path(__file__).with_suffix(".toml")

VERDICTS = {0: "survived", 1: "killed", 3: "killed", 5: "no tests", 33: "no tests", 34: "skipped"}
VERDICTS |= dict.fromkeys((24, -24, 36, 152, 255), "timeout")
"""What mutmut's exit statuses mean (mutmut/stats.py); any other, and none at all, is no verdict."""
KINDS = ("killed", "timeout", "survived", "no tests", "skipped", "equivalent", "undecided")

QUICKLY = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "--assert=plain"]
"""A mutant costs a twentieth of a second before its first test; with the plugins of other packages, their hooks and more, a fifth."""

TIMES_AS_LONG, SECONDS_MORE = 5, 2
"""Time limit of a mutant, from the time of the tests that reach it. mutmut's own limit is 15 times as long: five minutes for an endless
loop in a group whose tests take 20 s, so that such a group did not end."""

CONFTEST = '''"""For mutants only: examples are the same in every run, and slow code is not a failure."""

from hypothesis import settings

settings.register_profile("mutants", deadline=None, derandomize=True, database=None, max_examples=25)
settings.load_profile("mutants")
'''


@dataclass(frozen=True)
class Group:
    """A part of the code: its files, its tests, and the percentage of mutants that must be killed (0 to 100)."""

    name: str
    share: float
    files: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Mutant:
    """One mutant: its place, its verdict, and the lines that differ (each with its sign, without its indentation)."""

    file: str
    function: str
    name: str
    verdict: str
    diff: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str, tuple[str, ...]]:
        """Key of the mutant in the list of equivalents."""
        return (self.file, self.function, self.diff)


@dataclass
class Equivalent:
    """An accepted survivor, and the reason why it behaves as the code for every input."""

    file: str
    function: str
    diff: tuple[str, ...]
    reason: str
    met: int = 0


@dataclass
class Result:
    """Result of a group."""

    group: Group
    mutants: list[Mutant]
    skipped_functions: int
    seconds: float
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Percentage of killed mutants among those that are not equivalent; 100 if there are none."""
        real = len(self.mutants) - self.counts["equivalent"]
        return 100 * (self.counts["killed"] + self.counts["timeout"]) / real if real else 100.0

    @property
    def good(self) -> bool:
        """Whether there were mutants, enough were killed, and none is undecided."""
        return bool(self.mutants) and self.share >= self.group.share and not self.counts["undecided"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command with *arguments*; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    groups = {name: Group(name, g["share"], tuple(g["files"]), tuple(g["tests"])) for name, g in plan["group"].items()}
    parser.add_argument("groups", nargs="*", choices=[[], *groups], metavar="GROUP", help=f"one of {', '.join(groups)} (default: all)")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--survivors", action="store_true", help="try only mutants that are new or were not killed last time")
    parser.add_argument("--read", action="store_true", help="try nothing; print the results of the last time")
    options = parser.parse_args(arguments)
    if find_spec("mutmut") is None:
        sys.stderr.write("mutmut is not installed; install the extra `mutation`\n")
        return 2
    equivalents = [Equivalent(e["file"], e["function"], tuple(e["diff"]), e["reason"]) for e in plan.get("equivalent", [])]
    results = []
    for group in groups.values():
        if options.groups and group.name not in options.groups:
            continue
        started = monotonic()
        if not options.read and not mutate(group, options.workers, only_survivors=options.survivors):
            return 2
        result = Result(group, list(read(group)), unchanged(group), monotonic() - started)
        count(result, equivalents)
        results.append(result)
        print_result(result)
    files = {file for result in results for file in expand(result.group)}
    stale = [entry for entry in equivalents if not entry.met and entry.file in files]
    for entry in stale:
        print(f"listed as equivalent, but not a survivor: {entry.file}, {entry.function}: {' / '.join(entry.diff)}")
    return 0 if all(result.good for result in results) and not stale else 1


def expand(group: Group) -> list[str]:
    """Return the files of *group*, with patterns expanded, sorted."""
    return sorted({str(path.relative_to(ROOT)) for pattern in group.files for path in ROOT.glob(pattern)})


# Making and trying


def mutate(group: Group, workers: int, *, only_survivors: bool) -> bool:
    """Make and try the mutants of *group* in its copy; on failure print the end of mutmut's output and return false."""
    folder = WORK / group.name
    if not only_survivors:
        shutil.rmtree(folder, ignore_errors=True)
    copy(group, folder)
    (WORK / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="utf-8")  # its features are copies
    if not run_mutmut(group, folder, workers):  # if there are verdicts already: only of functions that have changed
        return False
    left = [mutant.name for mutant in read(group) if mutant.verdict not in ("killed", "timeout")] if only_survivors else []
    return not left or run_mutmut(group, folder, workers, *left)


def run_mutmut(group: Group, folder: Path, workers: int, *names: str) -> bool:
    """Run mutmut once, for the mutants *names* or for all without a verdict; on failure print the end of its output, return false."""
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # the tests that reach each function are measured again each time
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", "run", "--max-children", str(workers), *names]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # it would lead to the unchanged code
    environment = {**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    log = WORK / f"{group.name}.log"
    with log.open("wb") as out:
        process = subprocess.run(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False)
    if process.returncode:
        words = log.read_text(encoding="utf-8", errors="replace").splitlines()
        sys.stderr.write("\n".join([f"{group.name}: mutmut ended with {process.returncode}", *words[-40:], ""]))
    return process.returncode == 0


def copy(group: Group, folder: Path) -> None:
    """Copy the files of the project to *folder*, with properties as plain functions and mutmut's configuration."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    chosen = set(expand(group))
    tops = sorted({Path(name).parts[0] for name in names})
    for name in names:
        data = (ROOT / name).read_bytes()
        if name in chosen:
            data = plain_properties(data.decode()).encode()
        if name == "pyproject.toml":
            data += configuration(group, tops).encode()
        write(folder / name, data)
    write(folder / "conftest.py", CONFTEST.encode())


def write(path: Path, data: bytes) -> None:
    """Write *data* to *path* only if its content changes: mutmut makes the mutants of newer files again."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def configuration(group: Group, tops: Iterable[str]) -> str:
    """Return mutmut's section for ``pyproject.toml``."""
    files = expand(group)
    sources = sorted({Path(name).parts[0] for name in files})
    other_paths = [top for top in (*tops, "conftest.py") if top not in sources]
    return (
        f"\n[tool.mutmut]\nsource_paths = {json.dumps(sources)}\nonly_mutate = {json.dumps(files)}\nalso_copy = {json.dumps(other_paths)}\n"
        f"pytest_add_cli_args_test_selection = {json.dumps(group.tests)}\n"
        f"pytest_add_cli_args = {json.dumps(QUICKLY)}\ntimeout_multiplier = {TIMES_AS_LONG}\ntimeout_constant = {SECONDS_MORE}\nuse_git_change_detection = false\ntrack_dependencies = false\n"
    )


def plain_properties(source: str) -> str:
    """Return *source* with every property as a function and an assignment; each line stays or moves one down."""
    lines = source.splitlines(keepends=True)
    properties = [
        method
        for cls in ast.walk(ast.parse(source))
        if isinstance(cls, ast.ClassDef)
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and [ast.unparse(d) for d in method.decorator_list] == ["property"]
    ]
    for method in sorted(properties, key=lambda method: -method.lineno):
        indent = " " * method.col_offset
        lines.insert(method.end_lineno or method.lineno, f"{indent}{method.name} = property({method.name})\n")
        del lines[method.decorator_list[0].lineno - 1]
    return "".join(lines)


def unchanged(group: Group) -> int:
    """Count the functions of *group* that mutmut does not change because of a decorator."""
    return sum(
        any(ast.unparse(d) not in ("property", "classmethod", "staticmethod") for d in node.decorator_list)
        for file in expand(group)
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


# Reading


def read(group: Group) -> Iterator[Mutant]:
    """Read the mutants of *group* and their verdicts from mutmut's files."""
    folder = WORK / group.name / "mutants"
    for file in expand(group):
        meta = folder / f"{file}.meta"
        if not meta.exists():
            continue
        statuses = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        text = (folder / file).read_text(encoding="utf-8")
        functions = {
            node.name: text.splitlines()[node.lineno - 1 : node.end_lineno]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
        }
        for name, status in statuses.items():
            short = name.rpartition(".")[2]
            mangled = short.partition("__mutmut_")[0]
            diff = tuple(difference(functions[f"{mangled}__mutmut_orig"], functions[short], short, mangled))
            function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            yield Mutant(file, function, name, VERDICTS.get(status, "undecided"), diff)


def difference(before: list[str], after: list[str], name: str, mangled: str) -> Iterator[str]:
    """Return the lines that differ, each with its sign."""
    after = [line.replace(name, f"{mangled}__mutmut_orig") for line in after]
    for line in list(unified_diff(before, after, n=0, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield f"{line[0]} {line[1:].strip()}".replace(f"{mangled}__mutmut_orig", mangled.removeprefix("x_").rpartition("ǁ")[2])


def count(result: Result, equivalents: list[Equivalent]) -> None:
    """Count the kinds of verdict of *result*, accepted survivors as equivalent."""
    entries = {(entry.file, entry.function, entry.diff): entry for entry in equivalents}
    for number, mutant in enumerate(result.mutants):
        verdict = mutant.verdict
        if verdict == "survived" and mutant.place in entries:
            entries[mutant.place].met += 1
            verdict = "equivalent"
            result.mutants[number] = Mutant(mutant.file, mutant.function, mutant.name, verdict, mutant.diff)
        result.counts[verdict] += 1


def print_result(result: Result) -> None:
    """Print the figures of a group, and every mutant that was not killed."""
    kinds = ", ".join(f"{result.counts[kind]} {kind}" for kind in KINDS)
    print(f"{'good' if result.good else 'BAD '} {result.group.name}: {len(result.mutants)} mutants: {kinds}; ", end="")
    print(f"{result.share:.1f} % of at least {result.group.share} %; {result.skipped_functions} functions not mutable; ", end="")
    print(f"{result.seconds:.0f} s", flush=True)
    for mutant in result.mutants:
        if mutant.verdict not in ("killed", "timeout", "equivalent"):
            print(f"  {mutant.verdict}: {mutant.file}, {mutant.function} ({mutant.name.rpartition('_')[2]})")
            for line in mutant.diff:
                print(f"      {line}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

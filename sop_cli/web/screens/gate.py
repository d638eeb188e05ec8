"""The Gate screen: every check of the gate on the files as they are saved, each problem with its place."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports.site.newer_run import run_announced
from sop_cli.called_as import as_called
from sop_cli.paths import near
from sop_cli.runs.gate_checks import approved_baseline, checks_of_run
from sop_cli.runs.run_document import write_document
from sop_cli.runs.run_exports import JUNIT, write_exports
from sop_cli.web.context import FEATURES_ROOT, project
from sop_cli.web.screens.whole_run import RUNS, SITE, inputs, run_everything
from sop_engine import load_rulebook
from sop_engine.ids import is_gap
from sop_engine.input_files import read_text
from sop_runs.gate import Check
from sop_runs.problem import Problem
from sop_runs.record.reader import read
from steps.run.runner import RunResult

MOST_OF_A_CHECK = 200
"""Problems of a check that the page lists; the rest is counted."""
REMEDIES: Mapping[str, tuple[str, str]] = {
    "lint": ("open the place of each finding and correct it there", ""),
    "complete": ("check again, and let it end", ""),
    "clauses": ("add an example for each, in Case", "case"),
    "gaps": ("add an example for each, in Case", "case"),
    "cases": ("add an example for each, in Case", "case"),
    "mutation": ("add the proposed examples, or others that would fail", "case"),
    "behaviour": ("look at the changes in Review, and approve them there if you want them", "review"),
    "wording": ("look at the changes in Review, and approve them there if you want them", "review"),
    "examples": ("look at the changes in Review, and approve them there if you want them", "review"),
}
"""What to do in the workbench about the problems of a check, by its code, and the screen that does it; the other remedies name no command."""


def check_all() -> dict[str, Any]:
    """Run the specification in a temporary folder and return every check; nothing is written into the project."""
    with TemporaryDirectory(prefix="sop-gate-") as folder:
        return _judged(Path(folder))[0]


def write() -> dict[str, Any]:
    """Run the specification as `sop verify` does, write its record and the living document, and return every check."""
    with run_announced(SITE):
        judged, result = _judged(RUNS)
    document, trouble = write_document(result, SITE)
    unwritten = write_exports(result.folder, result.root, [JUNIT], record=result.lines, verdict=result.verdict)
    return {
        **judged,
        "run": near(result.folder),
        "document": document is not None,
        "trouble": as_called("; ".join(filter(None, (trouble, unwritten)))),
    }


METHODS: Mapping[str, Callable[..., Any]] = {"gate.check": check_all, "gate.write": write}


def _judged(out: Path) -> tuple[dict[str, Any], RunResult]:
    """Run everything below *out*; return the checks, and the digests of the files before the run."""
    before = inputs()
    baseline = approved_baseline()
    result = run_everything(out)
    checks = checks_of_run(result.lines or read(result.record), result.verdict, baseline, result.note)
    counts = result.verdict.counts
    return {
        **before,
        "open": all(check.holds for check in checks),
        "checks": [_check_for_page(check, result) for check in checks],
        "examples": {"ran": counts.executed, "of": counts.written},
    }, result


def _check_for_page(check: Check, result: RunResult) -> dict[str, Any]:
    state = "passed" if check.holds else "not run" if check.blocked else "failed"
    remedy, screen = remedy_of(check, result)
    return {
        "code": check.code,
        "name": check.name,
        "state": state,
        "summary": check.summary,
        "remedy": remedy,
        "screen": screen,
        "problems": [_problem(problem, check, result) for problem in check.problems[:MOST_OF_A_CHECK]],
        "left_out": max(0, len(check.problems) - MOST_OF_A_CHECK),
        "notes": [_problem(note, check, result) for note in check.notes[:MOST_OF_A_CHECK]],
    }


def remedy_of(check: Check, result: RunResult) -> tuple[str, str]:
    """Return what to do about the problems of *check* in the workbench, and the screen that does it."""
    if check.code == "complete" and result.verdict.surroundings.beside:  # files beside the features, which no screen moves
        return as_called(check.remedy), ""
    return REMEDIES.get(check.code, (as_called(check.remedy), ""))


def _problem(problem: Problem, check: Check, result: RunResult) -> dict[str, Any]:
    """Return *problem* for the page; its own remedy where it has another than the check and names no command."""
    has_own = problem.remedy != check.remedy and (check.code == "lint" or bool(problem.path and check.code == "mutation"))
    return {
        "message": problem.message,
        "rule": problem.rule if problem.rule != check.code else "",
        "remedy": as_called(problem.remedy) if has_own else "",
        "place": place_of(problem, result),
    }


def place_of(problem: Problem, result: RunResult) -> dict[str, Any] | None:
    """Return where a problem is: a line of a file of the project, a gap, or a file that the workbench does not show; None if nowhere."""
    if problem.in_python:
        return {"elsewhere": f"{near(result.file_of(problem))}:{problem.line}"}
    if problem.path:
        return {"path": f"{FEATURES_ROOT.name}/{problem.path}", "line": problem.line}
    return next((place for name in load_rulebook().ids_in(problem.message) if (place := place_of_entry(name))), None)


def place_of_entry(identifier: str) -> dict[str, Any] | None:
    """Return where a heading, a clause or a gap is; None if it is not in the registers of this project."""
    place = _lines_of_registers().get(identifier)
    return {**place, "gap": identifier} if place and is_gap(identifier) else place


@cache
def _lines_of_registers() -> Mapping[str, dict[str, Any]]:
    """Return file and line of each entry; a worker ends when a register changes."""
    here = project()
    places: dict[str, dict[str, Any]] = {}
    for file in here.registers:
        for number, line in enumerate(read_text(file, "correct it with another program").splitlines(), 1):
            if match := re.fullmatch(r'id\s*=\s*"([^"]+)"\s*(?:#.*)?', line):
                places[match[1]] = {"path": file.relative_to(here.home).as_posix(), "line": number}
    return places

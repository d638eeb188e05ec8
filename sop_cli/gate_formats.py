"""Result of the gate as text, JSON and annotations; formats for other services are in `problem_formats`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import click

from sop_cli.called_as import as_called
from sop_cli.paths import near
from sop_cli.problem_formats import ProblemGroup, ProblemReport, github, junit, sarif
from sop_engine.text import visible
from sop_runs.gate import Check
from sop_runs.problem import Problem
from steps.definitions.discovery import BindingModules
from steps.lint.linter import RULES

MOST_PROBLEMS = 10


class GateFormat(StrEnum):
    """Output formats of the result."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


@dataclass(frozen=True, slots=True)
class GateResult:
    """The checks, the features folder relative to the working directory, and the first feature file in it (empty: none)."""

    checks: tuple[Check, ...]
    features: str
    bindings: BindingModules = field(default_factory=BindingModules)
    first: str = ""

    def file(self, problem: Problem) -> str:
        """Return the file of a problem relative to the working directory; empty if the problem has no file."""
        if problem.in_python:
            return near(self.bindings.file_of(problem.path))
        return f"{self.features}/{problem.path}" if problem.path else ""

    @property
    def counts(self) -> tuple[int, int]:
        """Return the number of checks with problems, and of blocked checks."""
        return sum(bool(check.problems) for check in self.checks), sum(check.blocked for check in self.checks)

    @property
    def holds(self) -> bool:
        """Return whether every check passes."""
        return all(check.holds for check in self.checks)

    @property
    def report(self) -> ProblemReport:
        """Return the problems in the form for other services."""
        groups = tuple(
            ProblemGroup(check.code, f"{check.summary}; {check.remedy}", check.problems, check.summary if check.blocked else "")
            for check in self.checks
        )
        rules = {check.code: check.name for check in self.checks if check.code != "lint"} | RULES
        files = {problem.path: self.file(problem) for check in self.checks for problem in check.problems}
        return ProblemReport("sop gate", rules, groups, files, whole=f"{self.features}/{self.first}" if self.first else self.features)


def as_text(result: GateResult, most: int | None = MOST_PROBLEMS) -> str:
    """Return a line for each check, with at most *most* of its problems below it (None: all)."""
    lines = []
    for check in result.checks:
        lines.append(f"{_check_symbol(check)} {check.code:10} {check.name}: {check.summary}")
        listed = check.problems[: None if check.all_listed else most]
        for problem in (*listed, *check.notes):
            place = f"{result.file(problem)}:{problem.line}: " if problem.path else ""
            rule = f"{problem.rule}: " if problem.rule != check.code else ""
            remedy = f"; {problem.remedy}" if problem.remedy != check.remedy else ""
            lines.append(visible(f"    {place}{rule}{problem.message}{remedy}"))
        if len(check.problems) > len(listed):
            lines.append(f"    … and {len(check.problems) - len(listed):,} more")
        if check.problems:
            lines.append(f"    → {check.remedy}")
    return as_called("\n".join([*lines, _gate_verdict(result)]))


def _check_symbol(check: Check) -> str:
    if check.holds:
        return click.style("✓", fg="green")
    return click.style("○", fg="yellow") if check.blocked else click.style("✗", fg="red", bold=True)


def _gate_verdict(result: GateResult) -> str:
    if result.holds:
        return click.style(f"the gate is open: {len(result.checks)} of {len(result.checks)} checks passed", fg="green", bold=True)
    bad, blocked = result.counts
    later = f", {blocked} not judged yet" if blocked else ""
    return click.style(f"the gate is closed: {bad} of {len(result.checks)} checks failed{later}", fg="red", bold=True)


def as_json(result: GateResult) -> str:
    """Return the result as one JSON object."""
    plain = {
        "open": result.holds,
        "checks": [
            {
                "code": check.code,
                "name": check.name,
                "holds": check.holds,
                "blocked": check.blocked,
                "summary": check.summary,
                "remedy": check.remedy,
                "problems": [_problem_as_json(result, problem) for problem in check.problems],
                "notes": [_problem_as_json(result, note) for note in check.notes],
            }
            for check in result.checks
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _problem_as_json(result: GateResult, problem: Problem) -> Mapping[str, object]:
    place = {"file": result.file(problem), "line": problem.line, "column": problem.column} if problem.path else {}
    nowhere = {"file": None, "line": None, "column": None}
    return {**nowhere, **place, "rule": problem.rule, "message": problem.message, "remedy": problem.remedy}


FORMATS: Mapping[GateFormat, Callable[[GateResult], str]] = {
    GateFormat.TEXT: as_text,
    GateFormat.JSON: as_json,
    GateFormat.GITHUB: lambda result: github(replace(result.report, log=as_text(result, most=None))),
    GateFormat.SARIF: lambda result: sarif(result.report),
    GateFormat.JUNIT: lambda result: junit(result.report),
}

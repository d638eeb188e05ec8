"""Problems of lint and gate in the formats of services that show them beside a change: GitHub annotations, SARIF, JUnit."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from sop_cli import __version__
from sop_engine.text import visible
from sop_runs.problem import Problem


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems that are shown together, those of one check or of one file; *skipped* is the reason why the check was not judged."""

    name: str
    summary: str
    problems: tuple[Problem, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """The problems of one command.

    Attributes:
        tool: the command, such as ``sop gate``.
        rules: id of every rule to its description.
        groups: every group, those without problems included.
        files: path of a problem to its file, relative to the working directory.
    """

    tool: str
    rules: Mapping[str, str]
    groups: tuple[ProblemGroup, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> Sequence[Problem]:
        """Return the problems of all groups."""
        return [problem for group in self.groups for problem in group.problems]

    def file(self, problem: Problem) -> str:
        """Return the file of a problem relative to the working directory; empty if the problem has no file."""
        return self.files.get(problem.path, problem.path) if problem.path else ""


def github(report: ProblemReport) -> str:
    """Return GitHub workflow commands, which appear as annotations at the line of the feature file."""
    lines = []
    for problem in report.problems:
        place = f"file={_property(report.file(problem))},line={problem.line},col={problem.column}," if problem.path else ""
        title = _property(f"{report.tool}: {problem.rule}")
        lines.append(f"::error {place}title={title}::{_data(visible(f'{problem.message}; {problem.remedy}'))}")
    return "\n".join(lines)


def github_notice(title: str, text: str) -> str:
    """Return a GitHub workflow command for a notice without a place."""
    return f"::notice title={_property(title)}::{_data(visible(text))}"


def sarif(report: ProblemReport) -> str:
    """Return SARIF 2.1.0, for services that track problems over time; a fingerprint does not depend on line numbers."""
    used = {problem.rule for problem in report.problems}
    rules = [
        {"id": rule, "shortDescription": {"text": text}, "fullDescription": {"text": text}}
        for rule, text in report.rules.items()
        if rule in used or report.tool == "sop gate"
    ]
    driver = {"name": report.tool, "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "results": [_sarif_result(report, problem) for problem in report.problems],
                "columnKind": "unicodeCodePoints",
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


def _sarif_result(report: ProblemReport, problem: Problem) -> Mapping[str, object]:
    mark = hashlib.sha256(f"{problem.rule}\0{problem.path}\0{problem.message}".encode()).hexdigest()
    region = {"startLine": problem.line, "startColumn": problem.column}
    place = {"physicalLocation": {"artifactLocation": {"uri": quote(report.file(problem))}, "region": region}}
    return {
        "ruleId": problem.rule,
        "level": "error",
        "message": {"text": f"{problem.message}; {problem.remedy}"},
        "locations": [place] if problem.path else [],
        "partialFingerprints": {"sopProblem/v1": mark},
    }


def junit(report: ProblemReport) -> str:
    """Return JUnit XML with a test case for each group."""
    bad, skipped = sum(bool(group.problems) for group in report.groups), sum(bool(group.skipped) for group in report.groups)
    counts = f'tests="{len(report.groups)}" failures="{bad}" errors="0" skipped="{skipped}" time="0"'
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<testsuites><testsuite name={_attribute(report.tool)} {counts}>"]
    for group in report.groups:
        lines.append(f'<testcase classname={_attribute(report.tool)} name={_attribute(group.name)} time="0">')
        if group.skipped:
            lines.append(f"<skipped message={_attribute(group.skipped)}/>")
        if group.problems:
            text = "\n".join(visible(problem.at(report.file(problem) or "-")) for problem in group.problems)
            lines.append(f"<failure message={_attribute(group.summary)}>{escape(text)}</failure>")
        lines.append("</testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>"])


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _attribute(text: str) -> str:
    return quoteattr(visible(text))

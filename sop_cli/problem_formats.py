"""Problems of lint and gate in the formats of services that show them beside a change: GitHub annotations, SARIF, JUnit."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from sop_cli import __version__
from sop_engine.text import visible
from sop_runs.problem import Problem

MOST_ANNOTATIONS = 10
"""GitHub shows ten error annotations of a step (https://docs.github.com/en/rest/checks/runs)."""
FAILED_EXAMPLES = "passed"
"""The check of the gate whose problems are failed examples."""
_ESCAPED_BYTES = re.compile("(?:%(?:[0189A-F][0-9A-F]|7F))+")
"""Control characters and bytes of a file name that are not UTF-8, as the path of a problem has them; see `sop_engine.text.encodable`."""
_HELP = "Each result says at its place what is wrong and what to do."


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
        log: the same result as text, for formats that are shown beside a log.
        whole: the file at which problems of the whole specification are shown: its first feature file.
    """

    tool: str
    rules: Mapping[str, str]
    groups: tuple[ProblemGroup, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    whole: str = ""

    @property
    def problems(self) -> Sequence[Problem]:
        """Return the problems of all groups."""
        return [problem for group in self.groups for problem in group.problems]

    def file(self, problem: Problem) -> str:
        """Return the file of a problem relative to the working directory; empty if the problem has no file."""
        return self.files.get(problem.path, problem.path) if problem.path else ""


def github(report: ProblemReport) -> str:
    """Return the log, then at most `MOST_ANNOTATIONS` GitHub workflow commands, which appear as annotations at the line of the file.

    GitHub shows ten annotations of a step and drops the others. Failed examples come first; if there are more problems, the last
    annotation counts the rest. The log is between ``::stop-commands::`` lines, so that no name in it is read as a command.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    problems = sorted(report.problems, key=lambda problem: problem.rule != FAILED_EXAMPLES)
    annotated = problems if len(problems) <= MOST_ANNOTATIONS else problems[: MOST_ANNOTATIONS - 1]
    lines = [_annotation(report, problem) for problem in annotated]
    if rest := Counter(problem.rule for problem in problems[len(annotated) :]):
        numbers = ", ".join(f"{rule} {number:,}" for rule, number in rest.items())
        lines.append(f"::error title={_property(report.tool)}::{_data(f'{rest.total():,} more problems ({numbers}); the log lists them')}")
    return "\n".join([*_unread(report.log), *lines])


def _annotation(report: ProblemReport, problem: Problem) -> str:
    file, text = report.file(problem), f"{problem.message}; {problem.remedy}"
    if not file or _has_escapes(file):  # an annotation at an escaped name would be at another file
        place, text = "", f"{file}:{problem.line}: {text}" if file else text
    else:
        place = f"file={_property(visible(file))},line={problem.line},col={problem.column},"
    return f"::error {place}title={_property(f'{report.tool}: {problem.rule}')}::{_data(visible(text))}"


def _has_escapes(file: str) -> bool:
    """Return whether *file* is a name with escapes of control characters or of bytes that are not UTF-8, not the name of a file."""
    return _ESCAPED_BYTES.search(file) is not None and not Path(file).exists()


def _unread(log: str) -> Iterator[str]:
    """Yield *log* between lines that stop workflow commands; the token is its digest, which the log cannot contain."""
    if log:
        token = hashlib.sha256(log.encode(errors="backslashreplace")).hexdigest()
        yield from (f"::stop-commands::{token}", log, f"::{token}::")


def sarif(report: ProblemReport) -> str:
    """Return SARIF 2.1.0, for services that track problems over time; a fingerprint does not depend on line numbers."""
    used = {problem.rule for problem in report.problems}
    rules = [_sarif_rule(rule, text) for rule, text in report.rules.items() if rule in used or report.tool == "sop gate"]
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


def _sarif_rule(rule: str, text: str) -> Mapping[str, object]:
    """Return the description of a rule; GitHub requires all of these texts."""
    name = "".join(part.capitalize() for part in rule.split("-"))
    sentence = f"{text[:1].upper()}{text[1:].rstrip('.')}."
    descriptions = {"shortDescription": {"text": sentence}, "fullDescription": {"text": sentence}}
    return {"id": rule, "name": name, **descriptions, "help": {"text": f"{sentence} {_HELP}"}}


def _sarif_result(report: ProblemReport, problem: Problem) -> Mapping[str, object]:
    mark = hashlib.sha256(f"{problem.rule}\0{problem.path}\0{problem.message}".encode(errors="backslashreplace")).hexdigest()
    region = {"startLine": problem.line, "startColumn": problem.column}
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(report.file(problem) or report.whole)}, "region": region}}
    return {
        "ruleId": problem.rule,
        "level": "error",
        "message": {"text": f"{problem.message}; {problem.remedy}"},
        "locations": [place],
        "partialFingerprints": {"sopProblem/v1": mark},
    }


def _uri(file: str) -> str:
    """Return *file* as a relative URI, or with the scheme ``file`` if it is not below the working directory."""
    if _has_escapes(file):
        file = _ESCAPED_BYTES.sub(lambda escape: bytes.fromhex(escape[0].replace("%", "")).decode(errors="surrogateescape"), file)
    return Path(file).as_uri() if Path(file).is_absolute() else quote(file, errors="surrogateescape")


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

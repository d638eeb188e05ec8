"""`sop lint`: what is wrong with the feature files, before anything runs."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click
from msgspec.structs import asdict, replace

from sop_cli.decision_text import OneOf
from sop_cli.exit_status import BAD_NEWS, GOOD
from sop_cli.paths import FEATURES, near, specification
from sop_cli.problem_formats import ProblemGroup, ProblemReport, github, junit, sarif
from sop_cli.step_modules import binding_modules, steps_option
from sop_engine import load_rulebook
from sop_engine.text import counted, visible
from sop_runs.problem import Problem
from steps.definitions.registry import Registry
from steps.language.document import find_features
from steps.lint.binding_modules import binding_findings
from steps.lint.linter import RULES, LintResult, known_tags_of
from steps.lint.linter import lint as lint_files


class LintFormat(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


@click.command(short_help="What is wrong with the feature files, without running them.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=OneOf(LintFormat),
    default=LintFormat.TEXT,
    help="How findings are written (text, the default; github for annotations).",
)
@steps_option
def lint(paths: tuple[Path, ...], form: LintFormat, step_modules: tuple[str, ...]) -> int:
    """What is wrong with the feature files at PATHS, and with the modules that bind their sentences, without running them.

    PATHS are feature files or folders; without any, ./features if there is one, otherwise the specification that came
    with this program. Exit status: 0 nothing is wrong, 1 something is, 2 a path or module cannot be read.
    """
    results = lint_paths(paths, step_modules)
    bad = bool(_findings(results))
    click.echo(_WRITERS[form](results), nl=form is not LintFormat.GITHUB or bad)
    return BAD_NEWS if bad else GOOD


@dataclass(frozen=True, slots=True)
class Results:
    """What the lint says of the feature files of each folder of features, and of the binding modules, each finding with its file."""

    features: Mapping[Path, LintResult]
    bindings: Sequence[tuple[str, Problem]]


def lint_paths(paths: Sequence[Path], step_modules: Sequence[str] = ()) -> Results:
    """Lint files and folders, with the sentences of *step_modules* beside ours.

    Raises:
        SopError: a path does not exist or cannot be read, or a module cannot be imported.
    """
    with ExitStack() as unpacked:
        chosen = list(paths) or [specification(unpacked)]
        by_root: dict[Path, list[Path]] = {}
        for file in find_features(chosen):
            by_root.setdefault(root_of(file), []).append(file)
        tags, features, bindings = known_tags_of(load_rulebook()), {}, []
        for root, files in by_root.items():
            modules = binding_modules(root, step_modules)
            loaded = modules.load()
            features[root] = lint_files(files, root, Registry.from_modules(loaded), tags)
            bindings += [(near(modules.file_of(finding.path)), finding) for finding in binding_findings(loaded)]
        return Results(features, list(dict.fromkeys(bindings)))


def root_of(file: Path) -> Path:
    """The folder that paths are told from: the nearest one above called `features`, otherwise the file's own."""
    parents = file.resolve().parents
    return next((parent for parent in parents if parent.name == FEATURES), parents[0])


def _findings(results: Results) -> list[tuple[str, Problem]]:
    """Every finding with its file as it is reached from the working directory."""
    of_features = [(near(root / finding.path), finding) for root, result in results.features.items() for finding in result.findings]
    return [*results.bindings, *of_features]


def _findings_as_text(results: Results) -> str:
    lines = [visible(finding.at(file)) for file, finding in _findings(results)]
    return "\n".join([*lines, summary(results)])


def summary(results: Results) -> str:
    """How much was read, and how much is wrong."""
    files, scenarios = _counts(results)
    findings = _findings(results)
    bad = len({file for file, _ in findings})
    wrong = f"{counted(len(findings), 'finding')} in {counted(bad, 'file')}" if bad else "nothing found"
    return f"{counted(files, 'file')}, {counted(scenarios, 'scenario')}: {wrong}"


def _counts(results: Results) -> tuple[int, int]:
    """How many feature files and how many scenarios."""
    return sum(len(result.sources) for result in results.features.values()), sum(result.written for result in results.features.values())


def _findings_as_json(results: Results) -> str:
    files, scenarios = _counts(results)
    plain = {
        "files": files,
        "scenarios": scenarios,
        "findings": [{"file": file, **asdict(finding)} for file, finding in _findings(results)],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _report(results: Results) -> ProblemReport:
    """The findings, a group for each file."""
    problems_by_file: dict[str, list[Problem]] = {
        near(root / source.path): [] for root, result in results.features.items() for source in result.sources
    }
    for file, finding in _findings(results):
        problems_by_file.setdefault(file, []).append(replace(finding, path=file))
    groups = (ProblemGroup(file, counted(len(problems), "finding"), tuple(problems)) for file, problems in problems_by_file.items())
    return ProblemReport("sop lint", RULES, tuple(groups))


_WRITERS: dict[LintFormat, Callable[[Results], str]] = {
    LintFormat.TEXT: _findings_as_text,
    LintFormat.JSON: _findings_as_json,
    LintFormat.GITHUB: lambda results: github(_report(results)),
    LintFormat.SARIF: lambda results: sarif(_report(results)),
    LintFormat.JUNIT: lambda results: junit(_report(results)),
}

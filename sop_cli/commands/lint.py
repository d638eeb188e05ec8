"""`sop lint`: check the feature files and the step definitions without running them."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click
from msgspec.structs import asdict, replace

from sop_cli.called_as import as_called
from sop_cli.decision_text import OneOf
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import FEATURES, FeaturePath, near, specification, steps_option
from sop_cli.problem_formats import ProblemGroup, ProblemReport, github, junit, sarif
from sop_engine import load_rulebook
from sop_engine.text import counted, visible
from sop_runs.problem import Problem
from sop_runs.record.schema import Surroundings
from sop_runs.record.verdict_text import INSTALLED, outside_features_text
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.language.document import find_features
from steps.language.feature_set import feature_set_of
from steps.lint.binding_modules import binding_findings
from steps.lint.linter import RULES, LintResult, known_tags_of
from steps.lint.linter import lint as lint_files


class LintFormat(StrEnum):
    """Output formats of the findings."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


@click.command(short_help="Check the feature files without running them.")
@click.argument("paths", nargs=-1, type=FeaturePath())
@click.option(
    "--format",
    "form",
    type=OneOf(LintFormat),
    default=LintFormat.TEXT,
    help="Output format (default: text; github for annotations).",
)
@steps_option
def lint(paths: tuple[Path, ...], form: LintFormat, step_modules: tuple[str, ...]) -> int:
    """Check the feature files at PATHS, and the modules with step definitions, without running them.

    PATHS are feature files or folders (default: ./features if there is one, otherwise the specification that is installed
    with this program).

    Exit status: 0 no finding, 1 findings, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    results = lint_paths(paths, step_modules)
    bad = bool(_findings(results))
    click.echo(_WRITERS[form](results))
    return FAILURE if bad else SUCCESS


@dataclass(frozen=True, slots=True)
class Results:
    """Findings of the lint: for the feature files by features folder, and for modules and file names with their files."""

    features: Mapping[Path, LintResult]
    others: Sequence[tuple[str, Problem]]
    surroundings: Surroundings


def lint_paths(paths: Sequence[Path], step_modules: Sequence[str] = ()) -> Results:
    """Lint files and folders, with the step definitions of *step_modules* added to those of `steps.bindings`.

    Raises:
        SopError: a path does not exist or cannot be read, or a module cannot be imported.
    """
    with ExitStack() as unpacked:
        chosen = specification(unpacked, paths)
        by_root: dict[Path, list[Path]] = {}
        for file in find_features(chosen.paths):
            by_root.setdefault(root_of(file), []).append(file)
        feature_set = feature_set_of(chosen.paths, installed=chosen.installed)
        tags, features, bindings = known_tags_of(load_rulebook()), {}, []
        for root, files in by_root.items():
            modules = binding_modules(root, step_modules)
            loaded = modules.load()
            features[root] = lint_files(files, root, Registry.from_modules(loaded), tags)
            bindings += [(near(modules.file_of(finding.path)), finding) for finding in binding_findings(loaded)]
        surroundings = feature_set.surroundings
        of_files = [(near(feature_set.root / finding.path), finding) for finding in surroundings.file_findings]
        return Results(features, [*dict.fromkeys(bindings), *of_files], surroundings)


def root_of(file: Path) -> Path:
    """Return the folder that paths are relative to: the nearest parent named `features`, otherwise the folder of the file."""
    parents = file.resolve().parents
    return next((parent for parent in parents if parent.name == FEATURES), parents[0])


def _findings(results: Results) -> list[tuple[str, Problem]]:
    """Return every finding with its file, relative to the working directory."""
    of_features = [(near(root / finding.path), finding) for root, result in results.features.items() for finding in result.findings]
    return [(file, finding.with_version_option()) for file, finding in (*results.others, *of_features)]


def _findings_as_text(results: Results) -> str:
    lines = [as_called(visible(finding.at(file))) for file, finding in _findings(results)]
    return "\n".join([*lines, summary(results)])


def summary(results: Results) -> str:
    """Return the numbers of files, examples and findings as one line."""
    files, examples = _counts(results)
    findings = _findings(results)
    bad = len({file for file, _ in findings})
    wrong = f"{counted(len(findings), 'finding')} in {counted(bad, 'file')}" if bad else "no findings"
    notes = [INSTALLED] * results.surroundings.installed
    notes += [outside_features_text(results.surroundings.beside, "checked")] if results.surroundings.beside else []
    return visible("; ".join([f"{counted(files, 'file')}, {counted(examples, 'example')}: {wrong}", *notes]))


def _counts(results: Results) -> tuple[int, int]:
    """Return the number of feature files and of examples."""
    return sum(len(result.sources) for result in results.features.values()), sum(result.written for result in results.features.values())


def _findings_as_json(results: Results) -> str:
    files, examples = _counts(results)
    plain = {
        "files": files,
        "examples": examples,
        "beside": results.surroundings.beside,
        "installed": results.surroundings.installed,
        "findings": [{"file": file, **asdict(finding)} for file, finding in _findings(results)],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _report(results: Results, log: str = "") -> ProblemReport:
    """Return the findings, grouped by file."""
    problems_by_file: dict[str, list[Problem]] = {
        near(root / source.path): [] for root, result in results.features.items() for source in result.sources
    }
    for file, finding in _findings(results):
        problems_by_file.setdefault(file, []).append(replace(finding, path=file))
    groups = (ProblemGroup(file, counted(len(problems), "finding"), tuple(problems)) for file, problems in problems_by_file.items())
    return ProblemReport("sop lint", RULES, tuple(groups), log=log)


_WRITERS: dict[LintFormat, Callable[[Results], str]] = {
    LintFormat.TEXT: _findings_as_text,
    LintFormat.JSON: _findings_as_json,
    LintFormat.GITHUB: lambda results: github(_report(results, log=_findings_as_text(results))),
    LintFormat.SARIF: lambda results: sarif(_report(results)),
    LintFormat.JUNIT: lambda results: junit(_report(results)),
}

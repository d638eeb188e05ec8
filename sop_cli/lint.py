"""`sop lint`: what is wrong with the feature files, before anything runs."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path

import click
from msgspec.structs import asdict

from sop_cli.problem_formats import ProblemGroup, ProblemReport, github, junit, sarif
from sop_cli.words import OneOf
from sop_engine import load_rulebook
from sop_runs.problem import Problem
from sop_runs.wording import counted
from steps.document import find_features
from steps.findings import visible
from steps.lint import RULES, LintResult, known_tags_of
from steps.lint import lint as lint_files
from steps.registry import Registry

FEATURES = "features"


class Format(StrEnum):
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
    type=OneOf(Format),
    default=Format.TEXT,
    help="How findings are written (text, the default; github for annotations).",
)
def lint(paths: tuple[Path, ...], form: Format) -> int:
    """What is wrong with the feature files at PATHS, without running them.

    PATHS are feature files or folders; without any, ./features if there is one, otherwise the specification that came
    with this program. Exit status: 0 nothing is wrong, 1 something is, 2 a path cannot be read.
    """
    result, places = lint_paths(paths)
    click.echo(_WRITERS[form](result, places), nl=form is not Format.GITHUB or bool(result.findings))
    return 1 if result.findings else 0


def lint_paths(paths: Sequence[Path]) -> tuple[LintResult, dict[Problem, str]]:
    """Lint files and folders; also how each finding's file is reached from the working directory.

    Raises:
        SopError: a path does not exist or cannot be read.
    """
    with ExitStack() as unpacked:
        chosen = list(paths) or [_specification(unpacked)]
        by_root: dict[Path, list[Path]] = {}
        for file in find_features(chosen):
            by_root.setdefault(root_of(file), []).append(file)
        registry, tags = Registry.from_modules(), known_tags_of(load_rulebook())
        parts = {root: lint_files(found, root, registry, tags) for root, found in by_root.items()}
    places = {finding: _shown(root / finding.path) for root, part in parts.items() for finding in part.findings}
    results = parts.values()
    whole = LintResult(
        tuple(document for part in results for document in part.documents),
        tuple(source for part in results for source in part.sources),
        tuple(finding for part in results for finding in part.findings),
        sum(part.written for part in results),
    )
    return whole, places


def _specification(unpacked: ExitStack) -> Path:
    """./features, or the one that came with the program."""
    here = Path(FEATURES)
    return here if here.is_dir() else unpacked.enter_context(as_file(files(FEATURES)))


def root_of(file: Path) -> Path:
    """The folder that paths are told from: the nearest one above called `features`, otherwise the file's own."""
    parents = file.resolve().parents
    return next((parent for parent in parents if parent.name == FEATURES), parents[0])


def _shown(file: Path) -> str:
    """From the working directory if it lies below, otherwise in full; with forward slashes."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return Path(os.path.abspath(file)).as_posix()  # noqa: PTH100 - links are kept as the user wrote them


def _text(result: LintResult, places: dict[Problem, str]) -> str:
    lines = [visible(finding.at(places[finding])) for finding in result.findings]
    return "\n".join([*lines, summary(result)])


def summary(result: LintResult) -> str:
    """How much was read, and how much is wrong."""
    read = f"{counted(len(result.sources), 'file')}, {counted(result.written, 'scenario')}"
    bad = len({finding.path for finding in result.findings})
    found = f"{counted(len(result.findings), 'finding')} in {counted(bad, 'file')}" if bad else "nothing found"
    return f"{read}: {found}"


def _json(result: LintResult, places: dict[Problem, str]) -> str:
    found = [{"file": places[finding], **asdict(finding)} for finding in result.findings]
    return json.dumps({"files": len(result.sources), "scenarios": result.written, "findings": found}, ensure_ascii=False, indent=1)


def _report(result: LintResult, places: dict[Problem, str]) -> ProblemReport:
    """The findings, a group for each file."""
    groups = []
    for source in result.sources:
        found = tuple(finding for finding in result.findings if finding.path == source.path)
        groups.append(ProblemGroup(source.path, counted(len(found), "finding"), found))
    return ProblemReport("sop lint", RULES, tuple(groups), {finding.path: place for finding, place in places.items()})


_WRITERS: dict[Format, Callable[[LintResult, dict[Problem, str]], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.GITHUB: lambda result, places: github(_report(result, places)),
    Format.SARIF: lambda result, places: sarif(_report(result, places)),
    Format.JUNIT: lambda result, places: junit(_report(result, places)),
}

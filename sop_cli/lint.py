"""`sop lint`: what is wrong with the feature files, before anything runs."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path

import click

from sop_cli.words import OneOf
from sop_engine import load_rulebook
from steps.document import find_features
from steps.findings import Finding, visible
from steps.lint import LintResult, known_tags_of
from steps.lint import lint as lint_files
from steps.registry import Registry

FEATURES = "features"


class Format(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


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


def lint_paths(paths: Sequence[Path]) -> tuple[LintResult, dict[Finding, str]]:
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


def _text(result: LintResult, places: dict[Finding, str]) -> str:
    lines = [visible(f"{places[f]}:{f.line}:{f.column}: {f.rule}: {f.message}; {f.remedy}") for f in result.findings]
    return "\n".join([*lines, summary(result)])


def summary(result: LintResult) -> str:
    """How much was read, and how much is wrong."""
    read = f"{_counted(len(result.sources), 'file')}, {_counted(result.written, 'scenario')}"
    bad = len({finding.path for finding in result.findings})
    found = f"{_counted(len(result.findings), 'finding')} in {_counted(bad, 'file')}" if bad else "nothing found"
    return f"{read}: {found}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _json(result: LintResult, places: dict[Finding, str]) -> str:
    found = [{"file": places[finding], **finding.to_plain()} for finding in result.findings]
    return json.dumps({"files": len(result.sources), "scenarios": result.written, "findings": found}, ensure_ascii=False, indent=1)


def _github(result: LintResult, places: dict[Finding, str]) -> str:
    return "\n".join(annotation(places[finding], finding) for finding in result.findings)


def annotation(file: str, finding: Finding) -> str:
    """The finding as a workflow command of GitHub Actions, which shows it at its line."""
    where = f"file={_property(file)},line={finding.line},col={finding.column},title={_property(finding.rule)}"
    return f"::error {where}::{_data(visible(f'{finding.message}; {finding.remedy}'))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_WRITERS: dict[Format, Callable[[LintResult, dict[Finding, str]], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.GITHUB: _github,
}

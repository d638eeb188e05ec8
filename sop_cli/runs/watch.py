"""Loop that runs the specification once, then each changed feature file again; when code or rulebook change, everything."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

import click

from sop_cli.runs.file_changes import Stamps, changed, stamps_of
from sop_cli.runs.last_results import LastResults, rest_lines
from sop_engine import SopError
from sop_engine.text import counted, visible
from steps.definitions.discovery import BindingModules
from steps.definitions.source_digest import code_files
from steps.language.document import find_features
from steps.language.feature_set import FeatureSet, feature_set_of
from steps.run.runner import RunResult

POLL_S = 0.2
"""Seconds between two looks at the files; a change counts when two looks see the same."""

RunOnce = Callable[[Sequence[Path], bool], RunResult]
"""Runs the files at the paths and prints the result; the flag says whether these are all of the specification."""


def watch(paths: Sequence[Path], bindings: BindingModules, run_once: RunOnce) -> None:
    """Run the files at *paths* with *run_once*, and then those that change, until the process is interrupted.

    Raises:
        KeyboardInterrupt: the user ended it.
        SopError: the first run cannot begin.
    """
    for module in ("steps.run.plugin", "steps.run.pytest_html", "pytest_html.plugin", "pytest_metadata.plugin"):
        import_module(module)
    bindings.load()  # in this process, of which each run is a fork
    code, features = stamps_of(code_files(bindings)), stamps_of(find_features(paths))
    results = LastResults()
    first = feature_set_of(paths)
    _run(results, first, list(paths), None, run_once)
    while True:
        click.echo(f"watching {counted(len(features), 'feature file')}; Ctrl-C ends")
        different, features = _next_change(paths, code, bindings, features)
        present = [file for file in sorted(different) if file in features]
        gone = sorted(different - set(present))
        click.echo("".join(f"\n{visible(file.as_posix())} {'changed' if file in features else 'is gone'}" for file in (*present, *gone)))
        try:
            feature_set = feature_set_of(paths)
            if present:
                _run(results, feature_set, present, {feature_set.name(file) for file in present}, run_once)
            else:
                _run(results, feature_set, list(paths), None, run_once)
        except SopError as error:  # such as a folder without a feature file: the next change may mend it
            click.echo(f"error: {visible(str(error))}", err=True)


def _run(results: LastResults, feature_set: FeatureSet, paths: Sequence[Path], names: set[str] | None, run_once: RunOnce) -> None:
    """Run the files at *paths* and print from which runs the results of the others are."""
    result = run_once(paths, names is None)
    if result.verdict.state == "interrupted":
        raise KeyboardInterrupt
    ran = names if names is not None else {feature_set.name(file) for file in feature_set.files}
    if result.lines is not None:
        results.add(result.run_id, result.lines, names)
    for line in rest_lines(results.rest(ran)):
        click.echo(line)


def _next_change(paths: Sequence[Path], code: Stamps, bindings: BindingModules, before: Stamps) -> tuple[set[Path], Stamps]:
    """Wait until feature files have changed and no longer change; return them, and the present stamps."""
    seen = before
    while True:
        time.sleep(POLL_S)
        if changed(code, stamps_of(code_files(bindings))):
            _start_again()
        now = stamps_of(_features(paths))
        different = changed(before, now)
        if different and now == seen:
            return different, now
        seen = now


def _features(paths: Sequence[Path]) -> Iterable[Path]:
    """Return the feature files at *paths*; none while there are none."""
    try:
        return find_features(paths)
    except SopError:
        return ()


def _start_again() -> None:
    """Start the command again in this process, because it has old code in memory."""
    click.echo("\ncode or rulebook changed: everything runs again")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the arguments of this process

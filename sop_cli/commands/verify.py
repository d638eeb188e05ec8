"""`sop verify`: lint and run the specification, compute the verdict, and write the living document."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from msgspec import structs, to_builtins

from reports.site.newer_run import announce_newer_run, run_announced
from sop_cli.called_as import as_called
from sop_cli.exit_status import FAILURE, INTERNAL_ERROR, INTERRUPTED, MISUSE, SUCCESS
from sop_cli.paths import BUILD, Chosen, FeaturePath, FolderType, near, specification, steps_option
from sop_cli.runs.run_document import write_document
from sop_cli.runs.run_exports import CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from sop_engine.garbage_collection import collection_paused
from sop_engine.text import counted, visible
from sop_runs.problem import Problem
from sop_runs.record.driver_calls import read_driver_calls
from sop_runs.record.verdict import Failure, failures_by_outline, failures_by_reason
from sop_runs.record.verdict_text import reason_texts, run_notes
from sop_runs.record.version_tags import SINCE, UNTIL
from steps.definitions.settings import binding_modules
from steps.driver.protocol import CALL_LIMIT_S, LONGEST_CALL_S
from steps.language.chosen_lines import files_of
from steps.language.feature_set import root_of
from steps.run.runner import MOST_WORKERS, DriverOption, RunResult, run
from steps.run.time_limit import LIMIT_S, LONGEST_S

MOST_SHOWN, MOST_ROWS = 50, 20
"""Number of failures and findings printed in full, and of further rows of an outline printed by line; the rest is counted."""


@click.command(short_help="Run the specification and write the living document.")
@click.argument("paths", nargs=-1, type=FeaturePath())
@click.option("-k", "keyword", metavar="TEXT", help="Run only examples whose scenario, rule, feature or file has this text in its name.")
@click.option(
    "-t", "--tags", metavar="TAGS", help="Run only examples with these tags, such as `@GAP-14` or `@SC-ERP-FULL and not @as-written`."
)
@click.option("--last-failed", is_flag=True, help="Run only the examples that failed in the last run.")
@click.option("--shard", metavar="K/N", help="Run only the K-th of N shards of the examples; `sop merge` merges the N runs into one.")
@click.option(
    "-n",
    "--workers",
    type=click.IntRange(0, MOST_WORKERS),
    metavar="N",
    default=0,
    help="Number of parallel processes (default: 0, everything in this process).",
)
@click.option(
    "--limit", type=click.FloatRange(0, LONGEST_S, min_open=True), default=LIMIT_S, show_default=True, metavar="SECONDS",
    help="Time limit for one example; an example that takes longer fails.",
)  # fmt: skip
@steps_option
@click.option("--driver", "url", metavar="URL", help="Test the server at this address, which speaks the contract, instead of this engine.")
@click.option(
    "--driver-timeout", type=click.FloatRange(0, LONGEST_CALL_S, min_open=True), default=CALL_LIMIT_S, show_default=True, metavar="SECONDS",
    help="Time limit for one call to the server.",
)  # fmt: skip
@click.option("--allow-unsupported", is_flag=True, help="Exit with 0 also if the server does not offer what some examples need.")
@click.option("--out", type=FolderType(), default=BUILD, help="Folder for runs and document (default: build).")
@click.option("--watch", "is_watching", is_flag=True, help="Then run each feature file again when it changes, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--no-docs", is_flag=True, help="Do not write the living document.")
@click.option("--messages", is_flag=True, help="Also write the run as Cucumber Messages, for Cucumber's own tools.")
@click.option("--cucumber-json", is_flag=True, help="Also write the run as Cucumber JSON, for CI plugins.")
def verify(  # noqa: PLR0913 - one for each option
    paths: tuple[Path, ...],
    keyword: str | None,
    tags: str | None,
    shard: str | None,
    workers: int,
    limit: float,
    step_modules: tuple[str, ...],
    url: str | None,
    driver_timeout: float,
    out: Path,
    *,
    allow_unsupported: bool,
    last_failed: bool,
    is_watching: bool,
    as_json: bool,
    no_docs: bool,
    messages: bool,
    cucumber_json: bool,
) -> int:
    """Run the feature files at PATHS and report whether all examples pass.

    PATHS are feature files, folders, or lines of a feature file (default: ./features if there is one, otherwise the
    specification that is installed with this program). A line chooses a scenario, a row or a table of Examples, or a Rule, as
    features/x.feature:16 in a message does.

    With --driver, the examples are about another system. Such a run is never approved. An example that needs what the system does not
    offer is not supported, and the run is then not green. A token for the server is read from the environment variable SOP_DRIVER_TOKEN.

    Exit status: 0 all examples passed, 1 an example failed, did not run or is not supported, 2 invalid input or option, 70 internal error,
    130 interrupted.
    """
    exports = [JUNIT, *[MESSAGES] * messages, *[CUCUMBER_JSON] * cucumber_json]
    driver = DriverOption(url, driver_timeout) if url is not None else None
    if driver is None:
        _refuse_without_driver({"--driver-timeout": driver_timeout != CALL_LIMIT_S, "--allow-unsupported": allow_unsupported})

    def run_once(chosen: Sequence[Path], *, installed: bool = False) -> RunResult:
        with run_announced(out / "site"), _progress() as progress:
            return run(
                chosen, keyword=keyword, tags=tags, shard=shard, workers=workers, limit=limit, only_failed=last_failed,
                out=out / "runs", bindings=bindings, progress=progress, installed=installed, driver=driver,
            )  # fmt: skip

    def run_and_print(chosen: Sequence[Path], is_whole: bool) -> RunResult:  # noqa: FBT001 - of a callback
        result = run_once(chosen)
        finish(result, out / "site", exports, as_json=False, documented=is_whole and not no_docs, allow_unsupported=allow_unsupported)
        return result

    @collection_paused()  # the record and the pages stay until the end
    def run_and_finish(chosen: Chosen) -> int:
        if not no_docs:
            import_module("reports.site.builder")  # before the fork, for what its process needs too, such as Jinja
        result = run_once(chosen.paths, installed=chosen.installed)
        if result.note:
            click.echo(f"note: {visible(result.note)}", err=True)
        return finish(result, out / "site", exports, as_json=as_json, documented=not no_docs, allow_unsupported=allow_unsupported)

    with ExitStack() as unpacked:
        chosen = specification(unpacked, paths)
        bindings = binding_modules(root_of(files_of(chosen.paths)), step_modules)
        if is_watching:
            _refuse_with_watch(chosen.paths, {"--json": as_json, "--shard": bool(shard), "--last-failed": last_failed})
            import_module("sop_cli.runs.watch").watch(chosen.paths, bindings, run_and_print)
        return run_and_finish(chosen)


def _refuse_with_watch(paths: Sequence[Path], options: Mapping[str, bool]) -> None:
    """Refuse what has no meaning for files that run again: single lines, and *options* that are given.

    Raises:
        UsageError: there is such a line or option.
    """
    name = next((name for name, is_given in options.items() if is_given), None)
    if name is not None:
        raise click.UsageError(f"{name} cannot be used with --watch; leave one out")
    if list(paths) != files_of(paths):
        raise click.UsageError("--watch runs whole files; name the file without a line")


def _refuse_without_driver(options: Mapping[str, bool]) -> None:
    """Refuse *options* that are given and mean nothing without a server.

    Raises:
        UsageError: there is one.
    """
    name = next((name for name, is_given in options.items() if is_given), None)
    if name is not None:
        raise click.UsageError(f"{name} is about a server; add --driver URL, or leave it out")


def finish(  # noqa: PLR0913 - the result and how it is shown
    result: RunResult, site: Path, exports: list[str], *, as_json: bool, documented: bool, allow_unsupported: bool = False
) -> int:
    """Write the document and the exports of a run, print its result, and return the exit status.

    Without *documented*, and of an interrupted run, so that the command ends at once, no document is written. With *allow_unsupported*,
    examples that are not supported do not change the exit status, nor that of tools that read the exports, if any example passed.
    """
    interrupted = result.verdict.state == "interrupted"
    document, trouble = None, ""
    if documented and not interrupted:
        document, trouble = write_document(result, site)
    elif not interrupted:
        announce_newer_run(site, result.run_id)
    accepted = result.verdict.accepting_unsupported() if allow_unsupported else result.verdict
    unwritten = write_exports(result.folder, result.root, exports, record=result.lines, verdict=accepted)
    plain = as_json or bool(os.environ.get("NO_COLOR"))
    click.echo(
        _result_as_json(result, document) if as_json else "\n".join(_result_as_text(result, document, is_accepted=accepted.good)),
        color=False if plain else None,
    )
    if trouble:
        click.echo(f"error: the living document is not written: {as_called(trouble)}", err=True)
    if unwritten:
        click.echo(f"error: the files for other tools are not written: {as_called(unwritten)}", err=True)
    return (SUCCESS if accepted.good else status_of(result)) or (MISUSE if trouble or unwritten else SUCCESS)


def status_of(result: RunResult) -> int:
    """Return the exit status for the verdict on a run."""
    if result.verdict.good:
        return SUCCESS
    if result.verdict.state == "interrupted":
        return INTERRUPTED
    return INTERNAL_ERROR if result.verdict.state == "incomplete" and not result.record.exists() else FAILURE


@contextmanager
def _progress() -> Iterator[Any]:
    """Show a progress bar on stderr during the run, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and not needed without a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    with Progress(
        TextColumn("running the specification"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("run", total=None)
        yield lambda finished, expected: bar.update(task, completed=finished, total=expected)


def _result_as_text(result: RunResult, document: Path | None, *, is_accepted: bool) -> Iterator[str]:
    for finding in result.verdict.findings[:MOST_SHOWN]:
        yield _finding(result, finding)
    failed = failures_by_reason(result.verdict.failures)
    for first, *rows in failed[:MOST_SHOWN]:
        yield from _failure(result, first)
        if rows:
            places = " ".join(f"{near(result.root / failure.path)}:{failure.row or failure.scenario}" for failure in rows[:MOST_ROWS])
            are_its_rows = all((row.path, row.scenario) == (first.path, first.scenario) for row in rows)
            others = f"{len(rows):,} more of its rows" if are_its_rows else f"{counted(len(rows), 'more example')} for the same reason"
            yield visible(f"  and {others}: {places}{' …' * (len(rows) > MOST_ROWS)}")
    left = max(0, len(result.verdict.findings) - MOST_SHOWN) + sum(map(len, failed[MOST_SHOWN:]))
    if left:
        yield f"… and {left:,} more"
    if result.verdict.findings or result.verdict.failures:
        yield ""
    yield from _unsupported(result)
    yield from _verdict_lines(result, is_accepted=is_accepted)
    if status_of(result) == INTERNAL_ERROR:
        yield from _last_words(result)
    for scenario in result.verdict.other_versions[:MOST_SHOWN]:
        tags = " ".join(tag for tag in scenario.tags if tag.startswith((SINCE, UNTIL)))
        yield visible(f"not of this version: {near(result.root / scenario.feature)}:{scenario.place}: {scenario.name} ({tags})")
    yield f"{'living document':16} {near(document)}" if document else f"{'living document':16} not written"
    if result.verdict.driver and (calls := read_driver_calls(result.folder)):
        yield f"{'server':16} {visible(result.verdict.driver.title)} at {calls.text}"
        yield from (f"{'':16} {visible(note)}" for note in calls.notes)
    yield f"{'run':16} {near(result.folder)}"


def _verdict_lines(result: RunResult, *, is_accepted: bool) -> Iterator[str]:
    counts = result.verdict.counts
    known_failures = f", {counted(len(result.verdict.known_failures), 'known failure')}" if result.verdict.known_failures else ""
    examples = f"{counts.expected:,} {'selected ' if result.selection else ''}examples"
    left_out = counts.written - counts.expected - len(result.verdict.other_versions)
    not_selected = f"; {left_out:,} not run" if result.selection or left_out else ""
    calls = read_driver_calls(result.folder) if result.verdict.driver else None
    not_selected += "".join(f"; {visible(text)}" for text in run_notes(result.verdict, calls.address if calls else ""))
    if result.verdict.good:
        yield (
            click.style(f"✓ {counts.passed:,} of {examples} passed", fg="green", bold=result.verdict.whole) + known_failures + not_selected
        )
        return
    is_all = counts.executed == counts.expected and (result.selection or not left_out)
    executed = "all ran" if is_all else f"{counts.executed:,} ran"
    failed = f"{len(result.verdict.failures):,} of {examples} failed ({executed})"
    passed = f"the run failed: {counts.executed:,} of {examples} ran, {counts.passed:,} passed"
    if result.verdict.only_unsupported:
        passed = f"{counts.passed:,} of {examples} passed"
    symbol, colour = ("○", "yellow") if is_accepted else ("✗", "red")
    yield click.style(f"{symbol} {failed if result.verdict.failures else passed}", fg=colour, bold=True) + known_failures + not_selected
    for reason in reason_texts(result.verdict):
        yield as_called(f"  {visible(reason)}")


def _unsupported(result: RunResult) -> Iterator[str]:
    """Yield the examples that are not supported: the places of the first ones, for each scenario, and each reason once below its examples."""
    listed = sorted(failures_by_outline(result.verdict.not_supported), key=lambda group: group[0].message)
    for number, (first, *rows) in enumerate(listed[:MOST_SHOWN], 1):
        more = f" and {len(rows):,} more of its rows" if rows else ""
        yield visible(f"{near(result.root / first.path)}:{first.row or first.scenario}: not supported: {first.name}{more}")
        if number == min(len(listed), MOST_SHOWN) or listed[number][0].message != first.message:
            yield visible(f"  {first.message}")
    if left := sum(map(len, listed[MOST_SHOWN:])):
        yield f"… and {left:,} more are not supported"


def _finding(result: RunResult, finding: Problem) -> str:
    return as_called(visible(finding.at(near(result.file_of(finding)))))


def _failure(result: RunResult, failure: Failure) -> Iterator[str]:
    file = near(result.root / failure.path)
    yield click.style(visible(f"{file}:{failure.line}: {failure.status}: {failure.step}"), fg="red")
    place = f" (row at {file}:{failure.row})" if failure.row else ""
    if not failure.row and failure.line < failure.scenario:  # a step of the Background
        place = f" (scenario at {file}:{failure.scenario})"
    yield visible(f"  in {failure.name}{place}")
    yield from (f"  {visible(line)}" for line in failure.message.split("\n") if line)


def _last_words(result: RunResult) -> Iterator[str]:
    """Yield the last lines that a process without a record printed."""
    try:
        lines = (result.folder / "output.txt").read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    except OSError:
        lines = []
    yield from (f"  | {visible(line)}" for line in lines)


def _result_as_json(result: RunResult, document: Path | None) -> str:
    plain = {
        "green": result.verdict.good,
        "state": result.verdict.state,
        "reasons": reason_texts(result.verdict),
        "whole": result.verdict.whole,
        "selection": result.selection.recorded(),
        "beside": result.verdict.surroundings.beside,
        "installed": result.verdict.surroundings.installed,
        "other_versions": [
            {"file": near(result.root / scenario.feature), "line": scenario.place, "name": scenario.name, "tags": scenario.tags}
            for scenario in result.verdict.other_versions
        ],
        "counts": structs.asdict(result.verdict.counts),
        "findings": [
            {"file": near(result.file_of(finding)), **structs.asdict(finding.with_version_option())} for finding in result.verdict.findings
        ],
        "known_failures": [{"file": near(result.root / failure.path), **asdict(failure)} for failure in result.verdict.known_failures],
        "not_supported": [{"file": near(result.root / one.path), **asdict(one)} for one in result.verdict.not_supported],
        "driver": _driver_as_json(result),
        "failures": [{"file": near(result.root / failure.path), **asdict(failure)} for failure in result.verdict.failures],
        "run": near(result.folder),
        "document": near(document) if document else None,
    }
    return json.dumps(to_builtins(plain), ensure_ascii=False, indent=1)


def _driver_as_json(result: RunResult) -> dict[str, object] | None:
    """Return the server of the run and the calls to it; None if this project's engine answered."""
    if result.verdict.driver is None:
        return None
    calls = read_driver_calls(result.folder)
    return structs.asdict(result.verdict.driver) | (structs.asdict(calls) if calls else {})

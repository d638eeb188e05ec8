"""Runner: runs the specification with pytest in a separate process and computes a verdict that does not depend on pytest's output.

The files of a run are in ``<out>/<run id>/``: ``run.ndjson`` (the run record), ``about.json`` (time, command, versions), ``plan.json``
(the plan), ``steps.json`` (the step definitions), ``outside.json`` (code from outside the program), ``durations.ndjson`` (of the steps), ``pytest.html`` and ``output.txt``.
``<out>/latest`` has the id of the last run that began.
"""

import json
import platform
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sop_engine import SopError, load_rulebook
from sop_engine.files import write_atomically
from sop_engine.text import path_shown
from sop_runs.output_folder import remove_drafts
from sop_runs.problem import Problem
from sop_runs.record.folder import latest_of, restore_latest, set_latest
from sop_runs.record.outside_code import read_outside_code
from sop_runs.record.reader import COMPLETE, INCOMPLETE, RECORD, RunRecord, read, read_ends
from sop_runs.record.verdict import Reason, ReasonKind, Verdict, judge, verdict_if_interrupted
from steps.definitions.discovery import BindingModuleError, BindingModules
from steps.definitions.redaction import redact
from steps.definitions.source_digest import code_of
from steps.driver.protocol import CALL_LIMIT_S
from steps.language.chosen_lines import examples_at, split_chosen_lines
from steps.language.feature_set import feature_set_of, snapshot
from steps.language.file_names import place_of
from steps.language.last_failed import last_failed
from steps.language.selection import Selection, SelectionError, check_tags, shard_of
from steps.run.judge import present_files
from steps.run.plan import DISK_FULL, PLAN, REFUSAL, DriverPlan, Plan, root_of_run, system_of_run
from steps.run.process import Progress, execute_plan
from steps.run.time_limit import LIMIT_S, LONGEST_S, hard_end_message

MOST_WORKERS = 64
GIT_SECONDS = 5
_REPORTED_PACKAGES = ("pytest", "pytest-bdd", "gherkin-official", "cucumber-expressions", "pytest-html", "pytest-xdist")


@dataclass(frozen=True, slots=True)
class DriverOption:
    """A server to test: its address, and the time limit of a call in seconds."""

    url: str
    limit: float = CALL_LIMIT_S


class RunError(SopError):
    """A run that cannot begin: an invalid option, or a full disk."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run and its verdict. *folder* has the files of the run; paths of feature files are relative to *root*.

    *note* says what was accepted about the run, such as other code than the present code, or what changed since the last run. *lines* is
    its record as it was read for the verdict, None if it is not complete.
    """

    run_id: str
    folder: Path
    root: Path
    selection: Selection
    verdict: Verdict
    bindings: BindingModules = field(default_factory=BindingModules)
    note: str = ""
    lines: RunRecord | None = field(default=None, repr=False)

    @property
    def record(self) -> Path:
        """The file of the run record."""
        return self.folder / RECORD

    def file_of(self, finding: Problem) -> Path:
        """Return the feature file, or the module with step definitions, that has *finding*."""
        return self.bindings.file_of(finding.path) if finding.in_python else self.root / finding.path


def run(  # noqa: PLR0913 - the options of a user
    paths: Sequence[Path],
    *,
    keyword: str | None = None,
    tags: str | None = None,
    shard: str | None = None,
    workers: int = 0,
    limit: float = LIMIT_S,
    only_failed: bool = False,
    out: Path = Path("build/runs"),
    bindings: BindingModules | None = None,
    progress: Progress | None = None,
    installed: bool = False,
    driver: DriverOption | None = None,
) -> RunResult:
    """Run the feature files at or below *paths* in a new process and compute the verdict from its record.

    A path may have a line, such as ``x.feature:16``. With *only_failed*, only the examples run that failed in the last run below *out*.
    *limit* is the time limit of one example, in seconds; *bindings* are by default those of `steps.bindings`; *installed* says that
    the specification is the one installed with this program, because the user has named none; *driver* is a server to test instead of
    this project's engine.

    Raises:
        SopError: nothing can be run, because of a path, the selection, an option or a module of *bindings*.
    """
    _check_numbers(workers, limit, driver)
    if only_failed and shard is not None:
        raise RunError("--last-failed cannot be used with --shard, because each shard would be the last run of the next; leave one out")
    bindings = bindings or BindingModules()
    bindings.use_folders()
    rulebook = load_rulebook()
    if tags is not None:
        check_tags(tags, import_module("steps.lint.linter").known_tags_of(rulebook))
    if shard is not None:
        shard_of(shard)
    server = _driver_plan(driver) if driver is not None else None
    whole, places = split_chosen_lines(paths)
    paths, note = [*whole, *(place.file for place in places)], ""
    feature_set = feature_set_of(paths, installed=installed)
    selection = Selection(feature_set.paths, keyword or None, tags or None, shard, examples_at(feature_set, places, whole))
    if only_failed:
        again = last_failed(out, selection, feature_set, code_of(bindings), partial(_root_if_of, server.record.name if server else ""))
        selection, note = again.selection, again.note
    earlier = latest_of(out)
    run_id, folder = make_folder(out)
    files = tuple(place_of(file) for file in feature_set.files)
    plan = Plan(feature_set.root, folder / RECORD, files, bindings, selection, limit, feature_set.surroundings, server)
    plan.write(folder / PLAN)
    about = {"run_id": run_id, "started": _now(), "argv": sys.argv, "commit": _commit_of(feature_set.root), **_surroundings()}
    _write_json(folder / "about.json", {**about, "finished": None, "seconds": None})
    set_latest(out, run_id)
    with _taken_back_unless_begun(out, run_id, earlier):
        started = datetime.now(UTC)
        status, stopped = execute_plan(folder, workers, progress)
        if status == DISK_FULL and read_ends(plan.record) is None:
            raise RunError(f"the record of the run cannot be written below `{path_shown(out)}`; free some space or choose another disk")
        if (folder / REFUSAL).is_file():
            raise BindingModuleError((folder / REFUSAL).read_text(encoding="utf-8"))
        _write_json(
            folder / "about.json", {**about, "finished": _now(), "seconds": (datetime.now(UTC) - started).total_seconds(), "status": status}
        )
        record = read(plan.record)
        verdict = judge(record, present_files(snapshot(feature_set, paths), rulebook.sha256, code_of(bindings)))
        verdict = verdict_if_interrupted(verdict) if stopped else _with_ending(verdict, status, folder / "output.txt")
        verdict, outside = with_outside_code(verdict, folder)
        note = "; ".join(filter(None, (note, outside)))
        counts = verdict.counts
        if selection and not shard and not counts.expected and verdict.state == COMPLETE and not verdict.findings:
            raise SelectionError(f"0 of {counts.written:,} examples are selected; change the paths, the text or the tags")
        lines = record if record.state == COMPLETE else None
        return RunResult(run_id, folder, feature_set.root, selection, verdict, plan.bindings, note, lines)


def _check_numbers(workers: int, limit: float, driver: DriverOption | None) -> None:
    """Check the number of workers and the time limits.

    Raises:
        RunError: one is not allowed, or no call to the server could reach its limit within that of an example.
    """
    if not 0 <= workers <= MOST_WORKERS:
        raise RunError(f"{workers} workers are not allowed; expected 0 to {MOST_WORKERS}")
    if not 0 < limit <= LONGEST_S:
        raise RunError(f"a time limit of {limit:g} s is not allowed; expected more than 0 and at most {LONGEST_S:g} s")
    if driver is not None and driver.limit >= limit:
        call, example = f"a call to the server, {driver.limit:g} s,", f"an example, {limit:g} s"
        raise RunError(f"the time limit of {call} is not below that of {example}; give a longer --limit or a shorter --driver-timeout")


def _driver_plan(driver: DriverOption) -> DriverPlan:
    """Ask the server what it is.

    Raises:
        SopError: its address cannot be used, it cannot be reached, or it does not speak the contract.
    """
    server = import_module("steps.driver.server").ServerUnderTest(driver.url, driver.limit)
    try:
        return DriverPlan(driver.url, driver.limit, server.record, server.unknown_offers)
    finally:
        server.close()


def _root_if_of(system: str, folder: Path) -> Path | None:
    """Return the folder of the features of the run in *folder*; of a run of another system than *system*, one that no features have."""
    return root_of_run(folder) if system_of_run(folder) == system else folder


@contextmanager
def _taken_back_unless_begun(out: Path, run_id: str, earlier: str) -> Iterator[None]:
    """Make *earlier* the last run of *out* again if the run is refused, or stopped before it has recorded what it will do."""
    refused = False
    try:
        yield
    except SopError:
        refused = True
        raise
    finally:
        if refused or read_ends(out / run_id / RECORD) is None:
            restore_latest(out, run_id, earlier)


def with_outside_code(verdict: Verdict, folder: Path) -> tuple[Verdict, str]:
    """Return the verdict on the run in *folder*, which is not good if outside code replaced the program's, and a note on that code.

    Raises:
        RunRecordError: the list of that code cannot be used.
    """
    outside = read_outside_code(folder)
    return verdict.with_reasons(Reason(ReasonKind.REPLACED_CODE, detail=outside.trouble)) if outside.trouble else verdict, outside.note


def _with_ending(verdict: Verdict, status: int, output: Path) -> Verdict:
    """Add the reason for a bad exit status to a good verdict, or for an exceeded time limit, found in *output*, to an incomplete one."""
    if status == DISK_FULL:
        others = (reason for reason in verdict.reasons if reason.kind is not ReasonKind.BROKE_OFF)
        return replace(verdict, reasons=(*others, Reason(ReasonKind.DISK_FULL)))
    if verdict.state == INCOMPLETE:
        message = hard_end_message(output.read_text(encoding="utf-8", errors="replace"))
        return verdict.with_reasons(Reason(ReasonKind.OUT_OF_TIME, detail=redact(message))) if message else verdict
    return verdict.with_reasons(Reason(ReasonKind.EXIT_STATUS, status)) if verdict.good and status != 0 else verdict


def make_folder(out: Path) -> tuple[str, Path]:
    """Create a folder with a unique run id below *out*, and remove what a killed run left unfinished there; return id and folder."""
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    folder = out.resolve() / run_id
    folder.mkdir(parents=True)
    for earlier in (out, out / latest_of(out)):
        remove_drafts(earlier)
    return run_id, folder


def _commit_of(folder: Path) -> str | None:
    """Return the git commit of *folder* in short, whatever has been edited since; None outside a repository.

    Nothing that the repository configures is run: ``git rev-parse`` has no hooks and no filters.
    """
    command = ["git", "-C", str(folder), "rev-parse", "--short=7", "HEAD"]
    try:
        answered = subprocess.run(command, check=True, capture_output=True, timeout=GIT_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    return answered.stdout.decode("ascii", "replace").strip() or None


def _surroundings() -> dict[str, object]:
    versions = {}
    for name in _REPORTED_PACKAGES:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}", "versions": versions}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_json(file: Path, plain: dict[str, object]) -> None:
    write_atomically(file, (json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode(errors="backslashreplace"))

"""The examples that failed when they ran last, for a run of these alone."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sop_engine.text import counted
from sop_runs.record.folder import RunNeededError, latest_of, runs_in
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, read
from sop_runs.record.status import ran
from sop_runs.record.verdict import judge
from sop_runs.record.verdict_text import reason_text

WITHOUT = "run `sop verify` without --last-failed"


@dataclass(frozen=True, slots=True)
class FailedExamples:
    """The examples that failed when they ran last: ids by path; None for a file with findings, none of whose examples ran.

    *record* is that of the last run, *name*, or of one before it if *is_last* is false. *earlier* of the examples failed in a run before
    it, and not run since. *unfinished* says how far the last run came if it did not finish; otherwise it is empty. *unreadable* are the
    runs between whose records are left out.
    """

    name: str
    record: RunRecord
    ids: Mapping[str, frozenset[str] | None]
    unfinished: str
    earlier: int = 0
    is_last: bool = True
    unreadable: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The number of examples that failed, those in files with findings too, and of files with findings that had no example."""
        of_files = {path for path, ids in self.ids.items() if ids is None}
        in_files = [scenario.feature for scenario in self.record.scenarios if scenario.feature in of_files]
        number, files = sum(len(ids) for ids in self.ids.values() if ids) + len(in_files), len(of_files - set(in_files))
        parts = [f"{counted(number, 'example')} failed"] * bool(number) + [f"{counted(files, 'file')} had findings"] * bool(files)
        return f"{' and '.join(parts)} in {self.name}"


def failed_examples(runs: Path, is_counted: Callable[[Path], bool]) -> FailedExamples:
    """Return the examples that failed in the last run below *runs*, or in one before it and did not run again.

    A known failure did not fail, an unexpected pass did. *is_counted* says whether the run in a folder is one of the same features;
    others do not count, and neither do runs before the last one of all examples. A run whose record cannot be read, as of one that was
    killed at once, is left out.

    Raises:
        RunNeededError: there is no run, no record can be read, or nothing failed.
    """
    latest = next((name for name in _names_back(runs) if is_counted(runs / name)), "")
    if not latest:
        of_these = " of these features" if latest_of(runs) else ""
        raise RunNeededError(f"there is no run{of_these} in `{runs.as_posix()}`; {WITHOUT}")
    history = _History()
    last: tuple[str, RunRecord] | None = None
    unreadable: list[str] = []
    for run in _names_back(runs):
        if not is_counted(runs / run):
            continue
        record = read(runs / run)
        if record.problem is not None or record.manifest is None:
            unreadable += [run] if run != latest and os.path.lexists(runs / run / RECORD) else []
            continue
        last = last or (run, record)
        history.add(record)
        if record.state == COMPLETE and record.head.selection is None:
            break
    if last is None:
        place, reason = read(runs / latest).problem or ((runs / latest).as_posix(), "the record is empty")
        raise RunNeededError(f"the last run `{latest}` cannot be read from {place} on: {reason}; {WITHOUT}")
    name = f"the last run `{latest}`" if last[0] == latest else f"the run `{last[0]}` (the last one, `{latest}`, has no readable record)"
    record, counts = last[1], judge(last[1]).counts
    unfinished = "" if record.state == COMPLETE else f"which did not finish ({counts.executed:,} of {counts.expected:,} examples ran)"
    if not history.failed:
        state = f", {unfinished}" if unfinished else _other_findings(record)
        raise RunNeededError(f"0 examples failed in {name}{state}; {WITHOUT}")
    ids = {path: None if failed is None else frozenset(failed) for path, failed in history.failed.items()}
    return FailedExamples(name, record, ids, unfinished, history.earlier, last[0] == latest, tuple(unreadable))


def _other_findings(record: RunRecord) -> str:
    """Return why a complete run without a failed example was not good, with the place of the first finding; empty if it was good."""
    verdict = judge(record)
    if not verdict.reasons:
        return ""
    first = next((f", first {finding.path}:{finding.line}: {finding.message}" for finding in verdict.findings), "")
    return f", but it was not good: {', '.join(map(reason_text, verdict.reasons))}{first}"


def _names_back(runs: Path) -> list[str]:
    """Return the ids of the runs, from the last one back."""
    latest = latest_of(runs)
    return [latest, *(name for name in runs_in(runs) if name != latest)] if latest else []


@dataclass
class _History:
    """The failures of some runs, from the last one back; an example counts as it ended when it ran last.

    *failed* has ids by path, None for all examples of a file; *earlier* of them are not from the last run.
    """

    failed: dict[str, set[str] | None] = field(default_factory=dict)
    earlier: int = 0
    _ended: set[tuple[str, str]] = field(default_factory=set)
    _written: dict[str, set[str]] = field(default_factory=dict)
    _is_begun: bool = False

    def add(self, record: RunRecord) -> None:
        """Add the failures of a run before those that were added."""
        unsound = {feature.path for feature in record.features if feature.findings}
        failed: dict[str, set[str] | None] = {path: self._written.get(path) for path in unsound}
        for failure in judge(record).failures:
            ids = failed.setdefault(failure.path, set())
            if ids is not None:
                ids.add(failure.id)
        for path, ids in failed.items():
            self._add_of_file(path, ids)
        self._ended |= {(scenario.feature, scenario.id) for scenario in record.scenarios if ran(scenario)}
        for scenario in record.scenarios:
            if scenario.feature not in unsound:
                self._written.setdefault(scenario.feature, set()).add(scenario.id)
        self._is_begun = True

    def _add_of_file(self, path: str, ids: set[str] | None) -> None:
        present = self.failed.get(path, set())
        if present is None:
            return
        if ids is None:
            self.failed[path] = None
            return
        new = {name for name in ids if (path, name) not in self._ended} - present
        if new:
            self.failed[path] = present | new
            self.earlier += len(new) if self._is_begun else 0

"""The examples that failed when they ran last, for a run of these alone."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sop_runs.record.folder import RunNeededError, latest_of, runs_in
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, read
from sop_runs.record.status import ran
from sop_runs.record.verdict import judge

WITHOUT = "run `sop verify` without --last-failed"
MOST_RUNS = 50
"""Number of runs that are read, from the last one back to one of all examples."""


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
    def number(self) -> int:
        """The number of examples, of those in files with findings too."""
        of_files = {path for path, ids in self.ids.items() if ids is None}
        return sum(len(ids) for ids in self.ids.values() if ids) + sum(scenario.feature in of_files for scenario in self.record.scenarios)


def failed_examples(runs: Path) -> FailedExamples:
    """Return the examples that failed in the last run below *runs*, or in one before it and did not run again.

    A known failure did not fail, an unexpected pass did. A run whose record cannot be read, as of one that was killed at once, is left
    out. Runs before the last one of all examples do not count.

    Raises:
        RunNeededError: there is no run, no record can be read, or nothing failed.
    """
    latest = latest_of(runs)
    if not latest:
        raise RunNeededError(f"there is no run in `{runs.as_posix()}`; {WITHOUT}")
    history = _History()
    last: tuple[str, RunRecord] | None = None
    unreadable: list[str] = []
    for run, record in _runs_back(runs, latest):
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
        raise RunNeededError(f"0 examples failed in {name}{', ' if unfinished else ''}{unfinished}; {WITHOUT}")
    ids = {path: None if failed is None else frozenset(failed) for path, failed in history.failed.items()}
    return FailedExamples(name, record, ids, unfinished, history.earlier, last[0] == latest, tuple(unreadable))


def _runs_back(runs: Path, latest: str) -> Iterator[tuple[str, RunRecord]]:
    """Yield the runs with their records, from the last one back."""
    names = [latest, *(name for name in runs_in(runs) if name != latest)]
    yield from ((name, read(runs / name)) for name in names[:MOST_RUNS])


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

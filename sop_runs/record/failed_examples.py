"""The examples that the last run failed, for a run of these alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sop_runs.record.folder import RunNeededError, latest_of
from sop_runs.record.reader import COMPLETE, RunRecord, read
from sop_runs.record.verdict import judge

WITHOUT = "run `sop verify` without --last-failed"


@dataclass(frozen=True, slots=True)
class FailedExamples:
    """The examples of *record*, of the run *name*, that failed: ids by path; None for a file with findings, none of whose examples ran.

    *unfinished* says how far the run came if it did not finish; otherwise it is empty.
    """

    name: str
    record: RunRecord
    ids: Mapping[str, frozenset[str] | None]
    unfinished: str

    @property
    def number(self) -> int:
        """The number of examples, of those in files with findings too."""
        of_files = {path for path, ids in self.ids.items() if ids is None}
        return sum(len(ids) for ids in self.ids.values() if ids) + sum(scenario.feature in of_files for scenario in self.record.scenarios)


def failed_examples(runs: Path) -> FailedExamples:
    """Return the examples that failed in the last run below *runs*; a known failure did not, an unexpected pass did.

    Raises:
        RunNeededError: there is no run, its record cannot be read, or nothing failed.
    """
    latest = latest_of(runs)
    if not latest:
        raise RunNeededError(f"there is no run in `{runs.as_posix()}`; {WITHOUT}")
    folder, name = runs / latest, f"the last run `{latest}`"
    record = read(folder)
    if record.problem is not None or record.manifest is None:
        place, reason = record.problem or (folder.as_posix(), "the record is empty")
        raise RunNeededError(f"{name} cannot be read from {place} on: {reason}; {WITHOUT}")
    verdict = judge(record)
    failed: dict[str, frozenset[str] | None] = {}
    for failure in verdict.failures:
        failed[failure.path] = (failed.get(failure.path) or frozenset()) | {failure.id}
    ids = failed | {feature.path: None for feature in record.features if feature.findings}
    counts = verdict.counts
    unfinished = "" if record.state == COMPLETE else f"which did not finish ({counts.executed:,} of {counts.expected:,} examples ran)"
    if not ids:
        raise RunNeededError(f"0 examples failed in {name}{', ' if unfinished else ''}{unfinished}; {WITHOUT}")
    return FailedExamples(name, record, ids, unfinished)

"""History of the runs: number of examples, and of those that passed, one run after the other."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from sop_engine.text import MONTHS
from sop_runs.record.reader import COMPLETE, INCOMPLETE, RECORD, read_ends
from sop_runs.record.schema import Closing, Counts, DriverRecord, Manifest
from sop_runs.record.verdict import Verdict

MOST = 24
_ID = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)")


class PastRun(msgspec.Struct, frozen=True):
    """A full run: its id, its end state, and its counts."""

    run_id: str
    state: str
    written: int
    passed: int
    failed: int
    findings: int

    @property
    def not_run(self) -> int:
        """Number of examples that did not run."""
        return max(0, self.written - self.passed - self.failed)

    @property
    def when(self) -> str:
        """The start of the run in UTC, if its id contains it; otherwise the id."""
        match = _ID.match(self.run_id)
        if match is None or not 1 <= int(match[2]) <= len(MONTHS):
            return self.run_id
        return f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}, {match[4]}:{match[5]}"

    @property
    def result(self) -> str:
        """The result in words."""
        phrases = [f"{self.passed:,} of {self.written:,} passed"]
        phrases += [f"{self.failed:,} failed"] if self.failed else []
        phrases += [f"{self.not_run:,} did not run"] if self.not_run else []
        phrases += [f"{self.state}"] if self.state != COMPLETE else []
        return ", ".join(phrases)


class History(msgspec.Struct, frozen=True):
    """The last full runs, oldest first, and the names of the runs among them whose records cannot be read."""

    runs: tuple[PastRun, ...] = ()
    unreadable: tuple[str, ...] = ()


def history(folder: Path | None, verdict: Verdict | None = None) -> History:
    """List the run in *folder* and those before it; runs of a selection are left out, and so are runs of another system.

    The closing lines of the earlier runs are taken as they are; *verdict* is the verdict on the run itself.
    """
    if folder is None or not folder.parent.is_dir():
        return History()
    own = folder.resolve()
    earlier = sorted(run for run in own.parent.iterdir() if _is_run(run) and (run.name < own.name or (run == own and verdict is None)))
    ends = [(run, read_ends(run / RECORD)) for run in earlier]
    system = verdict.driver if verdict is not None else next((both[0].driver for run, both in ends if both and run == own), None)
    runs = (*_runs(ends, system), *_own(own, verdict))[-MOST:]
    first = runs[0].run_id if len(runs) == MOST else ""
    return History(runs, tuple(run.name for run, both in ends if both is None and run.name > first))


def _is_run(folder: Path) -> bool:
    """Return whether *folder* has a record; one without is of a run that was refused, or stopped before its first line."""
    return folder.is_dir() and os.path.lexists(folder / RECORD)


def _own(folder: Path, verdict: Verdict | None) -> Iterator[PastRun]:
    if verdict is not None and verdict.selection is None:
        yield _past_run(folder, verdict.state, verdict.counts, len(verdict.findings))


def _runs(folders: Iterable[tuple[Path, tuple[Manifest, Closing | None] | None]], system: DriverRecord | None) -> Iterator[PastRun]:
    for folder, ends in folders:
        if ends is None or ends[0].selection is not None or _name(ends[0].driver) != _name(system):
            continue
        manifest, closing = ends
        if closing is None:
            yield _past_run(folder, INCOMPLETE, Counts(manifest.written), 0)
        else:
            yield _past_run(folder, closing.state, closing.counts, closing.findings)


def _name(system: DriverRecord | None) -> str | None:
    """Return the name of a system, whatever its version; None for this project's engine."""
    return system.name if system is not None else None


def _past_run(folder: Path, state: str, counts: Counts, findings: int) -> PastRun:
    return PastRun(folder.name, state, counts.written, counts.passed, counts.failed, findings)

"""Checks of the gate on a run, compared with the baseline of the version that this process reads."""

from pathlib import Path

from sop_runs.change.baseline import Baseline, approved_folder, baseline_of_version, is_approved
from sop_runs.errors import RunRecordError
from sop_runs.gate import Check, Gate
from sop_runs.record.folder import RunNeededError
from sop_runs.record.reader import RUN_AGAIN, RunRecord
from sop_runs.record.verdict import Verdict
from steps.generation.proposals import suggestion


def approved_baseline(folder: Path | None = None) -> Baseline | None:
    """Return the baseline in *folder*, by default the one of the version that this process reads; None if nothing is approved there yet.

    Raises:
        SopError: *folder* has none, or the baseline is of another version or cannot be read.
    """
    if folder is None and not is_approved(approved_folder()):
        return None
    return baseline_of_version(folder or approved_folder())


def checks_of_run(
    record: RunRecord, verdict: Verdict, baseline: Baseline | None, note: str = "", approved: Path | None = None
) -> tuple[Check, ...]:
    """Return every check of the gate on the run with this record and verdict.

    *note* says what was accepted about the run; remedies name the folder *approved*, by default that of the version.

    Raises:
        SopError: the record cannot be used.
    """
    if record.manifest is None:
        if record.problem is not None:
            raise RunRecordError(*record.problem, RUN_AGAIN)
        raise RunNeededError("the record of the run is empty; run `sop verify` again")
    return tuple(Gate(record, verdict, baseline, suggestion, note, approved or approved_folder()).checks())

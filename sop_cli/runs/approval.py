"""Approval of a run: whether it can be approved, and what changed since the last approval."""

from pathlib import Path

from sop_engine import SopError
from sop_engine.text import counted
from sop_runs.change.baseline import is_approved, read_baseline
from sop_runs.change.snapshot import Snapshot, snapshot_of_baseline, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.folder import RunNeededError
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import Verdict
from sop_runs.record.verdict_text import reason_texts


def refuse_unless_passed(verdict: Verdict) -> None:
    """Refuse to approve a run that did not pass.

    Raises:
        RunNeededError: an example failed or did not run, or is a known failure.
    """
    if obstacle := approval_obstacle(verdict):
        raise RunNeededError(f"only a run that passed can be approved: {obstacle}; correct this and run `sop verify` again")


def approval_obstacle(verdict: Verdict) -> str:
    """Return why a run did not pass as an approval needs it; empty if it did."""
    if verdict.good and not verdict.known_failures:
        return ""
    return "; ".join(reason_texts(verdict)) or counted(len(verdict.known_failures), "known failure")


def present_state(record: RunRecord) -> Snapshot:
    """Return what an approval of the run with *record* saves."""
    return snapshot_of_run(record, with_table=True)


def changes_since_approval(present: Snapshot, folder: Path) -> Changes | str | None:
    """Return what changed since the last approval in *folder*; None if there was none, or the reason why it cannot be compared."""
    if not is_approved(folder):
        return None
    try:
        approved = snapshot_of_baseline(read_baseline(folder))
    except SopError as error:
        return str(error)
    return changes(approved, present)

"""Folders of runs: find the requested run, and check that it can be used."""

from pathlib import Path

from sop_engine import SopError, load_rulebook
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, read

RUNS = Path("build/runs")


class RunNeededError(SopError):
    """There is no run that can be used."""


def folder_of(run: Path | None, runs: Path = RUNS) -> Path:
    """Return the folder of *run*, by default of the last run in *runs*.

    Raises:
        RunNeededError: there is none.
    """
    if run is not None:
        if not (run / RECORD).is_file():
            raise RunNeededError(
                f"`{run.as_posix()}` is not a run: it has no {RECORD}; name the folder that `sop verify` printed after `run`"
            )
        return run
    try:
        latest = (runs / "latest").read_text(encoding="utf-8").strip()
    except OSError:
        raise RunNeededError(f"there is no run in `{runs.as_posix()}`; run `sop verify` first, or name one with --run") from None
    return folder_of(runs / latest)


def complete_run(folder: Path) -> RunRecord:
    """Read the record of the run in *folder*, which must be complete, without a selection, and of the current rulebook.

    Raises:
        RunNeededError: it is not.
    """
    record = read(folder)
    name = f"the run `{folder.name}`"
    if record.problem is not None:
        raise RunNeededError(f"{name} cannot be read from {record.problem[0]} on: {record.problem[1]}; run `sop verify` again")
    if record.manifest is None or record.state != COMPLETE:
        raise RunNeededError(f"{name} did not finish; run `sop verify` again")
    if record.manifest.selection is not None:
        raise RunNeededError(f"{name} ran only a selection; run `sop verify` without one")
    if record.manifest.rulebook.sha256 != load_rulebook().sha256:
        raise RunNeededError(f"{name} used another rulebook; run `sop verify` again")
    return record

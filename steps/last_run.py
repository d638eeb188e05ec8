"""The last run of the specification, as something to build on: complete, of everything, and of the rulebook at hand."""

from pathlib import Path

from sop_engine import SopError, load_rulebook
from steps.green import COMPLETE, Record, read

RUNS = Path("build/runs")


class RunNeededError(SopError):
    """There is no run to build on."""


def folder_of(run: Path | None, runs: Path = RUNS) -> Path:
    """The folder of *run*, by default of the last run in *runs*.

    Raises:
        RunNeededError: there is none.
    """
    if run is not None:
        if not (run / "run.ndjson").is_file():
            raise RunNeededError(f"`{run.as_posix()}` is no run: it has no run.ndjson; name a folder that `sop verify` wrote")
        return run
    try:
        latest = (runs / "latest").read_text(encoding="utf-8").strip()
    except OSError:
        raise RunNeededError(f"there is no run in `{runs.as_posix()}`; run `sop verify` first, or name one with --run") from None
    return folder_of(runs / latest)


def whole_run(folder: Path) -> Record:
    """The record of the run in *folder*.

    Raises:
        RunNeededError: it did not end, was of a selection, or of another rulebook.
    """
    record = read(folder / "run.ndjson")
    name = f"the run `{folder.name}`"
    if record.manifest is None or record.closing is None or record.torn or record.closing["state"] != COMPLETE:
        raise RunNeededError(f"{name} did not come to its end; run `sop verify` again")
    if record.manifest["selection"] is not None:
        raise RunNeededError(f"{name} was of a selection; run `sop verify` without one")
    if record.manifest["rulebook"]["sha256"] != load_rulebook().sha256:
        raise RunNeededError(f"{name} was of another rulebook; run `sop verify` again")
    return record

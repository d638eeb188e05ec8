"""Exports of a run for other tools, written beside its record; used by `sop verify`, `sop merge` and `sop docs`."""

import os
import re
from collections.abc import Collection
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from sop_cli.paths import FEATURES, near
from sop_engine import SopError
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import Verdict
from steps.run.plan import PLAN, Plan

MESSAGES, CUCUMBER_JSON, JUNIT = "messages.ndjson", "cucumber.json", "junit.xml"


def write_exports(  # noqa: PLR0913 - the run, its files, and what was read already
    folder: Path,
    root: Path | None,
    names: Collection[str],
    *,
    record: RunRecord | None = None,
    verdict: Verdict | None = None,
    started: datetime | None = None,
) -> str:
    """Write the files *names* of the run in *folder*, and return an error text, empty if there is none.

    *root* is the features folder (None: the one in the plan of the run), *record* the record of the run if it was read already,
    *verdict* the verdict on the run (None: computed from the record alone), *started* the time at which the messages begin (None:
    `export_timestamp`). For a run without a record nothing is written.
    """
    if not names or not (folder / "run.ndjson").exists():
        return ""
    try:
        import_module("reports.export.run_files").write_exports(
            folder,
            names,
            root=features_folder_name(root or _planned(folder)),
            record=record,
            verdict=verdict,
            started=started or export_timestamp(),
        )
    except SopError as error:
        return str(error)
    return ""


def features_folder_name(root: Path) -> str:
    """Return the features folder for use in CI: relative to the working directory, or only its name if it is not below it."""
    place = near(root)
    return root.name if Path(place).is_absolute() else place


def export_timestamp() -> datetime:
    """Return the time of every timestamp: SOURCE_DATE_EPOCH, otherwise 1970-01-01, so that the same inputs give the same bytes."""
    variable = os.environ.get("SOURCE_DATE_EPOCH", "0")
    seconds = int(variable) if re.fullmatch("[0-9]{1,11}", variable) else 0
    return datetime.fromtimestamp(seconds, UTC)


def _planned(folder: Path) -> Path:
    """Return the features folder of the run in *folder*.

    Raises:
        PlanError: the plan cannot be used.
    """
    return Plan.read(folder / PLAN).root if os.path.lexists(folder / PLAN) else Path(FEATURES).absolute()

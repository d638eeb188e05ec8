"""Plan of a run: the input of the process that runs it. This module imports little, because the process that starts a run imports it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_engine.input_files import UnreadableFileError, read_json
from sop_engine.text import path_shown
from sop_runs.record.reader import RUN_AGAIN, mismatch
from sop_runs.record.schema import DriverRecord, SelectionRecord, Surroundings
from steps.definitions.discovery import BindingModules
from steps.language.selection import Selection
from steps.run.time_limit import LIMIT_S

DISK_FULL = 74
"""Exit status of a run's process that cannot write its record, as EX_IOERR of BSD."""
REFUSAL = "refused.txt"
"""File in the run's folder with the reason why the process of a run could not begin."""


PLAN = "plan.json"


class PlanError(SopError):
    """A file that is not the plan of a run, for *reason*, or that is missing."""

    def __init__(self, file: Path, reason: str | None = None) -> None:
        missing = "the plan of the run is missing; keep all files of a run folder together, or"
        problem = missing if reason is None else f"this file is not the plan of a run ({reason});"
        super().__init__(f"{path_shown(file)}: {problem} {RUN_AGAIN}")


class DriverPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The server of a run: its address, the time limit of a call in seconds, and what it was at the beginning of the run.

    *unknown_offers* are words of a newer contract that it offers and this program does not know.
    """

    url: str
    limit: float
    record: DriverRecord
    unknown_offers: tuple[str, ...] = ()


class _PlanFile(Struct, forbid_unknown_fields=True):
    """A plan as stored in its file."""

    root: str
    record: str
    files: tuple[str, ...]
    bindings: tuple[str, ...]
    selection: SelectionRecord
    limit: float
    folders: dict[str, str] = {}
    surroundings: Surroundings = Surroundings()
    driver: DriverPlan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Plan of a run.

    *root* is the folder to which paths are relative, *record* the file to write, *limit* the time limit of one example in seconds,
    *driver* the server that answers; without it, this project's engine does.
    """

    root: Path
    record: Path
    files: tuple[Path, ...]
    bindings: BindingModules = field(default_factory=BindingModules)
    selection: Selection = field(default_factory=Selection)
    limit: float = LIMIT_S
    surroundings: Surroundings = field(default_factory=Surroundings)
    driver: DriverPlan | None = None

    def write(self, file: Path) -> None:
        """Write the plan as JSON to *file*, for the process that runs it."""
        files = tuple(str(path) for path in self.files)
        selection = self.selection.to_record()
        folders = {name: str(folder) for name, folder in self.bindings.folders.items()}
        plan = _PlanFile(
            str(self.root), str(self.record), files, self.bindings.names, selection, self.limit, folders, self.surroundings, self.driver
        )
        write_atomically(file, (json.dumps(msgspec.to_builtins(plan), indent=1, sort_keys=True) + "\n").encode())

    @classmethod
    def read(cls, file: Path) -> "Plan":
        """Read a plan that another process has written.

        Raises:
            PlanError: the file is missing, cannot be read, or is not a plan.
        """
        try:
            plan = msgspec.convert(read_json(file, RUN_AGAIN, any_text=True), _PlanFile)  # a path need not be UTF-8
        except msgspec.ValidationError as error:
            raise PlanError(file, mismatch(error, "the file")) from None
        except UnicodeEncodeError:  # a key, which msgspec reads as UTF-8
            raise PlanError(file, "it has half a surrogate pair, which is not a character") from None
        except UnreadableFileError as error:
            raise PlanError(file, None if error.is_missing else error.reason) from None
        selection = Selection.from_record(plan.selection)
        bindings = BindingModules(plan.bindings, {name: Path(folder) for name, folder in plan.folders.items()})
        files = tuple(map(Path, plan.files))
        return cls(Path(plan.root), Path(plan.record), files, bindings, selection, plan.limit, plan.surroundings, plan.driver)


def bindings_of_run(folder: Path) -> BindingModules:
    """Return the modules with step definitions of the run in *folder*, here: if it ran elsewhere, below the working directory.

    Raises:
        PlanError: the run has no plan.
    """
    plan = Plan.read(folder / PLAN)
    return plan.bindings.moved(plan.root.parent if plan.root.is_dir() else Path.cwd())


def system_of_run(folder: Path) -> str:
    """Return the name of the server of the run in *folder*; empty if this project's engine answered, or if it has no plan that can be read."""
    try:
        plan = Plan.read(folder / PLAN)
    except PlanError:
        return ""
    return plan.driver.record.name if plan.driver else ""


def root_of_run(folder: Path) -> Path | None:
    """Return the folder of the features of the run in *folder*; None if it has no plan that can be read."""
    try:
        return Plan.read(folder / PLAN).root
    except PlanError:
        return None

"""The plan of a run: what the process that runs it is asked to do. Light, for whoever starts a run loads nothing that runs."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import UNSET, Struct

from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_runs.record.reader import mismatch
from sop_runs.record.schema import SelectionRecord
from steps.definitions.discovery import BindingModules
from steps.run.selection import Selection
from steps.run.time_limit import LIMIT_S

REFUSAL = "refused.txt"
"""The file in the run's folder in which the process of a run says why it cannot begin."""


class PlanError(SopError):
    """A file that is not the plan of a run."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: not the plan of a run ({reason}); run `sop verify` again")


class _PlanFile(Struct, forbid_unknown_fields=True):
    """A plan as it is kept."""

    root: str
    record: str
    files: tuple[str, ...]
    bindings: tuple[str, ...]
    selection: SelectionRecord
    limit: float
    folders: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do.

    *root* is the folder that paths are told from, *record* the file to write, *limit* the seconds a scenario may take.
    """

    root: Path
    record: Path
    files: tuple[Path, ...]
    bindings: BindingModules = field(default_factory=BindingModules)
    selection: Selection = field(default_factory=Selection)
    limit: float = LIMIT_S

    def write(self, file: Path) -> None:
        """As JSON, for the process that runs it."""
        files = tuple(str(path) for path in self.files)
        chosen = self.selection
        selection = SelectionRecord(chosen.paths, chosen.keyword, chosen.tags, chosen.shard)
        folders = {name: str(folder) for name, folder in self.bindings.folders.items()}
        plan = _PlanFile(str(self.root), str(self.record), files, self.bindings.names, selection, self.limit, folders)
        write_atomically(file, (json.dumps(msgspec.to_builtins(plan), indent=1, sort_keys=True) + "\n").encode())

    @classmethod
    def read(cls, file: Path) -> "Plan":
        """The plan that another process has written.

        Raises:
            PlanError: the file cannot be read, or is no plan.
        """
        try:
            plan = msgspec.convert(json.loads(file.read_text(encoding="utf-8")), _PlanFile)  # a path need not be UTF-8
        except msgspec.ValidationError as error:
            raise PlanError(file, mismatch(error, "the file")) from None
        except (OSError, ValueError, RecursionError) as error:
            raise PlanError(file, str(error)) from None
        chosen = plan.selection
        selection = Selection(chosen.paths, chosen.keyword, chosen.tags, None if chosen.shard is UNSET else chosen.shard)
        bindings = BindingModules(plan.bindings, {name: Path(folder) for name, folder in plan.folders.items()})
        return cls(Path(plan.root), Path(plan.record), tuple(map(Path, plan.files)), bindings, selection, plan.limit)

"""The plan of a run: what the process that runs it is asked to do. Light, for whoever starts a run loads nothing that runs."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict

from sop_engine import SopError
from sop_engine.checking import problem
from sop_engine.run_record import Selected
from steps.limit import LIMIT_S
from steps.selection import Selection
from steps.whole import write_whole

BINDING_MODULES = ("steps.cancellation", "steps.order_life", "steps.returns", "steps.vms_reports", "steps.simulated_weeks")
"""The modules that bind the sentences of the specification."""


class PlanError(SopError):
    """A file that is not the plan of a run."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: not the plan of a run ({reason}); run `sop verify` again")


class Told(TypedDict):
    """A plan as JSON."""

    root: str
    record: str
    files: list[str]
    bindings: list[str]
    selection: Selected
    limit: float | int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do.

    *root* is the folder that paths are told from, *record* the file to write, *limit* the seconds a scenario may take.
    """

    root: Path
    record: Path
    files: tuple[Path, ...]
    bindings: tuple[str, ...] = BINDING_MODULES
    selection: Selection = field(default_factory=Selection)
    limit: float = LIMIT_S

    def write(self, file: Path) -> None:
        """As JSON, for the process that runs it."""
        plain = {**asdict(self), "root": str(self.root), "record": str(self.record), "files": [str(path) for path in self.files]}
        write_whole(file, (json.dumps(plain, indent=1, sort_keys=True) + "\n").encode())

    @classmethod
    def read(cls, file: Path) -> "Plan":
        """The plan that another process has written.

        Raises:
            PlanError: the file cannot be read, or is no plan.
        """
        try:
            plain = json.loads(file.read_text(encoding="utf-8"))
            reason = problem(plain, Told)
        except (OSError, ValueError, RecursionError) as error:
            plain, reason = None, str(error)
        if reason is not None:
            raise PlanError(file, reason)
        chosen = plain["selection"]
        paths = None if chosen["paths"] is None else tuple(chosen["paths"])
        return cls(
            Path(plain["root"]), Path(plain["record"]), tuple(map(Path, plain["files"])), tuple(plain["bindings"]),
            Selection(paths, chosen["keyword"], chosen["tags"], chosen.get("shard")), plain["limit"],
        )  # fmt: skip

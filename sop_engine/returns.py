"""Returns: what a seller may do about a returned unit, and where the unit goes."""

from dataclasses import dataclass
from enum import StrEnum

from sop_engine.decision import Reading, Task


class QualityCheck(StrEnum):
    """The quality check of one returned unit; recording it makes the return successfully processed (GAP-42)."""

    NOT_RECORDED = "not recorded"
    PASS = "pass"  # noqa: S105 (the result of a check)
    FAIL = "fail"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """What the SOP says of one returned unit.

    Attributes:
        tasks: in SOP order; ``None`` is open.
        stock: ``saleable``, ``quarantine``, or ``None`` where no unit arrived or nothing is decided yet.
        offline_claim: whether the unit is settled with Ajio outside the systems (GAP-42).
        by_hand: whether the tasks are done by hand.
    """

    quality_check: QualityCheck
    reading: Reading
    tasks: tuple[Task, ...] | None
    clauses: tuple[str, ...]
    gaps: tuple[str, ...]
    stock: str | None
    offline_claim: bool
    by_hand: bool

    def to_plain(self) -> dict[str, object]:
        """All of it, ready for JSON."""
        return {
            "quality_check": str(self.quality_check),
            "reading": str(self.reading),
            "tasks": None if self.tasks is None else [task.to_plain() for task in self.tasks],
            "clauses": list(self.clauses),
            "gaps": list(self.gaps),
            "stock": self.stock,
            "offline_claim": self.offline_claim,
            "by_hand": self.by_hand,
        }

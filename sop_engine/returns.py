"""Returns: the tasks of the seller for a returned unit, and where the unit goes."""

from dataclasses import dataclass
from enum import StrEnum

from sop_engine.decision import Answer, Reading


class QualityCheck(StrEnum):
    """The quality check of one returned unit; only with a pass is the return successfully processed by the text (GAP-42)."""

    NOT_RECORDED = "not recorded"
    PASS = "pass"  # noqa: S105 (the result of a check)
    FAIL = "fail"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReturnDecision(Answer):
    """The answer to one returned unit; its outcome is always unspecified, because a return is not a request.

    Attributes:
        stock: ``saleable``, ``quarantine``, or ``None`` if no unit arrived or nothing is decided yet.
        offline_claim: whether the unit is settled with Ajio outside the systems (GAP-42).
    """

    quality_check: QualityCheck = QualityCheck.NOT_RECORDED
    reading: Reading = Reading.AS_PRACTISED
    stock: str | None = None
    offline_claim: bool = False

    @property
    def by_hand(self) -> bool:
        """Return whether the tasks are done by hand."""
        return bool(self.manner)

    def to_plain(self) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        return {
            "quality_check": str(self.quality_check),
            "reading": str(self.reading),
            **self.answered(),
            "stock": self.stock,
            "offline_claim": self.offline_claim,
            "by_hand": self.by_hand,
        }

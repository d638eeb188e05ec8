"""Returns: the tasks of the seller for a returned unit, and where the unit goes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from sop_engine.decision import Answer, Reading
from sop_engine.statement import Gap


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

    @classmethod
    def of(cls, answer: Answer, gaps: Sequence[Gap], check: QualityCheck, reading: Reading) -> "ReturnDecision":
        """Return *answer*, which has the tasks, with the place of the unit; the gap that decides the place has a part in the answer."""
        dispositions = {}
        if reading is Reading.AS_PRACTISED:
            dispositions = {entry.quality_check: (gap.id, entry) for gap in gaps for entry in gap.dispositions}
        by, place = dispositions.get(check, ("", None))
        return cls(
            **{part.name: getattr(answer, part.name) for part in fields(Answer) if part.name != "gaps"},
            gaps=tuple(gap.id for gap in gaps if gap.id in {*answer.gaps, by}),
            quality_check=check,
            reading=reading,
            stock=place.stock if place is not None and place.stock != "none" else None,
            offline_claim=place is not None and place.offline_claim,
        )

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

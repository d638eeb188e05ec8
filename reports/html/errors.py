"""The one error of this package, worded for the person who has to act on it."""

from sop_engine import SopError


class ReportError(SopError):
    """The document cannot be written; says where, why, and what to do."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy

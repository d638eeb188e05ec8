"""The error of this package."""

from sop_engine import SopError


class ReportError(SopError):
    """The document cannot be written; the message has place, reason and remedy."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy

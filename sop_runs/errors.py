"""Errors of this package."""

from sop_engine import SopError


class RunRecordError(SopError):
    """A run record that cannot be used; with place, reason and remedy."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy

"""Errors of this package."""

from sop_engine import SopError
from sop_engine.text import visible


class RunRecordError(SopError):
    """A run record that cannot be used; with place, reason and remedy."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        self.place = place
        self.reason = visible(reason)
        super().__init__(f"{place}: {self.reason}; {remedy}")
        self.remedy = remedy

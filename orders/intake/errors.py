"""Errors of the intake that concern a whole file or the mapping; errors of single rows are in `orders.intake.reasons`."""

from sop_engine import SopError
from sop_engine.text import path_shown, visible


class IntakeError(SopError):
    """A file or mapping that cannot be used, in one line: place, reason and remedy."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        self.place, self.reason, self.remedy = place, visible(reason), remedy
        super().__init__(f"{path_shown(place)}: {self.reason}; {remedy}")


class EncodingError(IntakeError):
    """A text file that is not in UTF-8, and whose encoding is not declared."""


class NoHeaderError(IntakeError):
    """A sheet without the header of its mapping."""


class DoubledNameError(IntakeError):
    """A header that has the name of a column of the mapping, *target*, twice."""

    def __init__(self, place: str, reason: str, remedy: str, target: str) -> None:
        super().__init__(place, reason, remedy)
        self.target = target


class ConservationError(Exception):
    """Rows of a file were lost or counted twice: an internal error."""

    def __init__(self, name: str, expected: int, counted: int) -> None:
        super().__init__(f"{name}: the states of {counted:,} rows add up to another number than the {expected:,} rows of the file")

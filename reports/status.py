"""The statuses a reader meets: a symbol and a word each, and how several become one."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from sop_engine.run_record import Scenario


class Status(StrEnum):
    """What became of an example, a clause or a cell; worst first."""

    FAILED = "failed"
    NOT_RUN = "not run"
    KNOWN = "known failure"
    NO_EXAMPLE = "no example"
    SILENT = "silent"
    PASSED = "passed"
    NOT_OPERATIVE = "not operative"

    @property
    def symbol(self) -> str:
        """A mark that needs no colour."""
        return _SYMBOLS[self]

    @property
    def slug(self) -> str:
        """The status as a class name."""
        return self.value.replace(" ", "-")


_SYMBOLS = {
    Status.FAILED: "✗",
    Status.NOT_RUN: "○",
    Status.KNOWN: "!",
    Status.NO_EXAMPLE: "∅",
    Status.SILENT: "?",
    Status.PASSED: "✓",
    Status.NOT_OPERATIVE: "·",
}

_WORST_FIRST = tuple(Status)
_RUN = {"passed": Status.PASSED, "not-run": Status.NOT_RUN, "skipped": Status.NOT_RUN}


def status_of(word: str | None) -> Status:
    """A record's word as a status: whatever is neither passed nor left out has failed; None did not run."""
    return Status.NOT_RUN if word is None else _RUN.get(word, Status.FAILED)


KNOWN_FAILURE = "@expected-to-fail"
"""The tag of an example that its author expects to fail."""


def status_of_run(run: Scenario | None) -> Status:
    """What became of an example: one that fails as its author says is a known failure, and one that then passes has failed."""
    status = status_of(run["status"] if run else None)
    if run is None or KNOWN_FAILURE not in run["tags"] or status is Status.NOT_RUN:
        return status
    return Status.KNOWN if run["status"] == "failed" else Status.FAILED


def worst(statuses: Iterable[Status]) -> Status:
    """Of several, the one to show: one failure outweighs everything, one missing run all passes."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), Status.NO_EXAMPLE)


def tally(statuses: Iterable[Status]) -> tuple[tuple[Status, int], ...]:
    """How many of each, worst first, without the absent ones."""
    counts = Counter(statuses)
    return tuple((status, counts[status]) for status in Status if counts[status])


def counted(number: int, noun: str) -> str:
    """``1 example``, ``2 examples``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_words(statuses: Iterable[Status], noun: str = "example") -> str:
    """``3 examples passed``; ``1 of 3 examples failed, 1 not run``."""
    counts = tally(statuses)
    total = sum(number for _, number in counts)
    if not total:
        return f"no {noun} yet"
    if len(counts) == 1:
        return f"{counted(total, noun)} {_became(counts[0][0])}"
    (status, number), *rest = counts
    others = "".join(f", {count} {_became(word)}" for word, count in rest)
    return f"{number} of {counted(total, noun)} {_became(status)}{others}"


def _became(status: Status) -> str:
    """The status as what became of examples: ``failed as expected``."""
    return "failed as expected" if status is Status.KNOWN else status.value

"""The statuses that pages show: a symbol and a word each, and how several become one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sop_engine.text import counted
from sop_runs.record.schema import Claim, ScenarioRecord, StepRecord
from sop_runs.record.status import NOT_RUN, NOT_SUPPORTED, OTHER_VERSION, PASSED, SKIPPED, as_expected, expected_to_fail, holds, ran


class Status(StrEnum):
    """Status of an example, a clause or a cell; worst first."""

    FAILED = "failed"
    NOT_RUN = "not run"
    NOT_SUPPORTED = "not supported"
    KNOWN = "known failure"
    NO_EXAMPLE = "no example"
    SILENT = "open question"
    PASSED = "passed"
    NOT_OPERATIVE = "not operative"
    OTHER_VERSION = "not of this version"

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
    Status.NOT_SUPPORTED: "⊖",
    Status.KNOWN: "!",
    Status.NO_EXAMPLE: "∅",
    Status.SILENT: "?",
    Status.PASSED: "✓",
    Status.NOT_OPERATIVE: "·",
    Status.OTHER_VERSION: "~",
}

_WORST_FIRST = tuple(Status)


def status_of_step(scenario: ScenarioRecord, step: StepRecord) -> Status:
    """Map the result of *step* in *scenario*; a step of which a claim does not hold has failed, whatever its status says."""
    if step.status in {NOT_RUN, SKIPPED}:
        return Status.NOT_RUN
    if step.status == NOT_SUPPORTED:
        return Status.NOT_SUPPORTED
    return Status.PASSED if step.status == PASSED and all(map(holds, claims_of(scenario, step))) else Status.FAILED


def status_of_run(scenario: ScenarioRecord | None) -> Status:
    """Map the result of an example: not run, not supported, passed, failed as its author expects, or failed."""
    if scenario is not None and scenario.status == OTHER_VERSION:
        return Status.OTHER_VERSION
    if scenario is not None and scenario.status == NOT_SUPPORTED:
        return Status.NOT_SUPPORTED
    if scenario is None or not ran(scenario):
        return Status.NOT_RUN
    if not as_expected(scenario):
        return Status.FAILED
    return Status.KNOWN if expected_to_fail(scenario) else Status.PASSED


def claims_of(scenario: ScenarioRecord, step: StepRecord) -> list[Claim]:
    """The claims of *step*."""
    return [scenario.claims[index] for index in step.claims]


def have_several_subjects(claims: Sequence[Claim]) -> bool:
    """Return whether *claims*, those of one step, are about several situations; the failure is then in the step's message, not in a cell."""
    return any(claim.subject != claims[0].subject for claim in claims)


def worst(statuses: Iterable[Status]) -> Status:
    """Return the status to show for several: a failure comes first, then a missing run, then a pass."""
    present = set(statuses)
    if len(present) == 1:
        return present.pop()
    return next((status for status in _WORST_FIRST if status in present), Status.NO_EXAMPLE)


def tally(statuses: Iterable[Status]) -> tuple[tuple[Status, int], ...]:
    """Count each status, worst first; statuses that do not occur are left out."""
    counts = Counter(statuses)
    return tuple((status, counts[status]) for status in Status if counts[status])


def statuses_in_words(statuses: Iterable[Status], noun: str = "example") -> str:
    """``3 examples passed``; ``1 of 3 examples failed, 1 not run``."""
    counts = tally(statuses)
    total = sum(number for _, number in counts)
    if not total:
        return f"no {noun} yet"
    if len(counts) == 1:
        return f"{counted(total, noun)} {_became(counts[0][0])}"
    (status, number), *rest = counts
    other_counts = "".join(f", {count} {_became(word)}" for word, count in rest)
    return f"{number} of {counted(total, noun)} {_became(status)}{other_counts}"


def _became(status: Status) -> str:
    """The status as the result of examples: ``failed as expected``."""
    return "failed as expected" if status is Status.KNOWN else status.value

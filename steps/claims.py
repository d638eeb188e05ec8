"""Claims: what a scenario asserts of the system under test, recorded as it is checked.

A binding asserts through `Claims.check` and nothing else; coverage, mutation and the living document count claims.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sop_engine import Reading

Plain = object
"""Anything JSON can say."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One check: of what (`subject`), under which reading, which part of the answer (`facet`), and whether it holds.

    `cell` is the row and column (from 0) of the step's data table where the check belongs to a cell; `step` is the
    number (from 0) of the step in its scenario.
    """

    subject: Mapping[str, Plain]
    reading: str
    facet: str
    expected: Plain
    actual: Plain
    step: int
    cell: tuple[int, int] | None = None

    @property
    def holds(self) -> bool:
        """Whether what is expected is what was found."""
        return self.expected == self.actual

    @property
    def sentence(self) -> str:
        """The difference, for an analyst."""
        return f"{self.facet} of {in_words(self.subject)}: expected {_shown(self.expected)}, got {_shown(self.actual)}"

    def to_plain(self) -> dict[str, Plain]:
        """The claim, ready for JSON."""
        return {
            "subject": dict(self.subject),
            "reading": self.reading,
            "facet": self.facet,
            "expected": self.expected,
            "actual": self.actual,
            "holds": self.holds,
            "cell": None if self.cell is None else list(self.cell),
            "step": self.step,
        }


class ClaimError(AssertionError):
    """Claims that do not hold; `claims` are all of them."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        super().__init__("\n".join(claim.sentence for claim in claims))
        self.claims = tuple(claims)


@dataclass
class Claims:
    """The claims of one scenario, in the order they were made. `step` is set by whoever runs the steps."""

    made: list[Claim] = field(default_factory=list)
    step: int = 0

    def check(  # noqa: PLR0913 (a claim has this many parts)
        self,
        subject: Mapping[str, Plain],
        facet: str,
        expected: Plain,
        actual: Plain,
        *,
        reading: Reading | str = Reading.AS_PRACTISED,
        cell: tuple[int, int] | None = None,
    ) -> None:
        """Record that *facet* of *subject* is *expected*.

        Raises:
            ClaimError: it is *actual* instead.
        """
        claim = Claim(subject, str(reading), facet, expected, actual, self.step, cell)
        self.made.append(claim)
        if not claim.holds:
            raise ClaimError([claim])

    def check_all(
        self,
        subject: Mapping[str, Plain],
        checks: Sequence[tuple[str, Plain, Plain] | tuple[str, Plain, Plain, tuple[int, int]]],
        *,
        reading: Reading | str = Reading.AS_PRACTISED,
    ) -> None:
        """Record several checks (facet, expected, actual, and perhaps the cell) of one subject, and raise once.

        Raises:
            ClaimError: with every one that does not hold.
        """
        claims = [
            Claim(subject, str(reading), facet, expected, actual, self.step, *cell) for facet, expected, actual, *cell in checks
        ]
        self.made.extend(claims)
        wrong = [claim for claim in claims if not claim.holds]
        if wrong:
            raise ClaimError(wrong)


def in_words(subject: Mapping[str, Plain]) -> str:
    """What a claim speaks of: the kind and its facts."""
    facts = subject.get("facts")
    if isinstance(facts, Mapping) and facts:
        return f"{subject.get('kind', 'case')} {' / '.join(str(value) for value in facts.values())}"
    named = subject.get("name") or subject.get("id")
    return f"{subject.get('kind', 'case')}{f' {named}' if named else ''}"


def _shown(value: Plain) -> str:
    if value is None:
        return "an open question"
    if isinstance(value, (list, tuple)):
        return "; ".join(" ".join(map(str, entry)) if isinstance(entry, (list, tuple)) else str(entry) for entry in value) or "nothing"
    return str(value)

"""Claims: assertions of an example about the system under test, recorded when they are checked.

Step definitions assert only through `Claims.check`, `check_all` and `check_each`; coverage, mutation and the living document count claims.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sop_engine import Reading
from sop_runs.record.reader import encode
from sop_runs.record.schema import Claim
from sop_runs.record.status import same_json
from steps.support.claim_messages import differences

Plain = object
"""Any JSON value."""
_sorted_json = json.JSONEncoder(sort_keys=True, allow_nan=False).encode
_unsorted_json = json.JSONEncoder(allow_nan=False).encode


def _as_recorded(value: Plain) -> Plain:
    """Return *value* as a reader of the record gets it.

    Raises:
        TypeError, ValueError: it cannot be written as JSON.
    """
    return msgspec.json.decode(encode(json.loads(_sorted_json(value))))


class ClaimError(AssertionError):
    """Some of the claims that were checked together do not hold; `claims` has those."""

    def __init__(self, checked: Sequence[Claim]) -> None:
        super().__init__("\n".join(differences(checked)))
        self.claims = tuple(claim for claim in checked if not claim.holds)


Check = tuple[str, Plain, Plain] | tuple[str, Plain, Plain, tuple[int, int]]
"""Facet, expected value, actual value, and optionally the cell of a data table (row, column)."""


NOT_LOOKED_AT = "no Then before the next When checks its result; add one, or make the When a Given"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a When tried. Without a claim of its result, the example would pass with any result.

    Attributes:
        step: index of the When in its example.
        first_claim: number of claims made before the attempt.
        facets: facets of which a Then must claim one; if empty, any claim is enough.
        result: the result of the attempt, for the Thens.
        advice: what is wrong if no Then makes such a claim, and what to do.
    """

    step: int
    first_claim: int
    facets: frozenset[str]
    result: object
    advice: str


@dataclass
class Claims:
    """The claims of one example. The executor sets *step*, the index of the current step."""

    step: int = 0
    _entries: list[Claim] = field(default_factory=list)
    _attempts: list[Attempt] = field(default_factory=list)

    @property
    def entries(self) -> tuple[Claim, ...]:
        """The claims in the order in which they were made; a step definition can only add to them."""
        return tuple(self._entries)

    def attempt(self, *facets: str, result: object = None, advice: str = NOT_LOOKED_AT) -> None:
        """Record an attempt: a Then must claim one of *facets* (any claim, if none is named) before the next attempt.

        *advice* says what is wrong without such a claim, and what to do. The Thens get *result* with `latest_result`.
        """
        self._attempts.append(Attempt(self.step, len(self._entries), frozenset(facets), result, advice))

    def latest_result(self) -> object:
        """Return the result of the latest attempt; None if there is no attempt."""
        return self._attempts[-1].result if self._attempts else None

    def unclaimed_attempts(self) -> Iterator[Attempt]:
        """Yield the attempts whose result no claim is about: none of those made after it and before the next attempt."""
        ends = [*(attempt.first_claim for attempt in self._attempts[1:]), len(self._entries)]
        for attempt, end in zip(self._attempts, ends, strict=False):
            facets = {claim.facet for claim in self._entries[attempt.first_claim : end]}
            if not (facets & attempt.facets if attempt.facets else facets):
                yield attempt

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
        """Check and record that *facet* of *subject* is *expected*. Values are compared as JSON: ``1`` is neither ``true`` nor ``"1"``.

        Raises:
            ClaimError: *actual* differs from *expected*.
            TypeError: a value cannot be written as JSON.
        """
        self._check([self._claim(subject, (facet, expected, actual), reading, cell)])

    def check_all(
        self,
        subject: Mapping[str, Plain],
        checks: Sequence[Check],
        *,
        reading: Reading | str = Reading.AS_PRACTISED,
    ) -> None:
        """Check and record several facets of one subject, and raise once.

        Raises:
            ClaimError: some do not hold; the error has all of these.
        """
        self.check_each([(subject, checks)], reading=reading)

    def check_each(
        self,
        subjects: Sequence[tuple[Mapping[str, Plain], Sequence[Check]]],
        *,
        reading: Reading | str = Reading.AS_PRACTISED,
    ) -> None:
        """Check and record several facets of each of several subjects, and raise once.

        Raises:
            ClaimError: some do not hold; the error has all of these.
        """
        self._check([
            self._claim(subject, check[:3], reading, check[3] if len(check) > 3 else None)  # noqa: PLR2004
            for subject, checks in subjects
            for check in checks
        ])  # fmt: skip

    def _claim(
        self, subject: Mapping[str, Plain], check: tuple[str, Plain, Plain], reading: Reading | str, cell: tuple[int, int] | None
    ) -> Claim:
        facet, *values = check
        expected, actual = map(_as_recorded, values)
        about = json.loads(_unsorted_json(subject))  # in the order of the facts
        return Claim(about, str(reading), facet, expected, actual, same_json(expected, actual), self.step, cell)

    def _check(self, claims: Sequence[Claim]) -> None:
        self._entries.extend(claims)
        if not all(claim.holds for claim in claims):
            raise ClaimError(claims)

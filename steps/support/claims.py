"""Claims: assertions of an example about the system under test, recorded when they are checked.

Step definitions assert only through `Claims.check`, `check_all` and `check_each`; coverage, mutation and the living document count claims.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import is_

import msgspec

from sop_engine import Reading
from sop_runs.claim_messages import differences
from sop_runs.record.reader import encode
from sop_runs.record.schema import Claim
from sop_runs.record.status import same_json

Plain = object
"""Any JSON value."""
_sorted_json = json.JSONEncoder(sort_keys=True, allow_nan=False).encode
_unsorted_json = json.JSONEncoder(allow_nan=False).encode
_MOST = 2**53


def _is_simple(value: Plain) -> bool:
    """Return whether a reader of the record gets *value* as it is: a text without special characters, a usual number, true, false or null."""
    kind = type(value)
    if kind is str:
        return value.isascii()  # type: ignore[attr-defined, no-any-return]
    return kind is bool or value is None or (kind is int and -_MOST < value < _MOST)  # type: ignore[operator]


def _as_recorded(value: Plain) -> Plain:
    """Return *value* as a reader of the record gets it.

    Raises:
        TypeError, ValueError: it cannot be written as JSON.
    """
    if _is_simple(value):
        return value
    return msgspec.json.decode(encode(json.loads(_sorted_json(value))))


def _check_types(subject: object, facet: object, cell: object) -> None:
    """Refuse a claim that the record could not be read with.

    Raises:
        TypeError: *subject* is no dictionary with texts as keys, *facet* no text, or *cell* no row and column.
    """
    if not isinstance(subject, dict) or not all(isinstance(key, str) for key in subject):
        raise TypeError(f"the subject of a claim is {subject!r}; write a dictionary with texts as keys, such as {{'kind': 'order'}}")
    if not isinstance(facet, str):
        raise TypeError(f"the facet of a claim is {facet!r}; write a text, such as 'outcome'")
    if cell is not None and not (isinstance(cell, tuple) and [type(number) for number in cell] == [int, int]):
        raise TypeError(f"the cell of a claim is {cell!r}; write its row and column, such as (1, 2)")


class ClaimError(AssertionError):
    """Some of the claims that were checked together do not hold; `claims` has those."""

    def __init__(self, checked: Sequence[Claim]) -> None:
        super().__init__("\n".join(differences(checked)))
        self.claims = tuple(claim for claim in checked if not claim.holds)


Check = tuple[str, Plain, Plain] | tuple[str, Plain, Plain, tuple[int, int]]
"""Facet, expected value, actual value, and optionally the cell of a data table (row, column)."""


NO_CLAIM = "this Then made no claim, so nothing was checked; its step definition must compare with `claims.check(…)`"
WITHDRAWN = "the step definition removed or changed a claim that was made before; claims can only be added, with `claims.check(…)`"
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


@dataclass(slots=True)
class Claims:
    """The claims of one example. *step* is the index of the current step; with *collects*, a false claim raises nothing."""

    step: int = 0
    collects: bool = False
    _entries: list[Claim] = field(default_factory=list)
    _attempts: list[Attempt] = field(default_factory=list)
    _seal: Callable[[Claim | Attempt], None] | None = None

    @property
    def entries(self) -> tuple[Claim, ...]:
        """The claims in the order in which they were made; a step definition can only add to them."""
        return tuple(self._entries)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts in the order in which they were made."""
        return tuple(self._attempts)

    @property
    def has_attempts(self) -> bool:
        """Whether an attempt was made."""
        return bool(self._attempts)

    def attempt(self, *facets: str, result: object = None, advice: str = NOT_LOOKED_AT) -> None:
        """Record an attempt: a Then must claim one of *facets* (any claim, if none is named) before the next attempt.

        *advice* says what is wrong without such a claim, and what to do. The Thens get *result* with `latest_result`.
        """
        attempt = Attempt(self.step, len(self._entries), frozenset(facets), result, advice)
        self._attempts.append(attempt)
        if self._seal is not None:
            self._seal(attempt)

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
            TypeError: a value cannot be written as JSON, or *subject*, *facet* or *cell* has another type.
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
        _check_types(subject, facet, cell)
        expected, actual = map(_as_recorded, values)
        plain = dict(subject)  # in the order of the facts
        about = plain if all(map(_is_simple, chain(plain, plain.values()))) else json.loads(_unsorted_json(plain))
        return Claim(about, str(reading), facet, expected, actual, same_json(expected, actual), self.step, cell)

    def _check(self, claims: Sequence[Claim]) -> None:
        self._entries.extend(claims)
        if self._seal is not None:
            for claim in claims:
                self._seal(claim)
        if not self.collects and not all(claim.holds for claim in claims):
            raise ClaimError(claims)


class Seal:
    """Second copy of the claims and attempts of one example, kept by the caller of its step definitions.

    Claims are only added. A step definition that withdraws or changes one makes `is_broken` true; `entries` still has every claim
    as it was made. `claims` is the object for the step definitions.
    """

    def __init__(self, *, collects: bool = False, earlier: "Seal | None" = None) -> None:
        entries: list[Claim] = list(earlier.entries) if earlier is not None else []
        attempts: list[Attempt] = list(earlier.claims.attempts) if earlier is not None else []
        texts = list(map(encode, entries))

        self._is_broken: bool = False
        self._step: int = 0

        def add(made: Claim | Attempt) -> None:
            self._is_broken = self._is_broken or made.step != self._step
            if isinstance(made, Attempt):
                attempts.append(made)
            else:
                entries.append(made)
                texts.append(encode(made))

        self._add, self._entries, self._attempts, self._texts = add, entries, attempts, texts
        self.claims: Claims = Claims(0, collects, list(entries), list(attempts), add)

    def begin(self, step: int) -> None:
        """Begin the step with the index *step*."""
        self.claims.step = self._step = step

    @property
    def step(self) -> int:
        """The index of the current step."""
        return self._step

    @property
    def entries(self) -> Sequence[Claim]:
        """Every claim as it was made, in order."""
        return [msgspec.json.decode(text, type=Claim) for text in self._texts] if self._is_broken else self._entries

    def is_broken(self, *, thorough: bool = True) -> bool:
        """Return whether a step definition has withdrawn or changed a claim or an attempt, or its place.

        Unless *thorough*, a change of the values of a claim is not looked for.
        """
        self._is_broken = self._is_broken or not self._is_whole(thorough)
        return self._is_broken

    def _is_whole(self, thorough: bool) -> bool:  # noqa: FBT001 (of this class alone)
        claims = self.claims
        try:
            made, attempts = claims._entries, claims._attempts  # noqa: SLF001 (of this module)
            if claims._seal is not self._add or claims.step != self._step:  # noqa: SLF001 (of this module)
                return False
            if len(made) != len(self._entries) or len(attempts) != len(self._attempts):
                return False
            same = all(map(is_, made, self._entries)) and all(map(is_, attempts, self._attempts))
            return same and (not thorough or list(map(encode, made)) == self._texts)
        except Exception:  # noqa: BLE001 (an attribute was deleted or replaced by something else)
            return False

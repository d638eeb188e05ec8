"""Claims: what a scenario asserts of the system under test, recorded as it is checked.

A binding asserts through `Claims.check` and nothing else; coverage, mutation and the living document count claims.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sop_engine import Reading
from sop_engine.register import FACTS_OF
from sop_runs.schema import Claim

Plain = object
"""Anything JSON can say."""
_sorted = json.JSONEncoder(sort_keys=True, allow_nan=False).encode
_as_given = json.JSONEncoder(allow_nan=False).encode


class ClaimError(AssertionError):
    """Claims that do not hold; *claims* are all of them."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        super().__init__("\n".join(map(difference, claims)))
        self.claims = tuple(claims)


Check = tuple[str, Plain, Plain] | tuple[str, Plain, Plain, tuple[int, int]]
"""Facet, expected, actual, and perhaps the cell."""


@dataclass
class Claims:
    """The claims of one scenario, in the order they were made. *step* is set by whoever runs the steps."""

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
        """Record that *facet* of *subject* is *expected*. Values are compared as JSON: ``1`` is neither ``true`` nor ``"1"``.

        Raises:
            ClaimError: it is *actual* instead.
            TypeError: a value cannot be said in JSON.
        """
        self._check([self._claim(subject, (facet, expected, actual), reading, cell)])

    def check_all(
        self,
        subject: Mapping[str, Plain],
        checks: Sequence[Check],
        *,
        reading: Reading | str = Reading.AS_PRACTISED,
    ) -> None:
        """Record several checks of one subject, and raise once.

        Raises:
            ClaimError: with every one that does not hold.
        """
        self._check([self._claim(subject, check[:3], reading, check[3] if len(check) > 3 else None) for check in checks])  # noqa: PLR2004

    def _claim(
        self, subject: Mapping[str, Plain], check: tuple[str, Plain, Plain], reading: Reading | str, cell: tuple[int, int] | None
    ) -> Claim:
        facet, *values = check
        expected, actual = map(_sorted, values)
        about = json.loads(_as_given(subject))  # in the order of the facts
        return Claim(about, str(reading), facet, json.loads(expected), json.loads(actual), expected == actual, self.step, cell)

    def _check(self, claims: Sequence[Claim]) -> None:
        self.made.extend(claims)
        wrong = [claim for claim in claims if not claim.holds]
        if wrong:
            raise ClaimError(wrong)


def difference(claim: Claim) -> str:
    """What was expected of a claim and what came, for an analyst."""
    return f"the {claim.facet} of {in_words(claim.subject)}: expected {shown(claim.expected)}, got {shown(claim.actual)}"


def in_words(subject: Mapping[str, Plain]) -> str:
    """What a claim speaks of: the facts of a case in their order, which a record does not keep; anything else with its kind in front."""
    kind = str(subject.get("kind", "case"))
    facts = subject.get("facts")
    if isinstance(facts, Mapping) and facts:
        known = [name for name in FACTS_OF.get(kind, ()) if name in facts]
        told = " / ".join(str(facts[name]) for name in dict.fromkeys((*known, *facts)))
        return told if kind == "case" else f"{kind} {told}"
    named = subject.get("name") or subject.get("id")
    return f"{kind} {named}" if named else f"the {kind}"


def shown(value: Plain) -> str:
    """A plain value as an analyst would write it."""
    if value is None:
        return "an open question"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(entry)}" for key, entry in value.items()) or "nothing"
    if isinstance(value, (list, tuple)):
        return "; ".join(" ".join(map(str, entry)) if isinstance(entry, (list, tuple)) else shown(entry) for entry in value) or "nothing"
    return str(value) if value != "" else "nothing"

"""Attempts: what the Whens of an example try, and which of them have a result that no Then claims.

A request can be refused and a step can be impossible. So a result that no Then claims could be any: the example would pass whatever
came of the attempt. Each attempt needs its own claim, before the next attempt begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sop_runs.record.schema import Claim

NO_CLAIM = "no Then before the next When looks at what came of it; add one, or make the When a Given"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a When.

    Attributes:
        step: index of the When in its example.
        first_claim: number of claims made before the attempt.
        facets: facets of which a Then must claim one; if empty, any claim is enough.
        result: what came of the attempt, for the Thens.
        advice: what is wrong if no Then makes such a claim, and what to do.
    """

    step: int
    first_claim: int
    facets: frozenset[str]
    result: object
    advice: str


def unclaimed(attempts: Sequence[Attempt], claims: Sequence[Claim]) -> Iterator[Attempt]:
    """Yield the attempts whose result none of *claims* is about: those made after the attempt and before the next one."""
    ends = [*(attempt.first_claim for attempt in attempts[1:]), len(claims)]
    for attempt, end in zip(attempts, ends, strict=False):
        facets = {claim.facet for claim in claims[attempt.first_claim : end]}
        if not (facets & attempt.facets if attempt.facets else facets):
            yield attempt

"""Two changes of the rulebook at once: samples of second-order mutants, for tests only."""

import random
from collections.abc import Iterator

from sop_engine.mutation import Mutant, _MutantEvaluator, changes_of
from sop_engine.verification import Proof


def second_order(proof: Proof, count: int, seed: int = 1) -> Iterator[Mutant]:
    """Yield *count* mutants with two independent first-order changes each, drawn from *seed*."""
    bench = _MutantEvaluator(proof)
    single = [changes for changes in changes_of(proof.rulebook) if len(changes) == 1]
    rng = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    while count:
        first, second = rng.sample(single, 2)
        if first[0].id != second[0].id:
            count -= 1
            yield bench.mutant((*first, *second))

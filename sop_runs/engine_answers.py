"""Claims of a run record compared with the answers of the engine.

The value of a claim about a case or a returned unit can be computed again, without a run. A record that has another value was not
written by a run of the present engine.
"""

from collections.abc import Iterator, Mapping

import msgspec

from sop_engine import EInvoice, ReturnDecision, Stage, load_rulebook
from sop_engine.decision import Answer
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_runs.change.answers import situation_of
from sop_runs.mutation_score import AS_FOR, JUDGED_FACETS, facet_value
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Claim
from sop_runs.record.status import same_json
from sop_runs.record.verdict import Reason, ReasonKind

_NOT_COMPUTED = object()
"""The value of a facet that only the step definitions of a user have."""
_WORDS_OF_ORDERS = {"stage": frozenset(Stage), "e-invoice": frozenset(EInvoice)}
"""The words that can be the value of a facet of an order; its history is not in the record, so the value is not computed."""


def other_answers(record: RunRecord) -> Iterator[Reason]:
    """Yield a reason for each value in a claim of *record* that is not the answer of the engine; none for a record of another rulebook."""
    if record.head.rulebook.sha256 != load_rulebook().sha256:
        return
    for scenario in record.scenarios:
        for claim in scenario.claims:
            for detail in (*_unknown_words(claim), *_other_values(claim)):
                yield Reason(ReasonKind.OTHER_ANSWER, path=f"{scenario.feature}:{scenario.place}", detail=detail)


def _unknown_words(claim: Claim) -> Iterator[str]:
    """Yield what *claim* says in words that the engine does not have."""
    kind, facts = claim.subject.get("kind"), claim.subject.get("facts")
    if kind in FACTS_OF and isinstance(facts, Mapping) and facts.keys() == FACTS_OF[str(kind)].keys() and situation_of(claim) is None:
        yield f"there is no {kind} {' / '.join(map(str, facts.values()))} with the reading {claim.reading}"
    words = _WORDS_OF_ORDERS.get(claim.facet) if kind == "order" else None
    if words is not None and not (isinstance(claim.actual, str) and claim.actual in words):
        yield f"the actual {claim.facet} of an order is {_text(claim.actual)}, which is none of {', '.join(sorted(words))}"


def _other_values(claim: Claim) -> Iterator[str]:
    """Yield each value of *claim* that is another than the engine's, with both.

    The expected value of a passed claim is also its actual value. Of a claim that an answer equals that of another stage, it is the
    answer at that stage.
    """
    key = situation_of(claim)
    if key is None:
        return
    facet, _, stage = claim.facet.partition(AS_FOR)
    kind, reading, values = key
    facts = dict(zip(FACTS_OF[kind], values, strict=True))
    at_stage = (kind, reading, tuple((facts | {"stage": stage}).values()))
    compared = [("actual", claim.actual, key), *([("expected", claim.expected, at_stage)] if stage else [])]
    for name, recorded, situation in compared:
        answer = ENGINE.answers.get(situation)
        value = None if answer is None else _value(answer, facet, claim)
        if value is not _NOT_COMPUTED and not same_json(value, recorded):
            yield f"the {name} {claim.facet} of {' / '.join(values)} is {_text(recorded)}, the engine answers {_text(value)}"


def _value(answer: Answer, facet: str, claim: Claim) -> object:
    """Return *facet* of an answer, in the form of a claim."""
    if facet.startswith("source"):
        return _source(answer, facet.removeprefix("source of the "), claim.expected)
    if facet in {"actor", "system"}:
        tasks, row = answer.tasks or (), claim.cell[0] if claim.cell else -1
        return getattr(tasks[row], facet) if 0 <= row < len(tasks) else None
    if isinstance(answer, ReturnDecision) and facet in {"stock", "offline claim"}:
        return getattr(answer, facet.replace(" ", "_"))
    if facet not in JUDGED_FACETS:
        return _NOT_COMPUTED
    names_no_task = facet == "task" and not (isinstance(claim.expected, list) and len(claim.expected) > 1)
    return None if names_no_task else msgspec.to_builtins(facet_value(answer, facet, claim.expected))


def _source(answer: Answer, part: str, expected: object) -> object:
    """Return the source of a *part* of *answer*; of the whole, *expected* if a part has it."""
    sources = {"tasks": str(answer.tasks_source)}
    if not isinstance(answer, ReturnDecision):
        sources = {"outcome": str(answer.outcome_source), **sources}
    if part == "source":
        return expected if expected in sources.values() else " and ".join(sources.values())
    return sources.get(part, _NOT_COMPUTED)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()

"""Answers to situations, from a decision table or from the claims of a run, in one form for comparison."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sop_engine import load_rulebook
from sop_engine.comparison import Region, regions
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, TableRow, task_from_words
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_engine.verification import SituationKey
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Claim, ScenarioRecord

FACETS = ("outcome", "tasks", "clauses", "gaps", "stock")
"""The facets of claims that are compared."""
_PART_OF = {"task": "tasks", "by hand": "manner", "offline claim": "offline_claim"}
AnswersByFacet = dict[SituationKey, dict[str, Any]]


def part_of(facet: str) -> str:
    """Return the part of an answer to which a claim's *facet* belongs."""
    return _PART_OF.get(facet, facet).partition(",")[0]


def situation_of(claim: Claim) -> SituationKey | None:
    """Return the situation of a claim; None if the claim has none, or one that is not in the rulebook."""
    facts = claim.subject.get("facts")
    kind = str(claim.subject.get("kind"))
    if kind not in FACTS_OF or claim.reading not in list(Reading) or not isinstance(facts, Mapping):
        return None
    fact_types = FACTS_OF[kind]
    if facts.keys() != fact_types.keys() or any(facts[name] not in list(fact_types[name]) for name in fact_types):
        return None
    return kind, Reading(claim.reading), tuple(str(facts[name]) for name in fact_types)


def situation_claims(record: RunRecord) -> Iterator[tuple[ScenarioRecord, SituationKey, Claim]]:
    """Yield every claim about a situation: its scenario, the situation, and the claim."""
    for scenario in record.scenarios:
        for claim in scenario.claims:
            key = situation_of(claim)
            if key is not None:
                yield scenario, key, claim


def current_decision_table(record: RunRecord) -> Behaviour | None:
    """Return the decision table of the rulebook of *record*; None if it is not the current rulebook."""
    return Behaviour.of(ENGINE) if load_rulebook().sha256 == record.head.rulebook.sha256 else None


def differences(before: Behaviour | RunRecord, after: Behaviour | RunRecord) -> tuple[int, tuple[Region, ...]]:
    """Return the number of answers that both sides have, and the regions that differ; a run has the answers in its claims."""
    if isinstance(before, Behaviour) and isinstance(after, Behaviour):
        return sum(key in after.rows for key in before.rows), regions(before, after)
    old, new = (_answers_in_table(side) if isinstance(side, Behaviour) else answers_in_run(side) for side in (before, after))
    rows: tuple[dict[SituationKey, TableRow], dict[SituationKey, TableRow]] = ({}, {})
    for key, answers in old.items():
        common = [facet for facet in answers if facet in new.get(key, {})]
        if common:
            for side, parts in zip(rows, (answers, new[key]), strict=True):
                side[key] = _row_from_facets({facet: parts[facet] for facet in common})
    return len(rows[0]), regions(Behaviour("before", "", rows[0]), Behaviour("after", "", rows[1]))


def answers_in_run(record: RunRecord) -> AnswersByFacet:
    """Return the actual answers in the claims of a run, including failed claims."""
    answers: AnswersByFacet = {}
    for _, key, claim in situation_claims(record):
        if claim.facet in FACETS:
            answers.setdefault(key, {}).setdefault(claim.facet, _comparable(claim.actual, claim.facet))
    return answers


def _answers_in_table(behaviour: Behaviour) -> AnswersByFacet:
    """Return the answers of a table in the form of a run: tasks without actor and system."""
    return {key: {facet: _value_to_compare(row, facet) for facet in FACETS} for key, row in behaviour.rows.items()}


def _value_to_compare(row: TableRow, facet: str) -> Any:
    value = getattr(row, facet)
    if facet == "tasks" and value is not None:
        return tuple(tuple(task_from_words(words).as_words) for words in value)
    return value


def _comparable(actual: Any, facet: str = "") -> Any:
    """Return a claim's value in the form of a decision table, hashable and comparable."""
    if isinstance(actual, Mapping):
        return tuple(sorted((name, _comparable(value)) for name, value in actual.items()))
    if isinstance(actual, Sequence) and not isinstance(actual, str):
        return tuple(map(_comparable, actual))
    return "none" if actual is None and facet == "stock" else actual


def _row_from_facets(facets: Mapping[str, Any]) -> TableRow:
    blank: dict[str, Any] = {"outcome": "", "tasks": (), "clauses": (), "gaps": ()}
    return TableRow(**{**blank, **facets})

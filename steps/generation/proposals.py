"""Proposals: the missing example that would check the answer to a situation, ready to paste into a feature file."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from sop_engine.decision import Answer, Reading
from sop_engine.evaluation import Facts
from sop_engine.loading.words import FACTS_OF
from sop_engine.mutation import Mutant
from sop_engine.verification import SituationKey
from sop_runs.mutation_score import JUDGED_FACETS, Proposal, facet_value
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Claim, ScenarioRecord
from sop_runs.record.status import passed
from steps.generation.answer_steps import all_steps
from steps.support.vocabulary import CANCELLERS, INVOICINGS, SCOPES

FEATURE_WORDS = {
    **{str(canceller): words for words, canceller in CANCELLERS.meanings.items()},
    **{str(scope[0]): words for words, scope in SCOPES.meanings.items() if len(scope) == 1},
    **{str(invoicing): words for words, invoicing in INVOICINGS.meanings.items()},
}
"""The words of the feature files for the values of a case, where they differ."""
GIVENS = {"invoicing": "an order invoiced through", "stage": "the order is", "e_invoice": "its e-invoice is"}
"""The beginning of the Given for each fact that may be left out."""


def suggestion(record: RunRecord, mutant: Mutant, answers: Mapping[SituationKey, Answer]) -> Proposal:
    """Return the example that would detect *mutant*: a situation that it changes (as practised if possible) with its answer in *answers*."""
    situation = min(mutant.answers, key=lambda key: (key[1] == Reading.AS_WRITTEN, key))
    return proposal(record, mutant, situation, answers)


def proposal(record: RunRecord, mutant: Mutant, situation: SituationKey, answers: Mapping[SituationKey, Answer]) -> Proposal:
    """Return an outline row or a scenario that holds for the answer to *situation* in *answers* and fails for that of *mutant*."""
    return _row_proposal(record, mutant, situation, answers) or Proposal(tuple(_scenario_lines(situation, answers)))


def _row_proposal(record: RunRecord, mutant: Mutant, situation: SituationKey, answers: Mapping[SituationKey, Answer]) -> Proposal | None:
    """Return a row similar to one whose claims hold for *situation* too when only the values of its columns change; None if none."""
    kind, reading, values = situation
    facts = dict(zip(FACTS_OF[kind], values, strict=True))
    for scenario in record.scenarios:
        if scenario.row is None or not passed(scenario):
            continue
        claims = [claim for claim in scenario.claims if claim.subject.get("kind") == kind and claim.reading == reading]
        if not claims:
            continue
        stated = {name: words.pop() for name in facts if len(words := {claim.subject["facts"][name] for claim in claims}) == 1}
        moved = {name: facts[name] for name, word in stated.items() if facts[name] != word}
        if not all(claim.facet in JUDGED_FACETS and _holds(claim, moved, situation, answers) for claim in claims):
            continue
        if all(_holds(claim, moved, situation, {**answers, **mutant.answers}) for claim in claims):
            continue
        header, cells = _header_and_cells(record, scenario)
        changed = {_feature_word(stated[name]): _feature_word(new) for name, new in moved.items()}
        if changed and all(cells.count(old) == 1 for old in changed):
            new = [changed.get(cell, cell) for cell in cells]
            return Proposal((_table_line(header), _table_line(new)), scenario.feature, scenario.row)
    return None


def _holds(claim: Claim, moved: Facts, situation: SituationKey, answers: Mapping[SituationKey, Answer]) -> bool:
    """Return whether *claim* would hold for its situation with the facts in *moved* changed."""
    kind, reading, _ = situation
    facts = {**claim.subject["facts"], **moved}
    answer = answers[kind, reading, tuple(facts[name] for name in FACTS_OF[kind])]
    return bool(facet_value(answer, claim.facet, claim.expected) == claim.expected)


def _header_and_cells(record: RunRecord, scenario: ScenarioRecord) -> tuple[Sequence[str], list[str]]:
    """Return header and cells of the row of *scenario*."""
    feature = next(feature for feature in record.features if feature.path == scenario.feature)
    for written in feature.document.scenarios if feature.document else ():
        for table in written.examples:
            for row in table.rows:
                if row.line == scenario.row:
                    return table.header, list(row.cells)
    return [], []


def _table_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _feature_word(value: str) -> str:
    """Return the words of the feature files for a value of a case."""
    return FEATURE_WORDS.get(value, value)


def _scenario_lines(situation: SituationKey, answers: Mapping[SituationKey, Answer]) -> Iterator[str]:
    kind, reading, values = situation
    answer = answers[situation]
    if kind != "case":
        yield f"# about a returned unit whose quality check is {values[0]}, asserting its tasks, clauses and gaps"
        return
    facts: Facts = dict(zip(FACTS_OF[kind], values, strict=True))
    needed = _needed_facts(situation, answers)
    if reading == Reading.AS_WRITTEN:
        yield "@as-written"
    yield f"Scenario: {', '.join(f'e-invoice {word}' if name == 'e_invoice' else word for name, word in facts.items() if name in needed)}"
    givens = ["the SOP is taken as written"] if reading == Reading.AS_WRITTEN else []
    givens += [f"{GIVENS[name]} {_feature_word(facts[name])}" for name in GIVENS if name in needed]
    yield from (f"  {'And' if place else 'Given'} {text}" for place, text in enumerate(givens))
    yield f"  When {_feature_word(facts['canceller'])} cancels {_feature_word(facts['scope'])}"
    for place, step in enumerate(all_steps(answer)):
        first, *table = step.lines("Then" if not place else "And")
        yield f"  {first}"
        yield from (f"    {row}" for row in table)


def _needed_facts(situation: SituationKey, answers: Mapping[SituationKey, Answer]) -> set[str]:
    """Return the facts that an example of *situation* must state; the answer is the same for every value of the others."""
    kind, reading, values = situation
    words = {name: [word] for name, word in zip(FACTS_OF[kind], values, strict=True)}
    wanted = _asserted_parts(answers[situation])
    for name in reversed(GIVENS):
        wider = {**words, name: [str(word) for word in FACTS_OF[kind][name]]}
        if all(_asserted_parts(answers[kind, reading, key]) == wanted for key in product(*wider.values())):
            words = wider
    return {name for name, fact_words in words.items() if len(fact_words) == 1}


def _asserted_parts(answer: Answer) -> tuple[object, ...]:
    """Return the parts of an answer that an example checks."""
    return (answer.outcome, answer.tasks, answer.clauses, answer.gaps, answer.outcome_source, answer.tasks_source)

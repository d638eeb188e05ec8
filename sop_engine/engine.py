"""The engine: a verified rulebook as two tables of precomputed decisions, and `decide` as a look-up.

The chosen rulebook (`sop_engine.versions`) is read and verified once, when this module is imported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import cached_property
from itertools import chain, islice
from typing import NoReturn

from sop_engine.case import FACTS, Case, case_from, cases_with
from sop_engine.decision import Answer, Decision, Outcome, Reading
from sop_engine.errors import NotACaseError, UnknownFactError
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.statement import CASE, RETURN
from sop_engine.verification import Proof, SituationKey
from sop_engine.versions import chosen_version
from sop_engine.wording import prove_with_words

CaseKey = tuple[str, ...]
LookupTree = dict[str, dict[str, dict[str, dict[str, dict[str, Decision]]]]]


class DecisionTable(dict[CaseKey, Decision]):
    """The decisions of one reading on all cases, by the five words of the case; an unknown word is an error with a hint."""

    def __missing__(self, key: CaseKey) -> NoReturn:
        case_from(dict(zip(FACTS, key, strict=True)))
        raise KeyError(key)


class Engine:
    """A verified rulebook with its precomputed decisions."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        self.rulebook: Rulebook = proof.rulebook
        self.tables: dict[Reading, DecisionTable] = {reading: _decision_table(proof, reading) for reading in Reading}
        self.returns: dict[tuple[str, Reading], ReturnDecision] = {
            (check, reading): ReturnDecision.of(proof.answer(RETURN, reading, (str(check),)), proof.rulebook.gaps, check, reading)
            for check in QualityCheck
            for reading in Reading
        }
        self.answers: dict[SituationKey, Answer] = {
            **{(CASE, reading, key): decision for reading, table in self.tables.items() for key, decision in table.items()},
            **{(RETURN, reading, (str(check),)): decision for (check, reading), decision in self.returns.items()},
        }
        """The answer to each situation; to a returned unit with its place, and with the gap that decides it."""

    @cached_property
    def allowed(self) -> Mapping[Reading, Mapping[CaseKey, Case]]:
        """The cases that are allowed under each reading, by their words, in the order of the table."""
        return {
            reading: {key: decision.case for key, decision in table.items() if decision.outcome is Outcome.ALLOWED}
            for reading, table in self.tables.items()
        }

    @classmethod
    def of(cls, rulebook: Rulebook | None = None) -> "Engine":
        """Return the engine of *rulebook* (by default that of the chosen version); raises RulebookError if it, or its wording, does not hold."""
        return cls(prove_with_words(rulebook if rulebook is not None else read_rulebook()))

    def decide(self, case: Case, reading: Reading = Reading.AS_PRACTISED) -> Decision:
        """Return the answer to *case*."""
        return self.tables[reading][case.key]


def _decision_table(proof: Proof, reading: Reading) -> DecisionTable:
    table = DecisionTable()
    for case in cases_with(proof.rulebook.stage_names):
        answer = proof.answer(CASE, reading, tuple(case.facts.values()))
        table[case.key] = Decision(**{part.name: getattr(answer, part.name) for part in fields(Answer)}, case=case, reading=reading)
    return table


FOLDER = chosen_version()
"""The folder of the rulebook that this process reads."""
ENGINE = Engine.of(read_rulebook(FOLDER))
"""The engine of that rulebook."""

_PRACTISED = ENGINE.tables[Reading.AS_PRACTISED]


def _lookup_tree(table: DecisionTable) -> LookupTree:
    """Return *table* as nested dictionaries, one level for each fact, keyed by plain strings: the fastest look-up from words."""
    tree: LookupTree = {}
    for decision in table.values():
        canceller, scope, invoicing, stage, e_invoice = decision.case.facts.values()
        branch = tree.setdefault(canceller, {}).setdefault(scope, {}).setdefault(invoicing, {})
        branch.setdefault(stage, {})[e_invoice] = decision
    return tree


_TREE = _lookup_tree(_PRACTISED)


def load_rulebook() -> Rulebook:
    """Return the rulebook that this process reads; it is read and verified once."""
    return ENGINE.rulebook


def decide(case: Case, reading: Reading = Reading.AS_PRACTISED) -> Decision:
    """Return the answer to *case*: outcome, tasks, and the clauses and gaps that decide them.

    A case that no clause covers is ``unspecified`` as written, never refused by default.
    """
    return ENGINE.tables[reading][case.key]


def decide_mapping(facts: Mapping[str, str]) -> Decision:
    """Return the answer, as practised, to a case given as a mapping of the five fact names to their words.

    Other keys are ignored, so that a row of data can be passed unchanged; `case_from` refuses them.

    Raises:
        SopError: a fact is missing or has an unknown word, with the nearest known one.
    """
    # Written out: a loop over the facts, or a tuple of them as the key, takes twice as long (benchmarks/decide.py).
    try:
        return _TREE[facts["canceller"]][facts["scope"]][facts["invoicing"]][facts["stage"]][facts["e_invoice"]]
    except (KeyError, TypeError):
        return _decide_slowly(facts)


def _decide_slowly(facts: object) -> Decision:
    # In a separate function, because a comprehension would make `facts` a closure variable, which slows the look-up by a fifth.
    if not isinstance(facts, Mapping):
        raise NotACaseError(facts)
    missing = [name for name in FACTS if name not in facts]
    for name in facts:
        if name not in FACTS and get_close_matches(str(name), missing):
            raise UnknownFactError(str(name), missing)
    return _PRACTISED[case_from({name: facts[name] for name in FACTS if name in facts}).key]


def decide_each(cases: Iterable[Mapping[str, str]]) -> Iterator[Decision]:
    """Yield `decide_mapping` of many cases, at the speed of look-ups; input other than a list is read up to 1,024 cases ahead.

    Raises:
        SopError: as `decide_mapping`, after the answers before the invalid case have been consumed.
    """
    if isinstance(cases, list):
        return iter(_decide_some(cases))
    rest = iter(cases)
    return chain.from_iterable(map(_decide_some, iter(lambda: tuple(islice(rest, 1024)), ())))


def _decide_some(cases: Sequence[Mapping[str, str]]) -> Iterable[Decision]:
    try:
        return [_TREE[m["canceller"]][m["scope"]][m["invoicing"]][m["stage"]][m["e_invoice"]] for m in cases]
    except (KeyError, TypeError):
        return map(decide_mapping, cases)


def decide_return(quality_check: QualityCheck, reading: Reading = Reading.AS_PRACTISED) -> ReturnDecision:
    """Return the answer to a returned unit with *quality_check*."""
    return ENGINE.returns[quality_check, reading]

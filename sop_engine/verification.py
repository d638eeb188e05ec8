"""Verification of a rulebook, required before it is used to answer.

For every case and both readings: no two statements contradict each other, no statement and no `over` is dead, every case that the
SOP does not cover is declared as a gap, and every gap covers exactly as many cases as it states.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sop_engine.case import EVERY_CASE, FACTS, Stage, cases_with
from sop_engine.decision import Answer, Outcome, Reading
from sop_engine.errors import ContradictionError, RulebookError
from sop_engine.evaluation import Facts, evaluate, statements_of
from sop_engine.reader import Rulebook
from sop_engine.returns import QualityCheck
from sop_engine.stages import LIFE_NAMES
from sop_engine.statement import CASE, RETURN, Statement

SITUATIONS: dict[str, tuple[Facts, ...]] = {
    CASE: tuple(case.facts for case in EVERY_CASE),
    RETURN: tuple({"quality_check": str(check)} for check in QualityCheck),
}
"""All situations of the rulebook that this process reads: with eight stages 256 cases, and 4 returned units."""

STAGE = FACTS.index("stage")
"""The place of the stage among the facts of a case."""

SituationKey = tuple[str, Reading, tuple[str, ...]]


def situations_of(rulebook: Rulebook) -> Mapping[str, Sequence[Facts]]:
    """Return all situations of *rulebook*, by subject; another rulebook may have other stages."""
    if rulebook.stage_names == tuple(map(str, Stage)):
        return SITUATIONS
    return _situations_with(rulebook.stage_names)


@lru_cache(maxsize=4)
def _situations_with(stages: tuple[str, ...]) -> Mapping[str, Sequence[Facts]]:
    return {**SITUATIONS, CASE: tuple(case.facts for case in cases_with(stages))}


@dataclass(frozen=True, slots=True)
class Witness:
    """A situation in which removal of the statement changes the answer."""

    statement: str
    reading: Reading
    facts: Facts


@dataclass(frozen=True, slots=True)
class Proof:
    """A verified rulebook: its answers to all situations, and a witness for every statement that decides."""

    rulebook: Rulebook
    answers: Mapping[SituationKey, Answer]
    witnesses: Mapping[str, Witness]

    def answer(self, subject: str, reading: Reading, values: tuple[str, ...]) -> Answer:
        """Return the answer to one situation, given as the tuple of its values."""
        return self.answers[subject, reading, values]


def prove(rulebook: Rulebook) -> Proof:
    """Verify that *rulebook* is complete, consistent and without dead statements.

    Raises:
        RulebookError: it is not; with every reason, its place and the cases.
    """
    proof = _Prover(rulebook)
    proof.evaluate_everything()
    if not proof.findings:
        proof.findings.extend(dict.fromkeys(proof.undeclared_gaps()))  # a case can lack the same in both readings
        proof.findings.extend(proof.miscounted_gaps())
        proof.findings.extend(proof.dead_sentences())
    if proof.findings:
        raise RulebookError(rulebook.name, proof.findings)
    return Proof(rulebook, proof.answers, proof.witnesses)


@dataclass
class _Prover:
    rulebook: Rulebook
    findings: list[str] = field(default_factory=list)
    answers: dict[SituationKey, Answer] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    situations: Mapping[str, Sequence[Facts]] = field(init=False)

    def __post_init__(self) -> None:
        self.situations = situations_of(self.rulebook)

    def evaluate_everything(self) -> None:
        places = {statement.id: statement.location for statement in self.rulebook.statements}
        clashes: dict[tuple[str, ...], list[ContradictionError]] = {}
        for subject, world in self.situations.items():
            for reading in Reading:
                statements = statements_of(self.rulebook, reading, subject)
                for facts in world:
                    try:
                        self.answers[subject, reading, tuple(facts.values())] = evaluate(facts, statements, self.rulebook, subject, reading)
                    except ContradictionError as error:
                        clashes.setdefault(error.ids, []).append(error)
        for ids, errors in clashes.items():
            cases = list(dict.fromkeys(error.case for error in errors))
            more = f" and {len(cases) - 1} more" if len(cases) > 1 else ""
            self.findings.append(f"{' and '.join(places[identifier] for identifier in ids)}: {errors[0]} (case {cases[0]}{more})")

    def undeclared_gaps(self) -> Iterator[str]:
        gaps = {gap.id: gap for gap in self.rulebook.gaps}
        bare = self._bare_stages()
        for stage, number in bare.items():
            yield f'clauses.toml: no clause and no gap covers any of the {number} cases of the stage {stage}; add some, or a gap with `aspect = "verdict"`'
        for (subject, reading, values), answer in self.answers.items():
            if bare.keys() & {*values}:
                continue
            case = " / ".join(values)
            cited = [gaps[identifier] for identifier in answer.gaps]
            if subject == CASE and answer.outcome is Outcome.UNSPECIFIED:
                if reading is Reading.AS_PRACTISED and not any("outcome" in gap.leaves_open for gap in cited):
                    yield f"clauses.toml: nothing decides the outcome of {case}; add a resolution to its gap"
                elif not any(gap.aspect == "verdict" for gap in cited):
                    yield f'clauses.toml: no clause covers {case}, and no gap with `aspect = "verdict"`; add such a gap'
            elif answer.tasks is None:
                declared = any(gap.aspect in ("verdict", "actions") for gap in cited)
                left_open = any("tasks" in gap.leaves_open for gap in cited) or subject == RETURN
                if not declared:
                    yield f"clauses.toml: no clause and no gap has the tasks of {case}; add a gap"
                elif reading is Reading.AS_PRACTISED and not left_open:
                    leave = "leaves" if len(answer.gaps) == 1 else "leave"
                    yield f"gaps.toml: {', '.join(answer.gaps)} {leave} the tasks of {case} open without `leaves_open`; add it"

    def _bare_stages(self) -> dict[str, int]:
        """Return the further stages that no statement and no gap covers, with the number of their cases."""
        further = [stage.id for stage in self.rulebook.stages if stage.id not in LIFE_NAMES]
        settled = (key for key, answer in self.answers.items() if answer.outcome is not Outcome.UNSPECIFIED or answer.gaps)
        covered = {values[STAGE] for subject, _, values in settled if subject == CASE} if further else set()
        return {stage: sum(facts["stage"] == stage for facts in self.situations[CASE]) for stage in further if stage not in covered}

    def miscounted_gaps(self) -> Iterator[str]:
        for gap in self.rulebook.gaps:
            if gap.when is None or gap.cases is None:
                continue
            covered = sum(gap.when.covers(facts) for facts in self.situations[gap.subject])
            if covered != gap.cases:
                yield f"{gap.location}: `{gap.id}` states {gap.cases} cases and covers {covered}; correct `when` or `cases`"
            for statement in gap.resolutions:
                outside = [f for f in self.situations[gap.subject] if statement.when.covers(f) and not gap.when.covers(f)]
                if outside:
                    yield f"{gap.location}: `{statement.id}` resolves {len(outside)} cases outside `{gap.id}`; narrow its `when`"

    def dead_sentences(self) -> Iterator[str]:
        for statement in self.rulebook.statements:
            if not statement.decides:
                continue
            group = self._group(statement)
            witness = self._witness(statement, group)
            if witness is None:
                yield f"{statement.location}: `{statement.id}` has no effect: no answer changes without it; remove it or correct its `when`"
            else:
                self.witnesses[statement.id] = witness
            yield from self._dead_overs(statement)
            yield from self._resting_on_no_refusal(statement)

    def _group(self, statement: Statement) -> set[str]:
        head = statement.restates or statement.id
        return {head} | {other.id for other in self.rulebook.statements if other.restates == head}

    def _witness(self, statement: Statement, group: set[str]) -> Witness | None:
        for reading in Reading:
            remaining = tuple(s for s in statements_of(self.rulebook, reading, statement.subject) if s.id not in group)
            for facts in self.situations[statement.subject]:
                if statement.when.covers(facts) and self._differs(statement, reading, facts, remaining):
                    return Witness(statement.id, reading, facts)
        return self._witness_without_overriders(statement, group)

    def _witness_without_overriders(self, statement: Statement, group: set[str]) -> Witness | None:
        """Return a witness of a statement that resolutions override in all its cases: one in the rulebook without these."""
        overriders = {other.id for other in self.rulebook.statements if other.gap and group & set(other.over)}
        others = [s for s in statements_of(self.rulebook, Reading.AS_PRACTISED, statement.subject) if s.id not in overriders]
        for facts in self.situations[statement.subject] if overriders else ():
            if statement.when.covers(facts):
                answers = [self._answered(statement, facts, s) for s in (others, [s for s in others if s.id not in group])]
                if answers[0] != answers[1]:
                    return Witness(statement.id, Reading.AS_PRACTISED, facts)
        return None

    def _answered(self, statement: Statement, facts: Facts, statements: Sequence[Statement]) -> tuple[object, ...] | None:
        try:
            return _parts(evaluate(facts, statements, self.rulebook, statement.subject), statement)
        except ContradictionError:
            return None

    def _differs(self, statement: Statement, reading: Reading, facts: Facts, statements: Sequence[Statement]) -> bool:
        before = self.answers[statement.subject, reading, tuple(facts.values())]
        try:
            after = evaluate(facts, statements, self.rulebook, statement.subject, reading)
        except ContradictionError:
            return True
        return _parts(after, statement) != _parts(before, statement)

    def _resting_on_no_refusal(self, statement: Statement) -> Iterator[str]:
        barred = next((other.outcome for other in self.rulebook.statements if other.id == statement.rests_on), None)
        if statement.rests_on and (barred is not Outcome.REFUSED or statement.outcome is None):
            yield (
                f"{statement.location}: `{statement.id}` rests on `{statement.rests_on}`, which says `{barred}`; "
                "only a refusal can be made more precise, and only by an outcome"
            )

    def _dead_overs(self, statement: Statement) -> Iterator[str]:
        targets = {other.id: other for other in self.rulebook.statements}
        for over in statement.over:
            beaten = targets[over]
            if not any(statement.when.covers(f) and beaten.when.covers(f) for f in self.situations[statement.subject]):
                yield f"{statement.location}: `{statement.id}` is over `{over}`, but no case has both; remove the `over`"


def _parts(answer: Answer, statement: Statement) -> tuple[object, ...]:
    """Return the parts of *answer* that *statement* can change; "answered like" also adds the gaps of the other case."""
    parts = (answer.outcome, answer.tasks, answer.manner)
    return (*parts, answer.gaps) if statement.like else parts

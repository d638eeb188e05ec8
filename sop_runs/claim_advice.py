"""Advice on a claim that does not hold: which statement gives the answer, and the nearest case with the one that was expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sop_engine import EVERY_CASE, QualityCheck, Reading, ReturnDecision, Rulebook, Source, decide, decide_return, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.decision import Answer, Decision
from sop_engine.errors import nearest_word
from sop_engine.ids import is_gap
from sop_engine.statement import CASE
from sop_engine.verification import SituationKey
from sop_runs.change.answers import situation_of
from sop_runs.claim_words import TASK, TASKS, value_in_words
from sop_runs.record.schema import Claim

ARROW = "→ "
"""Beginning of a line of advice."""
BESIDE, GAPS, CLAUSES, OUTCOME = "question beside it", "gaps", "clauses", "outcome"
FACT_CONDITIONS: Mapping[str, Mapping[str, str]] = {
    "canceller": {"seller": "the seller cancels", "Ajio": "Ajio cancels"},
    "scope": {"full": "the full order is cancelled", "partial": "part of the order is cancelled"},
    "invoicing": {"ERP": "the order is invoiced through the client's ERP", "RMS": "the order is invoiced through RMS"},
    "stage": {str(word): f"the order is {word}" for word in FACT_TYPES["stage"]},
    "e_invoice": {str(word): f"its e-invoice is {word}" for word in FACT_TYPES["e_invoice"]},
}
"""Each value of a fact as a condition, in the words of the features."""
_WEIGHTS = {"e_invoice": 10, "stage": 10, "scope": 11, "invoicing": 12, "canceller": 13}
"""Distance of two cases that differ in a fact; neighbouring words of a fact are nearer than others."""


def advice(claim: Claim) -> Iterator[str]:
    """Yield lines of advice on a claim about a situation that does not hold; nothing for other claims."""
    key = situation_of(claim)
    if key is None or claim.facet not in (OUTCOME, TASKS, TASK, CLAUSES, GAPS, BESIDE):
        return
    answer = _answer_at(key)
    if claim.facet not in (CLAUSES, BESIDE):
        yield f"{ARROW}{_basis(answer, claim)}"
    yield from (f"{ARROW}{line}" for line in _where_expected(answer, claim))


def _answer_at(key: SituationKey) -> Answer:
    kind, reading, words = key
    if kind == CASE:
        return next(decide(case, reading) for case in EVERY_CASE if tuple(case.facts.values()) == words)
    return decide_return(QualityCheck(words[0]), reading)


def _basis(answer: Answer, claim: Claim) -> str:
    """Return which statements give the part of the answer that the claim is about, and whether it is the one that was expected."""
    outcome, tasks = (answer.outcome_by, answer.outcome_source), (answer.tasks_by, answer.tasks_source)
    by, source = tasks if isinstance(answer, ReturnDecision) or claim.facet in (TASKS, TASK) else outcome
    if claim.facet == GAPS and answer.gaps and set(answer.gaps) & set(tasks[0]):
        by, source = tasks
    if claim.facet == TASK and (own := _by_task(answer, [claim.expected])):
        by = own
    words = _sentence(by or answer.gaps, source)
    if claim.facet == GAPS and not answer.gaps:
        return f"no gap; {words}"
    if claim.facet in (OUTCOME, TASKS, TASK) and _matches(answer, claim.facet, claim.expected):
        return f"the rulebook expects this too ({words}), and the system under test gives another answer"
    return words


def _by_task(answer: Answer, briefs: Sequence[Any]) -> tuple[str, ...]:
    """Return the clauses and gaps that require the tasks of *briefs*, whatever their modality."""
    keys = [brief[1] for brief in briefs if isinstance(brief, list) and len(brief) > 1]
    return tuple(dict.fromkeys(name for task, names in answer.task_by.items() if task in keys for name in names))


def _sentence(ids: tuple[str, ...], source: Source) -> str:
    gaps, clauses = [name for name in ids if is_gap(name)], [name for name in ids if not is_gap(name)]
    match source:
        case Source.STATED:
            return f"the SOP itself says so in {', '.join(clauses)}"
        case Source.FOLLOWS:
            return f"it follows from {', '.join(ids)}"
        case Source.SILENT:
            return f"the question is registered as {', '.join(gaps)}"
        case _:
            basis = "our reading of" if source is Source.ASSUMED else "the owner's answer to"
            return f"it is {basis} {', '.join(gaps)}{', with ' if clauses else ''}{', '.join(clauses)}"


def _where_expected(answer: Answer, claim: Claim) -> Iterator[str]:
    """Yield where the SOP gives what was expected: beside the answer, in the nearest case, or nowhere."""
    expected = claim.expected
    names = [expected] if claim.facet == BESIDE else expected if claim.facet in (CLAUSES, GAPS) and isinstance(expected, list) else []
    rulebook = load_rulebook()
    if missing := list(_missing_ids(names, rulebook)):
        yield from missing
        return
    notes = {gap.id for gap in rulebook.gaps if gap.aspect == "note"}
    if claim.facet == GAPS and (beside := [name for name in names if name in notes]):
        one = len(beside) == 1
        yield (
            f"{', '.join(beside)} never {'decides' if one else 'decide'} an answer; "
            + (
                f"write `the question of {', '.join(beside)} is shown beside the answer`"
                if set(beside) <= set(answer.notes)
                else f"{'its question does' if one else 'their questions do'} not belong to this case"
            )
        )
        return
    if _matches(answer, claim.facet, expected) or (claim.facet in (CLAUSES, GAPS) and not names):
        return
    subject = ", ".join(map(str, names)) or f"`{value_in_words(expected, claim.facet)}`"
    near, has = _nearest(answer, claim), "answers"
    if claim.facet in (CLAUSES, GAPS, BESIDE):
        has = (
            "is shown beside the answer"
            if claim.facet == BESIDE
            else "has a part in the answer"
            if len(names) == 1
            else "have a part in it"
        )
    elif near is not None:
        has = "is the answer" if claim.facet != TASK and _part_of(near, claim.facet) == expected else "is a part of the answer"
    if near is None:
        yield f"no case{' as written' if claim.reading == Reading.AS_WRITTEN else ''} has {subject}"
        return
    sources = ", ".join(_sources_of(near, claim))
    yield f"{subject} {has} when {_conditions(answer, near)}{f' ({sources})' if sources else ''}"


def _missing_ids(names: Sequence[Any], rulebook: Rulebook) -> Iterator[str]:
    """Yield for each id in *names* that the registers do not have what it may be meant to be."""
    gaps, clauses = [gap.id for gap in rulebook.gaps], [clause.id for clause in rulebook.clauses]
    for name in map(str, names):
        kind, ids = ("gap", gaps) if is_gap(name) else ("clause", clauses)
        if name not in ids:
            near = nearest_word(name, ids)
            is_near = near is not None and (_same_number(near, name) if kind == "gap" else _same_section(near, name))
            others = "the page of the SOP lists the clauses" if kind == "clause" else f"the last one is {ids[-1]}"
            yield f"there is no {kind} {name}; " + (f"did you mean `{near}`?" if is_near else others)


def _same_section(clause: str, name: str) -> bool:
    return clause.rpartition("-")[0] == name.rpartition("-")[0]


def _same_number(gap: str, name: str) -> bool:
    """Return whether *name* is the id of *gap* with other zeros: GAP-2, GAP-002."""
    return gap.rpartition("-")[2].lstrip("0") == name.rpartition("-")[2].lstrip("0")


def _conditions(answer: Answer, near: Answer) -> str:
    """Return the facts of *near* that differ from those of *answer*, as conditions."""
    if isinstance(answer, Decision) and isinstance(near, Decision):
        old, new = answer.case.facts, near.case.facts
        return " and ".join(FACT_CONDITIONS[name][new[name]] for name in new if new[name] != old[name])
    return f"the quality check is {near.quality_check}" if isinstance(near, ReturnDecision) else ""


def _sources_of(near: Answer, claim: Claim) -> tuple[str, ...]:
    if claim.facet == OUTCOME:
        return near.outcome_by
    if claim.facet in (TASKS, TASK):
        briefs = claim.expected if claim.facet == TASKS else [claim.expected]
        return _by_task(near, briefs or ()) or near.tasks_by or (near.gaps if near.tasks is None else ())
    return ()


def _nearest(answer: Answer, claim: Claim) -> Answer | None:
    """Return the answer to the nearest case that has what was expected, or of tasks all that were expected; None if there is none."""
    reading = Reading(str(claim.reading))
    others: list[Answer] = (
        [decide(case, reading) for case in EVERY_CASE]
        if isinstance(answer, Decision)
        else [decide_return(check, reading) for check in QualityCheck]
    )
    exact = [other for other in others if _matches(other, claim.facet, claim.expected)]
    wider = [
        other
        for other in others
        if claim.facet == TASKS and claim.expected and all(_matches(other, TASK, brief) for brief in claim.expected)
    ]
    return min(exact or wider, key=lambda other: _distance(answer, other), default=None)


def _distance(answer: Answer, other: Answer) -> float:
    if not isinstance(answer, Decision) or not isinstance(other, Decision):
        return 0
    places = {name: list(map(str, words)) for name, words in FACT_TYPES.items()}
    return sum(
        _WEIGHTS[name] + abs(places[name].index(word) - places[name].index(other.case.facts[name])) / 2
        for name, word in answer.case.facts.items()
        if other.case.facts[name] != word
    )


def _part_of(answer: Answer, facet: str) -> Any:
    if facet == OUTCOME:
        return str(answer.outcome)
    return None if answer.tasks is None else [task.as_words for task in answer.tasks]


def _matches(answer: Answer, facet: str, expected: Any) -> bool:
    """Return whether *answer* has what was *expected* of *facet*: the same outcome or tasks, or every task, clause or gap that is named."""
    if facet in (OUTCOME, TASKS):
        return bool(_part_of(answer, facet) == expected)
    if facet == TASK:
        return expected in (_part_of(answer, TASKS) or [])
    if facet == BESIDE:
        return expected in answer.notes
    return isinstance(expected, list) and set(expected) <= set(answer.clauses if facet == CLAUSES else answer.gaps)

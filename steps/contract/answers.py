"""The engine's answers in the form of the contract: decisions, returned units, the table and the questions."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product

from sop_engine import (
    EVERY_CASE,
    FACTS,
    Canceller,
    Case,
    Decision,
    EInvoice,
    Explanation,
    Invoicing,
    QualityCheck,
    Reading,
    Scope,
    SopError,
    Stage,
    Task,
    decide,
    decide_return,
    explain,
    load_rulebook,
)
from sop_engine.case import FACT_TYPES
from sop_engine.decision import Answer
from steps.contract.cases import (
    MOST_DECISIONS,
    AllowedCase,
    AnswerToRequest,
    CaseFacts,
    CitedClause,
    CitedGap,
    DecisionOfCase,
    DecisionRequest,
    DecisionsAnswer,
    DecisionsRequest,
    OpenQuestion,
    OtherClause,
    PossibleFacts,
    QuestionsAnswer,
    ReturnAnswer,
    ReturnRequest,
    TableAnswer,
    TaskOfAnswer,
    Why,
)


class TooManyDecisionsError(SopError):
    """Requests whose answer would have more decisions than an answer may have."""

    def __init__(self, decisions: int) -> None:
        super().__init__(
            f"the answer would have {decisions:,} decisions, and an answer has at most {MOST_DECISIONS:,}; state more facts, or send several calls"
        )


def answer_decisions(request: DecisionsRequest) -> DecisionsAnswer:
    """Answer every case of each request.

    Raises:
        TooManyDecisionsError: there are more cases than an answer may have.
    """
    cases = [_cases_of(asked.possible) for asked in request.requests]
    decisions = sum(map(len, cases))
    if decisions > MOST_DECISIONS:
        raise TooManyDecisionsError(decisions)
    return DecisionsAnswer(
        answers=[_answer(asked, of_request, why=request.why) for asked, of_request in zip(request.requests, cases, strict=True)]
    )


def answer_return(request: ReturnRequest) -> ReturnAnswer:
    """Answer one returned unit."""
    return _return_answer(request.quality_check, request.reading)


@cache
def answer_table(reading: Reading) -> TableAnswer:
    """Return the answer to every case."""
    return TableAnswer(reading=reading, decisions=[decision_of_case(case, reading) for case in EVERY_CASE])


@cache
def answer_questions() -> QuestionsAnswer:
    """Return the register of the questions that the SOP leaves open."""
    return QuestionsAnswer(
        questions=[
            OpenQuestion(id=gap.id, question=gap.question, readings=list(gap.readings), ours=gap.chosen, status=gap.status)
            for gap in load_rulebook().gaps
        ]
    )


@cache
def decision_of_case(case: Case, reading: Reading, *, why: bool = False) -> DecisionOfCase:
    """Return the decision on *case*; it is shared, so it must not be changed."""
    return _decision(decide(case, reading), _why(explain(case, reading)) if why else None)


def decision_in_contract(decision: Decision) -> DecisionOfCase:
    """Return *decision* in the form of the contract; it is shared if it is the one of the table, as most are."""
    if decide(decision.case, decision.reading) is decision:
        return decision_of_case(decision.case, decision.reading)
    return _decision(decision, None)


def _decision(decision: Decision, why: Why | None) -> DecisionOfCase:
    return DecisionOfCase(
        case=_facts(decision.case),
        reading=decision.reading,
        outcome=decision.outcome,
        outcome_source=decision.outcome_source,
        tasks=_tasks(decision),
        tasks_source=decision.tasks_source,
        clauses=list(decision.clauses),
        gaps=list(decision.gaps),
        notes=list(decision.notes),
        why=why,
    )


def _cases_of(possible: PossibleFacts) -> Sequence[Case]:
    """Return the cases that agree with *possible*, in the order of the table."""
    stated = {name: getattr(possible, name) for name in FACTS}
    words: Iterable[Sequence[object]] = (
        [word for word in FACT_TYPES[name] if word in asked] if isinstance(asked, list) else tuple(FACT_TYPES[name])
        for name, asked in stated.items()
    )
    return [Case(*facts) for facts in product(*words)]  # type: ignore[arg-type]


def _answer(asked: DecisionRequest, cases: Iterable[Case], *, why: bool) -> AnswerToRequest:
    return AnswerToRequest(decisions=[decision_of_case(case, asked.reading, why=why) for case in cases])


@cache
def _return_answer(quality_check: QualityCheck, reading: Reading) -> ReturnAnswer:
    decision = decide_return(quality_check, reading)
    return ReturnAnswer(
        quality_check=quality_check,
        reading=reading,
        tasks=_tasks(decision),
        tasks_source=decision.tasks_source,
        clauses=list(decision.clauses),
        gaps=list(decision.gaps),
        notes=list(decision.notes),
        by_hand=decision.by_hand,
        stock=decision.stock,  # type: ignore[arg-type] # one of the words, which the register's reader has checked
        offline_claim=decision.offline_claim,
    )


def _facts(case: Case) -> CaseFacts:
    return CaseFacts(
        canceller=Canceller(case.canceller),
        scope=Scope(case.scope),
        invoicing=Invoicing(case.invoicing),
        stage=Stage(case.stage),
        e_invoice=EInvoice(case.e_invoice),
    )


def _tasks(answer: Answer) -> list[TaskOfAnswer] | None:
    return None if answer.tasks is None else [_task_of_answer(task, answer.task_by[task.task]) for task in answer.tasks]


def _task_of_answer(task: Task, by: tuple[str, ...]) -> TaskOfAnswer:
    return TaskOfAnswer(
        modality=task.modality,
        task=str(task.task),
        actor=task.actor,
        system=task.system,
        when=task.when,
        instead_of=None if task.instead_of is None else str(task.instead_of),
        by=by,
    )


def _why(explanation: Explanation) -> Why:
    return Why(
        because=[CitedClause(id=identifier, text=text) for identifier, text in explanation.because],
        open_questions=[
            CitedGap(id=identifier, question=question, chosen=chosen, basis=basis)
            for identifier, question, chosen, basis in explanation.open_questions
        ],
        beside=[
            CitedGap(id=gap.id, question=gap.question, chosen=gap.chosen, basis=gap.basis, watch=gap.watch or None)
            for gap in explanation.beside
        ],
        why_not=[
            OtherClause(id=clause.id, text=clause.text, needs={fact: list(words) for fact, words in clause.needs})
            for clause in explanation.why_not
        ],
        nearest_allowed=[AllowedCase(case=_facts(near.case), changes=dict(near.changes)) for near in explanation.nearest],
    )

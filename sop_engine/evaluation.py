"""Evaluation of a case, statement by statement: which statements cover it, which are in force, and their combined answer.

This evaluation builds the table of `decide`; the order of the statements affects only the order in which they are cited.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sop_engine.decision import Answer, Outcome, Reading, Task
from sop_engine.errors import ContradictionError
from sop_engine.reader import Rulebook
from sop_engine.statement import CASE, NOTE, VERDICT, Gap, Section, Statement
from sop_engine.tasks import TaskKey

Facts = Mapping[str, str]

NOTHING_TO_DO = frozenset({Outcome.REFUSED, Outcome.FAILS_ON_SCREEN, Outcome.WITHOUT_EFFECT})
"""Outcomes after which there is nothing to do, unless a statement or a gap has tasks."""


def statements_of(rulebook: Rulebook, reading: Reading, subject: str = CASE) -> tuple[Statement, ...]:
    """Return the statements of *reading*: clauses, and as practised also the resolutions."""
    statements = rulebook.clauses if reading is Reading.AS_WRITTEN else rulebook.statements
    return tuple(statement for statement in statements if statement.subject == subject)


def evaluate(  # noqa: PLR0913 (the facts, and the statements that may apply)
    facts: Facts,
    statements: Iterable[Statement],
    rulebook: Rulebook,
    subject: str = CASE,
    reading: Reading = Reading.AS_PRACTISED,
    *,
    visited: tuple[str, ...] = (),
) -> Answer:
    """Compute the combined answer of *statements* to *facts*; *visited* are the statements that led here by "answered like".

    As written, what a gap of aspect verdict or actions covers is open; as practised it is assumed.

    Raises:
        ContradictionError: two statements in force give different outcomes, or the same task with another force, or a
            case is answered like itself.
    """
    statements = tuple(statements)
    covering = _covering(facts, statements)
    gaps_in_case = [gap for gap in rulebook.gaps if gap.subject == subject and gap.when is not None and gap.when.covers(facts)]
    gaps = [gap for gap in gaps_in_case if gap.decides]
    notes = tuple(gap.id for gap in gaps_in_case if gap.aspect == NOTE)
    detours = [statement for statement in covering if statement.like]
    if detours:
        return _answer_by_detour(facts, detours, covering, statements, rulebook, subject, gaps_in_case, visited)

    written = reading is Reading.AS_WRITTEN
    on_outcome = [] if written and any(gap.aspect == VERDICT for gap in gaps) else _in_force(covering, outcome=True)
    on_tasks = [] if written and gaps else _in_force(covering, outcome=False)
    outcome = _agreed_outcome(facts, on_outcome)
    tasks = _agreed_tasks(facts, on_tasks)
    stated = tasks is not None
    tasks_by = [statement.source for statement in on_tasks] + ([] if written else _overriders(covering))
    on_outcome = _with_supports(on_outcome, covering)
    if tasks is None and not (gaps if written else any("tasks" in gap.leaves_open for gap in gaps)):
        tasks, tasks_by = _implied_tasks(facts, outcome, on_outcome, rulebook.sections)
    cited = {statement.id for statement in (*on_outcome, *on_tasks) if not statement.gap}
    cited |= {statement.id for statement in covering if statement.manner and not statement.gap}
    verdicts = [gap for gap in gaps if gap.aspect == VERDICT]
    return Answer(
        outcome=outcome,
        tasks=tasks,
        clauses=tuple(statement.id for statement in covering if statement.id in cited),
        gaps=tuple(gap.id for gap in gaps),
        tasks_stated=stated,
        outcome_by=_with_deciding_gaps(verdicts, [statement.source for statement in on_outcome]) if on_outcome else (),
        tasks_by=_with_deciding_gaps(gaps, tasks_by) if tasks is not None else (),
        manner=", ".join(_unique(statement.manner for statement in covering if statement.manner)),
        notes=notes,
        task_by=_sources_by_task(on_tasks),
        decided=_answered(gaps),
    )


def _covering(facts: Facts, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements that cover *facts*; one that rests on another applies only where that one applies."""
    covering = [statement for statement in statements if statement.when.covers(facts)]
    present = {statement.id for statement in covering}
    return [statement for statement in covering if not statement.rests_on or statement.rests_on in present]


def _in_force(covering: Sequence[Statement], *, outcome: bool) -> list[Statement]:
    """Return the statements that have one part of the answer and are not overridden there."""
    beaten = {over for statement in covering for over in statement.over if _overrides(statement, outcome=outcome)}
    if outcome:
        beaten |= {statement.rests_on for statement in covering if statement.outcome is not None}
    return [
        statement
        for statement in covering
        if statement.id not in beaten and (statement.outcome if outcome else statement.tasks) is not None
    ]


def _with_supports(speakers: Sequence[Statement], covering: Sequence[Statement]) -> list[Statement]:
    """Return *speakers* and the statements whose outcome they make more precise, in the order of the registers."""
    cited = {identifier for speaker in speakers for identifier in (speaker.id, speaker.rests_on)}
    return [statement for statement in covering if statement.id in cited]


def _with_deciding_gaps(gaps: Sequence[Gap], by: Sequence[str]) -> tuple[str, ...]:
    """Return *by*, preceded by the gaps whose resolution decides although none of its statements is in *by*."""
    return _unique([*(gap.id for gap in gaps if gap.id not in by), *by])


def _sources_by_task(speakers: Sequence[Statement]) -> dict[TaskKey, tuple[str, ...]]:
    """Return for each task the statements that require it."""
    sources: dict[TaskKey, list[str]] = {}
    for statement in speakers:
        for task in statement.tasks or ():
            sources.setdefault(task.task, []).append(statement.source)
    return {task: _unique(ids) for task, ids in sources.items()}


def _overrides(statement: Statement, *, outcome: bool) -> bool:
    if statement.outcome is None and statement.tasks is None:
        return True
    return (statement.outcome if outcome else statement.tasks) is not None


def _overriders(covering: Sequence[Statement]) -> list[str]:
    """Return the gaps whose resolution removes a task."""
    present = {statement.id for statement in covering if statement.tasks}
    return [
        statement.source
        for statement in covering
        if statement.gap and _overrides(statement, outcome=False) and any(over in present for over in statement.over)
    ]


def _agreed_outcome(facts: Facts, speakers: Sequence[Statement]) -> Outcome:
    outcomes = {statement.outcome for statement in speakers if statement.outcome is not None}
    if len(outcomes) > 1:
        raise ContradictionError(_facts_as_text(facts), [s.id for s in speakers], [str(s.outcome) for s in speakers])
    return outcomes.pop() if outcomes else Outcome.UNSPECIFIED


def _agreed_tasks(facts: Facts, speakers: Sequence[Statement]) -> tuple[Task, ...] | None:
    if not speakers:
        return None
    tasks: dict[str, Task] = {}
    for statement in speakers:
        for task in statement.tasks or ():
            if tasks.setdefault(task.task, task) != task:
                raise ContradictionError(
                    _facts_as_text(facts),
                    [s.id for s in speakers if task.task in {t.task for t in s.tasks or ()}],
                    [tasks[task.task].cell, task.cell],
                )
    none = [statement.id for statement in speakers if statement.tasks == ()]
    if none and tasks:
        raise ContradictionError(_facts_as_text(facts), [s.id for s in speakers], ["nothing to do", ", ".join(tasks)])
    return tuple(tasks.values())


def _implied_tasks(
    facts: Facts, outcome: Outcome, on_outcome: Sequence[Statement], sections: Sequence[Section]
) -> tuple[tuple[Task, ...] | None, list[str]]:
    """Return "nothing to do" if that follows from the outcome or from a heading that lists no step."""
    if outcome in NOTHING_TO_DO:
        return (), [statement.source for statement in on_outcome]
    if outcome is Outcome.ALLOWED:
        complete = [section.id for section in sections if section.complete and section.facts.covers(facts)]
        return ((), complete) if complete else (None, [])
    return None, []


def _answer_by_detour(  # noqa: PLR0913
    facts: Facts,
    detours: Sequence[Statement],
    covering: Sequence[Statement],
    statements: Sequence[Statement],
    rulebook: Rulebook,
    subject: str,
    gaps_in_case: Sequence[Gap],
    visited: tuple[str, ...],
) -> Answer:
    own_answers = [statement for statement in covering if statement.is_citable]
    if len(detours) > 1 or own_answers:
        contradicting = [*detours, *own_answers]
        raise ContradictionError(_facts_as_text(facts), [s.id for s in contradicting], ["answered like another case", "answered by itself"])
    detour = detours[0]
    if detour.id in visited:
        raise ContradictionError(_facts_as_text(facts), visited, ["answered like itself"])
    answer = evaluate({**facts, **detour.like}, statements, rulebook, subject, visited=(*visited, detour.id))
    covered_gaps = {gap.id for gap in gaps_in_case}
    return replace(
        answer,
        decided=answer.decided | _answered(gaps_in_case),
        gaps=tuple(gap.id for gap in rulebook.gaps if gap.decides and gap.id in covered_gaps | set(answer.gaps)),
        notes=tuple(gap.id for gap in rulebook.gaps if gap.aspect == NOTE and gap.id in covered_gaps | set(answer.notes)),
        outcome_by=_unique([detour.source, *answer.outcome_by]) if answer.outcome is not Outcome.UNSPECIFIED else (),
        tasks_by=_unique([detour.source, *answer.tasks_by]) if answer.tasks is not None else (),
    )


def _answered(gaps: Iterable[Gap]) -> frozenset[str]:
    return frozenset(gap.id for gap in gaps if gap.answer is not None)


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _facts_as_text(facts: Facts) -> str:
    return " / ".join(facts.values())

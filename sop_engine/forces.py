"""Forces: what a statement with each force can decide.

The force of a statement is its `modality`. What it decides (its *ruling*) has to fit: a ban that allows, a permission that
refuses, a mere fact that requires a task.
"""

from collections.abc import Iterator, Mapping

from sop_engine.decision import Outcome
from sop_engine.errors import did_you_mean
from sop_engine.reader import Rulebook
from sop_engine.statement import Statement
from sop_engine.text import quoted_list

TASK, NO_TASK, MANNER = "a task", '`tasks = "none"`', "a manner"
"""What a statement can decide beside an outcome."""
_OUTCOMES = frozenset(str(outcome) for outcome in Outcome if outcome is not Outcome.UNSPECIFIED)

RULINGS_OF: Mapping[str, frozenset[str]] = {
    "must": frozenset({TASK, MANNER}),
    "must-not": frozenset({str(Outcome.REFUSED)}),
    "should": frozenset(),
    "may": frozenset({str(Outcome.ALLOWED), TASK, MANNER}),
    "need-not": frozenset({TASK, NO_TASK}),
    "outcome": _OUTCOMES,
    "fact": frozenset(),
}
"""What a statement with each force can decide. What a system does (*outcome*) may have any outcome; a *fact* and a *should* decide nothing."""


def force_findings(rulebook: Rulebook) -> Iterator[str]:
    """Yield a finding for each statement with an unknown force, without one that it needs, or one that does not fit what it decides."""
    for statement in rulebook.statements:
        force, rulings = statement.modality, _rulings(statement)
        if not force and not statement.gap:
            yield f"{statement.location}: `{statement.id}` has no `modality`; add one of {quoted_list(RULINGS_OF)}"
        elif force and force not in RULINGS_OF:
            yield f"{statement.location}: `{statement.id}` has the unknown modality `{force}`; {did_you_mean(force, RULINGS_OF)}"
        elif force and statement.gap and not rulings:
            yield f"{statement.location}: `{statement.id}` has the modality `{force}` but nothing that has it; remove `modality`"
        elif force:
            yield from _misfits(statement, rulings)


def _misfits(statement: Statement, rulings: list[str]) -> Iterator[str]:
    for ruling in rulings:
        if ruling not in RULINGS_OF[statement.modality]:
            forces = [force for force, others in RULINGS_OF.items() if ruling in others]
            yield (
                f"{statement.location}: `{statement.id}` has the modality `{statement.modality}`, which contradicts {_ruling_text(ruling)}; "
                f"correct one of them ({_ruling_text(ruling)} fits {quoted_list(forces)})"
            )


def _rulings(statement: Statement) -> list[str]:
    rulings = [] if statement.outcome is None else [str(statement.outcome)]
    if statement.tasks is not None:
        rulings.append(TASK if statement.tasks else NO_TASK)
    return [*rulings, *([MANNER] if statement.manner else [])]


def _ruling_text(ruling: str) -> str:
    return f"the outcome `{ruling}`" if ruling in _OUTCOMES else ruling

"""Rulings of readings as analysts state them: ``refused; nothing to do``, in the form of resolutions and in words.

A ruling is a list of statements separated by semicolons: an outcome, ``must``, ``may`` or ``need not`` with a task, ``nothing to do``,
``open``, ``like PACKED``, or ``over`` with the id of a clause.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sop_engine.decision import Modality, Outcome
from sop_engine.errors import did_you_mean
from sop_engine.loading.words import FACTS_OF
from sop_engine.reader import Rulebook
from sop_engine.register.entries import EntryError
from sop_engine.statement import CASE, VERDICT
from sop_engine.tasks import TaskKey
from sop_engine.text import quoted

NOTHING, OPEN = "nothing to do", "open"
OUTCOMES = tuple(str(outcome) for outcome in Outcome if outcome is not Outcome.UNSPECIFIED)
EXAMPLE = '"refused; nothing to do" or "allowed; must make a credit note"'


@dataclass
class RulingParts:
    """A ruling in parts: outcome, tasks (None if it has none, empty for nothing to do), facts to replace, and clauses to override."""

    outcome: str = ""
    tasks: list[tuple[Modality, TaskKey]] | None = None
    like: dict[str, str] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)
    is_open: bool = False


def ruling_from(text: str, rulebook: Rulebook, subject: str = CASE) -> RulingParts:
    """Parse a ruling.

    Raises:
        EntryError: a statement of it is not understood, or two contradict each other.
    """
    ruling = RulingParts()
    for statement in filter(None, (part.strip() for part in text.split(";"))):
        _add(ruling, statement, rulebook, subject)
    if ruling == RulingParts():
        raise EntryError(f"a reading decides something: write it like {EXAMPLE}, or `open`")
    if ruling.is_open and (ruling.outcome or ruling.tasks is not None or ruling.like):
        raise EntryError(f"{quoted(text)} says that it is open, and decides something; leave one of them out")
    return ruling


def _add(ruling: RulingParts, statement: str, rulebook: Rulebook, subject: str) -> None:
    """Add *statement* to *ruling*."""
    word, _, rest = statement.partition(" ")
    if statement in OUTCOMES:
        if ruling.outcome or subject != CASE:
            raise EntryError(
                f"{quoted(statement)}: {'a reading has one outcome' if subject == CASE else 'a return has no outcome'}; remove it"
            )
        ruling.outcome = statement
    elif statement == NOTHING:
        if ruling.tasks:
            raise EntryError("the reading has a task, and says that there is nothing to do; leave one of them out")
        ruling.tasks = []
    elif statement == OPEN:
        ruling.is_open = True
    elif word == "like" and rest:
        ruling.like[_fact_of(rest, subject)] = rest
    elif word == "over" and rest:
        clauses = [clause.id for clause in rulebook.clauses]
        if rest not in clauses:
            raise EntryError(f"there is no clause {quoted(rest)}; {did_you_mean(rest, clauses)}")
        ruling.over.append(rest)
    else:
        _add_task(ruling, statement, rulebook)


def _add_task(ruling: RulingParts, statement: str, rulebook: Rulebook) -> None:
    text = statement.replace("need not ", "need-not ", 1)
    word, _, rest = text.partition(" ")
    keys = {name: task.key for task in rulebook.tasks for name in (task.id, task.words, task.short)}
    if word not in list(Modality) or not rest:
        expected = [*OUTCOMES, NOTHING, OPEN, *(f"{force.words} TASK" for force in Modality), "like STAGE", "over CLAUSE"]
        raise EntryError(f"{quoted(statement)} is not understood; {did_you_mean(statement, expected)}")
    if rest not in keys:
        raise EntryError(f"there is no task {quoted(rest)}; {did_you_mean(rest, keys)}")
    if ruling.tasks == []:
        raise EntryError("the reading has a task, and says that there is nothing to do; leave one of them out")
    ruling.tasks = [*(ruling.tasks or []), (Modality(word), keys[rest])]


def _fact_of(word: str, subject: str) -> str:
    facts = {str(value): name for name, words in FACTS_OF[subject].items() for value in words}
    if word not in facts:
        raise EntryError(f"`like` needs a stage or another fact, got {quoted(word)}; {did_you_mean(word, facts)}")
    return facts[word]


def parts_of_ruling(ruling: RulingParts, rulebook: Rulebook, aspect: str) -> dict[str, Any]:
    """Return *ruling* as parts of a record: ``resolution`` and ``leaves_open``; actor and system of a task are those of the clauses."""
    resolutions = [*_resolutions(ruling, rulebook)]
    parts: dict[str, Any] = {"resolution": resolutions} if resolutions else {}
    if ruling.is_open:
        parts["leaves_open"] = ["outcome", "tasks"] if aspect == VERDICT else ["tasks"]
    return parts


def _resolutions(ruling: RulingParts, rulebook: Rulebook) -> Iterator[dict[str, Any]]:
    if ruling.like:
        yield {"like": ruling.like}
    if ruling.outcome:
        yield {"outcome": ruling.outcome}
    if ruling.tasks == []:
        yield {"tasks": "none"}
    for force, task in ruling.tasks or ():
        yield {"modality": str(force), "task": str(task), **_by_whom(rulebook, force, task)}
    if ruling.over:
        yield {"over": ruling.over}


def _by_whom(rulebook: Rulebook, force: Modality, task: TaskKey) -> dict[str, str]:
    """Return actor and system of *task* in the clause that has it, if possible with the same *force*."""
    tasks = [own for statement in rulebook.clauses for own in statement.tasks or () if own.task is task]
    own = next((own for own in tasks if own.modality is force), tasks[0] if tasks else None)
    return {} if own is None else {name: word for name in ("actor", "system") if (word := getattr(own, name))}


def ruling_in_words(ruling: RulingParts, aspect: str, outcomes: Sequence[str] = ()) -> str:
    """Return *ruling* as the words of ``chosen``; *outcomes* are those of its cases, if it does not decide the outcome."""
    words = []
    outcome = ruling.outcome or (outcomes[0] if len(set(outcomes)) == 1 and aspect != VERDICT and not ruling.like else "")
    if outcome:
        words.append(f"the cancellation {outcome}" if outcome.startswith("fails") else f"the cancellation is {outcome}")
    if ruling.like:
        words.append(f"answered like {', '.join(ruling.like.values())}")
    if ruling.is_open:
        words.append("the outcome is not settled, and what to do stays open" if aspect == VERDICT else "what the client must do stays open")
    if ruling.tasks == []:
        words.append("there is nothing to do")
    tasks = [(force, task) for force, task in ruling.tasks or () if force is not Modality.NEED_NOT] or ruling.tasks
    if tasks:
        words.append("the client " + " and ".join(f"{force.words} {task.short}" for force, task in tasks))
    return "; ".join(words) or f"without {', '.join(ruling.over)}"

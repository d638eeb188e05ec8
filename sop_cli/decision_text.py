"""Option types with hints, and decisions as text for a terminal."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any, Generic, TypeVar

import click

from sop_engine import FACTS, PossibleDecision, PossibleExplanation, Source, Task, Timing
from sop_engine.boxes import Box
from sop_engine.case import FACT_TYPES
from sop_engine.errors import did_you_mean
from sop_engine.ids import is_gap
from sop_engine.possible_cases import DecisionPart
from sop_engine.text import counted

DAY_FORM = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Vocabulary = TypeVar("Vocabulary", bound=StrEnum)

OPEN = "what the client must do is an open question"
NOTHING = "the client has nothing to do"
CITING = ("outcome_source", "tasks_source", "clauses", "gaps")
"""The parts of a decision that say where the other parts come from."""
MOST_REGIONS = 12
"""Number of answers to an undecided part that are printed; the rest is counted."""


class OneOf(click.ParamType[Vocabulary], Generic[Vocabulary]):
    """Option type: a word of one vocabulary; for an unknown word the error names the nearest."""

    name = "word"

    def __init__(self, words: type[Vocabulary]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Vocabulary:
        """Return *value* as a word of the vocabulary.

        Raises:
            click.BadParameter: it is not in the vocabulary.
        """
        try:
            return self.words(value)
        except ValueError:
            self.fail(f"unknown word `{value}`; {did_you_mean(str(value), [str(word) for word in self.words])}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the words of the vocabulary."""
        return "[" + "|".join(str(word) for word in self.words) + "]"


class Day(click.ParamType[date]):
    """Option type: a day as 2026-07-15."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return *value* as a day.

        Raises:
            click.BadParameter: it is not a day of the calendar as year, month and day with hyphens.
        """
        if isinstance(value, date):
            return value
        day = _day_of(str(value).strip())
        if day is None:
            self.fail(f"`{value}` is no day; write year, month and day, such as 2026-07-15", param, ctx)
        return day


def _day_of(text: str) -> date | None:
    """Return the day that *text* names; None if it has another form."""
    try:
        return date.fromisoformat(text) if DAY_FORM.fullmatch(text) else None
    except ValueError:
        return None


def answer_in_words(decided: PossibleDecision) -> Iterator[str]:
    """Yield a decision line by line: outcome, tasks, sources; undecided parts, and the facts that would decide them."""
    unknown = decided.possible.unknown
    if unknown:
        yield _dim(
            f"{counted(len(decided.decisions), 'possible case')}: {_joined_with_and(unknown)} {'is' if len(unknown) == 1 else 'are'} not stated"
        )
    outcome, tasks = decided.parts["outcome"], decided.parts["tasks"]
    if outcome.certain:
        yield f"{_bold(str(outcome.distinct[0]))}  {_dim(_sources(decided, 'outcome'))}"
    else:
        yield from _undecided("the outcome", outcome)
    if tasks.certain:
        yield from _task_lines(tasks.distinct[0], _dim(_sources(decided, "tasks")))
    else:
        yield from _undecided("what the client must do", tasks)
    deciding = {*outcome.depends_on, *tasks.depends_on}
    citing = {name for part in CITING for name in decided.parts[part].depends_on}
    if deciding:
        yield f"to decide it, state {_joined_with_and(name for name in FACTS if name in deciding)}"
    if citing - deciding:
        yield f"the clauses that apply depend on {_joined_with_and(name for name in FACTS if name in citing)}"


def _task_lines(tasks: tuple[Task, ...] | None, source: str = "") -> Iterator[str]:
    """Yield the tasks, grouped by when they fall due."""
    if not tasks:
        yield f"{OPEN if tasks is None else NOTHING}  {source}".rstrip()
        return
    for when, together in groupby(tasks, lambda task: task.when):
        moment = "then does" if when is Timing.NOW else f"does {when}"
        yield f"what the {tasks[0].actor} {moment}  {source}".rstrip()
        for task in together:
            other = "" if task.actor == tasks[0].actor else f"  ({task.actor})"
            yield f"  {task.modality.words:8}  {task.task.words}{other}"


def _undecided(question: str, part: DecisionPart[Any]) -> Iterator[str]:
    """Yield that *part* is undecided, and its answers by the values of the facts that it depends on."""
    yield f"{_bold('undecided')}: {question} depends on {_joined_with_and(part.depends_on)}"
    for box, answer in part.regions[:MOST_REGIONS]:
        first, *lines = _task_lines(answer) if part.name == "tasks" else [str(answer)]
        yield f"  {_box_text(box)}: {first}"
        yield from (f"  {line}" for line in lines)
    if len(part.regions) > MOST_REGIONS:
        yield f"  and {counted(len(part.regions) - MOST_REGIONS, 'more group')} of cases; state a fact, or print them all with --json"


def why_in_words(explanation: PossibleExplanation) -> Iterator[str]:
    """Yield the clauses that decide, the clauses that do not apply, and the nearest allowed cases."""
    if explanation.because:
        yield ""
        yield _bold("Clauses behind the answer")
        for (identifier, text), boxes in explanation.because:
            yield f"  {identifier:18}  {text}{_box_note(boxes)}"
    yield from _questions(explanation)
    if explanation.why_not:
        yield ""
        yield _bold("Clauses that do not apply, and what they require")
        same: dict[str, list[str]] = {}
        for other in explanation.why_not:
            needs = "; ".join(f"{fact.replace('_', '-')} {' or '.join(words)}" for fact, words in other.needs)
            same.setdefault(needs, []).append(other.id)
        for needs, ids in same.items():
            yield f"  {', '.join(ids)}: {needs}"
    if explanation.nearest:
        yield ""
        yield _bold("It would be allowed with")
        for near in explanation.nearest:
            yield "  " + ", ".join(f"{fact.replace('_', '-')} {word}" for fact, word in near.changes)


def _questions(explanation: PossibleExplanation) -> Iterator[str]:
    """Yield the gaps that affect the answer, then those that are shown beside it."""
    if explanation.open_questions:
        yield ""
        yield _bold(
            "Questions that affect the answer"
            if _is_answered(basis for (*_, basis), _ in explanation.open_questions)
            else "Open questions that affect the answer"
        )
        for (identifier, question, chosen, basis), boxes in explanation.open_questions:
            yield f"  {identifier:18}  {question}{_box_note(boxes)}"
            yield f"  {'':18}  {basis}: {chosen}"
    if explanation.beside:
        yield ""
        yield _bold(
            "Questions that do not affect the answer"
            if _is_answered(note.basis for note, _ in explanation.beside)
            else "Open questions that do not affect the answer"
        )
        for note, boxes in explanation.beside:
            yield f"  {note.id:18}  {note.question}{_box_note(boxes)}"
            yield f"  {'':18}  {note.basis}: {note.chosen}"
            if note.watch:
                yield f"  {'':18}  watch: {note.watch}"


def _is_answered(bases: Iterable[str]) -> bool:
    """Return whether the owner of the SOP has answered a question with one of *bases*."""
    return any(basis != "we assume" for basis in bases)


def _box_note(boxes: Iterable[Box]) -> str:
    """Return the facts under which something is part of the answer; empty where it always is."""
    places = "; or ".join(map(_box_text, boxes))
    return _dim(f"  (with {places})") if places else ""


def _box_text(box: Box) -> str:
    """Return the words of a box; a fact that may have any word is omitted."""
    limiting = {name: words for name, words in box.items() if len(words) < len(FACT_TYPES[name])}
    return ", ".join(f"{name.replace('_', '-')} {' or '.join(words)}" for name, words in limiting.items())


def _joined_with_and(facts: Iterable[str]) -> str:
    *first_names, last = [name.replace("_", "-") for name in facts]
    return f"{', '.join(first_names)} and {last}" if first_names else last


def _sources(decided: PossibleDecision, part: str) -> str:
    """Return where a part that is certain comes from, in all possible cases."""
    ids_by_source: dict[Source, dict[str, None]] = {}
    for decision in decided.decisions:
        source, by = getattr(decision, f"{part}_source"), getattr(decision, f"{part}_by")
        ids_by_source.setdefault(source, {}).update(dict.fromkeys(by or decision.gaps))
    return " or ".join(_source(source, tuple(ids)) for source, ids in ids_by_source.items())


def _source(source: Source, ids: tuple[str, ...]) -> str:
    listed = ", ".join(ids)
    match source:
        case Source.STATED:
            return f"(the SOP says so: {listed})"
        case Source.FOLLOWS:
            return f"(follows from {listed})"
        case Source.ASSUMED | Source.DECIDED:
            gaps = [identifier for identifier in ids if is_gap(identifier)]
            clauses = [identifier for identifier in ids if identifier not in gaps]
            basis = "our reading of" if source is Source.ASSUMED else "the owner's answer to"
            return f"({basis} {', '.join(gaps)}{', with ' if clauses else ''}{', '.join(clauses)})"
        case Source.SILENT:
            return f"(the SOP leaves it open: {listed})"


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _dim(text: str) -> str:
    return click.style(text, dim=True)

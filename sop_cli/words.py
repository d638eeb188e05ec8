"""Option types with hints, and how a decision is put into words on a terminal."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import Any, Generic, TypeVar

import click

from sop_engine import Decision, Explanation, Source, Timing
from sop_engine.errors import did_you_mean

Word = TypeVar("Word", bound=StrEnum)

OPEN = "what the client must do is an open question"
NOTHING = "the client has nothing to do"


class OneOf(click.ParamType[Word], Generic[Word]):
    """A word of one vocabulary; another one is answered with the nearest."""

    name = "word"

    def __init__(self, words: type[Word]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Word:
        """The word itself.

        Raises:
            click.BadParameter: nobody knows it.
        """
        try:
            return self.words(value)
        except ValueError:
            self.fail(f"unknown word `{value}`; {did_you_mean(str(value), [str(word) for word in self.words])}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """The words to choose from."""
        return "[" + "|".join(str(word) for word in self.words) + "]"


def answer_in_words(decision: Decision) -> Iterator[str]:
    """A decision, a line at a time: what happens, what is to be done, who says so."""
    yield f"{_bold(str(decision.outcome))}  {_dim(_source(decision.outcome_source, decision.outcome_by or decision.gaps))}"
    source = _dim(_source(decision.tasks_source, decision.tasks_by or decision.gaps))
    if decision.tasks is None:
        yield f"{OPEN}  {source}"
    elif not decision.tasks:
        yield f"{NOTHING}  {source}"
    else:
        for when, tasks in groupby(decision.tasks, lambda task: task.when):
            moment = "then does" if when is Timing.NOW else f"does {when}"
            yield f"what the {decision.tasks[0].actor} {moment}  {source}"
            for task in tasks:
                yield f"  {task.modality.words:8}  {task.task.words}"


def why_in_words(explanation: Explanation) -> Iterator[str]:
    """The sentences behind a decision, the ones that did not speak, and the nearest allowed cases."""
    if explanation.because:
        yield ""
        yield _bold("Because")
        for identifier, text in explanation.because:
            yield f"  {identifier:18}  {text}"
    yield from _questions(explanation)
    if explanation.why_not:
        yield ""
        yield _bold("Not these, because they ask for other facts")
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


def _questions(explanation: Explanation) -> Iterator[str]:
    """The questions that the answer depends on, then those that stand beside it."""
    if explanation.open_questions:
        yield ""
        yield _bold("Where the SOP leaves a question")
        for identifier, question, chosen in explanation.open_questions:
            yield f"  {identifier:18}  {question}"
            yield f"  {'':18}  we take it: {chosen}"
    if explanation.beside:
        yield ""
        yield _bold("Settled, but a question stands beside it")
        for note in explanation.beside:
            yield f"  {note.id:18}  {note.question}"
            yield f"  {'':18}  we take it: {note.chosen}"
            if note.watch:
                yield f"  {'':18}  watch: {note.watch}"


def _source(source: Source, ids: tuple[str, ...]) -> str:
    named = ", ".join(ids)
    match source:
        case Source.STATED:
            return f"(the SOP says so: {named})"
        case Source.FOLLOWS:
            return f"(follows from {named})"
        case Source.ASSUMED:
            return f"(our reading: {named})"
        case Source.SILENT:
            return f"(the SOP leaves it open: {named})"


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _dim(text: str) -> str:
    return click.style(text, dim=True)

"""Options of the commands about records: words of the registers, the parts of a clause, and the facts of its cases."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from sop_cli.decision_text import OneOf
from sop_engine.case import FACT_TYPES
from sop_engine.decision import Timing
from sop_engine.engine import ENGINE
from sop_engine.errors import did_you_mean
from sop_engine.forces import RULINGS_OF
from sop_engine.loading.words import FACTS_OF
from sop_engine.register.entries import plain_text, when_of, words_in_use
from sop_engine.register.rulings import OUTCOMES
from sop_engine.returns import QualityCheck
from sop_engine.statement import SUBJECTS
from sop_engine.text import quoted

Command = Callable[..., Any]
CLAUSE_IDS = tuple(clause.id for clause in ENGINE.rulebook.clauses)
ACTORS, SYSTEMS = words_in_use(ENGINE.rulebook, "actor"), words_in_use(ENGINE.rulebook, "system")
TASKS = tuple(task.id for task in ENGINE.rulebook.tasks)
TEXTS = {
    "text": "--text", "not_operative": "--not-operative", "title": "--title", "nearest": "--nearest", "question": "--question",
    "why": "--why", "watch": "--watch", "chosen": "--chosen",
}  # fmt: skip
"""The parts that are sentences, each with its option."""


class Word(click.ParamType[str]):
    """Option type: one of a list of words; for an unknown word the error names the nearest."""

    name = "word"

    def __init__(self, words: Sequence[str], metavar: str = "") -> None:
        self.words = words
        self.metavar = metavar or f"[{'|'.join(words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* if it is one of the words.

        Raises:
            click.BadParameter: it is not.
        """
        if value not in self.words:
            self.fail(f"unknown word {quoted(str(value))}; {did_you_mean(str(value), self.words)}", param, ctx)
        return str(value)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the words, or the word that stands for them."""
        return self.metavar


def _with(options: Sequence[Command]) -> Command:
    """Return a decorator that adds *options* in their order."""

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


FACT_WORDS: Mapping[str, type[StrEnum]] = {**FACT_TYPES, "quality_check": QualityCheck}
"""The words of each fact."""
FACTS = tuple(FACT_WORDS)
fact_options = _with(
    [
        click.option(
            f"--{name.replace('_', '-')}",
            name,
            multiple=True,
            type=OneOf(words),
            help=f"Only the cases with this {name.replace('_', ' ')}; can be repeated.",
        )
        for name, words in FACT_WORDS.items()
    ]
)
"""Options for the facts of the cases that a record covers; a fact without an option may have any value."""

clause_options = _with(
    [
        click.option("--line", metavar="LINE", help='Line of the source, such as "23" or "17-19".'),
        click.option("--force", "modality", type=Word(tuple(RULINGS_OF)), help="The force of the sentence."),
        click.option("--actor", type=Word(ACTORS, "ACTOR"), help=f"Who acts: {', '.join(ACTORS)}."),
        click.option("--system", type=Word(SYSTEMS, "SYSTEM"), help=f"Where: {', '.join(SYSTEMS)}."),
        click.option("--text", metavar="TEXT", help="The wording, in our own words: who does what, under which condition."),
        click.option("--on", type=Word(SUBJECTS), help="What it is about, if not a cancellation."),
        fact_options,
        click.option("--outcome", type=Word(OUTCOMES), help="The outcome that it decides."),
        click.option("--task", multiple=True, type=Word(TASKS, "TASK"), help="A task that it has, with its force; can be repeated."),
        click.option("--nothing-to-do", "nothing", is_flag=True, help="It says that there is nothing to do."),
        click.option("--by-hand", "by_hand", is_flag=True, help="It says that the tasks are done by hand."),
        click.option("--due", type=OneOf(Timing), help="When the task falls due."),
        click.option("--instead-of", type=Word(TASKS, "TASK"), help="The task to which this one is the alternative."),
        click.option("--over", multiple=True, type=Word(CLAUSE_IDS, "CLAUSE"), help="A clause that it overrides; can be repeated."),
        click.option("--rests-on", type=Word(CLAUSE_IDS, "CLAUSE"), help="The refusal that it makes more precise."),
        click.option("--restates", type=Word(CLAUSE_IDS, "CLAUSE"), help="The clause that it repeats."),
        click.option("--not-operative", metavar="REASON", help="Why it decides nothing."),
    ]
)

writing_options = _with(
    [
        click.option("--yes", is_flag=True, help="Write without asking."),
        click.option(
            "--patch", "patch_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
            help="Write a patch to the new file FILE instead.",
        ),
    ]
)  # fmt: skip


def is_stated(stated: Mapping[str, Any]) -> bool:
    """Return whether one of the options *stated* is given, also with an empty text."""
    return any(value not in (None, (), False) for value in stated.values())


def stated_parts(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a record that the options *stated* give; facts are not among them.

    Raises:
        EntryError: a text cannot be taken.
        click.UsageError: two options contradict each other.
    """
    parts = {
        name: value for name, value in stated.items() if name not in (*FACTS, "nothing", "by_hand", "task") and value not in (None, ())
    }
    parts |= {name: plain_text(option, stated[name]) for name, option in TEXTS.items() if stated.get(name) is not None}
    parts = {name: list(value) if isinstance(value, tuple) else str(value) for name, value in parts.items()}
    tasks = [str(task) for task in stated.get("task") or ()]
    if tasks and stated.get("nothing"):
        raise click.UsageError("--task and --nothing-to-do cannot be used together; leave one out")
    if tasks:
        parts["task"] = tasks[0] if len(tasks) == 1 else tasks
    if stated.get("nothing"):
        parts["tasks"] = "none"
    if stated.get("by_hand"):
        parts["manner"] = "by hand"
    return parts


def stated_when(stated: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return the facts that the options *stated* give, as the part ``when``.

    Raises:
        click.UsageError: a fact does not belong to *subject*.
    """
    facts = {name: stated[name] for name in FACTS if stated.get(name)}
    wrong = next((name for name in facts if name not in FACTS_OF.get(subject, {})), None)
    if wrong is not None:
        about = "a returned unit" if wrong == "quality_check" else "a cancellation"
        raise click.UsageError(
            f"--{wrong.replace('_', '-')} is about {about}, and this record is about a {subject}; correct --on, or leave it out"
        )
    return when_of(facts, subject)

"""Prompts for a new clause, part by part, and for a change of a clause."""

from collections.abc import Mapping
from typing import Any

import click

from sop_cli.records.options import ACTORS, SYSTEMS
from sop_cli.records.prompts import ask_text, choose, choose_several
from sop_cli.records.record_text import part_in_words
from sop_engine.decision import Timing
from sop_engine.forces import NO_TASK, RULINGS_OF, TASK
from sop_engine.loading.words import FACTS_OF
from sop_engine.reader import Rulebook
from sop_engine.register.entries import heading_of, next_clause_id, when_of
from sop_engine.register.rulings import NOTHING, OUTCOMES
from sop_engine.source_lines import lines_of
from sop_engine.statement import CASE, ORDER, REPORT, SUBJECTS

SOME_TASK, NOT_OPERATIVE = "a task", "nothing"
RULING_PARTS = ("outcome", "task", "tasks", "due", "instead_of", "not_operative")
END = "end"


def ask_for_clause(rulebook: Rulebook, identifier: str, parts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return id and parts of a new clause; what *identifier* and *parts* lack is asked for."""
    stated = dict(parts)
    if not identifier:
        headings = [section.id for section in rulebook.sections]
        heading = choose("Heading", headings, notes=[section.text for section in rulebook.sections])
        identifier = next_clause_id(rulebook, heading)
    click.echo(f"id: {identifier}")
    if "line" not in stated:
        stated["line"] = _ask_line()
    if "modality" not in stated:
        notes = [", ".join(sorted(rulings)) or "decides nothing" for rulings in RULINGS_OF.values()]
        stated["modality"] = choose("Force", tuple(RULINGS_OF), notes=notes)
    for name, words in (("actor", ACTORS), ("system", SYSTEMS)):
        if name not in stated and (word := choose(f"The {name}", words, optional=True)):
            stated[name] = word
    if "text" not in stated:
        stated["text"] = ask_text("Wording, in our own words")
    if not stated.keys() & {"on", *RULING_PARTS}:
        stated |= _ask_ruling(rulebook, identifier, stated["modality"])
    return identifier, stated


def _ask_ruling(rulebook: Rulebook, identifier: str, force: str) -> dict[str, Any]:
    """Return what a new clause decides, and in which cases."""
    parts: dict[str, Any] = {}
    subject = choose("It is about", SUBJECTS, notes=["a cancellation", "a returned unit", "the life of an order", "a VMS report"])
    if subject != CASE:
        parts["on"] = subject
    if subject in (ORDER, REPORT):
        return parts
    fitting = RULINGS_OF[force]
    outcomes = [outcome for outcome in OUTCOMES if outcome in fitting and subject == CASE]
    decided = choose(
        "It decides", [*outcomes, *([SOME_TASK] if TASK in fitting else []), *([NOTHING] if NO_TASK in fitting else []), NOT_OPERATIVE]
    )
    if decided == NOT_OPERATIVE:
        return {"not_operative": ask_text("Why it decides nothing")}
    if decided == SOME_TASK:
        parts["task"] = choose("Task", [task.id for task in rulebook.tasks], notes=[task.words for task in rulebook.tasks])
        due = choose("Due", [str(timing) for timing in Timing])
        parts |= {} if due == Timing.NOW else {"due": due}
    else:
        parts |= {"tasks": "none"} if decided == NOTHING else {"outcome": decided}
    heading = heading_of(rulebook, identifier)
    inherited = next((section.facts.facts for section in rulebook.sections if section.id == heading), {})
    when = ask_when(subject, inherited)
    return {**parts, **({"when": when} if when else {})}


def ask_when(subject: str, inherited: Mapping[str, object]) -> dict[str, Any]:
    """Return the cases that a record covers, without the facts that are *inherited* from a heading."""
    facts = FACTS_OF.get(subject, {})
    return when_of(
        {
            name: choose_several(name.replace("_", "-"), [str(word) for word in words])
            for name, words in facts.items()
            if name not in inherited
        },
        subject,
    )


def ask_for_change(present: Mapping[str, Any], inherited: Mapping[str, object]) -> dict[str, Any]:
    """Return the parts of the clause *present* that the user changes, one after another."""
    changes: dict[str, Any] = {}
    names = [
        "text",
        "line",
        "modality",
        "actor",
        "system",
        *(["when"] if "when" in present else []),
        *(["not_operative"] if "not_operative" in present else []),
    ]
    labels = ["wording", "line", "force", "actor", "system", *(name.replace("_", " ").replace("when", "cases") for name in names[5:])]
    while (label := choose("What do you want to change", [*labels, END])) != END:
        name = names[labels.index(label)]
        current = changes.get(name, present.get(name))
        if current is not None:
            click.echo(f"now: {part_in_words(current)}")
        match name:
            case "line":
                changes[name] = _ask_line()
            case "modality":
                changes[name] = choose("Force", tuple(RULINGS_OF))
            case "actor" | "system":
                changes[name] = choose(f"The {name}", ACTORS if name == "actor" else SYSTEMS, optional=True) or None
            case "when":
                changes[name] = ask_when(str(present.get("on", CASE)), inherited) or None
            case _:
                changes[name] = ask_text("New text", present=str(current or ""))
    return {name: value for name, value in changes.items() if value != present.get(name)}


def _ask_line() -> str:
    def line_of(text: str) -> str:
        if lines_of(text) is None:
            raise click.UsageError('write the line like "23" or "17-19"')
        return text

    return str(click.prompt("Line of the source", value_proc=line_of))

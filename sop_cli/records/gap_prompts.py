"""Prompts for a new gap, part by part: texts, readings, cases, and what each reading decides."""

from collections.abc import Mapping
from typing import Any

import click

from sop_cli.records.clause_prompts import ask_when
from sop_cli.records.prompts import ask_text, choose
from sop_engine import load_rulebook
from sop_engine.decision import Modality
from sop_engine.register.entries import ASPECTS, KINDS
from sop_engine.register.gap_parts import FEWEST_READINGS
from sop_engine.register.rulings import NOTHING, OPEN, OUTCOMES
from sop_engine.statement import ACTIONS, CASE, NOTE, RETURN, SUBJECTS, VERDICT

_LABELS = {
    "title": "Title: who cancels, how much, under which invoicing, and when",
    "nearest": "The nearest text of the SOP, with the ids of its clauses",
    "question": "The question for the owner of the document",
}
_ASPECT_NOTES = (
    "the outcome and the tasks depend on it", "the tasks depend on it", "the answer is settled; the question is shown beside it",
    "about the document as a whole",
)  # fmt: skip
NO_OUTCOME, NO_MORE = "no outcome of its own", "no more tasks"


def ask_for_gap(parts: Mapping[str, Any], rulings: Mapping[int, str]) -> tuple[dict[str, Any], dict[int, str]]:
    """Return the parts of a new gap and what its readings decide; what *parts* and *rulings* lack is asked for."""
    stated, decides = dict(parts), dict(rulings)
    for name, label in _LABELS.items():
        if name not in stated:
            stated[name] = ask_text(label)
    for name, label, words, notes in (("kind", "The document is", KINDS, ()), ("aspect", "What depends on it", ASPECTS, _ASPECT_NOTES)):
        if name not in stated:
            stated[name] = choose(label, words, notes=notes)
    if "on" not in stated and (subject := choose("It is about", SUBJECTS)) != CASE:
        stated["on"] = subject
    if "readings" not in stated:
        stated["readings"] = _ask_readings()
    if "reading" not in stated:
        stated["reading"] = stated["readings"].index(choose("We assume reading", stated["readings"])) + 1
    if "why" not in stated:
        stated["why"] = ask_text("Why we assume it")
    return stated, _ask_cases(stated, decides)


def _ask_readings() -> list[str]:
    readings = [ask_text(f"Reading {number}") for number in range(1, FEWEST_READINGS + 1)]
    while text := ask_text("Another reading", optional=True):
        readings.append(text)
    return readings


def _ask_cases(stated: dict[str, Any], decides: dict[int, str]) -> dict[int, str]:
    """Add to *stated* the cases that a gap covers and what to watch; return what each reading decides."""
    subject, aspect = str(stated.get("on", CASE)), stated["aspect"]
    if "when" not in stated and aspect != "document" and (when := ask_when(subject, {})):
        stated["when"] = when
    if aspect in (VERDICT, ACTIONS) and subject in (CASE, RETURN):
        for number, reading in enumerate(stated["readings"], 1):
            if number not in decides:
                click.echo(f"Reading {number}: {reading}")
                decides[number] = _ask_ruling(aspect, subject)
    if aspect == NOTE and "watch" not in stated and (text := ask_text("What to watch until it is answered", optional=True)):
        stated["watch"] = text
    return decides


def _ask_ruling(aspect: str, subject: str) -> str:
    """Return what a reading decides, as text for `sop_engine.register.rulings`."""
    statements = []
    if aspect == VERDICT and subject == CASE:
        outcome = choose("It decides the outcome", [*OUTCOMES, OPEN, NO_OUTCOME])
        if outcome == OPEN:
            return OPEN
        statements += [] if outcome == NO_OUTCOME else [outcome]
    forces = [force.words for force in Modality]
    first = choose("It decides the tasks", [NOTHING, *forces, *([OPEN] if aspect == ACTIONS else []), NO_MORE])
    while first in forces:
        statements.append(f"{first} {choose('Task', [task.words for task in load_rulebook().tasks])}")
        first = choose("Another task", [*forces, NO_MORE])
    return "; ".join([*statements, *([first] if first != NO_MORE else [])])

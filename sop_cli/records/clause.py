"""`sop clause`: correct a clause of the register, or add one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sop_cli.answers.places import places
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import steps_option
from sop_cli.records.clause_prompts import ask_for_change, ask_for_clause
from sop_cli.records.options import FACTS, Word, clause_options, is_stated, stated_parts, stated_when, writing_options
from sop_cli.records.preview import ChangedRecord, put_record
from sop_cli.records.prompts import can_ask
from sop_cli.records.record_text import record_in_words
from sop_engine.engine import ENGINE
from sop_engine.register.entries import (
    CLAUSE_PARTS,
    heading_of,
    next_clause_id,
    parts_of,
    plain_text,
    require_new_id,
    require_own_facts,
    with_new_clause,
    with_parts,
)
from sop_engine.statement import CASE
from sop_engine.versions import CLAUSES, chosen_version

HEADINGS = tuple(section.id for section in ENGINE.rulebook.sections)
REMOVABLE = tuple(name for name in (*CLAUSE_PARTS, *FACTS) if name not in {"id", "line", "modality", "text", "manner", "task", "tasks"})
NEEDED = {"line": "--line", "modality": "--force", "text": "--text"}


@click.group(short_help="Correct a clause of the SOP's register, or add one.")
def clause() -> None:
    """Correct a clause of the register, or add one.

    The rulebook is proved with the change before anything is written: a contradiction is refused and names the other sentence.
    Then the command lists the answers that change, the examples that would fail and what the features lack, asks, and
    writes the record. Comments and layout of the register stay.

    \b
      sop clause edit SC-ERP-FULL-1a
      sop clause edit SC-ERP-FULL-1a --text "While Assure OMS shows FULFILLABLE, the seller may cancel the whole order."
      sop clause add
    """


@clause.command(short_help="Correct a clause.")
@click.argument("clause_id", metavar="CLAUSE")
@clause_options
@click.option("--remove", multiple=True, type=Word(REMOVABLE), help="A part or a fact to take out; can be repeated.")
@writing_options
@steps_option
def edit(
    clause_id: str, remove: tuple[str, ...], patch_file: Path | None, step_modules: tuple[str, ...], *, yes: bool, **stated: Any
) -> int:
    """Correct the clause CLAUSE: its wording, its force, what it decides, or the cases that it covers.

    Options replace the parts that they name; the other parts stay. A task replaces "nothing to do", and the reverse. Without
    options the clause is shown; in a terminal the command asks what to change.

    Exit status: 0 written or shown, 1 not confirmed, 2 invalid input, option or clause, 70 internal error, 130 interrupted.

    \b
      sop clause edit SC-ERP-FULL-1a --text "While Assure OMS shows FULFILLABLE, the seller may cancel the whole order."
      sop clause edit SC-ERP-FULL-3 --stage PACKED --stage READY_TO_DISPATCH
      sop clause edit SC-ERP-FULL-2b --not-operative "the clauses below it are the steps"
    """
    if remove or is_stated(stated):
        where = places()
        old = (where.rulebook / CLAUSES).read_bytes()
        present = parts_of(old, "clause", clause_id)
        changes = _clause_changes(present, stated, remove)
    else:
        present = parts_of((chosen_version() / CLAUSES).read_bytes(), "clause", clause_id)
        click.echo("\n".join(record_in_words(present, heading_of(ENGINE.rulebook, clause_id))))
        if not can_ask():
            return SUCCESS
        where = places()
        old = (where.rulebook / CLAUSES).read_bytes()
        changes = ask_for_change(present, _inherited(clause_id))
    when = changes.get("when") or {}
    require_own_facts(ENGINE.rulebook, heading_of(ENGINE.rulebook, clause_id), when.keys() - present.get("when", {}).keys())
    record = ChangedRecord(clause_id, where.rulebook / CLAUSES, old, with_parts(old, "clause", clause_id, changes))
    return put_record(where, record, step_modules, yes=yes, patch_file=patch_file)


@clause.command(short_help="Add a clause.")
@click.option("--heading", type=Word(HEADINGS, "HEADING"), help="The heading that it stands below, such as SC-ERP-FULL.")
@click.option("--id", "identifier", metavar="ID", help="Its id; without it the next number below the heading.")
@clause_options
@writing_options
@steps_option
def add(
    heading: str | None, identifier: str | None, patch_file: Path | None, step_modules: tuple[str, ...], *, yes: bool, **stated: Any
) -> int:
    """Add a clause below its neighbours in the document.

    It needs a heading or an id, its line, its force and its wording in our own words, and what it decides: an outcome, a task,
    or that there is nothing to do; otherwise say with --not-operative why it decides nothing. The facts of the heading apply to
    it; state the others with options such as --stage. In a terminal the command asks for what is missing.

    Exit status: 0 written, 1 not confirmed, 2 invalid input, option or clause, 70 internal error, 130 interrupted.

    \b
      sop clause add --heading SC-ERP-FULL --line 43 --force must-not --actor seller --text "…" --stage CANCELLED --outcome refused
    """
    parts = stated_parts(stated)
    identifier = plain_text("--id", identifier) if identifier is not None else next_clause_id(ENGINE.rulebook, heading) if heading else ""
    missing = [*([] if identifier else ["--heading"]), *(option for name, option in NEEDED.items() if name not in parts)]
    if missing and can_ask():
        identifier, parts = ask_for_clause(ENGINE.rulebook, identifier, parts)
    elif missing:
        raise click.UsageError(
            f"a clause needs {', '.join(missing)}; add {'it' if len(missing) == 1 else 'them'}, or run the command in a terminal"
        )
    require_new_id(ENGINE.rulebook, identifier, gap=False)
    own_heading = heading_of(ENGINE.rulebook, identifier)
    if heading is not None and heading != own_heading:
        raise click.UsageError(
            f"the id `{identifier}` stands below `{own_heading or 'no heading'}`, not below `{heading}`; leave one of them out"
        )
    when = stated_when(stated, str(parts.get("on", CASE)))
    if when:
        require_own_facts(ENGINE.rulebook, own_heading, when)
        parts["when"] = when
    where = places()
    old = (where.rulebook / CLAUSES).read_bytes()
    new = with_new_clause(old, ENGINE.rulebook, {"id": identifier, **parts})
    return put_record(where, ChangedRecord(identifier, where.rulebook / CLAUSES, old, new), step_modules, yes=yes, patch_file=patch_file)


def _inherited(clause_id: str) -> Mapping[str, object]:
    """Return the facts that the heading of a clause states."""
    heading = heading_of(ENGINE.rulebook, clause_id)
    return next((section.facts.facts for section in ENGINE.rulebook.sections if section.id == heading), {})


def _clause_changes(present: Mapping[str, Any], stated: Mapping[str, Any], remove: tuple[str, ...]) -> dict[str, Any]:
    """Return the parts that options change: new values, and None for parts to remove."""
    changes = stated_parts(stated)
    subject = str(changes.get("on", present.get("on", CASE)))
    when = {name: words for name, words in present.get("when", {}).items() if name not in remove} | stated_when(stated, subject)
    ordered = {name: when[name] for name in FACTS if name in when}
    if ordered != present.get("when", {}):
        changes["when"] = ordered or None
    for name in remove:
        if name not in FACTS:
            if name in changes:
                raise click.UsageError(f"--remove {name} cannot be used together with a new value; leave one out")
            changes[name] = None
        elif stated.get(name):
            raise click.UsageError(f"--remove {name} cannot be used together with a new value; leave one out")
    if "task" in changes:
        changes["tasks"] = None
    if changes.get("tasks"):
        changes |= {"task": None, "due": None, "instead_of": None}
    return {name: value for name, value in changes.items() if value != present.get(name)}

"""`sop gap`: add a gap to the register, or correct one."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from sop_cli.answers.places import places
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import steps_option
from sop_cli.records.gap_prompts import ask_for_gap
from sop_cli.records.options import FACTS, Word, fact_options, is_stated, stated_parts, stated_when, writing_options
from sop_cli.records.preview import ChangedRecord, put_record
from sop_cli.records.prompts import can_ask
from sop_cli.records.record_text import record_in_words
from sop_engine.engine import ENGINE
from sop_engine.register.entries import (
    ASPECTS,
    KINDS,
    next_gap_id,
    parts_of,
    plain_text,
    require_new_id,
    with_new_gap,
    with_parts,
)
from sop_engine.register.gap_parts import counted_cases, gap_parts, reading_parts
from sop_engine.register.record_text import with_sub_record
from sop_engine.statement import CASE, SUBJECTS
from sop_engine.versions import GAPS, chosen_version

_NUMBERED = re.compile(r"([1-9][0-9]?)\s*[=:]\s*(.+)", re.DOTALL)
NEEDED = {
    "title": "--title", "kind": "--kind", "aspect": "--aspect", "nearest": "--nearest", "readings": "--reading", "reading": "--assume",
    "why": "--why", "question": "--question",
}  # fmt: skip


def _text_options(command: Any) -> Any:
    """Add the options for the texts of a gap."""
    options = (
        ("--title", "What it is about: who cancels, how much, under which invoicing, and when."),
        ("--nearest", "The nearest text of the SOP, with the ids of its clauses."),
        ("--question", "The question for the owner of the document."),
        ("--why", "Why we assume the reading that we assume."),
        ("--watch", "What to watch until the question is answered."),
        ("--chosen", "What the assumed reading decides, in words; otherwise it is written from --decides."),
    )
    for name, text in reversed(options):
        command = click.option(name, metavar="TEXT", help=text)(command)
    command = click.option("--aspect", type=Word(ASPECTS), help="What depends on it.")(command)
    return click.option("--kind", type=Word(KINDS), help="What the document does: it is silent, ambiguous or contradictory.")(command)


@click.group(short_help="Add a gap to the register, or correct one.")
def gap() -> None:
    """Add a gap, a question that the SOP leaves open, or correct one.

    The rulebook is proved under each reading before anything is written: a contradiction is refused and names the other record.
    Then the command lists the answers that change, the examples that would fail and what the features lack, asks, and
    writes the record. To record the owner's answer, use `sop answer`.

    \b
      sop gap add
      sop gap edit GAP-04 --why "Every sentence about an order with an e-invoice asks for the credit note."
    """


@gap.command(short_help="Add a gap.")
@click.option("--id", "identifier", metavar="ID", help="Its id; without it the next number.")
@_text_options
@click.option("--on", type=Word(SUBJECTS), help="What it is about, if not a cancellation.")
@click.option("--reading", "readings", multiple=True, metavar="TEXT", help="A possible reading; repeat it for each, in order.")
@click.option("--assume", "assumed", type=click.IntRange(1), metavar="N", help="The number of the reading that we assume.")
@click.option(
    "--decides",
    multiple=True,
    metavar="N=RULING",
    help='What a reading decides, such as "2=allowed; must make a credit note" or "1=refused; nothing to do"; repeat it for each.',
)
@fact_options
@writing_options
@steps_option
def add(  # noqa: PLR0913 (the parts of a gap, each its own option)
    identifier: str | None,
    readings: tuple[str, ...],
    assumed: int | None,
    decides: tuple[str, ...],
    patch_file: Path | None,
    step_modules: tuple[str, ...],
    *,
    yes: bool,
    **stated: Any,
) -> int:
    """Add a gap at the end of the register.

    The aspect says what depends on it: `verdict` the outcome and the tasks, `actions` the tasks alone, `note` nothing (the question is
    shown beside the answer), `document` the document as a whole. For verdict and actions, state the cases with facts such as --stage,
    and what each reading decides with --decides: statements separated by semicolons, each an outcome, `must`, `may` or `need not` with
    a task, `nothing to do`, `open`, `like PACKED`, or `over` with a clause. Who does a task and where is taken from the clauses. In a
    terminal the command asks for what is missing.

    Exit status: 0 written, 1 not confirmed, 2 invalid input, option or gap, 70 internal error, 130 interrupted.
    """
    parts = stated_parts(stated)
    if readings:
        parts["readings"] = [plain_text("--reading", text) for text in readings]
    if assumed is not None:
        parts["reading"] = assumed
    rulings = _numbered("--decides", decides)
    subject = str(parts.get("on", CASE))
    if when := stated_when(stated, subject):
        parts["when"] = when
    missing = [option for name, option in NEEDED.items() if name not in parts]
    if missing and can_ask():
        parts, rulings = ask_for_gap(parts, rulings)
    elif missing:
        raise click.UsageError(
            f"a gap needs {', '.join(missing)}; add {'it' if len(missing) == 1 else 'them'}, or run the command in a terminal"
        )
    identifier = plain_text("--id", identifier) if identifier is not None else next_gap_id(ENGINE.rulebook)
    require_new_id(ENGINE.rulebook, identifier, gap=True)
    where = places()
    old = where.register.read_bytes()
    new = with_new_gap(old, ENGINE.rulebook, {"id": identifier, **gap_parts(ENGINE, parts, rulings)})
    return put_record(where, ChangedRecord(identifier, where.register, old, new), step_modules, yes=yes, patch_file=patch_file)


@gap.command(short_help="Correct a gap.")
@click.argument("gap_id", metavar="GAP")
@_text_options
@click.option("--reading", "readings", multiple=True, metavar="N=TEXT", help="The wording of a reading; can be repeated.")
@click.option(
    "--decides", multiple=True, metavar="N=RULING", help="What a reading decides of which the register does not say it; can be repeated."
)
@fact_options
@click.option("--remove", multiple=True, type=Word(("watch", *FACTS)), help="A part or a fact to take out; can be repeated.")
@writing_options
@steps_option
def edit(  # noqa: PLR0913 (the parts of a gap, each its own option)
    gap_id: str,
    readings: tuple[str, ...],
    decides: tuple[str, ...],
    remove: tuple[str, ...],
    patch_file: Path | None,
    step_modules: tuple[str, ...],
    *,
    yes: bool,
    **stated: Any,
) -> int:
    """Correct the gap GAP: its texts, the cases that it covers, or what a reading decides of which the register does not say it.

    Options replace the parts that they name; the other parts stay. Without options the gap is shown.

    Exit status: 0 written or shown, 1 not confirmed, 2 invalid input, option or gap, 70 internal error, 130 interrupted.
    """
    if not (readings or decides or remove or is_stated(stated)):
        present = parts_of((chosen_version() / GAPS).read_bytes(), "gap", gap_id)
        click.echo(
            "\n".join(record_in_words({name: value for name, value in present.items() if name not in {"resolution", "alternative"}}))
        )
        return SUCCESS
    where = places()
    old = where.register.read_bytes()
    present = parts_of(old, "gap", gap_id)
    changes = _gap_changes(present, stated, remove, _numbered("--reading", readings))
    rulings = _numbered("--decides", decides)
    new = with_parts(old, "gap", gap_id, changes)
    for number, text in rulings.items():
        new = with_sub_record(new, "gap", gap_id, "alternative", _alternative({**present, **changes}, number, text))
    return put_record(where, ChangedRecord(gap_id, where.register, old, new), step_modules, yes=yes, patch_file=patch_file)


def _numbered(option: str, texts: Sequence[str]) -> dict[int, str]:
    """Parse texts such as ``2=refused`` to the text of each number.

    Raises:
        click.UsageError: a text has another form, or a number is given twice.
    """
    numbered: dict[int, str] = {}
    for text in texts:
        match = _NUMBERED.fullmatch(text.strip())
        if match is None:
            raise click.UsageError(f'{option} needs the number of a reading and a text, like {option} "2=…"')
        if int(match[1]) in numbered:
            raise click.UsageError(f"{option} is given twice for reading {match[1]}; leave one out")
        numbered[int(match[1])] = plain_text(option, match[2])
    return numbered


def _gap_changes(
    present: Mapping[str, Any], stated: Mapping[str, Any], remove: tuple[str, ...], readings: Mapping[int, str]
) -> dict[str, Any]:
    """Return the parts of the gap *present* that options change: new values, and None for parts to remove."""
    changes = stated_parts(stated)
    if readings:
        texts = list(present["readings"])
        for number, text in readings.items():
            if number > len(texts):
                raise click.UsageError(f"there is no reading {number}; expected 1 to {len(texts)}")
            texts[number - 1] = text
        changes["readings"] = texts
    subject = str(present.get("on", CASE))
    when = {name: words for name, words in present.get("when", {}).items() if name not in remove} | stated_when(stated, subject)
    ordered = {name: when[name] for name in FACTS if name in when}
    if ordered != present.get("when", {}) or changes.get("aspect", present["aspect"]) != present["aspect"]:
        parts = {name: value for name, value in {**present, **changes, "when": ordered}.items() if value}
        changes |= {"when": ordered or None, "cases": counted_cases(parts).get("cases")}
    clash = next((name for name in remove if stated.get(name)), None)
    if clash is not None:
        raise click.UsageError(f"--remove {clash} cannot be used together with a new value; leave one out")
    changes |= dict.fromkeys(set(remove) & {"watch"})
    return {name: value for name, value in changes.items() if value != present.get(name)}


def _alternative(present: Mapping[str, Any], number: int, text: str) -> dict[str, Any]:
    """Return what reading *number* of a gap decides, as a sub-record.

    Raises:
        click.UsageError: there is no such reading, or the register says already what it decides.
    """
    count = len(present["readings"])
    if number > count:
        raise click.UsageError(f"there is no reading {number}; expected 1 to {count}")
    if number in {present.get("reading"), *(ruling["reading"] for ruling in present.get("alternative", ()))}:
        raise click.UsageError(
            f"the register says already what reading {number} decides; `sop diff --with {present['id']}={number}` shows it"
        )
    return {"reading": number, **reading_parts(ENGINE, present, number, text)}

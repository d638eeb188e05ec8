"""`sop diff`: which behaviour changed between two rulebooks."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import click

from sop_cli.behaviours import Known, at_hand, known
from sop_cli.words import OneOf
from sop_engine.behaviour import Row
from sop_engine.decision import TaskKey
from sop_engine.difference import Region, Reworded, records, regions
from sop_engine.register import FACTS_OF
from steps.asserting import Place, asserting
from steps.green import Record, read
from steps.last_run import RUNS, RunNeededError, folder_of

GOOD, BAD_NEWS = 0, 1
MOST_PLACES = 3


class Form(StrEnum):
    """How the changes are printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@click.command(short_help="Say which answers changed between two rulebooks.")
@click.argument("base")
@click.argument("head", required=False)
@click.option("--format", "form", type=OneOf(Form), default=Form.TEXT, help="How the changes are printed (text).")
@click.option(
    "--run", type=click.Path(path_type=Path, file_okay=False), help="Run whose examples are named beside a change (the last one)."
)
def diff(base: str, head: str | None, form: Form, run: Path | None) -> int:
    """Compare the answers of BASE with those of HEAD, by default the rulebook at hand.

    Each is a folder with a rulebook, a table that `sop approve` wrote, or a git revision. All 256 cases and 4 returned
    units are compared, as written and as practised. Exit status: 0 nothing changed, 1 something did, 2 one of the two
    cannot be read.
    """
    before, after = known(base), at_hand() if head is None else known(head)
    found = regions(before.behaviour, after.behaviour)
    reworded = records(before.rulebook, after.rulebook) if before.rulebook and after.rulebook else ()
    record = _record(run)
    tell = {Form.TEXT: _text, Form.JSON: _json, Form.MARKDOWN: _markdown}[form]
    click.echo("\n".join(tell(before, after, found, reworded, record)))
    return BAD_NEWS if found else GOOD


def _record(run: Path | None) -> Record | None:
    """The run that names examples; a comparison does without where none is at hand."""
    try:
        return read(folder_of(run, RUNS) / "run.ndjson")
    except RunNeededError:
        if run is not None:
            raise
        return None


def _text(before: Known, after: Known, found: Sequence[Region], reworded: Sequence[Reworded], record: Record | None) -> Iterator[str]:
    for region in found:
        yield click.style(heading(region), bold=True)
        yield from (f"  {part.replace('_', ' '):9} {_change(region, part)}" for part in region.parts)
        yield f"  {'because':9} {', '.join(_causes(region, reworded)) or 'nobody says'}"
        yield from (f"  {'example':9} {place}" for place in _places(record, region))
        yield ""
    if reworded:
        yield "said otherwise: " + "; ".join(map(_reworded, reworded))
    yield _verdict(before, after, found)


def _markdown(before: Known, after: Known, found: Sequence[Region], reworded: Sequence[Reworded], record: Record | None) -> Iterator[str]:
    yield "### Behaviour"
    yield ""
    yield _verdict(before, after, found)
    if found:
        yield ""
        yield "| Cases | Before | After | Because | Examples |"
        yield "| --- | --- | --- | --- | --- |"
    for region in found:
        told = [(part, old, new) for part, old, new in parts(region)]
        old, new = ("<br>".join(f"{part}: {text[k]}" for part, *text in told) for k in (0, 1))
        places = "<br>".join(str(place) for place in _places(record, region))
        yield "| " + " | ".join(_cell(each) for each in (heading(region), old, new, ", ".join(_causes(region, reworded)), places)) + " |"
    if reworded:
        yield ""
        yield "Said otherwise: " + "; ".join(map(_reworded, reworded)) + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _json(before: Known, after: Known, found: Sequence[Region], reworded: Sequence[Reworded], record: Record | None) -> Iterator[str]:
    told = {
        "base": {"name": before.name, "rulebook": before.behaviour.sha256},
        "head": {"name": after.name, "rulebook": after.behaviour.sha256},
        "changed": sum(region.size for region in found),
        "regions": [
            {
                "subject": region.subject,
                "reading": str(region.reading),
                "facts": {name: list(values) for name, values in region.facts.items()},
                "situations": region.size,
                "parts": list(region.parts),
                "before": {part: getattr(region.before, part) for part in region.parts},
                "after": {part: getattr(region.after, part) for part in region.parts},
                "because": list(region.causes),
                "examples": [{"file": place.path, "line": place.line, "name": place.name} for place in _places(record, region)],
            }
            for region in found
        ],
        "records": [{"id": each.id, "kind": each.kind, "parts": list(each.parts)} for each in reworded],
    }
    yield json.dumps(told, ensure_ascii=False, indent=1)


def _places(record: Record | None, region: Region) -> list[Place]:
    return asserting(record, region, MOST_PLACES) if record is not None else []


def heading(region: Region) -> str:
    """The situations of a region, in words: a fact that may have any value is left out."""
    known_facts = FACTS_OF[region.subject]
    told = [" or ".join(values) for name, values in region.facts.items() if len(values) < len(known_facts[name])]
    count = f"{region.size} {'case' if region.subject == 'case' else 'returned unit'}{'' if region.size == 1 else 's'}"
    return f"{' / '.join(told) or 'everything'} ({count}, {str(region.reading).replace('-', ' ')})"


def parts(region: Region) -> Iterator[tuple[str, str, str]]:
    """What changed: the part, and how it was and is said."""
    for part in region.parts:
        yield part.replace("_", " "), said(region.before, part), said(region.after, part)


def _causes(region: Region, reworded: Sequence[Reworded]) -> Sequence[str]:
    """What settled the changed parts; where some of it rules otherwise than before, only that."""
    otherwise = {each.id for each in reworded if each.parts != ("text",)}
    return [each for each in region.causes if each in otherwise] or region.causes


def _change(region: Region, part: str) -> str:
    """How a part was and is said; of two lists only what one of them lacks, unless that leaves nothing or all to say."""
    before, after = listed(region.before, part), listed(region.after, part)
    if before and after:
        gone, come = [each for each in before if each not in after], [each for each in after if each not in before]
        if (gone or come) and len(gone) < len(before):
            return ", ".join([*(f"- {each}" for each in gone), *(f"+ {each}" for each in come)])
    return f"{said(region.before, part)}  →  {said(region.after, part)}"


def said(row: Row, part: str) -> str:
    """A part of an answer in words."""
    value: object = getattr(row, part)
    if (entries := listed(row, part)) is not None:
        return ", ".join(entries) or ("nothing to do" if part == "tasks" else "none")
    if part == "tasks":
        return "an open question"
    return {True: "yes", False: "no", "": "not said"}.get(value, str(value))


def listed(row: Row, part: str) -> list[str] | None:
    """The entries of a part that is a list, in words."""
    if part == "tasks":
        return None if row.tasks is None else [f"{force.replace('-', ' ')} {_task(key)}" for force, key, *_ in row.tasks]
    value: object = getattr(row, part)
    return [*map(str, value)] if isinstance(value, tuple) else None


def _task(key: str) -> str:
    """A task as the features put it; one that this program does not know, as it was kept."""
    return TaskKey(key).words if key in {*TaskKey} else key


def _reworded(each: Reworded) -> str:
    return f"{each.id} {each.kind}" + (f" ({', '.join(each.parts)})" if each.parts else "")


def _verdict(before: Known, after: Known, found: Sequence[Region]) -> str:
    if not found:
        return f"no answer differs between {before.name} and {after.name}"
    count = sum(region.size for region in found)
    return f"{count} answer{'' if count == 1 else 's'} in {len(found)} region{'' if len(found) == 1 else 's'} differ between {before.name} and {after.name}"

"""Changes as text, one line each; the same in gate, diff and Markdown."""

from sop_engine.comparison import NO_CASE, Region, RegionKind
from sop_engine.decision import Timing
from sop_engine.decision_table import TableRow
from sop_engine.loading.words import FACTS_OF
from sop_engine.tasks import TaskKey
from sop_engine.text import counted
from sop_runs.change.example_text import ExampleText
from sop_runs.change.references import Reference
from sop_runs.change.snapshot_changes import AnswerChange, Changes, ExampleChange
from sop_runs.change.text_changes import RESULT_KINDS, ChangeKind, TextChange


def example_line(change: ExampleChange) -> str:
    """Return ``edited: NAME (was: …; now: …)`` for the change of an example."""
    return f"{change.kind}: {change.name}{_distinguishing_text(change)}"


def text_line(change: TextChange) -> str:
    """Return ``edited: SC-ERP-FULL-1a (text, modality)`` for the change of a clause, a gap or a description."""
    parts = f" ({', '.join(name.replace('_', ' ') for name, *_ in change.parts)})" if change.parts else ""
    return f"{change.kind}: {change.id}{parts}"


def reference_line(reference: Reference) -> str:
    """Return ``GAP-10 (why) rests on GAP-04, whose answer changed`` for a text that was not changed with it."""
    return f"{reference.id} ({reference.part.replace('_', ' ')}) rests on {' and '.join(reference.names)}, whose answer changed"


def answer_line(change: AnswerChange) -> str:
    """Return ``PROCESSING or PACKED / generated (4 cases, as written and as practised)`` for the situations of a change.

    A case that only one side has begins with ``new:`` or ``gone:``.
    """
    region = change.region
    fact_types = FACTS_OF[region.subject]
    values = [" or ".join(words) for name, words in region.facts.items() if len(words) < len(fact_types[name])]
    count = counted(region.size, "case" if region.subject == "case" else "returned unit")
    readings = " and ".join(name.replace("-", " ") for name in change.readings)
    kind = "" if region.kind is RegionKind.CHANGED else f"{region.kind}: "
    return f"{kind}{' / '.join(values) or 'all'} ({count}, {readings})"


def causes(comparison: Changes, change: AnswerChange) -> list[str]:
    """Return the clauses and gaps that decide the changed parts; if some of them decide something else now, only these."""
    ruling = {text.id for text in comparison.texts if {name for name, *_ in text.parts} != {"text"}}
    causes = list(change.region.causes)
    return [cause for cause in causes if cause in ruling] or causes


def answer_change_text(comparison: Changes, change: AnswerChange) -> str:
    """Return ``tasks changed: SITUATIONS: tasks OLD → NEW (because SC-ERP-FULL-1.1.1)``, or the new or last answer of situations that one side lacks."""
    region = change.region
    names = [part.replace("_", " ") for part in region.parts]
    what = f"{' and '.join(names)} changed: " if region.kind is RegionKind.CHANGED else ""
    parts = "; ".join(f"{name} {part_line(region, part).replace('  →  ', ' → ')}" for name, part in zip(names, region.parts, strict=True))
    because = ", ".join(causes(comparison, change)) or "no clause"
    return f"{what}{answer_line(change)}: {parts} (because {because})"


def summary(changes: Changes) -> str:
    """Return the numbers of changed answers, texts and scenarios as one line."""
    moved = len({(change.path, change.name) for change in changes.examples if change.kind not in RESULT_KINDS})
    numbers = (changes.situations, "answer"), (len(changes.texts), "text"), (moved, "scenario")
    parts = [counted(number, noun) for number, noun in numbers if number]
    clauses = []
    if parts:
        clauses.append(f"{', '.join(parts[:-1])}{' and ' if parts[1:] else ''}{parts[-1]} changed")
    for kind in (RegionKind.NEW, RegionKind.GONE):
        if number := changes.situations_of(kind):
            stages = dict.fromkeys(
                word for change in changes.answers if change.region.kind is kind for word in change.region.facts.get("stage", ())
            )
            named = f"the stage{'s' if len(stages) > 1 else ''} {' and '.join(stages)}"
            clauses.append(f"{counted(number, 'answer')} of {named} {'is' if number == 1 else 'are'} {kind}")
    for result, singular, plural in (
        (ChangeKind.NEWLY_FAILING, "fails now but not before", "fail now but not before"),
        (ChangeKind.NEWLY_PASSING, "no longer fails", "no longer fail"),
    ):
        number = len({(change.path, change.name) for change in changes.examples if change.kind is result})
        if number:
            clauses.append(f"{counted(number, 'scenario')} {singular if number == 1 else plural}")
    return "; ".join(clauses) or "nothing changed"


def _distinguishing_text(change: ExampleChange) -> str:
    """Return what identifies the change: the old name, the old place, or the lines that differ."""
    before, after = change.before, change.after
    if change.kind is ChangeKind.RENAMED and before is not None and after is not None:
        rule = f"its Rule is now: {after.rule or 'none'}; it was: {before.rule or 'none'}" if before.rule not in (None, after.rule) else ""
        name = f"was: {before.name}" if before.name != after.name or not rule else ""
        return f" ({'; '.join(filter(None, (name, rule)))})"
    if change.kind is ChangeKind.MOVED and before is not None:
        return f" (was in {before.feature})"
    if change.kind is ChangeKind.EDITED and before is not None and after is not None:
        struck, written = _lines_only_in(before, after), _lines_only_in(after, before)
        parts = [*(f"was: {line}" for line in struck), *(f"now: {line}" for line in written)]
        return f" ({'; '.join(parts)})" if parts else ""
    if change.kind is ChangeKind.GONE and before is not None:
        givens = [step.text for step in before.steps or () if step.kind == "given"]
        return f" ({'; '.join(givens)})" if givens else ""
    return ""


def _lines_only_in(example: ExampleText, other: ExampleText) -> list[str]:
    other_lines = {line.strip().removeprefix("And ") for line in other.lines or ()}
    return [line.strip() for line in example.lines or () if line.strip().removeprefix("And ") not in other_lines]


def part_text(row: TableRow, part: str) -> str:
    """Return a part of an answer as text."""
    if row == NO_CASE:
        return NO_CASE.outcome
    value: object = getattr(row, part)
    if (entries := part_entries(row, part)) is not None:
        return ", ".join(entries) or ("nothing to do" if part == "tasks" else "none")
    if part == "tasks":
        return "an open question"
    return {True: "yes", False: "no", "": "not stated"}.get(value, str(value))


def part_entries(row: TableRow, part: str) -> list[str] | None:
    """Return the entries of a part that is a list, as texts; None for other parts."""
    if part == "tasks":
        return None if row.tasks is None else [_task_as_text(*words) for words in row.tasks]
    value: object = getattr(row, part)
    return [*map(str, value)] if isinstance(value, tuple) else None


def part_line(region: Region, part: str) -> str:
    """Return a part before and after the change; of two lists only the entries that differ, unless all or none of them do."""
    if region.kind is not RegionKind.CHANGED:
        return part_text(region.after if region.kind is RegionKind.NEW else region.before, part)
    before, after = part_entries(region.before, part), part_entries(region.after, part)
    if before and after:
        gone, come = [entry for entry in before if entry not in after], [entry for entry in after if entry not in before]
        if (gone or come) and len(gone) < len(before):
            return ", ".join([*(f"- {entry}" for entry in gone), *(f"+ {entry}" for entry in come)])
    return f"{part_text(region.before, part)}  →  {part_text(region.after, part)}"


def _task_as_text(force: str, key: str, *rest: str) -> str:
    """Return a task in the words of the feature files, with due time and alternative if any; an unknown task unchanged."""
    when = [word for word in rest[2:3] if word != Timing.NOW]
    instead = [f"instead of: {_task_words(word)}" for word in rest[3:4]]
    return " ".join([force.replace("-", " "), _task_words(key), *when, *instead])


def _task_words(key: str) -> str:
    return TaskKey(key).words

"""Changes of texts from one snapshot to another: headings, clauses, gaps, and descriptions in feature files.

Every field of the types of `sop_runs.record.schema` is compared, so a new field is compared without a change here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from json import dumps
from typing import Any

from msgspec import UNSET, Struct, structs

from sop_engine.case import FACTS
from sop_engine.decision import Timing
from sop_engine.tasks import TaskKey
from sop_runs.change.example_text import DescriptionKey, DescriptionText, described
from sop_runs.change.snapshot import Snapshot
from sop_runs.record.schema import ClauseRecord, FeatureDocument, GapRecord, RulebookRecord, SectionRecord, StageRecord, TaskRecord

Entry = SectionRecord | ClauseRecord | GapRecord | TaskRecord | StageRecord
NOT_COMPARED = frozenset({"sha256"})
"""Fields of a rulebook that are not compared: the digest also depends on comments and spaces."""
_NAMES_OF_FIELDS = {"like": "answered like", "over": "overrides", "resolutions": "decides"}
RULEBOOK = "the rulebook"
"""The id of a change of the rulebook's own fields, such as its title."""
Renames = Mapping[DescriptionKey, DescriptionKey]
"""Keys before and after, for each scenario and Rule that was renamed or moved."""


class ChangeKind(StrEnum):
    """Kinds of change, the most serious first."""

    NEWLY_FAILING = "newly failing"
    GONE = "gone"
    EDITED = "edited"
    RENAMED = "renamed"
    MOVED = "moved"
    NEWLY_PASSING = "newly passing"
    NEW = "new"


RESULT_KINDS = frozenset({ChangeKind.NEWLY_FAILING, ChangeKind.NEWLY_PASSING})
"""Kinds of change that do not change the text of an example."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A clause, gap or description that is new, gone or edited.

    ``id`` is that of the clause or gap; for a description the keyword and name of what it describes. ``parts`` are
    (name, before, after), ``text`` is the current text, or the last one if it is gone. ``path`` and ``line`` are those of a description.
    """

    id: str
    kind: ChangeKind
    parts: tuple[tuple[str, str, str], ...]
    text: str = ""
    path: str = ""
    line: int = 1


def rulebook_changes(before: RulebookRecord, after: RulebookRecord) -> Iterator[TextChange]:
    """Yield every changed heading, clause, gap, task and stage, then the changed fields of the rulebook itself."""
    own: dict[str, tuple[object, object]] = {}
    for name in RulebookRecord.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if _has_entries(old) or _has_entries(new):
            if UNSET not in (old, new):
                yield from _entry_changes(old, new)
        elif name not in NOT_COMPARED:
            own[name] = old, new
    parts = tuple(_changed_parts(own))
    if parts:
        yield TextChange(RULEBOOK, ChangeKind.EDITED, parts, str(after.title or ""))


def entries_of(book: RulebookRecord) -> Iterator[Entry]:
    """Yield the headings, clauses, gaps, tasks and stages."""
    for name in RulebookRecord.__struct_fields__:
        entries = getattr(book, name)
        if _has_entries(entries):
            yield from entries


def _has_entries(value: object) -> bool:
    """Return whether *value* is a list of records, not of texts."""
    return isinstance(value, list) and bool(value) and all(isinstance(entry, Struct) for entry in value)


def text_or_title(entry: Entry) -> str:
    """Return the text of a heading or a clause, the title of a gap, or the words of a task or a stage."""
    if isinstance(entry, TaskRecord | StageRecord):
        return entry.words
    return entry.title if isinstance(entry, GapRecord) else entry.text


def _entry_changes(before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[TextChange]:
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    for identifier in dict.fromkeys((*new, *old)):
        text = text_or_title(new[identifier] if identifier in new else old[identifier])
        if identifier not in old or identifier not in new:
            yield TextChange(identifier, ChangeKind.NEW if identifier in new else ChangeKind.GONE, (), text)
            continue
        a, b = structs.asdict(old[identifier]), structs.asdict(new[identifier])
        parts = tuple(_changed_parts({name: (a[name], b[name]) for name in a}))
        if parts:
            yield TextChange(identifier, ChangeKind.EDITED, parts, text)


def _changed_parts(values: Mapping[str, tuple[object, object]]) -> Iterator[tuple[str, str, str]]:
    """Yield each name whose two values differ; a value that an older record does not have is not compared."""
    for name, (old, new) in values.items():
        if old is not UNSET and new is not UNSET and old != new:
            yield name, _value_as_text(old), _value_as_text(new)


def description_changes(before: Snapshot, after: Snapshot, renames: Renames) -> Iterator[TextChange]:
    """Yield changed descriptions of what exists on both sides, also under a new name; those of new or gone scenarios are not listed."""
    old, new = before.descriptions, after.descriptions
    if old is None or new is None:
        return
    pairs = {key: key for key in (*new, *old) if key in old or _was_there(before, key)}
    numbered = _tables_by_outline(old), _tables_by_outline(new)
    for outline in numbered[0].keys() & numbered[1].keys():
        tables = [side[outline] for side in numbered]
        pairs = {was: key for was, key in pairs.items() if was not in tables[0] and key not in tables[1]} | _same_tables(*tables)
    for was, key in renames.items():
        if line_of(after.documents.get(was[0]), was) is None and key not in pairs:
            pairs[was] = key
    for was, key in pairs.items():
        path = key[0]
        line = line_of(after.documents.get(path), key)
        if line is None or was[0] not in before.coverage or path not in after.coverage:
            continue
        parts = tuple(_description_parts(old.get(was), new.get(key), renamed=was != key))
        if parts:
            title = new[key].name if key in new else key[3]
            yield TextChange(f"{key[1]}: {title}", ChangeKind.EDITED, parts, new[key].text if key in new else "", path, line)


def _tables_by_outline(descriptions: Mapping[DescriptionKey, DescriptionText]) -> dict[tuple[str, str, str], dict[DescriptionKey, str]]:
    """Return the texts of the Examples tables of each outline (path, Rule, name), in their order."""
    outlines: dict[tuple[str, str, str], dict[DescriptionKey, str]] = {}
    for key, text in sorted(descriptions.items(), key=lambda item: (len(item[0][1]), item[0][1])):  # `Examples 10` after `Examples 9`
        path, owner, rule, name = key
        if owner.startswith("Examples"):
            outlines.setdefault((path, rule, name), {})[key] = text.text
    return outlines


def _same_tables(old: Mapping[DescriptionKey, str], new: Mapping[DescriptionKey, str]) -> dict[DescriptionKey, DescriptionKey]:
    """Return the keys before and after of the tables of one outline that are on both sides: a table taken out renumbers those below it."""
    before, after = [*old], [*new]
    pairs: dict[DescriptionKey, DescriptionKey] = {}
    matcher = SequenceMatcher(None, [*old.values()], [*new.values()], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            pairs |= dict(zip(before[first:last], after[begin:end], strict=False))
    return pairs


def _description_parts(before: DescriptionText | None, after: DescriptionText | None, *, renamed: bool) -> Iterator[tuple[str, str, str]]:
    if before is not None and after is not None and before.name != after.name and not renamed:
        yield "name", before.name, after.name
    texts = [side.text if side is not None else "" for side in (before, after)]
    if texts[0] != texts[1]:
        yield "description", texts[0], texts[1]


def _was_there(before: Snapshot, key: DescriptionKey) -> bool:
    """Return whether something without a description existed before."""
    path, owner, rule, name = key
    if before.documents:
        return line_of(before.documents.get(path), key) is not None
    in_feature = [example for example in (before.examples or {}).values() if example.feature == path]
    if owner == "Scenario":
        return any(name in (example.outline or example.name, example.name) and example.rule in (None, rule) for example in in_feature)
    if owner == "Rule":
        return any(example.rule == name for example in in_feature)
    if owner == "Background":
        return any(example.rule == rule for example in in_feature)
    return bool(in_feature) and owner == "Feature"


def line_of(document: FeatureDocument | None, key: DescriptionKey) -> int | None:
    """Return the line of what *key* describes in *document*; None if there is no such thing."""
    if document is None:
        return None
    return next((line for text, line in described(key[0], document) if text.key == key), None)


def _value_as_text(value: object) -> str:
    if isinstance(value, dict):
        return _fields_as_text(value)
    if isinstance(value, list | tuple):
        return "; ".join(map(_value_as_text, value)) or "nothing"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    return value if isinstance(value, str) else dumps(value, ensure_ascii=False)


def _fields_as_text(fields: Mapping[str, Any]) -> str:
    """Return the fields of a ruling, a task, a reading or a set of facts in words; a field without a value is left out."""
    filled = {name: value for name, value in fields.items() if value is not None and (value not in ([], {}) or name == "tasks")}
    if filled.keys() >= {"task", "modality"}:
        return _task_as_text(filled)
    if filled.keys() >= {"by", "on", "reading"}:
        rest = "".join(f", {name}: {_value_as_text(value)}" for name, value in filled.items() if name not in ("by", "on", "reading"))
        return f"decided by {filled['by']} on {filled['on']}: reading {filled['reading']}{rest}"
    parts = [f"reading {filled.pop('reading')}"] if "chosen" in filled and "reading" in filled else []
    parts += [str(filled.pop(name)) for name in ("chosen", "outcome") if name in filled]
    if "tasks" in filled:
        tasks = filled.pop("tasks")
        parts += [_value_as_text(task) for task in tasks] or ["nothing to do"]
        if tasks:  # they have the same
            filled = {name: value for name, value in filled.items() if name not in ("actor", "modality", "system")}
    where = filled.pop("when", None) if parts or len(filled) > 1 else None
    facts = [filled.pop(name) for name in FACTS if name in filled]
    parts += [" / ".join(map(_any_of, facts))] if facts else []
    parts += [f"{_NAMES_OF_FIELDS.get(name, name.replace('_', ' '))}: {_value_as_text(value)}" for name, value in filled.items()]
    return (", ".join(parts) or "nothing") + (f" ({_value_as_text(where)})" if where else "")


def _task_as_text(task: Mapping[str, Any]) -> str:
    """Return a task in the words of the feature files, with its time and place if it has any."""
    when = [task["when"]] if task.get("when", Timing.NOW) != Timing.NOW else []
    place = ", ".join(filter(None, (task.get("actor"), task.get("system"))))
    return " ".join([task["modality"].replace("-", " "), TaskKey(task["task"]).words, *when, *([f"({place})"] if place else [])])


def _any_of(values: object) -> str:
    return " or ".join(map(str, values)) if isinstance(values, list | tuple) else str(values)

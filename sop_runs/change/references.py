"""Texts that rest on an answer that changed: they name the clause or gap, and were not changed themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec import structs

from sop_engine.ids import ID
from sop_runs.change.example_text import described
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.text_changes import ChangeKind, TextChange, entries_of
from sop_runs.record.schema import RulebookRecord

_EXPLANATIONS = frozenset(
    {"alternatives", "answer", "line", "section", "text", "title", "kind", "nearest", "why", "question", "watch", "why_not_operative"}
)
"""Fields that explain an answer or say what another reading would decide; a change of any other field changes what is decided."""
_LINKS = frozenset({"id", "section", "over", "rests_on", "restates"})
"""Fields that hold ids and no sentence."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A text that names clauses or gaps whose answer changed; ``path`` and ``line`` are those of a description."""

    id: str
    part: str
    names: tuple[str, ...]
    path: str = ""
    line: int = 1


def unrevised_references(texts: Iterable[TextChange], book: RulebookRecord, after: Snapshot) -> Iterator[Reference]:
    """Yield the unchanged texts of *book* and of feature files that name an entry whose answer is among the changed *texts*."""
    by_id = {(change.path, change.id): change for change in texts}
    changed = {change.id for change in by_id.values() if not change.path and _changes_ruling(change)}
    if not changed:
        return
    for entry in entries_of(book):
        own = by_id.get(("", entry.id))
        revised = {name for name, *_ in own.parts} if own is not None else set()
        for name, value in structs.asdict(entry).items():
            names = tuple(sorted(_names_in(value) & changed - {entry.id}))
            if names and name not in revised | _LINKS and (own is None or own.kind is not ChangeKind.NEW):
                yield Reference(entry.id, name, names)
    for path, document in after.documents.items():
        for text, line in described(path, document):
            identifier = f"{text.owner}: {text.name}"
            names = tuple(sorted(_names_in(text.text) & changed))
            if names and (path, identifier) not in by_id:
                yield Reference(identifier, "description", names, path, line)


def _changes_ruling(change: TextChange) -> bool:
    return change.kind is ChangeKind.GONE or any(name not in _EXPLANATIONS for name, *_ in change.parts)


def _names_in(value: object) -> set[str]:
    """Return what looks like an id in a text, in a list of texts, or in the words of what other readings decide."""
    texts = [part.get("chosen") if isinstance(part, dict) else part for part in (value if isinstance(value, list) else [value])]
    return {name for text in texts if isinstance(text, str) for name in ID.findall(text)}

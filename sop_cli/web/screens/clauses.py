"""Clauses, shown beside the questions: what a clause says and decides, its examples, and a correction tried before it is saved."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from sop_cli.answers.change_listing import listed_answers, listed_lines
from sop_cli.answers.places import places
from sop_cli.records.preview import ChangedRecord, preview
from sop_cli.records.record_text import part_in_words, part_name
from sop_cli.web.context import FEATURES_ROOT, bindings
from sop_cli.web.last_run import project_path
from sop_engine import SopError
from sop_engine.engine import ENGINE
from sop_engine.forces import RULINGS_OF
from sop_engine.register.entries import heading_of, parts_of, plain_text, with_parts, words_in_use
from sop_engine.source_lines import lines_of
from sop_engine.versions import CLAUSES, chosen_version
from sop_runs.change.change_text import summary
from steps.language.document import find_features, read_document

OWN_FIELDS = frozenset({"id", "text", "line", "modality", "actor", "system"})
"""Parts of a clause that the page shows in fields of their own."""


class ClauseError(SopError):
    """A clause that cannot be corrected like that."""


def clause(identifier: str) -> dict[str, Any]:
    """Return a clause: its parts, the words that each part may have, the questions that name it, and its examples."""
    parts = parts_of((chosen_version() / CLAUSES).read_bytes(), "clause", identifier)
    book = ENGINE.rulebook
    naming = [gap.id for gap in book.gaps if identifier in book.ids_in(" ".join((gap.nearest, gap.why, gap.question, *gap.readings)))]
    return {
        "id": identifier,
        "heading": next((section.text.removesuffix(".") for section in book.sections if section.id == heading_of(book, identifier)), ""),
        **{name: str(parts.get(name, "")) for name in ("text", "line", "modality", "actor", "system")},
        "others": [[part_name(name), part_in_words(value)] for name, value in parts.items() if name not in OWN_FIELDS],
        "words": {"modality": list(RULINGS_OF), "actor": list(words_in_use(book, "actor")), "system": list(words_in_use(book, "system"))},
        "gaps": naming,
        "examples": _examples_of(f"@{identifier}"),
    }


def corrected(  # noqa: PLR0913 - the parts of a clause
    identifier: str, text: str, line: str, modality: str, actor: str = "", system: str = ""
) -> dict[str, Any]:
    """Return what a correction of a clause changes, and the changed register; nothing is written."""
    where = places()
    file = where.rulebook / CLAUSES
    old = file.read_bytes()
    present = parts_of(old, "clause", identifier)
    if lines_of(line.strip()) is None:
        raise ClauseError("the line of the source is a number or a range; write it like 23 or 17-19")
    for name, word, words in (
        ("force", modality, tuple(RULINGS_OF)),
        ("actor", actor, ("", *words_in_use(ENGINE.rulebook, "actor"))),
        ("system", system, ("", *words_in_use(ENGINE.rulebook, "system"))),
    ):
        if word not in words:
            raise ClauseError(f"there is no {name} `{word[:100]}`; choose one of the list")
    own_line: object = int(line) if isinstance(present.get("line"), int) and line.strip().isdecimal() else line.strip()
    parts = {
        "text": plain_text("the wording", text),
        "line": own_line,
        "modality": modality,
        "actor": actor or None,
        "system": system or None,
    }
    changes: dict[str, Any] = {name: value for name, value in parts.items() if value != present.get(name)}
    if not changes:
        raise ClauseError(f"`{identifier}` says this already")
    new = with_parts(old, "clause", identifier, changes)
    result = preview(where, ChangedRecord(identifier, file, old, new), bindings())
    return {
        "summary": summary(result.comparison),
        "answers": [{"situations": answer.situations, "parts": answer.parts} for answer in listed_answers(result.comparison)],
        "lines": [{"place": entry.place, "text": entry.text} for entry in listed_lines(result.comparison)],
        "notes": [{"path": "the features", "notes": list(result.remarks)}],
        "changes": [{"path": project_path(file), "digest": hashlib.sha256(old).hexdigest(), "before": old.decode(), "text": new.decode()}],
    }


def _examples_of(tag: str) -> list[dict[str, str]]:
    """Return name and place of each scenario that has *tag*, an outline once."""
    documents = (read_document(file, FEATURES_ROOT)[0] for file in find_features([FEATURES_ROOT]))
    examples = [example for document in documents if document is not None for example in document.examples if tag in example.tags]
    places_by_name = {f"{FEATURES_ROOT.as_posix()}/{example.path}:{example.line}": example.outline or example.name for example in examples}
    return [{"place": place, "name": name} for place, name in places_by_name.items()]


METHODS: Mapping[str, Callable[..., Any]] = {"clauses.show": clause, "clauses.try": corrected}

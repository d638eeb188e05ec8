"""The baseline: approved answers, headings, clauses, gaps, examples and descriptions, saved beside the specification."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct

from sop_engine import SopError
from sop_engine.decision_table import APPROVE_AGAIN, Behaviour
from sop_engine.engine import ENGINE, load_rulebook
from sop_engine.files import write_together
from sop_engine.input_files import UnreadableFileError, read_json, read_text
from sop_engine.text import path_shown, visible
from sop_engine.versions import DEFAULT
from sop_runs.change.example_text import (
    DescriptionKey,
    DescriptionText,
    ExampleKey,
    ExampleText,
    descriptions_of,
    documents_of,
    examples_of,
)
from sop_runs.output_folder import remove_drafts
from sop_runs.record.reader import RunRecord, mismatch
from sop_runs.record.schema import RulebookRecord

APPROVED = "approved"
VERSION: Literal[2] = 2
"""Version of the files of texts; version 1 had no headings, no answers of clauses and no Examples tables."""
BEHAVIOUR, EXAMPLES, SENTENCES = FILES = "behaviour.json", "examples.json", "sentences.json"

REGISTERS = {"heading": "sections", "clause": "clauses", "gap": "gaps"}
"""The lists of a rulebook, by the noun of their entries."""


class BaselineError(SopError):
    """A baseline that is missing or cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{path_shown(file)}: {visible(reason)}; {APPROVE_AGAIN}")


class OtherVersionError(SopError):
    """A baseline of another version of the document."""

    def __init__(self, folder: Path, version: str, chosen: str) -> None:
        super().__init__(
            f"the baseline in `{path_shown(folder)}` is of the rulebook `{visible(version)}`, not of `{chosen}`; "
            "choose that rulebook with --rulebook, or name another folder"
        )


class ForeignFileError(SopError):
    """A file with the name of a file of a baseline that is something else."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"`{path_shown(file)}` is not a file of a baseline; rename it, or choose another folder with --to")


class _ExamplesFile(Struct, frozen=True):
    """Content of ``examples.json``."""

    version: Literal[2]
    examples: tuple[ExampleText, ...]
    descriptions: tuple[DescriptionText, ...]


class _SentencesFile(RulebookRecord, frozen=True, tag_field="type", tag="rulebook", kw_only=True):
    """Content of ``sentences.json``: the rulebook as in a run record."""

    version: Literal[2]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The approved state."""

    behaviour: Behaviour
    examples: Mapping[ExampleKey, ExampleText]
    sentences: RulebookRecord
    descriptions: Mapping[DescriptionKey, DescriptionText]


def approve(record: RunRecord, folder: Path) -> tuple[Path, ...]:
    """Save the answers of the current rulebook, and the rulebook, examples and descriptions of *record*, in *folder*.

    A reader finds the old files or the new ones; other files in the folder are left alone.

    Raises:
        ForeignFileError: a file of the same name is something else.
        OtherVersionError: the folder has the baseline of another version.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    examples = examples_of(record)
    exemplified = {path for path, *_ in examples}
    documents = {path: document for path, document in documents_of(record).items() if path in exemplified}
    texts = {
        BEHAVIOUR: Behaviour.of(ENGINE).to_text(),
        EXAMPLES: _lists_as_json(examples=examples.values(), descriptions=descriptions_of(documents).values()),
        SENTENCES: _rulebook_as_json(record.rulebook),
    }
    for name in texts:
        _refuse_foreign(folder / name)
    _refuse_other_version(folder)
    remove_drafts(folder)
    write_together({folder / name: text.encode() for name, text in texts.items()})
    return tuple(folder / name for name in texts)


def _refuse_foreign(file: Path) -> None:
    """Refuse to overwrite *file* if it is not a file of a baseline, of whatever version.

    Raises:
        ForeignFileError: it is something else.
    """
    if not file.exists() and not file.is_symlink():
        return
    try:
        plain = read_json(file, APPROVE_AGAIN)
    except UnreadableFileError:
        raise ForeignFileError(file) from None
    if not isinstance(plain, dict) or type(plain.get("version")) is not int:
        raise ForeignFileError(file)


def _refuse_other_version(folder: Path) -> None:
    """Refuse to overwrite a baseline of another version; one that cannot be read may be replaced.

    Raises:
        OtherVersionError: *folder* has one.
    """
    try:
        version = Behaviour.from_text(_read(folder / BEHAVIOUR, read_text), "").name
    except SopError:
        return
    if version != load_rulebook().name:
        raise OtherVersionError(folder, version, load_rulebook().name)


def _rulebook_as_json(book: RulebookRecord | None) -> str:
    """Return the fields of a rulebook as JSON with one entry of each list on a line."""
    fields = {} if book is None else msgspec.to_builtins(book)
    lists = {name: value for name, value in fields.items() if isinstance(value, list)}
    return _lists_as_json({name: value for name, value in fields.items() if name not in lists}, **lists)


def _lists_as_json(fields: Mapping[str, object] | None = None, **lists: Iterable[object]) -> str:
    """Return fields and lists as JSON with one entry of a list on each line, so that a text diff shows what changed."""
    parts = [f"{json.dumps(name)}: {_as_json(value)}" for name, value in {"version": VERSION, **(fields or {})}.items()]
    parts += [f'"{name}": [\n' + ",\n".join(map(_as_json, entries)) + "\n]" for name, entries in lists.items()]
    return f"{{{', '.join(parts)}}}\n"


def _as_json(value: object) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


def approved_folder(home: Path = Path(), version: str = "") -> Path:
    """Return the folder of the baseline of *version* (by default the own) below *home*: ``approved``, and one in it for each later version."""
    version = version or load_rulebook().name
    return home / APPROVED if version == DEFAULT else home / APPROVED / version


def baseline_of_version(folder: Path) -> Baseline:
    """Read the baseline in *folder*, which must be of the version that this process reads.

    Raises:
        SopError: it is of another version, or cannot be read.
    """
    baseline, version = read_baseline(folder), load_rulebook().name
    if baseline.sentences.name != version:
        raise OtherVersionError(folder, baseline.sentences.name, version)
    return baseline


def is_approved(folder: Path) -> bool:
    """Return whether *folder* has a file of a baseline."""
    return any((folder / name).exists() for name in FILES)


def read_baseline(folder: Path) -> Baseline:
    """Read the baseline in *folder*.

    Raises:
        SopError: there is none, or it cannot be read.
    """
    behaviour = Behaviour.from_text(_read(folder / BEHAVIOUR, read_text), path_shown(folder / BEHAVIOUR))
    file, sentences = _read_typed(folder / EXAMPLES, _ExamplesFile), _read_typed(folder / SENTENCES, _SentencesFile)
    examples = _by_key(folder / EXAMPLES, "example", file.examples)
    descriptions = _by_key(folder / EXAMPLES, "description", file.descriptions)
    if reason := _contradiction(examples, descriptions):
        raise BaselineError(folder / EXAMPLES, reason)
    if behaviour.sha256 != sentences.sha256:
        raise BaselineError(folder / SENTENCES, f"is of another rulebook than {BEHAVIOUR}")
    for noun, register in REGISTERS.items():
        _by_key(folder / SENTENCES, noun, getattr(sentences, register))
    return Baseline(behaviour, examples, sentences, descriptions)


_File = TypeVar("_File", bound=Struct)
_Entry = TypeVar("_Entry", bound=Struct)


def _read_typed(file: Path, kind: type[_File]) -> _File:
    plain = _read(file, read_json)
    if isinstance(plain, dict) and plain.get("version", VERSION) != VERSION:
        raise BaselineError(file, f"has version {visible(json.dumps(plain['version']))[:40]}, this program reads {VERSION}")
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise BaselineError(file, f"cannot be used: {mismatch(error, 'the file')}") from None


def _read(file: Path, read: Callable[[Path, str], Any]) -> Any:
    try:
        return read(file, APPROVE_AGAIN)
    except UnreadableFileError as error:
        raise BaselineError(file, error.reason if error.is_missing else f"cannot be read ({error.reason})") from None


def _by_key(file: Path, noun: str, entries: Iterable[_Entry]) -> dict[Any, _Entry]:
    """Return the entries of a list by their ids or keys; an empty list, a repeated entry or a missing part is an error."""
    keyed: dict[Any, _Entry] = {}
    for entry in entries:
        key = getattr(entry, "id" if noun in REGISTERS else "key")
        name = key if isinstance(key, str) else " / ".join(filter(None, key))
        if key in keyed:
            raise BaselineError(file, f"has the {noun} {name} twice")
        missing = [part for part in entry.__struct_fields__ if getattr(entry, part) is UNSET]
        if missing:
            raise BaselineError(file, f"has no `{missing[0]}` of the {noun} {name}")
        keyed[key] = entry
    if not keyed:
        raise BaselineError(file, f"has no {noun}")
    return keyed


def _contradiction(examples: Mapping[ExampleKey, ExampleText], descriptions: Mapping[DescriptionKey, DescriptionText]) -> str:
    """Return the first thing in which the two lists contradict each other or themselves; empty if there is none."""
    described, exemplified = ({path for path, *_ in keys} for keys in (descriptions, examples))
    for path in sorted(described ^ exemplified):
        return f"has {'no description' if path in exemplified else 'no example'} of {path}"
    for example in examples.values():
        if example.steps is not None and example.digest != example.says:
            return f"has other steps of {example.feature} / {example.id} than were approved"
    return ""

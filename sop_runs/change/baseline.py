"""The baseline: approved answers, clauses, gaps, examples and descriptions, saved beside the specification."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from sop_engine import SopError
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_engine.files import write_atomically
from sop_runs.change.example_text import DescriptionText, ExampleKey, ExampleText, descriptions_of, documents_of, examples_of
from sop_runs.record.reader import RunRecord, mismatch
from sop_runs.record.schema import ClauseRecord, GapRecord, RulebookRecord

VERSION: Literal[1] = 1
BEHAVIOUR, EXAMPLES, SENTENCES = "behaviour.json", "examples.json", "sentences.json"


class BaselineError(SopError):
    """A baseline that is missing or cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; save a new baseline with `sop approve`")


class _ExamplesFile(Struct, frozen=True):
    """Content of ``examples.json``; older files have no descriptions."""

    version: Literal[1]
    examples: tuple[ExampleText, ...]
    descriptions: tuple[DescriptionText, ...] | None = None


class Sentences(Struct, frozen=True):
    """Content of ``sentences.json``: clauses and gaps as in a run record."""

    version: Literal[1]
    clauses: tuple[ClauseRecord, ...]
    gaps: tuple[GapRecord, ...]

    @classmethod
    def of(cls, rulebook: RulebookRecord) -> "Sentences":
        """Return the clauses and gaps of a run."""
        return cls(VERSION, tuple(rulebook.clauses), tuple(rulebook.gaps))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The approved state; None for parts that were not saved."""

    behaviour: Behaviour
    examples: Mapping[ExampleKey, ExampleText]
    sentences: Sentences | None = None
    descriptions: tuple[DescriptionText, ...] | None = None


def approve(record: RunRecord, folder: Path) -> tuple[Path, ...]:
    """Save the answers of the current rulebook, and clauses, gaps, examples and descriptions of *record*, in *folder*.

    Each file is written atomically.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptions = [text for text, _ in descriptions_of(documents_of(record)).values()]
    book = record.rulebook
    texts = {
        BEHAVIOUR: Behaviour.of(ENGINE).to_text(),
        EXAMPLES: _lists_as_json(examples=examples_of(record).values(), descriptions=descriptions),
        SENTENCES: _lists_as_json(clauses=book.clauses if book else (), gaps=book.gaps if book else ()),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode())
    return tuple(folder / name for name in texts)


def _lists_as_json(**lists: Iterable[Struct]) -> str:
    """Return lists as JSON with one entry on each line, so that a text diff shows what changed."""
    parts = (
        f'"{name}": [\n' + ",\n".join(json.dumps(msgspec.to_builtins(entry), ensure_ascii=False) for entry in entries) + "\n]"
        for name, entries in lists.items()
    )
    return f'{{"version": {VERSION}, {", ".join(parts)}}}\n'


def read_baseline(folder: Path) -> Baseline:
    """Read the baseline in *folder*.

    Raises:
        SopError: there is none, or it cannot be read.
    """
    behaviour = Behaviour.from_text(_read_utf8(folder / BEHAVIOUR).decode(), (folder / BEHAVIOUR).as_posix())
    file = _read_typed(folder / EXAMPLES, _ExamplesFile)
    sentences = _read_typed(folder / SENTENCES, Sentences) if (folder / SENTENCES).exists() else None
    return Baseline(behaviour, {example.key: example for example in file.examples}, sentences, file.descriptions)


_File = TypeVar("_File", bound=Struct)


def _read_typed(file: Path, kind: type[_File]) -> _File:
    try:
        return msgspec.json.decode(_read_utf8(file), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BaselineError(file, f"cannot be used: {mismatch(error, 'the file')}") from None


def _read_utf8(file: Path) -> bytes:
    try:
        data = file.read_bytes()
        data.decode("utf-8")
    except FileNotFoundError:
        raise BaselineError(file, "the file does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(file, f"cannot be read ({error})") from None
    return data

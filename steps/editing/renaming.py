"""Rename a step sentence: its text in the step definition and in every step of the feature files that uses it.

All new texts are computed and checked first; nothing is written here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from sop_engine.text import path_shown, quoted
from sop_runs.record.schema import StepKind
from steps.definitions.registry import Registry
from steps.editing.module_text import new_modules
from steps.editing.new_sentence import RenameError, Renaming, may_become, renaming_of
from steps.language.document import Document, FeatureFileError, read_document, source_of
from steps.language.examples import StepLine, written_steps
from steps.language.parser import Node

__all__ = ["Edit", "RenameError", "Renaming", "edits", "renaming_of"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A file with its old and its new content."""

    file: Path
    old: bytes
    new: bytes


def edits(renaming: Renaming, registry: Registry, files: Sequence[Path], root: Path) -> Iterator[Edit]:
    """Yield the edits of the modules with the step sentence, then of every feature file that uses it.

    Raises:
        RenameError: a step cannot be renamed, or its new text would match another step sentence too.
        FeatureFileError: a feature file has findings of syntax, encoding or size.
    """
    for module, old, new in new_modules(renaming, registry):
        yield Edit(module, old, new)
    for file in files:
        document, findings = read_document(file, root)
        if document is None:
            raise FeatureFileError(file, f"{findings[0].message}; correct it first")
        data = file.read_bytes()
        new = _FeatureEdit(renaming, registry, document, path_shown(file)).new_content(data)
        if new != data:
            yield Edit(file, data, new)


@dataclass
class _FeatureEdit:
    """The renaming in one feature file; *place* is the file in messages, *texts* the texts of the steps of its examples by line."""

    renaming: Renaming
    registry: Registry
    document: Document
    place: str
    texts: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for step in _steps(self.document):
            self.texts.setdefault(step.line, set()).add(step.text)

    def new_content(self, data: bytes) -> bytes:
        """Return the feature file with the renamed steps; its steps and examples are compared before and after."""
        lines = data.decode("utf-8").split("\n")
        wanted = {}
        for node, kind in _written(self.document):
            number, column = node["location"]["line"], node["location"]["column"]
            if self._is_used(node, kind):
                line, words = lines[number - 1], node["text"]
                at = line.index(words, column - 1 + len(node["keyword"]))
                wanted[number] = self._new_text(words, number)
                lines[number - 1] = line[:at] + wanted[number] + line[at + len(words) :]
        new = "\n".join(lines).encode()
        renamed, _ = source_of(new, self.document.path)
        if renamed.document is None:
            raise RenameError(f"{self.place}: the new step sentence cannot be written in a feature file; choose another")
        self._check_steps(renamed.document, wanted)
        self._check_examples(renamed.document)
        return new

    def _is_used(self, node: Node, kind: StepKind) -> bool:
        """Return whether a step is one with the old sentence; of a step that no example runs, the written text decides."""
        number, written = node["location"]["line"], node["text"]
        definition = self.renaming.definition
        if any(self._uses(kind, text) for text in self.texts.get(number, {written})):
            return True
        if number in self.texts or kind != definition.kind or "<" not in written or not may_become(definition.sentence, written):
            return False
        others = (other for other in self.registry.definitions if other.kind == kind and other is not definition)
        if other := next((other for other in others if may_become(other.sentence, written)), None):
            reason = f"{quoted(written)} can become `{definition.expression}` or `{other.expression}`, and no row of Examples decides"
            raise self._error(number, f"{reason}; add a row first, or write the value")
        return True

    def _uses(self, kind: StepKind, text: str) -> bool:
        return any(match.definition is self.renaming.definition for match in self.registry.match(kind, text))

    def _new_text(self, words: str, line: int) -> str:
        try:
            return self.renaming.text(words, written=True)
        except RenameError as error:
            raise self._error(line, str(error)) from None

    def _check_steps(self, renamed: Document, wanted: dict[int, str]) -> None:
        """Refuse a new text that would be read with another keyword, or in which another step would change."""
        for before, after in zip_longest(_written(self.document), _written(renamed)):
            node, kind = before or after
            number = node["location"]["line"]
            text: str = wanted.get(number) or node["text"]
            if before is None or after is None or (after[0]["keyword"], after[1], after[0]["text"]) != (node["keyword"], kind, text):
                raise self._error(number, f"{quoted(node['keyword'] + text)} would be read as another step; choose another sentence")
            if number in wanted and number not in self.texts and "<" not in text:
                self._check_match(kind, text, number)

    def _check_examples(self, renamed: Document) -> None:
        """Refuse a new text in which a step would be another than the renamed one, or would match two step sentences."""
        for before, after in zip(_steps(self.document), _steps(renamed), strict=True):
            uses = self._uses(before.kind, before.text)
            if after.text != (self.renaming.text(before.text) if uses else before.text):
                raise self._error(before.line, "a placeholder stands for words of the step sentence; write these words out first")
            if uses:
                self._check_match(after.kind, after.text, after.line)
                continue
            matches = self.registry.match(before.kind, before.text) if before.kind == self.renaming.definition.kind else ()
            if matches and self.renaming.new.is_matching(before.text):
                reason = f"{quoted(before.text)} matches `{matches[0].definition.expression}` and would also match the new sentence"
                raise self._error(before.line, f"{reason}; choose another sentence")

    def _check_match(self, kind: StepKind, text: str, line: int) -> None:
        """Refuse a renamed step that does not match the new sentence, or matches another one too."""
        if not self.renaming.new.is_matching(text):
            raise self._error(line, f"{quoted(text)} would not match `{self.renaming.new.name}`; choose another sentence")
        matches = (match.definition for match in self.registry.match(kind, text))
        if other := next((other for other in matches if other is not self.renaming.definition), None):
            raise self._error(line, f"{quoted(text)} would also match `{other.expression}`; choose another sentence")

    def _error(self, line: int, reason: str) -> RenameError:
        return RenameError(f"{self.place}:{line}: {reason}")


def _written(document: Document) -> Iterator[tuple[Node, StepKind]]:
    return iter(()) if document.feature is None else written_steps(document.feature)


def _steps(document: Document) -> Iterator[StepLine]:
    return (step for example in document.examples for step in example.steps)

"""Rename a step sentence: its text in the step definition and in every step of the feature files that uses it.

All new texts are computed and checked first; nothing is written here.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from cucumber_expressions.ast import NodeType

from sop_engine import SopError
from sop_engine.text import counted, quoted
from steps.definitions.decorators import STEP_KINDS, StepDefinition
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.registry import Registry
from steps.language.document import Document, FeatureFileError, read_document, source_of
from steps.language.examples import StepLine

_PLACEHOLDER = "<[^<>]*>"


class RenameError(SopError):
    """A step sentence that cannot be renamed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A file with its old and its new content."""

    file: Path
    old: bytes
    new: bytes


@dataclass(frozen=True)
class Renaming:
    """The change of one step sentence into another with the same parameters in the same order."""

    definition: StepDefinition
    new: CucumberExpressionParser

    def __post_init__(self) -> None:
        old, new = (_values_of(sentence) for sentence in (self.definition.sentence, self.new))
        if old != new:
            written = ", ".join(old) or "no parameter"
            raise RenameError(f"`{self.new.name}` must have the same parameters in the same order: {written}")

    def text(self, step: str, *, written: bool = False) -> str:
        """Return the text of a step under the new sentence; the values stay. In a *written* text a value may be a placeholder.

        Raises:
            RenameError: *step* does not match the old sentence.
        """
        match = re.fullmatch(_pattern(self.definition.sentence, written=written), step)
        if match is None:
            raise RenameError(f"{quoted(step)} has a placeholder in the place of words of the step sentence; write these words out first")
        values = iter(match.groups())
        return "".join(piece if is_literal else next(values) for piece, is_literal in _pieces(self.new))


def definition_named(registry: Registry, sentence: str) -> StepDefinition:
    """Return the step definition with this sentence, with or without its keyword (``Given …``).

    Raises:
        RenameError: there is none, or it exists under two keywords.
    """
    matching = [definition for definition in registry.definitions if sentence in (str(definition), definition.expression)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise RenameError(
            f"{quoted(sentence)} is {counted(len(matching), 'step sentence')}; begin it with its keyword, such as `{matching[0]}`"
        )
    near = next(_meant(registry, sentence), None)
    remedy = f"did you mean `{near}`?" if near else "`sop steps` lists them"
    raise RenameError(f"there is no step sentence {quoted(sentence)}; write its parameters in braces; {remedy}")


def _meant(registry: Registry, text: str) -> Iterator[StepDefinition]:
    """Yield the step definitions that match *text* as a step, then those of the step sentences nearest to it."""
    keyword, _, rest = text.partition(" ")
    words = rest if keyword.casefold() in STEP_KINDS else text
    for step in (words, *(name.partition(" ")[2] for kind in STEP_KINDS for name in registry.nearest(kind, words, 1))):
        yield from (definition for definition in registry.definitions if definition.expression == step)
        yield from (match.definition for kind in STEP_KINDS for match in registry.match(kind, step))


def renaming_of(registry: Registry, old: str, new: str) -> Renaming:
    """Return the renaming of the step sentence *old* into *new*; the keyword may be left out, but not changed.

    Raises:
        RenameError: *old* is no step sentence, *new* is one already, or the parameters differ.
        StepDefinitionError: *new* is not a Cucumber Expression with known parameters.
    """
    definition = definition_named(registry, old)
    keyword, _, rest = new.partition(" ")
    if keyword.casefold() in STEP_KINDS and rest:
        if keyword.casefold() != definition.kind:
            raise RenameError(f"the keyword cannot change: `{definition}` is a {definition.kind.capitalize()}")
        new = rest
    if new == definition.expression:
        raise RenameError(f"the old and the new step sentence are the same: `{definition}`")
    if new != new.strip() or not new.isprintable():
        raise RenameError(f"{quoted(new)} has white space at an end, or a character that is not visible")
    return Renaming(definition, CucumberExpressionParser(new))


def edits(renaming: Renaming, registry: Registry, files: Sequence[Path], root: Path) -> Iterator[Edit]:
    """Yield the edit of the module with the step definition, then of every feature file that uses it.

    Raises:
        RenameError: a step cannot be renamed, or its new text would match another step sentence too.
        FeatureFileError: a feature file has findings of syntax, encoding or size.
    """
    yield _edit_of_module(renaming)
    for file in files:
        document, findings = read_document(file, root)
        if document is None:
            raise FeatureFileError(file, f"{findings[0].message}; correct it first")
        data = file.read_bytes()
        new = _feature_text(renaming, registry, document, data)
        if new != data:
            yield Edit(file, data, new)


def _edit_of_module(renaming: Renaming) -> Edit:
    file = Path(renaming.definition.file)
    old = file.read_bytes()
    text = old.decode("utf-8")
    node = _sentence_node(ast.parse(text), renaming.definition)
    if node is None or node.end_col_offset is None or node.lineno != node.end_lineno:
        raise RenameError(
            f"{renaming.definition.place}: the step sentence is not one text in quotes on one line; write it so, or rename by hand"
        )
    lines = text.splitlines(keepends=True)
    line = lines[node.lineno - 1].encode()
    literal = '"' + renaming.new.name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines[node.lineno - 1] = (line[: node.col_offset] + literal.encode() + line[node.end_col_offset :]).decode()
    return Edit(file, old, "".join(lines).encode())


def _sentence_node(tree: ast.Module, definition: StepDefinition) -> ast.Constant | None:
    """Return the first argument of the decorator with the step sentence."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and decorator.args and function.decorator_list[0].lineno == definition.line:
                argument = decorator.args[0]
                if isinstance(argument, ast.Constant) and argument.value == definition.expression:
                    return argument
    return None


def _feature_text(renaming: Renaming, registry: Registry, document: Document, data: bytes) -> bytes:
    """Return the feature file with the renamed steps; its examples are compared before and after."""
    lines = data.decode("utf-8").split("\n")
    steps = {step.line: step for example in document.examples for step in example.steps if _uses(renaming, registry, step)}
    for number, step in steps.items():
        line = lines[number - 1]
        start = line.index(" ", step.column - 1) if step.keyword != "*" else step.column
        words = line[start:].strip()
        try:
            at = line.index(words, start)
            lines[number - 1] = line[:at] + renaming.text(words, written=True) + line[at + len(words) :]
        except RenameError as error:
            raise RenameError(f"{document.path}:{number}: {error}") from None
    new = "\n".join(lines).encode()
    _check(renaming, registry, document, new)
    return new


def _uses(renaming: Renaming, registry: Registry, step: StepLine) -> bool:
    return any(match.definition is renaming.definition for match in registry.match(step.kind, step.text))


def _check(renaming: Renaming, registry: Registry, document: Document, new: bytes) -> None:
    """Refuse a new text in which a step would be another than the renamed one, or would match two step sentences."""
    renamed, _ = source_of(new, document.path)
    if renamed.document is None:
        raise RenameError(f"{document.path}: the new step sentence cannot be written in a feature file; choose another")
    others = [
        other.sentence for other in registry.definitions if other.kind == renaming.definition.kind and other is not renaming.definition
    ]
    for before, after in zip_longest(_steps(document), _steps(renamed.document)):
        uses = before is not None and _uses(renaming, registry, before)
        wanted = renaming.text(before.text) if before and uses else before and before.text
        if after is None or after.text != wanted:
            place = f"{document.path}:{before.line}" if before else document.path
            raise RenameError(f"{place}: a placeholder stands for words of the step sentence; write these words out first")
        if uses and not renaming.new.is_matching(after.text):
            raise RenameError(
                f"{document.path}:{after.line}: {quoted(after.text)} would not match `{renaming.new.name}`; choose another sentence"
            )
        if uses and (other := next((sentence for sentence in others if sentence.is_matching(after.text)), None)):
            raise RenameError(
                f"{document.path}:{after.line}: {quoted(after.text)} would also match `{other.name}`; choose another sentence"
            )


def _steps(document: Document) -> Iterator[StepLine]:
    return (step for example in document.examples for step in example.steps)


def _pieces(sentence: CucumberExpressionParser) -> Iterator[tuple[str, bool]]:
    """Yield the literal texts of a sentence, and the source of everything else: parameters, optional texts, alternatives."""
    for node in sentence.tree.nodes or []:
        is_literal = node.ast_type == NodeType.TEXT
        yield (node.text if is_literal else sentence.name[node.start : node.end]), is_literal


def _values_of(sentence: CucumberExpressionParser) -> list[str]:
    """Return the parts of a sentence whose text a step chooses, such as ``{stage}`` and ``is/are``."""
    return [piece for piece, is_literal in _pieces(sentence) if not is_literal]


def _pattern(sentence: CucumberExpressionParser, *, written: bool) -> str:
    """Return a regular expression with one group for each part whose text a step chooses."""
    parts = []
    for piece, is_literal in _pieces(sentence):
        if is_literal:
            parts.append(re.escape(piece))
        else:
            pattern = re.sub(r"\((?!\?)", "(?:", CucumberExpressionParser(piece).pattern.pattern.removeprefix("^").removesuffix("$"))
            parts.append(f"({pattern}|{_PLACEHOLDER})" if written else f"({pattern})")
    return "".join(parts)

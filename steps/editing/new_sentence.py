"""A step sentence and the one that replaces it, with the same parameters; the text of a step under the new sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cucumber_expressions.ast import NodeType

from sop_engine import SopError
from sop_engine.text import counted, quoted
from steps.definitions.decorators import STEP_KINDS, StepDefinition
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.registry import Registry

_PLACEHOLDER = r"\S*<[^<>]*>\S*"
"""A value in an outline: a placeholder, perhaps with other characters of the value."""
_OTHER_KEYWORDS = ("And ", "But ", "* ")


class RenameError(SopError):
    """A step sentence that cannot be renamed; the message says why and what to do."""


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
        match = (self._written if written else self._filled).fullmatch(step)
        if match is None:
            raise RenameError(f"{quoted(step)} has a placeholder in the place of words of the step sentence; write these words out first")
        values = iter([match[f"value{number}"] for number in range(len(_values_of(self.new)))])
        return "".join(piece if is_literal else next(values) for piece, is_literal in _pieces(self.new))

    @cached_property
    def _filled(self) -> re.Pattern[str]:
        return re.compile(_pattern(self.definition.sentence, written=False))

    @cached_property
    def _written(self) -> re.Pattern[str]:
        return re.compile(_pattern(self.definition.sentence, written=True))


def may_become(sentence: CucumberExpressionParser, step: str) -> bool:
    """Return whether *step*, as written in an outline, matches *sentence* for some values of its placeholders in the place of values."""
    return re.fullmatch(_pattern(sentence, written=True), step) is not None


def renaming_of(registry: Registry, old: str, new: str) -> Renaming:
    """Return the renaming of the step sentence *old* into *new*; the keyword may be left out, but not changed.

    Raises:
        RenameError: *old* is no step sentence, *new* cannot be one or is one already, or the parameters differ.
        StepDefinitionError: *new* is not a Cucumber Expression with known parameters.
    """
    definition = definition_named(registry, old)
    if new == definition.expression:
        raise RenameError(f"the old and the new step sentence are the same: `{definition}`")
    keyword, _, rest = new.partition(" ")
    if keyword.casefold() in STEP_KINDS:
        if keyword.casefold() != definition.kind:
            raise RenameError(f"the keyword cannot change: `{definition}` is a {definition.kind.capitalize()}")
        new = rest
    if new == definition.expression:
        raise RenameError(f"the old and the new step sentence are the same: `{definition}`")
    _check_words(new)
    renaming = Renaming(definition, CucumberExpressionParser(new))
    for other in registry.definitions:
        if other.kind == definition.kind and other is not definition and other.expression == new:
            raise RenameError(f"{quoted(new)} would also match `{other.expression}` ({other.place}); choose another sentence")
    return renaming


def _check_words(new: str) -> None:
    """Refuse a sentence that no feature file can have, or that would be read as something else there."""
    if not new.strip():
        raise RenameError("the new step sentence has no words; write them, with the parameters in braces")
    if new != new.strip() or not new.isprintable():
        raise RenameError(f"{quoted(new)} has white space at an end, or a character that is not visible")
    if new.startswith(_OTHER_KEYWORDS):
        raise RenameError(f"{quoted(new)} begins with the keyword `{new.partition(' ')[0]}`; leave it out")
    if placeholder := re.search("<.*>", new):
        raise RenameError(
            f"{quoted(placeholder[0])} would be read as a placeholder of an outline; write parameters in braces, as in {{int}}"
        )


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
    near = next(_intended_definitions(registry, sentence), None)
    remedy = f"did you mean `{near}`?" if near else "`sop steps` lists them"
    raise RenameError(f"there is no step sentence {quoted(sentence)}; write its parameters in braces; {remedy}")


def _intended_definitions(registry: Registry, text: str) -> Iterator[StepDefinition]:
    """Yield the step definitions that match *text* as a step, then those of the step sentences nearest to it."""
    keyword, _, rest = text.partition(" ")
    words = rest if keyword.casefold() in STEP_KINDS else text
    for step in (words, *(name.partition(" ")[2] for kind in STEP_KINDS for name in registry.nearest(kind, words, 1))):
        yield from (definition for definition in registry.definitions if definition.expression == step)
        yield from (match.definition for kind in STEP_KINDS for match in registry.match(kind, step))


def _pieces(sentence: CucumberExpressionParser) -> Iterator[tuple[str, bool]]:
    """Yield the literal texts of a sentence, and the source of everything else: parameters, optional texts, alternatives."""
    for node in sentence.tree.nodes or []:
        is_literal = node.ast_type == NodeType.TEXT
        yield (node.text if is_literal else sentence.name[node.start : node.end]), is_literal


def _values_of(sentence: CucumberExpressionParser) -> list[str]:
    """Return the parts of a sentence whose text a step chooses, such as ``{stage}`` and ``is/are``."""
    return [piece for piece, is_literal in _pieces(sentence) if not is_literal]


def _pattern(sentence: CucumberExpressionParser, *, written: bool) -> str:
    """Return a regular expression with a group ``value0``, ``value1`` … for each part whose text a step chooses."""
    parts, number = [], 0
    for piece, is_literal in _pieces(sentence):
        if is_literal:
            parts.append(re.escape(piece))
        else:
            pattern = CucumberExpressionParser(piece).pattern.pattern.removeprefix("^").removesuffix("$")
            parts.append(f"(?P<value{number}>{pattern}|{_PLACEHOLDER})" if written else f"(?P<value{number}>{pattern})")
            number += 1
    return "".join(parts)

"""Registry: all step definitions, indexed by their first words.

A text is looked up by the literal beginnings of the step sentences, so that two hundred definitions cost a few dictionary
look-ups and one or two regular expressions. All matches are returned: the lint reports more than one as an ambiguity.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from types import ModuleType

from msgspec import Struct
from msgspec.structs import force_setattr

from sop_runs.record.schema import StepKind
from steps.definitions.decorators import DEFINITIONS, STEP_KINDS, StepDefinition
from steps.definitions.discovery import load
from steps.definitions.expressions import StepParameter

SUGGESTION_LIKENESS = 0.6
"""Minimum similarity of a suggested step sentence (0 to 1, difflib's ratio)."""
SUGGESTION_MARGIN = 0.08
"""Maximum difference in similarity between the best suggestion and a further one."""
OTHER_KIND_PENALTY = 0.05
"""Similarity subtracted from a step sentence of another kind (Given, When, Then)."""


class Match(Struct, frozen=True, eq=False):
    """A step definition that matches a text."""

    definition: StepDefinition
    text: str
    _parts: re.Match[str]
    _constants: tuple[object, ...] | None = None

    @property
    def values(self) -> tuple[object, ...]:
        """The converted values in the order of the step sentence.

        Converted each time, because a step definition may change a value; once if all are numbers and texts of Cucumber's own types.

        Raises:
            StepValueError: a value cannot be converted.
        """
        if self._constants is not None:
            return self._constants
        values = self.definition.sentence.values_in(self._parts)
        if self.definition.sentence.is_constant:
            force_setattr(self, "_constants", values)
        return values

    @property
    def arguments(self) -> dict[str, object]:
        """The converted values by the name of the function's parameter. A conversion may raise ValueError."""
        return dict(zip(self.definition.arguments, self.values, strict=True))

    @property
    def groups(self) -> tuple[str | None, ...]:
        """The texts of the parameters, before they are converted."""
        return self._parts.groups()

    def is_about(self, identifier: str, facts: object = None) -> bool:
        """Return whether the step sentence declares that it is about a clause, gap or section, and has the word that this needs.

        *facts* are the table of the step or the order after it; None if there is neither.
        """
        condition = self.definition.about.get(identifier)
        if condition is None or isinstance(condition, str):
            return condition is not None and condition in self.text
        return facts is None or condition(self.text, facts)

    @property
    def first_text(self) -> str | None:
        """The text of the first parameter; None if the sentence has none."""
        return self.groups[0] if self.definition.arguments else None


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A text that would match *definition* if the value of one parameter were valid."""

    definition: StepDefinition
    parameter: StepParameter
    value: str
    suggestion: str | None
    text: str | None  # the full text with the suggested value

    @property
    def reason(self) -> str:
        """The message about the invalid value."""
        if self.parameter.choices:
            several_words = any(" " in choice for choice in self.parameter.choices)
            choices = [f"`{choice}`" if several_words else choice for choice in self.parameter.choices]
            return f"`{self.value}` is not one of {', '.join(choices)}"
        return f"`{self.value}` is not a {{{self.parameter.name}}}"


class Registry:
    """Step definitions, indexed by kind and first words."""

    def __init__(self, definitions: Iterable[StepDefinition] = ()) -> None:
        self.definitions: tuple[StepDefinition, ...] = tuple(definitions)
        self._exact: dict[tuple[StepKind, str], list[StepDefinition]] = {}
        self._by_prefix: dict[StepKind, dict[str, list[StepDefinition]]] = {kind: {} for kind in STEP_KINDS}
        self._matches: dict[tuple[StepKind, str], tuple[Match, ...]] = {}
        for definition in self.definitions:
            sentence = definition.sentence
            if all(isinstance(piece, str) for piece in sentence.pieces):
                self._exact.setdefault((definition.kind, sentence.prefix), []).append(definition)
            else:
                self._by_prefix[definition.kind].setdefault(sentence.prefix, []).append(definition)

    @classmethod
    def from_modules(cls, modules: Sequence[str | ModuleType]) -> "Registry":
        """Return the registry of the step definitions of *modules* (names are imported), in order.

        Raises:
            BindingModuleError: one of them cannot be imported.
        """
        loaded = [load(module) if isinstance(module, str) else module for module in modules]
        return cls(definition for module in loaded for definition in DEFINITIONS.get(module.__name__, ()))

    def match(self, kind: StepKind, text: str) -> tuple[Match, ...]:
        """Return every step definition of *kind* that matches *text*: none is undefined, two or more are ambiguous."""
        matches = self._matches.get((kind, text))
        if matches is None:
            pairs = [(definition, definition.sentence.match(text)) for definition in self._candidates(kind, text)]
            matches = tuple([Match(definition, text, parts) for definition, parts in pairs if parts is not None])
            self._matches[kind, text] = matches
        return matches

    def _candidates(self, kind: StepKind, text: str) -> list[StepDefinition]:
        """Return the step definitions that *text* may match: its words, or those at its beginning."""
        by_prefix = self._by_prefix[kind]
        candidates = [*self._exact.get((kind, text), ()), *by_prefix.get("", ())]
        end = text.find(" ") + 1
        while end:
            candidates += by_prefix.get(text[:end], ())
            end = text.find(" ", end) + 1
        return candidates

    def kinds_matching(self, text: str) -> list[StepKind]:
        """Return the kinds (given, when, then) under which *text* matches a step definition."""
        return [kind for kind in STEP_KINDS if self.match(kind, text)]

    def wrong_value(self, kind: StepKind, text: str) -> WrongValue | None:
        """Return the step definition that *text* matches except for one value; None if there is none.

        Of several it is the one whose literal words are the longest, so that a long value is not read as a short sentence.
        """
        best: tuple[int, StepDefinition, list[str], int] | None = None
        for definition in self.definitions:
            if definition.kind == kind and (values := _loose_values(definition, text)) is not None:
                parameters = definition.sentence.parameters
                wrong = [i for i, step_parameter in enumerate(parameters) if not step_parameter.pattern.fullmatch(values[i])]
                literal = len(text) - sum(map(len, values))
                if len(wrong) == 1 and (best is None or literal > best[0]):
                    best = literal, definition, values, wrong[0]
        return None if best is None else _wrong_value(*best[1:])

    def nearest(self, kind: StepKind, text: str, n: int = 3) -> list[str]:
        """Return up to *n* step sentences similar to *text*, best first; their parameters are filled where the result is a step."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(text.casefold())
        scored = []
        for definition in self.definitions:
            sentence = _sentence_with_values(definition, text)
            matcher.set_seq1(sentence.casefold())
            if matcher.real_quick_ratio() >= SUGGESTION_LIKENESS and matcher.quick_ratio() >= SUGGESTION_LIKENESS:
                score = matcher.ratio() - (OTHER_KIND_PENALTY if definition.kind != kind else 0)
                if score >= SUGGESTION_LIKENESS:
                    is_step = definition.sentence.is_matching(sentence)
                    scored.append((score, f"{definition.kind.capitalize()} {sentence}" if is_step else str(definition)))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [sentence for score, sentence in scored[:n] if score >= scored[0][0] - SUGGESTION_MARGIN]


def _sentence_with_values(definition: StepDefinition, text: str) -> str:
    """Return the step sentence with its parameters filled, by values found in *text* if there are any."""
    parts = []
    for piece in definition.sentence.pieces:
        if isinstance(piece, StepParameter):
            choices = [choice for choice in piece.choices if choice in text]
            match = None if piece.choices else piece.pattern.search(text)
            parts.append(max(choices, key=len) if choices else match[0] if match else (piece.choices or ("",))[0])
        else:
            parts.append(piece or "")
    return "".join(parts)


def _loose_values(definition: StepDefinition, text: str) -> list[str] | None:
    """Return the texts in the places of the parameters; None if the literal words do not match or some are optional."""
    pieces = definition.sentence.pieces
    if None in pieces or not definition.sentence.parameters:
        return None
    values: list[str] = []
    start, in_parameter = 0, False
    for piece in pieces:
        if isinstance(piece, str):
            at = text.find(piece, start) if in_parameter else (start if text.startswith(piece, start) else -1)
            if at < 0:
                return None
            if in_parameter:
                values.append(text[start:at])
            start, in_parameter = at + len(piece), False
        else:
            in_parameter = True
    if in_parameter:
        values.append(text[start:])
    elif start != len(text):
        return None
    return values if len(values) == len(definition.sentence.parameters) and all(values) else None


def _wrong_value(definition: StepDefinition, values: list[str], at: int) -> WrongValue:
    step_parameter = definition.sentence.parameters[at]
    folded = {choice.casefold(): choice for choice in step_parameter.choices}
    near = get_close_matches(values[at].casefold(), folded, n=1, cutoff=SUGGESTION_LIKENESS)
    suggestion = folded[near[0]] if near else None
    text = None
    if suggestion is not None:
        filled = iter([*values[:at], suggestion, *values[at + 1 :]])
        text = "".join(piece if isinstance(piece, str) else next(filled) for piece in definition.sentence.pieces)
    return WrongValue(definition, step_parameter, values[at], suggestion, text)

"""The registry: every sentence that is bound, found by its first words.

A text is looked up by the literal beginnings of the sentences, so that two hundred definitions cost a few dictionary
look-ups and one or two regular expressions. All matches are returned: more than one is an ambiguity, for the lint to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from types import ModuleType

from steps.definitions.decorators import DEFINITIONS, KINDS, Kind, StepDefinition, StepParameter
from steps.definitions.discovery import load

NEAR = 0.6
"""Sentences less alike than this (0 to 1, difflib's ratio) are not suggested."""
AS_NEAR = 0.08
"""How much less alike than the best a second suggestion may be."""
OTHER_KIND = 0.05
"""What a sentence of another kind is held less alike."""


@dataclass(frozen=True, slots=True)
class Match:
    """A definition that accepts a text."""

    definition: StepDefinition
    text: str

    @property
    def arguments(self) -> dict[str, object]:
        """Converted values by the name of the function's parameter. A conversion may raise ValueError."""
        values = self.definition.sentence.arguments(self.text)
        return dict(zip(self.definition.arguments, values, strict=True))


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A text that would match *definition* if the value in one slot were one it knows."""

    definition: StepDefinition
    slot: StepParameter
    value: str
    suggestion: str | None
    text: str | None  # the whole text with the suggested value

    @property
    def reason(self) -> str:
        """What is wrong with the value, in words."""
        if self.slot.choices:
            return f"`{self.value}` is not one of " + ", ".join(self.slot.choices)
        return f"`{self.value}` is not a {{{self.slot.name}}}"


class Registry:
    """Definitions by kind and first words."""

    def __init__(self, definitions: Iterable[StepDefinition] = ()) -> None:
        self.definitions: tuple[StepDefinition, ...] = tuple(definitions)
        self._exact: dict[tuple[Kind, str], list[StepDefinition]] = {}
        self._by_prefix: dict[Kind, dict[str, list[StepDefinition]]] = {kind: {} for kind in KINDS}
        self._matches: dict[tuple[Kind, str], list[Match]] = {}
        for definition in self.definitions:
            sentence = definition.sentence
            if all(isinstance(piece, str) for piece in sentence.pieces):
                self._exact.setdefault((definition.kind, sentence.prefix), []).append(definition)
            else:
                self._by_prefix[definition.kind].setdefault(sentence.prefix, []).append(definition)

    @classmethod
    def from_modules(cls, modules: Sequence[str | ModuleType]) -> "Registry":
        """The definitions of *modules* (names are imported), in order.

        Raises:
            BindingModuleError: one of them cannot be imported.
        """
        loaded = [load(module) if isinstance(module, str) else module for module in modules]
        return cls(definition for module in loaded for definition in DEFINITIONS.get(module.__name__, ()))

    def match(self, kind: Kind, text: str) -> list[Match]:
        """Every definition of *kind* that accepts *text*: none is undefined, two or more are ambiguous."""
        known = self._matches.get((kind, text))
        if known is None:
            known = [Match(definition, text) for definition in self._candidates(kind, text)]
            self._matches[kind, text] = known
        return list(known)

    def _candidates(self, kind: Kind, text: str) -> list[StepDefinition]:
        found = list(self._exact.get((kind, text), ()))
        by_prefix = self._by_prefix[kind]
        end = 0
        while True:
            found += [d for d in by_prefix.get(text[:end], ()) if d.sentence.is_matching(text)]
            end = text.find(" ", end) + 1
            if not end:
                return found

    def kinds_matching(self, text: str) -> list[Kind]:
        """The kinds under which *text* is defined."""
        return [kind for kind in KINDS if self.match(kind, text)]

    def wrong_value(self, kind: Kind, text: str) -> WrongValue | None:
        """The sentence that *text* follows in all but one value, if there is one."""
        for definition in self.definitions:
            if definition.kind == kind and (values := _loose_values(definition, text)) is not None:
                slots = definition.sentence.slots
                wrong = [i for i, slot in enumerate(slots) if not slot.pattern.fullmatch(values[i])]
                if len(wrong) == 1:
                    return _wrong_value(definition, values, wrong[0])
        return None

    def nearest(self, kind: Kind, text: str, n: int = 3) -> list[str]:
        """Up to *n* sentences that read like *text*, best first, with values in their slots where that makes a step."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(text.casefold())
        scored = []
        for definition in self.definitions:
            reading = _as_it_might_read(definition, text)
            matcher.set_seq1(reading.casefold())
            if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR:
                score = matcher.ratio() - (OTHER_KIND if definition.kind != kind else 0)
                if score >= NEAR:
                    whole = definition.sentence.is_matching(reading)
                    scored.append((score, f"{definition.kind.capitalize()} {reading}" if whole else str(definition)))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [sentence for score, sentence in scored[:n] if score >= scored[0][0] - AS_NEAR]


def _as_it_might_read(definition: StepDefinition, text: str) -> str:
    """The sentence with values in its slots, those of *text* where it has them."""
    parts = []
    for piece in definition.sentence.pieces:
        if isinstance(piece, StepParameter):
            there = [choice for choice in piece.choices if choice in text]
            found = None if piece.choices else piece.pattern.search(text)
            parts.append(max(there, key=len) if there else found[0] if found else (piece.choices or ("",))[0])
        else:
            parts.append(piece or "")
    return "".join(parts)


def _loose_values(definition: StepDefinition, text: str) -> list[str] | None:
    """What stands in the slots when the literal words are there; None when they are not, or are optional."""
    pieces = definition.sentence.pieces
    if None in pieces or not definition.sentence.slots:
        return None
    values: list[str] = []
    start, open_slot = 0, False
    for piece in pieces:
        if isinstance(piece, str):
            at = text.find(piece, start) if open_slot else (start if text.startswith(piece, start) else -1)
            if at < 0:
                return None
            if open_slot:
                values.append(text[start:at])
            start, open_slot = at + len(piece), False
        else:
            open_slot = True
    if open_slot:
        values.append(text[start:])
    elif start != len(text):
        return None
    return values if len(values) == len(definition.sentence.slots) and all(values) else None


def _wrong_value(definition: StepDefinition, values: list[str], at: int) -> WrongValue:
    slot = definition.sentence.slots[at]
    folded = {choice.casefold(): choice for choice in slot.choices}
    near = get_close_matches(values[at].casefold(), folded, n=1, cutoff=NEAR)
    suggestion = folded[near[0]] if near else None
    text = None
    if suggestion is not None:
        filled = iter([*values[:at], suggestion, *values[at + 1 :]])
        text = "".join(piece if isinstance(piece, str) else next(filled) for piece in definition.sentence.pieces)
    return WrongValue(definition, slot, values[at], suggestion, text)

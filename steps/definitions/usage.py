"""Use of step sentences: the steps that match each, unused ones, and ambiguities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import StepParameter
from steps.definitions.registry import Registry
from steps.language.document import Document

MOST_SAMPLES = 200
"""Maximum number of texts tried for one step sentence."""


@dataclass(slots=True)
class SentenceUse:
    """A step definition and the places of the steps that match it, as ``features/x.feature:12``, each line once."""

    definition: StepDefinition
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A text that matches more than one step definition of its kind."""

    text: str
    definitions: tuple[StepDefinition, ...]


def uses(registry: Registry, documents: Iterable[Document]) -> list[SentenceUse]:
    """Return every step definition, in order, with the places that use it."""
    uses_by_definition = {id(definition): SentenceUse(definition) for definition in registry.definitions}
    for document in documents:
        for example in document.examples:
            for step in example.steps:
                place = f"{document.path}:{step.line}"
                for match in registry.match(step.kind, step.text):
                    places = uses_by_definition[id(match.definition)].places
                    if not places or places[-1] != place:
                        places.append(place)
    for use in uses_by_definition.values():
        use.places = list(dict.fromkeys(use.places))
    return list(uses_by_definition.values())


def ambiguities(registry: Registry) -> Iterator[Ambiguity]:
    """Yield sample texts of each step sentence that also match another; each pair is reported once."""
    reported_names = set()
    for definition in registry.definitions:
        for text in sample_texts(definition):
            matching = tuple(match.definition for match in registry.match(definition.kind, text))
            names = frozenset(map(id, matching))
            if len(matching) > 1 and names not in reported_names:
                reported_names.add(names)
                yield Ambiguity(text, matching)


def sample_texts(definition: StepDefinition) -> Iterator[str]:
    """Yield the step sentence with sample values of its parameters, in every combination, up to `MOST_SAMPLES`."""
    pieces: list[Sequence[str]] = [
        _sample_values(piece) if isinstance(piece, StepParameter) else ("",) if piece is None else (piece,)
        for piece in definition.sentence.pieces
    ]
    texts = ("".join(chosen) for chosen in islice(product(*pieces), MOST_SAMPLES))
    return filter(definition.sentence.is_matching, texts)  # without its alternatives, such as is/are, a text may not match


def _sample_values(step_parameter: StepParameter) -> Sequence[str]:
    return step_parameter.samples or ("x",)

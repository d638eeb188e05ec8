"""For every When of the step definitions: no example passes without a Then about it. New sentences are included."""

import pytest
from msgspec.structs import replace

from steps.language.document import find_features, read_document
from steps.language.examples import Example
from steps.run.executor import execute
from tests.support.feature_runs import FEATURES, NOT_STATED, registry


def whens() -> dict[str, Example]:
    """For every When of the step definitions, the first example of the specification that uses it."""
    documents = [read_document(file, FEATURES)[0] for file in find_features([FEATURES])]
    used: dict[str, Example] = {}
    for example in (example for document in documents if document for example in document.examples):
        for step in example.steps:
            if step.kind == "when":
                used.setdefault(str(registry().match("when", step.text)[0].definition), example)
    return used


WHENS = whens()


def test_every_when_is_used() -> None:
    assert sorted(WHENS) == sorted(str(definition) for definition in registry().definitions if definition.kind == "when")


@pytest.mark.parametrize("sentence", WHENS)
def test_no_when_passes_without_a_then(sentence: str) -> None:
    example = WHENS[sentence]
    untold = replace(example, steps=tuple(step for step in example.steps if step.kind != "then"))

    result = execute(untold, registry(), NOT_STATED.__getitem__)

    assert execute(example, registry(), NOT_STATED.__getitem__).status == "passed"
    assert result.status == "broken"
    assert result.steps[-1].error is not None
    assert "after the last step: line " in result.steps[-1].error.message


@pytest.mark.parametrize("sentence", WHENS)
def test_no_when_is_passed_over_by_another(sentence: str) -> None:
    """The first of two has no Then before the second, whether the second is possible or not."""
    steps = WHENS[sentence].steps
    place = next(place for place, step in enumerate(steps) if step.kind == "when")
    twice = replace(WHENS[sentence], steps=(*steps[: place + 1], *steps[place:]))

    assert execute(twice, registry(), NOT_STATED.__getitem__).status == "broken"

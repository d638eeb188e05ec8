"""The registry of step sentences finds every match, the nearest sentences and the right values."""

import itertools
import random

import pytest

from sop_runs.record.schema import StepKind
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.registry import Registry
from tests.support.bound_shop import SHOP, bind


def expressions_for(kind: str, text: str, registry: Registry = SHOP) -> list[str]:
    return [match.definition.expression for match in registry.match(kind, text)]  # type: ignore[arg-type]


def test_a_definition_has_its_sentence_and_its_place() -> None:
    first, second = SHOP.definitions[:2]

    assert (first.kind, first.expression, first.target_fixture) == ("given", "the order is {shopstage} in Assure OMS", "stage")
    assert (first.arguments, first.fixtures, first.parameters) == (("stage",), ("driver",), ("stage", "driver"))
    assert (first.takes_table, second.takes_table, second.takes_docstring, SHOP.definitions[4].takes_docstring) == (
        False,
        True,
        False,
        True,
    )
    assert first.place == "bindings_of_the_registry_tests.py:11"
    assert str(first) == "Given the order is {shopstage} in Assure OMS"
    assert [d.expression for d in SHOP.definitions if d.kind == "when"] == ["the seller gives up", "the seller cancels"]


def test_arguments_go_to_the_first_parameters_converted() -> None:
    def arguments(text: str) -> dict[str, object]:
        [match] = SHOP.match("given", text)
        return match.arguments

    assert repr(arguments("the order is not yet packed in Assure OMS")) == "{'stage': <Stage.NOT_YET: 'not yet packed'>}"
    assert arguments("3 units of tea") == {"number": 3, "item": "tea"}
    assert arguments("1 unit of tea") == {"number": 1, "item": "tea"}
    assert arguments('a price of 1.5 for one, said "so \\"dear\\""') == {"price": 1.5, "words": 'so "dear"'}
    assert arguments("brackets (like these)") == {}
    assert arguments("a box of EUR5x and more") == {"price": 5}


def test_values_that_a_step_may_change_are_converted_each_time() -> None:
    registry = bind(
        """
        parameter(name="names", regexp="[a-z]+(?:, [a-z]+)*", type=lambda text: text.split(", "))
        @given("the names {names}")
        def _(names): pass
        @given("the sum {int}")
        def _(number): pass
        """
    )
    [names], [number] = registry.match("given", "the names a, b"), registry.match("given", "the sum 7")
    first = names.values

    first[0].append("c")
    assert names.values == (["a", "b"],)
    assert number.values == number.values == (7,)


def test_the_whole_text_must_match_and_the_kind_too() -> None:
    assert expressions_for("when", "the seller cancels") == ["the seller cancels"]
    assert expressions_for("when", "the seller cancels ") == []
    assert expressions_for("when", "the seller cancels\n") == []
    assert expressions_for("given", "the order is CREATED in Assure OMS\n") == []
    assert expressions_for("then", "the seller cancels") == []
    assert expressions_for("given", "the order is PACKED in Assure OMS") == []
    assert expressions_for("given", "") == []


def test_every_match_is_returned() -> None:
    registry = bind(
        """
        @given("a {word} order")
        def _(word): ...
        @given("a red order")
        def _(): ...
        @given("{word} red order")
        def _(word): ...
        @given("a red order")
        def _(): ...
        """
    )

    assert sorted(expressions_for("given", "a red order", registry)) == ["a red order", "a red order", "a {word} order", "{word} red order"]


WORDS = ("the", "order", "is", "CREATED", "not", "yet", "packed", "in", "Assure", "OMS", "3", "units", "of", "seller", "cancels", "")


def test_the_index_finds_what_trying_every_sentence_finds() -> None:
    rng = random.Random(5)  # noqa: S311 - not cryptography
    texts = {" ".join(rng.choices(WORDS, k=rng.randrange(1, 9))) for _ in range(3000)}
    texts |= {"the order is CREATED in Assure OMS", "3 units of tea", "the seller cancels", "brackets (like these)"}

    for text, kind in itertools.product(texts, ("given", "when", "then")):
        brute = [d.expression for d in SHOP.definitions if d.kind == kind and d.sentence.is_matching(text)]
        assert sorted(expressions_for(kind, text)) == sorted(brute)


def test_a_step_is_not_tried_against_every_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "".join(f'@given("thing number {n} costs {{int}} and weighs {{float}}")\ndef _(cost, weight): ...\n' for n in range(250))
    registry = bind(source)
    tried: list[str] = []
    matching = CucumberExpressionParser.match
    monkeypatch.setattr(CucumberExpressionParser, "match", lambda self, name: tried.append(self.name) or matching(self, name))

    assert expressions_for("given", "thing number 77 costs 5 and weighs 1.5", registry) == [
        "thing number 77 costs {int} and weighs {float}"
    ]
    assert expressions_for("given", "thing number 77 costs 5 and weighs 1.5", registry)
    assert expressions_for("given", "something else", registry) == []
    assert tried == ["thing number 77 costs {int} and weighs {float}"]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("when", "the saler cancel", ["When the seller cancels"]),
        ("given", "xyzzy", []),
    ],
)
def test_the_nearest_sentences_are_found(kind: StepKind, text: str, expected: list[str]) -> None:
    assert SHOP.nearest(kind, text)[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("given", "the order is CREATD in Assure OMS", "the order is CREATED in Assure OMS"),
        ("given", "the order is Not Yet packed in Assure OMS", "the order is not yet packed in Assure OMS"),
        ("given", "the order is gone in Assure OMS", None),
        ("then", "from CREATD to word", "from CREATED to word"),
    ],
)
def test_a_wrong_value_comes_with_the_whole_text_with_a_right_one(kind: StepKind, text: str, expected: str | None) -> None:
    wrong = SHOP.wrong_value(kind, text)

    assert wrong is not None
    assert wrong.text == expected


def test_a_sentence_of_another_kind_is_not_reported_as_unknown() -> None:
    assert SHOP.kinds_matching("the order is CREATED in Assure OMS") == ["given", "then"]
    assert SHOP.kinds_matching("xyzzy") == []


def test_a_wrong_value_is_not_reported_as_a_wrong_sentence() -> None:
    wrong = SHOP.wrong_value("given", "the order is gone in Assure OMS")

    assert wrong is not None
    assert (wrong.value, wrong.reason) == ("gone", "`gone` is not one of `CREATED`, `not yet packed`")
    assert SHOP.wrong_value("given", "the order was CREATED in Assure OMS") is None
    assert SHOP.wrong_value("given", "the order is  in Assure OMS") is None

"""Sentences and their registry: bound once, found fast, the same under stock pytest-bdd."""

import itertools
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest
import pytest_bdd.plugin
from _pytest.fixtures import FixtureFunctionDefinition
from cucumber_expressions.errors import CucumberExpressionError
from cucumber_expressions.expression import CucumberExpression
from pytest_bdd.steps import StepNamePrefix

import steps.support.stock
from sop_runs.record.schema import StepKind
from steps.definitions.decorators import DEFINITIONS, OWN_FIXTURES, RESERVED, STEP_ARGUMENTS, STEP_KINDS, StepDefinition, parameter
from steps.definitions.discovery import built_in_modules
from steps.definitions.expressions import PARAMETER_TYPES, CucumberExpressionParser, StepDefinitionError
from steps.definitions.registry import Registry
from steps.lint.checked_file import MAX_STEP

HEAD = "from steps.definitions.decorators import given, parameter, then, when\n"


def bind(source: str, name: str = "bindings_of_the_registry_tests") -> Registry:
    """The registry of a module with this source."""
    module = ModuleType(name)
    DEFINITIONS.pop(name, None)
    exec(HEAD + dedent(source), module.__dict__)  # noqa: S102 - our own text
    return Registry.from_modules([module])


SHOP = bind(
    """
    from enum import StrEnum

    class Stage(StrEnum):
        CREATED = "CREATED"
        NOT_YET = "not yet packed"

    parameter(name="shopstage", regexp="CREATED|not yet packed", type=Stage)

    @given("the order is {shopstage} in Assure OMS", target_fixture="stage")
    def _(stage, driver): ...

    @given("{int} unit(s) of {word}")
    def _(number, item, datatable): ...

    @given("a price of {float} per/for one, said {string}")
    def _(price, words): ...

    @given("a box of EUR{int}x and more")
    def _(price): ...

    @given("brackets \\\\(like these)")
    def _(docstring): ...

    @when("the seller cancels")
    @when("the seller gives up")
    def _(): ...

    @then("from {shopstage} to {word}")
    def _(one, other): ...

    @then("the order is {shopstage} in Assure OMS")
    def _(stage): ...
    """
)


def expressions_for(kind: str, text: str, registry: Registry = SHOP) -> list[str]:
    return [match.definition.expression for match in registry.match(kind, text)]  # type: ignore[arg-type]


def test_definitions_tell_what_is_bound_and_where() -> None:
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


LIBRARY_SENTENCES = (
    "a plain sentence. (or not)", "a dot. a plus+ a [bracket] a $dollar ^ | ? *", "{int} and {float}{word}", "one/two {int}", "a {string}",
    r"escaped \\{int}", "an open brace } here", "a space { int }", "{int}", "{year} and {stage}, {clauses}",
)  # fmt: skip


def test_plain_sentences_are_read_as_the_library_reads_them(project: Registry) -> None:
    for text in (*LIBRARY_SENTENCES, *(definition.expression for definition in project.definitions)):
        try:
            by_library = CucumberExpression(text, PARAMETER_TYPES)
        except CucumberExpressionError:
            with pytest.raises(StepDefinitionError):
                CucumberExpressionParser(text)
            continue
        sentence = CucumberExpressionParser(text)
        assert sentence.pattern.pattern == by_library.regexp, text
        assert len(sentence.parameters) == len(by_library.parameter_types), text
        assert sentence.groups == outermost_groups(sentence.pattern), text


def outermost_groups(pattern: re.Pattern[str]) -> tuple[int, ...]:
    """The groups inside no other, counted in the text: every `(` outside brackets and escapes opens one, and `(?:` one without a number."""
    number, open_groups, outermost = 0, [], []
    for sign in re.findall(r"\\.|\[(?:\\.|[^\]])*\]|\(\?:|[()]", pattern.pattern):
        if sign == "(":
            number += 1
            outermost += [] if any(open_groups) else [number]
        if sign in {"(", "(?:"}:
            open_groups.append(sign == "(")
        elif sign == ")":
            open_groups.pop()
    return tuple(outermost)


def test_a_sentence_with_many_words_is_read_in_no_time() -> None:
    with pytest.raises(StepDefinitionError):
        CucumberExpressionParser("a word " * 40 + "{not_defined} (")


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


def test_a_sentence_of_another_kind_is_told_from_one_that_nobody_knows() -> None:
    assert SHOP.kinds_matching("the order is CREATED in Assure OMS") == ["given", "then"]
    assert SHOP.kinds_matching("xyzzy") == []


def test_a_wrong_value_is_told_from_a_wrong_sentence() -> None:
    wrong = SHOP.wrong_value("given", "the order is gone in Assure OMS")

    assert wrong is not None
    assert (wrong.value, wrong.reason) == ("gone", "`gone` is not one of `CREATED`, `not yet packed`")
    assert SHOP.wrong_value("given", "the order was CREATED in Assure OMS") is None
    assert SHOP.wrong_value("given", "the order is  in Assure OMS") is None


BROKEN = [
    ('@given("{int} of {word}")\ndef _(only): ...', "has 2 parameter"),
    ('@given("{int} of tea")\ndef _(datatable): ...', "has 1 parameter"),
    ('@given("tea", table=object())\ndef _(kettle): ...', "`tea` declares a table; give its function the parameter `datatable`"),
    ('@given("a {}")\ndef _(x): ...', "has a parameter without a name"),
    ('@given("a {shopstgae}")\ndef _(x): ...', "which is not defined; define it .*, or write `{shopstage}`"),
    ('@given("a {qqqqqqqqq}")\ndef _(x): ...', "which is not defined; define it above with `parameter.name=.qqqqqqqqq., regexp=….`$"),
    ('@given("a claim of {int}")\ndef _(claims, number): ...', "has 1 parameter, its function takes .claims, number."),
    ('@given("a tea", target_fixture="a tea")\ndef _(): ...', "has the target_fixture 'a tea', which is not a name"),
    ('@given("a tea", target_fixture="")\ndef _(): ...', "has the target_fixture '', which is not a name"),
    ('@given("a tea", target_fixture="class")\ndef _(): ...', "has the target_fixture 'class', which is not a name"),
    ('@when("a tea", target_fixture=["a", "b"])\ndef _(): ...', "has the target_fixture ..a., .b.., which is not a name"),
    ('parameter(name="grouped", regexp="(a|b)c")', "has a group"),
]


@pytest.mark.parametrize(("source", "message"), BROKEN)
def test_a_sentence_and_a_function_that_do_not_fit_are_refused(source: str, message: str) -> None:
    with pytest.raises(StepDefinitionError, match=message):
        bind(source)


def fixtures_of(module: ModuleType) -> set[str]:
    """The names of the pytest fixtures of *module*, without its steps, which pytest-bdd also keeps as fixtures."""
    fixtures = {name for name, value in vars(module).items() if isinstance(value, FixtureFunctionDefinition)}
    return {name for name in fixtures if not name.startswith(StepNamePrefix.step_def.value)}


def test_every_fixture_of_the_machinery_is_reserved() -> None:
    assert set(OWN_FIXTURES) == fixtures_of(steps.support.stock)
    assert fixtures_of(pytest_bdd.plugin)
    assert {*OWN_FIXTURES, *STEP_ARGUMENTS, *fixtures_of(pytest_bdd.plugin), "request"} == RESERVED


@pytest.mark.parametrize("name", sorted(RESERVED))
@pytest.mark.parametrize("kind", STEP_KINDS)
def test_no_step_sets_a_fixture_of_the_machinery(kind: StepKind, name: str) -> None:
    with pytest.raises(StepDefinitionError) as caught:
        bind(f'@{kind}("a tea", target_fixture="{name}")\ndef _(): ...')

    assert str(caught.value) == (
        f"step sentence `a tea` has the target_fixture `{name}`, a fixture of the program itself; give it another name"
    )
    assert bind(f'@{kind}("a tea", target_fixture="my_{name}")\ndef _(): ...').definitions[0].target_fixture == f"my_{name}"


def test_a_parameter_type_may_be_defined_again_but_not_otherwise() -> None:
    first = parameter(name="againandagain", regexp="a|b")

    assert parameter(name="againandagain", regexp="a|b") is first
    with pytest.raises(Exception, match="already a parameter"):
        parameter(name="againandagain", regexp="a|c")


FEATURE = """
Feature: Stock pytest-bdd runs the same bindings

  Scenario Outline: Arguments, fixtures, tables and doc strings
    Given the colour is <colour>
      | a | b |
      | 1 | 2 |
    And {int} is no number but text
    When it is mixed with 2 parts of "light red"
      \"\"\"
      slowly
      \"\"\"
    Then the mixture is <colour>, 2, light red, slowly, a

    Examples:
      | colour |
      | green  |
      | blue   |
"""
BINDINGS = """
from enum import StrEnum
from steps.definitions.decorators import given, parameter, then, when
from steps.definitions.tables import Column, Kind, Table

class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"

TEXT = Kind("text", str.upper)
parameter(name="stockcolour", regexp="green|blue", type=Colour)

@given("the colour is {stockcolour}", target_fixture="colour", table=Table((Column("one", TEXT), Column("other", TEXT)), heading=False))
def _(said, datatable):
    assert isinstance(said, Colour)
    assert datatable.rows[0]["one"] == datatable.texts[0][0].upper()
    return said, datatable.texts[0][0]

@given("\\\\{int} is no number but text")
def _(): ...

@when("it is mixed with {int} part(s) of {string}", target_fixture="mixture")
def _(parts, other, colour, docstring):
    return f"{colour[0]}, {parts}, {other}, {docstring.strip()}, {colour[1]}"

@then("the mixture is {stockcolour}, {int}, {word} {word}, {word}, {word}")
def _(colour, number, one, two, three, four, mixture):
    assert mixture == f"{colour}, {number}, {one} {two}, {three}, {four}"
"""


@pytest.mark.slow
def test_stock_pytest_bdd_runs_the_same_bindings(tmp_path: Path) -> None:
    (tmp_path / "x.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "bindings.py").write_text(BINDINGS, encoding="utf-8")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["bindings"]\n', encoding="utf-8")
    (tmp_path / "test_it.py").write_text('from pytest_bdd import scenarios\nscenarios("x.feature")\n', encoding="utf-8")
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path)]

    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": f"{root}:{tmp_path}"})

    assert "2 passed" in run.stdout, run.stdout + run.stderr


@pytest.fixture(scope="module")
def project() -> Registry:
    return Registry.from_modules(built_in_modules())


def test_the_projects_own_sentences_are_all_different(project: Registry) -> None:
    sentences = [str(definition) for definition in project.definitions]

    assert sentences
    assert sorted(set(sentences)) == sorted(sentences)


def attacks(definition: StepDefinition) -> list[str]:
    """Texts as long as the cap that nearly match: each slot filled with much of what it takes, and a wrong end."""
    texts = []
    for filler in ("a", "a ", "1", '"', "\\", "'", "-", "."):
        parts = [piece if isinstance(piece, str) else filler * MAX_STEP for piece in definition.sentence.pieces if piece is not None]
        texts.append("".join(parts)[: MAX_STEP - 1] + "\x00")
    return texts


def test_no_sentence_can_be_made_slow(project: Registry) -> None:
    """ReDoS: every pattern on near misses up to the cap of a step."""
    for definition in (*project.definitions, *SHOP.definitions):
        for text in attacks(definition):
            began = time.perf_counter()
            assert not definition.sentence.is_matching(text)
            assert time.perf_counter() - began < 0.25, (definition.expression, text[:40])


def test_no_parameter_type_of_the_project_takes_anything_at_all(project: Registry) -> None:
    used = {slot.name for definition in project.definitions for slot in definition.sentence.parameters}

    assert "" not in used
    assert [name for name in used if ".*" in "".join(PARAMETER_TYPES.lookup_by_type_name(name).regexps)] == []

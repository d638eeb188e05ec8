"""The sentences of the project are all different and none is slow to match; stock pytest-bdd runs the same definitions."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cucumber_expressions.errors import CucumberExpressionError
from cucumber_expressions.expression import CucumberExpression

from steps.definitions.decorators import StepDefinition
from steps.definitions.discovery import built_in_modules
from steps.definitions.expressions import PARAMETER_TYPES, CucumberExpressionParser, StepDefinitionError
from steps.definitions.registry import Registry
from steps.lint.checked_file import MAX_STEP
from tests.support.bound_shop import SHOP

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

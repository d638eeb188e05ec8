"""The constructs of Cucumber's own parser data: what Gherkin allows is read as Cucumber reads it, what it does not is refused where it stands."""

import itertools
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gherkin.dialect import DIALECTS
from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.token_scanner import TokenScanner

import steps.language.parser
from sop_engine import load_rulebook
from sop_runs.problem import Problem
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.document import source_of
from steps.language.line_counter import count_examples
from steps.lint.linter import known_tags_of, lint_text
from tests.support.parser_cases import BAD, GOOD, Bad, Good

TAGS = known_tags_of(load_rulebook())


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


def findings_of(text: bytes, registry: Registry) -> list[Problem]:
    return lint_text(text, "x.feature", registry, TAGS)


def pickles_of(text: str) -> list[tuple[Any, ...]]:
    tree: Any = Parser().parse(TokenScanner(text))
    return [
        (pickle["name"], [step["text"] for step in pickle["steps"]], list(dict.fromkeys(tag["name"] for tag in pickle["tags"])))
        for pickle in Compiler().compile({"uri": "x.feature", **tree})
    ]


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_what_gherkin_allows_is_refused_by_rules_of_the_house_alone(case: Good, registry: Registry) -> None:
    assert {finding.rule for finding in findings_of(case.text.encode(), registry)} == case.breaks


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_what_gherkin_allows_is_read_as_cucumber_reads_it(case: Good) -> None:
    document = source_of(case.text.encode(), "x.feature")[0].document
    actual = document.examples if document else ()

    assert [(example.name, [step.text for step in example.steps], list(dict.fromkeys(example.tags))) for example in actual] == pickles_of(
        case.text
    )
    assert count_examples(case.text.replace("\r\n", "\n")) == len(actual)


def test_a_value_is_put_in_once_and_the_first_column_of_a_name_counts() -> None:
    """As Cucumber's data has it since its `scenario_outline_replacements`; the parser installed here still puts values into values."""
    text = (
        "Feature: F\n\n  Scenario Outline: O\n    Given <a> and <b>\n    Then <ab>\n\n    Examples:\n      | a   | b |\n      | <b> | c |\n"
    )
    document = source_of(text.encode(), "x.feature")[0].document

    assert document is not None
    assert [step.text for step in document.examples[0].steps] == ["<b> and c", "<ab>"]
    twice = source_of(text.replace("| a   | b |", "| a   | a |").encode(), "x.feature")[0].document
    assert twice is not None
    assert [step.text for step in twice.examples[0].steps] == ["<b> and <b>", "<ab>"]


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_what_gherkin_does_not_allow_is_refused_where_it_stands(case: Bad, registry: Registry) -> None:
    problems = findings_of(case.text.encode(), registry)

    assert [finding.line for finding in problems if finding.rule == case.rule] == list(case.lines)
    assert all(finding.remedy for finding in problems)
    assert case.message in " ".join(f"{finding.message} {finding.remedy}" for finding in problems)


@pytest.mark.parametrize(
    "case", [case for case in BAD.values() if case.rule == "syntax"], ids=[name for name, case in BAD.items() if case.rule == "syntax"]
)
def test_cucumbers_parser_refuses_it_too(case: Bad) -> None:
    """Otherwise the case would say nothing."""
    with pytest.raises(ParserError):
        Parser().parse(TokenScanner(case.text))


# As gherkin reads it

ODD_LINES = (
    "|",
    "| a",
    "| a |",
    "@x",
    "@a b",
    "#",
    "# language: fr",
    "# language: xx",
    '"""',
    "```",
    "`",
    '"',
    "Feature:",
    "Rule:",
    "Background:",
)
ODD_LINES += (
    "Scenario:",
    "Examples:",
    "* a",
    "Given a",
    "Und x",
    "",
    "  ",
    "\t",
    "\u00a0",
    "\x0b",
    "\\",
    "Scenario",
    "@",
    "@@",
    "#language:de",
)


def read_by(parser: type[Parser], text: str) -> tuple[Any, ...]:
    """The tree or the errors, and what the builder keeps."""
    builder = steps.language.parser._KeepingBuilder()
    try:
        return parser(builder).parse(TokenScanner(text)), builder.kept
    except ParserError as error:
        return [str(part) for part in getattr(error, "errors", [error])], builder.kept


def odd_texts() -> Iterator[str]:
    """Every good and bad case, and each with up to three odd lines put in, before or instead of a line."""
    rng = random.Random(11)  # noqa: S311 - not cryptography
    for text in [case.text for case in (*GOOD.values(), *BAD.values())]:
        yield text
        for _ in range(2):
            lines = text.split("\n")
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(lines))
                lines[at : at + rng.randrange(2)] = [" " * rng.randrange(5) + rng.choice(ODD_LINES)]
            yield "\n".join(lines)


def test_every_text_is_read_as_gherkin_reads_it() -> None:
    read = [(text, read_by(steps.language.parser._QuickParser, text)) for text in odd_texts()]

    assert [error_lines for _, error_lines in read] == [read_by(Parser, text) for text, _ in read]
    assert (
        sum(isinstance(error_lines[0], list) for _, error_lines in read)
        > 40
        < sum(isinstance(error_lines[0], dict) for _, error_lines in read)
    )


def test_no_keyword_of_any_language_begins_with_a_mark() -> None:
    marks = {"", *itertools.chain.from_iterable(steps.language.parser.MARKS.values())}
    words = [word for dialect in DIALECTS.values() for name, words in dialect.items() if isinstance(words, list) for word in words]

    assert len(words) > 1000
    assert [word for word in words if word[:1] in marks] == []


# The originals


def originals(kind: str) -> Iterator[Any]:
    folder = os.environ.get("GHERKIN_TESTDATA")
    files = sorted(Path(folder, kind).glob("*.feature")) if folder else []
    yield from (pytest.param(file, id=file.name) for file in files)
    if not files:
        yield pytest.param(None, id="not at hand", marks=pytest.mark.skip(reason="GHERKIN_TESTDATA does not name Cucumber's own data"))


@pytest.mark.parametrize("file", [*originals("good")])
def test_an_original_that_gherkin_allows_is_read(file: Path, registry: Registry) -> None:
    raw = file.read_bytes()
    problems = findings_of(raw, registry)
    document = source_of(raw, file.name)[0].document

    assert document is not None
    assert not {"encoding", "count-mismatch"} & {finding.rule for finding in problems}
    assert [example.name for example in document.examples] == [name for name, *_ in pickles_of(raw.decode())]


@pytest.mark.parametrize("file", [*originals("bad")])
def test_an_original_that_gherkin_does_not_allow_is_refused_at_its_lines(file: Path, registry: Registry) -> None:
    error_lines = file.with_name(f"{file.name}.errors.ndjson").read_text(encoding="utf-8").splitlines()
    lines = {json.loads(line)["parseError"]["source"]["location"]["line"] for line in error_lines}
    problems = {finding.line for finding in findings_of(file.read_bytes(), registry)}

    last = len(file.read_text(encoding="utf-8").splitlines())
    assert min(lines) in problems or (min(lines) > last and max(problems) <= last)  # what ends too early is named where something stands

"""Documents and instances: the same scenarios as gherkin's own compiler makes, with ids that stay."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from gherkin.dialect import DIALECTS
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.token_scanner import TokenScanner

from sop_runs.record.schema import FeatureDocument
from steps.language.document import Document, FeatureFileError, find_features, read_document, source_of
from steps.language.examples import identifier
from steps.language.line_counter import count_examples
from tests.support.handmade_features import HANDMADE

FEATURES = Path(__file__).parents[3] / "features"

KIND_NAMES = {"given": "Context", "when": "Action", "then": "Outcome"}


def texts() -> Iterator[Any]:
    yield from (pytest.param(text, id=name) for name, text in HANDMADE.items())
    for file in sorted(FEATURES.rglob("*.feature")):
        yield pytest.param(file.read_text(encoding="utf-8"), id=file.relative_to(FEATURES).as_posix())


def document_of(text: str) -> Document:
    source, findings = source_of(text.encode(), "x.feature")
    assert findings == []
    assert source.document is not None
    return source.document


@pytest.mark.parametrize("text", list(texts()))
def test_the_instances_are_those_of_gherkins_own_compiler(text: str) -> None:
    tree: Any = Parser().parse(TokenScanner(text))
    pickles = Compiler().compile({"uri": "x.feature", **tree})

    actual = document_of(text).examples

    assert [instance.name for instance in actual] == [pickle["name"] for pickle in pickles]
    assert [dict.fromkeys(instance.tags) for instance in actual] == [dict.fromkeys(tag["name"] for tag in p["tags"]) for p in pickles]
    assert [instance.row or instance.line for instance in actual] == [pickle["location"]["line"] for pickle in pickles]
    for instance, pickle in zip(actual, pickles, strict=True):
        assert [step.text for step in instance.steps] == [step["text"] for step in pickle["steps"]]
        for step, other in zip(instance.steps, pickle["steps"], strict=True):
            argument: Any = other.get("argument", {})
            rows = argument.get("dataTable", {}).get("rows")
            assert step.table == (rows and tuple(tuple(cell["value"] for cell in row["cells"]) for row in rows))
            assert step.docstring == argument.get("docString", {}).get("content")
            assert other["type"] in {KIND_NAMES[step.kind], "Unknown", None}


@pytest.mark.parametrize("text", list(texts()))
def test_the_line_counter_agrees(text: str) -> None:
    assert count_examples(text) == len(document_of(text).examples)


@pytest.mark.parametrize("text", list(texts()))
def test_the_recorded_document_is_json_and_names_every_instance_once(text: str) -> None:
    document = document_of(text)

    assert msgspec.json.decode(msgspec.json.encode(document.recorded), type=FeatureDocument) == document.recorded
    assert sorted(_ids(msgspec.to_builtins(document.recorded))) == sorted(instance.id for instance in document.examples)
    assert len({instance.id for instance in document.examples}) == len(document.examples)


def _ids(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["instance"]] if part.get("instance") else []
        for value in part.values():
            yield from _ids(value)
    elif isinstance(part, list):
        for value in part:
            yield from _ids(value)


def every_keyword(language: str) -> str:
    """A feature that uses each keyword of a language."""
    words = DIALECTS[language]
    lines = [f"# language: {language}", f"{words['feature'][-1]}: F", f"  {words['background'][-1]}:", f"    {words['given'][-1]}a"]
    kinds: list[list[str]] = [words["given"], words["when"], words["then"], words["and"], words["but"]]
    steps = [f"    {word}a {number}" for number, word in enumerate(word for kind in kinds for word in kind)]
    for title in words["scenario"]:
        lines += ["", f"  {title}: S", *steps]
    for rule in words["rule"]:
        lines += ["", f"  {rule}: R"]
        for title in words["scenarioOutline"]:
            lines += ["", f"    {title}: O <n>", "    prose", *steps]
            for examples in words["examples"]:
                lines += [f"    {examples}: E", "      | n |", "      | 1 |", "      | 2 |"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", DIALECTS)
def test_every_language_is_read_and_counted_alike(language: str) -> None:
    text = every_keyword(language)
    tree: Any = Parser().parse(TokenScanner(text))
    pickles = Compiler().compile({"uri": "x.feature", **tree})

    document = document_of(text)

    assert [[step.text for step in one.steps] for one in document.examples] == [[step["text"] for step in p["steps"]] for p in pickles]
    assert count_examples(text) == len(pickles) > 0
    assert document.language == language


def test_a_step_has_its_kind_place_and_columns() -> None:
    document = document_of(HANDMADE["several tables of Examples"])
    last = document.examples[-1]

    assert (last.name, last.outline, last.line, last.row) == ("O 6 and 5 and 6", "O <a> and <b> and <a>", 4, 21)
    assert last.tags == ("@o", "@e2")
    assert [(step.keyword, step.kind, step.text, step.line, step.column, step.columns) for step in last.steps] == [
        ("Given", "given", "6", 5, 5, ("b", "a")),
        ("When", "when", "<not a column> or <b", 8, 5, ()),
        ("Then", "then", "5", 9, 5, ("b",)),
    ]
    assert last.steps[0].table == (("5", "x6x"), ("k", "<c>"))


def test_a_value_that_reads_like_a_placeholder_stays_as_it_is() -> None:
    document = document_of("Feature: F\n Scenario Outline: O <a>\n  Then <a><b>\n  Examples:\n   | a | b |\n   | <b> | <a> |\n")

    assert document.examples[0].steps[0].text == "<b><a>"


def test_the_recorded_scenario_keeps_what_was_written() -> None:
    plain = msgspec.to_builtins(document_of(HANDMADE["several tables of Examples"]).recorded)["children"][0]

    assert plain["steps"][0] == {
        "line": 5, "column": 5, "keyword": "Given", "text": "<a>", "table": [["<b>", "x<a>x"], ["k", "<c>"]],
        "table_lines": [6, 7], "docstring": None,
    }  # fmt: skip
    assert [examples["name"] for examples in plain["examples"]] == ["one", "none", "two"]
    assert plain["examples"][2]["description"] == "more words"
    assert plain["examples"][0]["header"] == ["a", "b"]
    assert [row["cells"] for row in plain["examples"][0]["rows"]] == [["1", "2"], ["3", "4"]]
    assert plain["instance"] is None


OUTLINE = "  Scenario Outline: O\n    Then <a> <b>\n    Examples:\n      | a | b |\n"
ROWS = ["      | 1 | 2 |\n", "      | 2 | 1 |\n", "      | 3 | 3 |\n"]
PLAIN = ["  Scenario: S\n    Then s\n", "  Scenario: T\n    Then t\n"]


def ids_by_name(*parts: str) -> dict[tuple[str, ...], str]:
    return {tuple(step.text for step in instance.steps): instance.id for instance in document_of("Feature: F\n" + "".join(parts)).examples}


def test_ids_stay_when_scenarios_and_rows_are_moved_or_added() -> None:
    before = ids_by_name(*PLAIN, OUTLINE, *ROWS)

    moved = ids_by_name(PLAIN[1], OUTLINE, *reversed(ROWS), PLAIN[0])
    added = ids_by_name("  # a remark\n", PLAIN[0], "  Scenario: New\n    Then n\n", PLAIN[1], OUTLINE, "      | 0 | 0 |\n", *ROWS)
    turned = ids_by_name(*PLAIN, OUTLINE.replace("| a | b |", "| b | a |"), "      | 2 | 1 |\n", "      | 1 | 2 |\n", ROWS[2])

    assert moved == before == turned
    assert before.items() <= added.items()
    assert len(added) == len(before) + 2


def test_ids_are_good_in_an_address_and_differ() -> None:
    rows = "".join(f"      | {random.Random(n).random()} | é<&\"'>✓ {n} |\n" for n in range(50)) + ROWS[0] + ROWS[0]  # noqa: S311 - not cryptography
    ids = [instance.id for instance in document_of("Feature: F\n" + "".join(PLAIN) + OUTLINE + rows).examples]

    assert len(set(ids)) == 54
    assert all(identifier(one) == one.lower() and one[0].isalpha() and len(one) < 80 for one in ids)


def test_two_rules_may_say_the_same() -> None:
    rules = "  Rule: A\n" + PLAIN[0] + "  Rule: B\n" + PLAIN[0]
    document = document_of("Feature: F\n" + rules)

    assert [instance.rule for instance in document.examples] == ["A", "B"]
    assert len({instance.id for instance in document.examples}) == 2


def test_features_are_found_once_and_in_order(tmp_path: Path) -> None:
    for name in ("b/x.feature", "a/y.feature", "a.feature", "a/no.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    actual = find_features([tmp_path, tmp_path / "b", tmp_path / "a.feature"])

    assert [file.relative_to(tmp_path).as_posix() for file in actual] == ["a.feature", "a/y.feature", "b/x.feature"]


def test_the_path_is_relative_to_the_features_folder(tmp_path: Path) -> None:
    file = tmp_path / "features" / "a" / "x.feature"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xef\xbb\xbfFeature: F\r\n")

    document, findings = read_document(file, tmp_path / "features")

    assert findings == []
    assert document is not None
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (document.path, document.text, document.sha256) == ("a/x.feature", "Feature: F\r\n", digest)
    with pytest.raises(FeatureFileError, match=r"cannot read .*gone\.feature: No such file"):
        read_document(file.with_name("gone.feature"), tmp_path)

"""`sop steps` shows the step sentences, those that no feature uses, and steps that match two of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.definitions.decorators import StepDefinition
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.definitions.usage import ambiguities, sample_texts, uses
from steps.language.document import read_document

FEATURES = Path(__file__).parents[2] / "features"


def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


def test_every_sentence_of_the_project_is_used_and_none_is_ambiguous(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--unused", str(FEATURES)]) == 0
    assert main(["steps", "--ambiguous"]) == 0
    assert capsys.readouterr().out == "every step sentence is used\nno text matches two step sentences\n"


def test_a_sentence_can_be_read_with_values_in_its_slots() -> None:
    for definition in registry().definitions:
        if None not in definition.sentence.pieces:
            assert any(sample_texts(definition)), definition


def twins(*expressions: str) -> Iterator[StepDefinition]:
    definitions = {definition.expression: definition for definition in registry().definitions}
    for expression in expressions:
        yield definitions[expression]


def test_two_sentences_for_one_text_are_reported_once_with_the_text() -> None:
    defined = list(twins("the cancellation is {outcome}", "the client has nothing to do"))

    ambiguous = list(ambiguities(Registry([*defined, defined[0]])))

    assert [(ambiguity.text, len(ambiguity.definitions)) for ambiguity in ambiguous] == [("the cancellation is allowed", 2)]


def test_a_sentence_that_no_step_follows_is_unused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.feature"
    file.write_text(
        "Feature: One\n\n  Scenario: One\n    Given an order invoiced through RMS\n    And the order is PACKED\n    And its e-invoice is generated\n"
        "    When the seller cancels the full order\n    Then the cancellation is refused\n    And the cancellation is refused\n",
        encoding="utf-8",
    )

    status = main(["steps", "--unused", str(file)])

    assert status == 1
    out = capsys.readouterr().out
    assert "Then the cancellation is {outcome}" not in out
    assert "Then the client has nothing to do" in out
    document = read_document(file, tmp_path)[0]
    assert document is not None
    lines = {str(use.definition): use.places for use in uses(registry(), [document]) if use.places}
    assert lines["Then the cancellation is {outcome}"] == ["one.feature:8", "one.feature:9"]


def test_an_outline_counts_each_line_once() -> None:
    document = read_document(FEATURES / "beyond_the_sop" / "after_packed.feature", FEATURES)[0]
    assert document is not None

    for use in uses(registry(), [document]):
        assert len(set(use.places)) == len(use.places)


def test_sentences_are_found_by_their_words_and_by_likeness(capsys: pytest.CaptureFixture[str]) -> None:
    main(["steps", "--find", "RSI", str(FEATURES)])
    assert "When the client gets the RSI report" in capsys.readouterr().out
    main(["steps", "--find", "Make a credit note by hand", str(FEATURES)])
    output = capsys.readouterr().out
    assert "Then the client's follow-up is + table" in output, "a word of its table"
    assert "When the client does its duty to {task}" in output, "a value of its parameter"
    main(["steps", "--find", "the cancelation is allowd", str(FEATURES)])
    assert "the cancellation is {outcome}" in capsys.readouterr().out
    main(["steps", "--find", "qqqqqqqqqqqqqq", str(FEATURES)])
    assert capsys.readouterr().out == "no such step sentence; search for another text\n"


def test_the_catalogue_as_json_names_places_and_uses(capsys: pytest.CaptureFixture[str]) -> None:
    main(["steps", "--json", str(FEATURES)])
    output = json.loads(capsys.readouterr().out)

    assert len(output["sentences"]) == len(registry().definitions)
    assert all(sentence["used"] and sentence["file"].startswith("steps/") for sentence in output["sentences"])


def test_a_table_is_listed_with_its_columns_and_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Once below the sentence, and the words of each kind of value at the end."""
    main(["steps", "--find", "orders, invoiced through", str(FEATURES)])
    out = capsys.readouterr().out

    assert "\n    columns: order (text); optional: posted (time), e-invoiced (time)," in out
    assert "\ncanceller in a table: the seller | Ajio\n" in out
    assert "\ntime in a table: such as 2026-05-03 23:00\n" in out
    main(["steps", "--find", "the client's follow-up is", str(FEATURES)])
    assert "\n    columns, without a heading: modality, task\n" in capsys.readouterr().out


def test_the_catalogue_has_the_declaration_of_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(["steps", "--json", str(FEATURES)])
    sentences = json.loads(capsys.readouterr().out)["sentences"]

    for sentence, definition in zip(sentences, registry().definitions, strict=True):
        assert sentence["table"] == (sentence["columns"] is not None) == (definition.table is not None)
        if definition.table is not None:
            assert sentence["columns"]["heading"] is definition.table.heading
            written = [
                (column["name"], column["kind"], tuple(column["choices"]), column["required"]) for column in sentence["columns"]["columns"]
            ]
            assert written == [(column.name, column.kind.name, column.kind.words, column.required) for column in definition.table.columns]


def test_sentences_can_be_read_by_the_stock_language_server() -> None:
    """It takes a sentence with one of these characters for a regular expression, and keeps the mark of a raw string."""
    assert [str(definition) for definition in registry().definitions if set(definition.expression) & set("().*\\|")] == []
    assert 'regexp=r"' not in (FEATURES.parent / "steps" / "support" / "vocabulary.py").read_text(encoding="utf-8")


def test_every_sentence_says_what_it_means() -> None:
    assert [str(definition) for definition in registry().definitions if not (definition.function.__doc__ or "").strip()] == []

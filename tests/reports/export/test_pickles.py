"""A pickle is an example with its placeholders replaced, as it ran."""

import pytest

from reports.export.gherkin_tree import Ids, examples_of, tree_of
from reports.export.pickles import pickle_of
from reports.export.run_files import MESSAGES, write_exports
from sop_runs.errors import RunRecordError
from sop_runs.record.schema import FeatureDocument, FeatureRecord
from tests.support.message_stream import of
from tests.support.messages_sample import copied
from tests.support.run_changes import scenarios as scenarios_in


def test_every_example_is_a_pickle_with_the_words_that_ran(messages, record):
    pickles = of(messages, "pickle")
    scenarios = scenarios_in(record)

    assert [(p["uri"], p["name"], p["location"]["line"]) for p in pickles] == [
        (f"features/{s['feature']}", s["name"], s["row"] or s["line"]) for s in scenarios
    ]
    for pickle, scenario in zip(pickles, scenarios, strict=True):
        assert list(dict.fromkeys(tag["name"] for tag in pickle["tags"])) == scenario["tags"]
        for step, ran in zip(pickle["steps"], scenario["steps"], strict=True):
            argument = step.get("argument", {})
            table = [[cell["value"] for cell in row["cells"]] for row in argument["dataTable"]["rows"]] if "dataTable" in argument else None
            text = argument["docString"]["content"] if "docString" in argument else None
            assert (step["text"], table, text) == (ran["text"], ran["table"], ran["docstring"])


def test_a_pickle_knows_its_kind_of_step_its_media_type_and_its_nodes(messages):
    pickle = next(pickle for pickle in of(messages, "pickle") if pickle["name"] == "In a table and a note ünï 😀")
    assert [step["type"] for step in pickle["steps"]] == ["Context", "Outcome", "Outcome"]
    assert pickle["steps"][2]["argument"]["docString"]["mediaType"] == "json"
    outline = [pickle for pickle in of(messages, "pickle") if pickle["name"].startswith("Adding")]
    assert [len(pickle["astNodeIds"]) for pickle in outline] == [2, 2, 2]
    assert [[tag["name"] for tag in pickle["tags"]] for pickle in outline] == [
        ["@GAP-14", "@GAP-43", "@GAP-35", "@simulation"], ["@GAP-14", "@GAP-43", "@GAP-35", "@simulation"], ["@GAP-14", "@GAP-43"],
    ]  # fmt: skip
    assert [[len(step["astNodeIds"]) for step in pickle["steps"]] for pickle in outline] == [[1, 1, 2, 2]] * 3


def pickles_of(text: str) -> list[dict]:
    document = FeatureDocument([], "x", "", 1, None, [])
    tree = tree_of(FeatureRecord("x.feature", "0" * 64, text, document, []), ids := Ids())
    return [pickle_of(written, "x.feature", "en", ids) for written in examples_of(tree)]


@pytest.mark.parametrize(
    ("header", "row", "words", "filled"),
    [
        ("a", "1", "<a> <A> < a> <b>", "1 <A> < a> <b>"),
        ("a | b", "<b> | 2", "<a><b>", "<b>2"),
        ("a | a", "1 | 2", "<a>", "1"),
        ("a | a>b", "1 | 2", "<a>b> <a>", "2 1"),
        ("(a+)+ | .", "1 | 2", "<(a+)+> <aaa> <.> <x>", "1 <aaa> 2 <x>"),
        ("a", r"\\1 \\g<0>", "<a>", r"\1 \g<0>"),
    ],
)
def test_a_placeholder_is_replaced_once_and_literally(header, row, words, filled):
    text = f"Feature: x\n Scenario Outline: {words}\n  Given {words}\n   | {words} |\n  Examples:\n  | {header} |\n  | {row} |\n"
    (pickle,) = pickles_of(text)
    (step,) = pickle["steps"]
    assert (pickle["name"], step["text"], step["argument"]["dataTable"]["rows"][0]["cells"][0]["value"]) == (filled, filled, filled)


def test_a_step_with_table_and_doc_string_says_which_came_first():
    table, text = "   | a |\n", '   """\n   b\n   """\n'
    for below, places in ((table + text, (1, 2)), (text + table, (2, 1))):
        argument = pickles_of(f"Feature: x\n Scenario: y\n  Given z\n{below}")[0]["steps"][0]["argument"]
        assert (argument["dataTable"]["argumentIndex"], argument["docString"]["argumentIndex"]) == places


def test_a_header_that_is_a_pattern_is_text(tmp_path, run_dir):
    """Gherkin's own compiler reads it as a pattern that does not end."""
    copy = copied(run_dir, tmp_path / "copy")
    record = (copy / "run.ndjson").read_text(encoding="utf-8")
    hostile = record.replace("| more | sum |", "| (a+)+$ | sum |").replace("<more>", "a" * 40)
    (copy / "run.ndjson").write_text(hostile, encoding="utf-8")

    with pytest.raises(RunRecordError, match="the recorded steps differ from the scenario as written"):
        write_exports(copy, [MESSAGES])

"""Drafts: which examples a change affects, the text with only some of them, and the values that cells are offered."""

from pathlib import Path

import pytest

from sop_engine import load_rulebook
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.editing.drafts import Draft
from steps.editing.offered_values import values_of_placeholders
from steps.language.document import source_of
from steps.lint.linter import known_tags_of

FEATURES = Path(__file__).parents[3] / "features"
FILES = sorted(FEATURES.rglob("*.feature"))
REGISTRY = Registry.from_modules(binding_modules(FEATURES, ()).load())
TAGS = known_tags_of(load_rulebook())
FULL_ERP = (FEATURES / "seller_cancellation" / "full_erp.feature").read_text()


def draft(text, path="x.feature"):
    return Draft.of(text, path, REGISTRY, TAGS)


def keys(text):
    return {example.line: example.key for example in draft(text).examples}


def test_only_the_examples_of_a_changed_scenario_get_other_keys():
    before = keys(FULL_ERP)
    after = keys(FULL_ERP.replace("| PROCESSING  |", "| PACKED      |", 1))

    assert [line for line in before if before[line] != after[line]] == [70]


@pytest.mark.parametrize(
    ("old", "new", "is_affected"),
    [
        ("Feature: The seller", "Feature: A seller", False),
        ("  Background:\n", "  # a remark\n  Background:\n", False),
        ("an order invoiced through the client's ERP", "an order invoiced through RMS", True),
        ("@SC-ERP @SC-ERP-FULL\n", "@SC-ERP @SC-ERP-FULL @simulation\n", True),
        ("Scenario: The client credits the e-invoice by hand", "Scenario: It is credited", False),
    ],
)
def test_a_change_above_all_scenarios_affects_them_if_their_steps_or_tags_change(old, new, is_affected):
    changed = FULL_ERP.replace(old, new, 1)

    assert changed != FULL_ERP
    assert (set(keys(FULL_ERP).values()).isdisjoint(keys(changed).values())) == is_affected
    assert (set(keys(FULL_ERP).values()) == set(keys(changed).values())) != is_affected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_text_with_one_example_keeps_its_line_and_has_no_finding(file):
    whole = draft(file.read_text(), file.name)

    for example in whole.examples:
        alone = draft(whole.with_only({example.key}), file.name)
        assert [finding.rule for finding in alone.findings] in ([], ["idle-value"])
        assert not draft(whole.with_only({example.key}, whole_tables=True), file.name).findings
        assert example.line in {other.line for other in alone.examples if other.key == example.key}


def test_a_finding_keeps_only_the_examples_from_running_that_it_is_about():
    row = draft(FULL_ERP.replace("| not posted |", "| never      |", 1))
    step = draft(FULL_ERP.replace("Given the order is PROCESSING", "Given the oder is PROCESSING", 1))
    background = draft(FULL_ERP.replace("Given an order invoiced", "Given an oder invoiced", 1))

    assert [example.line for example in row.examples if example.obstacle] == [54]
    assert [example.line for example in step.examples if example.obstacle] == [101]
    assert all(example.obstacle for example in background.examples)


def test_a_finding_in_a_rule_is_about_its_scenarios():
    rule = draft(FULL_ERP.replace("  @SC-ERP-FULL-2a\n  Rule:", "  @SC-ERP-FULL-2x\n  Rule:", 1))

    assert [example.line for example in rule.examples if example.obstacle] == [101]


def test_rows_with_findings_are_left_out_and_the_others_run():
    text = FULL_ERP.replace("| not posted |", "| never      |", 1)
    draft_with_findings = draft(text)

    alone = source_of(draft_with_findings.with_only({example.key for example in draft_with_findings.examples}).encode(), "x.feature")[
        0
    ].document

    assert alone is not None
    assert [example.row for example in alone.examples if example.line == 45] == [55]


def test_a_file_that_cannot_be_parsed_has_no_examples():
    broken = draft("Feature: F\n  Scenario: S\n    Given x\n    | a |\n    | a | b |\n")

    assert broken.findings
    assert broken.examples == ()
    assert broken.tables == []
    assert broken.with_only({"x"}) == ""


def test_cells_are_offered_the_values_of_their_kind():
    tables = {table.line: table for table in draft(FULL_ERP).tables}

    assert tables[53].values == [["not posted", "posted", "generated", "pushed"]]
    assert tables[53].of_examples
    assert tables[37].values[0] == ["must", "may", "need not"]
    assert not tables[37].heading


def test_a_placeholder_is_offered_every_end_of_a_sentence_that_it_may_stand_for():
    assert values_of_placeholders(REGISTRY, "then", "the cancellation is <x>")["x"] == ["allowed", "refused", "without effect"]
    assert {"is allowed", "fails on screen"} <= set(values_of_placeholders(REGISTRY, "then", "the cancellation <x>")["x"])
    assert values_of_placeholders(REGISTRY, "then", "it is our reading of <gap>") == {"gap": []}
    assert values_of_placeholders(REGISTRY, "given", "the order is PACKED") == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_value_in_the_features_is_one_that_is_offered(file):
    """Where values are offered, the written ones are among them, so that a list never leaves out what is right."""
    whole = draft(file.read_text(), file.name)
    lines = file.read_text().splitlines()
    for table in whole.tables:
        for row in lines[table.line - 1 + table.heading :]:
            cells = [cell.strip() for cell in row.strip().split("|")[1:-1]]
            if not row.strip().startswith("|"):
                break
            for cell, values in zip(cells, table.values, strict=True):
                assert not values or cell in values or "<" in cell, (table.line, cell)

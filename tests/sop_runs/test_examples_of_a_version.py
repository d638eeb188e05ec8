"""Examples and descriptions are compared as one version of the document has them."""

import pytest

from sop_runs.change.example_text import StepText, descriptions_of, documents_of_version, example_text
from sop_runs.change.snapshot import Coverage, Snapshot
from sop_runs.change.text_changes import description_changes
from sop_runs.record.schema import FeatureDocument
from steps.language.document import source_of

TEXT = """Feature: F

  @until-v1
  Rule: Old
    Words of the old Rule.

    Scenario: S
      Then x

  @since-v2
  Rule: New
    Words of the new Rule.

    Scenario: S
      Then x

  Rule: Both

    Scenario Outline: Rows
      Then <x>

      Examples: All
        | x |
        | 1 |

      @since-v2
      Examples: Later
        | x |
        | 2 |

      @until-v1
      Examples: Earlier
        | x |
        | 3 |
"""


def parsed(text: str) -> FeatureDocument:
    source, findings = source_of(text.encode(), "f")
    assert source.document is not None, findings
    return source.document.recorded


def test_tags_with_versions_are_not_part_of_an_example() -> None:
    steps = [StepText("then", "x", None, None)]
    plain = example_text("f", "1", "S", ["@GAP-04"], steps)

    assert example_text("f", "1", "S", ["@GAP-04", "@until-v1", "@since-v0"], steps) == plain
    assert example_text("f", "1", "S", ["@GAP-04", "@as-written"], steps).says != plain.says


def test_descriptions_of_other_versions_are_left_out_and_tables_are_numbered_without_them() -> None:
    document = parsed(TEXT)

    first, second = (descriptions_of(documents_of_version({"f": document}, *version)) for version in (("v1", ()), ("v2", ("v1",))))
    assert {text.name for text in first.values() if text.owner == "Rule"} == {"Old"}
    assert {text.name for text in second.values() if text.owner == "Rule"} == {"New"}
    assert [(text.owner, text.text) for text in first.values() if text.name == "Rows"] == [("Examples", "All"), ("Examples 2", "Earlier")]
    assert [(text.owner, text.text) for text in second.values() if text.name == "Rows"] == [("Examples", "All"), ("Examples 2", "Later")]
    assert documents_of_version({"f": parsed(f"@since-v2\n{TEXT}")}, "v1", ()) == {}


TABLES = """Feature: F

  Scenario Outline: Rows
    Then <x>

    Examples: One
      | x |
      | 1 |

    Examples: Two
      | x |
      | 2 |

    Examples: Three
      | x |
      | 3 |
"""
TWO = "    Examples: Two\n      | x |\n      | 2 |\n\n"


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (TABLES.replace(TWO, ""), []),
        (TABLES.replace(TWO, TWO + TWO.replace("Two", "More")), []),
        (TABLES.replace("Three", "Third"), [("Examples 3: Rows", "Three", "Third")]),
        (TABLES.replace(TWO, "").replace("Three", "Third"), [("Examples 2: Rows", "Two", "Third")]),
        (TABLES.replace(TWO, "").replace("Scenario Outline", "# above\n  Scenario Outline"), []),
    ],
    ids=["taken out", "added", "edited", "taken out and edited", "moved"],
)
def test_a_table_that_is_taken_out_or_added_edits_no_other_table(after: str, changed: list[tuple[str, str, str]]) -> None:
    before, now = (
        Snapshot(
            "",
            descriptions=descriptions_of({"f": parsed(text)}),
            documents={"f": parsed(text)},
            coverage=Coverage(frozenset({"f"})),
        )
        for text in (TABLES, after)
    )

    actual = [(change.id, *part[1:]) for change in description_changes(before, now, {}) for part in change.parts]
    assert actual == changed

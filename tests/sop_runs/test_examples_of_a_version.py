"""Examples and descriptions are compared as one version of the document has them."""

from sop_runs.change.example_text import StepText, descriptions_of, example_text, of_version
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

    first, second = (descriptions_of(of_version({"f": document}, *version)) for version in (("v1", ()), ("v2", ("v1",))))
    assert {text.name for text in first.values() if text.owner == "Rule"} == {"Old"}
    assert {text.name for text in second.values() if text.owner == "Rule"} == {"New"}
    assert [(text.owner, text.text) for text in first.values() if text.name == "Rows"] == [("Examples", "All"), ("Examples 2", "Earlier")]
    assert [(text.owner, text.text) for text in second.values() if text.name == "Rows"] == [("Examples", "All"), ("Examples 2", "Later")]
    assert of_version({"f": parsed(f"@since-v2\n{TEXT}")}, "v1", ()) == {}

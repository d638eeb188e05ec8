"""The formatter keeps the depth of comments."""

import re

import pytest

from steps.language.formatter import format_text

COMMENTS = {
    "behind the last row, the next block touches": "  Scenario: A\n    Given x\n      | a |\n      # | b |\n\n  Scenario: B\n",
    "behind the last step, then a tag": "  Scenario: A\n    Given x\n    # of A\n\n  @t\n  Scenario: B\n",
    "a commented row between rows and a step": "  Scenario: A\n    Given x\n      | a |\n      # | b |\n    Then y\n",
    "a comment on a step between rows and a step": "  Scenario: A\n    Given x\n      | a |\n    # of y\n    Then y\n",
    "one of each": "  Scenario: A\n    Given x\n      | a |\n      # of the row\n    # of x\n\n  # of B\n  Scenario: B\n",
    "a commented scenario": "  Scenario: A\n    Given x\n\n  # Scenario: C\n  #   Given z\n\n  Scenario: B\n",
    "in an empty scenario": "  Scenario: A\n    # nothing yet\n\n  Scenario: B\n",
    "behind a doc string": '  Scenario: A\n    Given x\n      """\n      y\n      """\n      # of the text\n    # of x\n\n  Scenario: B\n',
    "at the end of Examples, then a Rule": "  Scenario Outline: A\n    Given <a>\n\n    Examples:\n      | a |\n      # | b |\n\n  Rule: R\n",
    "at the end of a Rule": "  Rule: R\n\n    Scenario: A\n      Given x\n      # of A\n\n    # of R\n\n  Rule: Q\n",
    "at the end of the file, of a row": "  Scenario: A\n    Given x\n      | a |\n      # | b |\n",
    "at the end of the file, of a step": "  Scenario: A\n    Given x\n      | a |\n    # of x\n",
    "at the end of the file, of the scenario": "  Scenario: A\n    Given x\n  # Scenario: B\n",
    "in the description": "  Scenario: A\n    Words\n    # in between\n    more\n\n    # before\n    Given x\n",
}
"""Files that are formatted already, each with comments that say by their indentation where they belong."""


@pytest.mark.parametrize("text", COMMENTS.values(), ids=COMMENTS)
def test_a_comment_keeps_the_depth_of_what_it_follows(text: str) -> None:
    neat = f"Feature: F\n\n{text}"

    assert format_text(neat) == neat
    assert format_text(re.sub(r"^ +", lambda indent: 2 * indent[0], neat, flags=re.MULTILINE)) == neat


@pytest.mark.parametrize(
    ("text", "neat"),
    [
        ("Scenario: A\nGiven x\n# of A\n\nScenario: B\n", "  Scenario: A\n    Given x\n    # of A\n\n  Scenario: B\n"),
        ("Scenario: A\nGiven x\n# of B\nScenario: B\n", "  Scenario: A\n    Given x\n\n  # of B\n  Scenario: B\n"),
        ("  Scenario: A\n    Given x\n#   And y\n\n  Scenario: B\n", "  Scenario: A\n    Given x\n    #   And y\n\n  Scenario: B\n"),
        ("  Scenario: A\n    Given x\n#   And y\n", "  Scenario: A\n    Given x\n    #   And y\n"),
        ("  Scenario: A\n    Given x\n      # of A\n  Scenario: B\n", "  Scenario: A\n    Given x\n    # of A\n\n  Scenario: B\n"),
        ("Scenario: A\nGiven x\n  # of a\n|a|\n", "  Scenario: A\n    Given x\n      # of a\n      | a |\n"),
        (
            "Scenario: A\nGiven x\n |a|\n     Given y\n   |b|\n  # of y\n",
            "  Scenario: A\n    Given x\n      | a |\n    Given y\n      | b |\n    # of y\n",
        ),
        ("Scenario: A\nGiven x\n|a|\n# of A\n", "  Scenario: A\n    Given x\n      | a |\n      # of A\n"),
    ],
)
def test_a_comment_without_a_place_of_its_own_goes_with_its_neighbour(text: str, neat: str) -> None:
    assert format_text(f"Feature: F\n\n{text}") == f"Feature: F\n\n{neat}"
    assert format_text(f"Feature: F\n\n{neat}") == f"Feature: F\n\n{neat}"


def test_the_language_stays_at_the_margin() -> None:
    text = "# of the file\n# language: de\n# of the feature\nFunktionalität: F\n"

    assert format_text(text) == format_text(text.replace("\n#", "\n   #")) == text


def test_a_comment_at_the_left_margin_stays_as_deep_as_the_comment_above_it() -> None:
    text = (
        "Feature: F\n\n  Rule: R\n\n    Scenario Outline: S <n>\n      When <n>\n\n      Examples:\n        | n |\n        | 1 |\n"
        "    # of the scenario\n  # of the rule\n# at the left margin\n"
    )

    assert format_text(text) == text.replace("# at the", "  # at the")

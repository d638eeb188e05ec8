"""What Cucumber's own parser is tried with, written again as features of this project: a construct each, named as the case is named there.

For a good one, the rules of the lint that still refuse it: rules of this project, never a syntax error. For a bad one, every
line that has to be named, with the rule. The originals are read by the same tests where ``GHERKIN_TESTDATA`` names their folder.
"""

from dataclasses import dataclass, field

STEPS = """    Given an order invoiced through RMS
    When the seller cancels the full order
    Then the cancellation is allowed
"""
MINIMAL = f"Feature: Minimal\n\n  Scenario: Least of all\n{STEPS}"


@dataclass(frozen=True, slots=True)
class Good:
    """A feature that Gherkin allows, and the lint rules that it breaks."""

    text: str
    breaks: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Bad:
    """A feature that Gherkin does not allow: the lines to be named, and the words by which a reader knows what is meant."""

    text: str
    lines: tuple[int, ...]
    message: str
    rule: str = "syntax"


def good(text: str, *breaks: str) -> Good:
    """Return a `Good`; short for the table of them."""
    return Good(text, frozenset(breaks))


GOOD: dict[str, Good] = {
    "background": good(
        "Feature: B\n\n  Background: An order\n    Given an order invoiced through RMS\n\n  Scenario: S\n"
        "    When the seller cancels the full order\n    Then the cancellation is allowed\n"
    ),
    "complex_background": good(
        "Feature: B\n\n  Background:\n    Given an order invoiced through RMS\n\n  Scenario: S\n    When the seller cancels the full order\n"
        "    Then the cancellation is allowed\n\n  Rule: R\n\n    Background:\n      Given the order is PACKED\n\n    Example: T\n"
        "      When the seller cancels the full order\n      Then the cancellation is refused\n"
    ),
    "comments_only": good("# nothing but this\n# and that\n", "empty-feature"),
    "conjunctions": good(
        "Feature: C\n\n  Scenario: S\n    Given an order invoiced through RMS\n    And the order is PACKED\n    But its e-invoice is pushed\n"
        "    When the seller cancels the full order\n    Then the cancellation is refused\n    And nothing is left to do\n",
        "undefined-step",
    ),
    "datatables": good(f"{MINIMAL}    And the answers are\n      | a   | b |\n      | one |   |\n      |  x  | y |\n", "undefined-step"),
    "datatables_with_new_lines": good(f"{MINIMAL}    And the answers are\n      | a\\nb | c |\n      | \\n | d |\n", "undefined-step"),
    "descriptions": good(
        "Feature: D\n  said of the feature\n\n  in two parts\n\n  Background: B\n    said of the background\n    Given an order invoiced through RMS\n\n"
        "  Rule: R\n    said of the rule\n\n    Scenario: S\n      said of the scenario\n      When the seller cancels the full order\n"
        "      Then the cancellation is allowed\n"
    ),
    "descriptions_with_comments": good(
        f"Feature: D\n  said\n  # not said\n  said again\n\n  Scenario: S\n    said\n    # not said\n\n{STEPS}"
    ),
    "docstrings": good(
        f'{MINIMAL}    And this is said\n      """\n      plain\n        indented\n      """\n    And that is said\n      ```json\n      {{"a": 1}}\n      ```\n',
        "undefined-step",
    ),
    "empty": good("", "empty-feature"),
    "escaped_pipes": good(f"{MINIMAL}    And the answers are\n      | \\| | a \\\\ b | \\\\\\| |\n", "undefined-step"),
    "example_token_multiple": good(
        "Feature: E\n\n  Scenario Outline: <stage>\n    Given an order invoiced through RMS\n    And the order is <stage>\n"
        "    When the seller cancels the full order\n    Then the cancellation is <outcome>\n\n    Examples:\n      | stage | outcome |\n"
        "      | FULFILLABLE | allowed |\n\n    Examples: more\n      | stage | outcome |\n      | PACKED | refused |\n"
    ),
    "example_tokens_everywhere": good(
        'Feature: E\n\n  Scenario Outline: O <a>\n    said of <a>\n    Given the <a>:\n      """<a>\n      <a>\n      """\n    Then the <a>:\n      | <a> | x<a>y |\n\n'
        "    Examples: of <a>\n      | a |\n      | 1 |\n",
        "undefined-step",
    ),
    "extra_table_content": good(
        f"{MINIMAL}    And the answers are\n      | a | b | and what nobody reads\n      | c | d | #\n", "undefined-step", "open-row"
    ),
    "i18n_emoji": good(
        "# language: em\n📚: E\n\n  📕: S\n    😐an order invoiced through RMS\n    🎬the seller cancels the full order\n    🙏the cancellation is allowed\n"
    ),
    "i18n_fr": good(
        "# language: fr\nFonctionnalité: F\n\n  Scénario: S\n    Soit an order invoiced through RMS\n    Quand the seller cancels the full order\n    Alors the cancellation is allowed\n"
    ),
    "i18n_no": good(
        "# language: no\nEgenskap: N\n\n  Scenario: S\n    Gitt an order invoiced through RMS\n    Når the seller cancels the full order\n    Så the cancellation is allowed\n"
    ),
    "i18n_tr": good(
        "# language: tr\nÖzellik: T\n\n  Senaryo: İki\n    Diyelim ki an order invoiced through RMS\n    Eğer ki the seller cancels the full order\n    O zaman the cancellation is allowed\n"
    ),
    "incomplete_background_1": good(f"Feature: I\n\n  Background:\n\n  Scenario: S\n{STEPS}"),
    "incomplete_background_2": good(f"Feature: I\n\n  Background: said\n    with a description\n\n  Scenario: S\n{STEPS}"),
    "incomplete_feature_1": good("Feature: nothing in it\n", "empty-feature"),
    "incomplete_feature_2": good("Feature: described\n\n  and nothing in it\n", "empty-feature"),
    "incomplete_feature_3": good("# language: en\nFeature:\n", "empty-feature", "no-name"),
    "incomplete_scenario": good("Feature: I\n\n  Scenario: nothing in it\n", "no-steps"),
    "incomplete_scenario_outline": good(
        "Feature: I\n\n  Scenario Outline: nothing in it\n    Given a\n\n    Examples:\n", "no-rows", "no-then"
    ),
    "language": good(f"#  language : en\n{MINIMAL}"),
    "minimal": good(MINIMAL),
    "minimal.crlf": good(MINIMAL.replace("\n", "\r\n")),
    "minimal-example": good(MINIMAL.replace("Scenario:", "Example:")),
    "padded_example": good(
        "Feature: P\n\n  Scenario Outline: <stage>\n    Given an order invoiced through RMS\n    And the order is <stage>\n    When the seller cancels the full order\n"
        "    Then the cancellation is refused\n\n    Examples:\n      |   stage   |\n      |   PACKED  |\n"
    ),
    "rule": good(f"Feature: R\n\n  Rule: One\n\n    Scenario: S\n{STEPS}\n  Rule: Two\n\n    Scenario: T\n{STEPS}", "doubled-example"),
    "rule_with_tag": good(f"@GAP-01\nFeature: R\n\n  @GAP-02\n  Rule: One\n\n    @GAP-03\n    Scenario: S\n{STEPS}", "idle-tag"),
    "rule_without_name_and_description": good(f"Feature: R\n\n  Rule:\n\n    Scenario: S\n{STEPS}", "no-name"),
    "scenario_outline": good(
        "Feature: O\n\n  Scenario Outline: O\n    Given an order invoiced through RMS\n    And the order is <stage>\n    When the seller cancels the full order\n"
        "    Then the cancellation is refused\n\n    Examples:\n      | stage  |\n      | PACKED |\n"
    ),
    "scenario_outline_no_newline": good(
        "Feature: O\n\n  Scenario Outline: O\n    Given an order invoiced through RMS\n    And the order is <stage>\n    When the seller cancels the full order\n"
        "    Then the cancellation is refused\n\n    Examples:\n      | stage  |\n      | PACKED |"
    ),
    "scenario_outline_with_docstring": good(
        'Feature: O\n\n  Scenario Outline: O\n    Given a text\n      """\n      of <a>\n      """\n    Then it is <a>\n\n    Examples:\n      | a |\n      | 1 |\n',
        "undefined-step",
    ),
    "scenario_outline_prefix_placeholder": good(
        "Feature: O\n\n  Scenario Outline: <a>\n    Given the <ab>\n    Then <a>\n\n    Examples:\n      | a | ab |\n      | v | w  |\n",
        "undefined-step",
    ),
    "scenario_outline_with_value_with_dollar_sign": good(
        "Feature: O\n\n  Scenario Outline: O\n    Given <a>\n    Then <a>\n\n    Examples:\n      | a         |\n      | pa$$word\\1 $1 |\n",
        "undefined-step",
    ),
    "scenario_outline_with_value_with_trailing_backslash": good(
        "Feature: O\n\n  Scenario Outline: O\n    Given <a>\n    Then <a>\n\n    Examples:\n      | a  |\n      | C:\\\\ |\n",
        "undefined-step",
    ),
    "scenario_outlines_with_tags": good(
        "@GAP-01\nFeature: O\n\n  @GAP-02\n  Scenario Outline: O\n    Given an order invoiced through RMS\n    And the order is <stage>\n"
        "    When the seller cancels the full order\n    Then the cancellation is refused\n\n    @GAP-03\n    Examples:\n      | stage  |\n      | PACKED |\n\n"
        "    @GAP-04\n    Examples:\n      | stage |\n      | COMPLETED |\n",
        "idle-tag",
    ),
    "several_examples": good(
        "Feature: O\n\n  Scenario Outline: O\n    Given an order invoiced through RMS\n    And the order is <stage>\n    When the seller cancels the full order\n"
        "    Then the cancellation is refused\n\n    Examples: one\n      | stage  |\n      | PACKED |\n\n    Examples: two\n      | stage |\n      | COMPLETED |\n"
    ),
    "spaces_in_language": good(f"   #  language:   en   \n{MINIMAL}"),
    "star-keywords": good(
        "Feature: S\n\n  Scenario: S\n    * an order invoiced through RMS\n    * the seller cancels the full order\n    * the cancellation is allowed\n",
        "first-step",
        "no-then",
        "undefined-step",
    ),
    "step_with_datatable_and_docstring": good(
        f'{MINIMAL}    And all of it\n      | a |\n      | b |\n      """\n      c\n      """\n', "undefined-step"
    ),
    "tagged_feature_with_scenario_outline": good(
        "@GAP-01\nFeature: T\n\n  Scenario Outline: O\n    Given an order invoiced through RMS\n    And the order is <stage>\n    When the seller cancels the full order\n"
        "    Then the cancellation is refused\n\n    Examples:\n      | stage  |\n      | PACKED |\n",
        "idle-tag",
    ),
    "tags": good(f"@GAP-01 @GAP-02\n@GAP-03   # said of it\nFeature: T\n\n  @GAP-04@GAP-05\n  Scenario: S\n{STEPS}", "idle-tag"),
    "trim_space": good("  Feature:   T  \n\n    Scenario:  S  \n" + STEPS.replace("\n", "  \n")),
    "trim_tab": good("\tFeature:\tT\t\n\n\tScenario:\tS\t\n" + STEPS.replace("    ", "\t")),
    "unicode_space": good("\u00a0Feature: U\u3000\n\u2003\n  Scenario: S\n" + STEPS, "invisible-character"),
    "very_long": good("Feature: V\n" + "".join(f"\n  Scenario: Number {number}\n{STEPS}" for number in range(300)), "doubled-example"),
}

BAD: dict[str, Bad] = {
    "backslash_at_end_of_line_in_datatable": Bad(
        f"{MINIMAL}    And the answers are\n      | a | b |\n      | c \\\n", (9,), "after the last", "open-row"
    ),
    "file_ends_with_open_docstring": Bad(f'{MINIMAL}    And this is said\n      """\n      and no end\n', (8,), "not closed"),
    "inconsistent_cell_count": Bad(f"{MINIMAL}    And the answers are\n      | a | b |\n      | c |\n      | d | e | f |\n", (9,), "cells"),
    "inconsistent_cell_count_in_examples": Bad(
        "Feature: I\n\n  Scenario Outline: O\n    Then <a>\n\n    Examples:\n      | a |\n      | 1 | 2 |\n", (8,), "cells"
    ),
    "invalid_language": Bad(f"#language:no-such\n{MINIMAL}", (1,), "no-such"),
    "multiple_parser_errors": Bad("this is a letter\nFeature: M\n\n  Scenario: S\n    Given a\n    nor is this\n", (1, 6), "nor is this"),
    "not_gherkin": Bad("This is a letter.\nIt has two lines.\n", (1,), "Feature"),
    "repeated_step_docstring": Bad(
        f'{MINIMAL}    And this is said\n      """\n      one\n      """\n      """\n      two\n      """\n', (11,), '"""'
    ),
    "single_parser_error": Bad("Feature: S\n\n  Scenario: S\n    Given a\n    this is no step\n", (5,), "this is no step"),
    "unexpected_end_of_file": Bad("Feature: U\n\n  @GAP-01\n", (3,), "ends too early"),
    "unexpected_eof": Bad(f"{MINIMAL}\n  @GAP-01 @GAP-02\n", (8,), "ends too early"),
    "unfinished_datatable": Bad(f"{MINIMAL}    And the answers are\n      | a | b |\n      | c | d\n", (9,), "after the last", "open-row"),
    "whitespace_in_tags": Bad(f"@two words\n{MINIMAL}", (1,), "space"),
    "whitespace_NBSP_in_tags": Bad(f"@two\u00a0words\n{MINIMAL}", (1,), "", "invisible-character"),
    "whitespace_NEL_in_tags": Bad(f"@two\u0085words\n{MINIMAL}", (1,), "", "invisible-character"),
    "whitespace_extended_in_tags": Bad(f"@two\u2003words\n{MINIMAL}", (1,), "", "invisible-character"),
}

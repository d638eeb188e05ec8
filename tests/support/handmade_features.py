"""Small feature files for the reader of documents, each with a construct of Gherkin."""

HANDMADE = {
    "backgrounds in feature and rules": """
@f @f
Feature: F
  Background:
    Given a
  Scenario: S
    Then b
  @r1
  Rule: R1
    Background: named
      And c
    @s
    Scenario: T
      When d
      Then e
  Rule: R2
    Example: U
      Then g
""",
    "several tables of Examples": """
Feature: F
  @o
  Scenario Outline: O <a> and <b> and <a>
    Given <a>
      | <b> | x<a>x |
      | k   | <c>   |
    When <not a column> or <b
    Then <b>
    @e1
    Examples: one
      | a | b |
      | 1 | 2 |
      | 3 | 4 |
    Examples: none
      | b | a |
    @e2 @o
    Scenarios: two
      more words
      | b | a |
      | 5 | 6 |
""",
    "escaped cells": r"""
Feature: F
  Scenario Outline: O <a>
    Then <a>
      | \| | \\ | \n | \x | a \| b |
      | <a> | <b> | | || |
    Examples:
      | a | b |
      | \| | \\n |
      | one\ntwo | |
""".replace("| <a> | <b> | | || |", "| <a> | <b> | | | |"),
    "doc strings": '''
Feature: F
  Scenario Outline: O
    Given a
      """json
      {"a": "<a>",
        "b": \\"\\"\\"}
      """
    Then b
      ```
    # not a comment <a>
      Scenario: no
        \\`\\`\\`
      ```
      | <a> |
    Examples:
      | a |
      | 1 |
''',
    "French": """# language: fr
@f
Fonctionnalité: F
  Contexte:
    Étant donné que a
  Règle: R
    Plan du scénario: O <a>
      Soit b
      Et que <a>
      Quand c
      Lorsqu'il pleut
      Alors d
      Mais e
      Exemples:
        | a |
        | é |
""",
    "stars": """
Feature: F
  Scenario: S
    * a
    Given b
    * c
    Then d
    But e
""",
    "no steps, no feature body": "Feature: F\n  Background:\n    Given a\n  Scenario: S\n\n  Scenario Outline: O\n    Examples:\n      | a |\n      | 1 |\n",
    "descriptions and comments": """
# one
Feature: F
  Given is only a word here.
    Indented
  # two

  Scenario: S # not a comment
    Some prose.
    # three
    Given a # not a comment either

    Then b
""",
    "a keyword and nothing else": 'Feature: F\n  Scenario: S\n    Given \n      """\n      Scenario: no\n      """\n',
    "a language after the tags": "@f\n# language: fr\nFeature: F\n  Scenario: S\n    Given a\n",
    "two languages": "# language: en\n# language: fr\nFeature: F\n  Scenario: S\n    Given a\n",
    "empty": "",
    "only a comment": "# nothing\n",
}

"""What the lint says of each bad file, word for word, as it was accepted; `UPDATE_GOLDEN=1` writes it again, to be read as a diff."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import asdict

from sop_engine.text import quoted, visible
from sop_runs.problem import Problem, sort_key
from steps.lint.linter import lint_text
from tests.support.lint_pairs import CHECK, PAIRS, STAGED, Pair, outline, plain, steps
from tests.support.lint_vocabulary import TAGS, VOCABULARY

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parents[2] / "samples" / "lint-findings.txt"


MORE = [
    ("a wrong value in the second column", outline("|tint|stage|\n|red|PACKED|\n|blue|PACKD|", "Given a <tint> order", *STAGED)),
    ("a step of two columns that one row spoils", outline("|tint|what|\n|green|order|\n|grey|ordr|", "Given a <tint> <what>", *CHECK)),
    ("a step that every row spoils", outline("|what|\n|ordr|\n|oder|", "Given a green <what>", *CHECK)),
    ("a column that has the wrong value of another", outline("|tint|stage|\n|red|PACKD|\n|PACKD|PACKED|", "Given a <tint> order", *STAGED)),
    ("no value is near", steps("Given the order is ZZZZZZ", *CHECK)),
    ("no value is near in a cell", outline("|stage|\n|PACKED|\n|ZZZZZZ|", *STAGED)),
    ("But has the kind of the step before", steps("When the seller cancels", "But it is allowed", "Then it is allowed")),
    ("a star has the kind of the step before", steps("Given an order", "* it is allowed", "Then it is allowed")),
    ("several sentences are near", steps("Given a order", "And an the order", *CHECK)),
    ("no sentence is near", steps("Given xyzzy plugh", *CHECK)),
    ("a doc string in other marks", steps("When the seller cancels", "  ```", "  a", "  ```", "Then it is allowed")),
    (
        "a table below a comment",
        steps("Then the tasks are", "  | a |", "When the seller cancels", "", "  # so", "  | b |", "Then it is allowed"),
    ),
    ("a table in the last line", steps("Then the tasks are", "  | a |", "When the seller cancels", "    | b |").rstrip("\n")),
    ("a note is missing and a table is there", steps("Given the note", "  | a |", *CHECK)),
    ("joiners between symbols", steps("# ⊕\u200d⊕ 🏻\u200d👩 ❤\ufe0f\u200d🔥 a\u200d⊕ ⊕\u200da", *CHECK)),
    ("joiners between letters", steps("# क\u200d क\u200c क\u200c1 क\u200dक 1\u200dक", *CHECK)),
    ("selectors", steps("# a\ufe0f  \ufe0f ❤\ufe0f 1\ufe0f", "\ufe0f# b", *CHECK)),
    ("several invisible characters in a line", steps("# a\u200bb\u200bc\u00a0d\u2060e", *CHECK)),
    ("blank letters and no characters", steps("# \u3164 \u115f \ufffe \u2800 \u0600", *CHECK)),
    ("several scripts", steps("# PR\u041eC \u0391llo \u0430bc x\u0443z A\u0392", "# \u0441\u0430t d\u03bfg", *CHECK)),
    ("tags that are nearly known", "@gap_14 @GAP-1 @SC-ERP-FULL-1 @sc-erp-full-1A @aswritten @zzz\n" + steps(*CHECK)),
    ("tags of a rule and a scenario", "Feature: F\n\n  @x\n  Rule: R\n    @GAP-14 @y\n    Scenario: S\n      Then it is allowed\n"),
    (
        "unknown placeholders",
        outline("|stage|\n|PACKED|", "Given the note", '  """', "  a <stag> <stag>", "  b <stages>", '  """', *STAGED, name="<x> <y>"),
    ),
    (
        "placeholders in a Background",
        plain("""
          Background:
            Given the order is <stage>
            Given the note
              \"\"\"
              <not this>
              \"\"\"
            And a <tint> order

          Rule: R
            Background:
              Then the tasks are
                | <y> |

            Scenario: S
              Then it is allowed
        """),
    ),
    (
        "failures that are expected, and where that is said",
        "@expected-to-fail\n"
        + plain("""
          @expected-to-fail
          Rule: R
            @as-written @expected-to-fail
            Scenario: A
              Then it is allowed

            @as-written @expected-to-fail
            Scenario: B
              because
              Then it is allowed

            @expected-to-fail
            Scenario Outline: C
              Given the order is <stage>
              Then it is allowed

              @expected-to-fail
              Examples:
                | stage |
                | PACKED |
        """),
    ),
    ("Examples without a table", plain("Scenario Outline: S\n  Given the order is <stage>\n  Then it is allowed\n\n  Examples:\n")),
    (
        "a column of some Examples",
        outline("|stage|\n|PACKED|", *STAGED, "Given a <tint> order")
        + "\n    Examples: more\n      | stage | tint |\n      | PACKED | red |\n",
    ),
    (
        "placeholders one after the other",
        outline(
            "|stage|tint|\n|PACKED|red|",
            "Given the note",
            '  """',
            "  <z> <tins>",
            '  """',
            *STAGED,
            "Given a <tint> order",
            name="<stage> <q>",
        ),
    ),
    ("a column under another name", outline("|stagge|\n|PACKED|", *STAGED)),
    ("a column that nobody uses", outline("|stage|zzzz|\n|PACKED|x|", *STAGED)),
    (
        "keywords in a Background",
        plain("""
          Background:
            Gven an order
            Givn an order

          Rule: R
            Gven an order
            Givn an order
            when the seller cancels

            Scenario: S
              Then it is allowed
        """),
    ),
    (
        "steps without a scenario, above and below a Rule",
        plain("""
          Given an order
          When the seller cancels
          Then it is allowed

          Rule: R
            Given an order
            When the seller cancels
            Then it is allowed

            Scenario: S
              Then it is allowed
        """),
    ),
    (
        "titles without a colon",
        plain("""
          Scenario Outline The first
            Then it is allowed

          Scenario: S
            Then it is allowed

          Scenario The client is told
            Then it is allowed

          Scenario Outline: T
            Given the order is <stage>
            Then it is allowed

          Examples
            | stage |
            | PACKED |
        """),
    ),
    (
        "sentences that run on from the line above",
        plain("""
          This is decided by one
          rule: the first that fits, and then in the
          given order of the file.
          scenario: this is none.

          Scenario: S
            It goes on
            and ends here.
            given an order
            Then it is allowed
        """),
    ),
    (
        "another language",
        "# language: fr\nFonctionnalité: F\n\n  Scenaio: S\n    alors it is allowed\n\n  Scénario: T\n    Allors it is allowed\n    Alors it is allowed\n",
    ),
    ("a wide colon", "Feature: F\n\n  Scenario\uff1aS\n    Then it is allowed\n\n  Scenario: T\n    Then it is allowed\n"),
    ("a comment with a tag", steps("# @zzz", *CHECK) + "\n  @zzz\n  Scenario: T\n    Then it is allowed\n"),
]
"""Bad files with more than one thing wrong, or wrong in ways that only change the words."""


def text_of(pair: Pair) -> str:
    """A paragraph on a bad file: rule and what about it, each finding, and what may have been meant."""
    lines = [name(pair)]
    for finding in lint_text(pair.bad.replace("▲", "").encode(), "x.feature", VOCABULARY, TAGS):
        lines.append(f"  {visible(str(finding))}")
        if finding.suggestion is not None:
            lines.append(f"    {visible(finding.suggestion)}")
    return "\n".join(lines)


def name(pair: Pair) -> str:
    """The first line of its paragraph."""
    return f"{pair.rule}: {pair.about}".removesuffix(": ")


EVERY = [*PAIRS, *(Pair("also", about, text, "") for about, text in MORE)]
if "UPDATE_GOLDEN" in os.environ:
    GOLDEN.write_text("\n\n".join(map(text_of, EVERY)) + "\n", encoding="utf-8")
ACCEPTED = {paragraph.partition("\n")[0]: paragraph for paragraph in GOLDEN.read_text(encoding="utf-8").strip().split("\n\n")}


@pytest.mark.parametrize("pair", EVERY, ids=name)
def test_the_lint_says_what_was_accepted(pair: Pair) -> None:
    assert text_of(pair) == ACCEPTED[name(pair)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_nothing_depends_on_the_order_of_a_set(seed: str) -> None:
    ask = "from tests.steps.lint.test_messages import EVERY, text_of; print('\\n\\n'.join(map(text_of, EVERY)))"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    output = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, check=True).stdout.decode()

    assert output.strip() == GOLDEN.read_text(encoding="utf-8").strip()


def test_every_accepted_message_belongs_to_a_pair() -> None:
    assert list(ACCEPTED) == [name(pair) for pair in EVERY]


def test_a_finding_is_one_line_and_plain_data() -> None:
    finding = Problem("a/x.feature", 3, 5, "syntax", "a \u200b b", "mend it", "c")

    assert visible(finding.at("features/a/x.feature")) == "features/a/x.feature:3:5: syntax: a \\u200b b; mend it"
    assert visible(str(finding)) == "a/x.feature:3:5: syntax: a \\u200b b; mend it"
    assert asdict(finding) == {
        "path": "a/x.feature",
        "line": 3,
        "column": 5,
        "rule": "syntax",
        "message": "a \u200b b",
        "remedy": "mend it",
        "suggestion": "c",
    }
    same, other = Problem("a", 1, 1, "r", "m", "y"), Problem("a", 1, 1, "r", "m", "y", "other")
    assert sort_key(same) == sort_key(other) < sort_key(Problem("a", 1, 2, "a", "a", "a"))


def test_what_a_terminal_would_obey_is_written_out_and_what_is_long_is_shortened() -> None:
    assert visible("a\x1b[31mé\u202e") == "a\\x1b[31mé\\u202e"
    assert quoted("a\tb") == "`a\\tb`"
    assert (quoted("a" * 80), quoted("a" * 81)) == (f"`{'a' * 80}`", f"`{'a' * 79}…`")
    assert (quoted("abcd", 4), quoted("abcde", 4)) == ("`abcd`", "`abc…`")

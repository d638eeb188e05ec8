"""Fixes: for every strictness rule that a text change can mend, what is offered removes the finding."""

import pytest

from steps.editing.fixes import HIDES_OTHERS, fixes
from steps.editing.text_edits import TextEdit, edited
from steps.lint.linter import checked_text, lint_text
from tests.support.lint_pairs import CHECK, PAIRS, outline, steps
from tests.support.lint_vocabulary import TAGS, VOCABULARY

LARGE = 20_000
"""Characters of a bad file above which it is not tried, because each fix is linted."""
WITHOUT_FIX = {
    "ambiguous-step", "count-mismatch", "doubled-example", "duplicate-name", "empty-feature", "encoding", "impossible-value", "late-fact",
    "merge-conflict", "no-name", "no-reason", "no-rows", "no-steps", "no-then", "no-when", "regex-header", "step-like-prose", "step-order", "too-large",
}  # fmt: skip
"""Rules whose findings need a decision of the author."""


def offered(text: str, rule: str) -> tuple[str, list[str]]:
    """The text, and the titles of the fixes of its first finding of *rule*."""
    file, findings = checked_text(text.encode(), "f.feature", VOCABULARY, TAGS)
    finding = next(finding for finding in findings if finding.rule == rule)
    return text, [fix.title for fix in fixes(file, finding, findings)]


def applied(text: str, rule: str, title: str) -> str:
    file, findings = checked_text(text.encode(), "f.feature", VOCABULARY, TAGS)
    finding = next(finding for finding in findings if finding.rule == rule)
    return next(edited(text, fix.edits) for fix in fixes(file, finding, findings) if fix.title == title)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if len(pair.bad) < LARGE], ids=lambda pair: f"{pair.rule}: {pair[1]}")
def test_a_fix_removes_its_finding_and_brings_no_other(pair):
    text = pair.bad.replace("▲", "")
    file, findings = checked_text(text.encode(errors="surrogatepass"), "f.feature", VOCABULARY, TAGS)

    for finding in findings:
        for fix in fixes(file, finding, findings):
            left = lint_text(edited(file.source.text, fix.edits).encode(), "f.feature", VOCABULARY, TAGS)
            same = [other for other in left if other.rule == finding.rule]
            assert len(same) < len([other for other in findings if other.rule == finding.rule]), fix
            assert len(left) <= len(findings) or finding.rule in HIDES_OTHERS, fix


def test_every_rule_that_text_can_mend_has_a_fix():
    fixed = set()
    for pair in PAIRS:
        if len(pair.bad) < LARGE and pair.rule not in WITHOUT_FIX | fixed:
            fixed |= {pair.rule} if offered(pair.bad.replace("▲", ""), pair.rule)[1] else set()

    assert {pair.rule for pair in PAIRS} - WITHOUT_FIX == fixed


@pytest.mark.parametrize(
    ("text", "rule", "title", "line"),
    [
        (steps("Given the order is PAKCED", *CHECK), "undefined-step", "Write Given the order is PACKED", "    Given the order is PACKED"),
        (steps("Given an order", "And the oder is PACKED", *CHECK), "undefined-step", "Write And the order is PACKED", "    And the order is PACKED"),
        (steps("Givne an order", *CHECK), "misspelt-keyword", "Write Given", "    Given an order"),
        ("@SC-ERP-FUL\n" + steps(*CHECK), "unknown-tag", "Write @SC-ERP-FULL", "@SC-ERP-FULL"),
        ("@GAP-99 @as-written\n" + steps(*CHECK), "unknown-tag", "Delete @GAP-99", "@as-written"),
        (steps("Then the tasks are", "  | a | b |", "  | c | d"), "open-row", "Add the missing |", "      | c | d |"),
        (steps("Then the tasks are", "  | a | b |", "  | a |"), "syntax", "Add the missing cells", "      | a |  |"),
        (steps(*CHECK, "And the duties are", "  | Must | a |"), "table-cell", "Write must", "      | must | a |"),
        (steps("Given rows of a table", "  | order | postd |", "  | A | - |", *CHECK), "table-columns", "Write posted", "      | order | posted |"),
        (steps("Given rows of a table", "  | order | posted |", "  | A | |", *CHECK), "table-cell", "Write -", "      | A | - |"),
        (outline("|stage|\n|PACKD|\n|PACKED|", "Given the order is <stage>", *CHECK), "undefined-step", "Write PACKED", "|PACKED|"),
        (outline("|stage|\n|PACKED|", "Given the ordr is <stage>", *CHECK), "undefined-step", "Write Given the order is <stage>", "    Given the order is <stage>"),
        (outline("|stage|\n|PACKED|", "Given the order is <stag>", *CHECK), "unknown-placeholder", "Write <stage>", "    Given the order is <stage>"),
        (outline("|stage|\n|PACKED|", "Given the order is <sta", *CHECK), "undefined-step", "Write Given the order is <stage>", "    Given the order is <stage>"),
        (outline("|stage|\n|PACKED|", "Given the order is stage>", *CHECK), "undefined-step", "Write Given the order is <stage>", "    Given the order is <stage>"),
        (outline("|stage|\n|PACKED|", "Given the order is < stgae >", *CHECK), "undefined-step", "Write Given the order is <stage>", "    Given the order is <stage>"),
        (outline("|stage|tint|\n|PACKED|red|", "Given the order is <stage>", *CHECK), "unused-column", "Delete the column", "|stage|"),
    ],
)  # fmt: skip
def test_a_fix_writes_the_nearest_words(text, rule, title, line):
    assert line.strip() in [written.strip() for written in applied(text, rule, title).splitlines()], offered(text, rule)


def test_the_column_is_offered_before_a_value_for_a_placeholder_without_its_end():
    text = outline("|state|stage|\n|PACKED|PACKED|", "Given the order is <stag", "And it is <state>", *CHECK)

    assert offered(text, "undefined-step")[1][0] == "Write Given the order is <stage>"
    assert "did you mean `<stage>`?" in [finding.remedy for finding in checked_text(text.encode(), "f.feature", VOCABULARY, TAGS)[1]]


def test_a_comment_behind_a_row_becomes_a_line_of_its_own():
    text = steps("Then the tasks are", "  | a | b | # both", "  | c | d |")

    assert "# both\n" in applied(text, "open-row", "Make it a comment above the row")


def test_a_fix_keeps_the_line_ends_of_the_others():
    text = steps("Given the order is PAKCED", *CHECK).replace("\n", "\r\n")

    assert applied(text, "undefined-step", "Write Given the order is PACKED") == text.replace("PAKCED", "PACKED")


def test_edits_may_touch_the_last_line_without_an_end():
    assert edited("a\nb", [TextEdit(2, 1, 3, 1, "")]) == "a\n"
    assert edited("a\nb", [TextEdit(1, 1, 1, 2, "x"), TextEdit(2, 2, 2, 2, "y")]) == "x\nby"

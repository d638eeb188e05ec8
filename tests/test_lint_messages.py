"""What the lint says of each bad file, word for word, as it was accepted; `UPDATE_GOLDEN=1` writes it anew, to be read as a diff."""

import os
from pathlib import Path

import pytest

from steps.findings import Finding, quoted, visible
from steps.lint import lint_text
from tests.test_lint_rules import PAIRS, TAGS, VOCABULARY, Pair

GOLDEN = Path(__file__).parent / "samples" / "lint-findings.txt"


def told(pair: Pair) -> str:
    """A paragraph on a bad file: rule and what about it, each finding, and what may have been meant."""
    lines = [name(pair)]
    for finding in lint_text(pair.bad.replace("▲", "").encode(), "x.feature", VOCABULARY, TAGS):
        lines.append(f"  {finding.text('')}")
        if finding.suggestion is not None:
            lines.append(f"    {visible(finding.suggestion)}")
    return "\n".join(lines)


def name(pair: Pair) -> str:
    """The first line of its paragraph."""
    return f"{pair.rule}: {pair.about}".removesuffix(": ")


if "UPDATE_GOLDEN" in os.environ:
    GOLDEN.write_text("\n\n".join(map(told, PAIRS)) + "\n", encoding="utf-8")
ACCEPTED = {paragraph.partition("\n")[0]: paragraph for paragraph in GOLDEN.read_text(encoding="utf-8").strip().split("\n\n")}


@pytest.mark.parametrize("pair", PAIRS, ids=name)
def test_the_lint_says_what_was_accepted(pair: Pair) -> None:
    assert told(pair) == ACCEPTED[name(pair)]


def test_nothing_is_accepted_that_nobody_asks() -> None:
    assert list(ACCEPTED) == [name(pair) for pair in PAIRS]


def test_a_finding_is_one_line_and_plain_data() -> None:
    finding = Finding("a/x.feature", 3, 5, "syntax", "a \u200b b", "mend it", "c")

    assert str(finding) == "features/a/x.feature:3:5: syntax: a \\u200b b; mend it"
    assert finding.text("") == "a/x.feature:3:5: syntax: a \\u200b b; mend it"
    assert finding.to_plain() == {
        "path": "a/x.feature",
        "line": 3,
        "column": 5,
        "rule": "syntax",
        "message": "a \u200b b",
        "remedy": "mend it",
        "suggestion": "c",
    }
    assert Finding("a", 1, 1, "r", "m", "y") == Finding("a", 1, 1, "r", "m", "y", "other") < Finding("a", 1, 2, "a", "a", "a")


def test_what_a_terminal_would_obey_is_written_out_and_what_is_long_is_shortened() -> None:
    assert visible("a\x1b[31mé\u202e") == "a\\x1b[31mé\\u202e"
    assert quoted("a\tb") == "`a\\tb`"
    assert (quoted("a" * 80), quoted("a" * 81)) == (f"`{'a' * 80}`", f"`{'a' * 79}…`")
    assert (quoted("abcd", 4), quoted("abcde", 4)) == ("`abcd`", "`abc…`")

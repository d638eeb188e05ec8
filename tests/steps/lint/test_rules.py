"""Every strictness rule stops the bad file at its line and column, and lets the nearest good one pass."""

import pytest

from steps.lint.linter import RULES, lint_text
from tests.support.lint_pairs import PAIRS, Pair
from tests.support.lint_vocabulary import RULES_OF_BINDINGS, RULES_OF_FILES, TAGS, VOCABULARY


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}: {pair.about}")
def test_the_bad_file_is_stopped_at_its_place_and_the_nearest_good_one_is_not(pair: Pair) -> None:
    text = pair.bad.replace("▲", "")
    before = pair.bad.partition("▲")[0].split("\n")
    place = len(before), len(before[-1]) + 1

    bad = lint_text(text.encode(), "x.feature", VOCABULARY, TAGS)
    good = lint_text(pair.good.encode(), "x.feature", VOCABULARY, TAGS)

    assert [(finding.rule, finding.line, finding.column) for finding in bad] == [(pair.rule, *place)]
    assert good == []


def test_every_rule_has_a_pair() -> None:
    elsewhere = {"count-mismatch", "encoding", "no-reason", *RULES_OF_BINDINGS, *RULES_OF_FILES}

    assert {pair.rule for pair in PAIRS} == RULES.keys() - elsewhere

"""What a line is taken for that is nearly a keyword, word by word."""

# ruff: noqa: RUF001 - look-alikes are what is tested

import pytest

from steps.language.syntax import language_of
from steps.lint.keywords import LanguageKeywords, edit_distance, intended_title, nearest_step_keyword
from steps.lint.linter import lint_text
from tests.support.lint_pairs import CHECK, steps
from tests.support.lint_vocabulary import TAGS, VOCABULARY

EN, FR = LanguageKeywords.of("en"), LanguageKeywords.of("fr")


def test_the_keywords_are_those_of_the_language() -> None:
    assert EN.scenario_titles == ("Scenario", "Scenario Outline", "Scenario Template")
    assert {"Feature", "Business Need", "Rule", "Background", "Example", "Scenario", "Examples", "Scenarios"} < set(EN.titles)
    assert (EN.steps, EN.english) == (("Given", "When", "Then", "And", "But"), True)
    assert {"Soit", "Quand", "Alors", "Et que", "Mais"} < set(FR.steps)
    assert "Exemple" in FR.titles
    assert not FR.english
    assert LanguageKeywords.of("nowhere").steps == EN.steps
    assert not LanguageKeywords.of("nowhere").english


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Scenario: x", None),
        ("Scenario: a: b", None),
        ("Scenarios: x", None),
        ("Rule: a\uff1ab", None),
        ("Scenaro: x", "Scenario:"),
        ("scenario: x", "Scenario:"),
        ("Scenario : x", "Scenario:"),
        ("Scenario\uff1ax", "Scenario:"),
        ("Scenari\uff1aa:b", "Scenario:"),
        ("Scenario 2: x", "Scenario:"),
        ("Scenario #2: x", "Scenario:"),
        ("Scenario (2): x", "Scenario:"),
        ("Scenario two: x", None),
        ("Scenari Outline: x", "Scenario Outline:"),
        ("Scenario Templat: x", "Scenario Template:"),
        ("Senarios: x", "Scenarios:"),
        ("Exampl: x", "Example:"),
        ("Exmpls: x", "Examples:"),
        ("Exmpl: x", None),
        ("Feture: x", "Feature:"),
        ("Fetur: x", None),
        ("Bckgrund: x", "Background:"),
        ("Bckgrnd: x", None),
        ("Bussines Need: x", "Business Need:"),
        ("Rul: x", "Rule:"),
        ("a: b", None),
        (": x", None),
        ("Scenario", None),
        ("Scenario:: x", None),
        ("Scenaro:: x", None),
    ],
)
def test_a_title_is_meant_by_what_is_a_slip_or_two_away(text: str, meant: str | None) -> None:
    assert intended_title(text, EN) == meant
    assert intended_title(text, EN, prose=False) == meant


@pytest.mark.parametrize("text", ["Role: x", "ROLE: x", "Rules: x"])
def test_an_ordinary_word_is_a_title_only_where_no_prose_can_stand(text: str) -> None:
    assert intended_title(text, EN) is None
    assert intended_title(text, EN, prose=False) == "Rule:"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Given x", "Given"),
        ("given x", "Given"),
        ("Then: x", "Then"),
        ("But. x", "But"),
        ("ANd, x", "And"),
        ("Gven x", "Given"),
        ("Gievn x", "Given"),
        ("Gixxn x", "Given"),
        ("Givvven x", "Given"),
        ("G1ven x", "Given"),
        ("Gvn x", None),
        ("Wehn x", "When"),
        ("Whn", "When"),
        ("Wn x", None),
        ("Thenn x", "Then"),
        ("Thhhen x", None),
        ("An x", "And"),
        ("Anx x", "And"),
        ("Bux y", "But"),
        ("1hen x", None),
        ("G x", None),
        ("Whenever x", None),
        ("", None),
    ],
)
def test_a_step_is_meant_by_what_is_a_slip_or_two_away(text: str, meant: str | None) -> None:
    assert nearest_step_keyword(text, EN) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Quant x", "Quand"), ("alors x", "Alors"), ("et x", "Et"), ("En x", None), ("Ex", None), ("Lorsqe x", "Lorsque"), ("Given x", None)],
)
def test_so_it_is_in_another_language(text: str, meant: str | None) -> None:
    assert nearest_step_keyword(text, FR) == meant


@pytest.mark.parametrize(
    ("one", "other", "limit", "slips"),
    [
        ("", "", 2, 0),
        ("a", "", 2, 1),
        ("abc", "abc", 2, 0),
        ("abc", "acb", 2, 1),
        ("abc", "bac", 2, 1),
        ("abc", "ab", 2, 1),
        ("ab", "abc", 2, 1),
        ("abc", "abd", 2, 1),
        ("abcd", "badc", 2, 2),
        ("abcd", "badc", 1, 2),
        ("abcdef", "a", 2, 3),
        ("abcdef", "a", 5, 5),
        ("kitten", "sitting", 2, 3),
        ("kitten", "sitting", 5, 3),
        ("abab", "baba", 4, 2),
    ],
)
def test_slips_are_counted_up_to_the_limit_and_one_more(one: str, other: str, limit: int, slips: int) -> None:
    assert edit_distance(one, other, limit) == edit_distance(other, one, limit) == slips


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("# language: fr\nF", "fr"),
        ("\n  #language:pt-BR \nFeature", "pt-BR"),
        ("  # language : no\n", "no"),
        ("@x\n  # c\n# language: de", "en"),
        ("  Feature: x\n# language: fr", "en"),
        ("# Language: fr", "en"),
        ("# language: fr x", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_what_the_top_of_the_file_says(text: str, language: str) -> None:
    assert language_of(text) == language


def findings(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.rule) for finding in lint_text(text.encode(), "x.feature", VOCABULARY, TAGS)]


@pytest.mark.parametrize("comment", ["# in between", "# in between\n    #", "  # so."])
@pytest.mark.parametrize("prose", ["and a comment in the middle", "when it is late, or not", "rule: the first one counts", "given names"])
def test_prose_goes_on_after_a_comment(prose: str, comment: str) -> None:
    assert findings(steps("An order is green,", comment, prose, *CHECK)) == []
    assert findings(steps("An order is green.", comment, "Whn it is late", *CHECK)) == [(5 + comment.count("\n") + 1, "misspelt-keyword")]


@pytest.mark.parametrize("bullet", [".", "-", "…", "->", "("])
def test_a_title_behind_a_bullet_is_prose(bullet: str) -> None:
    assert findings(steps(*CHECK).replace("Feature: F", f"Feature: F\n  {bullet} EXAMPLES: some\n  {bullet} Scenario: run a test")) == []


SKIPPING = ["@skip", "@Skip", "@skipped", "@ignore", "@IGNORED", "@wip", "@WIP", "@todo", "@pending", "@manual", "@disabled", "@xfail", "@not-implemented",
            "@not_implemented", "@NotImplemented", "@in-progress", "@flaky", "@broken", "@known-issue", "@quarantine", "@off", "@norun", "@expected_failure"]  # fmt: skip


@pytest.mark.parametrize("tag", SKIPPING)
def test_a_tag_for_skipping_in_other_tools_is_refused_with_the_tag_for_known_failures(tag: str) -> None:
    (finding,) = lint_text(f"{tag}\n{steps(*CHECK)}".encode(), "x.feature", VOCABULARY, TAGS)

    assert (finding.rule, finding.suggestion) == ("unknown-tag", None)
    assert finding.remedy.startswith("no tag leaves a scenario out; if it fails today, tag it @expected-to-fail and write the reason")


@pytest.mark.parametrize("tag", ["@smoke", "@slow", "@x"])
def test_another_unknown_tag_is_not_refused_with_that_tag(tag: str) -> None:
    (finding,) = lint_text(f"{tag}\n{steps(*CHECK)}".encode(), "x.feature", VOCABULARY, TAGS)

    assert "@expected-to-fail" not in finding.remedy


FRENCH = "French (`fr`)"
UNREAD = [
    "# language: de", "  #language:de", "# Language: de", "# LANGUAGE : de", "# language = de", "# lang: de", "# locale: de-DE", "# languge: de",
    "# langauge: de", "# language: de # German", "# language: de (German)", "# language: de, please", "# language: de.", "# language: German",
    "# language\uff1a de", "## language: de", "# -*- language: de -*-", "# language de", "# Language: de - Deutsch", "# language: gr",
    "# language: हिन्दी", "# language: русский", "# language: türkçe", "# language: Ελληνικά", "# language – hi", "# language — hi", "# language - hi",
    "# language \u2192 hi", "# Sprache: de", "# Sprache: Deutsch", "# भाषा: hi", "# язык: ru", "# langue = fr", "# idioma: es", "# taal: nl", "# 语言: 中文", "# 言語：ja",
    "# dil: tr", "# زبان: ur",
]  # fmt: skip
READ = [
    "# language: en", "# Language: English", "# language: en-US", "# language: the SOP says posted", "# The language: German", "# language of the SOP",
    "# lounge: de", "# local: de", "# language is a matter of taste", "# language: in the SOP", "# language: no change is needed here", "# de",
    "# taal is hard", "# dil et", "# lingua franca", "# language – the SOP says", "# language - no change", "# Sprache: en", "# भाषा: en", "# bahasa: see there",
]  # fmt: skip
PLACES = {
    "behind tags": "@GAP-14\n{}\n" + steps(*CHECK),
    "below the Feature": steps(*CHECK).replace("Feature: F\n", "Feature: F\n{}\n"),
    "above a scenario": steps(*CHECK).replace("\n  Scenario", "\n{}\n  Scenario"),
    "between steps": steps("Given an order", "{}", *CHECK),
    "at the end": steps(*CHECK) + "{}\n",
}


def texts(text: str) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.rule, finding.message) for finding in lint_text(text.encode(), "x.feature", VOCABULARY, TAGS)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("line", UNREAD)
def test_a_language_that_is_not_read_is_named_at_its_line(line: str, place: str) -> None:
    text = PLACES[place].format(line)
    [(number, rule, message)] = [finding for finding in texts(text) if finding[1] != "idle-tag"]

    assert (text.splitlines()[number - 1].strip(), rule) == (line.strip(), "misspelt-keyword")
    assert message.startswith(f"`{line.strip()}` is read as a comment, and the file as English (`en`); ")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("line", READ)
def test_a_comment_on_no_other_language_is_no_finding(line: str, place: str) -> None:
    assert [finding for finding in texts(PLACES[place].format(line)) if finding[1] != "idle-tag"] == []


@pytest.mark.parametrize("above", ["", "\n", "\n\n", "# a comment\n", "# a comment\n\n  # another\n"])
def test_a_language_below_blank_lines_and_comments_is_read(above: str) -> None:
    french = f"{above}# language: fr\nFonctionnalité: F\n\n  Scénario: S\n    Soit an order\n    Alors it is allowed\n"

    assert texts(french) == []
    assert texts(french.replace("# language: fr\n", "# language: fr\n# language: fr\n")) == []
    [(number, _, message)] = texts(french.replace("# language: fr\n", "# language: fr\n# language: en\n"))
    assert (number, message.partition(";")[0]) == (
        above.count("\n") + 2,
        f"`# language: en` is read as a comment, and the file as {FRENCH}",
    )


def test_a_language_behind_a_tag_explains_keywords_that_are_not_read() -> None:
    german = "@GAP-14\n# language: de\nFunktionalität: F\n\n  Szenario: S\n    Angenommen an order\n"

    assert [(number, rule) for number, rule, _ in texts(german)][:2] == [(2, "misspelt-keyword"), (3, "syntax")]


def test_a_language_in_a_doc_string_is_text() -> None:
    assert texts(steps("Given the note", '  """', "  # language: de", '  """', *CHECK)) == []


EMPTY = {
    "of a scenario": "  Scenario: S\n    Given an order\n    {}\n    Then it is allowed\n",
    "of a scenario alone": "  Scenario: S\n    {}\n",
    "of a Background": "  Background:\n    Given an order\n    {}\n\n  Scenario: S\n    Then it is allowed\n",
    "of a Background above no scenario": "  Background:\n    Given an order\n    {}\n",
    "of a Background in a Rule without scenarios": "  Scenario: S\n    Then it is allowed\n\n  Rule: R\n    Background:\n      Given an order\n      {}\n",
    "of an outline without rows": "  Scenario Outline: S\n    Given an order\n    {}\n    Then it is allowed\n\n    Examples:\n      | a |\n",
    "at the end of the file": "  Scenario: S\n    Then it is allowed\n    {}",
}


@pytest.mark.parametrize("place", EMPTY)
@pytest.mark.parametrize(
    "step", ["Given ", "Given\t", "Given", "When ", "Then ", "And ", "And", "But ", "* ", "*", "Given  ", "Given: ", "given "]
)
def test_a_step_of_a_keyword_alone_is_named_at_its_line(step: str, place: str) -> None:
    text = "Feature: F\n\n" + EMPTY[place].format(step)

    assert any(text.split("\n")[number - 1].strip() == step.strip() for number, _, _ in texts(text)), texts(text)
    assert not any(text.split("\n")[number - 1].strip() == "And an order" for number, _, _ in texts(text.replace(step, "And an order")))


@pytest.mark.parametrize("mark", ["# note", "#note", "// note", "-- note", "; note", "/* note */", "% note", "//note", "-- see # 4"])
@pytest.mark.parametrize("step", ["Given an order", "Given a power of 5", "When the seller cancels"])
def test_a_comment_behind_a_step_is_to_be_on_its_own_line(step: str, mark: str) -> None:
    text = steps("Given an order", *CHECK).replace("    Given an order", f"    {step} {mark}")
    [message] = [message for _, rule, message in texts(text) if rule == "undefined-step"]
    assert message == f"`{mark}` is read as part of the step, in `{step} {mark}`"


@pytest.mark.parametrize("text", ["xyzzy // plugh", "xyzzy ; plugh", "xyzzy -- plugh", "an order//note"])
def test_other_signs_in_an_unknown_step_are_no_comment(text: str) -> None:
    assert all("read as part" not in message for _, _, message in texts(steps(f"Given {text}", *CHECK)))

"""The formatter lays out every file in one way, and keeps what it does not understand."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.language.document import find_features, read_document
from steps.language.formatter import FormattingError, format_text, formatted, meaning
from steps.language.parser import cells_of

FEATURES = Path(__file__).parents[3] / "features"
SAMPLES = Path(__file__).parents[2] / "samples"
FILES = find_features([FEATURES])
UGLY = '''@GAP-01   @GAP-02
Feature:   An ugly file
They said:
  * one
    * two
# about the background
Background:
Given   a number 1


@GAP-03
# why
Rule: It holds

    It is so.
@GAP-04
Scenario Outline: Of <a> and <b>
    When <a> is added
    # in between
    Then the numbers are
  |1 | a\\|b|
        |   22|c\\\\|
    And the note is
        """json
          {"deep": true}

        end
        """
Examples: Some
|a|b|
| 1 |  नमस्ते|
|  22| 漢字  |
  # the last word
'''
NEAT = '''@GAP-01   @GAP-02
Feature:   An ugly file
  They said:
    * one
      * two

  # about the background
  Background:
    Given   a number 1

  @GAP-03
  # why
  Rule: It holds

    It is so.

    @GAP-04
    Scenario Outline: Of <a> and <b>
      When <a> is added
      # in between
      Then the numbers are
        | 1  | a\\|b |
        | 22 | c\\\\  |
      And the note is
        """json
          {"deep": true}

        end
        """

      Examples: Some
        | a  | b    |
        | 1  | नमस्ते |
        | 22 | 漢字 |
        # the last word
'''


def test_an_ugly_file_becomes_neat() -> None:
    assert format_text(UGLY) == NEAT
    assert meaning(format_text(UGLY)) == meaning(UGLY)


UNTIDY = '''

# above everything

@GAP-05
  # of the tag
@GAP-06
Feature: More
\tA description
\t\twith tabs

   and a second paragraph


   - of a list
     - in a list
  Background: of all
  said of it

    Given a table
    |a|
    ||
    |\u200b|
    And text
    ```
   less
      more

    ```
# before the star
    * a star


  # said of nothing

  # said of the scenario

  @GAP-07 # beside a tag
  @GAP-08
  # between tag and name
  Scenario: One

    # above the words of One
    Words of One.

      Given x
      """
      a
      """

Rule: R
  Background:
      Given x
  @GAP-09
  Scenario Outline: Two <a>
  Given <a>
  @GAP-10

  # of the table
  @GAP-11
  Examples: first
  they say
  |a|
  # in the table
  |1|

  |2|
  Examples:
  |a|
     |1|'''
TIDY = '''# above everything

@GAP-05
# of the tag
@GAP-06
Feature: More
       A description
               with tabs

  and a second paragraph

  - of a list
    - in a list

  Background: of all
    said of it

    Given a table
      | a |
      |   |
      | \u200b  |
    And text
      ```
      less
        more

      ```
    # before the star
    * a star

  # said of nothing

  # said of the scenario

  @GAP-07 # beside a tag
  @GAP-08
  # between tag and name
  Scenario: One

    # above the words of One
    Words of One.

    Given x
      """
      a
      """

  Rule: R

    Background:
      Given x

    @GAP-09
    Scenario Outline: Two <a>
      Given <a>

      @GAP-10
      # of the table
      @GAP-11
      Examples: first
        they say
        | a |
        # in the table
        | 1 |

        | 2 |

      Examples:
        | a |
        | 1 |
'''


def test_an_untidy_file_becomes_tidy() -> None:
    assert format_text(UNTIDY) == TIDY
    assert meaning(TIDY) == meaning(UNTIDY)


@pytest.mark.parametrize("text", ["", "\n", "# only this\n", "Feature: F\n"])
def test_a_file_with_next_to_nothing_in_it_stays(text: str) -> None:
    assert format_text(text) == format_text(f"{text}\n  \n" if text else text) == text


UNREADABLE = [
    ("Feature: F\u2028", "1:11: invisible-character: there is a line end here, U+2028, that not every program recognises"),
    ("Feature: F\u2028x\n", "1:11: invisible-character: there is a line end here, U+2028,"),
    ("Feature: F\n  x\x0bx\n", "2:4: invisible-character: there is a line end here, U+000B,"),
    ("Feature: F\n  x\rx\n", "2:4: invisible-character: there is a line end here, U+000D,"),
    ("Feature: F\r\r\n", "1:11: invisible-character: there is a line end here, U+000D,"),
    ("Given x\n", "1:1: syntax: `Given x` is not allowed here; expected a tag, `Feature:`"),
    ("# language: gr\n", "1:1: syntax: language `gr` is not known; "),
]


@pytest.mark.parametrize(("text", "finding"), UNREADABLE)
def test_what_cannot_be_laid_out_says_where_and_why(text: str, finding: str) -> None:
    with pytest.raises(FormattingError) as caught:
        formatted(text.encode(), "x.feature")
    assert str(caught.value).startswith(f"x.feature:{finding}")
    assert str(caught.value).endswith("; the file is left as it is")


def test_a_file_in_another_encoding_says_where() -> None:
    with pytest.raises(FormattingError, match=r"^x\.feature:1:10: encoding: byte 0xc4 is not UTF-8 .+; .+; the file is left as it is$"):
        formatted("Feature: Ä".encode("latin-1"), "x.feature")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FEATURES).as_posix())
def test_our_own_files_are_laid_out(file: Path) -> None:
    assert formatted(file.read_bytes(), file.name) == file.read_bytes()


def ruffled(text: str, rng: random.Random) -> str:
    """*text* with other white space wherever it means nothing."""
    lines, quoted = [], False
    for line in text.splitlines():
        mark = line.strip().startswith(('"""', "```"))
        prose = not line.strip().startswith(("|", "@", "#")) and not quoted and not mark
        if quoted or mark:
            lines.append(line)
        elif line.strip().startswith("|"):
            lines.append(
                rng.choice(["", " ", "\t"]) + "|" + "|".join(rng.choice(["", " ", "   "]) + cell for cell in cells_of(line.strip())) + "|"
            )
        else:
            lines.append(rng.choice(["", "  ", "      "]) + line.strip() + rng.choice(["", "  "]) if prose or line.strip() else line)
        if mark:
            quoted = not quoted
        if not quoted and rng.random() < 0.1:
            lines += [""] * rng.randrange(1, 4)
    return "\n".join(lines) + rng.choice(["", "\n", "\n\n\n"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FEATURES).as_posix())
def test_white_space_is_brought_back_without_changing_an_example(file: Path, seed: int, tmp_path: Path) -> None:
    rng = random.Random(f"{seed}{file.name}")  # noqa: S311
    text = ruffled(file.read_text(encoding="utf-8"), rng)
    once = formatted(text.encode(), file.name)
    ugly, neat = tmp_path / "ugly.feature", tmp_path / "neat.feature"
    ugly.write_text(text, encoding="utf-8")
    neat.write_bytes(once)

    assert examples(neat) == examples(ugly) == examples(file)
    assert formatted(once, file.name) == once


def examples(file: Path) -> list[object]:
    document, findings = read_document(file, file.parent)
    assert document is not None, findings
    return [
        (example.name, example.tags, [(step.kind, step.text, step.table, step.docstring) for step in example.steps])
        for example in document.examples
    ]


LINES = st.sampled_from(
    [
        "Feature: x", "Rule: r", "Background:", "Scenario: s", "Scenario Outline: o <a>", "Examples:", "Given a", "  When <a>", "Then b", "* c",
        "|a|", "| a | b |", "|\\||", "| |", '"""', "```", '   """', "# c", "  # d", "      # e", "@t", "@t @u", "", "   ", "text", "  * text", "\ttabbed", "# language: de",
        "Funktionalität: y", "|a", "\u00a0", "\u3000Given x", "Given x\u2028y", "| \u3000 |",
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_any_text_is_refused_or_keeps_its_meaning(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    try:
        once = formatted(data, "x")
    except FormattingError:
        return
    assert meaning(once.decode()) == meaning(data.decode())
    assert once.decode().replace(" ", "").replace("\t", "").split() == data.decode().replace(" ", "").replace("\t", "").split()
    assert formatted(once, "x") == once


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_marks_and_line_ends_stay(bom: bytes, end: bytes) -> None:
    new = formatted(bom + UGLY.encode().replace(b"\n", end), "x")

    assert new == bom + NEAT.encode().replace(b"\n", end)
    assert new.startswith(bom + b"@GAP")
    assert new.count(b"\n") == new.count(end)
    assert b"\r\r" not in new


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("text", [UGLY, UNTIDY, NEAT, TIDY])
def test_each_line_keeps_its_own_line_end(text: str, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    mixed = "".join(line + rng.choice(["\n", "\r\n"]) for line in text.removesuffix("\n").split("\n"))

    new = formatted(mixed.encode(), "x").decode()

    assert written_lines(new) == written_lines(mixed)
    assert new.replace("\r\n", "\n") == format_text(text)
    assert formatted(new.encode(), "x") == new.encode()


def written_lines(text: str) -> list[str]:
    """The lines that say something, without blanks, with their line ends."""
    return [characters for line in text.splitlines(keepends=True) if (characters := line.replace(" ", "").replace("\t", "")).strip()]


@pytest.mark.parametrize(
    ("text", "neat"),
    [
        ("Feature: F\r\nScenario: S\n", "Feature: F\r\n\r\n  Scenario: S\n"),
        ("Feature: F\nScenario: S\r\n", "Feature: F\n\n  Scenario: S\r\n"),
        ("Feature: F\r\n\n\r\nScenario: S", "Feature: F\r\n\r\n  Scenario: S\r\n"),
        ("Feature: F\nx\r\n\n\n\ny", "Feature: F\n  x\r\n\n  y\n"),
        ("Feature: F", "Feature: F\n"),
    ],
)
def test_a_new_line_gets_the_line_end_of_the_line_above(text: str, neat: str) -> None:
    assert formatted(text.encode(), "x").decode() == neat

"""The formatter lays out every file in one way, changes no word, and keeps what it does not understand."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_cli.main import main
from steps.language.document import find_features, read_document
from steps.language.formatter import FormattingError, format_text, formatted, meaning, width_of
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


def ruffled(text: str, luck: random.Random) -> str:
    """*text* with other white space wherever it means nothing."""
    lines, quoted = [], False
    for line in text.splitlines():
        mark = line.strip().startswith(('"""', "```"))
        prose = not line.strip().startswith(("|", "@", "#")) and not quoted and not mark
        if quoted or mark:
            lines.append(line)
        elif line.strip().startswith("|"):
            lines.append(
                luck.choice(["", " ", "\t"]) + "|" + "|".join(luck.choice(["", " ", "   "]) + cell for cell in cells_of(line.strip())) + "|"
            )
        else:
            lines.append(luck.choice(["", "  ", "      "]) + line.strip() + luck.choice(["", "  "]) if prose or line.strip() else line)
        if mark:
            quoted = not quoted
        if not quoted and luck.random() < 0.1:
            lines += [""] * luck.randrange(1, 4)
    return "\n".join(lines) + luck.choice(["", "\n", "\n\n\n"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FEATURES).as_posix())
def test_white_space_is_brought_back_without_changing_an_example(file: Path, seed: int, tmp_path: Path) -> None:
    luck = random.Random(f"{seed}{file.name}")  # noqa: S311
    text = ruffled(file.read_text(encoding="utf-8"), luck)
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
        (each.name, each.tags, [(step.kind, step.text, step.table, step.docstring) for step in each.steps]) for each in document.examples
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
    luck = random.Random(seed)  # noqa: S311
    mixed = "".join(line + luck.choice(["\n", "\r\n"]) for line in text.removesuffix("\n").split("\n"))

    new = formatted(mixed.encode(), "x").decode()

    assert written_lines(new) == written_lines(mixed)
    assert new.replace("\r\n", "\n") == format_text(text)
    assert formatted(new.encode(), "x") == new.encode()


def written_lines(text: str) -> list[str]:
    """The lines that say something, without blanks, with their line ends."""
    return [shown for line in text.splitlines(keepends=True) if (shown := line.replace(" ", "").replace("\t", "")).strip()]


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


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003"])
@pytest.mark.parametrize("line", ["Words{}", "{}words", "  Scenario: A{}", "    Given x{}", "{}Given x", "      |{}a{}|b|", '      """{}'])
def test_another_space_is_not_layout(line: str, blank: str) -> None:
    """U+00A0 is content for some programs: it is kept, or the file is left as it is."""
    head = "" if "ords" in line else "Scenario: S\n" if "Given" in line else "Scenario: S\nGiven x\n" if '"' in line or "|" in line else ""
    text = f"Feature: F\n{head}{line.replace('{}', blank)}\n" + ('x\n"""\n' if '"' in line else "")

    new = format_text(text)

    assert new.count(blank) == line.count("{}")
    assert format_text(new) == new


@pytest.mark.parametrize("line", ["\u00a0", "  |a|\u00a0", "\u00a0|a|"])
def test_a_space_that_would_be_lost_is_a_finding(line: str) -> None:
    with pytest.raises(FormattingError, match=r"^x:4:\d+: format: the character U\+00A0 here would be lost; delete it, or"):
        format_text(f"Feature: F\nScenario: S\nGiven x\n{line}\n", "x")


def fmt(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["fmt", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command_checks_shows_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.feature"
    file.write_text(UGLY, encoding="utf-8")
    file.chmod(0o640)

    assert fmt("--check", str(file), capsys=capsys)[0] == 1
    status, out, _ = fmt("--diff", str(file), capsys=capsys)
    assert (status, "+  Rule: It holds" in out, file.read_text(encoding="utf-8")) == (1, True, UGLY)
    assert fmt(str(tmp_path), capsys=capsys) == (0, f"{file.as_posix()}: reformatted\n", "")
    assert fmt("--check", str(tmp_path), capsys=capsys) == (0, "", "")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["x.feature"]


def test_a_bad_file_costs_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.feature").write_text("Feature: x\n  Scenario: y\n    Given z\n |a|\n |a|b|\n", encoding="utf-8")
    (tmp_path / "latin.feature").write_bytes("Feature: Ä".encode("latin-1"))
    (tmp_path / "good.feature").write_text("Feature: x\n\n\n\nScenario: y\n", encoding="utf-8")

    status, out, err = fmt(str(tmp_path), capsys=capsys)

    assert status == 2
    assert out == f"{(tmp_path / 'good.feature').as_posix()}: reformatted\n"
    assert err.count("error:") == 2


def test_the_width_of_a_cell_is_that_of_a_terminal() -> None:
    assert (width_of("abc"), width_of("漢字"), width_of("\uff21"), width_of("e\u0301"), width_of("a\u20dd\u200d")) == (3, 4, 2, 1, 1)
    assert (width_of(""), width_of("a\x07b\x85c"), width_of("\U0001f468\u200d\U0001f469\u200d\U0001f467")) == (0, 3, 2)
    assert (width_of("\U0001f1ee\U0001f1f3"), width_of("\u2764\ufe0f"), width_of("\u2764"), width_of("\U0001f44d\U0001f3fd")) == (
        2,
        2,
        1,
        2,
    )
    assert (width_of("\u1112\u1161\u11ab"), width_of("நி"), width_of("กำ"), width_of("1\ufe0f\u20e3")) == (2, 2, 2, 2)
    assert [cells_of(row) for row in ("|", "|a", "|a|", "|a\\|", r"|a\\|b", "|a|\\n|")] == [[], [], ["a"], [], ["a\\\\"], ["a", r"\n"]]
    assert json.dumps(cells_of(r"| a\|b | c\\ |")) == json.dumps([r"a\|b", r"c\\"])


def test_a_table_that_cannot_be_read_is_left_as_it_is() -> None:
    """Laid out as it is, it would be another one the second time."""
    ragged = b"Feature: F\n\n  Scenario: S\n    Given a table\n      |\n      | k | v |\n"

    with pytest.raises(FormattingError, match=r"^x:6:7: syntax: this table row has more or fewer cells"):
        formatted(ragged, "x")


def test_each_table_has_widths_of_its_own() -> None:
    text = "Feature: F\n\n  Scenario: S\n    Given a table\n      | long |  |\n    And a table\n      | a | b |\n"

    assert format_text(text) == text


MEANT = '# c\n@GAP-01\nFeature: F\n  some  words\n\n  Scenario: S\n    Given a table\n      | a | b |\n    And a text\n      """\n      x\n      """\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# c", "# d"),
        ("-01", "-02"),
        ("F\n", "G\n"),
        ("some", "any"),
        ("S\n", "T\n"),
        ("Given", "When"),
        ("a table", "the table"),
        ("| a", "| c"),
        ("x", "y"),
        ("S\n", "S\n    oh\n"),
    ],
)
def test_whatever_is_said_otherwise_means_something_else(old: str, new: str) -> None:
    assert meaning(MEANT.replace(old, new, 1)) != meaning(MEANT)


def test_white_space_and_places_mean_nothing() -> None:
    moved = MEANT.replace("some  words", "   some words").replace("\n\n", "\n\n\n").replace("| a | b |", "|a|b|").replace("# c", "   # c ")

    assert meaning(moved) == meaning(MEANT)
    assert meaning("Given x") != meaning("When x")


def test_a_file_that_would_say_something_else_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steps.language.formatter._laid_out", lambda *_: MEANT.replace("a table", "at able"))

    with pytest.raises(FormattingError, match=r"^x:1:1: format: the content of the file would change; report this as an internal error"):
        formatted(MEANT.encode(), "x")


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("| b |", "| |", "x:8:13: format: the character U+0062 here would be lost; "),
        ("# c\n", "", "x:1:1: format: the character U+0023 here would be lost; "),
        ("x\n", "", "x:11:7: format: the character U+0078 here would be lost; "),
        ("x\n", "xy\n", "x:12:7: format: the character U+0022 here would be lost; "),
        ("MEANT", "", "x:1:1: format: the file would get other characters; report this"),
    ],
)
def test_a_file_that_would_lose_a_character_is_left_as_it_is(old: str, new: str, finding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what the syntax tree does not hold."""
    worse = MEANT.replace(old, new, 1) if old in MEANT else MEANT + "#"
    monkeypatch.setattr("steps.language.formatter._laid_out", lambda *_: worse)

    with pytest.raises(FormattingError) as caught:
        formatted(MEANT.encode(), "x")
    assert str(caught.value).startswith(finding)


def test_a_row_without_cells_stays_one() -> None:
    bare = b"Feature: F\n\n  Scenario: S\n    Given a table\n      |\n      |\n"

    assert formatted(bare, "x") == bare


@pytest.mark.parametrize("end", ["# why this row", "1999-01-01", "b", "\\|", "x \\", "\u00e9"])
def test_text_behind_the_last_pipe_of_a_row_is_never_lost(end):
    """Gherkin drops it, so a formatter that compares only the tree would delete it."""
    text = f"Feature: F\n\n  Scenario: S\n    Then so\n      | a | b |\n      | c | d | {end}\n"

    with pytest.raises(FormattingError, match=r"^x\.feature:6:17: open-row: .* is after the last `\|` of this row, so"):
        formatted(text.encode(), "x.feature")
    assert formatted(text.replace(end, "").replace("c | d | ", "c | d |").encode(), "x.feature").endswith(b"      | c | d |\n")


def test_a_row_of_examples_is_not_shortened_either():
    text = "Feature: F\n\n  Scenario Outline: S\n    Then <a>\n\n    Examples:\n      | a |\n      | b | c\n"

    with pytest.raises(FormattingError, match=r"^x\.feature:8:13: open-row: `c`"):
        formatted(text.encode(), "x.feature")


@pytest.mark.parametrize("step", ["Given ", "* ", "And \t", "  Then   "])
def test_a_step_without_text_is_refused_at_its_line(step: str) -> None:
    with pytest.raises(FormattingError, match=r"x\.feature:4:\d: undefined-step: this step has no text after its keyword; write the step"):
        format_text(f"Feature: F\n\n  Scenario: S\n{step}\n    When x\n", "x.feature")


def test_a_step_without_text_is_a_finding_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.feature").write_text("Feature: F\n\n  Scenario: S\n    When \n    Then \n", encoding="utf-8")

    assert main(["lint", str(tmp_path)]) == 1

    findings = [line for line in capsys.readouterr().out.splitlines() if "undefined-step: this step has no text" in line]
    assert [line.partition(".feature:")[2][:3] for line in findings] == ["4:5", "5:5"]


def test_a_comment_at_the_left_margin_stays_as_deep_as_the_comment_above_it() -> None:
    text = (
        "Feature: F\n\n  Rule: R\n\n    Scenario Outline: S <n>\n      When <n>\n\n      Examples:\n        | n |\n        | 1 |\n"
        "    # of the scenario\n  # of the rule\n# at the left margin\n"
    )

    assert format_text(text) == text.replace("# at the", "  # at the")


def test_a_diff_says_that_the_last_line_has_no_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.feature").write_text("Feature: F\n\n  Scenario: S\n    When x", encoding="utf-8")

    assert main(["fmt", "--diff", str(tmp_path)]) == 1

    lines = capsys.readouterr().out.split("\n")
    assert lines[5:] == ["   Scenario: S", "-    When x", "\\ No newline at end of file", "+    When x", ""], lines

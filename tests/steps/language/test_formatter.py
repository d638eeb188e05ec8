"""The formatter lays out every file in one way, changes no word, and keeps what it does not understand."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_cli.main import main
from steps.language.document import find_features, read_document
from steps.language.formatter import FormattingError, format_text, formatted, meaning, width_of
from steps.language.table_rows import cells_of

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


def test_what_cannot_be_laid_out_says_why() -> None:
    for text, reason in (
        ("Feature: F\u2028", "it has line ends that not every program recognises"),
        ("Feature: F\u2028x", "it has line ends that not every program recognises"),
        ("Feature: F\x0bx\n", "it has line ends that not every program recognises"),
        ("Given x\n", "it cannot be read: (1:1): expected: #EOF, #Language, #TagLine, #FeatureLine, #Comment, #Empty, got 'Given x'"),
    ):
        with pytest.raises(FormattingError) as caught:
            format_text(text)
        assert str(caught.value) == reason
    with pytest.raises(FormattingError, match=r"^x: it cannot be read: .+; run `sop lint` for details$"):
        formatted(b"Given x\n", "x")
    with pytest.raises(FormattingError, match=r"^x\.feature:1: .+; .+"):
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
        "|a|", "| a | b |", "|\\||", "| |", '"""', "```", '   """', "# c", "  # d", "@t", "@t @u", "", "   ", "text", "  * text", "\ttabbed", "# language: de",
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
    assert formatted(once, "x") == once


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_marks_and_line_ends_stay(bom: bytes, end: bytes) -> None:
    new = formatted(bom + UGLY.encode().replace(b"\n", end), "x")

    assert new == bom + NEAT.encode().replace(b"\n", end)
    assert new.startswith(bom + b"@GAP")
    assert new.count(b"\n") == new.count(end)
    assert b"\r\r" not in new


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
    assert [cells_of(row) for row in ("|", "|a", "|a|", "|a\\|", r"|a\\|b", "|a|\\n|")] == [[], [], ["a"], [], ["a\\\\"], ["a", r"\n"]]
    assert json.dumps(cells_of(r"| a\|b | c\\ |")) == json.dumps([r"a\|b", r"c\\"])


def test_a_table_that_cannot_be_read_is_left_as_it_is() -> None:
    """Laid out as it is, it would be another one the second time."""
    ragged = b"Feature: F\n\n  Scenario: S\n    Given a table\n      |\n      | k | v |\n"

    with pytest.raises(FormattingError, match=r"^x: it cannot be read: \(6:7\): inconsistent cell count within the table; run `sop lint`"):
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
    monkeypatch.setattr("steps.language.formatter.format_text", lambda _: NEAT)

    with pytest.raises(FormattingError) as caught:
        formatted(MEANT.encode(), "x")
    assert str(caught.value) == "x: not reformatted, because its content would change; report this as an internal error"


def test_a_row_without_cells_stays_one() -> None:
    bare = b"Feature: F\n\n  Scenario: S\n    Given a table\n      |\n      |\n"

    assert formatted(bare, "x") == bare


@pytest.mark.parametrize("end", ["# why this row", "1999-01-01", "b", "\\|", "x \\", "\u00e9"])
def test_text_behind_the_last_pipe_of_a_row_is_never_lost(end):
    """Gherkin drops it, so a formatter that compares only the tree would delete it."""
    text = f"Feature: F\n\n  Scenario: S\n    Then so\n      | a | b |\n      | c | d | {end}\n"

    with pytest.raises(FormattingError, match=r"line 6: .* is after the last `\|` of its row and would be lost"):
        formatted(text.encode(), "x.feature")
    assert formatted(text.replace(end, "").replace("c | d | ", "c | d |").encode(), "x.feature").endswith(b"      | c | d |\n")


def test_a_row_of_examples_is_not_shortened_either():
    text = "Feature: F\n\n  Scenario Outline: S\n    Then <a>\n\n    Examples:\n      | a |\n      | b | c\n"

    with pytest.raises(FormattingError, match="line 8: `c`"):
        formatted(text.encode(), "x.feature")

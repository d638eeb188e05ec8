"""The formatter changes no word: a file that would say something else is left as it is. And the command that calls it."""

import json
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.language.formatter import FormattingError, format_text, formatted, meaning, width_of
from steps.language.parser import cells_of
from tests.steps.language.test_formatter import UGLY


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
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.feature"]


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
    monkeypatch.setattr("steps.language.formatter._formatted_text", lambda *_: MEANT.replace("a table", "at able"))

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
    monkeypatch.setattr("steps.language.formatter._formatted_text", lambda *_: worse)

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


def test_a_diff_says_that_the_last_line_has_no_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.feature").write_text("Feature: F\n\n  Scenario: S\n    When x", encoding="utf-8")

    assert main(["fmt", "--diff", str(tmp_path)]) == 1

    lines = capsys.readouterr().out.split("\n")
    assert lines[5:] == ["   Scenario: S", "-    When x", "\\ No newline at end of file", "+    When x", ""], lines

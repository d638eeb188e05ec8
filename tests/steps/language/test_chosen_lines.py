"""A line of a feature file chooses the examples of the block that it is in, whatever kind of line it is."""

import re
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.language.chosen_lines import ChosenLine, _examples_of_line, examples_at, split_chosen_lines
from steps.language.document import find_features, read_document, read_source
from steps.language.feature_set import feature_set_of
from steps.language.selection import SelectionError

ALL, OUTLINE, FIRST, RULE = {"a 1", "a 2", "a 3", "b", "c"}, {"a 1", "a 2", "a 3"}, {"a 1", "a 2"}, {"a 1", "a 2", "a 3", "b"}
BLANK, COMMENT = "this line is blank", "this line is a comment"
LINES: list[tuple[str, set[str] | str]] = [
    ("# language: en", COMMENT),
    ("", BLANK),
    ("@GAP-14", ALL),
    ("# between the tags", ALL),
    ("@GAP-43", ALL),
    ("Feature: Lines", ALL),
    ("  Some text,", ALL),
    ("", ALL),
    ("  and more.", ALL),
    ("", BLANK),
    ("  Background: of all", ALL),
    ("    Given a number 1", ALL),
    ("  # above the Rule", COMMENT),
    ("  @GAP-35", RULE),
    ("  Rule: A rule", RULE),
    ("    About it.", RULE),
    ("", BLANK),
    ("    Background:", RULE),
    ("      Given a table", RULE),
    ("        | 1 |", RULE),
    ("", BLANK),
    ("    @GAP-35", OUTLINE),
    ("    Scenario Outline: a <n>", OUTLINE),
    ("      Its text.", OUTLINE),
    ("      Given a note", OUTLINE),
    ('        """', OUTLINE),
    ("        # no comment, but a line of the note", OUTLINE),
    ("", OUTLINE),
    ('        """', OUTLINE),
    ("      And a table", OUTLINE),
    ("        | 1 |", OUTLINE),
    ("        # between the rows of a step", OUTLINE),
    ("        | <n> |", OUTLINE),
    ("      # a comment between steps", OUTLINE),
    ("      Then the number is <n>", OUTLINE),
    ("", OUTLINE),
    ("      # above the table", OUTLINE),
    ("      Examples: First", FIRST),
    ("        Text of the table.", FIRST),
    ("        | n |", FIRST),
    ("        | 1 |", {"a 1"}),
    ("        # between rows", FIRST),
    ("        | 2 |", {"a 2"}),
    ("", OUTLINE),
    ("      @GAP-35", {"a 3"}),
    ("      Examples: Second", {"a 3"}),
    ("        | n |", {"a 3"}),
    ("        | 3 |", {"a 3"}),
    ("", BLANK),
    ("    # above b", COMMENT),
    ("    Scenario: b", {"b"}),
    ("      Then the number is 1", {"b"}),
    ("", BLANK),
    ("  Rule: Another", {"c"}),
    ("    Scenario: c", {"c"}),
    ("      Then the number is 1", {"c"}),
    ("", BLANK),
    ("# the end", COMMENT),
]
"""Every line of a feature file, and the names of the examples that it chooses, or why it chooses none."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "x.feature").write_text("\n".join(line for line, _ in LINES) + "\n", encoding="utf-8")
    return folder / "x.feature"


def ids_at(*arguments: str) -> dict[str, tuple[str, ...]] | None:
    paths, places = split_chosen_lines([Path(argument) for argument in arguments])
    return examples_at(feature_set_of([*paths, *(place.file for place in places)]), places, paths)


def names_of(file: Path, ids: tuple[str, ...]) -> list[str]:
    document, _ = read_document(file, file.parent)
    assert document is not None
    return [example.name for example in document.examples if example.id in ids]


@pytest.mark.parametrize("end", ["", ":", ":3", ":3:"])
@pytest.mark.parametrize("line", range(1, len(LINES) + 1))
def test_a_line_chooses_its_block_or_says_what_it_is(file: Path, line: int, end: str) -> None:
    expected = LINES[line - 1][1]
    if isinstance(expected, str):
        with pytest.raises(
            SelectionError, match=rf"x\.feature:{line}: {expected}, and in no scenario; name a line of a scenario, such as \d"
        ):
            ids_at(f"{file}:{line}{end}")
    else:
        chosen = ids_at(f"{file}:{line}{end}")
        assert chosen is not None
        assert set(names_of(file, chosen["x.feature"])) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_is_the_same_under_other_line_ends(file: Path, end: str) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", end.encode()))
    for line, (_, expected) in enumerate(LINES, 1):
        if not isinstance(expected, str):
            chosen = ids_at(f"{file}:{line}")
            assert chosen is not None
            assert set(names_of(file, chosen["x.feature"])) == expected


def test_the_hint_names_the_scenarios_around(file: Path) -> None:
    with pytest.raises(SelectionError, match=r"such as 23 \(`Scenario Outline: a <n>`\) or 51 \(`Scenario: b`\)$"):
        ids_at(f"{file}:49")
    with pytest.raises(SelectionError, match=r"such as 55 \(`Scenario: c`\)$"):
        ids_at(f"{file}:58")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (None, 0, "the file has 58 lines; lines count from 1"),
        (None, 59, "the file has 58 lines; lines count from 1"),
        (None, 999_999_999, "the file has 58 lines"),
        ("", 1, "the file is empty"),
        ("# no feature", 1, "this line is a comment, and in no scenario; the file has no scenario"),
        ("\n\n", 2, "this line is blank, and in no scenario; the file has no scenario"),
    ],
)
def test_a_line_that_is_not_there_is_an_error(file: Path, text: str | None, line: int, reason: str) -> None:
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SelectionError, match=f"x.feature:{line}: {reason}"):
        ids_at(f"{file}:{line}")


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("features/x.feature:", "`` is not a line; write it like `features/x.feature:16`"),
        ("features/x.feature:one", "`one` is not a line"),
        ("features/x.feature:-3", "`-3` is not a line"),
        ("features/x.feature:3-5", "`3-5` is not a line"),
        ("features/x.feature:3,5", "`3,5` is not a line"),
        ("features/x.feature:३", "`३` is not a line"),
        ("features/x.feature:+3", "`+3` is not a line"),
        ("features/x.feature: 3", "` 3` is not a line"),
        ("features/x.feature:3.5", "`3.5` is not a line"),
        ("features/x.feature:99999999999", "`99999999999` is not a line"),
        ("features/x.feature:3:b", "`3:b` is not a line"),
        ("features/x.feature:3:4:5", "`3:4:5` is not a line"),
        ("features/x.feature::3", "`:3` is not a line"),
        *(
            (f"features{mark}", "this is not how a place is written; write it like `features/x.feature:8`")
            for mark in (
                "\\x.feature:8",
                "/x.feature(8)",
                "/x.feature(8,3)",
                "/x.feature#L8",
                "/x.feature#L8-L9",
                "/x.feature#8",
                "/x.feature@8",
                "/x.feature, line 8",
                "/x.feature line 8",
                "/x.feature+8",
                "/x.feature[8]",
                "\\x.feature#L8",
                "/x.feature?line=8",
                "/x.feature 8",
            )
        ),
        ("features\\x.feature", "write it like `features/x.feature`"),
        ("features:3", "features:3: only a line of a .feature file chooses examples"),
        ("notes.txt:3", "notes.txt:3: only a line of a .feature file chooses examples"),
    ],
)
def test_what_is_no_line_of_a_feature_file_is_refused(file: Path, argument: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parents[1])
    Path("notes.txt").write_text("x\n" * 9)
    with pytest.raises(SelectionError) as error:
        split_chosen_lines([Path(argument)])
    assert reason in str(error.value)


def test_several_lines_are_all_chosen_and_a_whole_path_is_whole(file: Path) -> None:
    (file.parent / "y.feature").write_text("Feature: y\n\n  Scenario: y\n    Given a number 1\n", encoding="utf-8")
    other = str(file.parent / "y.feature")
    chosen = ids_at(f"{file}:51", f"{file}:41", f"{file}:41", other)

    assert chosen is not None
    assert names_of(file, chosen["x.feature"]) == ["a 1", "b"]
    assert len(chosen["x.feature"]) == 2
    assert "y.feature" not in chosen
    assert ids_at(f"{file}:51", str(file)) is None
    assert ids_at(f"{file}:51", str(file.parent)) is None


@pytest.mark.parametrize("end", ["51", "51:3", "051", "51:", "51:3:"])
@pytest.mark.parametrize(
    "name", ["C:\\shop\\features\\x.feature", "C:x.feature", "\\\\server\\share\\x.feature", "C:/shop/features/x.feature"]
)
def test_a_path_of_windows_is_split_behind_its_drive(file: Path, name: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere these are names of files with a backslash or a colon."""
    monkeypatch.chdir(file.parent)
    copy = Path(name)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(file.read_bytes())

    assert split_chosen_lines([Path(f"{name}:{end}")]) == ([], [ChosenLine(copy, 51)])
    assert split_chosen_lines([copy]) == ([copy], [])


def test_one_wrong_place_of_several_is_an_error(file: Path) -> None:
    for other in (f"{file}:0", f"{file}:49", f"{file}:99"):
        for places in ((f"{file}:51", other), (other, f"{file}:51")):
            with pytest.raises(SelectionError, match=re.escape(other)):
                ids_at(*places)


@pytest.mark.parametrize(("text", "line", "number"), [
    ("Feature: x\n\n  Scenario: y\n    Given a number 1", 4, 1),
    ("Feature: x\n\n  Scenario: y\n    Given a number 1\n\n", 4, 1),
    ("Feature: x\n\n  Scenario: y\n\n  Scenario: z\n    Given a number 1\n", 3, 1),
    ("Feature: x\n\n  Scenario Outline: y\n    Given a number <n>\n\n    Examples:\n      | n |\n", 7, 0),
    ("Feature: x\n\n  Rule: y\n\n  Rule: z\n    Scenario: z\n      Given a number 1\n", 3, 0),
    ("Feature: x\n\n  Background:\n    Given a number 1\n", 4, 0),
])  # fmt: skip
def test_a_line_of_an_empty_block_chooses_no_other_block(file: Path, text: str, line: int, number: int) -> None:
    file.write_text(text, encoding="utf-8")

    assert len((ids_at(f"{file}:{line}") or {})["x.feature"]) == number


def test_a_file_whose_name_looks_like_a_place_is_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "run:16" / "features"
    folder.mkdir(parents=True)
    (folder / "a:3.feature").write_text("Feature: x\n\n  Scenario: y\n    Given a number 1\n", encoding="utf-8")

    assert split_chosen_lines([folder, folder / "a:3.feature"]) == ([folder, folder / "a:3.feature"], [])
    assert ids_at(f"{folder / 'a:3.feature'}:4").keys() == {"a:3.feature"}


@pytest.mark.parametrize("text", [b"Feature: x\n  Scenario: y\n    Given z\n    nonsense\n", b"\xff\xfe\n\n"])
def test_a_file_that_cannot_be_parsed_is_chosen_as_a_whole_so_that_its_findings_are_shown(file: Path, text: bytes) -> None:
    file.write_bytes(text)

    assert ids_at(f"{file}:2") is None


def test_every_line_of_every_example_of_the_specification_chooses_it() -> None:
    root = Path("features")
    for file in find_features([root]):
        source, _ = read_source(file, root)
        assert source.document is not None
        for example in source.document.examples:
            for line in {example.line, example.row or example.line, *(step.line for step in example.steps)}:
                chosen = _examples_of_line(ChosenLine(file, line), source.document, source.text)
                assert chosen is not None
                assert example in chosen
                assert len(chosen) == 1 or line != example.row


@pytest.mark.parametrize("command", ["verify", "lint", "fmt", "steps"])
@pytest.mark.parametrize("path", [":", ":3", "./:3", "features/:3", "/:3", ".:3", "features/.:5", "features/..:5", "x.feature/:3", "::"])
def test_a_line_without_a_file_name_is_an_error_and_no_traceback(command: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, path]) == 2

    assert re.fullmatch("error: .*(no such file or folder|name a feature file, a folder, or `FILE.feature:16`)\n", capsys.readouterr().err)


@pytest.mark.parametrize("argument", ["features/none.feature#L8", "features\\none.feature:8", "features/x.features(8)", "x.feature#top"])
def test_a_place_in_no_file_stays_a_path(file: Path, argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parents[1])
    assert split_chosen_lines([Path(argument)]) == ([Path(argument)], [])


@pytest.mark.parametrize("command", ["verify", "lint", "fmt", "steps"])
@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_refused(command: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, path]) == 2
    assert "a path is empty; name a feature file or a folder, or leave it out" in capsys.readouterr().err

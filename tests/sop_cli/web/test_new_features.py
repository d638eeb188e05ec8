"""New feature files: which names there can be, and what the first text has of the other files of its folder."""

from pathlib import Path

import pytest

from sop_cli.web.new_names import name_fault, taken
from sop_cli.web.project import Change, FileNameError, Project
from sop_cli.web.screens import feature
from sop_engine import SopError
from steps.editing.new_feature import first_text
from steps.language.document import FeatureSource, source_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def features(tmp_path: Path) -> Path:
    folder = tmp_path / "features"
    (folder / "Orders of 2026").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "a.feature").touch()
    (folder / "Own.feature").touch()
    (folder / "folder.feature").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "dead.feature").symlink_to(tmp_path / "nothing")
    return folder


@pytest.mark.parametrize("path", ["b.feature", "x/y/z/w/b-1_c.feature", "Orders of 2026/b.feature", f"{'n' * 64}.feature", "a.feature"])
def test_a_name_in_small_letters_or_a_folder_that_is_there_has_no_fault(features: Path, path: str) -> None:
    assert name_fault(path, features) is None


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("B.feature", "has the capital letter B; use small letters"),
        ("\u043e.feature", "has `\u043e`"),
        ("my case.feature", "has a space"),
        ("a.b.feature", "has `.`"),
        ("b\u202e.feature", r"has `\u202e`"),
        ("b\0.feature", r"has `\x00`"),
        ("x\\..\\b.feature", "has `\\`"),
        ("-b.feature", "begins with -"),
        (".feature", "the file has no name"),
        ("/b.feature", "the folder has no name"),
        ("x//b.feature", "the folder has no name"),
        ("../b.feature", "the name of the folder has `.`"),
        (".git/b.feature", "the name of the folder has `.`"),
        ("New/b.feature", "the name of the folder has the capital letter N"),
        ("con.feature", "`con` is the name of a device"),
        ("lpt1/b.feature", "`lpt1` is the name of a device"),
        (f"{'n' * 65}.feature", "has 65 characters; use at most 64"),
        ("a/b/c/d/e/f.feature", "in 5 folders in each other"),
        ("b.txt", "ends with .feature; add this"),
        ("link/b.feature", "`link` is a link, not a folder"),
        ("a.feature/b.feature", "`a.feature` is a file, not a folder"),
        ("own.feature", "there is `Own.feature` already, which on some computers is the same name"),
        ("orders of 2026/b.feature", "has a space"),
        ("LINK/b.feature", "has the capital letter L"),
    ],
)
def test_another_name_has_a_fault_with_a_remedy_and_cannot_be_saved(features: Path, path: str, fault: str) -> None:
    before = sorted(features.rglob("*"))

    assert fault in (name_fault(path, features) or "")
    with pytest.raises(FileNameError, match=r"cannot be written: .*[;,] \w"):
        Project(features.parent, None).save([Change(f"features/{path}", None, "Feature: b\n")])
    assert sorted(features.rglob("*")) == before


def test_a_file_beside_the_features_cannot_be_saved(features: Path) -> None:
    with pytest.raises(FileNameError, match="it is not in the folder features"):
        Project(features.parent, None).save([Change("b.feature", None, "")])


@pytest.mark.parametrize(
    ("path", "what"), [("a.feature", "a file `a.feature` already; open it"), ("folder.feature", "a folder"), ("dead.feature", "a link")]
)
def test_a_name_that_is_taken_is_said_to_be(features: Path, path: str, what: str) -> None:
    assert what in (taken(path, features) or "")
    assert taken("b.feature", features) is None


def source(text: str) -> FeatureSource:
    return source_of(text.encode(), "x.feature")[0]


WITH_RULE = "@audit @{name}\nFeature: F\n\n  Words.\n\n  Source: S.\n\n  Rule: R\n\n    Scenario: S\n      Given a\n"
PLAIN = "Feature: F\n\n  Scenario: S\n    Given a\n"


def test_the_first_text_has_the_tags_rules_and_source_of_its_folder() -> None:
    text, line = first_text("A  title ", [source(WITH_RULE.replace("{name}", name)) for name in ("one", "two")], are_of_folder=True)

    assert text == ("@audit\nFeature: A title\n\n  \n\n  Source: \n\n  Rule: \n\n    Scenario: \n      Given \n      When \n      Then \n")
    assert text.split("\n")[line - 1] == "  "


def test_tags_of_one_file_or_of_another_folder_are_not_those_of_the_new_one() -> None:
    one, two = source(WITH_RULE), source(WITH_RULE)

    assert first_text("T", [one], are_of_folder=True)[0].startswith("Feature: T\n")
    assert first_text("T", [one, two], are_of_folder=False)[0].startswith("Feature: T\n")


def test_the_first_text_has_the_language_and_the_line_ends_of_most_files() -> None:
    german = source("# language: de\r\nFunktion: F\r\n\r\n  Szenario: S\r\n    Angenommen a\r\n")
    text, _ = first_text("T", [german, german, source(PLAIN), source("not a feature")], are_of_folder=True)

    assert text == "# language: de\r\nFunktionalität: T\r\n\r\n  \r\n\r\n  Szenario: \r\n    Angenommen \r\n    Wenn \r\n    Dann \r\n"


def test_the_first_text_of_the_first_feature_is_plain() -> None:
    assert first_text("", [], are_of_folder=False)[0] == "Feature:\n\n  \n\n  Scenario: \n    Given \n    When \n    Then \n"


def test_a_new_feature_is_proposed_with_what_is_left_to_write_as_its_findings() -> None:
    proposed = feature.new("audit", "my_case.feature", "Mine")
    checked = feature.check(proposed["path"], proposed["text"])

    assert (proposed["path"], proposed["fault"]) == ("features/audit/my_case.feature", None)
    assert proposed["text"].startswith("@audit\nFeature: Mine\n")
    assert checked["parsed"]
    assert {finding["rule"] for finding in checked["findings"]} == {"no-name", "undefined-step"}
    assert not (ROOT / proposed["path"]).exists()


@pytest.mark.parametrize(("folder", "name"), [("audit", "cancellations"), ("", "audit/new"), ("..", "x"), ("audit/../..", "x"), ("", "")])
def test_no_feature_is_proposed_in_a_place_where_it_cannot_be(folder: str, name: str) -> None:
    proposed = feature.new(folder, name, "Mine")

    assert proposed["fault"]
    assert "text" not in proposed


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(SopError, match="reload the page"):
        feature.new_place(3, "x")  # type: ignore[arg-type]
    with pytest.raises(SopError, match="reload the page"):
        feature.new("audit", "x", None)  # type: ignore[arg-type]

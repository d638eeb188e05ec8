"""Versions of the document are found by name, chosen once, and begun as a copy that loads; a wrong name is one clear error."""

from datetime import date
from pathlib import Path

import pytest

from sop_engine.engine import Engine
from sop_engine.errors import RulebookError, SopError
from sop_engine.reader import read_rulebook
from sop_engine.register import new_version
from sop_engine.register.new_version import begin_version, folder_of_new_versions
from sop_engine.versions import CLAUSES, DEFAULT, GAPS, VARIABLE, chosen_version, find_version, shipped, versions

FIRST = shipped() / DEFAULT


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


def names() -> list[str]:
    return [name for name, _ in versions()]


def test_the_first_version_is_read_unless_another_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = begin_version("clients_v2", FIRST, Path("rulebook"))

    assert str(chosen_version()) == str(FIRST)
    (place / "pyproject.toml").write_text('[tool.sop]\nrulebook = "clients_v2"\n')
    assert chosen_version() == folder
    monkeypatch.setenv(VARIABLE, DEFAULT)
    assert str(chosen_version()) == str(FIRST)


@pytest.mark.parametrize("name", ["clients_v9", "clients", "", " ", "no/such/folder", "clients_v1 "])
def test_an_unknown_name_lists_the_versions(name: str) -> None:
    begin_version("clients_v2", FIRST, Path("rulebook"))

    with pytest.raises(SopError, match=r"expected one of `clients_v1`, `clients_v2`, or a folder with clauses.toml and gaps.toml"):
        find_version(name)


def test_a_folder_can_be_named_and_a_name_comes_before_a_folder(place: Path) -> None:
    begin_version("clients_v2", FIRST, Path("elsewhere"))
    (place / DEFAULT).mkdir()

    assert find_version("elsewhere/clients_v2") == place / "elsewhere" / "clients_v2"
    assert str(find_version(DEFAULT)) == str(FIRST)
    with pytest.raises(RulebookError, match=r"a rulebook is a folder with clauses.toml and gaps.toml"):
        read_rulebook(find_version(f"./{DEFAULT}"))


def test_a_name_of_two_versions_is_refused(place: Path) -> None:
    begin_version("clients_v2", FIRST, Path("rulebook"))
    (place / "rulebook" / "clients_v2").rename(place / "rulebook" / DEFAULT)

    with pytest.raises(SopError, match=r"two rulebooks are called `clients_v1`: .*; name the folder of one of them"):
        find_version(DEFAULT)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("[tool.sop]\nrulebook = 2\n", "`rulebook` is not the name of a rulebook"),
        ('[tool.sop]\nrulebook = "clients_v2\n', "pyproject.toml: "),
        ('[tool.sop]\nrulebook = "clients_v2"\n', "there is no rulebook `clients_v2`"),
    ],
)
def test_settings_that_name_no_version_are_refused(place: Path, settings: str, reason: str) -> None:
    (place / "pyproject.toml").write_text(settings)

    with pytest.raises(SopError, match=reason):
        chosen_version()


@pytest.mark.parametrize(
    "settings", ["rulebook = 1\n", "[tool]\nsop = 'rulebook'\n", "[tool.other]\nrulebook = 2\n", "[tool.sop]\n# rulebook\n"]
)
def test_settings_of_others_are_not_taken(place: Path, settings: str) -> None:
    (place / "pyproject.toml").write_text(settings)

    assert str(chosen_version()) == str(FIRST)


def test_a_new_version_says_what_the_other_says_under_its_own_name() -> None:
    first = read_rulebook(FIRST)
    folder, _ = begin_version("clients_v2", FIRST, Path("rulebook"), dated=date(2026, 12, 1))
    second = read_rulebook(folder)

    assert (second.name, second.title, second.dated, second.follows) == (
        "clients_v2",
        "SOPs For Clients, version 2",
        "2026-12-01",
        (DEFAULT,),
    )
    own = {"name", "title", "dated", "follows", "sha256"}
    assert [{key: value for key, value in book.to_plain().items() if key not in own} for book in (second,)] == [
        {key: value for key, value in first.to_plain().items() if key not in own}
    ]
    assert second.sha256 != first.sha256
    assert first.title not in (folder / CLAUSES).read_text().partition("\n")[0]
    assert (folder / GAPS).read_bytes() == (FIRST / GAPS).read_bytes()
    assert begin_version("draft", folder, Path("rulebook"))[1].follows == (DEFAULT, "clients_v2")
    assert names() == [DEFAULT, "clients_v2", "draft"]
    assert {path.name for path in Path("rulebook").iterdir()} == {"clients_v2", "draft"}


def test_titles() -> None:
    begun = begin_version("draft", FIRST, Path("a"))[1], begin_version("x_v7", FIRST, Path("a"), 'A "new" \\ one')[1]

    assert [version.title for version in begun] == ["SOPs For Clients, version 1 (draft)", 'A "new" \\ one']


@pytest.mark.parametrize(
    ("name", "into", "title", "reason"),
    [
        (DEFAULT, "rulebook", "", "there is a version `clients_v1`"),
        ("Clients_V1", "rulebook", "", "there is a version `clients_v1`"),
        ("../x", "rulebook", "", "cannot be the name of a version"),
        ("", "rulebook", "", "cannot be the name of a version"),
        ("2", "rulebook", "", "cannot be the name of a version"),
        ("a b", "rulebook", "", "cannot be the name of a version"),
        ("x" * 61, "rulebook", "", "cannot be the name of a version"),
        ("taken", "rulebook", "", "exists; choose another name"),
        ("x", "rulebook", "two\nlines", "the title is not a line"),
        ("x", "rulebook", " ", "the title is not a line"),
        ("x", "rulebook", "x" * 201, "the title is not a line"),
        ("x", str(FIRST), "", "belongs to the installed program"),
    ],
)
def test_a_version_that_cannot_be_begun_leaves_nothing(place: Path, name: str, into: str, title: str, reason: str) -> None:
    (place / "rulebook" / "taken").mkdir(parents=True)

    with pytest.raises(SopError, match=reason):
        begin_version(name, FIRST, Path(into), title)

    assert [*place.rglob("*")] == [place / "rulebook", place / "rulebook" / "taken"]
    assert {path.name for path in Path(str(FIRST)).iterdir()} == {CLAUSES, GAPS}


def test_a_rulebook_that_does_not_hold_is_not_copied(place: Path) -> None:
    folder, _ = begin_version("clients_v2", FIRST, Path("elsewhere"))
    text = (folder / CLAUSES).read_text()
    (folder / CLAUSES).write_text(text.replace('task = "credit-note"', 'task = "credit-noet"', 1))

    with pytest.raises(RulebookError, match="did you mean `credit-note`"):
        begin_version("clients_v3", folder, Path("rulebook"))
    assert not (place / "rulebook").exists()


def test_a_write_that_fails_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, calls = new_version._write, []

    def fail_beside_the_target(folder: Path, contents: dict[str, bytes]) -> None:
        calls.append(folder)
        write(folder, {CLAUSES: contents[CLAUSES]} if len(calls) > 1 else contents)
        if len(calls) > 1:
            raise OSError(28, "no space")

    monkeypatch.setattr(new_version, "_write", fail_beside_the_target)
    with pytest.raises(OSError, match="no space"):
        begin_version("clients_v2", FIRST, Path("rulebook"))
    assert [*(place / "rulebook").iterdir()] == []


def test_new_versions_are_the_users_unless_the_program_is_the_project_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder_of_new_versions() == Path("rulebook")
    monkeypatch.chdir(Path(str(shipped())).parents[1])
    assert folder_of_new_versions() == Path("sop_engine", "rulebook")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('name = "a/b"', "`name` must consist of letters"),
        ('name = ".."', "`name` must consist of letters"),
        ('follows = ["clients_v2"]', "`follows` must name the earlier versions"),
        ('follows = ["a", "a"]', "`follows` must name the earlier versions"),
        ('follows = "clients_v1"', "`follows` must be a list of texts"),
        ('dated = "2026-12-01"', "`dated` must be a date"),
    ],
)
def test_an_identity_that_is_none_is_refused(line: str, reason: str) -> None:
    folder, _ = begin_version("clients_v2", FIRST, Path("elsewhere"), dated=date(2026, 12, 1))
    key = line.partition(" ")[0]
    lines = [line if old.startswith(f"{key} =") else old for old in (folder / CLAUSES).read_text().splitlines()]
    (folder / CLAUSES).write_text("\n".join(lines))

    with pytest.raises(RulebookError, match=reason):
        read_rulebook(folder)


def test_a_version_is_proved_like_the_first() -> None:
    folder, begun = begin_version("clients_v2", FIRST, Path("rulebook"))

    assert Engine.of(begun).proof.answers == Engine.of(read_rulebook(FIRST)).proof.answers
    assert Engine.of(read_rulebook(folder)).rulebook == begun

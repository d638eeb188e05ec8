"""Commands use the version that ``--rulebook`` names, and list, compare and begin versions."""

import json
from pathlib import Path

import pytest

from sop_cli.main import COMMANDS, WITHOUT_RULEBOOK, main
from sop_engine.versions import CLAUSES, DEFAULT
from tests.support.versions import CASE, sop

MEMBERS = {"clause": ["add", "edit"], "gap": ["add", "edit"]}
"""The members of groups."""
MAY, MUST = (f"{force:9} download the report of orders cancelled after posting" for force in ("may", "must"))


@pytest.mark.slow
def test_a_decision_is_that_of_the_version_named(place: Path) -> None:
    first, second = sop(place, *CASE)[1], sop(place, *CASE, "--rulebook", "clients_v2")[1]

    assert (MAY in first, MUST in first, MAY in second, MUST in second) == (True, False, False, True)
    for same in ([f"--rulebook={place / 'rulebook' / 'clients_v2'}"], ["--rulebook", DEFAULT, "--rulebook", "./rulebook/clients_v2"]):
        assert sop(place, *CASE, *same)[1] == second
    assert sop(place, *CASE, rulebook="clients_v2")[1] == second
    assert sop(place, *CASE, "--rulebook", DEFAULT, rulebook="clients_v2")[1] == first


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clients_v9", "--json"])
def test_an_unknown_version_is_one_error_that_lists_those_there_are(place: Path, name: str) -> None:
    status, out, err = sop(place, "table", "--rulebook", name)

    assert (status, out) == (2, "")
    assert (
        err
        == f"error: there is no rulebook `{name}`; expected one of `clients_v1`, `clients_v2`, or a folder with clauses.toml and gaps.toml\n"
    )


@pytest.mark.parametrize("arguments", [["--rulebook"], ["--rulebook="], ["--rulebook", " "]])
def test_an_empty_name_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", *arguments]) == 2
    assert "--rulebook has no name; `sop rulebook` lists the versions" in capsys.readouterr().err


def test_a_process_reads_one_version(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["table", "--rulebook", "clients_v2"]) == 2
    assert "ask for another one in a new process" in capsys.readouterr().err
    assert main(["table", "--rulebook", DEFAULT]) == 0


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {*WITHOUT_RULEBOOK}))
def test_every_command_that_reads_a_rulebook_takes_its_name(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for member in MEMBERS.get(command, [""]):
        assert main([command, *member.split(), "--help"]) == 0
        assert capsys.readouterr().out.count("--rulebook NAME|FOLDER") == 1


def test_two_versions_are_compared_by_name(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["diff", DEFAULT, "clients_v2", "--format", "json"]) == 1
    changes = json.loads(capsys.readouterr().out)
    assert (changes["base"], changes["head"]) == ("the rulebook clients_v1", "the rulebook clients_v2")
    assert all("AC-ERP-FULL-1.1.1" in answer["because"] for answer in changes["answers"])
    assert [text["id"] for text in changes["texts"]] == ["AC-ERP-FULL-1.1.1", "the rulebook"]
    assert main(["diff", DEFAULT, "clients_v2"]) == 1
    assert "may download" in capsys.readouterr().out
    assert main(["diff", DEFAULT, DEFAULT]) == 0


def test_the_versions_are_listed(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["rulebook"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("* clients_v1 ")
    assert second.split()[0] == "clients_v2"
    assert second.endswith("rulebook/clients_v2")
    assert main(["rulebook", "list", "--json"]) == 0
    assert [(entry["name"], entry["follows"], entry["used"]) for entry in json.loads(capsys.readouterr().out)] == [
        (DEFAULT, [], True),
        ("clients_v2", [DEFAULT], False),
    ]


def test_a_version_that_cannot_be_read_is_listed_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rulebook" / "broken").mkdir(parents=True)
    (tmp_path / "rulebook" / "broken" / CLAUSES).write_text("x")

    assert main(["rulebook"]) == 0
    assert "rulebook/broken: the rulebook `broken` is refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nwe"], "did you mean `new`?"),
        (["new"], "name the new version and the one to copy"),
        (["new", "x"], "name the new version and the one to copy"),
        (["list", "x"], "leave them out, or write `new`"),
        (["new", "x", "--from", "clients_v9"], "there is no rulebook `clients_v9`"),
        (["new", "x", "--from", DEFAULT, "--dated", "2026-02-30"], "is no day"),
        (["new", DEFAULT, "--from", DEFAULT], "there is a version `clients_v1`"),
    ],
)
def test_a_wrong_call_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["rulebook", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_a_version_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["rulebook", "new", "clients_v2", "--from", DEFAULT]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "rulebook/clients_v2: a copy of clients_v1 with the title SOPs For Clients, version 2",
        "change it with `sop clause` and `sop gap`, and see `sop diff clients_v1 clients_v2` and `sop verify --rulebook clients_v2`",
    ]
    assert main(["rulebook", "new", "x", "--from", "clients_v2", "--into", "a/b", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folder"] == "a/b/x"
    assert main(["diff", "clients_v2", "a/b/x"]) == 1
    assert "edited: the rulebook (name, title, follows)" in capsys.readouterr().out

"""Commits of the specification to git from the workbench: the commands that are shown, only the specification's own files, refusals."""

import shlex
import subprocess
from pathlib import Path

import pytest

from sop_cli.web.screens import commits
from sop_cli.web.screens.commits import CommitError

FEATURE = "features/some/case.feature"


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose folder `project` has a specification; the working directory."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    home = tmp_path / "project"
    for name in (FEATURE, "features/gone.feature", "features/notes.txt", "features/old.txt", "approved/examples.json", "other.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("first\n")
    monkeypatch.chdir(home)
    git("init", "-q", "-b", "work", str(tmp_path))
    git("config", "user.name", "A")
    git("config", "user.email", "a@example.org")
    git("add", ".")
    git("commit", "-qm", "first")
    return home


def change_everything(home: Path) -> None:
    for name in (FEATURE, "features/notes.txt", "approved/examples.json", "other.txt"):
        (home / name).write_text("second\n")
    (home / "features/gone.feature").unlink()
    (home / "features/old.txt").unlink()
    (home / "approved" / "sentences.json").symlink_to("/etc/passwd")
    (home / "features" / "a new [x]*.feature").write_text("new\n")
    (home / "features" / "secret.env").write_text("new\n")
    (home / "approved" / "mine.json").write_text("new\n")
    (home / "features" / "link.feature").symlink_to("/etc/passwd")


OWN = ["approved/examples.json", "features/a new [x]*.feature", "features/gone.feature", FEATURE]


def test_only_the_files_of_the_specification_are_committed_by_the_commands_that_were_shown(repository: Path) -> None:
    change_everything(repository)
    message = "-x # note\n\n`touch owned` $(touch owned) 'quoted'"

    plan = commits.plan(message)

    assert plan["branch"] == "work"
    assert [file["path"] for file in plan["files"]] == OWN
    assert {file["state"] for file in plan["files"]} == {"new", "changed", "deleted"}
    assert [shlex.split(command) for command in plan["commands"]] == [
        ["git", "--literal-pathspecs", "add", "--", *OWN],
        ["git", "--literal-pathspecs", "commit", f"--message={message}", "--", *OWN],
    ]
    assert git("log", "--format=%s") == "first\n"
    assert git("diff", "--cached", "--name-only") == ""

    commits.commit(message, plan["digest"])

    assert git("log", "-1", "--format=%B").strip() == message
    assert git("log", "-1", "--format=", "--name-only", "-z", "--relative").strip("\0").split("\0") == OWN
    assert git("diff", "--name-only", "--relative").split() == ["features/notes.txt", "features/old.txt", "other.txt"]
    assert not (repository / "owned").exists()


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(lambda home: (home / FEATURE).write_text("third\n"), id="content"),
        pytest.param(lambda home: (home / "features/more.feature").write_text("new\n"), id="file"),
        pytest.param(lambda _: git("checkout", "-qb", "other"), id="branch"),
    ],
)
def test_what_changed_after_the_commands_were_shown_is_not_committed(repository: Path, then) -> None:
    (repository / FEATURE).write_text("second\n")
    digest = commits.plan("note")["digest"]
    then(repository)

    with pytest.raises(CommitError, match="changed since the commands were shown"):
        commits.commit("note", digest)
    with pytest.raises(CommitError, match="changed since the commands were shown"):
        commits.commit("another note", commits.plan("note")["digest"])
    assert git("log", "--format=%s") == "first\n"


@pytest.mark.parametrize("name", ["other.txt", "features/notes.txt", "../elsewhere.txt"])
def test_other_staged_changes_are_named_and_stop_the_commit(repository: Path, name: str) -> None:
    (repository / FEATURE).write_text("second\n")
    (repository / name).write_text("second\n")
    git("add", name)

    with pytest.raises(CommitError, match="1 other file staged in git"):
        commits.plan("note")


@pytest.mark.usefixtures("repository")
def test_a_deletion_that_is_staged_already_is_committed() -> None:
    git("rm", "-q", FEATURE)

    plan = commits.plan("note")
    commits.commit("note", plan["digest"])

    assert len(plan["commands"]) == 1
    assert git("log", "-1", "--format=", "--name-status", "--relative").split() == ["D", FEATURE]


def test_a_commit_that_a_hook_refuses_says_why(repository: Path) -> None:
    hook = repository.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    (repository / FEATURE).write_text("second\n")

    with pytest.raises(CommitError, match="git refused, and nothing was committed: not today"):
        commits.commit("note", commits.plan("note")["digest"])


@pytest.mark.parametrize(
    ("message", "reason"),
    [("", "no message"), (" \n", "no message"), ("a\0b", "cannot be a message"), ("x" * 20_001, "at most"), (None, "no message")],
)
def test_a_message_that_git_cannot_have_is_refused(repository: Path, message: str, reason: str) -> None:
    (repository / FEATURE).write_text("second\n")

    with pytest.raises(CommitError, match=reason):
        commits.plan(message)


def test_nothing_to_commit_is_said(repository: Path) -> None:
    (repository / "other.txt").write_text("second\n")

    with pytest.raises(CommitError, match="no changed file of the specification"):
        commits.plan("note")


def test_a_folder_without_a_repository_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommitError, match=r"in no git repository that can be used .*; commit with another program"):
        commits.plan("note")


def test_a_machine_without_git_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommitError, match="git is not installed"):
        commits.plan("note")


@pytest.mark.parametrize(
    ("command", "words"), [(("merge", "--no-commit", "--no-ff"), "merge"), (("cherry-pick",), "cherry-pick"), (("rebase",), "rebase")]
)
def test_what_is_not_finished_in_git_stops_the_commit_before_anything_is_staged(
    repository: Path, command: tuple[str, ...], words: str
) -> None:
    """Git refuses to commit single files then, when they are staged already."""
    other = repository / "other.txt"
    git("checkout", "-qb", "other")
    other.write_text("theirs\n")
    git("add", "other.txt")
    git("commit", "-qm", "theirs")
    git("checkout", "-q", "work")
    if words != "merge":
        other.write_text("ours\n")
        git("add", "other.txt")
        git("commit", "-qm", "ours")
    subprocess.run(["git", *command, "other"], check=False, capture_output=True)
    if words != "merge":
        other.write_text("both\n")
        git("add", "other.txt")
    (repository / FEATURE).write_text("ours\n")

    with pytest.raises(CommitError, match=f"a {words} is not finished in git.*; finish or abort it first"):
        commits.plan("note")

    assert git("diff", "--cached", "--name-only", "--", FEATURE) == ""


def test_a_conflict_of_a_merge_stops_the_commit(repository: Path) -> None:
    git("checkout", "-qb", "other")
    (repository / FEATURE).write_text("theirs\n")
    git("commit", "-qam", "theirs")
    git("checkout", "-q", "work")
    (repository / FEATURE).write_text("ours\n")
    git("commit", "-qam", "ours")
    subprocess.run(["git", "merge", "-q", "other"], check=False, capture_output=True)

    with pytest.raises(CommitError, match="has a conflict of a merge"):
        commits.plan("note")

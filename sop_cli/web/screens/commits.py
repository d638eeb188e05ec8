"""Commit of the specification's own files to git: the exact commands first, then only these; nothing is pushed."""

import hashlib
import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_cli.web.context import FEATURES_ROOT, approved_files, project
from sop_engine import SopError
from sop_engine.input_files import read_bytes
from sop_engine.text import counted, visible

LONGEST_S = 300.0
"""Seconds for a git command, whose hooks may check the commit."""
MOST_NAMED, MOST_LINES = 5, 12
LONGEST_MESSAGE = 20_000
GIT = ("git", "--literal-pathspecs")
MEND = "commit it with git"
COMMIT_STATES = {"A": "new", "?": "new", "D": "deleted"}
UNFINISHED = {"MERGE_HEAD": "merge", "CHERRY_PICK_HEAD": "cherry-pick", "rebase-merge": "rebase", "rebase-apply": "rebase"}
"""What git keeps in its folder while something is not finished, and its name."""
_DELETION = "D "
"""Status of a file whose deletion is staged: `git add` would not find it."""


class CommitError(SopError):
    """A commit that is not possible now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to commit, by path relative to the project, with their status as git writes it, and the branch."""

    files: Mapping[str, str]
    branch: str

    def commands(self, message: str) -> list[list[str]]:
        """Return the commands that commit the files with *message*."""
        added = [name for name, status in self.files.items() if status != _DELETION]
        add = [[*GIT, "add", "--", *added]] if added else []
        return [*add, [*GIT, "commit", f"--message={message}", "--", *self.files]]

    def digest(self, message: str) -> str:
        """Return a digest of the commands and of the contents that they commit."""
        contents = {name: hashlib.sha256(read_bytes(Path(name), MEND)).hexdigest() if os.path.lexists(name) else "" for name in self.files}
        return hashlib.sha256(json.dumps([self.commands(message), contents, self.branch]).encode()).hexdigest()


def plan(message: str) -> dict[str, Any]:
    """Return the commands that commit the changed files of the specification with *message*, the files, and the branch.

    Raises:
        CommitError: there is no repository, nothing to commit, or something else is staged.
    """
    message, present = _message_of(message), _plan()
    return {
        "commands": [shlex.join(command) for command in present.commands(message)],
        "files": [{"path": name, "state": COMMIT_STATES.get(status.strip()[:1], "changed")} for name, status in present.files.items()],
        "branch": present.branch,
        "digest": present.digest(message),
    }


def commit(message: str, digest: str) -> dict[str, Any]:
    """Run the commands of `plan`, which had *digest*, and return the short id of the commit.

    Raises:
        CommitError: other commands or other contents would be committed now, or git refuses.
    """
    message, present = _message_of(message), _plan()
    if present.digest(message) != digest:
        raise CommitError("the files have changed since the commands were shown, so nothing was committed; look at them again")
    for command in present.commands(message):
        done = _run_git(*command)
        if done.returncode:
            raise CommitError(f"git refused, and nothing was committed: {_output(done)}")
    return {"commit": _git("rev-parse", "--short", "HEAD").strip(), "files": len(present.files)}


def _message_of(note: str) -> str:
    """Return *note* as the message of a commit.

    Raises:
        CommitError: it is empty, too long, or no text.
    """
    if not isinstance(note, str) or not note.strip():
        raise CommitError("there is no message; write a note first, it becomes the message")
    if len(note) > LONGEST_MESSAGE or "\0" in note:
        raise CommitError(f"the note cannot be a message; write at most {LONGEST_MESSAGE:,} characters of text")
    return note.strip()


def _plan() -> Plan:
    try:
        prefix = _git("rev-parse", "--show-prefix").rstrip("\n")
    except FileNotFoundError:
        raise CommitError("git is not installed; commit with another program") from None
    except CommitError as error:
        raise CommitError(f"this folder is in no git repository that can be used ({error}); commit with another program") from None
    own, others = {}, []
    for status, path in _changed_files():
        name = path.removeprefix(prefix)
        is_own = path.startswith(prefix) and _is_own(name, is_deleted="D" in status)
        if "U" in status or status in {"AA", "DD"}:
            raise CommitError(f"`{visible(path)}` has a conflict of a merge; resolve it with git first")
        if is_own:
            own[name] = status
        elif status[0] not in " ?":
            others.append(visible(path))
    if unfinished := _unfinished():
        raise CommitError(f"a {unfinished} is not finished in git, which commits no single files meanwhile; finish or abort it first")
    if others:
        listed = ", ".join(others[:MOST_NAMED]) + ", …" * (len(others) > MOST_NAMED)
        raise CommitError(f"{counted(len(others), 'other file')} staged in git ({listed}); commit or unstage that with git first")
    if not own:
        raise CommitError("git has no changed file of the specification; there is nothing to commit")
    return Plan(dict(sorted(own.items())), _git("branch", "--show-current").strip() or "no branch (detached)")


def _unfinished() -> str | None:
    """Return what is being done in the repository that `git commit` with paths refuses; None if nothing is."""
    places = [argument for name in UNFINISHED for argument in ("--git-path", name)]
    files = zip(UNFINISHED.values(), _git("rev-parse", *places).splitlines(), strict=True)
    return next((words for words, place in files if Path(place).exists()), None)


def _changed_files() -> Iterator[tuple[str, str]]:
    """Yield the status and the path in the repository of each changed file; of the untracked ones, those in the specification's folders."""
    folders = [FEATURES_ROOT.as_posix(), *{_relative(file.parent) for file in (*approved_files(), *project().registers)}]
    untracked = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *folders)
    everything = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no")
    entries = [entry for command in (untracked, everything) for entry in _git(*command).split("\0") if entry]
    yield from ((entry[:2], entry[3:]) for entry in dict.fromkeys(entries))


def _is_own(name: str, *, is_deleted: bool) -> bool:
    """Return whether *name* is a feature file, a register or a file of the baseline; of one that exists, not a link."""
    here, approved = project(), {_relative(file) for file in approved_files()}
    registers = {_relative(file) for file in here.registers}
    if is_deleted and not os.path.lexists(name):
        return name in approved | registers or (name.startswith(f"{FEATURES_ROOT.name}/") and name.endswith(".feature"))
    return name in here.files() or (name in approved and not Path(name).is_symlink())


def _relative(file: Path) -> str:
    return Path(os.path.relpath(file)).as_posix()


def _git(*arguments: str) -> str:
    """Return the output of a git command that changes nothing.

    Raises:
        CommitError: it failed.
    """
    done = _run_git(*GIT, "--no-optional-locks", *arguments)
    if done.returncode:
        raise CommitError(_output(done))
    return done.stdout.decode("utf-8", "surrogateescape")


def _run_git(*command: str) -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 - git, with the paths of the project and the message of the user as arguments
            command, check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=LONGEST_S, env=environment, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        raise CommitError(f"git did not end after {LONGEST_S:,.0f} s and was stopped; see `git status`") from None


def _output(done: "subprocess.CompletedProcess[bytes]") -> str:
    lines = (done.stderr + done.stdout).decode("utf-8", "replace").strip().splitlines()
    return visible(" / ".join(lines[:MOST_LINES])) or f"exit status {done.returncode}"

"""Where a behaviour comes from: the rulebook at hand, a folder with another one, a kept table, or a git revision."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sop_engine import SopError
from sop_engine.behaviour import Behaviour, BehaviourError
from sop_engine.engine import ENGINE, Engine
from sop_engine.register import CLAUSES, GAPS, Rulebook, read_rulebook

INSIDE = "sop_engine/rulebook/clients_v1"
PATIENCE = 30
"""Seconds for git."""


class UnknownSourceError(SopError):
    """What was named is neither a folder, nor a table, nor a revision."""


@dataclass(frozen=True, slots=True)
class Known:
    """A behaviour, what it was called, and the rulebook behind it where that is at hand."""

    name: str
    behaviour: Behaviour
    rulebook: Rulebook | None


def at_hand() -> Known:
    """The rulebook that this program answers with."""
    return Known("the rulebook at hand", Behaviour.of(ENGINE), ENGINE.rulebook)


def known(name: str) -> Known:
    """The behaviour called *name*.

    Raises:
        SopError: there is no such thing, or it does not hold.
    """
    path = Path(name)
    if path.is_dir():
        return _engine(name, Engine.of(read_rulebook(path)))
    if path.is_file():
        try:
            return Known(name, Behaviour.from_text(path.read_text(encoding="utf-8"), path.as_posix()), None)
        except (OSError, UnicodeDecodeError) as error:
            raise BehaviourError(path.as_posix(), f"cannot be read ({error})") from None
    return _revision(name)


def _engine(name: str, engine: Engine) -> Known:
    return Known(name, Behaviour.of(engine), engine.rulebook)


def _revision(name: str) -> Known:
    """The rulebook of a git revision of the repository around the working folder."""
    with TemporaryDirectory() as folder:
        for file in (CLAUSES, GAPS):
            Path(folder, file).write_bytes(_git_show(name, f"{INSIDE}/{file}"))
        return _engine(name, Engine.of(read_rulebook(Path(folder))))


def _git_show(revision: str, path: str) -> bytes:
    hint = "name a folder with a rulebook, a table that `sop approve` wrote, or a git revision"
    if revision.startswith("-"):
        raise UnknownSourceError(f"`{revision}` is no folder, table or revision; {hint}")
    try:
        top = git("rev-parse", "--show-toplevel").decode().strip()
        return git("-C", top, "show", f"{revision}:{path}")
    except (OSError, subprocess.TimeoutExpired):
        raise UnknownSourceError(f"`{revision}` is no folder or file, and git cannot be asked for a revision; {hint}") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise UnknownSourceError(
            f"`{revision}` is no folder, table or revision with a rulebook (git: {said[-1] if said else 'failed'}); {hint}"
        ) from None


def git(*arguments: str) -> bytes:
    """What git answers; no argument that somebody typed begins with a dash."""
    return subprocess.run(["git", *arguments], check=True, capture_output=True, timeout=PATIENCE).stdout  # noqa: S603, S607

"""The launcher refuses a folder, a lock or a Python that cannot be used, in one line."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.launcher_trees import BASE, error_of, launch, make_tree

pytestmark = pytest.mark.slow


def colon(tree: Path) -> Path:
    return tree.rename(tree.with_name(f"a{os.pathsep}b"))


def no_text(tree: Path) -> Path:
    return tree.rename(tree.with_name("a\udcff"))


def file(tree: Path) -> None:
    (tree / ".venv").write_text("mine", encoding="utf-8")


def fifo(tree: Path) -> None:
    os.mkfifo(tree / ".venv")


def link(tree: Path) -> None:
    (tree.parent / "elsewhere").mkdir()
    (tree / ".venv").symlink_to(tree.parent / "elsewhere")


def dead_link(tree: Path) -> None:
    (tree / ".venv").symlink_to("nothing")


def no_lock(tree: Path) -> None:
    (tree / "requirements.lock").unlink()


def folder_as_lock(tree: Path) -> None:
    no_lock(tree)
    (tree / "requirements.lock").mkdir()


def damaged_lock(tree: Path) -> None:
    (tree / "requirements.lock").write_bytes(b"\xff\xfe\0")


def fifo_as_lock(tree: Path) -> None:
    no_lock(tree)
    os.mkfifo(tree / "requirements.lock")


PLACES = {
    colon: "rename or move the folder",
    no_text: "is not UTF-8 text",
    damaged_lock: "`requirements.lock` is damaged",
    file: "`.venv` is not a folder; remove it",
    fifo: "`.venv` is not a folder; remove it",
    link: "`.venv` is a link; remove it",
    dead_link: "`.venv` is a link; remove it",
    no_lock: "`requirements.lock` cannot be read (No such file or directory)",
    folder_as_lock: "`requirements.lock` is not a file; restore it",
    fifo_as_lock: "`requirements.lock` is not a file; restore it",
}


@pytest.mark.skipif(os.name == "nt", reason="links and FIFOs of POSIX")
@pytest.mark.parametrize("spoil", PLACES)
def test_a_place_that_cannot_be_used_is_refused_in_one_line(tree: Path, spoil: Callable[[Path], Path | None]) -> None:
    place = spoil(tree) or tree

    assert PLACES[spoil] in error_of(launch(place))
    if spoil is link:
        assert list((tree.parent / "elsewhere").iterdir()) == []
    if spoil is file:
        assert (tree / ".venv").read_text(encoding="utf-8") == "mine"


USER_WITHOUT_RIGHTS = {"user": 65534, "group": 65534, "extra_groups": []}


def public_python() -> str | None:
    """A Python that other users can run, with pip."""
    for python in (BASE, shutil.which("python3", path="/usr/bin"), shutil.which("python3.11", path="/usr/bin")):
        with suppress(OSError, TypeError):
            code = "import sys, pip, venv; sys.exit(sys.version_info < (3, 11))"
            if subprocess.run([python, "-c", code], **USER_WITHOUT_RIGHTS, cwd="/", capture_output=True, check=False).returncode == 0:
                return python
    return None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_of_another_user_is_refused_in_one_line_unless_it_is_set_up() -> None:
    python = public_python()
    if python is None:
        pytest.skip("no Python that other users can run")
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        tree = make_tree(Path(name))

        refused = launch(tree, python=python, **USER_WITHOUT_RIGHTS)
        launch(tree, python=python)
        used = launch(tree, python=python, **USER_WITHOUT_RIGHTS)

    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert refused.stderr.splitlines()[-1].startswith(f"error: `{tree / '.venv'}` cannot be written or run (Permission denied)")
    assert (used.returncode, used.stderr) == (7, "")


OLDER = [*Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python"), *Path.home().glob(".pyenv/versions/3.10.*/bin/python")]


@pytest.mark.parametrize("python", OLDER, ids=lambda python: python.parts[-3])
def test_an_older_python_is_refused_in_one_line(used: Path, python: Path) -> None:
    done = subprocess.run([python, "run.py"], cwd=used, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)

    assert f"Python 3.11 or newer is needed, this is {'.'.join(python.parts[-3].split('.')[:2])} (" in error_of(done)


def test_a_python_that_says_it_is_older_is_refused_in_one_line(used: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 10, 1); runpy.run_path('run.py', run_name='__main__')"
    done = subprocess.run([BASE, "-c", code], cwd=used, capture_output=True, text=True, check=False)

    assert "Python 3.11 or newer is needed, this is 3.10 (" in error_of(done)

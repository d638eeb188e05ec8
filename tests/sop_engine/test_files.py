"""Atomic writes: a file is complete or as it was, nothing else stays behind, and it is on the disk before it has its name."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sop_engine.files import atomic, write_atomically, write_together

HOUSE = Path(__file__).parents[2]


class Stop(BaseException):
    """What no handler of errors catches, as an interruption."""


def test_a_file_is_written_with_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    write_atomically(file, b"new", 0o640)

    assert file.read_bytes() == b"new"
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("kind", [OSError, ValueError, KeyboardInterrupt, Stop])
def test_whatever_happens_the_old_file_stays_and_no_draft_does(kind: type[BaseException], tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    with suppress(kind), atomic(file, 3) as parts:
        for part in parts:
            part.write_bytes(b"half")
        assert len(list(tmp_path.iterdir())) == 4
        raise kind

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.txt", b"old")]


def test_of_several_parts_the_first_becomes_the_file(tmp_path: Path) -> None:
    with atomic(tmp_path / "a.txt", 2) as (first, second):
        second.write_bytes(b"scratch")
        first.write_bytes(b"text")
        assert {first.parent, second.parent} == {tmp_path}
        assert not (tmp_path / "a.txt").exists()

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.txt", b"text")]


def test_what_is_written_is_flushed_before_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync: Callable[[int], None] = os.fsync
    replace = Path.replace

    def flushed(descriptor: int) -> None:
        done.append(f"flush {os.fstat(descriptor).st_size}")
        fsync(descriptor)

    def renamed(draft: Path, file: Path) -> Path:
        done.append(f"rename {file.name}")
        return replace(draft, file)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    write_atomically(tmp_path / "a.txt", b"twelve bytes")

    assert done == ["flush 12", "rename a.txt"]


def test_a_file_that_cannot_be_put_in_its_place_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()

    with pytest.raises(OSError, match="directory"):
        write_atomically(tmp_path / "a.txt", b"new")

    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_files_that_are_written_together_change_when_all_are_on_the_disk(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {tmp_path / name: name.encode() for name in "abc"}
    for file in contents:
        file.write_bytes(b"old")
    original = getattr(Path, step)

    def failing(path: Path, *values: object) -> object:
        if path.name.startswith(".c."):
            raise OSError(28, "no space left")
        return original(path, *values)

    monkeypatch.setattr(Path, step, failing)
    with pytest.raises(OSError, match="no space left") as caught:
        write_together(contents)
    monkeypatch.undo()

    assert caught.value.filename == str(tmp_path / "c")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == (
        dict.fromkeys("abc", b"old") if step == "write_bytes" else {"a": b"a", "b": b"b", "c": b"old"}
    )
    write_together(contents)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"a", "b": b"b", "c": b"c"}


ELSEWHERE = {
    "run.py": 1,  # the launcher has nothing but the standard library, and writes a stamp of its own environment
    "sop_cli/snapshots.py": 1,  # into a temporary folder
    "sop_engine/files.py": 2,
    "steps/run/recorder.py": 1,  # the record of a run that goes on: a line at a time
}
"""Where a file is written otherwise, and how often."""


def test_nothing_of_the_program_writes_a_file_in_any_other_way() -> None:
    found = {}
    for file in [HOUSE / "run.py", *(each for folder in HOUSE.glob("*/__init__.py") for each in sorted(folder.parent.rglob("*.py")))]:
        name = file.relative_to(HOUSE).as_posix()
        if name.startswith("tests/"):
            continue
        text = re.sub(r"\bparts?\.\w+\(", "", file.read_text(encoding="utf-8"))  # a neighbour of `atomic`
        count = len(re.findall(r"\.write_(?:text|bytes)\(|\bos\.(?:fsync|rename|replace)\(|\.rename\(", text))
        if count:
            found[name] = count

    assert found == ELSEWHERE

"""Atomic writes: a file is complete or as it was, nothing else stays behind, and it is on the disk before it has its name."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sop_engine.files import atomic, write_atomically, write_together

ROOT = Path(__file__).parents[2]


class Stop(BaseException):
    """What no handler of errors catches, as an interruption."""


def _in_parts(file: Path, data: bytes) -> None:
    with atomic(file, 2) as parts:
        for part in parts:
            part.write_bytes(data)


WRITERS: list[Callable[[Path, bytes], None]] = [write_atomically, lambda file, data: write_together({file: data}), _in_parts]
LINK_KEEPERS: list[Callable[[Path, bytes], None]] = [
    lambda file, data: write_atomically(file, data, keep_link=True),
    lambda file, data: write_together({file: data}, keep_link=True),
]
EACH_WRITER = pytest.mark.parametrize("write", WRITERS, ids=["alone", "together", "in parts"])


@EACH_WRITER
@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o640, 0o600, 0o755, 0o444, 0o400, 0o664, 0o2755])
def test_a_file_keeps_its_permissions(write: Callable[[Path, bytes], None], mode: int, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    file.chmod(mode)

    write(file, b"new")

    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o7777 == mode
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


@EACH_WRITER
@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_a_file_keeps_its_extended_attributes(write: Callable[[Path, bytes], None], tmp_path: Path) -> None:
    """An access control list is one of them."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    names = {
        "user.note": b"kept",
        "system.posix_acl_access": bytes.fromhex(
            "0200000001000600ffffffff02000400010000000400040 0ffffffff10000600ffffffff20000400ffffffff".replace(" ", "")
        ),
    }
    for name, value in list(names.items()):
        try:
            os.setxattr(file, name, value)
        except OSError:  # this file system has none
            del names[name]
    if not names:
        pytest.skip("no extended attributes on this file system")
    mode = file.stat().st_mode

    write(file, b"new")

    assert {name: os.getxattr(file, name) for name in names} == names
    assert (file.read_bytes(), file.stat().st_mode) == (b"new", mode)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a file to another")
@EACH_WRITER
def test_a_file_keeps_its_owner(write: Callable[[Path, bytes], None], tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    os.chown(file, 1234, 2345)
    file.chmod(0o640)

    write(file, b"new")

    assert (file.stat().st_uid, file.stat().st_gid, file.stat().st_mode & 0o777) == (1234, 2345, 0o640)


@EACH_WRITER
@pytest.mark.parametrize("target", ["../elsewhere/a.txt", "../elsewhere", "nowhere", "a.txt"])
def test_a_link_is_replaced_and_leads_no_write_out_of_its_folder(write: Callable[[Path, bytes], None], target: str, tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere" / "a.txt", tmp_path / "here" / "a.txt"
    elsewhere.parent.mkdir()
    link.parent.mkdir()
    elsewhere.write_bytes(b"old")
    elsewhere.chmod(0o600)
    link.symlink_to(target)

    write(link, b"new")

    assert (link.is_symlink(), link.read_bytes(), elsewhere.read_bytes()) == (False, b"new", b"old")
    assert [[entry.name for entry in folder.iterdir()] for folder in (elsewhere.parent, link.parent)] == [["a.txt"], ["a.txt"]]


@EACH_WRITER
def test_a_link_in_the_place_of_a_draft_is_removed(write: Callable[[Path, bytes], None], tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"old")
    (tmp_path / f".a.txt.{os.getpid()}.0.part").symlink_to("precious")

    write(tmp_path / "a.txt", b"new")

    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == {"a.txt": b"new", "precious": b"old"}
    assert not (tmp_path / "a.txt").is_symlink()


@pytest.mark.parametrize("write", LINK_KEEPERS, ids=["alone", "together"])
@pytest.mark.parametrize("steps", [1, 2])
def test_a_link_of_a_file_that_people_edit_stays_a_link(write: Callable[[Path, bytes], None], steps: int, tmp_path: Path) -> None:
    target, link = tmp_path / "elsewhere" / "a.txt", tmp_path / "here" / "a.txt"
    target.parent.mkdir()
    link.parent.mkdir()
    target.write_bytes(b"old")
    target.chmod(0o600)
    if steps > 1:
        (tmp_path / "here" / "b.txt").symlink_to("../elsewhere/a.txt")
    link.symlink_to("b.txt" if steps > 1 else "../elsewhere/a.txt")

    write(link, b"new")

    assert link.is_symlink()
    assert (target.read_bytes(), link.read_bytes(), target.is_symlink()) == (b"new", b"new", False)
    assert os.name == "nt" or target.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in target.parent.iterdir()] == ["a.txt"]
    assert len(list(link.parent.iterdir())) == steps


@EACH_WRITER
def test_a_new_file_gets_the_permissions_of_every_new_file(write: Callable[[Path, bytes], None], tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_bytes(b"x")

    write(tmp_path / "a.txt", b"new")

    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "other.txt").stat().st_mode


@pytest.mark.parametrize("kind", [OSError, ValueError, KeyboardInterrupt, Stop])
def test_whatever_happens_the_old_file_stays_and_no_draft_does(kind: type[BaseException], tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    with suppress(kind), atomic(file, 3) as parts:
        for part in parts:
            part.write_bytes(b"half")
        assert len(list(tmp_path.iterdir())) == 4
        raise kind

    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("a.txt", b"old")]


def test_of_several_parts_the_first_becomes_the_file(tmp_path: Path) -> None:
    with atomic(tmp_path / "a.txt", 2) as (first, second):
        second.write_bytes(b"scratch")
        first.write_bytes(b"text")
        assert {first.parent, second.parent} == {tmp_path}
        assert not (tmp_path / "a.txt").exists()

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.txt", b"text")]


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

    with pytest.raises(OSError, match="directory") as raised:
        write_atomically(tmp_path / "a.txt", b"new")
    assert raised.value.filename == str(tmp_path / "a.txt")

    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("step", ["open", "replace"])
def test_files_that_are_written_together_change_when_all_are_on_the_disk(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {tmp_path / name: name.encode() for name in "abc"}
    for file in contents:
        file.write_bytes(b"old")
    original = getattr(Path, step)

    def failing(path: Path, *values: object, **options: object) -> object:
        if path.name.startswith(".c."):
            raise OSError(28, "no space left")
        return original(path, *values, **options)

    monkeypatch.setattr(Path, step, failing)
    with pytest.raises(OSError, match="no space left") as caught:
        write_together(contents)
    monkeypatch.undo()

    assert caught.value.filename == str(tmp_path / "c")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == (
        dict.fromkeys("abc", b"old") if step == "open" else {"a": b"a", "b": b"b", "c": b"old"}
    )
    write_together(contents)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"a", "b": b"b", "c": b"c"}


ELSEWHERE = {
    "reports/audit/writing.py": 5,  # into a folder beside the audit's, which then takes its place as a whole
    "run.py": 1,  # the launcher has nothing but the standard library, and writes a stamp of its own environment
    "sop_cli/answers/trial.py": 2,  # into copies in a temporary folder
    "sop_cli/records/preview.py": 1,  # as above
    "sop_cli/snapshots.py": 1,  # into a temporary folder
    "sop_cli/web/draft_trial.py": 1,  # into copies in a temporary folder
    "sop_cli/web/audit_results.py": 1,  # an earlier result that was being replaced comes back
    "sop_engine/files.py": 2,
    "sop_engine/register/new_version.py": 1,  # a new folder, as a whole
    "steps/support/audits.py": 1,  # into a temporary folder
    "steps/run/recorder.py": 1,  # the record of a run that goes on: a line at a time
}
"""Where a file is written otherwise, and how often."""


def test_nothing_of_the_program_writes_a_file_in_any_other_way() -> None:
    actual = {}
    for file in [ROOT / "run.py", *(module for folder in ROOT.glob("*/__init__.py") for module in sorted(folder.parent.rglob("*.py")))]:
        name = file.relative_to(ROOT).as_posix()
        if name.startswith("tests/"):
            continue
        text = re.sub(r"\bparts?\.\w+\(", "", file.read_text(encoding="utf-8"))  # a neighbour of `atomic`
        count = len(re.findall(r"\.write_(?:text|bytes)\(|\bos\.(?:fsync|rename|replace)\(|\.rename\(", text))
        if count:
            actual[name] = count

    assert actual == ELSEWHERE

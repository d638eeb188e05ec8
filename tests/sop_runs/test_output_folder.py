"""Folders that the program writes into: no file of others is touched, and one process writes at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sop_runs.output_folder import LOCK, MARKER, WRITER, BusyFolderError, ForeignFolderError, is_output_folder, output_folder, remove_drafts
from sop_runs.record.folder import set_latest

ROOT = Path(__file__).parents[2]


def put(folder: Path, contents: dict[str, bytes], kind: str = "site") -> None:
    with output_folder(folder, kind) as own:
        own.replace(contents)


def contents_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".sop-folder")}


@pytest.mark.parametrize("place", ["new", "a/b/c", "empty"])
def test_a_new_or_empty_folder_becomes_an_output_folder(place: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path / place, {"a.html": b"1"})

    assert contents_of(tmp_path / place) == {"a.html": b"1"}
    assert is_output_folder(tmp_path / place, "site")
    assert not is_output_folder(tmp_path / place, "study")


MARKERS = {
    "no marker": None,
    "an empty marker": b"",
    "not JSON": b"site",
    "a list": b"[]",
    "another kind": json.dumps({"folder_of": "study", "version": 1, "files": {}}).encode(),
    "another version": json.dumps({"folder_of": "site", "version": 2, "files": {}}).encode(),
    "no list of files": json.dumps({"folder_of": "site", "version": 1}).encode(),
    "a list for the files": json.dumps({"folder_of": "site", "version": 1, "files": ["index.html"]}).encode(),
    "deep": b"[" * 100_000,
    "not UTF-8": b"\xff",
}


@pytest.mark.parametrize("marker", MARKERS.values(), ids=MARKERS)
def test_a_folder_of_someone_else_is_refused_and_left_as_it_is(marker: bytes | None, tmp_path: Path) -> None:
    before = {"index.html": b"mine", **({MARKER: marker} if marker is not None else {})}
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ForeignFolderError, match="choose a new or empty folder, or remove this one"):
        put(tmp_path, {"index.html": b"ours"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_marker_that_is_a_pipe_does_not_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MARKER)
    with pytest.raises(ForeignFolderError):
        put(tmp_path, {})


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ForeignFolderError, match="is not a folder"):
        put(tmp_path / "out", {})


def test_only_what_was_written_before_and_is_unchanged_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(out, {"kept.html": b"1", "old.html": b"1", "edited.html": b"1", "link.html": b"1"})
    (out / "edited.html").write_bytes(b"by hand")
    (out / "other.html").write_bytes(b"mine")
    (tmp_path / "target").write_bytes(b"1")
    (out / "link.html").unlink()
    (out / "link.html").symlink_to(tmp_path / "target")
    put(out, {"kept.html": b"2"})

    assert contents_of(out) == {"kept.html": b"2", "edited.html": b"by hand", "other.html": b"mine", "link.html": b"1"}


@pytest.mark.parametrize("name", [MARKER, LOCK, WRITER, "a.html"])
@pytest.mark.parametrize("target", ["precious", "nowhere", "itself"])
def test_no_planted_link_leads_a_write_out_of_the_folder(name: str, target: str, tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious"
    put(out, {"a.html": b"1"})
    precious.write_bytes((out / MARKER).read_bytes() if name == MARKER else b"mine")
    before = precious.read_bytes()
    (out / name).unlink(missing_ok=True)
    (out / name).symlink_to(name if target == "itself" else tmp_path / target)

    if name == WRITER:
        put(out, {"a.html": b"2"})
        assert contents_of(out) == {"a.html": b"2"}
    else:
        with pytest.raises(ForeignFolderError, match=r"is a link.*; remove this link$"):
            put(out, {"a.html": b"2"})
    assert precious.read_bytes() == before
    assert not (tmp_path / "nowhere").exists()


def test_a_file_of_someone_else_in_our_folder_is_not_overwritten(tmp_path: Path) -> None:
    put(tmp_path / "out", {"a.html": b"1"})
    (tmp_path / "out" / "b.html").write_bytes(b"mine")
    with pytest.raises(ForeignFolderError, match=r"has a file `b\.html` that this program did not write"):
        put(tmp_path / "out", {"a.html": b"2", "b.html": b"2"})

    assert contents_of(tmp_path / "out") == {"a.html": b"1", "b.html": b"mine"}


def test_after_a_stop_at_any_file_the_folder_is_still_an_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, old, new = Path.replace, dict.fromkeys("abc", b"1"), dict.fromkeys("bcd", b"2")
    for number in range(7):
        out = tmp_path / str(number)
        put(out, old)
        calls = iter(range(100))

        def stopped(self: Path, target: Path, calls: Iterator[int] = calls, number: int = number) -> Path:
            if next(calls) == number:
                raise KeyboardInterrupt
            return rename(self, target)

        monkeypatch.setattr(Path, "replace", stopped)
        with suppress(KeyboardInterrupt):
            put(out, new)
        monkeypatch.undo()
        put(out, {"z": b"3"})
        assert contents_of(out) == {"z": b"3"}


def edit(file: Path) -> None:
    file.write_bytes(b"by hand")


def put_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("change", [edit, put_a_folder])
def test_a_file_that_was_changed_since_is_not_replaced_and_a_missing_one_is_written(change: Callable[[Path], None], tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(out, {"a.html": b"1", "b.html": b"1", "c.html": b"1", "state.css": b"1"})
    change(out / "a.html")
    (out / "b.html").unlink()
    (out / "state.css").write_bytes(b"notice")
    new = {"a.html": b"2", "b.html": b"2", "c.html": b"2", "state.css": b"2"}
    with (
        pytest.raises(
            ForeignFolderError, match=r"`a\.html` that was changed after this program wrote it; move this file elsewhere, or remove"
        ),
        output_folder(out, "site") as own,
    ):
        own.replace(new, {"state.css"})
    assert ((out / "a.html").is_dir() or (out / "a.html").read_bytes() == b"by hand", (out / "c.html").read_bytes()) == (True, b"1")

    (out / "a.html").rename(tmp_path / "a.html")
    with output_folder(out, "site") as own:
        own.replace(new, {"state.css"})
    assert contents_of(out) == new


def test_files_of_an_unfinished_folder_may_be_replaced_and_later_only_unchanged_ones(tmp_path: Path) -> None:
    def is_own(name: str) -> bool:
        return name.startswith("log-")

    with output_folder(tmp_path, "study") as own:
        own.begin_files(is_own)
        (tmp_path / "log-é 1").write_bytes(b"1")
    with output_folder(tmp_path, "study") as own:  # as after a kill
        own.begin_files(is_own)
        own.end_files(is_own)
    with output_folder(tmp_path, "study") as own:
        own.begin_files(is_own)
        own.end_files(is_own)
    (tmp_path / "notes").write_bytes(b"mine")
    (tmp_path / "log-2").write_bytes(b"mine")
    with output_folder(tmp_path, "study") as own, pytest.raises(ForeignFolderError, match="has a file `log-2` that this program did not"):
        own.begin_files(is_own)
    (tmp_path / "log-2").unlink()
    (tmp_path / "log-é 1").write_bytes(b"2")
    with output_folder(tmp_path, "study") as own, pytest.raises(ForeignFolderError, match="has a file `log-é 1` that was changed"):
        own.begin_files(is_own)
    assert not own.is_unfinished


@pytest.mark.parametrize("target", ["run", "precious", "nowhere", "latest"])
def test_a_link_in_the_place_of_latest_is_replaced_or_to_be_removed_alone(target: str, tmp_path: Path) -> None:
    runs, precious = tmp_path / "runs", tmp_path / "precious"
    (runs / "run").mkdir(parents=True)
    precious.write_bytes(b"run\n")
    (runs / "latest").symlink_to(target if target in {"run", "latest"} else tmp_path / target)

    if target == "precious":
        set_latest(runs, "20261129T000000Z-abcdef")
        assert not (runs / "latest").is_symlink()
    else:
        with pytest.raises(ForeignFolderError, match=r"`latest` that is not the id of a run; remove `.*latest`$"):
            set_latest(runs, "20261129T000000Z-abcdef")
    assert precious.read_bytes() == b"run\n"


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = [f".a.html.{dead.pid}.0.part", f".a.html.{os.getpid()}.0.part", ".mine.part", "b.part", ".a.html.part"]
    put(tmp_path / "out", {})
    for name in names:
        (tmp_path / "out" / name).write_text("x")
    remove_drafts(tmp_path / "out")

    assert sorted(contents_of(tmp_path / "out")) == sorted(names[1:])


@pytest.mark.skipif(not hasattr(os, "WNOWAIT"), reason="this system has no processes that wait for their parent")
def test_what_a_process_left_that_has_ended_and_waits_for_its_parent_is_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    draft = tmp_path / f".a.html.{ended.pid}.0.part"
    draft.write_text("x")
    remove_drafts(tmp_path)
    ended.wait()

    assert not draft.exists()


HOLD = """
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from sop_runs.output_folder import output_folder
with output_folder(Path(sys.argv[1]), "site"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_with_the_first_one_named_and_a_dead_one_does_not_count(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "out")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BusyFolderError, match=f"process {holder.pid}, "), output_folder(tmp_path / "out", "site", wait_s=0):
        pass

    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    put(tmp_path / "out", {"a": b"1"})
    assert contents_of(tmp_path / "out") == {"a": b"1"}

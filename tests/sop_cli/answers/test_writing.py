"""Changed files are written all or none, and a patch is one that git applies."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sop_cli.answers import writing
from sop_cli.answers.writing import WritingError, patch_of, write_changes, write_patch
from sop_cli.main import main


@pytest.fixture
def changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Path, tuple[bytes, bytes]]:
    monkeypatch.chdir(tmp_path)
    contents = {Path("a b.toml"): (b"one\ntwo\n", b"one\nthree\n"), Path("x.feature"): (b"\xef\xbb\xbfa\r\nb", b"\xef\xbb\xbfa\r\nc\r\nd")}
    for file, (old, _) in contents.items():
        file.write_bytes(old)
    return contents


def contents(changes: dict[Path, tuple[bytes, bytes]]) -> list[bytes]:
    return [file.read_bytes() for file in changes]


def test_every_file_is_written(changes: dict[Path, tuple[bytes, bytes]], tmp_path: Path) -> None:
    write_changes(changes)
    assert contents(changes) == [new for _, new in changes.values()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a b.toml", "build", "x.feature"]


def test_a_file_that_changed_meanwhile_stops_all(changes: dict[Path, tuple[bytes, bytes]]) -> None:
    Path("x.feature").write_bytes(b"mine")
    with pytest.raises(WritingError, match=r"x\.feature has changed meanwhile, so nothing was written; run the command again"):
        write_changes(changes)
    assert contents(changes) == [b"one\ntwo\n", b"mine"]


@pytest.mark.parametrize("at", [1, 2])
def test_an_error_half_way_leaves_the_old_files(at: int, changes: dict[Path, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    replace, calls = Path.replace, []

    def failing(draft: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == at:
            raise OSError(28, "No space left on device", str(target))
        return replace(draft, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space left"):
        write_changes(changes)
    assert contents(changes) == [old for old, _ in changes.values()]
    assert not list(Path().glob(".*.part"))


def test_another_process_that_writes_is_waited_for_and_then_named(
    changes: dict[Path, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LONGEST_WAIT_S", 0.0)
    Path("build").mkdir()
    with writing.FileLock(writing.ANSWERS_LOCK), pytest.raises(WritingError, match="another process writes registers here"):
        write_changes(changes)
    assert contents(changes) == [old for old, _ in changes.values()]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_applies_a_patch(changes: dict[Path, tuple[bytes, bytes]]) -> None:
    write_patch(Path("answer.patch"), patch_of(changes))
    subprocess.run(["git", "apply", "answer.patch"], check=True)
    assert contents(changes) == [new for _, new in changes.values()]
    with pytest.raises(WritingError, match=r"answer\.patch` exists; name a new file for the patch"):
        write_patch(Path("answer.patch"), b"")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["GAP-4"], "there is no gap `GAP-4`"),
        (["GAP-04", "--reading", "3"], "an answer needs --by and --on; the readings are listed by `sop answer GAP-04`"),
        (["GAP-04", "--reading", "9", "--by", "A", "--on", "2026-12-01"], "`GAP-04` has no reading 9; expected 1 to 3"),
        (["GAP-04", "--reading", "3", "--by", " ", "--on", "2026-12-01"], "the answer does not say who decided it; add a name"),
        (["GAP-04", "--reading", "3", "--by", "A", "--on", "soon"], "`soon` is not a day; write it like 2026-12-01"),
        (["GAP-40", "--reading", "2", "--by", "A", "--on", "2026-12-01"], "reading 2 of `GAP-40` cannot be put in force"),
        (["GAP-04", "--withdraw"], "`GAP-04` has no answer that could be withdrawn"),
        (["GAP-04", "--withdraw", "--by", "A"], "--by cannot be used with --withdraw; leave one of them out"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_elsewhere_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["answer", "GAP-04", "--reading", "3", "--by", "A", "--on", "2026-12-01", "--yes"]) == 2
    assert "run the command in the folder of the project" in capsys.readouterr().err


def test_without_options_the_question_is_shown_with_what_each_reading_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "GAP-04"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "status: open",
        "  1  This cannot happen: in PROCESSING the e-invoice is always pushed.",
        "     changes 1 answer: sop diff --with GAP-04=1",
        "  2  Report and credit note, as in SC-ERP-FULL-1.1 and AC-ERP-FULL-1.1. (in force)",
        "  3  No step, because no listed situation applies.",
        "     changes 1 answer: sop diff --with GAP-04=3",
    ]

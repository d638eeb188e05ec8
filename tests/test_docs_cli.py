"""`sop docs` writes the site of a run, says what it is worth, and refuses what it cannot read."""

import json
from pathlib import Path

import pytest

from sop_cli.main import main
from tests.run_samples import record, write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one run, whose record was made with the SOP of the samples."""
    monkeypatch.chdir(tmp_path)
    write(record(), tmp_path / "build" / "runs" / "one")
    (tmp_path / "build" / "runs" / "latest").write_text("one\n")
    return tmp_path


def test_the_last_run_is_shown_and_its_verdict_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0

    assert "8 examples failed" in capsys.readouterr().out
    assert (here / "build" / "site" / "index.html").is_file()


def test_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--run", str(here / "build/runs/one"), "--out", "site", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["document"], told["verdict"], told["title"]) == ("site/index.html", "bad", "8 examples failed")


def test_another_run_may_be_the_base(here: Path) -> None:
    write(record(fates={}), here / "base")

    assert main(["docs", "--base", "base"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--run", "nowhere"], "`nowhere` is no run"),
        (["--base", "nowhere"], "`nowhere` is no run"),
        (["--source", "nowhere.txt"], "nowhere.txt: the source document cannot be read"),
        (["--source", "binary.txt"], "binary.txt: the source document is not UTF-8 text"),
        (["--out", "file.txt/site"], "cannot be written"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_clear_error(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (here / "binary.txt").write_bytes(b"\xff\xfe\x00")
    (here / "file.txt").write_text("in the way")

    assert main(["docs", *arguments]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert not (here / "build" / "site").exists()

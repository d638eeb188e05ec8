"""Baselines of the gate: bad ones are refused, and approving writes the same bytes each time."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click import unstyle

from sop_cli.main import main
from sop_runs.change.baseline import read_baseline
from sop_runs.change.example_text import examples_of
from sop_runs.record.reader import read
from tests.support.gate_runs import command
from tests.support.run_samples import dump

pytestmark = pytest.mark.usefixtures("in_process")


def rewritten(file: Path, **values: object) -> None:
    """A file of the baseline with other values."""
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")


def without_feature(file: Path, name: str) -> None:
    """A list without the entries of its first feature."""
    entries = json.loads(file.read_text(encoding="utf-8"))[name]
    rewritten(file, **{name: [entry for entry in entries if entry["feature"] != entries[0]["feature"]]})


def first_entry(file: Path, name: str, **values: object) -> None:
    """A list whose first entry has other values."""
    first, *others = json.loads(file.read_text(encoding="utf-8"))[name]
    rewritten(file, **{name: [first | values, *others]})


def repeated(file: Path, name: str) -> None:
    """A list that has its first entry twice."""
    entries = json.loads(file.read_text(encoding="utf-8"))[name]
    rewritten(file, **{name: [*entries, entries[0]]})


def stripped(file: Path, name: str, part: str) -> None:
    """A list whose first entry lacks a part."""
    first, *others = json.loads(file.read_text(encoding="utf-8"))[name]
    del first[part]
    rewritten(file, **{name: [first, *others]})


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda place: (place / "behaviour.json").unlink(), "behaviour.json: the file does not exist"),
        (lambda place: (place / "examples.json").unlink(), "examples.json: the file does not exist"),
        (
            lambda place: (place / "examples.json").write_text("{}", encoding="utf-8"),
            "examples.json: cannot be used: the file has no `version`",
        ),
        (lambda place: (place / "examples.json").write_bytes(b"\xff"), "examples.json: cannot be read"),
        (lambda place: (place / "sentences.json").unlink(), "sentences.json: the file does not exist"),
        *(
            (lambda place, file=file: (place / file).write_text("", encoding="utf-8"), f"{file}: ")
            for file in ("behaviour.json", "examples.json", "sentences.json")
        ),
        *(
            (lambda place, file=file, version=version: rewritten(place / file, version=version), f"{file}: has version {version}")
            for file in ("behaviour.json", "examples.json", "sentences.json")
            for version in (0, 3, 99)
        ),
        (lambda place: rewritten(place / "behaviour.json", rows=[]), "behaviour.json: is not a table of every situation"),
        (lambda place: rewritten(place / "examples.json", examples=[]), "examples.json: has no example"),
        (lambda place: rewritten(place / "examples.json", descriptions=[]), "examples.json: has no description"),
        (lambda place: rewritten(place / "examples.json", descriptions=None), "examples.json: cannot be used: descriptions is null"),
        (lambda place: rewritten(place / "sentences.json", sections=[]), "sentences.json: has no heading"),
        (lambda place: rewritten(place / "sentences.json", clauses=[]), "sentences.json: has no clause"),
        (lambda place: rewritten(place / "sentences.json", gaps=[]), "sentences.json: has no gap"),
        (lambda place: without_feature(place / "examples.json", "examples"), "examples.json: has no example of "),
        (lambda place: without_feature(place / "examples.json", "descriptions"), "examples.json: has no description of "),
        (lambda place: first_entry(place / "examples.json", "examples", steps=[]), "examples.json: has other steps of "),
        (lambda place: first_entry(place / "examples.json", "examples", tags=["@x"]), "examples.json: has other steps of "),
        (lambda place: repeated(place / "sentences.json", "clauses"), "sentences.json: has the clause DOC-1 twice"),
        (lambda place: repeated(place / "examples.json", "examples"), "examples.json: has the example "),
        (lambda place: repeated(place / "examples.json", "descriptions"), "examples.json: has the description "),
        (lambda place: stripped(place / "sentences.json", "gaps", "resolutions"), "sentences.json: has no `resolutions` of the gap GAP-01"),
        (lambda place: stripped(place / "sentences.json", "sections", "facts"), "sentences.json: has no `facts` of the heading SC-ERP"),
        (lambda place: (place / "behaviour.json").write_text("[]", encoding="utf-8"), "behaviour.json: is not a table"),
    ],
)
def test_a_bad_baseline_is_one_error(  # noqa: PLR0913
    spoil: Callable[[Path], None], reason: str, folder: Path, approved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "approved"
    shutil.copytree(approved, place)
    spoil(place)

    status, out, err = command("--run", str(folder), "--approved", str(place), capsys=capsys)

    assert (status, out) == (2, "")
    assert err.count("error:") == 1
    assert reason in err


def test_without_a_baseline_it_is_closed_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    status, out, _ = command("--run", str(folder), capsys=capsys)

    assert status == 1
    assert re.findall(r"✗ (\w+) .*\n    there is no baseline\n", unstyle(out)) == ["behaviour", "wording", "examples"]


def test_what_is_approved_is_the_same_bytes_each_time(
    folder: Path, approved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["approve", "--yes", "--run", str(folder), "--to", str(tmp_path / "again")]) == 0
    capsys.readouterr()

    for name in ("behaviour.json", "examples.json"):
        assert (tmp_path / "again" / name).read_bytes() == (approved / name).read_bytes()
    assert read_baseline(tmp_path / "again").examples == examples_of(read(folder / "run.ndjson"))


def test_a_run_with_failures_cannot_be_approved(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoilt = tmp_path / "run"
    shutil.copytree(folder, spoilt)
    lines = [json.loads(line) for line in (spoilt / "run.ndjson").read_text(encoding="utf-8").splitlines()]
    result = next(line for line in lines if line["type"] == "scenario")
    result["status"] = result["steps"][-1]["status"] = "failed"
    write_lines(spoilt, lines)

    status = main(["approve", "--run", str(spoilt), "--to", str(tmp_path / "approved")])

    assert status == 2
    assert "cannot be read from run.ndjson:" in (err := capsys.readouterr().err)
    assert "has the status failed, but every claim of it holds; run `sop verify` again" in err
    result["claims"][-1] |= {"expected": "x", "actual": "y", "holds": False}
    lines[-1]["counts"]["passed"] -= 1
    lines[-1]["counts"]["failed"] += 1
    write_lines(spoilt, lines)
    status = main(["approve", "--run", str(spoilt), "--to", str(tmp_path / "approved")])
    assert (status, "1 example failed" in capsys.readouterr().err) == (2, True)
    assert not (tmp_path / "approved").exists()


def write_lines(folder: Path, lines: list[dict[str, object]]) -> None:
    (folder / "run.ndjson").write_bytes(b"".join(map(dump, lines)))

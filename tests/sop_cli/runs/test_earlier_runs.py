"""`sop verify --last-failed` after runs that are unreadable, unfinished or of something else."""

import json

import pytest

from tests.support.verified_project import GOOD, MENDED, Project, latest_of, verify

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda run: run.unlink(), "cannot be read from run.ndjson on"),
        (lambda run: run.write_bytes(b"{}\n"), "cannot be read from run.ndjson:1 on"),
        (lambda run: run.write_bytes(b""), "cannot be read from"),
        (lambda run: (run.parents[1] / "latest").unlink(), "there is no run in `build/runs`"),
        (lambda run: (run.parents[1] / "latest").write_bytes(b"\xff"), "there is no run in `build/runs`"),
    ],
)
def test_without_a_run_that_can_be_read_nothing_runs(sop: Project, spoil, reason: str) -> None:
    verify(sop)
    runs = sop.folder / "build" / "runs"
    spoil(runs / (runs / "latest").read_text().strip() / "run.ndjson")

    assert verify(sop, "--last-failed") == 2
    assert reason in sop.err
    assert sop.err.count("\n") == 1


@pytest.mark.parametrize(
    "selection",
    [("-k", "no such text"), ("-t", "@GAP-14"), ("--last-failed", "-k", "no such text"), ("features/a.feature", "-k", "B1")],
)
def test_a_run_of_nothing_is_not_the_last_run(sop: Project, selection: tuple[str, ...]) -> None:
    assert verify(sop, *selection[selection[0] == "--last-failed" :]) == 2
    assert not (sop.folder / "build" / "runs" / "latest").exists()
    assert verify(sop) == 1
    before = latest_of(sop)

    assert verify(sop, *selection) == 2
    assert "0 of 5 examples are selected" in sop.err
    assert latest_of(sop) == before
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]


@pytest.mark.parametrize("record", [None, b"", b'{"type":"manifest"', b'{"type":"closing"}\n', b"\xff\n"])
def test_a_last_run_without_a_record_is_passed_over(sop: Project, record: bytes | None) -> None:
    verify(sop)
    for run in ("29991231T235959Z-0123ab", "29991231T235959Z-0123ac"):
        folder = sop.folder / "build" / "runs" / run
        folder.mkdir()
        if record is not None:
            (folder / "run.ndjson").write_bytes(record)
    (folder.parent / "latest").write_text(f"{run}\n", encoding="utf-8")

    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert verify(sop, "--last-failed") == 1
    (folder.parent / "latest").write_text("29991231T235959Z-ffffff", encoding="utf-8")
    sop.write("a", A1=GOOD, A2=MENDED)
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert "(the last one, `29991231T235959Z-ffffff`, has no readable record): a.feature changed" in sop.err


REFUSED = {
    "refused": ("-k", "no such text"),
    "killed before its first line": (),
    "killed while its first line was written": (),
}
"""Runs that recorded no example, with their options."""


@pytest.mark.parametrize("way", REFUSED)
def test_an_older_run_is_never_taken_for_the_present_one_unsaid(sop: Project, way: str) -> None:
    verify(sop)
    before = latest_of(sop)
    runs = sop.folder / "build" / "runs"
    if way == "refused":
        assert verify(sop, *REFUSED[way]) == 2
        (later,) = {entry.name for entry in runs.iterdir() if entry.is_dir()} - {before}
    else:
        later = "29991231T235959Z-0123ab"
        (runs / later).mkdir()
        (runs / "latest").write_text(f"{later}\n", encoding="utf-8")
        (runs / later / (".run.ndjson.1.0.part" if "while" in way else "plan.json")).write_bytes(b'{"type":')
    status = sop("docs", "--out", "build/pages")
    assert sop.err.count("\n") == 1
    if way == "refused":
        assert (status, sop.err) == (
            0,
            f"note: these are the pages of the run `{before}`; the later run `{later}` was refused, or stopped before the first example\n",
        )
        assert verify(sop, *REFUSED[way]) == 2
        assert sop("docs", "--out", "build/pages") == 0
        assert "; 2 later runs, the last one `" in sop.err
        assert sop("docs", "--out", "build/pages", "--run", f"build/runs/{before}") == 0
        assert sop.err == ""
    else:
        assert status == 2
        assert sop.err.startswith(f"error: `build/runs/latest` names `{later}`, which is not a run with its run.ndjson; ")
    assert sop("gate", "--run", f"build/runs/{later}") == (1 if way == "refused" else 2)
    assert ("only a selection ran" in sop.out) == (way == "refused")
    assert sop.err.count("\n") == (way != "refused")
    assert verify(sop, "--last-failed") == 1
    if way == "refused":
        assert f"note: since the last run `{before}`; 2 later runs, the last one `" in sop.err
    else:
        assert f"note: since the run `{before}` (the last one, `{later}`, has no readable record)" in sop.err
    assert sop.last == ["A2", "B1"]
    if way == "refused":
        assert sop("docs", "--out", "build/pages") == 0
        assert sop.err == ""


def test_failures_that_did_not_run_again_stay(sop: Project) -> None:
    verify(sop)
    for selection, name in ((("--last-failed", "-k", "B1"), "B1"), (("features/a.feature:8",), "A1"), (("features/b.feature:13",), "B2")):
        verify(sop, *selection)
        assert sop.last == [name]
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]

    verify(sop, "features/b.feature:13")
    sop.write("b", B1=MENDED, B2=GOOD)
    assert verify(sop, "features/b.feature") == 0
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2"]
    verify(sop, "features/b.feature:13")
    assert verify(sop, "--last-failed") == 1
    assert "1 example failed before it and did not run again" in sop.err

    sop.write("a", A1=GOOD, A2=MENDED)
    assert verify(sop, "features/a.feature:13") == 0
    assert verify(sop, "--last-failed") == 2
    assert "0 examples failed" in sop.err


def test_a_file_that_had_findings_runs_until_all_of_it_ran(sop: Project) -> None:
    sop.write("a", A1=GOOD, A2={"stage": "PACKD", "outcome": "refused"})
    sop.write("b", B1=MENDED, B2=GOOD)
    verify(sop)
    sop.write("a", A1=GOOD, A2=MENDED)
    assert verify(sop, "features/b.feature:8") == 0
    assert verify(sop, "features/a.feature:8") == 0

    assert verify(sop, "--last-failed") == 0
    assert sop.last == ["A2"]
    assert verify(sop, "--last-failed") == 2


def test_a_run_that_did_not_finish_says_how_far_it_came(sop: Project) -> None:
    verify(sop)
    runs = sop.folder / "build" / "runs"
    record = runs / (runs / "latest").read_text().strip() / "run.ndjson"
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(line for line in lines if json.loads(line)["type"] != "closing" and b'"feature":"b.feature"' not in line))

    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2"]
    assert "which did not finish (3 of 5 examples ran): nothing changed" in sop.err


def test_an_earlier_run_that_cannot_be_read_is_named(sop: Project) -> None:
    verify(sop)
    assert verify(sop, "features/a.feature:8") == 0
    damaged = latest_of(sop)
    assert verify(sop, "features/a.feature:8") == 0
    (sop.folder / "build" / "runs" / damaged / "run.ndjson").write_bytes(b"rubbish\n")

    assert verify(sop, "--last-failed") == 1
    assert sop.err.count("note: ") == 1
    assert f"1 earlier run is left out, because its record cannot be read: `{damaged}`" in sop.err

"""`sop verify` of a line, and of the examples that the last run failed."""

import itertools
import json
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sop_cli.main import main
from sop_runs.record.reader import read
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS

pytestmark = pytest.mark.usefixtures("in_process")

BACKGROUND = """@{tag}
Feature: {name}

  Background:
    Given an order invoiced through {model}

"""
SCENARIO = """  Scenario: {name}
    Given the order is {stage}
    When the seller cancels the full order
    Then the cancellation is {outcome}

"""
MODELS = {"a": ("SC-ERP-FULL", "the client's ERP"), "b": ("SC-RMS-FULL", "RMS")}
"""By the name of the file, so that two files have no example twice."""
GOOD, BAD = {"stage": "PACKED", "outcome": "refused"}, {"stage": "FULFILLABLE", "outcome": "refused"}
MENDED = {"stage": "FULFILLABLE", "outcome": "allowed"}
KNOWN = """  @expected-to-fail
  Scenario: Known
    Because it is not mended.

    Fails: the outcome of seller / full / ERP / CREATED / any e-invoice (4 cases): expected refused, got allowed

    Given the order is CREATED
    When the seller cancels the full order
    Then the cancellation is refused

"""


NUMBERS = itertools.count()
SCHEMA = Draft202012Validator(json.loads((files("sop_engine") / "schemas" / "run-record.schema.json").read_text(encoding="utf-8")))


class Project:
    """Features in the current folder, and what a command printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = self.err = ""

    def write(self, name: str, *, more: str = "", **outcomes: dict[str, str]) -> None:
        scenarios = "".join(SCENARIO.format(name=scenario, **outcome) for scenario, outcome in outcomes.items())
        (self.folder / "features").mkdir(exist_ok=True)
        tag, model = MODELS[name]
        (self.folder / "features" / f"{name}.feature").write_text(
            BACKGROUND.format(name=name, tag=tag, model=model) + scenarios + more, encoding="utf-8"
        )

    def __call__(self, *arguments: str) -> int:
        self.capsys.readouterr()
        status = main(list(arguments))
        self.out, self.err = self.capsys.readouterr()
        return status

    @property
    def last(self) -> list[str]:
        """The names of the examples that the last run executed."""
        runs = self.folder / "build" / "runs"
        record = read(runs / (runs / "latest").read_text().strip())
        return [scenario.name for scenario in record.scenarios if scenario.status != "not-run"]


@pytest.fixture
def sop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path, capsys)
    project.write("a", A1=GOOD, A2=BAD, more=KNOWN)
    project.write("b", B1=BAD, B2=GOOD)
    return project


@pytest.fixture
def module() -> Iterator[str]:
    """The name of a module with step definitions that no other test uses."""
    name = f"steps_of_chosen_run_{next(NUMBERS)}"
    yield name
    FOLDERS.pop(name, None)
    DEFINITIONS.pop(name, None)
    sys.modules.pop(name, None)


def verify(sop: Project, *arguments: str) -> int:
    return sop("verify", "--no-docs", *arguments)


def test_places_that_a_run_prints_run_what_they_name(sop: Project) -> None:
    assert verify(sop) == 1
    places = re.findall(r"^(features/\S+\.feature:\d+:) failed", sop.out, re.MULTILINE)
    assert len(places) == 2

    assert verify(sop, *places) == 1
    assert sop.last == ["A2", "B1"]
    assert "✗ 2 of 2 selected examples failed (all ran); 3 not run" in sop.out
    assert verify(sop, places[0]) == 1
    assert sop.last == ["A2"]


def test_a_line_of_a_good_scenario_is_good_and_a_part(sop: Project) -> None:
    assert verify(sop, "features/a.feature:8", "--json") == 0
    plain = json.loads(sop.out)
    assert (plain["green"], plain["whole"], plain["counts"]["expected"], plain["counts"]["written"]) == (True, False, 1, 5)
    [(path, [example])] = plain["selection"]["examples"].items()
    manifest = json.loads((Path(plain["run"]) / "run.ndjson").read_bytes().splitlines()[0])
    assert manifest["selection"] == plain["selection"]
    SCHEMA.validate(manifest)
    assert (path, example[:2]) == ("a.feature", "a1")
    assert sop("gate", "--run", plain["run"]) == 1
    assert "only a selection ran: 1 of 5 examples" in sop.out
    assert sop("approve", "--run", plain["run"]) == 2
    assert "ran only a selection" in sop.err


def test_a_line_with_text_tags_workers_and_the_pages(sop: Project) -> None:
    assert verify(sop, "features/a.feature:2", "-k", "A1", "-n", "2") == 0
    assert sop.last == ["A1"]
    assert verify(sop, "features/a.feature:8", "-t", "@GAP-14") == 2
    assert "0 of 5 examples are selected" in sop.err
    assert sop("verify", "features/b.feature:13") == 0
    page = (sop.folder / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert "selected by line or last failure: 1 example and paths b.feature" in page


def test_a_background_step_that_fails_names_its_scenario(sop: Project, module: str) -> None:
    steps = sop.folder / f"{module}.py"
    steps.write_text(
        "from steps.definitions.decorators import ANY_SENTENCE, given\n\n\n@given('it breaks', target_fixture='e_invoice', follows=[ANY_SENTENCE])\ndef _(invoicing):\n    raise ValueError\n",
        encoding="utf-8",
    )
    file = sop.folder / "features" / "a.feature"
    file.write_text(file.read_text(encoding="utf-8").replace("ERP\n\n", "ERP\n    And it breaks\n\n", 1), encoding="utf-8")

    assert verify(sop, "--steps", f"{module}.py", "features/a.feature:9") == 1, sop.err
    assert "features/a.feature:6: broken: And it breaks\n  in A1 (scenario at features/a.feature:8)\n" in sop.out


@pytest.mark.parametrize("place", ["features/a.feature:6", "features/a.feature:99", "features/a.feature:0"])
def test_a_line_of_nothing_runs_nothing(sop: Project, place: str) -> None:
    assert verify(sop, place) == 2
    assert sop.err.startswith(f"error: {place}: ")
    assert not (sop.folder / "build" / "runs" / "latest").exists()


def test_findings_of_a_file_are_shown_whatever_its_line(sop: Project) -> None:
    sop.write("a", A1={"stage": "PACKD", "outcome": "refused"}, A2=GOOD)
    assert verify(sop, "features/a.feature:13") == 1
    place = re.search(r"^features/a\.feature:8:\d+: undefined-step", sop.out, re.MULTILINE)
    assert place
    assert verify(sop, place[0].removesuffix(" undefined-step")) == 1
    assert "undefined-step" in sop.out


def test_only_what_failed_last_runs_again_until_nothing_fails(sop: Project) -> None:
    assert verify(sop) == 1
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert "note" not in sop.err

    sop.write("b", B1=MENDED, B2=GOOD)
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert re.search(r"^note: since the last run `\S+`: b\.feature changed$", sop.err, re.MULTILINE)

    assert verify(sop, "--last-failed", "features/b.feature") == 2
    assert "1 example failed in the last run" in sop.err
    assert "but none of them is selected here" in sop.err

    sop.write("a", A1=GOOD, A2=MENDED)
    assert verify(sop, "--last-failed") == 0
    assert sop.last == ["A2"]
    assert verify(sop, "--last-failed") == 2
    assert re.match(r"error: 0 examples failed in the last run `\S+`; run `sop verify` without --last-failed\n$", sop.err)


def test_an_unexpected_pass_failed_and_a_known_failure_did_not(sop: Project) -> None:
    sop.write("b", B1=GOOD)
    sop.write("a", more=KNOWN + KNOWN.replace("Known", "Mended").replace("CREATED", "PACKED"))
    assert verify(sop) == 1
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["Mended"]


def test_a_file_with_findings_runs_as_a_whole_when_it_is_corrected(sop: Project) -> None:
    sop.write("a", A1=GOOD, A2={"stage": "PACKD", "outcome": "refused"})
    assert verify(sop) == 1
    assert sop.last == ["B1", "B2"]
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["B1"]
    assert "undefined-step" in sop.out

    sop.write("a", A1=GOOD, A2=MENDED)
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A1", "A2", "B1"]


def test_lines_and_text_limit_what_failed(sop: Project) -> None:
    verify(sop)
    assert verify(sop, "--last-failed", "features/a.feature:2", "features/b.feature:13") == 1
    assert sop.last == ["A2"]
    verify(sop)
    assert verify(sop, "--last-failed", "-k", "B1") == 1
    assert sop.last == ["B1"]


def test_after_a_merge_the_failures_of_all_shards_run_again(sop: Project) -> None:
    for number in (1, 2):
        sop("verify", "--no-docs", "--shard", f"{number}/2", "--out", "parts")
    assert sop("merge", "--no-docs", *map(str, sorted((sop.folder / "parts" / "runs").glob("*-*")))) == 1

    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert verify(sop, "--last-failed", "--shard", "1/2") == 2
    assert "--last-failed cannot be used with --shard" in sop.err


def test_an_example_that_is_renamed_or_deleted_is_said(sop: Project) -> None:
    verify(sop)
    sop.write("a", A1=GOOD, A9=BAD)
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["B1"]
    assert "a.feature changed; 1 failed example of a.feature was renamed, deleted or edited" in sop.err

    verify(sop)
    (sop.folder / "features" / "b.feature").unlink()
    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A9"]
    assert "b.feature was removed" in sop.err


@pytest.mark.parametrize("names", [("a", "b"), ("a",), ("c",)], ids=["same names", "one of the names", "another name"])
@pytest.mark.parametrize("folder", ["other/features", "other"])
def test_a_run_of_other_features_hides_no_failure(sop: Project, names: tuple[str, ...], folder: str) -> None:
    verify(sop)
    other = sop.folder / folder
    other.mkdir(parents=True)
    for name in names:
        tag, model = MODELS["b" if name == "b" else "a"]
        good = BACKGROUND.format(name=name, tag=tag, model=model) + SCENARIO.format(name=name, **GOOD)
        (other / f"{name}.feature").write_text(good, encoding="utf-8")
    assert verify(sop, folder) == 0, sop.out
    assert verify(sop, "--last-failed", folder) == 2
    assert "0 examples failed in the last run" in sop.err

    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]
    assert verify(sop, "--last-failed", "--out", "elsewhere") == 2
    assert "there is no run in `elsewhere/runs`" in sop.err


def test_without_a_run_of_these_features_nothing_runs(sop: Project) -> None:
    verify(sop)
    other = sop.folder / "other" / "features"
    other.mkdir(parents=True)
    (sop.folder / "features" / "a.feature").rename(other / "c.feature")
    assert verify(sop, "--last-failed", "other/features") == 2
    assert sop.err == "error: there is no run of these features in `build/runs`; run `sop verify` without --last-failed\n"


def test_a_failure_stays_however_many_runs_are_between(sop: Project) -> None:
    verify(sop)
    verify(sop, "features/a.feature:8")
    runs = sop.folder / "build" / "runs"
    part = runs / latest_of(sop)
    for number in range(120):
        copy = runs / f"29991231T{number:06}Z-0123ab"
        copy.mkdir()
        for file in ("run.ndjson", "plan.json"):
            (copy / file).write_bytes((part / file).read_bytes())
    (runs / "latest").write_text(f"{copy.name}\n", encoding="utf-8")

    assert verify(sop, "--last-failed") == 1
    assert sop.last == ["A2", "B1"]


@pytest.mark.parametrize("way", ["renamed", "deleted", "edited"])
def test_the_only_failure_that_is_no_longer_written_is_said(sop: Project, way: str) -> None:
    sop.write("b", B1=MENDED)
    verify(sop)
    more = {"renamed": {"A9": BAD}, "deleted": {}, "edited": {"A2": MENDED}}[way]
    sop.write("a", A1=GOOD, **more)
    text = sop.folder / "features" / "a.feature"
    if way == "edited":
        text.write_text(text.read_text(encoding="utf-8").replace("A2", "A2 now"), encoding="utf-8")
    assert verify(sop, "--last-failed") == 2
    assert "1 example failed in the last run `" in sop.err
    assert "`, but 1 example was renamed, deleted or edited (a.feature); run `sop verify` without --last-failed" in sop.err


def test_a_removed_file_with_a_syntax_finding_is_said(sop: Project) -> None:
    sop.write("a", A1=GOOD)
    bad = sop.folder / "features" / "c.feature"
    bad.write_text("Feature: c\n\n  Scenario: c\n    Given the order is PACKED\n    nonsense |\n", encoding="utf-8")
    sop.write("b", B1=MENDED)
    assert verify(sop) == 1
    bad.unlink()
    assert verify(sop, "--last-failed") == 2
    assert "error: 1 file had findings in the last run `" in sop.err
    assert "`, but 1 file with them was renamed or removed (c.feature); run" in sop.err


def test_a_failed_example_whose_file_cannot_be_parsed_now_shows_its_findings(sop: Project) -> None:
    verify(sop)
    file = sop.folder / "features" / "a.feature"
    file.write_text(file.read_text(encoding="utf-8") + "    | x\n", encoding="utf-8")
    sop.write("b", B1=MENDED)
    assert verify(sop, "--last-failed", "features/a.feature") == 1
    assert "a.feature" in sop.out


def test_a_run_that_only_an_unread_file_spoilt_is_explained(sop: Project) -> None:
    sop.write("a", A1=GOOD)
    sop.write("b", B1=MENDED)
    (sop.folder / "features" / "x.feature.txt").write_text("Feature: x\n", encoding="utf-8")
    assert verify(sop) == 1
    assert verify(sop, "--last-failed") == 2
    assert ", but it was not good: 1 finding in the names and places of 1 file, first " in sop.err
    assert "x.feature.txt" in sop.err


def test_a_run_of_other_code_is_said(sop: Project, module: str) -> None:
    steps = sop.folder / f"{module}.py"
    steps.write_text("X = 1\n", encoding="utf-8")
    verify(sop, "--steps", f"{module}.py")
    steps.write_text("X = 2\n", encoding="utf-8")
    assert verify(sop, "--last-failed", "--steps", f"{module}.py") == 1, sop.err
    assert re.search(rf"^note: since the last run `\S+`: the code changed \(`{module}` changed\)$", sop.err, re.MULTILINE)


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


def latest_of(sop: Project) -> str:
    return (sop.folder / "build" / "runs" / "latest").read_text(encoding="utf-8").strip()


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


@pytest.mark.parametrize("command", ["lint", "fmt"])
def test_other_commands_take_no_line_and_say_so(sop: Project, command: str) -> None:
    assert sop(command, "features/a.feature:3") == 2
    assert "only `sop verify` takes a line, name the file alone" in sop.err
    assert sop(command, "features/z.feature:3") == 2
    assert "takes a line" not in sop.err


def test_an_earlier_run_that_cannot_be_read_is_named(sop: Project) -> None:
    verify(sop)
    assert verify(sop, "features/a.feature:8") == 0
    damaged = latest_of(sop)
    assert verify(sop, "features/a.feature:8") == 0
    (sop.folder / "build" / "runs" / damaged / "run.ndjson").write_bytes(b"rubbish\n")

    assert verify(sop, "--last-failed") == 1
    assert sop.err.count("note: ") == 1
    assert f"1 earlier run is left out, because its record cannot be read: `{damaged}`" in sop.err

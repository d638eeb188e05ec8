"""Shards run apart and merge to the record of a serial run, byte for byte; whatever is not all of one run is refused."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sop_cli.main import main
from sop_engine import SopError
from sop_runs.record.code import OtherCodeError
from sop_runs.record.durations import DURATIONS, ExampleDurations
from sop_runs.record.outside_code import OutsideCode, write_outside_code
from sop_runs.record.reader import dump, read
from sop_runs.record.status import ran
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import BindingModules
from steps.language.selection import SelectionError, shard_of
from steps.run.plan import Plan
from steps.run.runner import RunResult, run
from steps.run.shards import MergeError, merge

pytestmark = pytest.mark.usefixtures("in_process")

BINDINGS = BindingModules(("tests.support.run_bindings",))
SCENARIO = "  Scenario: Number {n}\n    Given a number {n}\n    When 1 is added\n    Then the number is {sum}\n\n"


def specification(tmp_path: Path, wrong: int | None = None) -> Path:
    folder = tmp_path / "features"
    folder.mkdir()
    for name, numbers in (("a", range(5)), ("b", range(5, 7))):
        text = "".join(SCENARIO.format(n=n, sum=n + 1 + (n == wrong)) for n in numbers)
        (folder / f"{name}.feature").write_text(f"Feature: {name}\n\n{text}", encoding="utf-8")
    return folder


def shards(folder: Path, tmp_path: Path, count: int, **more: object) -> list[RunResult]:
    return [run([folder], out=tmp_path / "shards", bindings=BINDINGS, shard=f"{k}/{count}", **more) for k in range(1, count + 1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 3, 9])
def test_merged_shards_are_the_record_of_a_serial_run(count: int, tmp_path: Path) -> None:
    folder = specification(tmp_path)
    serial = run([folder], out=tmp_path / "serial", bindings=BINDINGS)
    parts = shards(folder, tmp_path, count)

    whole = merge([part.folder for part in reversed(parts)], tmp_path / "merged")

    assert (whole.verdict.good, reason_texts(whole.verdict)) == (True, ())
    assert whole.record.read_bytes() == serial.record.read_bytes()
    assert sum(part.verdict.counts.executed for part in parts) == 7
    assert all(part.verdict.good == bool(part.verdict.counts.expected) for part in parts)
    assert (tmp_path / "merged" / "latest").read_text().strip() == whole.run_id


def test_a_failure_in_one_shard_is_a_failure_of_the_whole(tmp_path: Path) -> None:
    folder = specification(tmp_path, wrong=4)
    serial = run([folder], out=tmp_path / "serial", bindings=BINDINGS)

    whole = merge([part.folder for part in shards(folder, tmp_path, 2)], tmp_path / "merged")

    assert whole.record.read_bytes() == serial.record.read_bytes()
    assert [failure.name for failure in whole.verdict.failures] == ["Number 4"]


def test_what_a_newer_version_counts_besides_is_left_out(tmp_path: Path) -> None:
    folder = specification(tmp_path)
    parts = shards(folder, tmp_path, 2)
    for part in parts[:1]:
        text = part.record.read_text(encoding="utf-8")
        part.record.write_text(text.replace('"counts":{', '"counts":{"awaited":1,'), encoding="utf-8")

    whole = merge([part.folder for part in parts], tmp_path / "merged")

    assert whole.verdict.good
    assert b"awaited" not in whole.record.read_bytes()


def test_a_file_with_a_finding_stays_unrun_in_all(tmp_path: Path) -> None:
    folder = specification(tmp_path)
    (folder / "b.feature").write_text("Feature: b\n\n  Scenario: x\n    Given a number 1\n", encoding="utf-8")
    serial = run([folder], out=tmp_path / "serial", bindings=BINDINGS)

    whole = merge([part.folder for part in shards(folder, tmp_path, 2)], tmp_path / "merged")

    assert whole.record.read_bytes() == serial.record.read_bytes()
    assert not whole.verdict.good


def test_a_shard_of_a_selection_merges_to_the_selection(tmp_path: Path) -> None:
    folder = specification(tmp_path)
    serial = run([folder], out=tmp_path / "serial", bindings=BINDINGS, keyword="Number 1")

    whole = merge([part.folder for part in shards(folder, tmp_path, 2, keyword="Number 1")], tmp_path / "merged")

    assert whole.record.read_bytes() == serial.record.read_bytes()


def test_the_merged_run_has_the_plan_of_its_shards_without_the_shard(tmp_path: Path) -> None:
    folder = specification(tmp_path)
    (folder / "c.feature.txt").write_text("Feature: c\n", encoding="utf-8")
    file, out = folder / "a.feature", tmp_path / "shards"
    parts = [run([file], out=out, bindings=BINDINGS, shard=f"{k}/2", keyword="Number 1", tags="not @GAP-14") for k in (1, 2)]
    first, whole = Plan.read(parts[0].folder / "plan.json"), merge([part.folder for part in parts], tmp_path / "merged")
    plan = Plan.read(whole.folder / "plan.json")

    assert (whole.root, whole.bindings) == (folder, BINDINGS)
    assert whole.selection == plan.selection == replace(first.selection, shard=None)
    assert (plan.selection.paths, plan.selection.keyword, plan.selection.tags) == (("a.feature",), "Number 1", "not @GAP-14")
    assert plan == replace(first, record=whole.record, selection=plan.selection)
    assert [finding.path for finding in plan.surroundings.file_findings] == ["c.feature.txt"]
    assert plan.files == (folder / "a.feature", folder / "b.feature")
    assert (whole.folder.parent, whole.record) == (tmp_path / "merged", whole.folder / "run.ndjson")
    assert (whole.folder / "steps.json").read_bytes() == (parts[0].folder / "steps.json").read_bytes()
    about = json.loads((whole.folder / "about.json").read_text(encoding="utf-8"))
    assert (about["run_id"], about["merged"]) == (whole.run_id, [part.folder.name for part in parts])
    assert datetime.fromisoformat(about["finished"]).utcoffset() == timedelta(0)
    assert about["finished"].count(":") == 3, "to the second"
    assert (whole.folder / "about.json").read_bytes().startswith(b'{\n "run_id"')
    assert (whole.folder / "about.json").read_bytes().endswith(b"}\n")


def test_shards_without_a_catalogue_of_steps_merge_without_one(parts: list[Path], tmp_path: Path) -> None:
    (parts[0] / "steps.json").unlink()

    assert not (merge(parts, tmp_path / "merged").folder / "steps.json").exists()


def test_the_counts_of_the_shards_are_added_up(tmp_path: Path) -> None:
    parts = shards(specification(tmp_path, wrong=4), tmp_path, 3)

    counts = merge([part.folder for part in parts], tmp_path / "merged").verdict.counts

    assert (counts.written, counts.expected, counts.executed, counts.passed, counts.failed) == (7, 7, 7, 6, 1)


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    return [part.folder for part in shards(specification(tmp_path), tmp_path, 2)]


def refused(folders: list[Path], tmp_path: Path) -> str:
    with pytest.raises(MergeError) as caught:
        merge(folders, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
    return str(caught.value)


def test_what_is_not_every_shard_of_one_run_is_refused(parts: list[Path], tmp_path: Path) -> None:
    first, second = parts
    other = run([first.parents[1] / "features"], out=tmp_path / "other", bindings=BINDINGS, shard="1/3").folder
    serial = run([first.parents[1] / "features"], out=tmp_path / "other", bindings=BINDINGS).folder
    torn, changed = tmp_path / "torn", tmp_path / "changed"
    shutil.copytree(second, torn)
    (torn / "run.ndjson").write_bytes((second / "run.ndjson").read_bytes()[:-40])
    shutil.copytree(second, changed)
    lines = [json.loads(line) for line in (second / "run.ndjson").read_text(encoding="utf-8").splitlines()]
    lines[0]["features"] = dict.fromkeys(lines[0]["features"], "0" * 64)
    for line in (line for line in lines if line["type"] == "feature"):
        line["sha256"] = "0" * 64
    (changed / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    one, two = f"`{first.as_posix()}`", f"`{second.as_posix()}`"
    assert refused([first], tmp_path) == "missing: shard 2/2; merge all shards"
    assert refused([second], tmp_path) == "missing: shard 1/2; merge all shards"
    assert refused([other], tmp_path) == "missing: shard 2/3, 3/3; merge all shards"
    assert refused([first, first], tmp_path) == f"{one} and {one} are both shard 1/2; merge each shard once"
    assert refused([second, other], tmp_path) == (
        f"`{other.as_posix()}` is shard 1/3, but {two} is one of 2 shards; merge the shards of one run"
    )
    assert refused([first, serial], tmp_path) == (
        f"the run `{serial.as_posix()}` is not a shard; make the shards with `sop verify --shard 1/N`, `2/N` … `N/N`"
    )
    assert refused([first, torn], tmp_path) == f"the run `{torn.as_posix()}` did not end; run that shard again"
    assert refused([first, changed], tmp_path) == (
        f"`{changed.as_posix()}` and {one} are of different specifications or selections; run all shards on the same files"
    )
    none = (tmp_path / "none").as_posix()
    assert refused([first, tmp_path / "none"], tmp_path) == f"`{none}` is not a run; name folders that `sop verify --shard` wrote"


def test_an_example_that_ran_in_two_shards_is_refused(parts: list[Path], tmp_path: Path) -> None:
    lines = [[json.loads(line) for line in (part / "run.ndjson").read_text(encoding="utf-8").splitlines()] for part in parts]
    place = next(number for number, line in enumerate(lines[0]) if line["type"] == "scenario" and line["status"] == "passed")
    lines[1][place] = lines[0][place]
    for counts, names in ((lines[1][0], ("expected",)), (lines[1][-1]["counts"], ("expected", "executed", "passed"))):
        counts.update({name: counts[name] + 1 for name in names})
    (parts[1] / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines[1]), encoding="utf-8")

    again = f"{lines[0][place]['feature']}:{lines[0][place]['line']}"
    assert refused(parts, tmp_path) == f"{again} ran in more than one shard; run the shards again with one version of the program"


@pytest.mark.parametrize("count", [1, 2])
def test_an_example_that_no_shard_ran_keeps_its_line(count: int, tmp_path: Path) -> None:
    folder = specification(tmp_path)
    (folder / "b.feature").write_text("Feature: b\n\n  Scenario: x\n    Given a number 1\n", encoding="utf-8")

    whole = merge([part.folder for part in shards(folder, tmp_path, count)], tmp_path / "merged")

    assert [scenario.status for scenario in read(whole.record).scenarios] == ["passed"] * 5 + ["not-run"]


def test_shards_without_a_plan_or_without_features_leave_nothing_behind(
    parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "features").rename(tmp_path / "elsewhere")
    with pytest.raises(SopError):
        merge(parts, tmp_path / "merged")
    (tmp_path / "elsewhere").rename(tmp_path / "features")
    (parts[0] / "plan.json").unlink()
    with pytest.raises(SopError) as caught:
        merge(parts, tmp_path / "merged")
    assert str(caught.value) == (
        f"{(parts[0] / 'plan.json').as_posix()}: the plan of the run is missing; "
        "keep all files of a run folder together, or run `sop verify` again"
    )
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/", "a/b", "1/2/3", "-1/2", "1/99999"])
def test_what_is_no_shard_is_one_error(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SelectionError, match="is not a shard"):
        shard_of(text)
    assert main(["verify", "--shard", text, str(specification(tmp_path)), "--out", str(tmp_path / "build")]) == 2
    assert capsys.readouterr().err.count("error:") == 1
    assert not (tmp_path / "build").exists()


def test_shards_of_another_machine_are_judged_by_the_features_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    folder = specification(there)
    parts = [part.folder for part in shards(folder, tmp_path, 2)]
    there.rename(here)
    monkeypatch.chdir(here)

    whole = merge(parts, tmp_path / "merged")

    assert (whole.verdict.good, reason_texts(whole.verdict)) == (True, ())
    assert whole.root == (here / "features").resolve()
    (here / "features" / "a.feature").write_text("Feature: a\n\n  Scenario: x\n    Given a number 1\n", encoding="utf-8")
    assert not merge(parts, tmp_path / "again").verdict.good


def rewritten(folders: list[Path], change: Callable[[dict[str, Any]], object]) -> None:
    """Each line of the records, changed."""
    for folder in folders:
        lines = [json.loads(line) for line in (folder / "run.ndjson").read_text(encoding="utf-8").splitlines()]
        for line in lines:
            change(line)
        (folder / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_shards_of_other_code_than_the_present_are_refused_or_reported(parts: list[Path], tmp_path: Path) -> None:
    rewritten(parts, lambda line: line["code"]["libraries"].update(pytest="0.1") if line["type"] == "manifest" else None)

    with pytest.raises(OtherCodeError) as caught:
        merge(parts, tmp_path / "merged")
    assert str(caught.value).startswith(f"the run `{parts[0].as_posix()}` was made by other code: pytest is ")
    assert not (tmp_path / "merged").exists()
    whole = merge(parts, tmp_path / "merged", allow_other_code=True)
    assert whole.verdict.good
    assert whole.note.startswith(f"the run `{parts[0].as_posix()}` was made by other code: pytest is ")


def test_code_from_outside_that_one_shard_loaded_is_that_of_the_whole(parts: list[Path], tmp_path: Path) -> None:
    write_outside_code(OutsideCode(1, ("watcher (x.py)",)), parts[0])
    write_outside_code(OutsideCode(1, ("tracer (y.py)",)), parts[1])

    whole = merge(parts, tmp_path / "merged")

    assert (whole.verdict.good, whole.note) == (True, "code from outside the program was loaded: tracer (y.py), watcher (x.py)")
    write_outside_code(OutsideCode(1, (), ("steps.x",)), parts[1])
    assert not merge(parts, tmp_path / "merged").verdict.good


def test_a_text_of_a_feature_that_was_changed_in_each_shard_is_a_reason(parts: list[Path], tmp_path: Path) -> None:
    rewritten(parts, lambda line: line.update(text=f"{line['text']}# more\n") if line["type"] == "feature" else None)

    assert reason_texts(merge(parts, tmp_path / "merged").verdict) != ()


def test_the_durations_of_the_shards_are_those_of_the_whole_in_the_order_of_its_examples(parts: list[Path], tmp_path: Path) -> None:
    records = [read(part) for part in parts]
    expected = []
    for number, (part, record) in enumerate(zip(parts, records, strict=True)):
        own = [scenario for scenario in record.scenarios if ran(scenario)]
        durations = [ExampleDurations(*scenario.key, (number, 1, place)) for place, scenario in enumerate(own)]
        (part / DURATIONS).write_bytes(b"".join(map(dump, reversed(durations))))
        expected += durations

    whole = merge(parts, tmp_path / "merged")

    keys = [scenario.key for scenario in records[0].scenarios]
    lines = [msgspec.json.decode(line, type=ExampleDurations) for line in (whole.folder / DURATIONS).read_bytes().splitlines()]
    assert lines == sorted(expected, key=lambda durations: keys.index((durations.feature, durations.id)))
    (parts[0] / DURATIONS).unlink()
    whole = merge(parts, tmp_path / "again")
    assert len((whole.folder / DURATIONS).read_bytes().splitlines()) == 3
    (parts[1] / DURATIONS).unlink()
    assert not (merge(parts, tmp_path / "none").folder / DURATIONS).exists()


def test_a_catalogue_of_steps_that_is_no_file_is_refused(parts: list[Path], tmp_path: Path) -> None:
    (parts[0] / "steps.json").unlink()
    (parts[0] / "steps.json").mkdir()

    with pytest.raises(SopError) as caught:
        merge(parts, tmp_path / "merged")
    assert str(caught.value) == f"{(parts[0] / 'steps.json').as_posix()}: it is not a regular file; run that shard again"


def test_a_shard_that_cannot_be_read_is_refused_with_place_and_reason(parts: list[Path], tmp_path: Path) -> None:
    lines = (parts[1] / "run.ndjson").read_bytes().splitlines(keepends=True)
    (parts[1] / "run.ndjson").write_bytes(b"".join([*lines[:2], b"{]\n", *lines[3:]]))

    assert re.fullmatch(
        rf"the run `{parts[1].as_posix()}` cannot be read from run\.ndjson:3 on: the line is not JSON[^;]*; run that shard again",
        refused(parts, tmp_path),
    )


def test_shards_of_two_states_of_the_code_are_refused(parts: list[Path], tmp_path: Path) -> None:
    rewritten(parts[1:], lambda line: line["code"]["libraries"].update(pytest="0.1") if line["type"] == "manifest" else None)

    message = refused(parts, tmp_path)

    assert message.startswith(f"`{parts[1].as_posix()}` was made by other code than `{parts[0].as_posix()}`: pytest is 0.1 instead of ")
    assert message.endswith("; run all shards with one version of the program")


def test_shards_of_two_selections_are_refused(parts: list[Path], tmp_path: Path) -> None:
    """Also if these select the same examples."""
    other = run([tmp_path / "features"], out=tmp_path / "other", bindings=BINDINGS, shard="2/2", keyword="Number").folder

    assert refused([parts[0], other], tmp_path) == (
        f"`{other.as_posix()}` and `{parts[0].as_posix()}` are of different specifications or selections; run all shards on the same files"
    )

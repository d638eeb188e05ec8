"""`sop verify --last-failed`: only what failed last runs again, until nothing fails."""

import re

import pytest

from tests.support.verified_project import BACKGROUND, BAD, GOOD, KNOWN, MENDED, MODELS, SCENARIO, Project, latest_of, verify

pytestmark = pytest.mark.usefixtures("in_process")


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

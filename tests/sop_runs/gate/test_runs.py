"""The gate is closed for runs that are broken, interrupted, of other features or of other code."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click import unstyle

from sop_cli.gate_formats import FORMATS, GateFormat, GateResult
from sop_runs.gate import Check
from sop_runs.problem import Problem
from steps.run.runner import run
from tests.support.gate_runs import FEATURES, command
from tests.support.run_samples import dump

pytestmark = pytest.mark.usefixtures("in_process")


def test_a_broken_feature_closes_it_at_the_line(
    tmp_path: Path, approved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FEATURES, tmp_path / "features", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, old, new in (
        ("seller_cancellation/full_rms.feature", "Then the cancellation is refused", "Then the cancellation is allowed"),
        ("returns/rsi.feature", "Scenario:", "Scenaro:"),
    ):
        file = tmp_path / "features" / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    status, out, _ = command("--approved", str(approved), "--format", "github", capsys=capsys)

    assert status == 1
    errors = [line for line in out.splitlines() if line.startswith("::error")]
    assert any("file=features/returns/rsi.feature,line=" in line and "title=sop gate%3A misspelt" in line for line in errors)
    wrong = next(line for line in errors if "title=sop gate%3A passed" in line)
    line = int(wrong.partition("line=")[2].partition(",")[0])
    assert (
        "Then the cancellation is allowed"
        in (tmp_path / "features/seller_cancellation/full_rms.feature").read_text(encoding="utf-8").splitlines()[line - 1]
    )


@pytest.mark.slow
def test_a_run_that_did_not_end_never_opens_it(folder: Path, approved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torn = tmp_path / "torn"
    shutil.copytree(folder, torn)
    raw = (torn / "run.ndjson").read_bytes().splitlines(keepends=True)
    for place in (1, 2, len(raw) // 2, len(raw) - 1):
        (torn / "run.ndjson").write_bytes(b"".join(raw[:place]))
        status, out, _ = command("--run", str(torn), "--approved", str(approved), capsys=capsys)
        assert status == 1
        assert "✗ complete" in out


def test_a_run_of_other_features_or_of_features_as_they_were_never_opens_it(
    folder: Path, approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FEATURES, tmp_path / "features", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = tmp_path / "features" / "ajio_cancellation" / "full_erp.feature"
    file.write_text(file.read_text(encoding="utf-8").replace("is refused", "is allowed", 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    status, out, _ = command("--run", str(folder), "--approved", str(approved), capsys=capsys)

    assert status == 1
    assert "✗ complete" in out
    assert "ajio_cancellation/full_erp.feature changed since the run began" in out


@pytest.mark.parametrize("words", ["expected to fail", "examples failed", "in the feature files", "during the run"])
def test_a_file_that_changed_closes_it_whatever_the_file_is_called(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "features" / f"rsi {words}.feature"
    file.parent.mkdir()
    shutil.copy(FEATURES / "returns" / "rsi.feature", file)
    monkeypatch.chdir(tmp_path)
    done = run([file.parent], out=tmp_path / "runs")
    assert done.verdict.good
    file.write_text(file.read_text(encoding="utf-8").replace("saleable stock", "quarantine", 1), encoding="utf-8")

    status, out, _ = command("--run", str(done.folder), "--format", "json", capsys=capsys)

    complete = next(check for check in json.loads(out)["checks"] if check["code"] == "complete")
    assert (status, complete["holds"]) == (1, False)
    assert [problem["message"] for problem in complete["problems"]] == [f"rsi {words}.feature changed since the run began"]


OTHER_CODE: dict[str, tuple[str, str, str]] = {
    "the steps": ("packages", "steps", "`steps` changed"),
    "the engine": ("packages", "sop_engine", "`sop_engine` changed"),
    "the orders": ("packages", "orders", "`orders` changed"),
    "the simulator": ("packages", "simulator", "`simulator` changed"),
    "a user's module": ("packages", "my_shop", "`my_shop` is missing"),
    "a library": ("libraries", "msgspec", f"msgspec is {version('msgspec')} instead of {'0' * 64}"),
}


@pytest.mark.parametrize(("part", "name", "words"), OTHER_CODE.values(), ids=OTHER_CODE)
def test_a_run_of_other_code_is_refused_or_its_code_is_reported(  # noqa: PLR0913 - fixtures
    folder: Path, approved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str, name: str, words: str
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    first, *rest = (other / "run.ndjson").read_bytes().splitlines(keepends=True)
    manifest = json.loads(first)
    manifest["code"][part][name] = "0" * 64
    (other / "run.ndjson").write_bytes(b"".join([dump(manifest), *rest]))
    sentence = f"the run `other` was made by other code: {words}"

    status, out, err = command("--run", str(other), "--approved", str(approved), capsys=capsys)

    assert (status, out) == (2, "")
    assert err == f"error: {sentence}; run `sop verify` again, or accept this run with --allow-other-code\n"
    if name in {"steps", "my_shop"}:
        status, out, err = command("--run", str(other), "--approved", str(approved), "--allow-other-code", capsys=capsys)
        assert (status, err) == (0, "")
        assert f"ran; accepted: {sentence}" in unstyle(out)


CLOSED = GateResult(
    (
        Check("lint", "files", "2 findings", "mend", (Problem("x.feature", 3, 5, "no-then", "a:b,c%\n<x>\x1b", "correct it"),)),
        Check("complete", "all", "1 executed", "run"),
        Check("cases", "answers", "not judged", "mend", blocked=True),
    ),
    "features",
)  # fmt: skip


def test_every_format_reports_the_problem_and_its_place() -> None:
    texts = {form: FORMATS[form](CLOSED) for form in GateFormat}

    assert "    features/x.feature:3: no-then: a:b,c%\\n<x>\\x1b; correct it\n" in unstyle(texts[GateFormat.TEXT])
    assert "\x1b[" not in texts[GateFormat.JSON]
    plain = json.loads(texts[GateFormat.JSON])
    assert plain["checks"][0]["problems"] == [
        {
            "message": "a:b,c%\n<x>\x1b", "file": "features/x.feature", "line": 3, "column": 5, "rule": "no-then", "remedy": "correct it",
        }
    ]  # fmt: skip
    stop, *log_lines, start, annotation = texts[GateFormat.GITHUB].splitlines()
    assert "\n".join(log_lines) == texts[GateFormat.TEXT]
    assert (stop.partition("stop-commands")[0], start) == ("::", f"::{stop.rpartition(':')[2]}::")
    assert annotation == "::error file=features/x.feature,line=3,col=5,title=sop gate%3A no-then::a:b,c%25\\n<x>\\x1b; correct it"
    log = json.loads(texts[GateFormat.SARIF])
    assert log["version"] == "2.1.0"
    result = log["runs"][0]["results"][0]
    assert result["ruleId"] == "no-then"
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "features/x.feature"}, "region": {"startLine": 3, "startColumn": 5},
    }  # fmt: skip
    assert "○ cases      answers: not judged\n" in unstyle(texts[GateFormat.TEXT])
    assert unstyle(texts[GateFormat.TEXT]).endswith("the gate is closed: 1 of 3 checks failed, 1 not judged yet")
    assert (plain["open"], [check["blocked"] for check in plain["checks"]]) == (False, [False, False, True])
    suite = ET.fromstring(texts[GateFormat.JUNIT]).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "0", "1"]
    assert [(case.get("name"), [part.tag for part in case]) for case in suite] == [
        ("lint", ["failure"]), ("complete", []), ("cases", ["skipped"]),
    ]  # fmt: skip
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text == "features/x.feature:3:5: no-then: a:b,c%\\n<x>\\x1b; correct it"

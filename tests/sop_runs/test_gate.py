"""The gate opens only when everything holds, and each thing that does not is reported by its own check."""

import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click import unstyle
from msgspec.structs import replace as altered

from sop_cli.gate_formats import FORMATS, GateFormat, GateResult
from sop_cli.main import main
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_runs.change.baseline import approve, read_baseline
from sop_runs.change.example_text import examples_of
from sop_runs.gate import Check, Gate
from sop_runs.problem import Problem
from sop_runs.record.reader import read
from sop_runs.record.schema import ScenarioRecord, SelectionRecord
from sop_runs.record.verdict import Failure, Reason, ReasonKind, Verdict, judge
from sop_runs.record.verdict_text import reason_text
from steps.generation.proposals import suggestion
from steps.language.feature_set import feature_set_of, snapshot
from steps.run.judge import judge_run
from steps.run.runner import run
from tests.support.run_samples import dump

FEATURES = Path(__file__).parents[2] / "features"
CODES = ("lint", "complete", "passed", "clauses", "gaps", "cases", "behaviour", "wording", "examples", "mutation")


pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(scope="module")
def folder(specification_run: Path) -> Path:
    return specification_run


@pytest.fixture(scope="module")
def approved(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("approved")
    approve(read(folder / "run.ndjson"), place)
    return place


@pytest.fixture
def gate(folder: Path, approved: Path) -> Gate:
    return Gate(read(folder / "run.ndjson"), verdict(folder), read_baseline(approved), suggestion)


def verdict(folder: Path) -> Verdict:
    return judge_run(folder / "run.ndjson", snapshot(feature_set_of([FEATURES]), [FEATURES]), ENGINE.rulebook.sha256)


def red(gate: Gate) -> list[str]:
    return [check.code for check in gate.checks() if not check.holds]


def test_it_is_open_for_what_was_approved(gate: Gate) -> None:
    assert [(check.code, check.holds) for check in gate.checks()] == [(code, True) for code in CODES]


def with_scenarios(gate: Gate, scenarios: Iterable[ScenarioRecord]) -> Gate:
    return Gate(replace(gate.record, scenarios=list(scenarios)), gate.verdict, gate.baseline, suggestion)


def less(gate: Gate, keep: Callable[[ScenarioRecord], bool]) -> Gate:
    return with_scenarios(gate, filter(keep, gate.record.scenarios))


def test_a_sentence_without_example_is_named(gate: Gate) -> None:
    checks = {check.code: check for check in less(gate, lambda each: "@SC-RMS-PART-2" not in each.tags).checks()}

    assert [problem.message.partition(":")[0] for problem in checks["clauses"].problems] == ["SC-RMS-PART-2"]
    assert not checks["examples"].holds
    assert not checks["cases"].holds
    assert not checks["mutation"].holds


def test_a_gap_without_example_is_named(gate: Gate) -> None:
    checks = {check.code: check for check in less(gate, lambda each: "@GAP-14" not in each.tags).checks()}

    assert "GAP-14" in {problem.message.partition(":")[0] for problem in checks["gaps"].problems}


def test_a_question_to_watch_needs_no_example(gate: Gate) -> None:
    """GAP-16 and GAP-18 stand beside an answer and say what to watch; GAP-14 decides its cases."""
    checks = {check.code: check for check in less(gate, lambda each: not {"@GAP-14", "@GAP-16", "@GAP-18"} & set(each.tags)).checks()}

    assert {problem.message.partition(":")[0] for problem in checks["gaps"].problems} == {"GAP-14"}
    assert checks["gaps"].summary == "25 of 26 asserted by passed examples; 5 gaps to watch without an example"


def test_a_tag_alone_covers_nothing(gate: Gate) -> None:
    silent = with_scenarios(gate, (altered(each, claims=[]) for each in gate.record.scenarios))
    checks = {check.code: check for check in silent.checks()}

    assert not checks["clauses"].holds
    assert len(checks["cases"].problems) == 384
    assert not checks["mutation"].holds


def test_a_failed_example_asserts_nothing(gate: Gate) -> None:
    failed = with_scenarios(gate, (altered(each, status="failed") for each in gate.record.scenarios))
    checks = {check.code: check for check in failed.checks()}

    assert {code for code in ("clauses", "gaps", "cases", "mutation") if checks[code].holds} == set()


@pytest.mark.parametrize("found", ["failures", "findings"])
def test_what_only_passed_examples_can_say_is_not_judged_while_some_do_not_pass(gate: Gate, found: str) -> None:
    failure = Failure("x", "a.feature", 2, 3, None, None, "A", "failed", "Then b", "the outcome of c: expected d, got e", "d", "e")
    finding = Problem("a.feature", 2, 1, "r", "m", "n")
    gate.verdict = replace(gate.verdict, **{found: (failure,) if found == "failures" else (finding,)})
    checks = {check.code: check for check in gate.checks()}

    assert {code for code, check in checks.items() if check.blocked} == {"clauses", "gaps", "cases", "mutation"}
    assert not any(check.holds or check.problems for check in checks.values() if check.blocked)
    assert [code for code, check in checks.items() if check.problems] == ["passed" if found == "failures" else "lint"]


def test_rows_of_an_outline_with_one_problem_are_told_once(gate: Gate) -> None:
    rows = [Failure(str(row), "a.feature", 2, 3, row, None, "A", "failed", "Then b", f"row {row} is wrong", "d", "e") for row in (7, 8, 9)]
    other = replace(rows[0], name="B", scenario=19, row=None)
    gate.verdict = replace(gate.verdict, failures=(*rows, other))

    check = next(check for check in gate.checks() if check.code == "passed")

    assert [(problem.message, problem.line) for problem in check.problems] == [
        ("A: row 7 is wrong; and 2 more rows", 3),
        ("B: row 7 is wrong", 3),
    ]
    assert "4 failed" in check.summary


def test_a_change_that_nothing_would_notice_is_told_where_the_row_is_missing(gate: Gate) -> None:
    thin = less(
        gate,
        lambda each: (
            "beyond_the_sop" not in each.feature and each.name != "The seller cannot cancel a packed order in full under the client's ERP"
        ),
    )
    check = next(check for check in thin.checks() if check.code == "mutation")

    placed = [problem for problem in check.problems if problem.path]
    assert placed
    for problem in placed:
        assert re.fullmatch(r"if .+, every example would still pass", problem.message)
        row = re.fullmatch(r"add `(\|.+\|)` below", problem.remedy)
        assert row, problem.remedy
        lines = (FEATURES / problem.path).read_text(encoding="utf-8").splitlines()
        assert lines[problem.line - 1].count("|") == row[1].count("|")
    assert {problem.remedy for problem in check.problems if not problem.path} <= {"`sop mutate` shows the scenario to add"}


def test_another_answer_than_approved_is_named_with_the_example_that_says_so(gate: Gate) -> None:
    assert gate.baseline is not None
    rows = dict(gate.baseline.behaviour.rows)
    key = next(key for key in rows if key[1] == "as-practised" and key[2] == ("seller", "full", "ERP", "PACKED", "pushed"))
    rows[key] = replace(rows[key], outcome="allowed")
    gate.baseline = replace(gate.baseline, behaviour=Behaviour("x", "0", rows))

    check = next(check for check in gate.checks() if not check.holds)

    assert (check.code, len(check.problems)) == ("behaviour", 1)
    assert "seller / full / ERP / PACKED / pushed" in check.problems[0].message
    assert check.problems[0].path.endswith(".feature")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda _: None, "gone"),
        (lambda each: altered(each, steps=[altered(each.steps[0], text="something else"), *each.steps[1:]]), "edited"),
        (lambda each: altered(each, tags=()), "edited"),
        (lambda each: altered(each, id="elsewhere", name="Elsewhere"), "renamed"),
    ],
)
def test_an_example_that_is_not_as_approved_is_named(
    change: Callable[[ScenarioRecord], ScenarioRecord | None], kind: str, gate: Gate
) -> None:
    first, *others = gate.record.scenarios
    changed = change(first)
    later = with_scenarios(gate, [changed, *others] if changed else others)

    check = next(check for check in later.checks() if check.code == "examples")

    assert [problem.message.partition(":")[0] for problem in check.problems] == [kind]


def test_examples_of_one_name_in_two_files_are_told_apart(gate: Gate) -> None:
    assert gate.baseline is not None
    files = ["seller_cancellation/full_rms.feature", "seller_cancellation/partial_rms.feature"]
    lost = [[each for each in gate.record.scenarios if each.feature == file][-1] for file in files]
    keys = {(each.feature, each.id) for each in lost}
    kept = gate.baseline.examples
    misnamed_features_folders = {
        key: altered(text, name="One name") if (text.feature, text.id) in keys else text for key, text in kept.items()
    }
    gate.baseline = replace(gate.baseline, examples=misnamed_features_folders)
    check = next(check for check in less(gate, lambda each: each not in lost).checks() if check.code == "examples")

    assert [problem.path for problem in check.problems] == files


def test_a_new_example_is_no_loss(gate: Gate) -> None:
    first = gate.record.scenarios[0]
    more = altered(first, id="new", name="New", steps=[altered(first.steps[0], text="new")])
    check = next(check for check in with_scenarios(gate, [*gate.record.scenarios, more]).checks() if check.code == "examples")

    assert check.holds
    assert "1 new" in check.summary


def command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["gate", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


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


def test_what_examples_and_files_say_themselves_is_not_said_of_completeness_too(gate: Gate) -> None:
    kinds = (ReasonKind.FAILED, ReasonKind.UNEXPECTED_PASS, ReasonKind.FINDINGS, ReasonKind.BINDING_FINDINGS, ReasonKind.FILE_FINDINGS)
    at_its_place = [Reason(kind, 1, 1) for kind in kinds]
    others = [Reason(kind, 1, 2, "x", "y") for kind in ReasonKind if kind not in {reason.kind for reason in at_its_place}]

    assert Gate(gate.record, gate.verdict.with_reasons(*at_its_place), gate.baseline, suggestion).complete().holds
    for reason in others:
        check = Gate(gate.record, gate.verdict.with_reasons(reason), gate.baseline, suggestion).complete()
        assert [problem.message for problem in check.problems] == [reason_text(reason, since=True)]


def test_a_selection_never_opens_it_not_even_of_everything(gate: Gate) -> None:
    selected = replace(gate.record, manifest=altered(gate.record.head, selection=SelectionRecord(None, "", None, None)))

    assert red(Gate(selected, judge(selected), gate.baseline, suggestion)) == ["complete"]


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
    told = next(line for line in lines if line["type"] == "scenario")
    told["status"] = told["steps"][-1]["status"] = "failed"
    write_lines(spoilt, lines)

    status = main(["approve", "--run", str(spoilt), "--to", str(tmp_path / "approved")])

    assert status == 2
    assert "cannot be read from run.ndjson:" in (err := capsys.readouterr().err)
    assert "has the status failed, but every claim of it holds; run `sop verify` again" in err
    told["claims"][-1] |= {"expected": "x", "actual": "y", "holds": False}
    lines[-1]["counts"]["passed"] -= 1
    lines[-1]["counts"]["failed"] += 1
    write_lines(spoilt, lines)
    status = main(["approve", "--run", str(spoilt), "--to", str(tmp_path / "approved")])
    assert (status, "1 example failed" in capsys.readouterr().err) == (2, True)
    assert not (tmp_path / "approved").exists()


def write_lines(folder: Path, lines: list[dict[str, object]]) -> None:
    (folder / "run.ndjson").write_bytes(b"".join(map(dump, lines)))


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


def test_every_format_tells_the_problem_and_its_place() -> None:
    told = {form: FORMATS[form](CLOSED) for form in GateFormat}

    assert "    features/x.feature:3: no-then: a:b,c%\\n<x>\\x1b; correct it\n" in unstyle(told[GateFormat.TEXT])
    assert "\x1b[" not in told[GateFormat.JSON]
    plain = json.loads(told[GateFormat.JSON])
    assert plain["checks"][0]["problems"] == [
        {
            "message": "a:b,c%\n<x>\x1b", "file": "features/x.feature", "line": 3, "column": 5, "rule": "no-then", "remedy": "correct it",
        }
    ]  # fmt: skip
    stop, *log_lines, start, annotation = told[GateFormat.GITHUB].splitlines()
    assert "\n".join(log_lines) == told[GateFormat.TEXT]
    assert (stop.partition("stop-commands")[0], start) == ("::", f"::{stop.rpartition(':')[2]}::")
    assert annotation == "::error file=features/x.feature,line=3,col=5,title=sop gate%3A no-then::a:b,c%25\\n<x>\\x1b; correct it"
    log = json.loads(told[GateFormat.SARIF])
    assert log["version"] == "2.1.0"
    result = log["runs"][0]["results"][0]
    assert result["ruleId"] == "no-then"
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "features/x.feature"}, "region": {"startLine": 3, "startColumn": 5},
    }  # fmt: skip
    assert "○ cases      answers: not judged\n" in unstyle(told[GateFormat.TEXT])
    assert unstyle(told[GateFormat.TEXT]).endswith("the gate is closed: 1 of 3 checks failed, 1 not judged yet")
    assert (plain["open"], [check["blocked"] for check in plain["checks"]]) == (False, [False, False, True])
    suite = ET.fromstring(told[GateFormat.JUNIT]).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "0", "1"]
    assert [(case.get("name"), [part.tag for part in case]) for case in suite] == [
        ("lint", ["failure"]), ("complete", []), ("cases", ["skipped"]),
    ]  # fmt: skip
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text == "features/x.feature:3:5: no-then: a:b,c%\\n<x>\\x1b; correct it"

"""The run record: the same inputs give the same bytes, and every line is what the schema says."""

import hashlib
import json
import os
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reports.site.builder import write_site
from sop_runs.record.reader import dump, read
from sop_runs.record.schema import FeatureRecord
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import HOME, BindingModules
from steps.definitions.redaction import redact
from steps.run.judge import judge_run
from steps.run.runner import RunResult, run
from tests.support.messages_sample import write_features
from tests.support.run_samples import dump as dump_plain

pytestmark = pytest.mark.usefixtures("in_process")

BINDINGS = BindingModules(("tests.support.run_bindings",))
SCHEMA = json.loads((files("sop_engine") / "schemas" / "run-record.schema.json").read_text(encoding="utf-8"))

EVERY_STATUS = {
    "b.feature": """@GAP-14
Feature: Every way it can end
  About GAP-14.
  Background:
    Given a number 1

  Rule: Adding

    Scenario Outline: Adding <more>
      When <more> is added
      Then the number is <sum>

      Examples: sums
        | more | sum |
        | 1    | 2   |
        | 2    | 4   |

  Scenario: In a table and a note ünï 😀
    Then the numbers are
      | 1 | 1 |
      | 1 | 7 |
    And the note is
      \"\"\"
      1
      \"\"\"

  Scenario: Broken
    Then the binding raises an object at an address
""",
    "a/unsound.feature": "Feature: Unsound\n\n  Scenario: Sound\n    Given a number 1\n    Then the number is 1\n\n  Scenario: Empty\n",
    "a/latin.feature": "Feature: Straße\n".encode("latin-1"),
    "c.feature": "Feature: Fine\n\n  Scenario: Fine\n    Given a dozen\n    Then the number is 12\n",
}


@pytest.fixture(scope="module")
def process_results(tmp_path_factory) -> list[RunResult]:
    """The same features run in one process, in two, with another hash seed, and from another folder."""
    one, other = (write_features(tmp_path_factory.mktemp(name) / "features", EVERY_STATUS) for name in ("one", "other"))
    out = tmp_path_factory.mktemp("runs")
    runs = [run([one], out=out, bindings=BINDINGS), run([one], out=out, bindings=BINDINGS, workers=2)]
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = "77"
    try:
        runs.append(run([other], out=out, bindings=BINDINGS))
    finally:
        os.environ.pop("PYTHONHASHSEED")
        if before is not None:
            os.environ["PYTHONHASHSEED"] = before
    return runs


def lines_of(result: RunResult) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.record.read_bytes().splitlines()]


def test_the_bytes_depend_on_the_inputs_alone(process_results):
    first, *others = [result.record.read_bytes() for result in process_results]

    assert [other == first for other in others] == [True, True]


@pytest.mark.slow
def test_the_specification_itself_is_recorded_byte_for_byte(specification_run, tmp_path, monkeypatch):
    features = Path(__file__).parents[3] / "features"
    serial = specification_run / "run.ndjson"
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    parallel = run([features], out=tmp_path, workers=2)

    validator = Draft202012Validator(SCHEMA)
    assert reason_texts(parallel.verdict) == ()
    assert serial.read_bytes() == parallel.record.read_bytes()
    assert [error.message[:300] for line in lines_of(parallel) for error in validator.iter_errors(line)] == []


def test_every_line_is_what_the_schema_says(process_results):
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)

    for line in lines_of(process_results[0]):
        assert [error.message[:300] for error in validator.iter_errors(line)] == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("scenario", {"status": "green"}),
        ("scenario", {"seconds": 0.1}),
        ("manifest", {"version": 1}),
        ("manifest", {"code": {"packages": {"steps": "1"}, "libraries": {}}}),
        ("closing", {"state": "running"}),
        ("feature", {"sha256": "0"}),
    ],
)
def test_the_schema_refuses_another_line(process_results, kind, change):
    line = next(line for line in lines_of(process_results[0]) if line["type"] == kind)

    assert not Draft202012Validator(SCHEMA).is_valid(line | change)


def test_lines_come_in_canonical_order(process_results):
    lines = lines_of(process_results[1])
    actual = [(line["feature"], line["row"] or line["line"]) for line in lines if line["type"] == "scenario"]
    paths = [line["path"] for line in lines if line["type"] == "feature"]
    kinds = list(dict.fromkeys(line["type"] for line in lines))

    assert kinds == ["manifest", "rulebook", "feature", "scenario", "closing"]
    assert paths == ["a/latin.feature", "a/unsound.feature", "b.feature", "c.feature"]
    assert actual == [
        ("a/unsound.feature", 3), ("a/unsound.feature", 7), ("b.feature", 15), ("b.feature", 16), ("b.feature", 18),
        ("b.feature", 27), ("c.feature", 3),
    ]  # fmt: skip


def test_every_status_is_recorded(process_results):
    scenarios = {(line["feature"], line["name"]): line for line in lines_of(process_results[0]) if line["type"] == "scenario"}

    assert {key: line["status"] for key, line in scenarios.items()} == {
        ("a/unsound.feature", "Sound"): "not-run",
        ("a/unsound.feature", "Empty"): "not-run",
        ("b.feature", "Adding 1"): "passed",
        ("b.feature", "Adding 2"): "failed",
        ("b.feature", "In a table and a note ünï 😀"): "failed",
        ("b.feature", "Broken"): "broken",
        ("c.feature", "Fine"): "passed",
    }
    outline = scenarios["b.feature", "Adding 2"]
    assert (outline["outline"], outline["rule"], outline["tags"]) == ("Adding <more>", "Adding", ["@GAP-14"])
    assert [step["columns"] for step in outline["steps"]] == [[], ["more"], ["sum"]]
    assert outline["steps"][2]["error"] == {
        "message": "the number of experiment of the tests: expected 4, got 3", "expected": 4, "actual": 3,
    }  # fmt: skip


def test_claims_belong_to_their_step_and_cell(process_results):
    line = next(line for line in lines_of(process_results[0]) if "😀" in str(line.get("name")))

    assert [step["claims"] for step in line["steps"]] == [[], [0, 1, 2, 3], []]
    assert [step["status"] for step in line["steps"]] == ["passed", "failed", "skipped"]
    assert [(claim["cell"], claim["holds"], claim["step"]) for claim in line["claims"]] == [
        ([0, 0], True, 1), ([0, 1], True, 1), ([1, 0], True, 1), ([1, 1], False, 1),
    ]  # fmt: skip


def test_the_counts_are_recorded(process_results):
    closing = lines_of(process_results[0])[-1]

    assert closing["counts"] == {"written": 7, "expected": 5, "executed": 5, "passed": 2, "failed": 3}
    assert (closing["state"], closing["findings"]) == ("complete", len(process_results[0].verdict.findings))


def test_nothing_of_the_machine_is_inside(process_results):
    text = process_results[0].record.read_text(encoding="utf-8")

    for secret in (process_results[0].run_id, str(process_results[0].root), str(HOME), str(Path.home()) + "/", "0x7"):
        assert secret not in text
    assert "0x…" in text


def test_a_portable_text_names_no_folder_and_no_address():
    text = f"{HOME}/steps/x.py:1: <object at 0x7f00deadbeef> in {HOME}" + "x" * 5_000

    assert redact(text).startswith("steps/x.py:1: <object at 0x…> in …x")
    assert len(redact(text)) == 4_000


def test_a_line_is_valid_json_whatever_a_binding_says():
    line = FeatureRecord("a.feature", "0", "\udc80 ü\n", None, [])

    assert json.loads(dump(line)) == {
        "type": "feature", "path": "a.feature", "sha256": "0", "text": "\\udc80 ü\n", "document": None, "findings": [],
    }  # fmt: skip


def test_half_a_character_of_a_binding_spoils_its_own_example_alone(tmp_path):
    scenarios = "".join(
        f"  Scenario: {words}\n    Given a number 1\n    Then {words}\n"
        for words in ("the binding says half a character", "the binding raises half a character")
    )
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "a.feature").write_text(f"Feature: Halves\n{scenarios}", encoding="utf-8")
    (folder / "c.feature").write_text(EVERY_STATUS["c.feature"], encoding="utf-8")

    result = run([folder], out=tmp_path / "runs", bindings=BINDINGS)

    assert reason_texts(result.verdict) == ("2 examples failed",)
    failed, raised = result.verdict.failures
    assert (failed.status, failed.expected, failed.actual) == ("failed", "\\udc80", "\\ud83d ü")
    assert raised.message.startswith("RuntimeError: \\udc80")


def test_a_folder_whose_name_is_not_utf_8_can_be_run(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff/features"))
    folder.mkdir(parents=True)
    (folder / "c.feature").write_text(EVERY_STATUS["c.feature"], encoding="utf-8")

    assert run([folder], out=tmp_path / "runs", bindings=BINDINGS).verdict.good


@pytest.mark.parametrize("name", [b"c\xff.feature", b"\xe9\xe8/c.feature"])
def test_a_file_whose_name_is_not_utf_8_can_be_run(tmp_path, name):
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/features/" + name))
    file.parent.mkdir(parents=True)
    file.write_text(EVERY_STATUS["c.feature"], encoding="utf-8")

    for paths, workers in (([tmp_path / "features"], 0), ([tmp_path / "features"], 2), ([file], 0)):
        result = run(paths, out=tmp_path / "runs", bindings=BINDINGS, workers=workers)
        assert reason_texts(result.verdict) == ()
        write_site(result.folder, tmp_path / "site", record=result.lines, verdict=result.verdict)


@pytest.fixture
def good(tmp_path) -> tuple[RunResult, dict[str, bytes], str]:
    folder = tmp_path / "features"
    folder.mkdir()
    data = EVERY_STATUS["c.feature"].encode()
    (folder / "c.feature").write_bytes(data)
    result = run([folder], out=tmp_path / "runs", bindings=BINDINGS)
    return result, {"c.feature": data}, lines_of(result)[0]["rulebook"]["sha256"]


def test_a_record_that_was_tampered_with_is_not_good(good, tmp_path):
    result, now, rulebook = good
    lines = lines_of(result)
    file = tmp_path / "other.ndjson"
    scenario = next(number for number, line in enumerate(lines) if line["type"] == "scenario")

    def verdict(changed: list[dict[str, object]], tail: bytes = b"") -> bool:
        file.write_bytes(b"".join(map(dump_plain, changed)) + tail)
        return judge_run(file, now, rulebook).good

    def with_changes(number: int, **changes: object) -> list[dict[str, object]]:
        return [line | changes if at == number else line for at, line in enumerate(lines)]

    assert verdict(lines)
    assert not verdict(lines[:-1])
    assert not verdict(lines[1:])
    assert not verdict([])
    assert not verdict(lines, b"{}\n")
    assert not verdict([lines[0], {"type": "remark"}, *lines[1:]])
    assert not verdict(lines, b'{"type":"scena')
    assert not verdict(lines[:scenario] + lines[scenario + 1 :])
    assert not verdict([*lines[:scenario], lines[scenario], *lines[scenario:]])
    assert not verdict(with_changes(scenario, status="failed"))
    assert not verdict(with_changes(scenario, status="not-run"))
    assert not verdict(with_changes(scenario, steps=[]))
    assert not verdict(with_changes(scenario, steps=[{"status": "skipped"}]))
    assert not verdict(with_changes(scenario, claims=[{"holds": False}]))
    assert not verdict(with_changes(0, expected=0))
    assert not verdict(with_changes(0, written=2))
    assert not verdict(with_changes(0, features={}))
    assert not verdict(with_changes(len(lines) - 1, state="interrupted"))
    assert not verdict(with_changes(len(lines) - 1, counts={}))


def test_a_record_that_lies_consistently_is_not_good(good, tmp_path):
    result, now, rulebook = good
    manifest, *middle, closing = lines_of(result)
    file = tmp_path / "other.ndjson"

    def verdict(features: dict[str, bytes], selection: object = None, **counts: int) -> tuple[str, ...]:
        hashes = {path: hashlib.sha256(data).hexdigest() for path, data in features.items()}
        false_counts = {name: counts[name] for name in ("written", "expected") if name in counts}
        first = manifest | false_counts | {"features": hashes, "selection": selection}
        last = closing | {"counts": closing["counts"] | counts}
        lines = [line | {"sha256": hashes[line["path"]]} if line.get("path") in hashes else line for line in middle]
        file.write_bytes(b"".join(map(dump_plain, [first, *lines, last])))
        return reason_texts(judge_run(file, features, rulebook))

    more = {**now, "d.feature": b"Feature: D\n\n  Scenario: Forgotten\n    Given a dozen\n    Then the number is 1\n"}
    changed = {"c.feature": now["c.feature"] + b"\n  Scenario: Forgotten\n    Given a dozen\n    Then the number is 1\n"}
    assert verdict(now) == ()
    assert verdict(changed) == ("a recount finds 2 examples, the record has 1",)
    assert verdict(more) == ("the run record cannot be read from other.ndjson on: the features differ from those of the manifest",)
    assert verdict(now, {"paths": None, "keyword": "x", "tags": None}, expected=2) == ("1 of 2 examples ran",)


def test_what_is_counted_now_must_be_what_ran(good):
    result, now, rulebook = good

    assert judge_run(result.record, now, rulebook).good
    assert not judge_run(result.record, now, "another rulebook").good
    assert not judge_run(result.record, {}, rulebook).good
    assert not judge_run(result.record, {**now, "d.feature": b"Feature: D\n"}, rulebook).good


def test_a_missing_record_reads_as_nothing(tmp_path):
    nothing = read(tmp_path / "none.ndjson")

    assert (nothing.manifest, nothing.missing, list(nothing.lines)) == (None, True, [])

"""JUnit XML by the schema of Jenkins and by a reader of its own: each case has one name, and the times add up."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from pathlib import Path

import junitparser
import pytest

from reports.export.case_names import case_names
from reports.export.run_files import CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from sop_cli.main import main
from sop_runs.errors import RunRecordError
from sop_runs.record.durations import DURATIONS
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import FeatureRecord, ScenarioRecord
from steps.run.runner import run
from steps.run.shards import merge
from tests.support.messages_sample import BINDINGS, FEATURES, copied, lines

pytestmark = pytest.mark.usefixtures("in_process")

TEXT = re.compile("")
NUMBER = re.compile(r"\d+$")
SECONDS = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$")
PROBLEM = ({"type": TEXT, "message": TEXT}, set(), set(), True)
JENKINS = {
    "testsuites": (
        {"name": TEXT, "time": SECONDS, "tests": NUMBER, "failures": NUMBER, "errors": NUMBER}, set(), {"testsuite"}, False,
    ),
    "testsuite": (
        dict.fromkeys(("name", "group", "timestamp", "hostname", "id", "package", "file", "log", "url"), TEXT)
        | {"time": SECONDS, "tests": NUMBER, "failures": NUMBER, "errors": NUMBER, "skipped": NUMBER},
        {"name", "tests", "failures", "errors"}, {"testsuite", "properties", "testcase", "system-out", "system-err"}, False,
    ),
    "testcase": (
        {"name": TEXT, "time": SECONDS, "classname": TEXT, "group": TEXT}, {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"}, False,
    ),
    "skipped": PROBLEM,
    "error": PROBLEM,
    "failure": PROBLEM,
}  # fmt: skip
"""The schema of Jenkins' xUnit plugin: attributes, those that are required, children, and whether there is text."""
OF_OTHERS = {"file", "line"}
"""Attributes of a case for GitLab, CircleCI and others; the schema of Jenkins lacks them, its readers ignore them (docs/other-tools.md)."""

SAME = """Feature: Same

  Scenario: The file has no findings
    Given a number 1
    Then the number is 1

  Scenario Outline: Commas
    Given a remark <a> and <b>
    And a number 1
    Then the number is 1

    Examples: Between
      | a    | b    |
      | 1, 2 | 3    |
      | 1    | 2, 3 |

    Examples: Between
      | a | b  |
      | 1 | 23 |

    Examples:
      | a | b  |
      | 1 | 23 |
"""
DOUBLED = "Feature: x\n\n" + 2 * "  Scenario: Twice\n    Given a number 1\n    Then the number is 1\n\n"
SLOW = "Feature: Slow\n\n  Scenario: Slow\n    Given a number 1\n    When 50 ms go by\n    Then the number is 1\n"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with every way to end, with names that collide, and with a slow step."""
    root = tmp_path_factory.mktemp("junit") / "features"
    more = {"a.b/c.feature": SAME, "a/b/c.feature": SAME, "doubled.feature": DOUBLED, "slow.feature": SLOW}
    for path, text in (FEATURES | more).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run([root], out=root.parent / "runs", bindings=BINDINGS)
    write_exports(result.folder)
    return result.folder


def junit_of(folder: Path) -> ET.Element:
    return ET.parse(folder / JUNIT).getroot()  # noqa: S314 - our own file


def complaints(element: ET.Element) -> list[str]:
    """What the schema does not allow."""
    attributes, required, children, text = JENKINS[element.tag]
    wrong = [f"{element.tag}: no {name}" for name in required - set(element.keys())]
    for name, value in element.items():
        if name not in attributes:
            wrong.append(f"{element.tag}: {name}")
        elif not attributes[name].match(value):
            wrong.append(f"{element.tag}: {name}={value}")
    wrong += [f"{element.tag}: text" for words in (element.text, *(child.tail for child in element)) if not text and (words or "").strip()]
    for child in element:
        wrong += complaints(child) if child.tag in children else [f"{element.tag}: {child.tag}"]
    return wrong


def test_it_is_of_the_schema_of_jenkins_but_for_file_and_line(run_dir: Path) -> None:
    assert set(complaints(junit_of(run_dir))) == {f"testcase: {name}" for name in OF_OTHERS}
    assert not complaints(ET.fromstring('<testsuites><testsuite name="" tests="0" failures="0" errors="0" time="0.000001"/></testsuites>'))  # noqa: S314 - our own
    for wrong in ('tests="no"', 'times="1"', 'time="1 s"', 'time="1e-05"'):
        assert complaints(ET.fromstring(f"<testsuites {wrong}/>"))  # noqa: S314 - our own


def test_a_reader_counts_what_is_written_and_its_times_add_up(run_dir: Path) -> None:
    read, root = junitparser.JUnitXml.fromfile(str(run_dir / JUNIT)), junit_of(run_dir)
    written = [Decimal(suite.get("time", "")) for suite in root]

    assert Decimal(root.get("time", "")) == sum(written) > Decimal("0.05")
    for suite, time in zip(root, written, strict=True):
        assert sum(Decimal(case.get("time", "")) for case in suite) == time
    before = (read.tests, read.failures, read.errors, read.time)
    read.update_statistics()
    assert (read.tests, read.failures, read.errors, read.time) == (
        *before[:3],
        pytest.approx(before[3], abs=0.0005 * (len(root) + 1)),
    )  # it rounds each suite
    assert read.skipped == len(root.findall(".//skipped"))


def test_every_case_has_a_name_of_its_own_in_every_reader(run_dir: Path) -> None:
    """Also for a reader that compares names alone, without letter case and Unicode form."""
    cases = [case for suite in junitparser.JUnitXml.fromfile(str(run_dir / JUNIT)) for case in suite]
    elements = [element["name"] for feature in json.loads((run_dir / CUCUMBER_JSON).read_bytes()) for element in feature["elements"]]

    assert set(elements) <= {case.name for case in cases}
    for names in ([case.name for case in cases], elements):
        compared = Counter(" ".join(unicodedata.normalize("NFC", name).casefold().split()) for name in names)
        assert [name for name, number in compared.items() if number > 1] == []
    assert [case.name for case in cases if case.classname == "features.doubled"] == ["doubled.feature has no findings", "Twice", "Twice #2"]
    assert sorted(case.name for case in cases if case.classname == "features.a.b.c") == sorted(
        name.format(path)
        for path in ("a.b/c.feature", "a/b/c.feature")
        for name in (
            "Commas (1, 23) (in {})",
            "Commas: Between (1, 2, 3) (in {})",
            "Commas: Between (1, 2, 3) (in {}) #2",
            "Commas: Between (1, 23) (in {})",
            "The file has no findings (in {})",
            "{} has no findings",
        )
    )


def names_of(*examples: tuple[str, str]) -> list[str]:
    """The names of the cases of examples, each of a file with a name of its scenario."""
    scenarios = [
        ScenarioRecord(f"id-{number}", path, None, name, None, 1, None, (), "passed", [], [])
        for number, (path, name) in enumerate(examples)
    ]
    record = RunRecord(
        None, None, [FeatureRecord(path, "", "", None, []) for path in dict.fromkeys(path for path, _ in examples)], scenarios, None
    )
    return [name for (_, example), name in case_names(record).items() if example]


def test_a_name_does_not_depend_on_the_order_of_files() -> None:
    first, second, third = ("a.feature", "Cancel"), ("b.feature", "Cancel"), ("b.feature", "Return")

    assert names_of(first, second, third) == ["Cancel (in a.feature)", "Cancel (in b.feature)", "Return"]
    assert names_of(third, second, first) == ["Return", "Cancel (in b.feature)", "Cancel (in a.feature)"]
    assert names_of(first, third) == ["Cancel", "Return"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Cancel", "CANCEL"), ("\u00c9tat", "E\u0301TAT"), ("\u0130ptal", "i\u0307ptal"), ("a  b", "a b"), ("\u2764\ufe0f 1", "\u2764 1")],
)
def test_names_that_a_reader_may_take_for_one_are_two(one: str, other: str) -> None:
    assert names_of(("a.feature", one), ("a.feature", other)) == [one, f"{other} #2"]
    assert names_of(("a.feature", one), ("b.feature", other)) == [f"{one} (in a.feature)", f"{other} (in b.feature)"]


def test_a_finding_is_at_a_place_that_can_be_run(run_dir: Path) -> None:
    [error] = [case.find("error") for case in junit_of(run_dir).iter("testcase") if case.get("file") == "features/doubled.feature"][:1]

    assert error is not None
    assert re.match(r"features/doubled\.feature:\d+:\d+: [a-z-]+: ", error.text or "")


def test_durations_are_the_same_in_all_files(run_dir: Path) -> None:
    durations = {(line["feature"], line["id"]): line["steps"] for line in lines(run_dir / DURATIONS)}
    scenarios = {(line["feature"], line["id"]): line for line in lines(run_dir / "run.ndjson") if line["type"] == "scenario"}
    ran = [key for key, scenario in scenarios.items() if scenario["status"] != "not-run"]
    elements = [e for f in json.loads((run_dir / CUCUMBER_JSON).read_bytes()) if f["uri"] != "run" for e in f["elements"]]
    results = [m["testStepFinished"]["testStepResult"] for m in lines(run_dir / MESSAGES) if "testStepFinished" in m]
    stamps = [m["timestamp"] for line in lines(run_dir / MESSAGES) for m in line.values() if "timestamp" in m]
    total = sum(map(sum, durations.values()))

    assert list(durations) == ran
    assert all(
        nanoseconds > 0 or step["status"] == "skipped"
        for key in ran
        for nanoseconds, step in zip(durations[key], scenarios[key]["steps"], strict=True)
    )
    assert durations[next(key for key in ran if key[0] == "slow.feature")][1] >= 50_000_000
    assert sum(step["result"].get("duration", 0) for element in elements for step in element["steps"]) == total
    assert sum(result["duration"]["seconds"] * 10**9 + result["duration"]["nanos"] for result in results) == total
    moments = [stamp["seconds"] * 10**9 + stamp["nanos"] for stamp in stamps]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] == total
    assert abs(Decimal(junit_of(run_dir).get("time", "")) * 10**9 - total) <= 500 * len(ran)


def test_without_durations_no_time_is_claimed(run_dir: Path, tmp_path: Path) -> None:
    copy = copied(run_dir, tmp_path / "copy")
    (copy / DURATIONS).unlink()
    write_exports(copy)

    assert not [element for element in junit_of(copy).iter() if "time" in element.keys()]  # noqa: SIM118 - an element is no mapping
    steps = [
        step for f in json.loads((copy / CUCUMBER_JSON).read_bytes()) if f["uri"] != "run" for e in f["elements"] for step in e["steps"]
    ]
    assert not any(step["result"].get("duration") for step in steps)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda line: line[:-3], "the line is not JSON"),
        (lambda _: b"[]", "the line is a list, expected an object"),
        (lambda _: b"", "the line is not JSON"),
        (lambda line: line.replace(b'"steps":[', b'"steps":["soon",'), r"steps\[0\] is a text, expected a whole number"),
        (lambda line: line.replace(b'"steps":[', b'"steps":[-1,'), r"steps\[0\]: expected `int` >= 0"),
        (lambda line: line.replace(b'"steps":[', b'"steps":[1,'), "these are not the steps of an example of the record"),
        (lambda line: line.replace(b'"id":"', b'"id":"x'), "these are not the steps of an example of the record"),
        (lambda line: line + b"\n" + line, "these are not the steps of an example of the record"),
        (lambda _: b"\xff", "the line is not JSON"),
    ],
)
def test_durations_that_are_not_of_the_run_are_refused(spoil, reason: str, run_dir: Path, tmp_path: Path) -> None:
    copy = copied(run_dir, tmp_path / "copy")
    first, *rest = (copy / DURATIONS).read_bytes().splitlines()
    (copy / DURATIONS).write_bytes(b"\n".join([spoil(first), *rest, b""]))

    with pytest.raises(RunRecordError, match=rf"^durations\.ndjson:[12]: {reason}.*; run `sop verify` again, or delete this file"):
        write_exports(copy)


def test_merged_shards_have_the_durations_of_all(tmp_path: Path) -> None:
    root = tmp_path / "features"
    root.mkdir()
    (root / "x.feature").write_text(FEATURES["b.feature"], encoding="utf-8")
    parts = [run([root], out=tmp_path / "runs", bindings=BINDINGS, shard=f"{number}/2").folder for number in (1, 2)]

    whole = merge(parts, tmp_path / "merged").folder

    assert sorted(lines(whole / DURATIONS), key=str) == sorted((line for part in parts for line in lines(part / DURATIONS)), key=str)
    assert [line["id"] for line in lines(whole / DURATIONS)] == [
        line["id"] for line in lines(whole / "run.ndjson") if line["type"] == "scenario"
    ]


def test_workers_measure_too(tmp_path: Path) -> None:
    root = tmp_path / "features"
    root.mkdir()
    (root / "slow.feature").write_text(SLOW, encoding="utf-8")
    (root / "b.feature").write_text(FEATURES["b.feature"], encoding="utf-8")

    durations = lines(run([root], out=tmp_path / "runs", bindings=BINDINGS, workers=2).folder / DURATIONS)

    assert [line["feature"] for line in durations] == ["b.feature"] * 5 + ["slow.feature"]
    assert durations[-1]["steps"][1] >= 50_000_000


@pytest.mark.parametrize("form", ["lint", "gate"])
def test_the_junit_of_findings_is_of_the_schema_too(
    form: str, run_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(run_dir.parents[1])
    assert main([form, "--format", "junit"]) == 1
    text = capsys.readouterr().out

    assert complaints(ET.fromstring(text)) == []  # noqa: S314 - our own file
    read = junitparser.JUnitXml.fromstring(text.encode())
    cases = [case for suite in read for case in suite]
    assert len({(case.classname, case.name) for case in cases}) == len(cases) == read.tests
    assert read.failures == sum(bool(case.result) and isinstance(case.result[0], junitparser.Failure) for case in cases)

"""Problems as other services read them: SARIF by Microsoft's validator with GitHub's rules, annotations by the grammar of GitHub's docs."""

import json
import re
import subprocess
from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest

from sop_cli.gate_formats import FORMATS, GateFormat, GateResult, as_text
from sop_cli.main import main
from sop_cli.problem_formats import ProblemGroup, ProblemReport, github, sarif
from sop_runs.gate import GATE_CHECKS, Check
from sop_runs.problem import Problem
from steps.lint.linter import RULES
from tests.support.npm_tools import package

FILES = (
    "features/x.feature",
    "features/two words.feature",
    "features/100%.feature",
    "features/a#b?.feature",
    "features/रद्द करना.feature",
    "features/a:b,c;d.feature",
    "features/ä/ß&<é>.feature",
    "features/a\\b.feature",
    "/elsewhere/two wörds.feature",
    "",
)
"""Files of problems; the last is that of a problem of the whole specification."""
CHECKS = [check.__name__ for check in GATE_CHECKS]
SHOWN_BY_GITHUB = 10
"""Error annotations of a step that GitHub shows; written here again, so that the program cannot change both."""
COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<properties>[^:]*?))?::(?P<data>.*)")
"""``::name key=value,key=value::data``; GitHub splits at the first two colons after the properties."""


def report(*problems: Problem, log: str = "") -> ProblemReport:
    rules = dict.fromkeys(CHECKS, "what is checked") | RULES
    groups = tuple(ProblemGroup(problem.rule, "1 problem", (problem,)) for problem in problems)
    return ProblemReport("sop gate", rules, groups, log=log, whole=FILES[0])


def problem(rule: str = "passed", path: str = FILES[0], line: int = 3, column: int = 1, message: str = "it failed") -> Problem:
    return Problem(path, line, column, rule, message, "correct it")


RED = [
    *(report(problem(check, path)) for check, path in product(CHECKS, ("", FILES[1]))),
    *(report(problem(rule, path)) for rule, path in zip(RULES, FILES * 10, strict=False)),
    report(*(problem(check, path, 7, 12, "`x` है 100 % \N{SNOWMAN} \x1b") for check, path in zip(CHECKS, FILES * 2, strict=False))),
    report(),
]


def test_every_result_has_a_place_and_every_rule_its_texts() -> None:
    for red in RED:
        [run] = json.loads(sarif(red))["runs"]
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
        assert len(run["results"]) == len(red.problems)
        for result, original in zip(run["results"], red.problems, strict=True):
            [location] = result["locations"]
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(file:///)?[A-Za-z0-9._~/%-]+", uri)
            assert unquote(uri.removeprefix("file://")) == (original.path or FILES[0])
            assert uri.startswith("file:///") == original.path.startswith("/")
            assert set(location["physicalLocation"]["region"]) >= {"startLine", "startColumn"}
            assert {"shortDescription", "fullDescription", "help", "name"} <= set(rules[result["ruleId"]])


@pytest.mark.peers
def test_the_validator_of_sarif_with_the_rules_of_github_has_no_complaint(tmp_path: Path) -> None:
    package("@microsoft/sarif-multitool")
    tool = package("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    tool.chmod(0o755)  # npm with --ignore-scripts leaves it without permission to run
    good = [tmp_path / f"{number}.sarif" for number in range(len(RED))]
    for file, red in zip(good, RED, strict=True):
        file.write_text(sarif(red), encoding="utf-8")
    plain = json.loads(sarif(RED[0]))
    plain["runs"][0]["results"][0]["locations"] = []
    (tmp_path / "no-place.sarif").write_text(json.dumps(plain), encoding="utf-8")
    plain["runs"][0]["results"][0]["severity"] = "fatal"
    (tmp_path / "not-of-the-schema.sarif").write_text(json.dumps(plain), encoding="utf-8")

    arguments = ["validate", *map(str, tmp_path.glob("*.sarif")), "--rule-kind", "Gh;Sarif", "--level", "Error", "--kind", "Fail"]
    output = tmp_path / "all.json"
    subprocess.run([tool, *arguments, "-o", output, "--log", "ForceOverwrite"], check=False, capture_output=True, timeout=300)
    results = json.loads(output.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    complaints = {
        (Path(place["physicalLocation"]["artifactLocation"]["uri"]).name, result["ruleId"])
        for result in results
        for place in result["locations"]
    }

    assert {name for name, _ in complaints} == {"no-place.sarif", "not-of-the-schema.sarif"}, complaints
    assert len(good) > 20


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does; lines between stop-commands and its token are not read."""
    token, read = None, []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line.strip())
        if token is not None:
            token = None if line.strip() == f"::{token}::" else token
        elif match and match["name"] == "stop-commands":
            token = match["data"]
        elif match:
            pairs = dict(pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair)
            read.append((match["name"], {key: decoded(value) for key, value in pairs.items()}, decoded(match["data"])))
    assert token is None
    return read


def decoded(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


@pytest.mark.parametrize("path", FILES)
def test_an_annotation_names_file_line_and_column(path: str) -> None:
    [(name, properties, text)] = commands(github(report(problem("cases", path, 7, 12, "100 %: a, b::c"))))

    place = {"file": path, "line": "7", "col": "12"} if path else {}
    assert (name, properties, text) == ("error", {**place, "title": "sop gate: cases"}, "100 %: a, b::c; correct it")


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 12, 500])
def test_at_most_ten_annotations_and_failed_examples_first(number: int) -> None:
    problems = [problem("cases" if place % 2 else "wording", message=f"number {place}") for place in range(number)]
    read = commands(github(report(*problems, problem(message="this example failed"))))

    assert len(read) == min(number + 1, SHOWN_BY_GITHUB)
    assert read[0][2].startswith("this example failed")
    if number + 1 > SHOWN_BY_GITHUB:
        rest = number + 1 - (SHOWN_BY_GITHUB - 1)
        assert read[-1][1] == {"title": "sop gate"}
        assert read[-1][2].startswith(f"{rest:,} more problems (")
        assert sum(map(int, re.findall(r" (\d+)[,)]", read[-1][2]))) == rest


def test_nothing_in_the_log_is_read_as_a_command() -> None:
    log = "::error file=x::no\n  ::stop-commands::a\n::a::\n✓ lint"

    text = github(report(log=log))

    assert commands(text) == []
    assert log in text


def test_the_log_beside_annotations_lists_every_problem() -> None:
    check = Check("cases", "name", "500 cases are missing", "add them", tuple(problem("cases", message=f"number {n}!") for n in range(500)))
    result = GateResult((check,), "features")

    log = FORMATS[GateFormat.GITHUB](result).partition("::error")[0]
    assert all(f"number {n}!" in log for n in range(500))
    assert "number 10!" not in as_text(result)


@pytest.mark.parametrize("name", ["a\x1b.feature", "a\n.feature", "a\x7f.feature", "a\t.feature"])
def test_a_file_with_a_control_character_is_annotated_at_no_other_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("Feature: F\n Scenario: S\n  Then x\n", encoding="utf-8")
    main(["lint", name, "--format", "github"])
    [*_, last] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::error")]

    assert last.startswith("::error title=sop lint%3A ")
    assert f"::a%25{ord(name[1]):02X}.feature:3: " in last
    Path("a%1B.feature").write_text("Feature: F\n Scenario: S\n  Then x\n", encoding="utf-8")
    main(["lint", "a%1B.feature", "--format", "github"])
    assert "::error file=a%251B.feature,line=3,col=" in capsys.readouterr().out

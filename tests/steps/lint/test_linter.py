"""The lint as a whole: reading, counting, ordering, and what it says on a terminal and to GitHub."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import asdict

from sop_cli.main import main
from sop_cli.problem_formats import ProblemGroup, ProblemReport, github
from sop_engine import load_rulebook
from sop_engine.text import visible
from sop_runs.problem import Problem, sort_key
from steps.definitions.registry import Registry
from steps.language.document import source_of
from steps.language.line_counter import count_examples
from steps.language.syntax import language_of
from steps.lint.checked_file import CheckedFile
from steps.lint.linter import RULES, findings_of, known_tags_of, lint, lint_text

REGISTRY = Registry()
NO_TAGS: frozenset[str] = frozenset()
BAD = "Feature: Füße\n\n  Scenario: S\n    Given a caf\u00e9\n"

FAULTY = [
    pytest.param(BAD.encode("utf-16"), (1, 1), "UTF-16", id="UTF-16 with mark"),
    pytest.param(BAD.encode("utf-16-le"), (1, 1), "UTF-16", id="UTF-16 little end first"),
    pytest.param(BAD.encode("utf-16-be"), (1, 1), "UTF-16", id="UTF-16 big end first"),
    pytest.param(BAD.encode("latin-1"), (1, 11), "0xfc", id="Latin-1"),
    pytest.param(b"\xef\xbb\xbf" + BAD.encode("latin-1"), (1, 11), "0xfc", id="Latin-1 after a UTF-8 mark"),
    pytest.param(BAD.encode() + b"# a\x96b", (5, 4), "0x96", id="Windows-1252 in one line"),
    pytest.param(BAD.encode() + b"  \xed\xa0\x80", (5, 3), "0xed", id="a lone surrogate"),
    pytest.param(BAD.encode() + b"# a\0b", (5, 4), "NUL", id="NUL"),
    pytest.param(BAD.encode().replace(b"\n", b"\r"), (1, 14), "CR alone", id="CR only"),
    pytest.param(b"#" * 1_000_001, (1, 1), "1,000,001 bytes", id="too large"),
]


@pytest.mark.parametrize(("data", "place", "why"), FAULTY)
def test_bytes_that_are_not_the_text_of_a_feature_file_are_one_finding(data: bytes, place: tuple[int, int], why: str) -> None:
    [finding] = lint_text(data, "x.feature", REGISTRY, NO_TAGS)

    assert (finding.rule, finding.line, finding.column) == ("too-large" if why.endswith("bytes") else "encoding", *place)
    assert why in finding.message


def test_a_byte_order_mark_and_crlf_change_nothing() -> None:
    text = '@x\nFeature: F\n\n  Scenario: S\n    Given a\n      | b |\n    Then c\n    """\n    d\n    """\n'
    plain = lint_text(text.encode(), "x.feature", REGISTRY, NO_TAGS)

    dressed = lint_text(text.replace("\n", "\r\n").encode("utf-8-sig"), "x.feature", REGISTRY, NO_TAGS)

    assert dressed == plain
    assert [(finding.rule, finding.line, finding.column) for finding in plain] == [
        ("unknown-tag", 1, 1),
        ("undefined-step", 5, 5),
        ("undefined-step", 7, 5),
    ]


def test_one_bad_file_costs_one_file(tmp_path: Path) -> None:
    good = "Feature: F\n\n  Scenario: S\n    Then it holds\n"
    for name, data in {"a": good.encode(), "b": b"\xff\xfe", "c": b"Scenario", "d": good.replace("S\n", "T\n").encode(), "e": b""}.items():
        (tmp_path / f"{name}.feature").write_bytes(data)

    result = lint(sorted(tmp_path.iterdir()), tmp_path, REGISTRY, NO_TAGS)

    assert [document.path for document in result.documents] == ["a.feature", "d.feature", "e.feature"]
    assert [(finding.path, finding.rule) for finding in result.findings] == [
        ("a.feature", "undefined-step"),
        ("b.feature", "encoding"),
        ("c.feature", "misspelt-keyword"),
        ("d.feature", "undefined-step"),
        ("e.feature", "empty-feature"),
    ]
    assert [source.path for source in result.sources] == [f"{name}.feature" for name in "abcde"]
    assert result.written == 2


def test_a_scenario_that_the_parser_loses_is_a_finding() -> None:
    source, _ = source_of(b"Feature: F\n\n  Scenario: S\n    Then a\n  Scenario: T\n    Then a\n", "x.feature")
    assert source.document is not None
    whole = CheckedFile(source, REGISTRY, NO_TAGS)
    lossy = replace(whole, source=replace(source, document=replace(source.document, examples=source.document.examples[:1])))

    assert "count-mismatch" not in {finding.rule for finding in findings_of(whole)}
    [finding] = [finding for finding in findings_of(lossy) if finding.rule == "count-mismatch"]
    assert finding.message == "counted line by line there are 2 scenarios, but the parser found 1"


COUNTED = [
    ("", 0),
    ("Feature: F\n", 0),
    ("Feature: F\n Scenario: S\n Example: T\n Scenario Outline: U\n Scenario Template: V\n", 4),
    ("Feature: F\n Scenario Outline: S\n  Examples:\n   | a |\n   | 1 |\n\n   # | 2 |\n   | 3 |\n  Scenarios: b\n   | a |\n   | 1 |\n", 3),
    ("Feature: F\n Scenario Outline: S\n  Examples:\n   | a |\n", 0),
    ("Feature: F\n Scenario: S\n  Then a\n   | Scenario: |\n   | x |\n", 1),
    ('Feature: F\n Scenario: S\n  Then a\n  """\n  Scenario: T\n  ```\n  Examples:\n  """\n Scenario: T\n', 2),
    ('Feature: F\n Scenario: S\n  Then a\n  ```\n  Scenario: T\n  """\n  ```\n Scenario: T\n', 2),
    ('Feature: F\n """\n Scenario: S\n  """\n  Then a\n', 1),
    ("Feature: F\n # Scenario: no\n Rule: R\n  Background:\n   Given b\n   ```\n   Scenario: no\n   ```\n  Scenario: S\n", 1),
    ("# language: fr\nFonctionnalité: F\n Plan du scénario: S\n  Alors a\n  Exemples:\n   | a |\n   | 1 |\n   | 2 |\n Scénario: T\n Scenario: no\n", 3),
    ("Feature: F\n Scenario: S\n  Then a\n Rule: R\n  Examples: of what\n  Scenario: T\n", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), COUNTED)
def test_the_line_counter_needs_no_parser(text: str, number: int) -> None:
    assert count_examples(text) == number
    assert count_examples("\ufeff" + text.replace("\n", "\r\n")) == number


def test_a_hostile_column_name_is_never_run_as_a_pattern() -> None:
    text = f"Feature: F\n Scenario Outline: {'a' * 40} <(a+)+>\n  Then <(a+)+> <(>\n  Examples:\n   | (a+)+ | ( |\n   | x | <(a+)+> |\n"
    source, _ = source_of(text.encode(), "x.feature")

    assert source.document is not None
    [instance] = source.document.examples
    assert (instance.name, instance.steps[0].text) == ("a" * 40 + " x", "x <(a+)+>")
    rules = [finding.rule for finding in lint_text(text.encode(), "x.feature", REGISTRY, NO_TAGS)]
    assert rules.count("regex-header") == 2


def test_the_closed_list_of_tags_holds_ids_and_words() -> None:
    tags = known_tags_of(load_rulebook())

    assert {"@SC-ERP-FULL", "@SC-ERP-FULL-1a", "@GAP-14", "@as-written", "@expected-to-fail", "@simulation"} <= tags
    assert not {"@skip", "@xfail", "@wip"} & tags


def test_a_misspelt_tag_is_answered_with_the_nearest() -> None:
    text = "@GAP14 @sc-erp-full-1A\nFeature: F\n Scenario: S\n  Then a\n"
    findings = lint_text(text.encode(), "x.feature", REGISTRY, known_tags_of(load_rulebook()))

    assert [finding.suggestion for finding in findings if finding.rule == "unknown-tag"] == ["@GAP-14", "@SC-ERP-FULL-1a"]


@pytest.mark.parametrize("form", ["text", "junit"])
def test_terminal_escapes_in_a_file_are_written_out(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a\x1b.feature"
    file.write_text("Feature: F\n Scenario: S\n  Then \x1b[31mred\x9b \u202e\n", encoding="utf-8")

    assert main(["lint", str(file), "--format", form]) == 1

    output = capsys.readouterr().out
    assert "a%1B.feature:3:" in output
    assert all(line.isprintable() for line in output.splitlines())


def test_what_a_terminal_would_obey_is_visible() -> None:
    assert visible("a\x1b\u200b\u202e\n\u00e9") == "a\\x1b\\u200b\\u202e\\n\u00e9"


def test_an_annotation_escapes_what_github_would_read() -> None:
    problem = Problem("a,b.feature", 3, 5, "undefined-step", "100%: `x`\r\n::error::", "do, this")
    report = ProblemReport("sop lint", {}, (ProblemGroup("x", "1 finding", (problem,)),), {"a,b.feature": "features/a,b:c.feature"})

    assert github(report) == (
        "::error file=features/a%2Cb%3Ac.feature,line=3,col=5,title=sop lint%3A undefined-step::100%25: `x`\\r\\n::error::; do, this"
    )


def test_findings_are_ordered_by_place_and_plain() -> None:
    findings = [Problem("b", 1, 1, "r", "m", "n"), Problem("a", 10, 1, "r", "m", "n", "s"), Problem("a", 9, 2, "r", "m", "n")]

    assert [(finding.path, finding.line) for finding in sorted(findings, key=sort_key)] == [("a", 9), ("a", 10), ("b", 1)]
    assert asdict(findings[1]) == {"path": "a", "line": 10, "column": 1, "rule": "r", "message": "m", "remedy": "n", "suggestion": "s"}
    assert str(findings[0]) == "b:1:1: r: m; n"
    assert findings[0].at("features/b") == "features/b:1:1: r: m; n"


def test_two_syntax_errors_are_reported_once_each() -> None:
    text = "Feature: F\n  Scenario: S\n    Then a\n    so it\n    goes on\n\n    and on\n    Then b\n      | a |\n      | b | c |\n    oh\n"

    findings = lint_text(text.encode(), "x.feature", REGISTRY, NO_TAGS)

    assert [(finding.rule, finding.line) for finding in findings] == [("syntax", 4), ("syntax", 10)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("# a\n\n #  language : fr \n@t\nFonctionnalité: F", "fr"),
        ("Feature: F\n# language: fr", "en"),
        ("# language: xx", "xx"),
    ],
)
def test_the_language_is_said_at_the_top(text: str, language: str) -> None:
    assert language_of(text) == language


def test_every_rule_says_what_it_prevents() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(RULES.values())


def test_the_command_lints_the_specification_it_came_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    status = main(["lint"])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[-1].partition(": ")[2] == (
        "no findings; there is no folder `features` here, so this is the specification installed with the program"
    )


def test_the_command_says_where_and_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "features" / "deep").mkdir(parents=True)
    (tmp_path / "features" / "deep" / "x.feature").write_text("Feature: F\n\n  Scenario: S\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    message = "the scenario `S` has no steps, so it would check nothing"
    remedy = "write its Given, When and Then, or delete it"

    assert main(["lint"]) == 1
    text = capsys.readouterr().out
    assert main(["lint", "features/deep", "--format", "json"]) == 1
    plain = json.loads(capsys.readouterr().out)
    assert main(["lint", str(tmp_path / "features" / "deep" / "x.feature"), "--format", "github"]) == 1
    github = capsys.readouterr().out

    assert text == f"features/deep/x.feature:3:3: no-steps: {message}; {remedy}\n1 file, 1 example: 1 finding in 1 file\n"
    assert plain == {
        "files": 1,
        "examples": 1,
        "beside": [],
        "installed": False,
        "findings": [
            {
                "file": "features/deep/x.feature", "path": "deep/x.feature", "line": 3, "column": 3, "rule": "no-steps",
                "message": message, "remedy": remedy, "suggestion": None,
            }
        ],
    }  # fmt: skip
    assert github.endswith(f"::\n::error file=features/deep/x.feature,line=3,col=3,title=sop lint%3A no-steps::{message}; {remedy}\n")
    assert text in github


def test_files_of_one_name_below_two_folders_have_different_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "features").mkdir(parents=True)
        (tmp_path / folder / "features" / "x.feature").write_text("Feature: F\n\n  Scenario: S\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    files = ["one/features/x.feature", "two/features/x.feature"]

    outputs = {}
    for form in ("text", "json", "github", "sarif", "junit"):
        assert main(["lint", "one", "two", "--format", form]) == 1
        outputs[form] = capsys.readouterr().out

    assert [line.partition(":")[0] for line in outputs["text"].splitlines()] == [*files, "2 files, 2 examples"]
    assert outputs["text"].endswith(": 2 findings in 2 files\n")
    assert [finding["file"] for finding in json.loads(outputs["json"])["findings"]] == files
    errors = [line for line in outputs["github"].splitlines() if line.startswith("::error ")]
    assert [line.partition("=")[2].partition(",")[0] for line in errors] == files
    results = json.loads(outputs["sarif"])["runs"][0]["results"]
    assert [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results] == files
    assert [case.get("name") for case in ET.fromstring(outputs["junit"]).iter("testcase") if len(case) == 1] == files  # noqa: S314 - our own


@pytest.mark.parametrize("path", ["missing", "missing.feature", "empty", "notes.txt"])
def test_a_path_that_cannot_be_linted_is_misuse(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").touch()

    status = main(["lint", str(tmp_path / path)])

    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    assert captured.err.startswith(f"error: cannot read {tmp_path / path}: ")

"""Cucumber's own tools read our runs: the official schema of Messages, the HTML formatter, a reader of Cucumber JSON."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports.export.run_files import CUCUMBER_JSON, MESSAGES
from tests.support.messages_sample import exported, lines
from tests.support.npm_tools import node, package

FORMAT = """
import {{createWriteStream, readFileSync}} from 'node:fs'
import {{CucumberHtmlStream}} from {module}
const stream = new CucumberHtmlStream()
stream.pipe(createWriteStream({page}))
for (const line of readFileSync({messages}, 'utf8').split('\\n')) if (line) stream.write(JSON.parse(line))
stream.end()
"""
JUNIT = """
import {{readFileSync, writeSync}} from 'node:fs'
import plugin from {module}
const listeners = []
plugin.formatter({{options: {{}}, on: (_, listener) => listeners.push(listener), write: text => writeSync(1, text)}})
for (const line of readFileSync({messages}, 'utf8').split('\\n')) if (line) listeners.forEach(listener => listener(JSON.parse(line)))
"""
REPORT = """
const reporter = require({module})
reporter.generate({{jsonDir: {json}, reportPath: {page}, disableLog: true, saveCollectedJSON: true}})
"""


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("sample"))


def filled(script: str, **values: Path | str) -> str:
    return script.format(**{name: json.dumps(str(value)) for name, value in values.items()})


def test_the_official_schema_accepts_every_message(run_dir: Path) -> None:
    schema = json.loads((package("@cucumber/messages") / "messages.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    messages = lines(run_dir / MESSAGES)

    assert [error.message[:300] for message in messages for error in validator.iter_errors(message)] == []
    assert {next(iter(message)) for message in messages} == {
        "meta", "source", "gherkinDocument", "pickle", "parseError", "stepDefinition", "suggestion", "testRunStarted", "testCase",
        "testCaseStarted", "testStepStarted", "testStepFinished", "testCaseFinished", "testRunFinished",
    }  # fmt: skip
    assert list(validator.iter_errors({"pickle": {}}))  # the schema is at work


@pytest.fixture(scope="module")
def page(run_dir: Path, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The page of Cucumber's HTML formatter, opened."""
    file = tmp_path_factory.mktemp("formatter") / "cucumber.html"
    module = package("@cucumber/html-formatter") / "dist" / "src" / "CucumberHtmlStream.js"
    script = filled(FORMAT, module=module.as_uri(), page=file, messages=run_dir / MESSAGES)
    subprocess.run([node(), "--input-type=module", "--eval", script], check=True, capture_output=True, timeout=60)
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(file.as_uri())
    opened.get_by_text("Every way it can end").wait_for()
    assert complaints == []
    return opened


def test_the_html_formatter_counts_what_the_record_counts(run_dir: Path, page: Any) -> None:
    scenarios = [line for line in lines(run_dir / "run.ndjson") if line["type"] == "scenario"]
    count = Counter(line["status"] for line in scenarios)
    text = page.inner_text("body")

    assert (count["passed"], count["failed"] + count["broken"], count["not-run"]) == (4, 4, 4)
    # One is known to fail and passes, another fails as it should; one has no steps.
    for counted_text in ("3 / 11) passed", "PASSED 3", "FAILED 4", "UNDEFINED 2", "SKIPPED 2"):
        assert counted_text in " ".join(text.split())


def test_the_html_formatter_shows_failures_arguments_and_bindings_to_write(page: Any) -> None:
    text = " ".join(page.inner_text("body").split())

    assert "the number of experiment of the tests: expected 4, got 3 expected: 4 actual: 3" in text
    assert "not run, because the file has findings: a/unsound.feature:8:3: no-steps" in text
    assert '@when("something \\"odd\\" happens")' in text
    assert "1 <two> \\\\ | & three" in text
    assert "Rule: Adding" in text
    assert "Scenario Outline: Adding <more>" in text


def test_cucumbers_junit_formatter_calls_nothing_passed_that_did_not_pass(run_dir: Path) -> None:
    module = package("@cucumber/junit-xml-formatter") / "dist" / "index.js"
    script = filled(JUNIT, module=module.as_uri(), messages=run_dir / MESSAGES)
    done = subprocess.run([node(), "--input-type=module", "--eval", script], check=True, capture_output=True, timeout=60)
    suite = ET.fromstring(done.stdout)  # noqa: S314 - made of our own
    passed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is None and case.find("skipped") is None]

    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["11", "6", "2"]
    assert [name.rpartition(": ")[2] for name in passed] == ["Adding 1", "Adding 3", "Fine"]


def test_a_reader_of_cucumber_json_counts_the_same(run_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "json"
    folder.mkdir()
    shutil.copy(run_dir / CUCUMBER_JSON, folder)
    script = filled(REPORT, module=package("multiple-cucumber-html-reporter"), json=folder, page=tmp_path / "report")
    subprocess.run([node(), "--eval", script], check=True, capture_output=True, timeout=60, cwd=tmp_path)

    counts = json.loads((tmp_path / "report" / "enriched-output.json").read_text(encoding="utf-8"))["scenarios"]
    # Four files are not sound, which is a failed scenario each; one scenario has no steps.
    assert {name: counts[name] for name in ("passed", "failed", "skipped", "notDefined", "total")} == {
        "passed": 3, "failed": 8, "skipped": 2, "notDefined": 2, "total": 15,
    }  # fmt: skip

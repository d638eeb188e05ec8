"""One specification written for four runners: the same features, the same step sentences, the same work.

Three steps per scenario, fifty scenarios per file, three step definitions that are used and two hundred that are not.
"""

import textwrap
from pathlib import Path

UNUSED, PER_FILE = 200, 50
STEPS = 3
"""Number of steps of each scenario."""


def write_features(folder: Path, scenarios: int) -> None:
    """Write *scenarios* scenarios, fifty in a file."""
    for start in range(0, scenarios, PER_FILE):
        lines = [f"Feature: Counting {start}", ""]
        for number in range(start, min(start + PER_FILE, scenarios)):
            lines += [f"  Scenario: Adding {number}", f"    Given a counter at {number}", "    When I add 5"]
            lines += [f"    Then the counter is {number + 5}", ""]
        (folder / f"f{start:06}.feature").write_text("\n".join(lines))


def write_features_of_the_project(folder: Path) -> None:
    """Write the step definitions in the form of this project."""
    unused = (f'@given("an unused thing {n} at {{int}}")\ndef _(value): pass' for n in range(UNUSED))
    text = """
        from steps.definitions.decorators import given, when, then
        @given("a counter at {int}", target_fixture="counter")
        def _(start): return start
        @when("I add {int}", target_fixture="counter")
        def _(more, counter): return counter + more
        @then("the counter is {int}")
        def _(expected, counter, claims):
            claims.check({"kind": "experiment"}, "counter", expected, counter)
    """
    _write(folder / "speed_bindings.py", text, *unused)


def write_stock(folder: Path) -> None:
    """Write the same step definitions in the form of pytest-bdd's documentation."""
    unused = (f'@given(parse("an unused thing {n} at {{value:d}}"))\ndef _(value): pass' for n in range(UNUSED))
    text = """
        from pytest_bdd import given, when, then, scenarios
        from pytest_bdd.parsers import parse
        @given(parse("a counter at {start:d}"), target_fixture="counter")
        def _(start): return start
        @when(parse("I add {more:d}"), target_fixture="counter")
        def _(more, counter): return counter + more
        @then(parse("the counter is {expected:d}"))
        def _(expected, counter): assert counter == expected
    """
    _write(folder / "test_stock.py", text, *unused, 'scenarios("features")')


def write_behave(folder: Path) -> None:
    """Write the same step definitions for behave."""
    unused = (f'@given("an unused thing {n} at {{value:d}}")\ndef step(context, value): pass' for n in range(UNUSED))
    text = """
        from behave import given, when, then
        @given("a counter at {start:d}")
        def step(context, start): context.counter = start
        @when("I add {more:d}")
        def step(context, more): context.counter += more
        @then("the counter is {expected:d}")
        def step(context, expected): assert context.counter == expected
    """
    steps = folder / "features" / "steps"
    steps.mkdir()
    _write(steps / "speed.py", text, *unused)


def write_cucumber(folder: Path) -> None:
    """Write the same step definitions for cucumber-js, with our step sentences: both read Cucumber Expressions."""
    unused = (f'Given("an unused thing {n} at {{int}}", function (value) {{}})' for n in range(UNUSED))
    text = """
        const assert = require("node:assert")
        const { Given, When, Then } = require("@cucumber/cucumber")
        Given("a counter at {int}", function (start) { this.counter = start })
        When("I add {int}", function (more) { this.counter += more })
        Then("the counter is {int}", function (expected) { assert.strictEqual(this.counter, expected) })
    """
    _write(folder / "speed.js", text, *unused)


def write_counter(folder: Path) -> None:
    """Write a pytest plugin that prints how many steps passed, from the reports of pytest-bdd or of this project; neither prints it."""
    text = """
        from pytest_bdd.reporting import test_report_context_registry as told_by_stock
        passed = 0
        def pytest_runtest_logreport(report):
            global passed
            if report.when != "call" or not report.passed:
                return
            if report in told_by_stock:
                passed += sum(not step["failed"] for step in told_by_stock[report].scenario["steps"])
            else:
                passed += sum(step.status == "passed" for step in report.sop.steps)
        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_line(f"{passed} steps passed")
    """
    _write(folder / "speed_counter.py", text)


def write_whole(folder: Path) -> None:
    """Write a script that runs `sop verify` with these step definitions and counts what passed in the run record, without parsing it."""
    text = """
        import sys
        from pathlib import Path
        from sop_cli.__main__ import run as sop
        sys.argv[1:1] = ["verify", "features", "--steps", "speed_bindings", "--out", "out"]
        try:
            sop()
        except SystemExit as end:
            status = end.code
        (run,) = Path("out/runs").glob("*/")
        if status or not all((run / name).exists() for name in ("junit.xml", "pytest.html")):
            sys.exit(f"it ended with {status}")
        record = (run / "run.ndjson").read_bytes()
        scenarios = record.count(b'"status":"passed","steps":[')
        print(scenarios, "scenarios passed")
        print(record.count(b'"status":"passed"') - scenarios, "steps passed")
    """
    _write(folder / "whole.py", text)


def _write(file: Path, text: str, *more: str) -> None:
    file.write_text("\n".join([textwrap.dedent(text), *more, ""]))

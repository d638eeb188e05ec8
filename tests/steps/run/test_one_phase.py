"""Plain pytest runs the steps of an example without setup and teardown, unless something would happen there."""

import re
from pathlib import Path

import pytest

from tests.steps.run.test_plugin import output_of_pytest

FEATURE = """Feature: Two

  Scenario: One
    Given a number 1
    Then the number is 1

  Scenario: Lent
    Given a number that is lent
    Then the number is 7
"""
PHASES = "import pytest\n\ndef pytest_runtest_logreport(report):\n    print(f'[{report.when} {report.outcome}]')\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE)
    (tmp_path / "conftest.py").write_text(PHASES)
    return tmp_path


def with_conftest(folder: Path, *lines: str) -> Path:
    (folder / "conftest.py").write_text("\n".join([PHASES, *lines]))
    return folder


def phases(folder: Path, *arguments: str) -> list[str]:
    """The phases that are reported, in order."""
    return re.findall(r"\[((?:setup|call|teardown) \w+)\]", output_of_pytest(folder, "features", "-s", *arguments))


def test_an_example_without_fixtures_has_no_setup_and_one_with_a_fixture_gives_it_back(here: Path) -> None:
    assert phases(here, "-k", "One") == ["call passed", "teardown passed"]
    assert phases(here, "-k", "Lent") == ["call passed", "teardown failed"]


@pytest.mark.parametrize("option", ["-pno:logging", "-pno:skipping", "--log-level=DEBUG", "-v", "-x"])
def test_options_that_leave_setup_and_teardown_empty(here: Path, option: str) -> None:
    assert phases(here, option, "-k", "One") == ["call passed", "teardown passed"]


THREE = ["setup passed", "call passed", "teardown passed"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["def pytest_runtest_setup(item): print('seen')"], THREE),
        (["def pytest_runtest_setup(item): pytest.skip('not today')"], ["setup skipped", "teardown passed"]),
        (["def pytest_runtest_teardown(item): raise ValueError('stays open')"], [*THREE[:2], "teardown failed"]),
        (["@pytest.hookimpl(wrapper=True)", "def pytest_runtest_setup(item): return (yield)"], THREE),
        (["def pytest_collection_modifyitems(items):", "    items[0].add_marker(pytest.mark.skip)"], ["setup skipped", "teardown passed"]),
        (["def pytest_collection_modifyitems(items):", "    items[0].parent.add_marker('nightly')"], THREE),
        (["from _pytest.runner import runtestprotocol", "def pytest_runtest_protocol(item): return runtestprotocol(item)"], THREE),
    ],
    ids=["setup", "skip in setup", "teardown", "wrapper", "mark", "mark of the file", "protocol"],
)
def test_a_hook_or_a_mark_of_the_user_gets_its_phases(here: Path, lines: list[str], expected: list[str]) -> None:
    assert phases(with_conftest(here, *lines), "-k", "One") == expected


BARE = ["-pno:logging", "-pno:unraisableexception", "-pno:threadexception"]
"""Options without the plugins that have hooks around each call, so that pytest only captures."""


@pytest.mark.parametrize("options", [[], BARE], ids=["all hooks", "capture only"])
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["def pytest_runtest_call(item): print('[hook]')"], "[hook]\n"),
        (["def pytest_runtest_makereport(item, call): print('[report]')"], "[report]\n"),
        (
            ["import pytest", "@pytest.fixture", "def lent(request):", "    request.node.add_marker(pytest.mark.xfail)", "    return 1"],
            "1 xfailed",
        ),
        (["import pytest", "@pytest.fixture", "def lent():", "    print('lent here')", "    return 1"], "stdout call -----"),
    ],
    ids=["call", "report", "mark of a fixture", "output"],
)
def test_hooks_marks_and_output_of_the_call_are_the_same_without_hooks_of_others(
    here: Path, options: list[str], lines: list[str], expected: str
) -> None:
    (here / "features" / "a.feature").write_text(FEATURE.replace("the number is 7", "the number is 8"))
    (here / "features" / "conftest.py").write_text("\n".join(lines))

    assert expected in output_of_pytest(here, "features", *options, "-rA", "-k", "Lent")


@pytest.mark.parametrize("options", [[], BARE], ids=["all hooks", "capture only"])
def test_a_hook_for_the_report_of_a_passed_example_is_called(here: Path, options: list[str]) -> None:
    (here / "features" / "conftest.py").write_text("def pytest_runtest_makereport(item, call): print('[report]')")

    assert output_of_pytest(here, "features", *options, "-s", "-k", "One").count("[report]") == 1


@pytest.mark.parametrize(("option", "expected"), [("--setup-only", 0), ("--setup-plan", 0), ("--setup-show", 1)])
def test_options_about_setup_are_obeyed(here: Path, option: str, expected: int) -> None:
    assert phases(here, option, "-k", "One").count("call passed") == expected


def test_the_log_of_a_step_is_captured_for_its_fixture_and_its_report(here: Path) -> None:
    (here / "features" / "a.feature").write_text(FEATURE.replace("a number that is lent", "a number that is logged"))
    output = output_of_pytest(here, "features", "-k", "Lent")

    assert "1 failed" in output
    assert "expected 7, got 1" in output, "the fixture caplog has one record"
    assert "WARNING  root:run_bindings.py" in output


def test_a_fixture_of_a_python_module_is_given_back_before_the_examples_behind_it(here: Path) -> None:
    lent = "@pytest.fixture(scope='module')\ndef lent():\n    yield 1\n    print('[given back]')"
    (here / "test_beside.py").write_text(f"import pytest\n\n{lent}\n\ndef test_it(lent): print('[test]')\n")
    output = output_of_pytest(here, "test_beside.py", "features", "-s", "-k", "One or test_it")

    assert "2 passed" in output
    assert output.index("[test]") < output.index("[given back]") < output.rindex("[call passed]")

"""The pytest plugin on its own: what is collected, how it is named and selected, and what a failure says."""

import io
import os
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from steps.language.document import read_document
from tests.support.in_process import put_back

GOOD = """Feature: Good

  Rule: One, for GAP-14

    @GAP-14
    Scenario: Plain
      Given a dozen
      Then the number is 12

  Rule: Two

    Scenario Outline: With rows
      Given a number <a>
      When 1 is added
      Then the number is <b>

      Examples:
        | a | b |
        | 1 | 2 |
        | 2 | 9 |
"""
UNSOUND = "Feature: Unsound\n\n  Scenario: Wrong\n    Given a nombre 1\n    Then the number is 1\n"
BROKEN = """Feature: Broken

  Scenario: It raises
    Given a number 1
    Then the binding raises

  Scenario: Nobody says the number
    Then the number is 1
"""


@pytest.fixture
def here(tmp_path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "good.feature").write_text(GOOD)
    return tmp_path


def output_of_pytest(folder: Path, *arguments: str) -> str:
    """What pytest prints in *folder* with our plugin and the bindings of the tests."""
    out = io.StringIO()
    with put_back(), redirect_stdout(out):
        os.chdir(folder)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        pytest.main(["-psteps.run.plugin", "--sop-bindings=tests.support.run_bindings", "--color=no", "--capture=sys", *arguments])
    return out.getvalue()


def test_tests_are_named_after_what_they_say(here):
    document, _ = read_document(here / "features" / "good.feature", here / "features")
    output = output_of_pytest(here, "features", "--collect-only", "-q")

    assert document is not None
    assert output.splitlines()[:3] == [f"features/good.feature::{instance.id}" for instance in document.examples]
    assert all(re.fullmatch(r"[a-z0-9-]+", instance.id) for instance in document.examples)


def test_names_do_not_depend_on_what_stands_before(here):
    before = output_of_pytest(here, "features", "--collect-only", "-q").splitlines()[:3]
    new = "Feature: Good\n\n  Scenario: New\n    Given a dozen\n    Then the number is 13\n"
    (here / "features" / "good.feature").write_text(GOOD.replace("Feature: Good\n", new))

    assert output_of_pytest(here, "features", "--collect-only", "-q").splitlines()[1:4] == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["features"], "1 failed, 2 passed"),
        (["features", "-k", "Plain"], "1 passed, 2 deselected"),
        (["features", "-k", "rows"], "1 failed, 1 passed, 1 deselected"),
        (["features", "--sop-tags=@GAP-14"], "1 passed"),
        (["features", "--sop-tags=not @GAP-14"], "1 failed, 1 passed"),
        (["features/good.feature"], "1 failed, 2 passed"),
    ],
)
def test_selection(here, arguments, expected):
    assert expected in output_of_pytest(here, *arguments, "-q")


def test_one_test_by_its_id_and_the_failed_ones_again(here):
    failed = re.findall(r"^FAILED (\S+)", output_of_pytest(here, "features", "-q"), re.MULTILINE)

    assert len(failed) == 1
    assert "1 failed in" in output_of_pytest(here, failed[0], "-q")
    assert "1 failed in" in output_of_pytest(here, "features", "--lf", "-q")


def test_a_failure_says_where_and_what_without_a_traceback(here):
    output = output_of_pytest(here, "features", "-q")

    assert "features/good.feature:15: failed: Then the number is 9\n  in: With rows\n  row: features/good.feature:20\n" in output
    assert "the number of experiment of the tests: expected 9, got 3" in output
    assert "Traceback" not in output
    assert "site-packages" not in output


def test_a_broken_binding_shows_its_own_frames_only(here):
    (here / "features" / "good.feature").write_text(BROKEN)
    output = output_of_pytest(here, "features", "-q")

    assert "features/good.feature:5: broken: Then the binding raises" in output
    assert "run_bindings.py" in output
    assert 'raise ValueError("units must be positive")' in output
    assert "executor.py" not in output
    assert "no earlier step sets `number`" in output


def test_an_unsound_file_is_one_failing_test(here):
    (here / "features" / "a.feature").write_text(UNSOUND)
    output = output_of_pytest(here, "features", "-q")

    assert "2 failed, 2 passed" in output
    assert "features/a.feature:4:5: undefined-step: " in output

"""An independent check: stock pytest-bdd runs the same features with the same bindings, and passes as many scenarios."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from steps.language.document import find_features, read_document

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
FEATURES = REPOSITORY / "features"
CONFTEST = 'pytest_plugins = ["steps.support.stock"]\n'


THENS = {
    "a claim": ('claims.check(ABOUT, "door", 1, 1)', ""),
    "nothing": ("return", "this Then made no claim"),
    "an assert": ("assert True", "this Then made no claim"),
    "no rows": ("claims.check_all(ABOUT, [])", "this Then made no claim"),
    "claims of its own": ('Claims().check(ABOUT, "door", 1, 1)', "this Then made no claim"),
    "a false claim": ('claims.check(ABOUT, "door", 1, 2)', "expected 1, got 2"),
    "a swallowed claim": ('with suppress(ClaimError):\n        claims.check(ABOUT, "door", 1, 2)', "expected 1, got 2"),
    "a withdrawn claim": (
        'with suppress(ClaimError):\n        claims.check(ABOUT, "door", 1, 2)\n    claims._entries.clear()\n    claims.check(ABOUT, "door", 1, 1)',
        "the step definition removed or changed a claim",
    ),
    "a claim withdrawn in the end": (
        'claims.check(ABOUT, "door", 1, 1)\n    yield\n    claims._entries.clear()',
        "removed or changed a claim",
    ),
}
STEPS = """
from contextlib import suppress
from steps.definitions.decorators import given, then, when
from steps.support.claims import ClaimError, Claims

ABOUT = {"kind": "shop", "name": "mine"}

@given("a shop", target_fixture="shop")
def _(): ...

@when("it opens", target_fixture="opened")
def _(shop, claims):
    claims.attempt()
"""


def output_of_stock(folder: Path, conftest: str = "") -> str:
    """What stock pytest-bdd says about a scenario for each of `THENS`."""
    steps = [f'@then("it is {name}")\ndef _(opened, claims):\n    {body}\n' for name, (body, _) in THENS.items()]
    scenarios = [f"  Scenario: About {name}\n    Given a shop\n    When it opens\n    Then it is {name}\n" for name in THENS]
    files = {
        "shop_of_stock.py": STEPS + "\n".join(steps),
        "shop.feature": "Feature: Shop\n\n" + "\n".join(scenarios),
        "pyproject.toml": '[tool.sop]\nsteps = ["shop_of_stock"]\n',
        "conftest.py": CONFTEST + conftest,
        "test_shop.py": 'from pytest_bdd import scenarios\n\nscenarios("shop.feature")\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rA",
        f"--rootdir={folder}",
        "-pno:cacheprovider",
        "-ppytest_bdd.plugin",
        "--color=no",
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(REPOSITORY), "COLUMNS": "400"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


def test_a_then_without_a_claim_fails_under_stock_pytest_bdd_too(tmp_path):
    text = output_of_stock(tmp_path)

    for name, (_, message) in THENS.items():
        [line] = re.findall(rf"^(?:FAILED|ERROR|PASSED) \S+::test_about_{name.replace(' ', '_')}\b(?! - .*Exc).*$", text, re.MULTILINE)[-1:]
        assert line.startswith("PASSED") is (not message), text
        assert message in line, line


@pytest.mark.parametrize("name", ["claims", "driver", "datatable", "docstring"])
def test_a_fixture_of_a_user_with_a_reserved_name_is_refused_under_stock_pytest_bdd(name, tmp_path):
    text = output_of_stock(tmp_path, f"import pytest\n\n@pytest.fixture\ndef {name}(): ...\n")

    assert f"{len(THENS)} failed" in text
    assert f"conftest.py:4:1: reserved-fixture: the fixture `{name}` has the name of a fixture of the program itself" in text


def test_the_whole_specification_passes_under_stock_pytest_bdd_with_a_conftest_of_one_line(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_stock.py").write_text(f"from pytest_bdd import scenarios\n\nscenarios({str(FEATURES)!r})\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        f"-c{os.devnull}",
        f"--rootdir={tmp_path}",
        "-pno:cacheprovider",
        "-ppytest_bdd.plugin",
    ]

    done = subprocess.run(
        [*command, "test_stock.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )

    passed = re.search(r"^(\d+) passed(?:, \d+ warnings?)? in", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout[-3000:]
    assert passed is not None, done.stdout[-3000:]
    assert int(passed[1]) == sum(map(instances_in, find_features([FEATURES])))


def instances_in(file: Path) -> int:
    document, findings = read_document(file, FEATURES)
    assert document is not None, findings
    return len(document.examples)


def test_the_documentation_has_the_same_line():
    assert CONFTEST in (REPOSITORY / "docs" / "steps.md").read_text(encoding="utf-8")

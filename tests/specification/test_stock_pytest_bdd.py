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

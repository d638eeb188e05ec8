"""An independent check: stock pytest-bdd runs the same features with the same bindings, and passes as many scenarios."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from steps.definitions.discovery import built_in_modules
from steps.language.document import find_features, read_document

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
FEATURES = REPOSITORY / "features"


def test_the_whole_specification_passes_under_stock_pytest_bdd(tmp_path):
    test = tmp_path / "test_stock.py"
    test.write_text(f"from pytest_bdd import scenarios\n\nscenarios({str(FEATURES)!r})\n")
    plugins = ("pytest_bdd.plugin", "steps.support.fixtures", *built_in_modules())
    command = [sys.executable, "-m", "pytest", "-q", f"-c{os.devnull}", f"--rootdir={tmp_path}", "--noconftest", "-pno:cacheprovider"]

    done = subprocess.run(
        [*command, *(f"-p{plugin}" for plugin in plugins), str(test)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
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

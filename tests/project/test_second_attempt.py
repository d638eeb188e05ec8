"""What CI does after tests have failed: slow ones have a second attempt, alone; all else fails."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not shutil.which("bash"), reason="no bash, which runs it")]
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'^if ! "\$python" run\.py test --all; then\n.*?^fi\n', re.MULTILINE | re.DOTALL)
RUN = """import subprocess, sys
from pathlib import Path
verified = Path("verify").read_text() == "passes" if sys.argv[1] == "verify" else True
tested = subprocess.run([sys.executable, "-m", "pytest", "-q"]).returncode if sys.argv[1] == "test" else 0
sys.exit(tested or not verified or (sys.argv[1] == "test" and Path("verify").read_text() != "passes"))
"""
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
SETTINGS = '[tool.pytest.ini_options]\nmarkers = ["slow", "peers", "once"]\n'
UNSTEADY = """
@pytest.mark.slow{more}
def test_that_fails_at_first():
    before = Path("tried").exists()
    Path("tried").touch()
    assert before
"""
BROKEN = """
@pytest.mark.slow
def test_that_fails():
    raise ValueError
"""
QUICK = "\ndef test_that_is_quick():\n    assert {passes}\n"


@pytest.mark.parametrize(
    ("tests", "verify", "passes"),
    [
        (QUICK.format(passes=True), "passes", True),
        (QUICK.format(passes=True) + UNSTEADY.format(more=""), "passes", True),
        (QUICK.format(passes=True) + UNSTEADY.format(more=""), "fails", False),
        (QUICK.format(passes=True) + UNSTEADY.format(more="\n@pytest.mark.once"), "passes", False),
        (QUICK.format(passes=True) + UNSTEADY.format(more="") + BROKEN, "passes", False),
        (QUICK.format(passes=False) + UNSTEADY.format(more=""), "passes", False),
        (QUICK.format(passes=False).replace("assert", "assert Path('tried').exists() or Path('tried').touch() or"), "passes", False),
        (QUICK.format(passes=True), "fails", False),
        ("\nraise ValueError\n", "passes", False),
    ],
    ids=["all pass", "unsteady", "unsteady, and the specification fails", "once", "unsteady and broken", "quick and unsteady", "unsteady quick", "the specification fails", "not collected"],
)  # fmt: skip
def test_only_slow_tests_have_a_second_attempt(tests: str, verify: str, *, passes: bool, tmp_path: Path) -> None:
    [block] = BLOCK.findall((ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    (tmp_path / "verify").write_text(verify, encoding="utf-8")
    (tmp_path / "test_some.py").write_text(f"from pathlib import Path\n\nimport pytest\n{tests}", encoding="utf-8")
    script = f'set -euo pipefail\nsection() {{ echo "$1"; }}\npython="{sys.executable}"\ninstalled="$python"\n{block}echo "All passed"\n'

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)

    assert (done.returncode == 0) == passes, done.stdout + done.stderr
    assert ("All passed" in done.stdout) == passes
    assert ("unsteady: " in done.stdout) == (passes and "tried" in tests)
    assert "test_that_fails_at_first PASSED" in done.stdout or "unsteady: " not in done.stdout

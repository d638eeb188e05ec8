"""Other people's tools for the tests, from npm.

They are Cucumber's own (the schema of Messages, two formatters, the compatibility kit, the language server), and a reader of DMN with
an evaluator of its language FEEL.

``NPM_TOOLS`` may name a folder in which ``npm install`` has put the packages below. Otherwise they are installed once
into ``build/npm-tools``, with whatever registry npm is set up for. Where neither is possible the tests are skipped; with ``CI=true``
they fail.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.support.browsing import missing

PACKAGES = (
    "@cucumber/messages@34.2.1",
    "@cucumber/html-formatter@24.2.0",
    "@cucumber/junit-xml-formatter@0.15.0",
    "@cucumber/compatibility-kit@30.0.0",
    "@cucumber/cucumber@12.9.0",
    "@cucumber/language-server@1.7.0",
    "@cucumber/language-service@1.7.0",
    "multiple-cucumber-html-reporter@3.9.3",
    "@microsoft/sarif-multitool@5.7.0",
    "dmn-moddle@12.2.1",
    "feelin@8.2.0",
)
"""Pinned; all MIT. The reporter reads Cucumber JSON."""
CACHE = Path(__file__).parents[2] / "build" / "npm-tools"
PATIENCE_S = 120


def package(name: str) -> Path:
    """Return the folder of an installed package."""
    modules = _modules()
    if modules is None or not (modules / name).is_dir():
        missing(f"the npm package {name}")
    return modules / name


def node() -> str:
    """Return the Node.js that runs the tools."""
    program = shutil.which("node")
    if program is None:
        missing("Node.js")
    return program


@cache
def _modules() -> Path | None:
    """Return the folder of the packages, if all of them are there; tried once, because without a network the attempt takes long."""
    given = os.environ.get("NPM_TOOLS")
    if given:
        return Path(given).resolve() / "node_modules"
    wanted = " ".join(PACKAGES)
    stamp = CACHE / "installed.txt"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        if not _is_installed():
            return None
        stamp.write_text(wanted, encoding="utf-8")
    return CACHE / "node_modules"


def _is_installed() -> bool:
    """Return whether npm could install the packages; some of them are no use."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    CACHE.mkdir(parents=True, exist_ok=True)
    quiet = ("--silent", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=0")
    try:
        done = subprocess.run(
            [npm, "install", *quiet, "--prefix", str(CACHE), *PACKAGES], cwd=CACHE, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0

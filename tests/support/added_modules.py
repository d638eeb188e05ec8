"""Binding modules of a shop, written to files, and commands that name them."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS

NUMBERS = itertools.count()
REPOSITORY = Path(__file__).parents[2]
SHOP = '''"""Sentences about a shop."""

from steps.definitions.decorators import given, then, when
from steps.support.claims import Claims


@given("a shop that is open", target_fixture="shop")
def _() -> str:
    """It sells."""
    return "open"


@when("somebody calls it", target_fixture="answer")
def _(shop: str) -> bool:
    """By telephone."""
    return shop == "open"


@then("the shop answers")
def _(answer: bool, claims: Claims) -> None:
    """The call is taken."""
    claims.check({"kind": "shop", "name": "one"}, "answers", True, answer)


@then("the line breaks", when_optional=True)
def _() -> None:
    """Never."""
    raise RuntimeError(f"the line is cut ({__file__})")
'''
FEATURE = "Feature: Shop\n\n  Scenario: It is open\n    Given a shop that is open\n    When somebody calls it\n    Then the shop answers\n"


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def sop(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def unused_name() -> Iterator[str]:
    """Yield a top-level name that no other test uses, and forget its modules at the end: a module is imported once in a process."""
    top = f"shop_of_test_{next(NUMBERS)}"
    yield top
    FOLDERS.pop(top, None)
    for module in [module for module in sys.modules if module.partition(".")[0] == top]:
        del sys.modules[module]
        DEFINITIONS.pop(module, None)

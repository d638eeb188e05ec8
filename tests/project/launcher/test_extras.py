"""The launcher installs what only some commands need, with the first command that needs it."""

import subprocess
from pathlib import Path

import pytest

from tests.support.launcher_trees import SETTING_UP, error_of, launch, locks_of

pytestmark = pytest.mark.slow


def test_the_first_start_installs_what_the_specification_needs_and_nothing_else(used: Path) -> None:
    """Examples of audits read tables with the package of the extra."""
    assert locks_of(used) == {"main", "logs"}


def test_a_command_that_runs_no_features_needs_less(tree: Path) -> None:
    launch(tree, "decide")

    assert locks_of(tree) == {"main"}


def test_an_extra_is_installed_with_the_command_that_needs_it(tree: Path) -> None:
    launch(tree, "decide")

    done = launch(tree, "ask")

    assert done.stderr.startswith(
        "the package `pyarrow` comes with the extra `logs`, which is installed now\n"
        f"{SETTING_UP}: 0 packages of requirements.lock, requirements-logs.lock\n"
    )
    assert done.stdout == "python3 run.py\n", "the hints name the call of the user"
    assert done.returncode == 0
    assert launch(tree, "--with", "logs", "extras").stdout == "logs\n"
    assert launch(tree).stderr == ""
    assert locks_of(tree) == {"main", "logs"}


def test_an_extra_that_was_installed_stays_when_another_comes(tree: Path) -> None:
    assert launch(tree, "setup", "logs").returncode == 0
    assert launch(tree, "setup", "cluster").returncode == 0

    assert locks_of(tree) == {"main", "logs", "cluster"}


def test_everything_can_be_installed_ahead(tree: Path) -> None:
    done = launch(tree, "setup", "--all")

    assert locks_of(tree) == {"main", "logs", "cluster", "spreadsheets", "workbench", "audit", "dev"}
    assert subprocess.run([done.stdout.rstrip("\n"), "-c", ""], check=False).returncode == 0
    assert launch(tree, "setup", "logs").stdout == done.stdout
    assert launch(tree, "test", "-q").stderr == ""


@pytest.mark.parametrize("arguments", [("setup", "log"), ("setup", "--al"), ("--with", "web", "verify"), ("--with",)])
def test_an_unknown_extra_is_refused(used: Path, arguments: tuple[str, ...]) -> None:
    assert "expected one of logs, cluster, spreadsheets, workbench, audit" in error_of(launch(used, *arguments))

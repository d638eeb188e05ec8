"""What a command need not have, it does not load; what is listed is what there is."""

import subprocess
import sys

import pytest

from sop_cli.main import COMMANDS, cli

DECIDE = ["decide", "--canceller", "seller", "--scope", "full", "--invoicing", "ERP", "--stage", "FULFILLABLE", "--e-invoice", "pushed"]


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = "import sys; from sop_cli.main import main; status = main(); print(*sys.modules, file=sys.stderr); sys.exit(status)"
    ran = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, encoding="utf-8")
    return set(ran.stderr.split())


@pytest.mark.parametrize("verb", COMMANDS)
def test_the_list_says_of_each_verb_what_the_verb_says_of_itself(verb: str) -> None:
    command = cli.get_command(None, verb)

    assert command is not None
    assert COMMANDS[verb] == command.short_help


def test_help_loads_no_command_and_no_rulebook() -> None:
    modules = loaded("--help")

    assert modules & {f"sop_cli.{verb}" for verb in COMMANDS} == set()
    assert modules & {"sop_engine.engine", "pytest", "jinja2", "simpy", "numpy", "rich"} == set()


def test_a_run_is_started_without_what_runs_it() -> None:
    assert loaded("verify", "--help") & {"pytest", "pytest_bdd", "cucumber_expressions", "jinja2", "simpy", "numpy"} == set()


def test_a_decision_loads_the_rulebook_and_nothing_that_runs_features_or_writes_pages() -> None:
    modules = loaded(*DECIDE)

    assert "sop_engine.engine" in modules
    assert modules & {"pytest", "pytest_bdd", "gherkin", "jinja2", "simpy", "numpy", "rich"} == set()

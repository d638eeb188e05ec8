"""A package that only some options need: the launcher installs it, a wheel names the extra."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from runpy import run_path

import pytest

from sop_cli.called_as import EXTRAS, missing_package
from sop_cli.main import main

ROOT = Path(__file__).resolve().parents[2]
STUDY = ["simulate", "sale_days", "--replications", "1", "--no-report"]
NEED = {
    "audit": ["audit", "a b.csv"],
    "logs": [*STUDY, "--format", "parquet", "--out", "a b"],
    "cluster": [*STUDY, "--cluster", "tcp://127.0.0.1:1", "--out", "a b"],
    "spreadsheets": ["questions", "--out", "a b.xlsx"],
    "workbench": ["workbench", "--no-open"],
}
SHARED = {"audit": {"pyarrow"}}
"""Packages of an extra that come with another extra too."""
WITH_VERB = [(package, extra) for package, extra in EXTRAS.items() if extra in NEED]
SERVERS = {ROOT / "sop_cli" / "web" / "serving", ROOT / "sop_cli" / "serving", ROOT / "sop_cli" / "serve"}
"""Its modules are imported by name when the workbench starts."""
AUDIT = tuple(
    ROOT / place
    for place in (
        "orders/audit", "orders/intake", "orders/memory.py", "orders/parts", "orders/row_places.py", "orders/run_facts.py", "reports/audit",
        "reports/html/json_columns.py", "sop_cli/audits",
    )
)  # fmt: skip
"""Rooms and modules that only audits import."""
LAUNCHER = "import sys; print(*sys.argv[1:]); sys.exit(5)"


@pytest.mark.parametrize(("package", "extra"), WITH_VERB)
def test_without_the_launcher_the_extra_and_the_command_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, package: str, extra: str
) -> None:
    """Before anything is simulated or written."""
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.chdir(tmp_path)

    assert main(NEED[extra]) == 2

    expected = f"error: the package `{package}` is not installed; it comes with the extra `{extra}`: pip install 'sop-spec[{extra}]'\n"
    assert capsys.readouterr() == ("", expected)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="the launcher is started otherwise")
@pytest.mark.parametrize(("package", "extra"), WITH_VERB)
def test_the_launcher_is_called_with_the_extra_and_its_status_is_the_status(tmp_path: Path, package: str, extra: str) -> None:
    """With the arguments of the user, and with the extras of an earlier such call."""
    launcher = tmp_path / "run.py"
    launcher.write_text(LAUNCHER, encoding="utf-8")
    code = f"import sys; sys.modules[{package!r}] = None; from sop_cli.__main__ import run; run()"
    variables = {**os.environ, "SOP_LAUNCHER": f"{sys.executable}{os.pathsep}{launcher}", "SOP_WITH": "web"}

    done = subprocess.run([sys.executable, "-c", code, *NEED[extra]], env=variables, capture_output=True, text=True, check=False)

    assert done.stdout == " ".join(["--with", "web", "--with", extra, *NEED[extra]]) + "\n"
    assert done.stderr == f"the package `{package}` comes with the extra `{extra}`, which is installed now\n"
    assert done.returncode == 5


def test_an_extra_that_is_installed_and_cannot_be_imported_is_not_installed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_LAUNCHER", f"python{os.pathsep}run.py")
    monkeypatch.setenv("SOP_WITH", "logs")

    outcome = missing_package(ModuleNotFoundError(name="pyarrow.parquet"), ["simulate"])

    assert outcome == "the package `pyarrow` of the extra `logs` cannot be imported; remove `.venv` and run the command again"


def test_a_module_of_no_extra_is_missing() -> None:
    assert missing_package(ModuleNotFoundError(name="numpy"), []) == "the module `numpy` is missing; install the program again"


def imports_at_start(file: Path) -> set[str]:
    """The packages that the module *file* imports when it is imported."""
    names = set()
    nodes: list[ast.AST] = [ast.parse(file.read_bytes())]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            nodes.extend(ast.iter_child_nodes(node))
    return names


def test_no_module_imports_a_package_of_an_extra_when_it_is_imported() -> None:
    packages = ("features", "orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]

    assert files
    alone = [file for file in files if file.parent not in SERVERS and not any(map(file.is_relative_to, AUDIT))]
    assert [file.name for file in alone if imports_at_start(file) & EXTRAS.keys()] == []


@pytest.mark.parametrize(
    "module",
    [
        "sop_cli.web.workbench",
        "sop_cli.web.worker",
        "sop_cli.web.methods",
        "sop_cli.main",
        "sop_cli.serve.serve",
        "sop_cli.serve.simulation",
        "sop_cli.commands.verify",
        "steps.driver.http_driver",
    ],
)
def test_a_command_and_a_worker_import_nothing_of_the_server(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set({sorted(EXTRAS)!r}) & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-P", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split() == []


def test_the_extras_are_those_of_the_project_and_of_the_launcher() -> None:
    """Each with a lock of its own, which holds its package."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    launcher = run_path(str(ROOT / "run.py"))

    for package, extra in EXTRAS.items():
        packages = {name.replace("_", "-") for name, other in EXTRAS.items() if other == extra}
        assert {requirement.partition(">")[0] for requirement in declared[extra]} - SHARED.get(extra, set()) == packages
        assert f"\n{package.replace('_', '-')}==" in "\n" + (ROOT / f"requirements-{extra}.lock").read_text(encoding="utf-8")
        assert launcher["LOCKS"][extra] == f"requirements-{extra}.lock"
        assert extra in launcher["EXTRAS"]

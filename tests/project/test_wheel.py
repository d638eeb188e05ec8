"""The wheel: exactly the packages of the plan, with every file that the checkout has in them."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"features", "orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps"}

FROM_DOCS = {
    "reports": {"reports/glossary.md"},
    "sop_cli": {"sop_cli/serve/skeletons/oms.py", "sop_cli/serve/skeletons/oms.mjs"},
}
"""Files of `docs` in a package of the wheel, see pyproject.toml."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, check=False, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_its_top_level_names_are_the_packages_of_the_plan(wheel):
    names = {name.partition("/")[0] for name in wheel.namelist()}

    assert {name for name in names if not name.endswith(".dist-info")} == TOP_LEVEL
    assert len(names) == len(TOP_LEVEL) + 1


@pytest.mark.parametrize("package", sorted(TOP_LEVEL))
def test_it_holds_every_file_of_a_package(wheel, package):
    here = {file.relative_to(ROOT).as_posix() for file in (ROOT / package).rglob("*") if file.is_file() and "__pycache__" not in file.parts}

    assert {name for name in wheel.namelist() if name.startswith(f"{package}/")} == here | FROM_DOCS.get(package, set())


@pytest.mark.parametrize("ending", [".feature", ".toml", ".schema.json", ".html.j2", ".py"])
def test_it_holds_the_data_that_is_not_python(wheel, ending):
    assert [name for name in wheel.namelist() if name.endswith(ending)]


def test_it_has_one_command_and_the_dependencies_of_the_project(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry_points,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith("entry_points.txt")]
    (metadata,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith("METADATA")]
    needs = [line.partition(": ")[2] for line in metadata.splitlines() if line.startswith("Requires-Dist: ") and "extra ==" not in line]

    assert entry_points.split() == [
        "[console_scripts]", "sop", "=", project["scripts"]["sop"], "[pytest11]", "sop", "=", "sop_cli.pytest_plugin",
    ]  # fmt: skip
    assert set(map(bounds, needs)) == set(map(bounds, project["dependencies"]))


def bounds(requirement: str) -> tuple[str, frozenset[str]]:
    """The name in *requirement* and its bounds, which the order of writing does not change."""
    name, bound = re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", requirement).groups()
    return name, frozenset(bound.split(","))


def test_it_carries_its_licence(wheel):
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]

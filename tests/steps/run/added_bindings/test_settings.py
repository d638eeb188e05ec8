"""The settings of a project name binding modules too."""

from pathlib import Path

import pytest

from sop_cli.main import main
from steps.definitions.discovery import BindingModules
from steps.definitions.settings import binding_modules
from tests.support.added_modules import SHOP, sop, write

SETTINGS = [
    ('[tool.sop]\nsteps = ["NAME.steps"]\n', None),
    ('[tool.sop]\nsteps = ["NAME/steps.py"]\n', None),
    ('[tool.sop]\nstep = ["NAME.steps"]\n', "pyproject.toml: unknown key `step` in `[tool.sop]`; did you mean `steps`?"),
    ('[tool.sop]\nsteps = "NAME.steps"\n', "pyproject.toml: `steps` in `[tool.sop]` is not a list of modules; write"),
    ("[tool.sop]\nsteps = [1]\n", "pyproject.toml: `steps` in `[tool.sop]` is not a list of modules; write"),
    ("[tool]\nsop = 1\n", "pyproject.toml: `tool.sop` is not a table; write"),
    ("[tool.sop\n", "pyproject.toml: cannot be read (it is not TOML: Expected ']'"),
    ('[tool.sop]\nsteps = ["no_shop.steps"]\n', "there is no module `no_shop.steps`"),
]


@pytest.mark.parametrize(("settings", "message"), SETTINGS)
def test_the_settings_name_modules_too(
    here: Path, name: str, capsys: pytest.CaptureFixture[str], settings: str, message: str | None
) -> None:
    write(here / name / "steps.py", SHOP)
    write(here / "pyproject.toml", settings.replace("NAME", name))

    status = main(["lint"])

    captured = capsys.readouterr()
    assert status == (0 if message is None else 2), captured
    assert captured.err.startswith(f"error: {message}" if message else "")


@pytest.mark.parametrize("settings", ["", "[tool.ruff]\nline-length = 140\n", "[tool.sop]\n", "tool = 1\n"])
def test_settings_without_modules_add_none(here: Path, settings: str) -> None:
    write(here / "pyproject.toml", settings)

    assert binding_modules(here / "features", ()) == BindingModules()


def test_the_settings_are_those_beside_the_features_and_else_of_the_current_folder(
    here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    current = tmp_path_factory.mktemp("current")
    for folder, module in ((here, f"{name}_a"), (current, f"{name}_b"), (current, f"{name}_c")):
        write(folder / f"{module}.py", SHOP)
    write(current / "pyproject.toml", f'[tool.sop]\nsteps = ["{name}_b"]\n')
    monkeypatch.chdir(current)

    assert binding_modules(here / "features", [f"{name}_c"]).folders == {f"{name}_b": current, f"{name}_c": current}
    write(here / "pyproject.toml", f'[tool.sop]\nsteps = ["{name}_a"]\n')
    assert binding_modules(here / "features", [f"{name}_c"]).folders == {f"{name}_a": here, f"{name}_c": current}


@pytest.mark.slow
def test_a_run_by_the_settings_is_good_from_another_folder(here: Path, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    write(here / name / "steps.py", SHOP)
    write(here / "pyproject.toml", f'[tool.sop]\nsteps = ["{name}.steps"]\n')

    done = sop("verify", "--no-docs", str(here / "features"), folder=tmp_path_factory.mktemp("current"))

    assert (done.returncode, done.stderr) == (0, ""), done.stdout

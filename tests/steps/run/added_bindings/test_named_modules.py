"""Binding modules: those of the program are listed, others are named by the user, and a wrong name is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from steps.definitions.discovery import BindingModuleError, BindingModules, built_in_modules
from tests.support.added_modules import REPOSITORY, SHOP, write


def test_every_module_of_the_bindings_is_found_in_alphabetical_order_and_none_is_imported() -> None:
    files = sorted(file.stem for file in (REPOSITORY / "steps" / "bindings").glob("*.py") if not file.stem.startswith("_"))
    script = (
        "import sys; from steps.definitions.discovery import built_in_modules; print(*built_in_modules());"
        "print([name for name in sys.modules if name.startswith(('steps.bindings', 'pytest_bdd'))])"
    )

    output = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.splitlines()

    assert output == [" ".join(f"steps.bindings.{stem}" for stem in files), "[]"]
    assert len(files) >= 5


def test_a_package_means_every_module_in_it_but_those_with_an_underscore(here: Path, name: str) -> None:
    for module in ("__init__", "b", "a", "_hidden", "inner/__init__", "inner/z"):
        write(here / name / f"{module}.py", "")
    write(here / name / "no_package" / "x.py", "")

    actual = BindingModules(()).with_named([name], here)

    assert actual.names == (name, f"{name}.a", f"{name}.b", f"{name}.inner", f"{name}.inner.z")
    assert actual.folders == {name: here}


def test_named_modules_are_added_to_the_built_in_ones_once_and_in_their_order(here: Path, name: str) -> None:
    write(here / name / "b.py", SHOP)
    write(here / name / "a.py", SHOP)

    actual = BindingModules().with_named([f"{name}.b", f"{name}/a.py", f"{name}/b.py"], here)

    assert actual.names == (*built_in_modules(), f"{name}.b", f"{name}.a")


@pytest.mark.parametrize("package", [True, False])
def test_a_file_of_another_folder_is_named_from_its_package(
    here: Path, tmp_path_factory: pytest.TempPathFactory, name: str, package
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file = write(elsewhere / "my_shop_elsewhere" / f"{name}.py", SHOP)
    if package:
        write(file.with_name("__init__.py"), "")

    actual = BindingModules(()).with_named([str(file)], here)

    expected = (f"my_shop_elsewhere.{name}", elsewhere) if package else (name, file.parent)
    assert (actual.names[0], *actual.folders.values()) == expected


def test_a_module_of_an_installed_package_is_found_without_its_folder(here: Path) -> None:
    assert BindingModules(()).with_named(["tests.support.run_bindings"], here) == BindingModules(("tests.support.run_bindings",))


MISNAMED = [
    ("no_shop.steps", "there is no module `no_shop.steps` in `{here}`, and none is installed; correct its name"),
    ("click.steps", "there is no module `click.steps` in `{here}`, and none is installed; correct its name"),
    ("my shop", "`my shop` is not the name of a module; write it like `my_shop.steps` or `my_shop/steps.py`"),
    ("a..b", "`a..b` is not the name of a module; write it like `my_shop.steps` or `my_shop/steps.py`"),
    ("my_shop/steps.py", "`my_shop/steps.py` is not a .py file in `{here}`; write a module like `my_shop.steps` or `my_shop/steps.py`"),
    (
        "features/shop.feature",
        "`features/shop.feature` is not a .py file in `{here}`; write a module like `my_shop.steps` or `my_shop/steps.py`",
    ),
    ("my-steps.py", "`my-steps.py` is not the name of a module; give it a name like `my_steps.py`"),
    ("json.steps", "cannot use `json.steps`: `json` is also a module of Python; rename yours"),
    ("code.py", "cannot use `code.py`: `code` is also a module of Python; rename yours"),
    ("steps.mine", "cannot use `steps.mine`: `steps` is also a module of this program, or of what is installed with it; rename yours"),
    ("click/mine.py", "cannot use `click/mine.py`: `mine` is also"),
    ("a\0.py", "`a\\x00.py` is not the name of a module"),
]


@pytest.mark.parametrize(("text", "message"), MISNAMED)
def test_a_name_that_means_no_module_of_yours_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    for file in ("my-steps.py", "json/steps.py", "code.py", "steps/mine.py", "click/mine.py", "installed/mine.py"):
        write(here / file, SHOP)
    monkeypatch.syspath_prepend(str(here / "installed"))

    with pytest.raises(BindingModuleError) as caught:
        BindingModules().with_named([text], here)

    assert str(caught.value).startswith(message.format(here=here))


def test_a_file_whose_own_name_is_taken_has_that_of_its_folder(here: Path, name: str) -> None:
    """`my_shop/steps.py` is a name that a user may choose; a file among the features cannot be named from there."""
    write(here / name / "steps.py", SHOP)
    write(here / "features" / f"{name}_too.py", SHOP)

    actual = BindingModules(()).with_named([f"{name}/steps.py", f"features/{name}_too.py"], here)

    assert actual == BindingModules((f"{name}.steps", f"{name}_too"), {name: here, f"{name}_too": here / "features"})


def test_two_modules_of_one_name_are_refused(here: Path, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    other = tmp_path_factory.mktemp("other")
    for folder in (here, other):
        write(folder / f"{name}.py", SHOP)

    with pytest.raises(BindingModuleError, match=f"two modules have the name `{name}`"):
        BindingModules().with_named([name], here).with_named([name], other)
    BindingModules(()).with_named([name], here).load()
    with pytest.raises(BindingModuleError, match=f"two modules have the name `{name}`"):
        BindingModules(()).with_named([name], other).load()


def test_of_the_folder_nothing_but_the_named_package_can_be_imported(here: Path, name: str) -> None:
    write(here / name / "__init__.py", "")
    write(here / name / "words.py", "WORDS = 'a shop'\n")
    write(here / name / "good.py", f"from {name}.words import WORDS\n")
    write(here / name / "bad.py", "\nimport helpers_of_the_shop\n")
    write(here / "helpers_of_the_shop.py", "")

    BindingModules(()).with_named([f"{name}.good"], here).load()
    with pytest.raises(BindingModuleError) as caught:
        BindingModules(()).with_named([f"{name}.bad"], here).load()

    assert str(caught.value) == (
        f"cannot import the step definitions in {name}/bad.py:2: No module named 'helpers_of_the_shop': only `{name}` is imported from its "
        f"folder, nothing else; put `helpers_of_the_shop` into the package `{name}`, or install it"
    )


UNIMPORTABLE = [
    ("x = nothing\n", ":1: NameError: name 'nothing' is not defined; correct it"),
    ("\n\ndef x(:\n", ":3: SyntaxError: invalid syntax"),
    ("import sys\nsys.exit(0)\n", ":2: SystemExit: 0; correct it"),
    ("from steps.definitions.decorators import given\n@given('{int} x')\ndef _(): ...\n", ":2: step sentence `{int} x` has 1 parameter, its function takes ()"),
    ("from steps.definitions.decorators import given\n@given('{qqqq} x')\ndef _(q): ...\n", ":2: step sentence `{qqqq} x` has the parameter `{qqqq}`, which is not defined; define it"),
    ("from steps.definitions.decorators import when\n\n@when('x', target_fixture='claims')\ndef _(): ...\n", ":3: step sentence `x` has the target_fixture `claims`, a fixture of the program itself; give it another name"),
    ("raise KeyError\n", ":1: KeyError; correct it"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), UNIMPORTABLE)
def test_a_module_that_cannot_be_imported_is_one_error_with_its_line(here: Path, name: str, source: str, message: str) -> None:
    write(here / f"{name}.py", source)

    with pytest.raises(BindingModuleError) as caught:
        BindingModules(()).with_named([name], here).load()

    assert str(caught.value).startswith(f"cannot import the step definitions in {name}.py{message}")
    assert "\n" not in str(caught.value)

"""Binding modules: those of the program are found by themselves, others are named, and nothing else of their folder is imported."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.record.reader import read_record
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS, BindingModuleError, BindingModules, built_in_modules
from steps.definitions.redaction import redact
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.run.runner import RunResult, run

REPOSITORY = Path(__file__).parents[3]
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
NUMBERS = itertools.count()


@pytest.fixture
def name() -> Iterator[str]:
    """A top-level name that no other test uses: a module is imported once in a process."""
    top = f"shop_of_test_{next(NUMBERS)}"
    yield top
    FOLDERS.pop(top, None)
    for module in [module for module in sys.modules if module.partition(".")[0] == top]:
        del sys.modules[module]
        DEFINITIONS.pop(module, None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with features and nothing else."""
    write(tmp_path / "features" / "shop.feature", FEATURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def sop(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_module_of_the_bindings_is_found_in_alphabetical_order_and_none_is_imported() -> None:
    files = sorted(file.stem for file in (REPOSITORY / "steps" / "bindings").glob("*.py") if not file.stem.startswith("_"))
    script = (
        "import sys; from steps.definitions.discovery import built_in_modules; print(*built_in_modules());"
        "print([name for name in sys.modules if name.startswith(('steps.bindings', 'pytest_bdd'))])"
    )

    output = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.splitlines()

    assert output == [" ".join(f"steps.bindings.{stem}" for stem in files), "[]"]
    assert len(files) >= 5


HOOK = """

def pytest_runtest_logreport(report):
    with open("reports.txt", "a") as file:
        print(report.when, report.outcome, "shop.feature" in report.keywords, file=file)
"""


def test_a_hook_of_a_module_gets_the_reports_of_the_call_and_of_the_teardown(here: Path, name: str) -> None:
    write(here / f"{name}.py", SHOP + HOOK)

    output = sop("verify", "features", "--steps", name, "--no-docs", folder=here)

    assert output.returncode == 0, output.stderr
    assert (here / "features" / "reports.txt").read_text().splitlines() == ["call passed True", "teardown passed False"]


def test_a_package_means_every_module_in_it_but_those_with_an_underscore(here: Path, name: str) -> None:
    for module in ("__init__", "b", "a", "_hidden", "inner/__init__", "inner/z"):
        write(here / name / f"{module}.py", "")
    write(here / name / "no_package" / "x.py", "")

    actual = BindingModules(()).with_named([name], here)

    assert actual.names == (name, f"{name}.a", f"{name}.b", f"{name}.inner", f"{name}.inner.z")
    assert actual.folders == {name: here}


def test_modules_are_added_to_ours_each_once_in_the_order_in_which_they_are_named(here: Path, name: str) -> None:
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


@pytest.mark.slow
@pytest.mark.parametrize("verb", [("lint",), ("steps",), ("verify",), ("verify", "-n", "2"), ("gate",)], ids=" ".join)
def test_every_command_that_reads_sentences_refuses_it_without_a_traceback(here: Path, name: str, verb: tuple[str, ...]) -> None:
    write(here / name / "steps.py", "import sys\n\nx = nothing\n")

    done = sop(*verb, "--steps", f"{name}.steps", folder=here)

    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == f"error: cannot import the step definitions in {name}/steps.py:3: NameError: name 'nothing' is not defined; correct it\n"
    )


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_has_the_sentences_that_are_named_and_says_where_they_stand(here: Path, name: str, workers: int) -> None:
    write(here / name / "steps.py", SHOP)

    result = run_with(here, f"{name}.steps", workers=workers)

    assert result.verdict.good, result.verdict.reasons
    assert result.verdict.counts.passed == 1
    sentences = json.loads((result.folder / "steps.json").read_text(encoding="utf-8"))["sentences"]
    assert [(sentence["file"], sentence["line"]) for sentence in sentences if sentence["expression"] == "the shop answers"] == [
        (f"{name}/steps.py", 19)
    ]
    assert len(sentences) == 4 + len(Registry.from_modules(built_in_modules()).definitions)


def run_with(here: Path, *modules: str, workers: int = 0) -> RunResult:
    return run([here / "features"], out=here / "runs", bindings=BindingModules().with_named(modules, here), workers=workers)


@pytest.mark.parametrize("workers", [0, 2])
def test_nothing_else_near_the_named_module_is_executed(here: Path, name: str, workers: int) -> None:
    write(here / name / "steps.py", SHOP)
    trap = "from pathlib import Path\nPath(__file__).with_suffix('.sprung').touch()\n"
    for trapped in (
        "conftest",
        "test_x",
        "pytest",
        "steps",
        "execnet",
        "xdist",
        "sitecustomize",
        "argcomplete",
        "colorama",
        "exceptiongroup",
    ):
        for folder in (here, here / name, here / "features"):
            if (folder / f"{trapped}.py") != here / name / "steps.py":
                write(folder / f"{trapped}.py", trap)
    write(here / "conftest.py", trap)

    result = run_with(here, f"{name}.steps", workers=workers)

    assert result.verdict.good, result.verdict.reasons
    assert list(here.rglob("*.sprung")) == []


def test_a_module_that_is_not_named_is_not_imported(here: Path, name: str) -> None:
    write(here / name / "steps.py", SHOP)

    done = sop("lint", folder=here)

    assert done.returncode == 1
    assert "no step sentence matches `Given a shop that is open`" in done.stdout


def test_a_record_names_no_folder_of_the_machine(here: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / name / "steps.py", SHOP)
    write(here / "features" / "line.feature", "Feature: Line\n\n  Scenario: Cut\n    Then the line breaks\n")
    monkeypatch.setenv("TMPDIR", str(REPOSITORY))  # or the folder of the test would be left out as one of these

    result = run_with(here, f"{name}.steps")

    record = read_record(result.record)
    [error] = [step.error for scenario in record.scenarios for step in scenario.steps if step.error]
    assert error.message == f"RuntimeError: the line is cut ({name}/steps.py) ({name}/steps.py:28)"
    assert str(here) not in result.record.read_text(encoding="utf-8")
    assert redact(here / name / "steps.py") == f"{name}/steps.py"


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


def test_the_sentences_of_the_modules_are_listed(here: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / name / "steps.py", SHOP)

    assert main(["steps", "--steps", f"{name}.steps", "--find", "shop"]) == 0

    assert "Then the shop answers  " in capsys.readouterr().out


@pytest.mark.slow
def test_shards_with_modules_are_merged(here: Path, name: str) -> None:
    closed = '\n\n@given("a shop that is closed", target_fixture="shop")\ndef _() -> str:\n    """It rests."""\n    return "open"\n'
    write(here / name / "steps.py", SHOP + closed)
    write(here / "features" / "other.feature", FEATURE.replace("Shop", "Other").replace("It is open", "It is").replace("open", "closed"))
    for shard in ("1/2", "2/2"):
        done = sop("verify", "--no-docs", "--steps", f"{name}.steps", "--shard", shard, "--out", f"shard{shard[0]}", folder=here)
        assert done.returncode == 0, done
    folders = [str(next(folder for folder in (here / f"shard{k}" / "runs").iterdir() if folder.is_dir())) for k in (1, 2)]

    done = sop("merge", *folders, folder=here)

    assert done.returncode == 0, done
    assert "2 of 2 examples passed" in done.stdout

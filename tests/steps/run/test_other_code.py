"""A record has digests of the code that ran, and a record of other code is not approved, merged or let through the gate."""

import ast
import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

import pytest

from simulator.experiment.experiment import shipped_experiments
from sop_cli.main import main
from sop_runs.record.code import OtherCodeError, code_differences
from sop_runs.record.reader import read_record
from sop_runs.record.schema import CodeRecord
from sop_runs.record.verdict_text import reason_texts
from steps.definitions import source_digest
from steps.definitions.discovery import FOLDERS, HOME, BindingModules
from steps.definitions.source_digest import LIBRARIES, PACKAGES, code_of
from steps.run.runner import run
from steps.run.shards import MergeError, merge
from tests.support.added_modules import unused_name

pytestmark = pytest.mark.usefixtures("in_process")

SHOP = '''"""Sentences about a shop."""

from steps.definitions.decorators import given, then
from steps.support.claims import Claims


@given("a shop {int}", target_fixture="shop")
def _(number: int) -> None:
    """It is there."""


@then("it is open", when_optional=True)
def _(shop: None, claims: Claims) -> None:
    claims.check({"kind": "shop", "name": "mine"}, "door", "open", "open")
'''
FEATURE = "Feature: Shop\n\n" + "".join(f"  Scenario: Shop {n}\n    Given a shop {n}\n    Then it is open\n\n" for n in range(4))


@pytest.fixture
def name() -> Iterator[str]:
    """A top-level name that no other test uses: a module is imported once in a process."""
    with unused_name() as top:
        yield top


@pytest.fixture
def package(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with step definitions and a module of helpers, in the current folder, beside features."""
    for path, text in (("steps.py", SHOP), ("helpers.py", "OPEN = True\n"), ("deep/words.py", "")):
        write(tmp_path / name / path, text)
    write(tmp_path / "features" / "shop.feature", FEATURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path / name


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def bindings(package: Path) -> BindingModules:
    return BindingModules(()).with_named([f"{package.name}.steps"], package.parent)


def shop_run(package: Path, shard: str | None = None) -> Path:
    return run([package.parent / "features"], out=package.parent / "runs", bindings=bindings(package), shard=shard).folder


def test_the_packages_and_libraries_are_those_that_the_steps_import() -> None:
    names = {package: imported_by(HOME / package) for package in PACKAGES}
    own = {folder.name for folder in HOME.iterdir() if (folder / "__init__.py").is_file()}
    owners = packages_distributions()

    assert set.union(*names.values()) & own == set(PACKAGES)
    assert "reports" not in PACKAGES
    imported = (
        set.union(*names.values())
        - own
        - sys.stdlib_module_names
        - {"_pytest", "distributed", "filelock", "pytest_html", "python_calamine", "wcwidth"}
    )
    # pytest; extras of the simulator and the audit; locks of folders, a page and widths of columns, which judge nothing
    assert {owners[top][0].lower() for top in imported} == {library.lower() for library in LIBRARIES}
    assert code_of(BindingModules()).libraries.keys() == {*LIBRARIES, "python"}


def imported_by(folder: Path) -> set[str]:
    names = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names |= {module.partition(".")[0] for module in modules}
    return names


CHANGES: dict[str, Callable[[Path], object]] = {
    "a step definition": lambda package: write(package / "steps.py", SHOP.replace('"open", "open"', '"shut", "shut"')),
    "a comment": lambda package: write(package / "steps.py", f"{SHOP}# a comment\n"),
    "a helper": lambda package: write(package / "helpers.py", "OPEN = False\n"),
    "a helper in a folder": lambda package: write(package / "deep" / "words.py", "x = 1\n"),
    "a new module": lambda package: write(package / "late.py", ""),
    "a removed module": lambda package: (package / "helpers.py").unlink(),
    "a module with another name": lambda package: (package / "helpers.py").rename(package / "helper.py"),
    "two modules swapped": lambda package: (write(package / "helpers.py", ""), write(package / "deep" / "words.py", "OPEN = True\n")),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda package: package,
    "the ends of lines": lambda package: write(package / "steps.py", SHOP.replace("\n", "\r\n")),
    "a compiled module": lambda package: write(package / "__pycache__" / "steps.cpython-311.pyc", "x"),
    "the lock file of an editor": lambda package: (package / ".#steps.py").symlink_to("nobody@nowhere.1"),
    "a file that is not Python": lambda package: write(package / "prices.csv", "1\n"),
    "a module beside the package": lambda package: write(package.parent / "other.py", "x = 1\n"),
    "a link to the package itself": lambda package: (package / "again").symlink_to(package, target_is_directory=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_code_is_another_digest(package: Path, change: Callable[[Path], object]) -> None:
    before = code_of(bindings(package))

    change(package)

    assert code_differences(before, code_of(bindings(package))) == f"`{package.name}` changed"


def test_an_experiment_counts_as_code(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step runs the shipped experiments, so a run with others is one of other code."""
    monkeypatch.setitem(source_digest.DATA, package.name, source_digest.DATA["simulator"])
    write(package / "shipped" / "week.toml", "[run]\ndays = 7\n")
    before = code_of(bindings(package))

    write(package / "shipped" / "week.toml", "[run]\ndays = 8\n")

    assert code_differences(before, code_of(bindings(package))) == f"`{package.name}` changed"
    assert all(files("simulator").joinpath("shipped_experiments", f"{name}.toml").is_file() for name in shipped_experiments())


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
def test_what_is_not_code_has_no_influence(package: Path, change: Callable[[Path], object]) -> None:
    before = code_of(bindings(package))

    change(package)

    assert code_of(bindings(package)) == before


def test_a_single_module_counts_and_nothing_beside_it(tmp_path: Path, name: str) -> None:
    write(tmp_path / f"{name}.py", SHOP)
    modules = BindingModules(()).with_named([f"{name}.py"], tmp_path)
    before = code_of(modules)
    write(tmp_path / "other.py", "")
    assert code_of(modules) == before
    write(tmp_path / f"{name}.py", f"{SHOP}\n")
    assert code_differences(before, code_of(modules)) == f"`{name}` changed"


THEN = CodeRecord({"steps": "0", "orders": "1", "my_shop": "2"}, {"pytest": "9.1", "numpy": "2.3"})


@pytest.mark.parametrize(
    ("packages", "libraries", "words"),
    [
        ({}, {}, ""),
        ({"steps": "3"}, {}, "`steps` changed"),
        ({"orders": "3", "steps": "3"}, {}, "`orders` changed, `steps` changed"),
        ({"my_shop": None}, {}, "`my_shop` is missing"),
        ({"your_shop": "4"}, {}, "`your_shop` was added"),
        ({}, {"pytest": "9.2"}, "pytest is 9.2 instead of 9.1"),
        ({"steps": "3"}, {"numpy": None, "simpy": "4"}, "`steps` changed, numpy is missing instead of 2.3, simpy is 4 instead of missing"),
    ],
)
def test_the_differences_in_words(packages: dict[str, str | None], libraries: dict[str, str | None], words: str) -> None:
    def changed(before: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
        return {key: value for key, value in {**before, **changes}.items() if value is not None}

    assert code_differences(THEN, CodeRecord(changed(THEN.packages, packages), changed(THEN.libraries, libraries))) == words


def test_the_same_code_and_features_give_the_same_bytes(package: Path) -> None:
    one, two = (read_record(shop_run(package)) for _ in range(2))

    assert (shop_run(package) / "run.ndjson").read_bytes() == (shop_run(package) / "run.ndjson").read_bytes()
    assert one == two
    assert one.head.code == code_of(bindings(package))
    assert one.head.code.packages.keys() == {*PACKAGES, package.name}


def test_code_that_changes_during_the_run_is_a_reason(package: Path) -> None:
    write(
        package / "steps.py", SHOP.replace("    claims.check", "    __import__('pathlib').Path(__file__).write_text('')\n    claims.check")
    )

    result = run([package.parent / "features"], out=package.parent / "runs", bindings=bindings(package))

    assert reason_texts(result.verdict) == (f"the code changed (`{package.name}` changed) during the run",)


def command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("change", list(CHANGES.values())[:3], ids=list(CHANGES)[:3])
def test_approve_and_merge_refuse_other_code_or_report_it(
    package: Path, change: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, shards = shop_run(package), [shop_run(package, f"{k}/2") for k in (1, 2)]
    calls = {
        folder.name: ["approve", "--yes", "--run", str(folder), "--to", "kept"],
        shards[0].as_posix(): ["merge", *map(str, shards), "--no-docs", "--out", "merged"],
    }
    for call in calls.values():
        assert command(*call, capsys=capsys)[::2] == (0, "")
    change(package)

    for name, call in calls.items():
        sentence = f"the run `{name}` was made by other code: `{package.name}` changed"
        assert command(*call, capsys=capsys) == (
            2, "", f"error: {sentence}; run `sop verify` again, or accept this run with --allow-other-code\n",
        )  # fmt: skip
        assert command(*call, "--allow-other-code", capsys=capsys)[::2] == (0, f"warning: {sentence}\n")


def test_shards_of_two_states_of_the_code_are_never_merged(package: Path) -> None:
    first = shop_run(package, "1/2")
    FOLDERS.pop(package.name)
    write(package / "helpers.py", "OPEN = None\n")
    second = shop_run(package, "2/2")

    for allowed in (False, True):
        with pytest.raises(MergeError) as caught:
            merge([first, second], package.parent / "merged", allow_other_code=allowed)
        assert str(caught.value) == (
            f"`{second.as_posix()}` was made by other code than `{first.as_posix()}`: `{package.name}` changed; "
            "run all shards with one version of the program"
        )
    assert not (package.parent / "merged").exists()


def test_another_version_of_a_library_is_other_code(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = [shop_run(package, f"{k}/2") for k in (1, 2)]
    monkeypatch.setattr(source_digest, "version", lambda name: "0" if name == "pytest" else "1")

    with pytest.raises(OtherCodeError, match=r"pytest is 0 instead of"):
        merge(shards, package.parent / "merged")
    assert merge(shards, package.parent / "merged", allow_other_code=True).verdict.good


def test_shards_of_another_machine_are_compared_with_the_code_here(package: Path) -> None:
    shards = [shop_run(package, f"{k}/2") for k in (1, 2)]
    for folder in shards:  # as if the run had been made in a folder that is not here
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        plan |= {"root": "/nowhere/features", "files": ["/nowhere/features/shop.feature"], "folders": {package.name: "/nowhere"}}
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")

    assert merge(shards, package.parent / "merged").verdict.good

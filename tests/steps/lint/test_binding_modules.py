"""The lint of binding modules: each rule stops the module at its place, and not the nearest good one; the run and the gate are red too."""

import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import NamedTuple

import pytest

from sop_cli.main import main
from sop_runs.record.reader import read_record
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS, BindingModules, load
from steps.lint.binding_modules import binding_findings
from tests.support.lint_vocabulary import RULES_OF_BINDINGS

HEAD = "from steps.definitions.decorators import given, then, when\n"
TABLES = 'from steps.definitions.tables import Column, Kind, Table\nLAMPS = Table((Column("lamp", Kind("text")),))\n'
FEATURE = "Feature: Lamp\n\n  Scenario: It shines\n    Given a lamp of the lint\n    Then the lamp of the lint shines\n"
LAMP = """
    @given("a lamp of the lint", target_fixture="lamp")
    def _():
        return "on"
"""
SHINES = """
    @then("the lamp of the lint shines", when_optional=True)
    def _(lamp, claims):
        claims.check({"kind": "lamp", "name": "of the lint"}, "light", "on", lamp)
"""


NUMBERS = itertools.count()


class Pair(NamedTuple):
    """A module with ▲ at the place where a rule stops it, and the nearest one that is good."""

    rule: str
    about: str
    bad: str
    good: str


PAIRS = [
    Pair("stock-step", "given", 'from pytest_bdd import given\n\n▲@given("a lamp")\ndef _(): ...\n',
         'from steps.definitions.decorators import given\n\n@given("a lamp")\ndef _(): ...\n'),
    Pair("stock-step", "by another name", HEAD + 'import pytest_bdd as bdd\n\n@given("a lamp")\ndef _(): ...\n\n▲@bdd.step("a {colour} lamp")\ndef _(colour): ...\n',
         HEAD + 'from pytest_bdd import parsers, scenarios\n\n@given("a lamp")\ndef _(): ...\n'),
    Pair("stock-step", "with a parser", 'from pytest_bdd import parsers, then\n\n▲@then(parsers.parse("{n:d} lamps"))\ndef _(n, claims):\n    claims.check({}, "n", 1, n)\n',
         HEAD + '@then("{int} lamps")\ndef _(n, claims):\n    claims.check({}, "n", 1, n)\n'),
    *(
        Pair("reserved-fixture", name, HEAD + f'import pytest\n\n▲@pytest.fixture\ndef {name}(): ...\n\n@given("a lamp")\ndef _(): ...\n',
             HEAD + f'import pytest\n\n@pytest.fixture\ndef my_{name}(): ...\n\n@given("a lamp")\ndef _(): ...\n')
        for name in ("claims", "driver", "datatable", "docstring", "_pytest_bdd_example")
    ),
    Pair("reserved-fixture", "by another name", HEAD + 'import pytest\n\n▲@pytest.fixture(name="claims")\ndef mine(): ...\n\n@given("a lamp")\ndef _(): ...\n',
         HEAD + 'import pytest\n\n@pytest.fixture(name="mine")\ndef claims(): ...\n\n@given("a lamp")\ndef _(): ...\n'),
    Pair("bare-assert", "", HEAD + '@then("a lamp")\ndef _(lamp):\n    ▲assert lamp == "on"\n',
         HEAD + '@then("a lamp")\ndef _(lamp, claims):\n    claims.check({}, "light", "on", lamp)\n'),
    Pair("bare-assert", "with the parameter alone", HEAD + '@then("a lamp")\ndef _(lamp, claims):\n    if lamp:\n        ▲assert lamp == "on"\n',
         HEAD + '@then("a lamp")\ndef _(lamp, claims):\n    assert lamp is not None\n    _claim(claims, lamp)\n\ndef _claim(claims, lamp): ...\n'),
    Pair("bare-assert", "under two sentences", HEAD + '@given("a lamp")\n@then("a light")\ndef _(lamp):\n    ▲assert lamp\n',
         HEAD + '@given("a lamp")\n@when("a light")\ndef _(lamp):\n    assert lamp\n'),
    Pair("bare-assert", "asynchronous", HEAD + '@then("a lamp")\nasync def _(lamp):\n    ▲assert lamp\n', HEAD + '@then("a lamp")\ndef _(lamp): ...\n'),
    Pair("bare-assert", "by another name", 'from steps.definitions import decorators as d\n@d.then("a lamp")\ndef _(lamp):\n    ▲assert lamp\n',
         'from steps.definitions import decorators as d\n@d.when("a lamp")\ndef _(lamp):\n    assert lamp\n'),
    Pair("undeclared-table", "", HEAD + '▲@given("lamps")\ndef _(datatable): ...\n', HEAD + TABLES + '@given("lamps", table=LAMPS)\ndef _(datatable): ...\n'),
    Pair("undeclared-table", "beside one that is declared", HEAD + TABLES + '@given("lamps", table=LAMPS)\ndef _(datatable): ...\n\n▲@when("lamps")\ndef _(datatable): ...\n',
         HEAD + TABLES + '@given("lamps", table=LAMPS)\ndef _(datatable): ...\n\n@when("lamps")\ndef _(docstring): ...\n'),
    Pair("no-sentence", "", '▲"""Sentences about lamps."""\n\ndef lamp(): ...\n', HEAD + '@given("a lamp")\ndef _(): ...\n'),
    Pair("no-sentence", "nothing at all", "▲", HEAD + '@given("a lamp")\ndef _(): ...\n'),
    Pair("duplicate-sentence", "in one module", HEAD + '@given("a lamp")\ndef _(): ...\n\n▲@given("a lamp")\ndef _(): ...\n',
         HEAD + '@given("a lamp")\ndef _(): ...\n\n@when("a lamp")\ndef _(): ...\n'),
]  # fmt: skip


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Imports a module with the source that it is given, under a name that no other test uses, and forgets it after the test."""
    made: list[str] = []
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(source: str, name: str = "") -> ModuleType:
        name = name or f"lint_of_bindings_{next(NUMBERS)}"
        file = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
        made.append(name)
        return load(name.removesuffix(".__init__"))

    yield write
    for name in made:
        forget(name)


def forget(name: str) -> None:
    for module in [module for module in sys.modules if module.partition(".")[0] == name.partition(".")[0]]:
        del sys.modules[module]
    DEFINITIONS.pop(name, None)


def places(findings) -> list[tuple[str, int, int]]:
    return [(finding.rule, finding.line, finding.column) for finding in findings]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}: {pair.about}")
def test_the_bad_module_is_stopped_at_its_place_and_the_nearest_good_one_is_not(module, pair: Pair) -> None:
    before = pair.bad.partition("▲")[0].split("\n")

    bad, good = module(pair.bad.replace("▲", "")), module(pair.good)

    assert places(binding_findings([bad])) == [(pair.rule, len(before), len(before[-1]) + 1)]
    assert binding_findings([good]) == ()


def test_every_rule_has_a_pair() -> None:
    assert {pair.rule for pair in PAIRS} == RULES_OF_BINDINGS


def test_a_sentence_of_two_modules_is_a_finding_in_the_second_with_the_place_of_the_first(module) -> None:
    one, two = module(HEAD + dedent(LAMP)), module(HEAD + "\n\n" + dedent(LAMP) + dedent(SHINES))

    [finding] = binding_findings([one, two])

    assert (finding.path, finding.line, finding.rule) == (f"{two.__name__}.py", 5, "duplicate-sentence")
    assert finding.message == f"`Given a lamp of the lint` is already defined at {one.__name__}.py:3"
    assert places(binding_findings([one])) == []


def test_a_package_needs_no_sentence_of_its_own_where_its_modules_have_them(module) -> None:
    package, inner = module("", "lint_of_package.__init__"), module(HEAD + dedent(LAMP), "lint_of_package.inner")

    assert binding_findings([package, inner]) == ()
    assert [finding.path for finding in binding_findings([module("", "lint_of_nothing.__init__")])] == ["lint_of_nothing/__init__.py"]


def test_our_own_modules_are_sound() -> None:
    assert binding_findings(BindingModules().load()) == ()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with a feature, and a module that has every sentence of it but asserts."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "lamp.feature").write_text(FEATURE, encoding="utf-8")
    asserts = SHINES.replace("lamp, claims", "lamp").replace(
        'claims.check({"kind": "lamp", "name": "of the lint"}, "light", "on", lamp)', 'assert lamp == "on"'
    )
    (tmp_path / "lint_of_lamps.py").write_text(HEAD + dedent(LAMP) + dedent(asserts), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    forget("lint_of_lamps")
    yield tmp_path
    forget("lint_of_lamps")
    FOLDERS.pop("lint_of_lamps", None)


FINDING = (
    "lint_of_lamps.py:9:5: bare-assert: `Then the lamp of the lint shines` uses `assert` and makes no claim, "
    "so the run record does not say what was checked"
)


@pytest.mark.usefixtures("here")
def test_a_finding_is_red_in_the_lint_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--steps", "lint_of_lamps"]) == 1
    output = capsys.readouterr().out
    assert output.startswith(FINDING)
    assert output.endswith("1 file, 1 example: 1 finding in 1 file\n")
    for form, mark in (
        ("github", "::error file=lint_of_lamps.py,line=9,col=5,"),
        ("junit", 'failures="1"'),
        ("sarif", '"uri": "lint_of_lamps.py"'),
    ):
        assert main(["lint", "--steps", "lint_of_lamps", "--format", form]) == 1
        assert mark in capsys.readouterr().out
    assert main(["lint", "--steps", "lint_of_lamps", "--format", "json"]) == 1
    assert [finding["file"] for finding in json.loads(capsys.readouterr().out)["findings"]] == ["lint_of_lamps.py"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_finding_is_red_in_a_run_and_in_its_record_and_at_the_gate(here: Path, capsys: pytest.CaptureFixture[str], workers: str) -> None:
    status = main(["verify", "--no-docs", "--steps", "lint_of_lamps", "-n", workers])

    output = capsys.readouterr().out
    assert status == 1
    assert output.startswith(FINDING)
    assert "  1 finding in 1 module with step definitions\n" in output
    assert "this Then made no claim, so nothing was checked" in output
    run = here / "build" / "runs" / (here / "build" / "runs" / "latest").read_text().strip()
    record = read_record(run)
    assert [finding.path for finding in record.head.binding_findings] == ["lint_of_lamps.py"]
    assert [step.status for scenario in record.scenarios for step in scenario.steps] == ["passed", "broken"]
    for arguments in (["--run", str(run), "--steps", "lint_of_lamps"], ["--run", str(run)], ["--steps", "lint_of_lamps"]):
        assert main(["gate", *arguments]) == 1
        assert "✗ lint       feature files: 1 finding\n" in (gate := capsys.readouterr().out)
        assert "\n    lint_of_lamps.py:9: bare-assert: " in gate


@pytest.mark.slow
def test_a_merged_run_has_the_finding_with_its_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["verify", "--no-docs", "--steps", "lint_of_lamps", "--shard", "1/1"])
    shard = here / "build" / "runs" / (here / "build" / "runs" / "latest").read_text().strip()
    capsys.readouterr()

    monkeypatch.chdir(here / "build")
    assert main(["merge", str(shard)]) == 1

    assert capsys.readouterr().out.startswith(f"{here}/{FINDING}")


@pytest.mark.slow
def test_a_module_with_a_finding_that_no_example_uses_makes_a_run_red_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "lint_of_lamps.py").write_text(HEAD + dedent(LAMP) + dedent(SHINES), encoding="utf-8")
    (here / "lint_of_nothing_at_all.py").write_text("", encoding="utf-8")

    assert main(["verify", "--no-docs", "--steps", "lint_of_lamps"]) == 0
    assert main(["verify", "--no-docs", "--steps", "lint_of_lamps", "--steps", "lint_of_nothing_at_all.py"]) == 1

    FOLDERS.pop("lint_of_nothing_at_all", None)
    assert (
        "✗ the run failed: 1 of 1 examples ran, 1 passed\n  1 finding in 1 module with step definitions\nliving document"
        in capsys.readouterr().out
    )

"""What the nightly mutation of the code makes of mutmut's findings: verdicts, shares, equivalents, and properties made plain."""

import importlib.util
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def code() -> ModuleType:
    """The command, loaded from its file."""
    spec = importlib.util.spec_from_file_location("mutants_of_code", ROOT / "benchmarks" / "mutants_of_code.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MUTATED = """
def x_f__mutmut_orig(a):
    if a:
        return 1
    return f"x_f__mutmut_orig"

def x_f__mutmut_1(a):
    if a:
        return 2
    return f"x_f__mutmut_1"

class C:
    def xǁCǁm__mutmut_orig(self):
        return "a"

    def xǁCǁm__mutmut_1(self):
        return "b"

    def xǁCǁm__mutmut_2(self):
        return None
"""


@pytest.fixture
def finished(code: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Run the command on made-up findings: statuses of three mutants, the plan's share and its equivalents."""

    def run(statuses: tuple[int | None, int | None, int | None], share: int = 100, equivalents: str = "") -> tuple[int, str]:
        folder = tmp_path / "work" / "g" / "mutants" / "sop_engine"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "case.py").write_text(MUTATED, encoding="utf-8")
        names = ("x_f__mutmut_1", "xǁCǁm__mutmut_1", "xǁCǁm__mutmut_2")
        kept = {"exit_code_by_key": {f"sop_engine.case.{name}": status for name, status in zip(names, statuses, strict=True)}}
        (folder / "case.py.meta").write_text(json.dumps(kept), encoding="utf-8")
        plan = tmp_path / "plan.toml"
        plan.write_text(f'[group.g]\nshare = {share}\nfiles = ["sop_engine/case.py"]\ntests = []\n{equivalents}', encoding="utf-8")
        monkeypatch.setattr(code, "PLAN", plan)
        monkeypatch.setattr(code, "WORK", tmp_path / "work")
        monkeypatch.setattr(code, "find_spec", lambda _: True)
        result: list[str] = []
        monkeypatch.setattr("builtins.print", lambda *words, end="\n", **_: result.append(" ".join(map(str, words)) + end))
        return code.main(["--read"]), "".join(result)

    return run


def test_verdicts_are_counted_apart_and_a_timeout_is_caught(finished: Callable[..., tuple[int, str]]) -> None:
    status, output = finished((1, 36, 3))

    assert status == 0
    assert output.startswith(
        "good g: 3 mutants: 2 killed, 1 timeout, 0 survived, 0 no tests, 0 skipped, 0 equivalent, 0 undecided; 100.0 %"
    )


def test_a_surviving_mutant_is_reported_with_its_lines_and_lowers_the_share(finished: Callable[..., tuple[int, str]]) -> None:
    status, output = finished((1, 0, 33), share=34)

    assert status == 1
    assert "BAD  g: 3 mutants: 1 killed, 0 timeout, 1 survived, 1 no tests" in output
    assert "33.3 % of at least 34 %" in output
    assert '  survived: sop_engine/case.py, C.m (1)\n      - return "a"\n      + return "b"\n' in output
    assert '  no tests: sop_engine/case.py, C.m (2)\n      - return "a"\n      + return None\n' in output
    assert finished((1, 0, 33), share=33)[0] == 0


@pytest.mark.parametrize("undecided", [None, 2, -9, -11, 35, 77])
def test_a_mutant_without_verdict_fails_its_group_whatever_the_share(
    undecided: int | None, finished: Callable[..., tuple[int, str]]
) -> None:
    status, output = finished((1, 1, undecided), share=1)

    assert status == 1
    assert "1 undecided" in output


EQUIVALENT = """
[[equivalent]]
file = "sop_engine/case.py"
function = "C.m"
diff = ['- return "a"', '+ return "b"']
reason = "nobody asks"
"""


def test_an_equivalent_mutant_is_no_survivor_and_in_no_share(finished: Callable[..., tuple[int, str]]) -> None:
    status, output = finished((1, 0, 1), equivalents=EQUIVALENT)

    assert status == 0
    assert "2 killed, 0 timeout, 0 survived, 0 no tests, 0 skipped, 1 equivalent, 0 undecided; 100.0 %" in output
    assert 'return "b"' not in output


def test_an_equivalent_that_is_killed_or_not_there_is_an_error(finished: Callable[..., tuple[int, str]]) -> None:
    for equivalents in (EQUIVALENT, EQUIVALENT.replace("C.m", "f"), EQUIVALENT.replace('"b"', '"c"')):
        status, output = finished((1, 1, 1), equivalents=equivalents)
        assert status == 1
        assert "listed as equivalent, but not a survivor: sop_engine/case.py, " in output
    assert finished((1, 1, 1), equivalents=EQUIVALENT.replace("case.py", "order.py"))[0] == 0, "of a group not asked for"


def test_the_difference_is_shown_without_the_names_that_mutmut_gives(code: ModuleType) -> None:
    before, after = (
        ["def x_f__mutmut_orig(a):", "    return x_f__mutmut_orig(1)"],
        ["def x_f__mutmut_12(a):", "    return x_f__mutmut_12(2)"],
    )

    assert list(code.difference(before, after, "x_f__mutmut_12", "x_f")) == ["- return f(1)", "+ return f(2)"]


def test_a_property_becomes_a_function_that_can_be_mutated_and_means_the_same(code: ModuleType) -> None:
    source = (
        "class C:\n    @property\n    def a(self):\n        '''One.'''\n        return 1\n\n    @staticmethod\n    def b():\n        return 2\n\n"
        "    @property\n    def c(self): return 3\n"
    )
    plain = code.plain_properties(source)

    assert "@property" not in plain
    assert "@staticmethod" in plain
    names: dict[str, type] = {}
    exec(plain, names)  # noqa: S102 (that is the question)
    made = names["C"]()
    assert (made.a, made.b(), made.c) == (1, 2, 3)  # type: ignore[attr-defined]


def test_the_plan_fits_the_project(code: ModuleType) -> None:
    """Every pattern has files, every test is there, and everything that decides, a case or a verdict, must reach 100 %."""
    plan = tomllib.loads(code.PLAN.read_text(encoding="utf-8"))
    groups = [code.Group(name, g["share"], tuple(g["files"]), tuple(g["tests"])) for name, g in plan["group"].items()]

    for group in groups:
        assert all(list(ROOT.glob(pattern)) for pattern in group.files)
        assert all((ROOT / test.partition("::")[0]).is_file() for test in group.tests)
    deciding = {file for group in groups if group.share == 100 for file in code.expand(group)}
    names = ("case", "decision", "engine", "evaluation", "order", "reader", "returns", "statement", "verification")
    assert deciding == {
        *(f"sop_runs/record/{name}.py" for name in ("status", "verdict", "verdict_text")),
        *(f"sop_engine/{name}.py" for name in names),
        *(f"sop_engine/loading/{name}.py" for name in ("fields", "gaps", "statements", "words")),
    }
    for entry in plan["equivalent"]:
        assert entry["reason"]
        lines = {line.strip() for line in (ROOT / entry["file"]).read_text(encoding="utf-8").splitlines()}
        assert {line[2:] for line in entry["diff"] if line.startswith("- ")} <= lines, "the line is there"

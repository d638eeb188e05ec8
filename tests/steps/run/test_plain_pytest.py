"""Plain pytest is as strict as `sop verify`: the same examples, the same findings, also for one file, one test, or ``-k``."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from sop_engine.register.new_version import begin_version
from sop_engine.versions import DEFAULT, shipped
from steps.run.runner import run
from tests.support.feature_folders import written
from tests.support.in_process import put_back
from tests.support.run_features import BINDINGS

REPOSITORY = Path(__file__).parents[3]
GOOD = "Feature: Good\n\n  Scenario: One\n    Given a dozen\n    Then the number is 12\n\n  Scenario: Two\n    Given a number 2\n    Then the number is 2\n"
OTHER = (
    GOOD.replace("Good", "Other")
    .replace("One", "One again")
    .replace("Two", "Two again")
    .replace("a dozen", "a number 12")
    .replace(" 2\n", " 4\n")
)
ODD = (
    GOOD.replace("Good", "Odd")
    .replace("One", "One oddly")
    .replace("Two", "Two oddly")
    .replace("a dozen", "a number 15")
    .replace("is 12", "is 15")
    .replace(" 2\n", " 5\n")
)
BAD = "Feature: Bad\n\n  Scenario: Three\n    Given a nombre 3\n    Then the number is 3\n"
Spoil = Callable[[Path], object]


def text(name: str, content: str = GOOD) -> Spoil:
    return written(name, content)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    text("features/good.feature")(tmp_path)
    text("features/deep/other.feature", OTHER)(tmp_path)
    return tmp_path


def output_of_pytest(folder: Path, *arguments: str, bindings: str = "tests.support.run_bindings") -> str:
    """What pytest prints in *folder* with the collector."""
    out = io.StringIO()
    with put_back(), redirect_stdout(out):
        os.chdir(folder)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        named = [f"--sop-bindings={bindings}"] if bindings else []
        pytest.main(["-psteps.run.plugin", *named, "--color=no", "--capture=sys", "-q", *arguments])
    return out.getvalue()


def collected(folder: Path, *arguments: str) -> set[str]:
    return set(re.findall(r"^\S+::\S+$", output_of_pytest(folder, "--collect-only", *arguments), re.MULTILINE))


SPOILT: dict[str, Spoil] = {
    "file of another ending": text("features/a.feature.txt"),
    "file in upper case": text("features/deep/a.FEATURE"),
    "link to nothing": lambda folder: (folder / "features" / "a.feature").symlink_to("nothing"),
    "link to a folder": lambda folder: (folder / "features" / "a").symlink_to("deep"),
    "folder of nearly the name beside": text("Features/a.feature"),
    "hidden file": text("features/.a.feature", ODD),
    "file with a finding": text("features/bad.feature", BAD),
}
ARGUMENTS = [
    ["features"],
    ["features/good.feature"],
    ["features/deep"],
    ["features", "-k", "Other"],
    [],
    ["features/good.feature", "features/deep/other.feature"],
]


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=" ".join)
def test_what_verify_finds_fails_however_pytest_is_called(here: Path, spoil: Spoil, arguments: list[str]) -> None:
    assert "failed" not in output_of_pytest(here, *arguments)

    spoil(here)
    output = output_of_pytest(here, *arguments)
    assert re.search(r"^1 failed, ", output, re.MULTILINE), output


def test_one_test_by_its_id_is_run_with_the_findings_of_its_specification(here: Path) -> None:
    one = min(collected(here, "features"))

    assert re.search(r"^1 passed", output_of_pytest(here, one), re.MULTILINE)
    text("features/a.feature.txt")(here)
    assert re.search(r"^1 failed, 1 passed", output_of_pytest(here, one), re.MULTILINE)


def test_a_finding_in_a_module_of_steps_fails(here: Path) -> None:
    module = "from steps.definitions.decorators import then\n\n\n@then('it is bare')\ndef _(number):\n    assert number\n"
    text("bare_steps.py", module)(here)
    sys.path.insert(0, str(here))
    try:
        output = output_of_pytest(here, "features", "-k", "One", bindings="tests.support.run_bindings,bare_steps")
    finally:
        sys.path.remove(str(here))

    assert "bare_steps.py:6:5: bare-assert: " in output
    assert re.search(r"^1 failed, 2 passed, 2 deselected", output, re.MULTILINE), output


@pytest.mark.parametrize("name", ["claims", "driver", "datatable", "docstring", "_pytest_bdd_example"])
def test_a_fixture_with_a_reserved_name_fails(here: Path, name: str) -> None:
    text("conftest.py", f"import pytest\n\n\n@pytest.fixture\ndef my_{name}(): ...\n")(here)
    assert "failed" not in output_of_pytest(here, "features", "--import-mode=importlib")

    text("conftest.py", f"import pytest\n\n\n@pytest.fixture\ndef {name}(): ...\n")(here)
    output = output_of_pytest(here, "features", "--import-mode=importlib")
    assert f"conftest.py:4:1: reserved-fixture: the fixture `{name}` has the name of a fixture of the program itself" in output
    assert re.search(r"^1 failed, 4 passed", output, re.MULTILINE), output


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("name", ["build", "dist", "venv", "node_modules", ".old", "CVS", "a.egg", "sub/build"])
def test_no_name_of_a_folder_keeps_its_examples_from_being_collected(here: Path, name: str) -> None:
    text(f"features/{name}/a.feature", ODD)(here)
    ids = {line for line in collected(here, "features") if not line.endswith("::lint")}

    assert len(ids) == 6
    assert run([here / "features"], bindings=BINDINGS, out=here / "out").verdict.counts.expected == 6


def test_folders_outside_a_specification_are_ignored_as_ever(here: Path) -> None:
    text("build/features.txt")(here)
    text("build/a.feature")(here)

    assert not any(line.startswith("build") for line in collected(here))


def test_a_folder_with_nothing_but_unread_files_fails(tmp_path: Path) -> None:
    text("features/a.feature.txt")(tmp_path)

    assert re.search(r"^1 failed", output_of_pytest(tmp_path, "features"), re.MULTILINE)


def test_feature_files_beside_are_named(here: Path) -> None:
    text("a.feature")(here)

    assert "features: not run: a.feature, beside the specification\n" in output_of_pytest(here, "features")


def test_examples_of_other_versions_are_counted_in_the_files_that_were_collected(here: Path) -> None:
    begin_version("clients_v2", shipped() / DEFAULT, here / "rulebook")
    later = "@since-clients_v2\nFeature: Later\n\n  Scenario: One later\n    Given a number 15\n    Then the number is 15\n"
    text("features/later.feature", later)(here)
    text("features/deep/last.feature", later.replace("ater", "ast").replace("15", "16"))(here)

    assert "features: 2 examples are not of this version\n" in output_of_pytest(here, "features")
    assert "features: 1 example is not of this version\n" in output_of_pytest(here, "features/deep")
    assert "not of this version" not in output_of_pytest(here, "features/good.feature")


@pytest.mark.parametrize("tags", ["@GAP-99999", "@GAP-14 and"])
def test_an_unknown_tag_is_an_error_as_in_verify(here: Path, tags: str) -> None:
    output = output_of_pytest(here, "features", f"--sop-tags={tags}")

    assert "tag" in output
    assert "1 error" in output
    assert "Traceback" not in output


def test_a_module_that_cannot_be_imported_is_one_line(here: Path) -> None:
    output = output_of_pytest(here, "features", bindings="no_such_module")

    assert "error: there is no module `no_such_module` with step definitions; correct its name" in output
    assert "Traceback" not in output


def pytest_process(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of `pytest` in *folder*, as if the wheel were installed."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "pytest",
        "-psop_cli.pytest_plugin",
        "-ppytest_bdd.plugin",
        "-pno:cacheprovider",
        "-q",
        "--color=no",
    ]
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(REPOSITORY), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


UNREAD_ARGUMENTS: dict[str, Spoil] = {
    "features/x.FEATURE": text("features/x.FEATURE"),
    "features/x.feature.txt": text("features/x.feature.txt"),
    "features/x.feature.md": text("features/x.feature.md"),
    "features/notes.txt": text("features/notes.txt"),
    "features/deep/x.feture": text("features/deep/x.feture"),
    "features/x.feature": lambda folder: (folder / "features" / "x.feature").symlink_to("nothing"),
    "x.FEATURE": text("x.FEATURE"),
    "features/link/good.feature": lambda folder: (folder / "features" / "link").symlink_to(folder / "features" / "deep"),
}


@pytest.mark.parametrize("argument", UNREAD_ARGUMENTS)
def test_an_argument_that_is_not_read_is_refused_with_the_reason(here: Path, argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    UNREAD_ARGUMENTS[argument](here)
    if argument.endswith("link/good.feature"):
        (here / "features" / "deep" / "other.feature").rename(here / "features" / "deep" / "good.feature")
    output = output_of_pytest(here, argument) + capsys.readouterr().err

    assert re.search(rf"^ERROR: {re.escape(argument)}: this (file|link) .*; (rename|correct|copy) .*", output, re.MULTILINE), output
    assert "not found" not in output


def test_a_line_of_a_feature_file_is_refused_with_what_takes_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message of a failure has this form, which `sop verify` takes and pytest does not."""
    output = output_of_pytest(here, "features/good.feature:4") + capsys.readouterr().err

    assert (
        "ERROR: features/good.feature:4: pytest takes no line; run `sop verify features/good.feature:4`, or choose by name with -k"
        in output
    ), output
    assert "not found" not in output


@pytest.mark.parametrize("argument", ["features/none.feature", "features/readme.md", "notes.md"])
def test_other_arguments_are_left_to_pytest(here: Path, argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    text("features/readme.md", "About these files.\n")(here)
    text("notes.md")(here)

    assert "not found: " in output_of_pytest(here, argument) + capsys.readouterr().err


def test_a_test_module_may_have_a_feature_in_it(here: Path) -> None:
    text("test_one.py", f'"""{GOOD}"""\n\n\ndef test_one(): ...\n')(here)

    assert re.search(r"^1 passed", output_of_pytest(here, "test_one.py"), re.MULTILINE)


SLOW = "Feature: Slow\n\n  Scenario: Slow\n    Given a number 1\n    When 60000 ms go by\n    Then the number is 1\n"
LIMIT = "the example exceeded its time limit of 0.3 s in this step (tests/support/run_bindings.py:"


def test_an_example_has_a_time_limit_and_the_others_run(here: Path) -> None:
    text("features/slow.feature", SLOW)(here)
    before = signal.getsignal(signal.SIGALRM)
    output = output_of_pytest(here, "features", "--sop-limit=0.3")

    assert LIMIT in output
    assert "or raise the limit with `pytest --sop-limit=SECONDS` (0: no limit)" in output
    assert re.search(r"^1 failed, 4 passed", output, re.MULTILINE), output
    assert signal.getsignal(signal.SIGALRM) is before


@pytest.mark.parametrize("arguments", [["--sop-limit=0"], ["--sop-limit=20"], []])
def test_an_example_within_the_limit_passes(here: Path, arguments: list[str]) -> None:
    text("features/slow.feature", SLOW.replace("60000", "400"))(here)

    assert re.search(r"^5 passed", output_of_pytest(here, "features", *arguments), re.MULTILINE)


@pytest.mark.parametrize("limit", ["-1", "nan", "inf", "100000"])
def test_a_limit_that_is_none_is_an_error(here: Path, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected 0 (no limit) to 86400 seconds" in output_of_pytest(here, f"--sop-limit={limit}") + capsys.readouterr().err


def test_a_debugger_has_all_the_time(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text("features/slow.feature", SLOW.replace("60000", "600"))(here)
    monkeypatch.setitem(sys.modules, "debugpy", None)

    assert re.search(r"^5 passed", output_of_pytest(here, "features", "--sop-limit=0.3"), re.MULTILINE)


@pytest.mark.slow
def test_a_step_that_cannot_be_interrupted_ends_the_process_and_names_the_line(tmp_path: Path) -> None:
    text("features/slow.feature", SLOW.replace("60000 ms go by", "a loop of C does not end"))(tmp_path)
    status, output = pytest_process(tmp_path, "features", "--sop-limit=0.5", "--sop-bindings=tests.support.run_bindings")

    assert status == 1
    assert "Timeout (0:00:02)!" in output
    assert "run_bindings.py" in output


@pytest.mark.slow
@pytest.mark.parametrize("hook", ["", "def pytest_runtest_setup(item): ...\n"], ids=["one phase", "three phases"])
def test_a_test_behind_the_examples_has_no_time_limit(here: Path, hook: str) -> None:
    text("conftest.py", hook)(here)
    text("test_behind.py", "import time\n\n\ndef test_it(): time.sleep(1.5)  # the hard end of an example is after 1.4 s\n")(here)
    status, output = pytest_process(here, "features", "test_behind.py", "--sop-limit=0.2", "--sop-bindings=tests.support.run_bindings")

    assert status == 0, output
    assert re.search(r"^5 passed", output, re.MULTILINE), output


FEATURE = """Feature: Orders

  Scenario: A packed order
    Given an order invoiced through the client's ERP
    And the order is PACKED
    When the seller cancels the full order
    Then the cancellation is refused
"""


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["features"], ["features/a.feature"], []], ids=" ".join)
def test_the_installed_plugin_collects_a_folder_of_features(tmp_path: Path, arguments: list[str]) -> None:
    text("features/a.feature", FEATURE)(tmp_path)

    status, output = pytest_process(tmp_path, *arguments)
    assert (status, re.findall(r"^1 passed", output, re.MULTILINE)) == (0, ["1 passed"]), output


@pytest.mark.slow
def test_the_installed_plugin_collects_where_the_settings_say_so_with_their_steps(tmp_path: Path) -> None:
    shop = "from steps.definitions.decorators import then\n\n\n@then('it is mine')\ndef _(claims):\n    claims.check({'kind': 'x'}, 'y', 1, 1)\n"
    text("my_shop/shop_steps.py", shop)(tmp_path)
    text("features/a.feature", f"{FEATURE}    And it is mine\n")(tmp_path)
    text("pyproject.toml", '[tool.sop]\nsteps = ["my_shop.shop_steps"]\n')(tmp_path)
    text("test_a.py", "def test_one(): pass\n")(tmp_path)

    status, output = pytest_process(tmp_path)
    assert (status, re.findall(r"^2 passed", output, re.MULTILINE)) == (0, ["2 passed"]), output


@pytest.mark.slow
def test_the_installed_plugin_leaves_other_projects_alone_and_imports_nothing_there(tmp_path: Path) -> None:
    test = "import sys\n\n\ndef test_one():\n    assert not {'steps.run', 'sop_engine', 'msgspec', 'numpy'} & {*sys.modules}\n"
    text("tests/test_a.py", test)(tmp_path)
    text("tests/a.feature", "Feature: Foreign\n\n  Scenario: One\n    Given theirs\n")(tmp_path)
    text("features/a.feature", "Feature: Foreign\n\n  Scenario: One\n    Given theirs\n")(tmp_path)
    text("steps/__init__.py", "raise RuntimeError('theirs')\n")(tmp_path)

    for arguments in ([], ["tests"], ["."]):
        status, output = pytest_process(tmp_path, *arguments)
        assert (status, re.findall(r"^1 passed", output, re.MULTILINE)) == (0, ["1 passed"]), output


@pytest.mark.slow
def test_where_no_test_ran_the_reason_is_given(tmp_path: Path) -> None:
    text("tests/a.feature", FEATURE)(tmp_path)
    text("tests/helpers.py", "")(tmp_path)

    status, output = pytest_process(tmp_path, "tests")
    assert status == 5
    assert "feature files are not collected in this project: run `sop verify`" in output


@pytest.mark.slow
def test_this_project_collects_the_same_tests_for_a_file_for_k_and_for_all() -> None:
    command = [sys.executable, "-m", "pytest", "-pno:cacheprovider", "--collect-only", "-q"]

    def ids(*arguments: str) -> set[str]:
        done = subprocess.run([*command, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True)
        return {line for line in done.stdout.splitlines() if "::" in line}

    everything, of_file = ids("features"), ids("features/returns/rsi.feature")
    assert of_file
    assert of_file == {line for line in everything if line.startswith("features/returns/rsi.feature::")}
    assert of_file <= ids("features", "-k", "rsi") <= everything

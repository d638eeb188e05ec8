"""Code that a run takes from its surroundings: listed, and red if it replaced code of the program."""

import json
import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from sop_runs.record import start_hooks as start_hooks_module
from sop_runs.record.outside_code import OutsideCode, _is_standard, read_outside_code, write_outside_code
from sop_runs.record.start_hooks import start_hooks
from tests.support.commands import FEATURE, ROOT

pytestmark = pytest.mark.slow
REPLACES_A_CHECK = """
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

class Finder(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "steps.support.claims":
            return None
        spec = PathFinder.find_spec(name, path)
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            vars(module)[PART] = lambda *args, **options: None
        spec.loader.exec_module = exec_module
        return spec

PART = "encode"
sys.meta_path.insert(0, Finder())
"""


def verify(place: Path, path: str, command: str = "verify --no-docs") -> tuple[int, str]:
    process = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", *command.split()],
        cwd=place, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (path, str(ROOT))))}, capture_output=True, check=False,
    )  # fmt: skip
    return process.returncode, (process.stdout + process.stderr).decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE.format(answer="allowed", tag="").replace("\n  \n", "\n\n"), encoding="utf-8")
    (tmp_path / "outside").mkdir()
    return tmp_path


def test_a_run_without_outside_code_has_no_note(place: Path) -> None:
    status, output = verify(place, "")

    assert (status, "outside" in output) == (0, False), output
    assert read_outside_code(next((place / "build" / "runs").glob("2*"))) == OutsideCode()


def test_the_specification_of_the_program_is_not_outside_code(tmp_path: Path) -> None:
    """A folder without features runs those that come with the program, and imports the package that has them."""
    status, output = verify(tmp_path, "", "verify --no-docs -t @SC-RMS-FULL")

    assert (status, "outside" in output) == (0, False), output
    assert read_outside_code(next((tmp_path / "build" / "runs").glob("2*"))) == OutsideCode()


def test_outside_code_is_listed_and_is_not_red(place: Path) -> None:
    (place / "outside" / "sitecustomize.py").write_text("import watcher\n", encoding="utf-8")
    (place / "outside" / "watcher.py").write_text("", encoding="utf-8")

    status, output = verify(place, "outside")

    assert status == 0, output
    assert "code from outside the program was loaded: sitecustomize (" in output
    assert "watcher (" in output
    status, output = verify(place, "", f"gate --run {next((place / 'build' / 'runs').glob('2*'))}")
    assert "code from outside the program was loaded: sitecustomize (" in output


HIDES = "import sys\nsys.modules.pop(__name__)\n"
HIDES_MORE = HIDES + "sys.path[:] = [place for place in sys.path if not place.endswith('outside')]\n"


@pytest.mark.parametrize(("file", "source"), [("sitecustomize.py", HIDES), ("sitecustomize/__init__.py", HIDES_MORE)])
def test_code_of_the_start_that_removes_itself_is_listed(file: str, source: str, place: Path) -> None:
    path = place / "outside" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")

    status, output = verify(place, "outside")

    assert (status, "code from outside the program was loaded: sitecustomize (" in output) == (0, True), output


@pytest.mark.parametrize("name", ["encode", "_as_recorded"])
def test_a_sitecustomize_that_replaces_a_check_makes_the_run_red(name: str, place: Path) -> None:
    source = REPLACES_A_CHECK.replace('"encode"', repr(name))
    (place / "outside" / "sitecustomize.py").write_text(source, encoding="utf-8")

    status, output = verify(place, "outside")

    assert status == 1, output
    assert f"code from outside replaced parts of the program: steps.support.claims.{name}" in output
    run = next((place / "build" / "runs").glob("2*"))
    status, output = verify(place, "", f"gate --run {run}")
    assert status == 1
    assert "code from outside replaced parts of the program" in output


def test_a_module_in_the_place_of_one_of_the_program_makes_the_run_red(place: Path) -> None:
    """A package on PYTHONPATH that hides `steps` cannot run the plan; a single module put into `sys.modules` can."""
    (place / "outside" / "claims_of_mine.py").write_text((ROOT / "steps/support/claims.py").read_text(encoding="utf-8"), encoding="utf-8")
    (place / "outside" / "sitecustomize.py").write_text(
        "import importlib, sys\nimport claims_of_mine\nsys.modules['steps.support.claims'] = claims_of_mine\n", encoding="utf-8"
    )

    status, output = verify(place, "outside")

    assert status in (1, 2), output
    assert "passed" not in output or "replaced parts of the program: steps.support.claims" in output


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"version": 2, "modules": [], "replaced": []}', b'{"version": 1, "modules": 3}'])
def test_a_damaged_list_is_an_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(content)

    with pytest.raises(Exception, match=r"outside\.json: "):
        read_outside_code(tmp_path)


def test_the_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    code = OutsideCode(1, ("a (b)",), ("steps.x",))
    write_outside_code(code, tmp_path)

    assert read_outside_code(tmp_path) == code
    assert json.loads((tmp_path / "outside.json").read_text(encoding="utf-8"))["modules"] == ["a (b)"]


def test_a_link_in_the_folder_of_the_standard_library_is_part_of_it(tmp_path: Path) -> None:
    """Debian's `sitecustomize` is such a link, to a file in /etc."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "sitecustomize.py").write_text("")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "sitecustomize.py").symlink_to(tmp_path / "etc" / "sitecustomize.py")
    standard = [f"{tmp_path}/lib/"]

    assert _is_standard(str(tmp_path / "lib" / "sitecustomize.py"), standard)
    assert not _is_standard(str(tmp_path / "etc" / "sitecustomize.py"), standard)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of packages, with one installed package."""
    monkeypatch.setattr(start_hooks_module, "folders_of_packages", lambda: (str(tmp_path),))
    monkeypatch.setattr(start_hooks_module.site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(start_hooks_module, "distributions", lambda: distributions(path=[str(tmp_path)]))
    about = tmp_path / "owner-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: owner\nVersion: 1\n", encoding="utf-8")
    (about / "RECORD").write_text("owned.pth,,\nsitecustomize.py,,\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "listed"),
    [
        ("stray.pth", b"import os; os.remove('x')\n", True),
        ("stray.pth", b"# first\r\n\r\nimport\tos\r\n", True),
        ("stray.pth", b"# first\rimport os", True),
        ("stray.pth", b"\xef\xbb\xbfimport os\n", True),
        ("stray.pth", b"\xff\nimport os\n", True),
        (".hidden.pth", b"import os\n", True),
        ("stray.pth", b"/usr/lib/more\nimporting\n# import os\n import os\n", False),
        ("stray.txt", b"import os\n", False),
        ("owned.pth", b"import os\n", False),
        ("_virtualenv.pth", b"import _virtualenv", False),
        ("sitecustomize.py", b"", False),
        ("usercustomize.py", b"", True),
    ],
)
def test_hooks_in_a_folder_of_packages(name: str, content: bytes, listed: bool, packages: Path) -> None:  # noqa: FBT001
    """What belongs to an installed package is part of the environment."""
    (packages / name).write_bytes(content)

    assert [file for _, file in start_hooks([str(packages)])] == ([packages / name] if listed else [])


def test_the_first_on_the_path_is_the_one_that_is_run(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("empty", "first", "second")]
    for place in places:
        place.mkdir()
    for place in places[1:]:
        (place / "sitecustomize.py").write_text("", encoding="utf-8")

    assert [*start_hooks([*map(str, places)])] == [("sitecustomize", places[1] / "sitecustomize.py")]


def test_without_a_folder_of_the_user_its_module_is_not_run(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (packages / "usercustomize.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(start_hooks_module.site, "ENABLE_USER_SITE", False)

    assert [*start_hooks([str(packages)])] == []


def test_a_hook_of_the_standard_library_is_not_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(start_hooks_module.sysconfig, "get_path", lambda _: str(tmp_path))

    assert [*start_hooks([str(tmp_path)])] == []

"""What the tree promises of itself: its packages, its locks, its launcher, its text."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = [ROOT / f"requirements{part}.lock" for part in ("", "-dev", "-logs", "-cluster")]
IN_GIT = shutil.which("git") is not None and (ROOT / ".git").exists()
LEFT_BY_TOOLS = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()} | {".git"}
LOCKED = re.compile(r"^([a-z0-9-]+)==([^ ;]+)( ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def tracked(*patterns: str) -> list[Path]:
    """The files of the tree, new ones too, without what git ignores; of a tree that came as an archive, all but what tools leave."""
    if IN_GIT:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        files = [file for file in ROOT.rglob("*") if not LEFT_BY_TOOLS & set(file.relative_to(ROOT).parts)]
        files = [file for file in files if not patterns or any(fnmatch(file.relative_to(ROOT).as_posix(), one) for one in patterns)]
    return sorted(file for file in files if file.is_file())


def locked(lock: Path) -> dict[str, str]:
    return {name: version for name, version, *_ in LOCKED.findall(lock.read_text(encoding="utf-8"))}


def required(*groups: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[ ;]", line, maxsplit=1)[0].lower() for group in groups for line in group}


def imported_by(pattern: str) -> set[str]:
    """The top-level names that the Python files of *pattern* import from outside the standard library and the tree."""
    names: set[str] = set()
    for file in tracked(pattern):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - set(PACKAGES) - {"tests", "benchmarks"}


def test_the_packages_are_those_of_the_plan():
    assert PACKAGES == ["features", "orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps"]
    assert PROJECT["tool"]["importlinter"]["root_packages"] == PACKAGES


def test_no_other_folder_is_a_package():
    packages = {file.parent.name for file in tracked("*/__init__.py") if file.parent.parent == ROOT}

    assert packages == {*PACKAGES, "tests"}  # others install a package of that name, and ours must come first


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_knows_and_what_it_leaves_to_whom(package):
    docstring = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_bytes()))

    assert docstring is not None
    assert len(docstring.splitlines()) > 2


def test_every_module_has_a_docstring():
    bare = [str(file.relative_to(ROOT)) for file in tracked("*.py") if not ast.get_docstring(ast.parse(file.read_bytes()))]

    assert bare == []


def test_the_engine_imports_the_standard_library_alone():
    assert imported_by("sop_engine/*.py") == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_imports_is_a_declared_dependency(package):
    declared = required(
        PROJECT["project"]["dependencies"], EXTRAS["logs"], EXTRAS["cluster"], EXTRAS["spreadsheets"], EXTRAS["workbench"], EXTRAS["audit"]
    )
    distributions = packages_distributions()

    undeclared = {name for name in imported_by(f"{package}/*.py") if not declared & {one.lower() for one in distributions.get(name, ())}}

    assert undeclared == set()


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_what_the_tests_and_benchmarks_import_is_a_declared_dependency(folder):
    declared = required(PROJECT["project"]["dependencies"], *EXTRAS.values())
    distributions = packages_distributions()

    # the peers are not in the lock, so perhaps not installed: then the name that is imported must be the one declared
    undeclared = {
        name for name in imported_by(f"{folder}/*.py") if not declared & {one.lower() for one in distributions.get(name, (name,))}
    }

    assert undeclared - own_modules() == set()


def own_modules() -> set[str]:
    return {file.stem for file in tracked("tests/*.py", "benchmarks/*.py")}


@pytest.mark.parametrize("lock", LOCKS[2:], ids=lambda lock: lock.name)
def test_the_lock_of_an_extra_holds_what_the_extra_adds(lock):
    """With the main lock it is complete, and it repeats nothing of it; the versions are those of the development lock."""
    extra = lock.stem.partition("-")[2]
    main, added = locked(LOCKS[0]), locked(lock)
    pending, complete = [Requirement(line) for line in EXTRAS[extra]], set()
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if name not in complete and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            complete.add(name)
            pending += map(Requirement, metadata(name).get_all("Requires-Dist") or ())

    assert complete - main.keys() - added.keys() == set()
    assert main.keys() & added.keys() == set()
    assert added.items() <= locked(LOCKS[1]).items()


def test_the_locks_hold_every_dependency():
    dependencies = required(PROJECT["project"]["dependencies"])
    dev = required(
        *(EXTRAS[name] for name in EXTRAS.keys() - {"mutation", "peers"}), PROJECT["build-system"]["requires"]
    )  # see their comments

    assert dependencies - locked(LOCKS[0]).keys() == set()
    assert (dependencies | dev) - locked(LOCKS[1]).keys() == set()


def test_the_decision_on_dependencies_names_each_with_its_licence():
    text = (ROOT / "docs" / "adr" / "0003-dependencies.md").read_text(encoding="utf-8").lower()
    words = {word for word in re.split(r"[^a-z0-9._-]+", text) if word}

    assert required(PROJECT["project"]["dependencies"], *EXTRAS.values()) - words == set()


def test_the_lock_to_develop_holds_the_lock_to_use():
    assert locked(LOCKS[0]).items() <= locked(LOCKS[1]).items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_names_versions_and_hashes_and_nothing_else(lock):
    """So it names no index, no host and no path."""
    assert LOCKED.sub("", lock.read_text(encoding="utf-8")) == ""


def test_what_runs_is_what_is_locked():
    """The tests that are green here ran on the versions of the lock; with an environment of one's own, they say so."""
    if Path(sys.prefix).parent != ROOT / ".venv":
        pytest.skip("not the environment of `run.py`")
    listing = subprocess.run([sys.executable, "-c", INSTALLED], capture_output=True, check=True, text=True).stdout.split()

    assert dict(line.split("==") for line in listing).items() <= locked(LOCKS[1]).items()


INSTALLED = """
import re
from importlib.metadata import distributions
for one in distributions():
    print(re.sub("[-_.]+", "-", one.name).lower() + "==" + one.version)
"""


@pytest.mark.parametrize("version", [(3, 7), (3, 8), (3, 10)])
def test_the_launcher_is_readable_to_an_older_python_which_it_turns_away(version):
    """What an older Python cannot parse, it would answer with a syntax error and not in a sentence."""
    ast.parse((ROOT / "run.py").read_bytes(), feature_version=version)


def test_the_launcher_imports_the_standard_library_alone():
    assert imported_by("run.py") == set()


def test_the_launcher_keeps_no_verb_from_sop():
    from sop_cli.main import COMMANDS  # noqa: PLC0415 (its import is part of what is looked at)

    assert COMMANDS.keys() & {"test", "check", "setup"} == set()


def test_every_command_of_the_readme_exists():
    from sop_cli.main import COMMANDS  # noqa: PLC0415

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:\bsop|run\.py) ([a-z]+)\b", "\n".join(code(text))))

    assert commands
    assert commands - COMMANDS.keys() - {"test", "check", "setup"} == set()


def code(text: str) -> list[str]:
    """The code of a Markdown text: fenced blocks and `spans`."""
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)


def test_every_link_in_the_documents_leads_somewhere():
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in tracked("*.md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.skipif(not IN_GIT, reason="the tree came without git")
def test_git_ignores_nothing_that_the_wheel_needs():
    """As hatchling reads `.gitignore`, an ignored template is missing from the wheel, and the build says nothing."""
    files = [str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*") if is_data(path)]
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"], cwd=ROOT, input="\n".join(files), capture_output=True, check=False, text=True
    ).stdout.splitlines()

    assert files
    assert ignored == []


def is_data(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"


def texts() -> list[Path]:
    return [file for file in tracked() if "samples" not in file.parts and b"\0" not in file.read_bytes()]


def test_text_files_are_tidy():
    """UTF-8, no white space at a line's end, one line end at the end of the file; samples of bad files are kept as they are."""
    untidy = []
    for file in texts():
        text = file.read_bytes().decode("utf-8")
        if text and (re.search(r"[ \t\r]$", text, re.MULTILINE) or not text.endswith("\n") or text.endswith("\n\n")):
            untidy.append(str(file.relative_to(ROOT)))

    assert untidy == []


def test_toml_files_can_be_read():
    for file in tracked("*.toml"):
        if "samples" not in file.parts:
            tomllib.loads(file.read_text(encoding="utf-8"))


def test_nothing_names_the_machine_it_was_written_on():
    """No folder above the tree, no home, no index."""
    marks = [f"{ROOT.parent}{os.sep}", f"{Path.home()}{os.sep}", "--index" + "-url", "--extra-index" + "-url"]
    marks = [mark for mark in marks if len(mark) > 3]

    named = [str(file.relative_to(ROOT)) for file in texts() if any(mark in file.read_text(encoding="utf-8") for mark in marks)]

    assert named == []


def test_no_mark_of_something_unfinished_stays():
    unfinished = re.compile(r"\b(TODO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    marked = [str(file.relative_to(ROOT)) for file in tracked("*.py", "*.j2", "*.feature") if unfinished.search(file.read_text("utf-8"))]

    assert [name for name in marked if name != "tests/project/test_house.py"] == []

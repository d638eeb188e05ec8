"""A small tree with the launcher: its locks are empty, and its `sop` and its pytest print what they were given."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "run.py"
LOCKS = (
    "requirements.lock",
    "requirements-logs.lock",
    "requirements-cluster.lock",
    "requirements-spreadsheets.lock",
    "requirements-workbench.lock",
    "requirements-audit.lock",
    "requirements-dev.lock",
)
MODULES = (
    "msgspec",
    "numpy",
    "pytest_bdd",
    "distributed",
    "openpyxl",
    "mypy",
    "pyarrow/__init__",
    "pyarrow/parquet",
    "starlette",
    "uvicorn",
    "duckdb",
    "python_calamine",
    "xlsxwriter",
)
CLICK = "import sys\n\n\ndef echo(text, err):\n    print(text, file=sys.stderr, flush=True)\n"
BASE = getattr(sys, "_base_executable", sys.executable)  # the Python that made this environment: it has the pip

SOP = """
import os, sys, time
import steps
if sys.argv[1:] == ["wait"]:
    try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        time.sleep(1)
        print("in order")
        sys.exit(130)
if sys.argv[1:] == ["name"]:
    print(os.environ["SOP_CALLED_AS"])
    sys.exit(0)
if sys.argv[1:] == ["streams"]:
    sys.exit(int(os.path.exists("/proc/self/fd/1")))
if sys.argv[1:] == ["extras"]:
    print(os.environ["SOP_WITH"])
    sys.exit(0)
if sys.argv[1:] == ["ask"]:
    from sop_cli.called_as import missing_package
    sys.exit(missing_package(ModuleNotFoundError(name="pyarrow"), ["name"]))
print([os.getcwd(), steps.__doc__, *sys.argv[1:]])
sys.exit(7)
"""


SETTING_UP = f"setting up .venv for Python {sys.version_info[0]}.{sys.version_info[1]}, once"
PYTEST = """
import os, sys, time
print("pytest", sys.argv[1:], flush=True)
if "WAIT" in os.environ:
    time.sleep(60)
sys.exit(int(os.environ.get("STATUS_OF_QUICK", "0")) if "not slow and not peers" in sys.argv else 0)
"""


def make_tree(folder: Path) -> Path:
    tree = folder / "a tree é"
    (tree / "sop_cli").mkdir(parents=True)
    (tree / "steps").mkdir()
    (tree / "sop_cli" / "__init__.py").touch()
    (tree / "sop_cli" / "__main__.py").write_text(SOP, encoding="utf-8")
    (tree / "steps" / "__init__.py").write_text("'ours'", encoding="utf-8")
    (tree / "pytest.py").write_text(PYTEST, encoding="utf-8")
    for name in LOCKS:
        (tree / name).touch()
    for name in MODULES:  # what a set-up imports to check that it worked
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / f"{name}.py").touch()
    (tree / "click.py").write_text(CLICK, encoding="utf-8")
    shutil.copy(ROOT / "sop_cli" / "called_as.py", tree / "sop_cli")
    shutil.copy(LAUNCHER, tree)
    return tree


def launch(tree: Path, *arguments: str, folder: Path | None = None, python: str = BASE, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [python, tree / "run.py" if folder else "run.py", *arguments]
    settings = {"env": offline(), "capture_output": True, "encoding": "utf-8", "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, cwd=folder or tree, check=False, **settings)


def environments(tree: Path) -> list[str]:
    return sorted(folder.name for folder in (tree / ".venv").iterdir()) if (tree / ".venv").exists() else []


def locks_of(tree: Path) -> set[str]:
    """The names of the locks in the only environment of *tree*."""
    (name,) = environments(tree)
    return set(json.loads((tree / ".venv" / name / "installed.json").read_text(encoding="utf-8"))["locks"])


def offline() -> dict[str, str]:
    return {**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


def processes_in(tree: Path) -> list[str]:
    """The command lines of the processes that run programs of *tree*, where `/proc` lists them."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in lines if str(tree) in line]


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    """The only line that a launch wrote, if it refused to start."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line

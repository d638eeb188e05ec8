"""No page vanishes in silence: whatever the site is made of and does not find is one error, and nothing is written."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from msgspec.structs import replace

from reports.document.glossary import glossary
from reports.html import resources
from reports.html.errors import ReportError
from reports.site import builder as site
from reports.site.pages import PAGES
from reports.site.renderer import ASSET_PARTS
from sop_cli.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "reports" / "templates"
OPENED = """
import sys
names = set()
sys.addaudithook(lambda event, values: names.add(str(values[0])) if event == "open" else None)
from sop_cli.main import main
assert main(sys.argv[1:]) == 0
print(*sorted(names), sep="\\n")
"""
EACH_LOST = """
import sys
from pkgutil import iter_modules
from sop_cli.main import main
import reports.site.pages
for name in [module.name for module in iter_modules(reports.site.pages.__path__)]:
    for loaded in [each for each in sys.modules if each.partition(".")[0] == "reports"]:
        del sys.modules[loaded]
    sys.modules[f"reports.site.pages.{name}"] = None
    print(name, main(sys.argv[1:]))
    del sys.modules[f"reports.site.pages.{name}"]
"""


@pytest.fixture(scope="module")
def folder(specification_run: Path) -> Path:
    return specification_run


def python(program: str, *arguments: object, within: Path, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, dict.fromkeys((path, ROOT))))}
    command = [sys.executable, "-P", "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=within, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


@cache
def resources_of(folder: Path) -> frozenset[str]:
    """Every file of the program that writing the site reads, except Python and what the installed libraries read.

    The environment may lie inside the checkout: ``run.py`` makes it there.
    """
    out = folder.parent / "site"
    done = python(OPENED, "docs", "--run", folder, "--out", out, within=folder.parent)
    assert done.returncode == 0, done.stderr
    opened = {Path(os.path.normpath(line)) for line in done.stdout.splitlines() if line.startswith(str(ROOT))}
    own = {file for file in opened if not file.is_relative_to(sys.prefix)}
    return frozenset(file.relative_to(ROOT).as_posix() for file in own if file.suffix not in (".py", ".pyc") and file.is_file())


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The templates and the glossary, elsewhere, to be spoilt."""
    shutil.copytree(TEMPLATES, tmp_path / "reports" / "templates")
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "glossary.md", tmp_path / "docs")
    monkeypatch.setattr(resources, "TEMPLATES", tmp_path / "reports" / "templates")
    monkeypatch.setattr(resources, "GLOSSARY", (tmp_path / "docs" / "glossary.md",))
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def forget() -> None:
    """What was read before is read again."""
    glossary.cache_clear()
    for module, templates in (("reports.site.renderer", "_templates"), ("reports.html.single_file", "_environment")):
        if module in sys.modules:
            getattr(sys.modules[module], templates).cache.clear()


def test_every_resource_that_is_lost_is_one_error_and_leaves_no_page(folder: Path, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = resources_of(folder)
    context = site.read_context(folder, simulations=copied / "simulations", audits=copied / "audits")
    made = [(page, list(page.files(context))) for page in PAGES]  # made once: what follows only places them
    monkeypatch.setattr(site, "PAGES", [replace(page, files=lambda _, parts=parts: parts) for page, parts in made])
    placed = {name for name in read if name.startswith("reports/templates/")}
    assert len(placed) > 30

    for name in sorted(placed):
        content = (copied / name).read_bytes()
        (copied / name).unlink()
        if name.endswith(".j2"):
            forget()
        with pytest.raises(ReportError) as caught:
            site.write_pages(context, copied / "site")
        assert str(caught.value).startswith(f"{name}: a file of the program cannot be read: no such file")
        assert str(caught.value).endswith("; install the program again")
        assert not (copied / "site").exists(), name
        (copied / name).write_bytes(content)
    forget()
    site.write_pages(context, copied / "site")
    assert {name.partition("/")[0] for name in read - placed} == {"docs", "sop_engine"}


@pytest.mark.parametrize("name", ["docs/glossary.md", "reports/templates/layout.html.j2", "reports/templates/script/10-folds.js"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"\xff")])
def test_the_command_says_which_file_is_lost_and_what_to_do(
    name: str, spoil: Callable[[Path], object], folder: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(copied / name)

    status = main(["docs", "--run", str(folder), "--out", str(copied / "site")])

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {name}: a file of the program cannot be read: "), err
    assert err.endswith("; install the program again\n")
    assert not (copied / "site").exists()


def test_every_file_of_the_rulebook_that_is_lost_is_one_error(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sop_engine", tmp_path / "sop_engine", ignore=shutil.ignore_patterns("__pycache__"))
    read = {name for name in resources_of(folder) if name.startswith("sop_engine/")}
    assert read == {f"sop_engine/rulebook/clients_v1/{name}.toml" for name in ("clauses", "gaps")}

    for name in sorted(read):
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        program = "import sys; from sop_cli.main import main; sys.exit(main(sys.argv[1:]))"
        done = python(program, "docs", "--run", folder, "--out", "site", within=tmp_path, path=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert done.stderr.startswith("error: "), done.stderr
        assert name.rpartition("/")[2] in done.stderr
        assert "Traceback" not in done.stderr
        (tmp_path / name).write_bytes(content)


def test_every_page_that_is_lost_is_one_error(folder: Path, tmp_path: Path) -> None:
    done = python(EACH_LOST, "docs", "--run", folder, "--out", "site", within=tmp_path)

    names = sorted(file.stem for file in (ROOT / "reports" / "site" / "pages").glob("*.py") if file.stem != "__init__")
    assert done.stdout.splitlines() == [f"{name} 2" for name in names]
    assert done.stderr.splitlines() == [
        f"error: the module `reports.site.pages.{name}` is missing; install the program again" for name in names
    ]
    assert not (tmp_path / "site").exists()


def test_no_page_style_script_or_template_is_left_unused(folder: Path) -> None:
    modules = {file.stem for file in (ROOT / "reports" / "site" / "pages").glob("*.py")} - {"__init__"}
    assert {name for name in modules if import_module(f"reports.site.pages.{name}").PAGE in PAGES} == modules

    parts = {name for names in ASSET_PARTS.values() for name in names}
    assert parts == {f"{kind}/{file.name}" for kind in ("style", "script") for file in (TEMPLATES / kind).iterdir()}
    elsewhere = {f"reports/templates/{page}.{kind}" for page in ("audit", "scenario_report") for kind in ("css", "html.j2")}
    written = {file.relative_to(ROOT).as_posix() for file in TEMPLATES.rglob("*.*") if file.is_file() and file.parent.name != "__pycache__"}
    assert written - resources_of(folder) == elsewhere


@pytest.mark.parametrize("name", ["scenario_report.html.j2", "scenario_report.css", "style/10-base.css", "style/99-print.css"])
def test_a_scenario_report_without_its_template_or_style_is_one_error(
    name: str, copied: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "reports" / "templates" / name).unlink()
    monkeypatch.chdir(copied)

    status = main(["simulate", "ordinary_week_erp", "--replications", "2", "--out", "out"])

    err = capsys.readouterr().err
    assert status == 2, err
    assert f"reports/templates/{name}: a file of the program cannot be read" in err
    assert not list((copied / "out").rglob("report.html"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (Path.unlink, "steps.json: the list of step sentences of the run is missing; keep all files of a run folder together"),
        (lambda file: file.write_bytes(b"\xff"), "steps.json: the step sentences of the run cannot be read"),
        (lambda file: file.write_text(json.dumps({"version": 1}), encoding="utf-8"), "steps.json: "),
    ],
)
def test_a_run_without_its_list_of_sentences_is_one_error(
    spoil: Callable[[Path], object], reason: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder, tmp_path / "run")
    spoil(tmp_path / "run" / "steps.json")

    status = main(["docs", "--run", str(tmp_path / "run"), "--out", str(tmp_path / "site")])

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {reason}"), err
    assert not (tmp_path / "site").exists()

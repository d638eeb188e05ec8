"""Messages and pages name commands with the version in use."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from sop_cli.main import WITHOUT_RULEBOOK
from sop_engine.register.new_version import begin_version
from sop_engine.versions import DEFAULT, OPTION, VARIABLE, WITHOUT_VERSION, shipped, with_version
from tests.support.versions import FEATURE, ROOT, sop

COMMAND_NAMED = re.compile(r"(?<![\w./-])sop (?!(?:fmt|rulebook)\b)[a-z]+(?! --rulebook clients_v2\b)\b")
"""A command that a message names without the version."""
NAMING: dict[str, list[str]] = {
    "no baseline": ["gate"],
    "no baseline, as JSON": ["gate", "--format", "json"],
    "no baseline, for a service": ["gate", "--format", "github"],
    "no baseline, as SARIF": ["gate", "--format", "sarif"],
    "no baseline, as JUnit": ["gate", "--format", "junit"],
    "a finding": ["lint"],
    "a finding, as JSON": ["lint", "--format", "json"],
    "a finding, as SARIF": ["lint", "--format", "sarif"],
    "a finding, as JUnit": ["lint", "--format", "junit"],
    "a finding of a run": ["verify"],
    "a finding of a run, as JSON": ["verify", "--json", "--no-docs"],
    "a run that cannot be approved": ["approve"],
    "a question": ["answer", "GAP-04"],
    "an answer with a part missing": ["answer", "GAP-04", "--reading", "1"],
    "an answer that cannot be put in force": ["diff", "--with", "GAP-01=1"],
    "a run that is not there": ["docs", "--run", "nowhere"],
    "no experiment": ["simulate"],
    "questions written": ["questions", "--out", "q.csv"],
}


@pytest.fixture(scope="module")
def with_a_finding(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finding")
    shutil.copytree(place / "rulebook", folder / "rulebook")
    (folder / "features").mkdir()
    (folder / "features" / "a.feature").write_text(FEATURE.replace("the seller cancels the order", "xyzzy"), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("arguments", NAMING.values(), ids=NAMING)
def test_a_message_names_commands_with_the_version(with_a_finding: Path, arguments: list[str]) -> None:
    (with_a_finding / "q.csv").unlink(missing_ok=True)
    text = "".join(sop(with_a_finding, *arguments, "--rulebook", "clients_v2")[1:])
    text = re.sub(r"sop gate(:|%3A)|(?<=\")sop |see `sop \S+ --help`", "", text)  # names of the tool, and the help of the command

    assert COMMAND_NAMED.findall(text) == []
    assert "sop " in text
    assert COMMAND_NAMED.findall("run `sop verify` and `sop approve --rulebook clients_v2`, or `sop fmt`") == ["sop verify"]


@pytest.mark.slow
def test_the_pages_name_commands_with_the_version(with_a_finding: Path) -> None:
    sop(with_a_finding, "verify", "--rulebook", "clients_v2")
    sop(with_a_finding, "verify", "--no-docs", "--rulebook", "clients_v2")
    site = with_a_finding / "build" / "site"
    pages = [site / "state.css", *site.glob("*.html")]

    named = {page.name: COMMAND_NAMED.findall(page.read_text(encoding="utf-8")) for page in pages}
    assert {name: commands for name, commands in named.items() if commands and name != "glossary.html"} == {}
    assert "sop docs --rulebook clients_v2 --base ID" in (site / "changes.html").read_text(encoding="utf-8")


def test_commands_of_the_default_version_need_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_version("clients_v2", shipped() / DEFAULT, tmp_path / "rulebook")
    monkeypatch.chdir(tmp_path)
    text = "`sop diff approved`, `sop fmt`, sop answer GAP-04, `sop diff a b --rulebook x`"

    assert with_version(text) == text
    monkeypatch.setenv(VARIABLE, DEFAULT)
    assert with_version(text) == text
    other = "`sop diff {0} approved`, `sop fmt`, sop answer {0} GAP-04, `sop diff a b --rulebook x`"
    for named in ("clients_v2", str(tmp_path / "rulebook" / "clients_v2")):
        monkeypatch.setenv(VARIABLE, named)
        assert with_version(text) == other.format("--rulebook clients_v2")
    (tmp_path / "a b").mkdir()
    monkeypatch.setenv(VARIABLE, "a b")
    assert with_version(text) == other.format("--rulebook 'a b'")
    (tmp_path / "pyproject.toml").write_text('[tool.sop]\nrulebook = "clients_v2"\n', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, "clients_v2")
    assert with_version(text) == text
    monkeypatch.setenv(VARIABLE, DEFAULT)
    assert with_version(text) == other.format("--rulebook clients_v1")
    monkeypatch.setenv(VARIABLE, "clients_v9")
    assert with_version(text) == text
    assert with_version("`sop gate`") == with_version(with_version("`sop gate`"))


def test_the_commands_without_a_version_are_those_without_the_option() -> None:
    assert set(WITHOUT_VERSION) == set(WITHOUT_RULEBOOK)
    assert OPTION in (ROOT / "sop_cli" / "main.py").read_text(encoding="utf-8")


def test_every_command_in_a_printed_text_is_named_as_called() -> None:
    """So that a message through the launcher, and of a later version, can be typed as it is."""
    unnamed = []
    for file in sorted((ROOT / "sop_cli").rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"echo", "secho"}:
                named = {
                    id(inner)
                    for outer in ast.walk(call)
                    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id == "as_called"
                    for inner in ast.walk(outer)
                }
                unnamed += [
                    f"{file.name}:{part.lineno}"
                    for part in ast.walk(call)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search(r"\bsop [a-z]", part.value)
                    if id(part) not in named
                ]
    assert unnamed == []

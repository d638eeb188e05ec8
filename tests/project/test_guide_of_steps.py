"""The guide to a new sentence: its blocks are put where it says, its commands typed in their order, and what they print is as it shows."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sop_runs.record.reader import RECORD
from steps.lint.linter import RULES
from tests.support.guided_edits import Copy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "steps.md").read_text(encoding="utf-8")
PROJECT, _, OWN = GUIDE.partition("\n## Modules of your own\n")
BLOCK = re.compile(r"(?P<prose>(?:(?!\n\n|```).)*?)\n\n```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
FILE = re.compile(r"`((?:features|steps|my_shop)/[^`]+)`")
INSTEAD = re.compile(r"`([^`]+)` instead of `([^`]+)`")


def sop(folder: Path, *arguments: str) -> str:
    """All that the command prints in *folder*, with this checkout as the program."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr


def typed(block: str) -> list[tuple[list[str], list[str]]]:
    """Each command of a console block, without the name of the program, and the lines that it is said to print."""
    parts = [part.splitlines() for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(shlex.split(re.sub(r"^(?:python3 run\.py|sop) ", "", first)), expected_lines) for first, *expected_lines in parts]


def assert_printed(output: str, expected_lines: list[str]) -> None:
    """That *output* has every line of *expected_lines*, in that order; … stands for anything."""
    pattern = r"\n(?:.*\n)*?".join(r".*".join(map(re.escape, line.split("…"))) for line in expected_lines)
    assert re.search(rf"^{pattern}$", output, re.MULTILINE), f"{output}\ndoes not have\n{chr(10).join(expected_lines)}"


def test_the_guide_can_be_followed_word_for_word(tmp_path: Path) -> None:
    copy, commands, feature, claim = Copy(tmp_path), 0, Path(), {}
    for block in BLOCK.finditer(PROJECT):
        prose, kind, text = block.group("prose", "kind", "text")
        if kind in {"gherkin", "python"}:
            file = tmp_path / FILE.findall(prose)[-1]
            file.write_text(text, encoding="utf-8")
            feature = file if kind == "gherkin" else feature
        elif kind == "json":
            claim = json.loads(text)
        else:
            instead, before = INSTEAD.search(prose), feature.read_text(encoding="utf-8")
            if instead:
                feature.write_text(before.replace(instead[2], instead[1]), encoding="utf-8")
            for arguments, expected_lines in typed(text):
                commands += 1
                assert_printed(copy.sop(*arguments)[1], expected_lines)
            feature.write_text(before, encoding="utf-8")

    assert commands == 6
    lines = [json.loads(line) for line in (tmp_path / copy.last() / RECORD).read_text(encoding="utf-8").splitlines()]
    [example] = [line for line in lines if line["type"] == "scenario" and line["feature"].endswith("/workload.feature")]
    assert example["claims"] == [claim]
    sentences = json.loads((tmp_path / copy.last() / "steps.json").read_text(encoding="utf-8"))["sentences"]
    assert [sentence["expression"] for sentence in sentences if sentence["file"] == "steps/bindings/workload.py"] == [
        "the client {force} do {int} task/tasks"
    ]


def test_the_same_sentence_works_in_a_module_of_your_own(tmp_path: Path) -> None:
    blocks = {kind: text for _, kind, text in BLOCK.findall(PROJECT) if kind in {"gherkin", "python"}}
    own = {kind: text for _, kind, text in BLOCK.findall(OWN)}
    for file, kind in (("features/workload.feature", "gherkin"), ("my_shop/steps.py", "python")):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(blocks[kind], encoding="utf-8")

    [(arguments, expected_lines)] = typed(own["console"])
    assert_printed(sop(tmp_path, *arguments), expected_lines)
    (tmp_path / "pyproject.toml").write_text(own["toml"], encoding="utf-8")
    assert_printed(sop(tmp_path, *(word for word in arguments if word not in {"--steps", "my_shop.steps"})), expected_lines)


def test_the_table_of_the_guide_is_a_declaration(tmp_path: Path) -> None:
    """Its module has no finding, a good table runs, and a wrong cell is a finding in the line of the cell."""
    text = {kind: text for _, kind, text in BLOCK.findall(OWN)}["python"]
    (tmp_path / "my_shop").mkdir()
    (tmp_path / "my_shop" / "steps.py").write_text(text, encoding="utf-8")
    (tmp_path / "features").mkdir()
    file = tmp_path / "features" / "parcels.feature"
    rows = "      | parcel | units | size |\n      | A | 3 | large |\n"
    head = "Feature: F\n\n  Scenario: S\n    Given these parcels\n"
    file.write_text(f"{head}{rows}    When the seller cancels the full order\n    Then the cancellation is refused\n", encoding="utf-8")

    assert "table-" not in sop(tmp_path, "lint", "--steps", "my_shop.steps")
    file.write_text(file.read_text(encoding="utf-8").replace("large", "huge"), encoding="utf-8")
    assert "features/parcels.feature:6:17: table-cell: unknown size `huge`" in sop(tmp_path, "lint", "--steps", "my_shop.steps")


def test_the_guide_explains_every_rule_of_the_lint_about_modules() -> None:
    named = set(re.findall(r"`([a-z]+-[a-z]+)`", OWN))

    assert {"bare-assert", "duplicate-sentence", "no-sentence", "stock-step", "undeclared-table"} <= named <= RULES.keys()


@pytest.mark.parametrize("guide", ["README.md", "CONTRIBUTING.md", "docs/writing-features.md", "docs/editing.md"])
def test_a_reader_who_looks_for_a_sentence_is_led_to_the_guide(guide: str) -> None:
    assert "steps.md)" in (ROOT / guide).read_text(encoding="utf-8")

"""A step sentence is renamed in its module and in every feature file, all or nothing, and nothing else changes."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.registry import Registry
from steps.generation.renaming import RenameError, Renaming, edits, renaming_of
from steps.language.document import find_features
from tests.support.feature_runs import registry

ROOT = Path(__file__).parents[2]
SENTENCES = registry()


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The features and the modules with step definitions, as the current folder."""
    for name in ("features", "steps"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_folder(definition: StepDefinition, folder: Path, expression: str | None = None) -> StepDefinition:
    file = str(folder / Path(definition.file).relative_to(ROOT))
    expression = expression or definition.expression
    return replace(definition, file=file, expression=expression, sentence=CucumberExpressionParser(expression))


def rename_in(folder: Path, before: StepDefinition, after: StepDefinition) -> int:
    others = [other for other in SENTENCES.definitions if (other.kind, other.line, other.path) != (before.kind, before.line, before.path)]
    sentences, files = Registry([before, *others]), find_features([folder / "features"])
    changes = list(edits(Renaming(before, after.sentence), sentences, files, folder / "features"))
    for change in changes:
        change.file.write_bytes(change.new)
    return len(changes)


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_every_sentence_forward_and_back_gives_the_same_bytes(copy: Path) -> None:
    original, used = contents(copy), 0
    definitions = SENTENCES.definitions if "NIGHTLY" in os.environ else SENTENCES.definitions[::5]
    for definition in definitions:
        old = in_folder(definition, copy)
        new = in_folder(definition, copy, f"as the trade says, {definition.expression}, and so on")
        changed = rename_in(copy, old, new)
        assert {name for name, data in contents(copy).items() if data != original[name]} != set()
        assert rename_in(copy, new, old) == changed
        assert contents(copy) == original, definition
        used += changed > 1
    assert used > len(definitions) * 0.9


def test_words_of_which_a_step_chooses_one_cannot_be_renamed() -> None:
    [definition] = [definition for definition in registry().definitions if definition.expression == "{units-are} left to fulfil"]
    expression = "{units} is/are left"
    alternatives = replace(definition, expression=expression, sentence=CucumberExpressionParser(expression))

    with pytest.raises(RenameError, match=r"the same parameters in the same order: {units}, is/are"):
        renaming_of(Registry([alternatives]), expression, "{units} is left")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("the order is {stage}", "x", "is 2 step sentences; begin it with its keyword, such as `Given the order is {stage}`"),
        ("nothing of the kind", "x", "there is no step sentence `nothing of the kind`"),
        ("Given all tasks are done by hand", "x", "did you mean `Then all tasks are done by hand`?"),
        ("the order is PACKED", "x", "did you mean `Given the order is {stage}`?"),
        ("Given the order is {stage}", "the order has no stage", "the same parameters in the same order: {stage}"),
        ("Given the order is {stage}", "the order is {stage} and {stage}", "the same parameters in the same order: {stage}"),
        ("Given the order is {stage}", "the order is {stag}", "the parameter `{stag}`, which is not defined"),
        ("{units-are} left to fulfil", "{units} left to fulfil", "the same parameters in the same order: {units-are}"),
        ("all tasks are done by hand", "all tasks are done by hand", "are the same"),
        ("all tasks are done by hand", "When all of it is manual", "the keyword cannot change"),
        ("all tasks are done by hand", " all", "white space"),
        ("all tasks are done by hand", "all\u200b", "not visible"),
        (
            "all tasks are done by hand",
            "the client does one task of each row, not both",
            "would also match `the client does one task of each row, not both`",
        ),
    ],
)
def test_what_cannot_be_renamed_is_refused_with_a_remedy_and_nothing_changes(
    copy: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    before = contents(copy)

    status = main(["steps", "--rename", old, new, "--write"])

    said = capsys.readouterr()
    assert status == 2
    assert message in said.err
    assert contents(copy) == before


OUTLINE = """Feature: F

  Scenario Outline: S
    Given the order is {first}
    * the order is <stage>
    Then {last}

    Examples:
      | stage   | words              |
      | CREATED | done by hand       |
"""


def feature(folder: Path, text: str) -> list[Path]:
    file = folder / "x.feature"
    file.write_bytes(text.encode())
    return [file]


def test_placeholders_stand_for_values_only(tmp_path: Path) -> None:
    renaming = renaming_of(SENTENCES, "Given the order is {stage}", "the stage is {stage}")
    written = OUTLINE.format(first="PACKED", last="all tasks are done by hand")

    [_, edit] = edits(renaming, SENTENCES, feature(tmp_path, written), tmp_path)

    assert edit.new.decode() == written.replace("the order is PACKED", "the stage is PACKED").replace("the order is <", "the stage is <")


def test_a_placeholder_for_words_of_the_sentence_is_refused_at_its_line(tmp_path: Path) -> None:
    renaming = renaming_of(SENTENCES, "all tasks are done by hand", "everything is manual")
    files = feature(tmp_path, OUTLINE.format(first="PACKED", last="all tasks are <words>"))

    with pytest.raises(RenameError, match=re.escape("x.feature:6: ")):
        list(edits(renaming, SENTENCES, files, tmp_path))


def test_a_placeholder_for_a_value_in_one_row_and_words_in_another_is_refused(tmp_path: Path) -> None:
    text = (
        "Feature: F\n\n  Scenario Outline: S\n    Given an order of 2 units, invoiced through RMS\n    When the order is <what>\n\n"
        "    Examples:\n      | what            |\n      | allocated       |\n      | to be allocated |\n"
    )
    renaming = renaming_of(SENTENCES, "When the order is {step}", "the next step is {step}")

    with pytest.raises(RenameError, match=re.escape("x.feature:5: a placeholder stands for words")):
        list(edits(renaming, SENTENCES, feature(tmp_path, text), tmp_path))


def test_bom_line_ends_comments_and_tables_stay(tmp_path: Path) -> None:
    renaming = renaming_of(SENTENCES, "Given the order is {stage}", "the stage is {stage}")
    written = "\ufeff# the order is PACKED\r\nFeature: the order is PACKED\r\n\n  Scenario: S\n\tGiven   the order is PACKED  \r\n    # end"
    [_, edit] = edits(renaming, SENTENCES, feature(tmp_path, written), tmp_path)

    assert edit.new.decode() == written.replace("   the order is PACKED", "   the stage is PACKED")


@pytest.mark.slow
def test_it_is_shown_first_and_written_on_request(copy: Path) -> None:
    shutil.copytree(ROOT, copy / "all", ignore=shutil.ignore_patterns(".*", "build", "__pycache__", "tests"))
    project, before = copy / "all", contents(copy / "all")
    command = [sys.executable, "-c", "import sys; from sop_cli.main import main; sys.exit(main(sys.argv[1:]))", "steps", "--rename"]

    def rename(old: str, new: str, *more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([*command, old, new, *more], cwd=project, env=environment, check=False, capture_output=True, text=True)

    shown = rename("all tasks are done by hand", "everything is manual")
    assert (shown.returncode, contents(project)) == (0, before), shown.stderr
    assert '+@then("everything is manual")' in shown.stdout
    assert shown.stdout.count("+      And everything is manual") == shown.stdout.count("-      And all tasks are done by hand") > 1
    assert "2 files would change; add --write" in shown.stderr
    written = rename("all tasks are done by hand", "everything is manual", "--write")
    assert written.returncode == 0, written.stderr
    assert {name.name for name, data in contents(project).items() if data != before[name]} == {"returns.py", "rsi.feature"}
    assert rename("everything is manual", "all tasks are done by hand", "--write").returncode == 0
    assert contents(project) == before


def test_an_installed_package_is_not_changed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(copy)

    assert main(["steps", "--rename", "all tasks are done by hand", "everything is manual", "--write"]) == 2

    assert "returns.py is not in the current folder" in capsys.readouterr().err
    assert contents(copy) == before

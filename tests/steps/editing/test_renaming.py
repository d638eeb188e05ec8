"""A step sentence is renamed in its module and in every feature file, all or nothing, and nothing else changes."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from gherkin.dialect import DIALECTS

from sop_cli.main import main
from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import CucumberExpressionParser
from steps.definitions.registry import Registry
from steps.editing import module_text
from steps.editing.renaming import RenameError, Renaming, edits, renaming_of
from steps.language.document import find_features
from tests.support.feature_runs import registry

ROOT = Path(__file__).parents[3]
SENTENCES = registry()


BAD_EXPRESSIONS = [
    *[("the (thing", 5), ("the {int", 5), ("a//b", 3), ("a/ b", 3), ("/b", 1), ("()", 1), ("a\\b", 3), ("end\\", 4), ("((x))", 2)],
    *[("{int}/x", 6), ("({int})", 2), ("x/{int}", 3), ("a/(b)", 3), ("{a/b}", 3), ("{", 1), ("(", 1), ("({x)", 4)],
]


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
    follows = tuple(expression if name == definition.expression else name for name in definition.follows)
    return replace(definition, file=file, expression=expression, sentence=CucumberExpressionParser(expression), follows=follows)


def rename_in(folder: Path, before: StepDefinition, after: StepDefinition) -> int:
    others = [
        replace(in_folder(other, folder), follows=tuple(before.expression if name == after.expression else name for name in other.follows))
        for other in SENTENCES.definitions
        if (other.kind, other.line, other.path) != (before.kind, before.line, before.path)
    ]
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
        ("all tasks are done by hand", "", "has no words"),
        ("all tasks are done by hand", "  ", "has no words"),
        ("all tasks are done by hand", "Then", "has no words"),
        ("all tasks are done by hand", "And all is done", "begins with the keyword `And`; leave it out"),
        ("all tasks are done by hand", "* all is done", "begins with the keyword `*`; leave it out"),
        ("all tasks are done by hand", "all <tasks> are done", "`<tasks>` would be read as a placeholder"),
        *(
            (
                "all tasks are done by hand",
                new,
                f"error: step sentence `{new}`: This Cucumber Expression has a problem at column {column}: ",
            )
            for new, column in BAD_EXPRESSIONS
        ),
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

    output = capsys.readouterr()
    assert status == 2
    assert message in output.err
    assert output.err.count("\n") == 1
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

    preview = rename("all tasks are done by hand", "everything is manual")
    assert (preview.returncode, contents(project)) == (0, before), preview.stderr
    assert '+@then("everything is manual")' in preview.stdout
    assert preview.stdout.count("+      And everything is manual") == preview.stdout.count("-      And all tasks are done by hand") > 1
    assert "2 files would change; add --write" in preview.stderr
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


STEPS = """from steps.definitions.decorators import given, then, when

@given("the thing")
@when("the thing")
def _():
    pass

@when("{int} of them", follows=["the thing"])
def _(number):
    pass

@then("x/y is so")
def _():
    pass
"""
PLAIN = STEPS.replace('@when("the thing")\n', "").replace('follows=["the thing"]', "follows=[]")
_NUMBERS = count()


def registry_of(folder: Path, module: str | bytes) -> Registry:
    """The step definitions of a module with this text."""
    file = folder / f"steps_{next(_NUMBERS)}.py"
    file.write_bytes(module if isinstance(module, bytes) else module.encode())
    spec = spec_from_file_location(f"renamed.{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    sys.modules[loaded.__name__] = loaded
    return Registry.from_modules([loaded])


def renamed(folder: Path, module: str | bytes, features: str, old: str, new: str) -> tuple[bytes, str]:
    """The module and the feature after the renaming."""
    definitions = registry_of(folder, module)
    module_edit, *feature_edits = edits(renaming_of(definitions, old, new), definitions, feature(folder, features), folder)
    return module_edit.new, feature_edits[0].new.decode() if feature_edits else features


ODD_MODULES = {
    "form feed": '"""A form \f feed."""\n\f\n' + PLAIN,
    "line separators": '"""A \u2028 b \x85 c \u2029 \x1c \v."""\n' + PLAIN,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR": PLAIN.replace("\n", "\r"),
    "byte order mark": "\ufeff" + PLAIN,
    "Latin-1": ("# coding: latin-1\n# caf\xe9\n" + PLAIN).encode("latin-1"),
    "single quotes": PLAIN.replace('"the thing"', "'the thing'"),
    "raw": PLAIN.replace('"the thing"', 'r"the thing"'),
    "words behind": PLAIN.replace('"the thing")', '"the thing", follows=["é"])  # é "the thing"'),
    "no line end": PLAIN.rstrip(),
}


@pytest.mark.parametrize("name", ODD_MODULES)
def test_nothing_of_a_module_changes_but_the_sentence(tmp_path: Path, name: str) -> None:
    module = ODD_MODULES[name]
    old = module if isinstance(module, bytes) else module.encode()

    new, _ = renamed(tmp_path, module, "Feature: F", "the thing", "the caf\xe9")

    words = "the caf\xe9".encode("latin-1" if name == "Latin-1" else "utf-8")
    assert new == old.replace(b"the thing", words, 1)
    compile(new, name, "exec")


def test_the_decorator_of_the_keyword_changes_and_the_sentence_is_escaped(tmp_path: Path) -> None:
    module = STEPS.replace('follows=["the thing"]', "follows=[]")
    new, _ = renamed(tmp_path, module, "Feature: F", "When the thing", 'a "b" \\\\ c')

    assert new.decode() == module.replace('@when("the thing")', '@when("a \\"b\\" \\\\\\\\ c")')


def test_steps_that_follow_the_sentence_name_the_new_one(tmp_path: Path) -> None:
    module = PLAIN.replace("follows=[]", 'follows=["the thing"]')
    new, _ = renamed(tmp_path, module, "Feature: F", "the thing", "the box")

    assert new.decode() == module.replace("the thing", "the box")
    with pytest.raises(RenameError, match="rename by hand"):
        renamed(tmp_path, STEPS, "Feature: F", "Given the thing", "the box")


@pytest.mark.parametrize(
    ("module", "new", "reason"),
    [
        (PLAIN.replace('"the thing"', '("the " + "thing")'), "x", "is not one text in quotes on one line"),
        (PLAIN.replace('"the thing"', '"the "\n    "thing"'), "x", "is not one text in quotes on one line"),
        (("# coding: latin-1\n" + PLAIN).encode("latin-1"), "→", "iso-8859-1 has no `→`"),
    ],
)
def test_a_module_that_cannot_have_the_new_sentence_is_refused(tmp_path: Path, module: str | bytes, new: str, reason: str) -> None:
    with pytest.raises(RenameError, match=reason):
        renamed(tmp_path, module, "Feature: F", "the thing", new)


def test_a_module_that_would_be_another_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_text, "_literal", lambda _, value: f'"{value}" + "!"')

    with pytest.raises(RenameError, match="would be another program"):
        renamed(tmp_path, PLAIN, "Feature: F", "the thing", "the box")


UNUSED_STEPS = {
    "background alone": "Feature: F\n\n  Background:\n    Given the thing\n    And the thing\n",
    "background of a rule": "Feature: F\n\n  Background:\n    Given the thing\n\n  Rule: R\n    Background:\n      * the thing\n",
    "no rows": "Feature: F\n\n  Scenario Outline: S <n>\n    Given the thing\n\n    Examples:\n      | n |\n",
    "no table": "Feature: F\n\n  Scenario Outline: S <n>\n    Given the thing\n\n    Examples:\n",
    "no steps": "Feature: F\n\n  Background:\n    Given the thing\n\n  Scenario: S\n",
}


@pytest.mark.parametrize("text", UNUSED_STEPS.values(), ids=UNUSED_STEPS)
def test_steps_that_no_example_runs_are_renamed_too(tmp_path: Path, text: str) -> None:
    assert renamed(tmp_path, PLAIN, text, "the thing", "the box")[1] == text.replace("the thing", "the box")


def test_placeholders_without_rows_stand_for_values(tmp_path: Path) -> None:
    text = "Feature: F\n\n  Scenario Outline: S\n    When {}\n    And {}\n    And <a> <b>\n\n    Examples:\n      | n |\n"

    _, new = renamed(tmp_path, PLAIN, text.format("<n> of them", "1<n> of them"), "{int} of them", "all {int}")

    assert new == text.format("all <n>", "all 1<n>")


def test_a_step_without_rows_that_can_be_two_sentences_is_refused(tmp_path: Path) -> None:
    module = PLAIN + '\n@when("{word} of them")\ndef _(word):\n    pass\n'
    text = "Feature: F\n\n  Scenario Outline: S\n    When <n> of them\n\n    Examples:\n      | n |\n"

    with pytest.raises(
        RenameError, match=re.escape("x.feature:4: `<n> of them` can become `{int} of them` or `{word} of them`, and no row")
    ):
        renamed(tmp_path, module, text, "{int} of them", "all {int}")


@pytest.mark.parametrize("language", sorted(DIALECTS))
def test_steps_of_every_language_are_renamed(tmp_path: Path, language: str) -> None:
    dialect: Any = DIALECTS[language]
    title, scenario = dialect["feature"][0], dialect["scenario"][0]
    for kind, sentence in (("given", "the thing"), ("when", "2 of them"), ("then", "x is so")):
        for keyword in dialect[kind]:
            first = dialect[kind][-1]
            text = f"# language: {language}\n{title}: F\n\n  {scenario}: S\n    {first}{sentence}\n\t{keyword} {sentence}  \n"
            old, new = {"given": ("the thing", "the box"), "when": ("{int} of them", "box {int}"), "then": ("x/y is so", "x/y was")}[kind]
            words = new.replace("{int}", "2").replace("x/y", "x")
            assert renamed(tmp_path, PLAIN, text, old, new)[1] == text.replace(sentence, words), keyword


def test_a_new_sentence_that_is_read_with_another_keyword_is_refused(tmp_path: Path) -> None:
    text = "# language: fr\nFonctionnalité: F\n\n  Scénario: S\n    Étant donné the thing\n"

    with pytest.raises(RenameError, match=r"x\.feature:5: `Étant donné que tout` would be read as another step"):
        renamed(tmp_path, PLAIN, text, "the thing", "que tout")


def test_another_step_that_the_new_sentence_matches_is_refused(tmp_path: Path) -> None:
    module = PLAIN + '\n@when("more {word}")\ndef _(word):\n    pass\n'
    text = "Feature: F\n\n  Scenario: S\n    When more 3\n"

    with pytest.raises(RenameError, match=r"x\.feature:4: `more 3` matches `more {word}` and would also match the new sentence"):
        renamed(tmp_path, module, text, "{int} of them", "more {int}")


def test_an_error_names_a_place_that_can_be_pasted(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "features" / "sub").mkdir()
    text = "Feature: F\n\n  Scenario Outline: S\n    Given <what>\n\n    Examples:\n      | what |\n      | the order is PACKED |\n"
    (copy / "features" / "sub" / "x.feature").write_text(text, encoding="utf-8")
    assert main(["steps", "--rename", "Given the order is {stage}", "the state of the order is {stage}"]) == 2
    assert "error: features/sub/x.feature:4: `<what>` has a placeholder" in capsys.readouterr().err

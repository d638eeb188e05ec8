"""Every command that a guide or an example of CI names exists, with the options it is given; its edits can be made."""

import csv
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sop_cli.main import COMMANDS, cli
from steps.language.document import read_document
from tests.support.guided_edits import Copy, recipes

ROOT = Path(__file__).parents[2]
REMOVED = ROOT / "docs" / "adr" / "0021-what-was-removed.md"
"""It names what cannot be typed any more."""
GUIDES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted({*(ROOT / "docs").rglob("*.md")} - {REMOVED}),
    *sorted((ROOT / "docs" / "ci").glob("*.yml")),
]
LAUNCHER = {"test", "check", "setup"}
COMMAND = re.compile(r"(?:python3 run\.py|(?<![\w.-])sop) +([a-z]+)((?: [^`\n#|>]*)?)")


def commands(text: str) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in COMMAND.finditer(text)]


def options(verb: str, rest: str) -> set[str]:
    command = cli.get_command(click.Context(cli), verb)
    if isinstance(command, click.Group) and rest.split():
        command = command.commands.get(rest.split(maxsplit=1)[0])
    assert command is not None, (verb, rest)
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-")} | {
        "--help",
        "-h",
    }


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.relative_to(ROOT).as_posix())
def test_every_command_in_a_guide_exists_with_its_options(guide: Path) -> None:
    for verb, rest in commands(guide.read_text(encoding="utf-8")):
        if verb in LAUNCHER:
            continue
        assert verb in COMMANDS, verb
        given = {word.partition("=")[0] for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest.replace("[", " ").replace("]", " "))}
        assert given <= options(verb, rest), (verb, given - options(verb, rest))


def test_the_examples_of_ci_run_the_gate() -> None:
    for guide in (ROOT / "docs" / "ci").glob("*.yml"):
        assert "gate" in {verb for verb, _ in commands(guide.read_text(encoding="utf-8"))}


@pytest.mark.slow
def test_the_three_additions_of_the_guide_go_through_the_gate_word_for_word(tmp_path: Path) -> None:
    example, clause, gap = recipes((ROOT / "docs" / "editing.md").read_text(encoding="utf-8"))
    copy = Copy(tmp_path)

    example.follow(copy)
    status, red, output = copy.through()
    assert (status, red) == (0, set()), output
    assert "1 new" in output

    clause.follow(copy)
    gap.follow(copy)
    status, red, output = copy.through()
    assert (status, red) == (1, {"behaviour", "wording", "examples"}), output
    status, output = copy.sop("diff", "approved/behaviour.json")
    assert (status, "AC-ERP-FULL-3" in output) == (1, True), output

    assert copy.sop("approve", "--yes")[0] == 0
    status, output = copy.sop("gate", "--run", copy.last())
    assert status == 0, output
    assert (clause.title, gap.title) == ("Add a clause", "Add a gap")


@pytest.mark.slow
def test_the_corrections_of_the_guide_hold(tmp_path: Path) -> None:
    """Each `clause edit` that a reader can copy from a block changes a clause, and is not refused."""
    typed = re.findall(
        r"^ *python3 run\.py (clause edit .*--.*)$", (ROOT / "docs" / "editing.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    copy = Copy(tmp_path)

    assert len(typed) == 2
    for number, line in enumerate(typed):
        status, output = copy.sop(*shlex.split(line), "--patch", f"{number}.patch")
        assert (status, (tmp_path / f"{number}.patch").is_file()) == (0, True), output


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("blank", ["", "{end}", "{separator}{end}"], ids=["", "blank line", "line of separators"])
def test_a_sheet_becomes_rows_that_are_read_as_its_cells(tmp_path: Path, separator: str, mark: str, end: str, blank: str) -> None:
    [script] = re.findall(r"```python\n(# rows\.py.*?)```", (ROOT / "docs" / "other-tools.md").read_text(encoding="utf-8"), re.DOTALL)
    rows = [["what", "how"], ["a|b", "c\\d"], ["two\nlines", " blanks "], ["ünï, 😀", '"quoted"'], ["", "\\n"]]
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=separator, lineterminator=end)
    for row in rows:
        writer.writerow([cell.replace("\n", end) for cell in row])
        sheet.write(blank.format(end=end, separator=separator))

    command = [sys.executable, "-X", "utf8", "-c", script]
    output = subprocess.run(command, input=(mark + sheet.getvalue()).encode(), capture_output=True, check=True).stdout.decode()
    file = tmp_path / "x.feature"
    file.write_text("Feature: x\n  Scenario Outline: y\n    Given <what> <how>\n    Examples:\n" + output, encoding="utf-8")
    document, findings = read_document(file, tmp_path)

    assert findings == []
    assert document is not None
    [table] = document.recorded.scenarios[0].examples
    assert [table.header, *(row.cells for row in table.rows)] == [[cell.strip() for cell in row] for row in rows]

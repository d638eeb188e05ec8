"""Every command that a guide or an example of CI names exists, with the options it is given; its edits can be made."""

import re
from pathlib import Path

import click
import pytest

from sop_cli.main import COMMANDS, cli
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
LAUNCHER = {"test", "check"}
SAID = re.compile(r"(?:python3 run\.py|(?<![\w.-])sop) +([a-z]+)((?: [^`\n#|>]*)?)")


def commands(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in SAID.finditer(text)]


def options(verb: str) -> set[str]:
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-")} | {
        "--help",
        "-h",
    }


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.relative_to(ROOT).as_posix())
def test_what_a_guide_tells_to_type_can_be_typed(guide: Path) -> None:
    for verb, rest in commands(guide.read_text(encoding="utf-8")):
        if verb in LAUNCHER:
            continue
        assert verb in COMMANDS, verb
        given = {word.partition("=")[0] for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest.replace("[", " ").replace("]", " "))}
        assert given <= options(verb), (verb, given - options(verb))


def test_the_examples_of_ci_run_the_gate() -> None:
    for guide in (ROOT / "docs" / "ci").glob("*.yml"):
        assert "gate" in {verb for verb, _ in commands(guide.read_text(encoding="utf-8"))}


@pytest.mark.slow
def test_the_three_additions_of_the_guide_go_through_the_gate_word_for_word(tmp_path: Path) -> None:
    example, clause, gap = recipes((ROOT / "docs" / "editing.md").read_text(encoding="utf-8"))
    copy = Copy(tmp_path)

    example.follow(copy.folder)
    status, red, said = copy.through()
    assert (status, red) == (0, set()), said
    assert "1 new" in said

    clause.follow(copy.folder)
    gap.follow(copy.folder)
    status, red, said = copy.through()
    assert (status, red) == (1, {"behaviour", "wording", "examples"}), said
    status, said = copy.sop("diff", "approved/behaviour.json")
    assert (status, "AC-ERP-FULL-3" in said) == (1, True), said

    assert copy.sop("approve")[0] == 0
    status, said = copy.sop("gate", "--run", copy.last())
    assert status == 0, said
    assert (clause.title, gap.title) == ("Add a clause", "Add a gap")

"""The edits of the guide for analysts, read from its own words, to be made in a copy of the project."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EDIT = re.compile(r"(?P<told>(?:(?!\n\n|```).)*?):\n\n```(?:gherkin|toml)\n(?P<block>.*?)```", re.DOTALL)
FILE = re.compile(r"`((?:features|sop_engine)/[^`]+)`")
OUT = re.compile(r"take\s+out\s+the\s+row\s+`([^`]+)`")
BELOW = re.compile(r"below\s+the\s+row\s+`([^`]+)`")
ABOVE = re.compile(r"above\s+the\s+line\s+`([^`]+)`\s+and\s+its\s+`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One heading of the guide and the blocks that it asks somebody to put into files."""

    title: str
    edits: tuple[tuple[str, str], ...]

    def follow(self, project: Path) -> None:
        """Make its edits below *project*, as the words before each block say."""
        file = None
        for told, block in self.edits:
            named = FILE.findall(told)
            file = project / named[-1] if named else file
            assert file is not None, told
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join(_edited(lines, told, block)), encoding="utf-8")


def recipes(guide: str) -> Iterator[Recipe]:
    """Every heading of *guide* that has something to try."""
    for section in guide.split("\n## ")[1:]:
        edits = tuple((found["told"], found["block"]) for found in EDIT.finditer(section))
        if edits:
            yield Recipe(section.splitlines()[0], edits)


def _edited(lines: list[str], told: str, block: str) -> list[str]:
    for row in OUT.findall(told):
        del lines[_line(lines, row)]
    if below := BELOW.search(told):
        place = _line(lines, below[1]) + 1
    elif above := ABOVE.search(told):
        place = _line(lines, above[1]) - 1
        assert lines[place].strip() == above[2]
    else:
        assert "at the end" in told, told
        place = len(lines)
    return [*lines[:place], block, *lines[place:]]


def _line(lines: list[str], text: str) -> int:
    found = [place for place, line in enumerate(lines) if line.strip() == text]
    assert len(found) == 1, f"{text} stands there {len(found)} times"
    return found[0]

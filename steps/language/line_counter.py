"""Counting: how many instances a feature file holds, read line by line, without the parser.

An independent second opinion: it shares with the parser only the table of keywords. Where the two disagree, something
was lost, and nobody may call the file green.
"""

import re
from dataclasses import dataclass

from gherkin.dialect import DIALECTS

_LANGUAGE = re.compile(r"#\s*language\s*:\s*([A-Za-z_-]+)\s*")
_FENCES = ('"""', "```")


class _Keywords:
    """The keywords of one language, as the beginnings of lines."""

    def __init__(self, language: str) -> None:
        words = DIALECTS.get(language, DIALECTS["en"])
        self.scenario = _titles(words["scenario"] + words["scenarioOutline"])
        self.examples = _titles(words["examples"])
        self.background = _titles(words["background"])
        self.feature = _titles(words["feature"])
        self.rule = _titles(words["rule"])
        self.step = tuple(words["given"] + words["when"] + words["then"] + words["and"] + words["but"])


@dataclass(slots=True)
class _Scenario:
    """A scenario under the scanner: it counts once, or once for every row under the headers of its Examples."""

    outline: bool = False
    rows: int = 0

    @property
    def examples(self) -> int:
        return self.rows if self.outline else 1


class _Scanner:
    """Where in the file the scanner is, what it has counted, and the end of the doc string it is in."""

    def __init__(self) -> None:
        self.words = _Keywords("en")
        self.counted: list[_Scenario] = []
        self.place = "start"
        self.fence = ""

    def read(self, line: str) -> None:
        if self.fence:
            self.fence = "" if line.startswith(self.fence) else self.fence
        elif self.place == "start" and (language := _LANGUAGE.fullmatch(line)):
            self.words, self.place = _Keywords(language[1]), "head"
        elif self.place == "start" and line.startswith("@"):
            self.place = "head"  # what follows tags or a language is a comment, whatever language it names
        elif line and not line.startswith("#") and not self._title(line):
            self._body(line)

    def _title(self, line: str) -> bool:
        """A line that opens a part of the file."""
        if line.startswith(self.words.examples) and self.place in {"scenario", "steps", "header", "rows"}:
            self.counted[-1].outline = True
            self.place = "header"
        elif line.startswith(self.words.scenario):
            self.counted.append(_Scenario())
            self.place = "scenario"
        elif self.place == "heading" and line.startswith(self.words.background):
            self.place = "background"
        elif line.startswith(self.words.feature if self.place in {"start", "head"} else self.words.rule):
            self.place = "heading"
        else:
            return False
        return True

    def _body(self, line: str) -> None:
        """A row, a step, the beginning of a doc string; anything else is prose."""
        if line.startswith("|"):
            if self.place == "rows":
                self.counted[-1].rows += 1
            self.place = "rows" if self.place == "header" else self.place
        elif self.place in {"scenario", "background"} and line.startswith(self.words.step):
            self.place = "steps" if self.place == "scenario" else "background steps"
        elif self.place in {"steps", "background steps"} and line.startswith(_FENCES):
            self.fence = line[:3]


def count_examples(text: str) -> int:
    """How often the scenarios of *text* will run: plain scenarios once, outlines once per row."""
    scanner = _Scanner()
    for line in text.removeprefix("\ufeff").split("\n"):
        scanner.read(line.lstrip())  # the blank behind a keyword is part of it, also at the end of a line
    return sum(scenario.examples for scenario in scanner.counted)


def _titles(words: list[str]) -> tuple[str, ...]:
    return tuple(f"{word}:" for word in words)

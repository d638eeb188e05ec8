"""Line counter: the number of examples of a feature file, counted line by line without the parser.

It is independent of the parser: the two share only the table of keywords. If their numbers differ, the parser may have lost a
scenario, and the file does not pass.
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
    """A scenario that the scanner has found: it counts once, an outline once for every row of its Examples."""

    outline: bool = False
    rows: int = 0

    @property
    def examples(self) -> int:
        return self.rows if self.outline else 1


class _Scanner:
    """State of the scanner: the part of the file it is in, the scenarios counted, and the marks that end the current doc string."""

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
            self.place = "head"  # below tags or a language, a `# language:` line is an ordinary comment
        elif line and not line.startswith("#") and not self._title(line):
            self._body(line)

    def _title(self, line: str) -> bool:
        """Update the state if the line opens a part of the file; return whether it does."""
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
        """Update the state for a row, a step or the beginning of a doc string; any other line is prose."""
        if line.startswith("|"):
            if self.place == "rows":
                self.counted[-1].rows += 1
            self.place = "rows" if self.place == "header" else self.place
        elif self.place in {"scenario", "background"} and line.startswith(self.words.step):
            self.place = "steps" if self.place == "scenario" else "background steps"
        elif self.place in {"steps", "background steps"} and line.startswith(_FENCES):
            self.fence = line[:3]


def count_examples(text: str) -> int:
    """Return the number of examples in *text*: plain scenarios once, outlines once per row."""
    scanner = _Scanner()
    for line in text.removeprefix("\ufeff").split("\n"):
        scanner.read(line.lstrip())  # the space after a keyword is part of it, also at the end of a line
    return sum(scenario.examples for scenario in scanner.counted)


def _titles(words: list[str]) -> tuple[str, ...]:
    return tuple(f"{word}:" for word in words)

"""Counting: how many instances a feature file holds, read line by line, without the parser.

An independent second opinion: it shares with the parser only the table of keywords. Where the two disagree, something
was lost, and nobody may call the file green.
"""

import re
from dataclasses import dataclass

from gherkin.dialect import DIALECTS

_LANGUAGE = re.compile(r"#\s*language\s*:\s*([A-Za-z_-]+)\s*")
_FENCES = ('"""', "```")


@dataclass(slots=True)
class _Scenario:
    """A scenario under the scanner: it counts once, or once for every row under the headers of its Examples."""

    outline: bool = False
    rows: int = 0

    @property
    def instances(self) -> int:
        return self.rows if self.outline else 1


class _Keywords:
    """The keywords of one language, as the beginnings of lines."""

    def __init__(self, language: str) -> None:
        words = DIALECTS.get(language, DIALECTS["en"])
        self.scenario = _titles(words["scenario"] + words["scenarioOutline"])
        self.examples = _titles(words["examples"])
        self.other = _titles(words["feature"] + words["rule"] + words["background"])
        self.step = tuple(words["given"] + words["when"] + words["then"] + words["and"] + words["but"])


def count_instances(text: str) -> int:
    """How often the scenarios of *text* will run: plain scenarios once, outlines once per row."""
    words = _Keywords("en")
    counted: list[_Scenario] = []
    place, fence = "start", ""
    for line in map(str.strip, text.removeprefix("\ufeff").split("\n")):
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif place == "start" and (language := _LANGUAGE.fullmatch(line)):
            words = _Keywords(language[1])
        elif not line or line.startswith("#"):
            continue
        elif line.startswith(words.examples) and counted and place not in {"start", "other"}:
            counted[-1].outline = True
            place = "header"
        elif line.startswith(words.scenario):
            counted.append(_Scenario())
            place = "scenario"
        elif line.startswith(words.other):
            place = "other"
        elif place == "header" and line.startswith("|"):
            place = "rows"
        elif place == "rows" and line.startswith("|"):
            counted[-1].rows += 1
        elif place in {"scenario", "other"} and line.startswith(words.step):
            place = "steps" if place == "scenario" else "other steps"
        elif place in {"steps", "other steps"} and line.startswith(_FENCES):
            fence = line[:3]
    return sum(scenario.instances for scenario in counted)


def _titles(words: list[str]) -> tuple[str, ...]:
    return tuple(f"{word}:" for word in words)

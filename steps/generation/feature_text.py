"""Text of a feature file with changes at the lines of its blocks, before they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sop_runs.record.schema import FeatureDocument, WrittenRule, WrittenScenario


@dataclass
class FeatureText:
    """The text of one feature file and the lines to replace in it: first line, line after the last one, new lines."""

    text: str
    document: FeatureDocument
    replaced: list[tuple[int, int, list[str]]] = field(default_factory=list)
    lines: list[str] = field(init=False)
    _starts: list[int] = field(init=False)
    _names: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = re.split(r"\r?\n", self.text.removeprefix("\ufeff"))
        rules = [child for child in self.document.children if isinstance(child, WrittenRule)]
        owned = (self.document.background, *(rule.background for rule in rules))
        backgrounds = [background.line for background in owned if background is not None]
        scenarios = self.document.scenarios
        starts = [rule.line for rule in rules] + [scenario.line for scenario in scenarios] + backgrounds
        self._starts = sorted(self.first_line(line) for line in starts)
        self._names = {scenario.name for scenario in scenarios}

    def new_text(self) -> str:
        """Return the text with all changes; every line keeps its end."""
        ends = "\r\n" if "\r\n" in self.text else "\n"
        lines = list(self.lines)
        for first, after, new in sorted(self.replaced, key=lambda change: (change[0], change[1]), reverse=True):
            lines[first - 1 : after - 1] = new
        text = ends.join(lines)
        text = re.sub(rf"(?:{ends}[ \t]*){{3,}}(?=\S| )", ends * 2, text) if self.replaced else text
        return ("\ufeff" if self.text.startswith("\ufeff") else "") + text

    def replace(self, first: int, after: int, lines: Sequence[str], *, like: int = 0) -> None:
        """Replace the lines from *first* to before *after* by *lines*, indented like the line *like* if one is given."""
        self.replaced.append((first, after, indented(lines, self.lines[like - 1]) if like else list(lines)))

    def set_name(self, line: int, old: str, new: str) -> None:
        """Replace the name *old* of the block at *line*."""
        written = self.lines[line - 1]
        place = written.rindex(old)
        self.replace(line, line + 1, [written[:place] + new + written[place + len(old) :]])

    def replace_keyword(self, line: int, new: str) -> None:
        """Replace the keyword of the step at *line*."""
        self.replace(line, line + 1, [self.lines[line - 1].replace(self.keyword(line), new, 1)])

    def remove_rule(self, rule: WrittenRule) -> None:
        """Remove *rule* with all that it has, instead of other changes inside it."""
        end = self.end_of_rule(rule)
        self.replaced = [change for change in self.replaced if not rule.line <= change[0] < end]
        self.replace(self.first_line(rule.line), end, [])

    def keyword(self, line: int) -> str:
        """Return the keyword of the step at *line*."""
        return self.lines[line - 1].strip().split(" ")[0]

    def first_line(self, line: int) -> int:
        """Return the line of the first tag or comment above the block at *line*."""
        while line > 1 and self.lines[line - 2].strip().startswith(("@", "#")):
            line -= 1
        return line

    def end_of(self, line: int) -> int:
        """Return the line after the block that begins at *line*."""
        return next((start for start in self._starts if start > line), len(self.lines) + 1)

    def end_of_rule(self, rule: WrittenRule) -> int:
        """Return the line after *rule*."""
        rules = [self.first_line(child.line) for child in self.document.children if isinstance(child, WrittenRule)]
        return next((line for line in rules if line > rule.line), len(self.lines) + 1)

    def end_of_step(self, scenario: WrittenScenario, line: int) -> int:
        """Return the line after the step at *line* with its table."""
        step = next(step for step in scenario.steps if step.line == line)
        return max([line, *step.table_lines]) + 1

    def unique(self, name: str) -> str:
        """Return *name*, numbered if the feature has it already."""
        wanted, number = name, 2
        while wanted in self._names:
            wanted, number = f"{name} ({number})", number + 1
        self._names.add(wanted)
        return wanted


def indented(lines: Sequence[str], like: str) -> list[str]:
    """Return *lines* indented like the line *like*; the rows of a table two more."""
    indent = like[: len(like) - len(like.lstrip())]
    more = "" if like.lstrip().startswith("|") else "  "
    return [f"{indent}{more if line.startswith('|') else ''}{line}" if line else "" for line in lines]

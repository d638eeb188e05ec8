"""Chosen lines of feature files, such as ``features/x.feature:16``: a choice of examples.

A line chooses the innermost block that it is in: the file (a line of the Feature's heading), a Rule, the examples with a Background, a
scenario, a table of Examples, or one row. A blank line or a comment between two blocks is in none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sop_engine.text import counted, quoted, visible
from steps.language.document import Document, find_features, read_source
from steps.language.examples import Example
from steps.language.feature_set import FeatureSet
from steps.language.file_names import is_feature_file
from steps.language.parser import Node
from steps.language.selection import SelectionError

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?:?")
"""File and line, and perhaps a column, as messages print them."""
_NO_LINE = re.compile(r"(?P<file>.+\.feature):(?P<rest>.*)")

_OTHER_PLACE = re.compile(
    r"(?P<file>.+\.feature)\s*(?:[:,@+ ]|[#?](?:L(?:ine)?=?)?|\(|\[|line|,?\s+line\s*)\s*(?P<line>[0-9]{1,9})\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""Place as other programs write it: ``x.feature(8)``, ``x.feature#L8``, ``x.feature, line 8``."""

ChosenExamples = dict[str, tuple[str, ...]]
"""Ids of the chosen examples by path; of a file that is not in it, all are chosen."""


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """A line of a feature file, counted from 1."""

    file: Path
    line: int

    def error(self, reason: str) -> SelectionError:
        """Return the error of a line that chooses no example."""
        return SelectionError(visible(f"{self.file.as_posix()}:{self.line}: {reason}"))


def split_chosen_lines(arguments: Sequence[Path]) -> tuple[list[Path], list[ChosenLine]]:
    """Split the arguments of a run into files and folders, and lines of feature files.

    Raises:
        SelectionError: an argument has a line, but no number, or no feature file.
    """
    paths, places = [], []
    for argument in arguments:
        text = str(argument)
        if argument.exists():
            paths.append(argument)
        elif (match := _PLACE.fullmatch(text)) and Path(match["file"]).exists():
            place = ChosenLine(Path(match["file"]), int(match["line"]))
            if not is_feature_file(place.file):
                raise place.error("only a line of a .feature file chooses examples; name a feature file, a folder, or `FILE.feature:16`")
            places.append(place)
        elif (match := _NO_LINE.fullmatch(text)) and Path(match["file"]).exists():
            raise SelectionError(f"{visible(text)}: {quoted(match['rest'])} is not a line; write it like `{visible(match['file'])}:16`")
        elif file := _file_of_other_place(text):
            raise SelectionError(f"{visible(text)}: this is not how a place is written; write it like `{file}`")
        else:
            paths.append(argument)
    return paths, places


def _file_of_other_place(text: str) -> str:
    """Return the place, or the file, that *text* means with other signs between file and line, or with backslashes; empty if none exists."""
    match = _OTHER_PLACE.fullmatch(text)
    written, line = (match["file"], f":{match['line']}") if match else (text.removesuffix(":"), "")
    name = next((name for name in (written, written.replace("\\", "/")) if Path(name).exists()), "")
    return visible(name + line) if name and (line or name != written) else ""


def files_of(arguments: Sequence[Path]) -> list[Path]:
    """Return the files and folders of the arguments of a run, without lines."""
    paths, places = split_chosen_lines(arguments)
    return [*paths, *(place.file for place in places)]


def examples_at(feature_set: FeatureSet, places: Sequence[ChosenLine], whole: Sequence[Path]) -> ChosenExamples | None:
    """Return the examples at *places*, None if that is no limit.

    A file at or below one of the *whole* paths, or that cannot be parsed, has no entry.

    Raises:
        SelectionError: a line does not exist, or is in no block.
    """
    unlimited = {file.resolve() for file in find_features(whole)} if whole else set()
    chosen: dict[str, list[str]] = {}
    for place in places:
        source, _ = read_source(place.file, feature_set.root)
        examples = _examples_of_line(place, source.document, source.text) if source.readable else None
        if examples is not None and place.file.resolve() not in unlimited:
            chosen.setdefault(feature_set.name(place.file), []).extend(example.id for example in examples)
    return {path: tuple(dict.fromkeys(ids)) for path, ids in chosen.items()} or None


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines from *start* to the next block; a *scenario* also for its Examples, *title* of a scenario alone."""

    start: int
    examples: tuple[Example, ...]
    scenario: int | None = None
    title: str = ""


def _examples_of_line(place: ChosenLine, document: Document | None, text: str) -> tuple[Example, ...] | None:
    """Return the examples at a line; None if the file cannot be parsed, so that its findings are shown."""
    lines = [line.strip() for line in text.split("\n")]
    last = len(lines) - (not lines[-1])
    if not 1 <= place.line <= last:
        raise place.error(f"the file has {counted(last, 'line')}; lines count from 1" if last else "the file is empty")
    if document is None:
        return None
    blocks = list(_blocks(document))
    number = bisect_right(blocks, place.line, key=lambda block: block.start) - 1
    block = blocks[number] if number >= 0 else None
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    end = following.start if following else last + 1
    inside = any(_has_content(line) for line in lines[place.line - 1 : end - 1])
    if block is not None and block.scenario is not None and following is not None and following.scenario == block.scenario and not inside:
        return tuple(example for example in document.examples if example.line == block.scenario)  # above the next Examples
    if block is None or not inside:
        reason = "this line is blank" if not lines[place.line - 1] else "this line is a comment"
        raise place.error(f"{reason}, and in no scenario; {_hint(blocks, place.line)}")
    return tuple(example for example in block.examples if example.row == place.line) or block.examples


def _has_content(line: str) -> bool:
    return bool(line) and not line.startswith("#")


def _hint(blocks: Sequence[_Block], line: int) -> str:
    scenarios = [block for block in blocks if block.title]
    before = [block for block in scenarios if block.start < line][-1:]
    after = [block for block in scenarios if block.start > line][:1]
    names = [f"{block.scenario} ({quoted(block.title)})" for block in before + after]
    return f"name a line of a scenario, such as {' or '.join(names)}" if names else "the file has no scenario"


def _blocks(document: Document) -> Iterator[_Block]:
    """Yield the blocks of a feature in the order of their lines."""
    if document.feature is not None:
        yield _Block(_first_line(document.feature), document.examples)
        yield from _blocks_in(document.feature["children"], document.examples, document.examples)


def _blocks_in(children: Sequence[Node], scope: tuple[Example, ...], examples: tuple[Example, ...]) -> Iterator[_Block]:
    """Yield the blocks of a Feature or a Rule, which has the examples *scope*."""
    for child in children:
        if "background" in child:
            yield _Block(_first_line(child["background"]), scope)
        elif "scenario" in child:
            yield from _blocks_of_scenario(child["scenario"], examples)
        else:
            rule = child["rule"]
            lines = {node["scenario"]["location"]["line"] for node in rule["children"] if "scenario" in node}
            inner = tuple(example for example in examples if example.line in lines)
            yield _Block(_first_line(rule), inner)
            yield from _blocks_in(rule["children"], inner, inner)


def _blocks_of_scenario(scenario: Node, examples: tuple[Example, ...]) -> Iterator[_Block]:
    line = scenario["location"]["line"]
    own = tuple(example for example in examples if example.line == line)
    yield _Block(_first_line(scenario), own, line, f"{scenario['keyword']}: {scenario['name']}")
    for table in scenario["examples"]:
        rows = {row["location"]["line"] for row in table["tableBody"]}
        yield _Block(_first_line(table), tuple(example for example in own if example.row in rows), line)


def _first_line(node: Node) -> int:
    """Return the first line of a block, that of its tags."""
    lines: list[int] = [part["location"]["line"] for part in (node, *node.get("tags", ()))]
    return min(lines)

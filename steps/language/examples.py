"""Examples: every scenario that will run, an outline once per row, with its placeholders filled.

Placeholders are filled in one pass by plain replacement: a value such as ``<like this>`` is not filled again, and a
column header is never read as a regular expression.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from msgspec import Struct

from sop_engine.text import slug
from sop_runs.record.schema import StepKind
from steps.language.parser import Node

KIND_OF: dict[str, StepKind] = {"Context": "given", "Action": "when", "Outcome": "then"}
LONGEST_ID = 60
FAILS = "Fails:"
"""Beginning of a line of the description that says what fails in a known failure."""

Fill = Callable[[str], str]


class StepLine(Struct, frozen=True, gc=False):
    """A step as it runs. And, But and * take the kind of the step before; *columns* are the Examples columns that the step uses."""

    keyword: str
    kind: StepKind
    text: str
    line: int
    column: int
    table: tuple[tuple[str, ...], ...] | None
    docstring: str | None
    columns: tuple[str, ...]

    @property
    def words(self) -> str:
        """The keyword and the text, for messages."""
        return f"{self.keyword} {self.text}"


class Example(Struct, frozen=True, gc=False):
    """An example. *id* depends on its text, not on its line, and is unique in its file.

    *failures* are the differences that a known failure says that it has, one per line of its description: ``Fails: …``.
    """

    path: str
    feature: str
    rule: str | None
    name: str
    outline: str | None
    line: int
    row: int | None
    tags: tuple[str, ...]
    steps: tuple[StepLine, ...]
    id: str
    failures: tuple[str, ...] = ()


class WrittenBlock(Struct, frozen=True):
    """A scenario as written, with the rule, background and tags that it inherits."""

    scenario: Node
    rule: Node | None
    background: tuple[Node, ...]
    tags: tuple[str, ...]


def blocks(feature: Node) -> Iterator[WrittenBlock]:
    """Yield the scenarios of a feature in document order, including those of its Rules."""
    steps: tuple[Node, ...] = ()
    tags = _tags_of(feature)
    for child in feature["children"]:
        if "background" in child:
            steps = tuple(child["background"]["steps"])
        elif "scenario" in child:
            yield WrittenBlock(child["scenario"], None, steps, tags)
        else:
            yield from _blocks_of_rule(child["rule"], steps, tags)


def _blocks_of_rule(rule: Node, steps: tuple[Node, ...], tags: tuple[str, ...]) -> Iterator[WrittenBlock]:
    for child in rule["children"]:
        if "background" in child:
            steps += tuple(child["background"]["steps"])
        else:
            yield WrittenBlock(child["scenario"], rule, steps, tags + _tags_of(rule))


def written_steps(feature: Node) -> Iterator[tuple[Node, StepKind]]:
    """Yield each step of a feature as it is written, with its kind, in document order; also steps that no example runs."""
    yield from _written_steps_of(feature["children"], "given")


def _written_steps_of(children: list[Node], kind: StepKind) -> Iterator[tuple[Node, StepKind]]:
    for child in children:
        if "rule" in child:
            yield from _written_steps_of(child["rule"]["children"], kind)
            continue
        own_kind = kind
        for node in next(iter(child.values()))["steps"]:
            own_kind = KIND_OF.get(node["keywordType"], own_kind)
            yield node, own_kind
        if "background" in child:
            kind = own_kind


def expand(feature: Node, path: str) -> tuple[Example, ...]:
    """Return every example of a feature, in document order."""
    ids: dict[str, int] = {}
    return tuple(chain.from_iterable(_examples_of(block, feature["name"], path, ids) for block in blocks(feature)))


def _examples_of(block: WrittenBlock, feature: str, path: str, ids: dict[str, int]) -> Iterator[Example]:
    scenario = block.scenario
    rule = block.rule["name"] if block.rule else None
    name, line = scenario["name"], scenario["location"]["line"]
    tags = block.tags + _tags_of(scenario)
    common = {"path": path, "feature": feature, "rule": rule, "line": line, "failures": stated_failures(scenario["description"])}
    if not scenario["examples"]:
        example_id = _example_id(path, rule, name, {}, ids)
        steps = _filled_steps(block, {}, str)
        yield Example(**common, name=name, outline=None, row=None, tags=_unique_tags(tags), steps=steps, id=example_id)
    for examples in scenario["examples"]:
        header = tuple(cell["value"] for cell in examples.get("tableHeader", {"cells": []})["cells"])
        pattern = placeholder_pattern(header)
        for row in examples["tableBody"]:
            values = row_values(header, row)
            fill = placeholder_filler(pattern, values)
            yield Example(
                **common, name=fill(name), outline=name, row=row["location"]["line"],
                tags=_unique_tags(tags + _tags_of(examples)), steps=_filled_steps(block, values, fill),
                id=_example_id(path, rule, name, values, ids),
            )  # fmt: skip


def stated_failures(description: str) -> tuple[str, ...]:
    """Return the differences that *description* gives in lines that begin with ``Fails:``, with single spaces."""
    if FAILS not in description:
        return ()
    lines = (" ".join(line.split()) for line in description.splitlines())
    return tuple(line.removeprefix(FAILS).strip() for line in lines if line.startswith(FAILS))


def row_values(header: tuple[str, ...], row: Node) -> dict[str, str]:
    """Return column to cell; of two columns with the same name the first is used, as in gherkin."""
    values: dict[str, str] = {}
    for name, cell in zip(header, row["cells"], strict=True):
        values.setdefault(name, cell["value"])
    return values


def placeholder_pattern(header: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern that matches ``<column>`` for the columns of *header*, as literal text; None without columns."""
    names = sorted(filter(None, set(header)), key=len, reverse=True)
    return re.compile("<(" + "|".join(map(re.escape, names)) + ")>") if names else None


def placeholder_filler(pattern: re.Pattern[str] | None, values: dict[str, str]) -> Fill:
    """Return a function that replaces each placeholder by its value, once."""
    if pattern is None:
        return str
    return lambda text: pattern.sub(lambda match: values[match[1]], text) if "<" in text else text


def _filled_steps(block: WrittenBlock, values: dict[str, str], fill: Fill) -> tuple[StepLine, ...]:
    """Return the steps of background and scenario; none if the scenario has no step (as in gherkin)."""
    if not block.scenario["steps"]:
        return ()
    kind: StepKind = "given"
    steps = []
    for node in block.background:
        kind = KIND_OF.get(node["keywordType"], kind)
        steps.append(_filled_step(node, kind, {}, str))
    for node in block.scenario["steps"]:
        kind = KIND_OF.get(node["keywordType"], kind)
        steps.append(_filled_step(node, kind, values, fill))
    return tuple(steps)


def _filled_step(node: Node, kind: StepKind, values: dict[str, str], fill: Fill) -> StepLine:
    rows = node["dataTable"]["rows"] if "dataTable" in node else None
    cells = None if rows is None else tuple(tuple(cell["value"] for cell in row["cells"]) for row in rows)
    docstring = node["docString"]["content"] if "docString" in node else None
    columns: tuple[str, ...] = ()
    if values:
        written = "\n".join((node["text"], docstring or "", *chain.from_iterable(cells or ())))
        columns = tuple(name for name in values if name and f"<{name}>" in written)
    return StepLine(
        keyword=node["keyword"].strip(), kind=kind, text=fill(node["text"]),
        line=node["location"]["line"], column=node["location"]["column"],
        table=None if cells is None else tuple(tuple(map(fill, row)) for row in cells),
        docstring=None if docstring is None else fill(docstring),
        columns=columns,
    )  # fmt: skip


def _example_id(path: str, rule: str | None, name: str, values: dict[str, str], ids: dict[str, int]) -> str:
    """Return a readable slug with a hash of path, rule, name and values; a repeated id gets a number."""
    pairs = sorted(values.items())
    key = repr((path, rule, name, pairs))
    readable = identifier(" ".join((name, *(value for _, value in pairs)))) or "scenario"
    example_id = f"{readable}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"
    ids[example_id] = ids.get(example_id, 0) + 1
    return example_id if ids[example_id] == 1 else f"{example_id}-{ids[example_id]}"


def identifier(text: str) -> str:
    """Return *text* as an id: a slug that begins with a letter."""
    words = slug(text, LONGEST_ID)
    return f"s-{words}" if words[:1].isdigit() else words


def _tags_of(node: Node) -> tuple[str, ...]:
    return tuple(tag["name"] for tag in node["tags"])


def _unique_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def plain_values(rows: Any) -> list[list[str]]:
    """Return the cell texts of gherkin table rows."""
    return [[cell["value"] for cell in row["cells"]] for row in rows]

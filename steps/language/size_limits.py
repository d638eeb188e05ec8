"""Sizes: what an outline would grow to when its placeholders are filled, found out before anything is filled.

A file of one megabyte can ask for gigabytes: two thousand rows, each pasted into a thousand placeholders.
"""

from collections.abc import Iterator

from sop_runs.problem import Problem
from steps.language.examples import WrittenBlock, blocks
from steps.language.parser import Node

MAX_ROWS = 2_000
MAX_COLUMNS = 40
MAX_STEPS = 100_000
MAX_CHARACTERS = 20_000_000
"""Steps and characters of a whole file once all its outlines are filled."""


def size_findings(feature: Node, path: str) -> list[Problem]:
    """Tables with too many rows or columns, and outlines that grow beyond measure; rule too-large."""
    findings = [
        Problem(path, place["line"], place.get("column", 1), "too-large", message, remedy)
        for table, rows in _tables(feature)
        for place, message, remedy in _excesses(table, rows)
    ]
    steps = characters = 0
    for block in blocks(feature):
        added = _filled_size(block)
        steps, characters = steps + added[0], characters + added[1]
        if steps > MAX_STEPS or characters > MAX_CHARACTERS:
            place = block.scenario["location"]
            message = f"up to here the file grows to {steps:,} steps and {characters:,} characters when its outlines are filled"
            remedy = f"keep it below {MAX_STEPS:,} steps and {MAX_CHARACTERS:,} characters: fewer rows, shorter texts"
            return [*findings, Problem(path, place["line"], place["column"], "too-large", message, remedy)]
    return findings


def _tables(feature: Node) -> Iterator[tuple[str, list[Node]]]:
    for block in blocks(feature):
        for examples in block.scenario["examples"]:
            yield "table of Examples", [examples["tableHeader"], *examples["tableBody"]] if "tableHeader" in examples else []
        for step in (*block.background, *block.scenario["steps"]):
            yield "table", step["dataTable"]["rows"] if "dataTable" in step else []


def _excesses(table: str, rows: list[Node]) -> Iterator[tuple[Node, str, str]]:
    if rows and len(rows[0]["cells"]) > MAX_COLUMNS:
        place = rows[0]["cells"][MAX_COLUMNS]["location"]
        yield place, f"the {table} has {len(rows[0]['cells']):,} columns, more than {MAX_COLUMNS}", "split it into several tables"
    if len(rows) - 1 > MAX_ROWS:
        place = rows[MAX_ROWS + 1]["location"]
        yield place, f"the {table} has {len(rows) - 1:,} rows, more than {MAX_ROWS:,}", "keep the rows that earn their place"


def _filled_size(block: WrittenBlock) -> tuple[int, int]:
    """Steps and characters of all instances of a scenario, at most."""
    scenario = block.scenario
    steps = len(block.background) + len(scenario["steps"])
    texts = [scenario["name"], *(text for step in (*block.background, *scenario["steps"]) for text in _texts(step))]
    length, placeholders = sum(map(len, texts)), sum(text.count("<") for text in texts)
    if not scenario["examples"]:
        return steps, length
    rows = growth = 0
    for examples in scenario["examples"]:
        body = examples["tableBody"]
        longest = max((len(cell["value"]) for row in body for cell in row["cells"]), default=0)
        rows, growth = rows + len(body), growth + len(body) * (length + placeholders * longest)
    return rows * steps, growth


def _texts(step: Node) -> Iterator[str]:
    yield step["text"]
    yield step["docString"]["content"] if "docString" in step else ""
    for row in step["dataTable"]["rows"] if "dataTable" in step else ():
        yield from (cell["value"] for cell in row["cells"])

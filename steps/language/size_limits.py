"""Size limits of tables and outlines, checked before any placeholder is filled.

A file of one megabyte can expand to gigabytes: two thousand rows, each inserted at a thousand placeholders.
"""

from collections.abc import Iterator

from sop_runs.problem import Problem
from steps.language.examples import WrittenBlock, blocks
from steps.language.parser import Node

MAX_ROWS = 2_000
MAX_COLUMNS = 40
MAX_STEPS = 100_000
MAX_CHARACTERS = 20_000_000
"""Maximum steps and characters of a file after its outlines are filled."""


def size_findings(feature: Node, path: str) -> list[Problem]:
    """Return the findings of rule too-large for tables with too many rows or columns and for outlines that grow too large."""
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
            message = f"up to here the file has {steps:,} steps and {characters:,} characters after its outlines are filled"
            remedy = f"keep it below {MAX_STEPS:,} steps and {MAX_CHARACTERS:,} characters: use fewer rows or shorter texts"
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
        yield place, f"the {table} has {len(rows) - 1:,} rows, more than {MAX_ROWS:,}", "delete rows that add nothing"


def _filled_size(block: WrittenBlock) -> tuple[int, int]:
    """Return the maximum number of steps and of characters of all examples of a scenario."""
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

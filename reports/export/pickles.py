"""Pickles (Cucumber's word for an example that can run): placeholders are replaced and all tags collected.

Not made with gherkin's own compiler, which pastes the header of a column into a regular expression: a header ``(a+)+``
would not end. Values are put in once, by plain replacement, as the run itself does.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from reports.export.gherkin_tree import Ids, Node, Written

Fill = Callable[[str], str]


def pickle_of(written: Written, uri: str, language: str, ids: Ids) -> Node:
    """Make the pickle of an example; as in gherkin, a scenario without own steps has no steps at all."""
    fill = placeholder_filler(written)
    steps = list(_pickle_steps(written, fill, ids)) if written.scenario["steps"] else []
    node = written.row or written.scenario
    return {
        "id": ids.take(),
        "uri": uri,
        "location": node["location"],
        "astNodeIds": [written.scenario["id"], *([written.row["id"]] if written.row else [])],
        "tags": [{"name": tag["name"], "astNodeId": tag["id"]} for tag in written.tags],
        "name": fill(written.scenario["name"]),
        "language": language,
        "steps": steps,
    }


def placeholder_filler(written: Written) -> Fill:
    """Replace each placeholder by the value of its column; of two columns with one name the first counts."""
    if written.row is None or written.header is None:
        return str
    values: dict[str, str] = {}
    for name, cell in zip(written.header["cells"], written.row["cells"], strict=True):
        values.setdefault(name["value"], cell["value"])
    names = sorted(filter(None, values), key=len, reverse=True)
    if not names:
        return str
    pattern = re.compile("<(" + "|".join(map(re.escape, names)) + ")>")
    return lambda text: pattern.sub(lambda match: values[match[1]], text) if "<" in text else text


def _pickle_steps(written: Written, fill: Fill, ids: Ids) -> Iterator[Node]:
    kind = "Unknown"
    before: list[tuple[Node, Fill, Node | None]] = [(step, str, None) for step in written.background]
    for step, filled, row in chain(before, ((step, fill, written.row) for step in written.scenario["steps"])):
        kind = kind if step["keywordType"] == "Conjunction" else step["keywordType"]
        argument = _argument(step, filled)
        yield {
            "id": ids.take(),
            "text": filled(step["text"]),
            "type": kind,
            "astNodeIds": [step["id"], *([row["id"]] if row else [])],
            **({"argument": argument} if argument else {}),
        }


def _argument(step: Node, fill: Fill) -> Node:
    """Return the arguments of a step: a table, a doc string, or both in their order."""
    table, text = step.get("dataTable"), step.get("docString")
    argument: Node = {}
    if table:
        argument["dataTable"] = {"rows": [{"cells": [{"value": fill(cell["value"])} for cell in row["cells"]]} for row in table["rows"]]}
    if text:
        media = {"mediaType": fill(text["mediaType"])} if "mediaType" in text else {}
        argument["docString"] = {**media, "content": fill(text["content"])}
    if table and text:
        first = table["location"]["line"] < text["location"]["line"]
        argument["dataTable"]["argumentIndex"], argument["docString"]["argumentIndex"] = (1, 2) if first else (2, 1)
    return argument

"""Examples: rows, columns and placeholders that fit together."""

import re
from collections.abc import Iterator
from itertools import chain

from gherkin.dialect import DIALECTS

from sop_engine.text import quoted
from steps.language.examples import WrittenBlock
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings

_PLACEHOLDER = re.compile(r"<([^\s<>](?:[^<>\n]*[^\s<>])?)>")
_HEADER = re.compile(r"[^\W_](?:[\w -]*\w)?")

Use = tuple[str, int, int, bool]
"""A text, its first and last line, and whether it is a doc string."""


def outlines(sheet: CheckedFile) -> Findings:
    """Rules no-rows, unknown-placeholder, unused-column, regex-header and duplicate-row."""
    for block in sheet.blocks:
        yield from _no_rows(sheet, block.scenario)
        yield from _placeholders(sheet, block)
        for examples in block.scenario["examples"]:
            yield from _header(sheet, block.scenario, examples)
            yield from _rows(sheet, examples)
    yield from _placeholders_of_backgrounds(sheet)


def _no_rows(sheet: CheckedFile, scenario: Node) -> Findings:
    outline_words = DIALECTS[sheet.source.document.language]["scenarioOutline"] if sheet.source.document else []
    if not scenario["examples"] and scenario["keyword"] in outline_words:
        message = f"the outline {quoted(scenario['name'])} has no Examples, so it would run once with its <placeholders>"
        yield sheet.finding(sheet.at(scenario), "no-rows", message, "add Examples: with a table, or make it a Scenario")
    for examples in scenario["examples"]:
        if not examples["tableBody"]:
            what = "only a header" if "tableHeader" in examples else "no table"
            message = f"these Examples have {what}, so nothing would run"
            yield sheet.finding(sheet.at(examples), "no-rows", message, "add at least one row below the header")


def _placeholders(sheet: CheckedFile, block: WrittenBlock) -> Findings:
    scenario = block.scenario
    headers = [examples["tableHeader"] for examples in scenario["examples"] if "tableHeader" in examples]
    if scenario["examples"] and not headers:
        return  # said by no-rows
    columns = [[cell["value"] for cell in header["cells"]] for header in headers]
    for text, line, last, is_docstring in _uses(scenario):
        for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
            if columns and all(name in header for header in columns):
                continue
            known = list(dict.fromkeys(chain.from_iterable(columns)))
            near = sheet.near(name, (column for column in known if column != name))
            if is_docstring and not near and name not in known:
                continue  # a doc string may hold <tags> of its own
            at = sheet.find(f"<{name}>", line, last)
            yield sheet.finding(at, "unknown-placeholder", *_unknown(name, known, near))


def _unknown(name: str, known: list[str], near: str | None) -> tuple[str, str, str | None]:
    if not known:
        return f"`<{name}>` is a placeholder, but this scenario has no Examples", "write the value itself, or add Examples", None
    if name in known:
        return f"`<{name}>` is a column of some of these Examples but not of all", "give every Examples table the column", None
    message = f"`<{name}>` is not a column of these Examples"
    if near:
        return message, f"did you mean `<{near}>`?", f"<{near}>"
    return message, "use one of " + ", ".join(f"`<{column}>`" for column in known), None


def _placeholders_of_backgrounds(sheet: CheckedFile) -> Findings:
    children = sheet.feature["children"] if sheet.feature else []
    nested = [child["rule"]["children"] for child in children if "rule" in child]
    for child in chain(children, *nested):
        if "background" in child:
            for text, line, last, is_docstring in _uses({"name": "", **child["background"]}):
                for name in [] if is_docstring else dict.fromkeys(_PLACEHOLDER.findall(text)):
                    message = f"`<{name}>` stands in a Background, which no Examples fill"
                    remedy = "write the value itself, or move the step into the outline"
                    yield sheet.finding(sheet.find(f"<{name}>", line, last), "unknown-placeholder", message, remedy)


def _header(sheet: CheckedFile, scenario: Node, examples: Node) -> Findings:
    cells = examples.get("tableHeader", {"cells": []})["cells"]
    used = "\n".join(text for text, *_ in _uses(scenario))
    seen: set[str] = set()
    for cell in cells:
        name, at = cell["value"], sheet.at(cell)
        if not _HEADER.fullmatch(name):
            message = f"the column name {quoted(name)} has characters other than letters, digits, space, - and _"
            yield sheet.finding(at, "regex-header", message, "name the column in plain words")
        elif name in seen:
            yield sheet.finding(at, "unused-column", f"the column `{name}` stands here twice", "delete one of the two")
        elif f"<{name}>" not in used:
            message = f"no step of the outline uses the column `{name}`"
            wanted = [word for word in _PLACEHOLDER.findall(used) if word not in {other["value"] for other in cells}]
            near = sheet.near(name, wanted)
            remedy = f"the steps say `<{near}>`: use one name" if near else f"write `<{name}>` in a step, or delete the column"
            yield sheet.finding(at, "unused-column", message, remedy, near)
        seen.add(name)


def _rows(sheet: CheckedFile, examples: Node) -> Findings:
    first: dict[tuple[str, ...], int] = {}
    for row in examples["tableBody"]:
        cells = tuple(cell["value"] for cell in row["cells"])
        line = first.setdefault(cells, row["location"]["line"])
        if line != row["location"]["line"]:
            yield sheet.finding(sheet.at(row), "duplicate-row", f"this row repeats line {line}", "delete one of the two")


def _uses(node: Node) -> Iterator[Use]:
    """The texts of a scenario or background in which a placeholder counts."""
    start = node["location"]["line"]
    yield node["name"], start, start, False
    for step in node["steps"]:
        line = step["location"]["line"]
        yield step["text"], line, line, False
        for row in step.get("dataTable", {"rows": []})["rows"]:
            for cell in row["cells"]:
                yield cell["value"], row["location"]["line"], row["location"]["line"], False
        if "docString" in step:
            content, first = step["docString"]["content"], step["docString"]["location"]["line"]
            yield content, first, first + content.count("\n") + 1, True

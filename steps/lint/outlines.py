"""Lint of scenario outlines: rows, columns and placeholders of the Examples."""

import re
from collections.abc import Iterator
from itertools import chain

from gherkin.dialect import DIALECTS

from sop_engine.text import quoted
from steps.language.examples import WrittenBlock
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings
from steps.lint.duplicates import same_form

_PLACEHOLDER = re.compile(r"<([^\s<>](?:[^<>\n]*[^\s<>])?)>")
_HEADER = re.compile(r"[^\W_](?:[\w -]*\w)?")

PlaceholderText = tuple[str, int, int, bool]
"""Text, first line, last line, and whether it is a doc string."""


def outline_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules no-rows, unknown-placeholder, unused-column, regex-header and duplicate-row."""
    for block in file.blocks:
        yield from _no_rows(file, block.scenario)
        yield from _placeholders(file, block)
        for examples in block.scenario["examples"]:
            yield from _header(file, block.scenario, examples)
            yield from _rows(file, examples)
    yield from _placeholders_of_backgrounds(file)


def _no_rows(file: CheckedFile, scenario: Node) -> Findings:
    outline_words = DIALECTS[file.source.document.language]["scenarioOutline"] if file.source.document else []
    if not scenario["examples"] and scenario["keyword"] in outline_words:
        message = f"the outline {quoted(scenario['name'])} has no Examples, so it would run once with its placeholders instead of values"
        yield file.finding(file.at(scenario), "no-rows", message, "add `Examples:` with a table, or write `Scenario` instead")
    for examples in scenario["examples"]:
        if not examples["tableBody"]:
            has_header = "tableHeader" in examples
            message = f"these Examples have {'a header and no row' if has_header else 'no table'}, so nothing would run"
            remedy = (
                "add at least one row below the header"
                if has_header
                else "add a table: a header with the placeholders, and at least one row"
            )
            yield file.finding(file.at(examples), "no-rows", message, remedy)


def _placeholders(file: CheckedFile, block: WrittenBlock) -> Findings:
    scenario = block.scenario
    headers = [examples["tableHeader"] for examples in scenario["examples"] if "tableHeader" in examples]
    if scenario["examples"] and not headers:
        return  # reported by no-rows
    columns = [[cell["value"] for cell in header["cells"]] for header in headers]
    for text, line, last, is_docstring in _placeholder_texts(scenario):
        for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if "<" in text else ():
            if columns and all(name in header for header in columns):
                continue
            column_names = list(dict.fromkeys(chain.from_iterable(columns)))
            near = file.most_similar(name, (column for column in column_names if column != name))
            if is_docstring and not near and name not in column_names:
                continue  # a doc string may contain <tags> that are not placeholders
            at = file.find(f"<{name}>", line, last)
            yield file.finding(at, "unknown-placeholder", *_unknown_placeholder(name, column_names, near))


def _unknown_placeholder(name: str, columns: list[str], near: str | None) -> tuple[str, str, str | None]:
    if not columns:
        return f"`<{name}>` is a placeholder, but this scenario has no Examples", "write the value itself, or add Examples", None
    if name in columns:
        return f"`<{name}>` is a column of some of these Examples but not of all", "add the column to every Examples table", None
    message = f"`<{name}>` is not a column of these Examples"
    if near:
        return message, f"did you mean `<{near}>`?", f"<{near}>"
    return message, "use one of " + ", ".join(f"`<{column}>`" for column in columns), None


def _placeholders_of_backgrounds(file: CheckedFile) -> Findings:
    children = file.feature["children"] if file.feature else []
    nested = [child["rule"]["children"] for child in children if "rule" in child]
    for child in chain(children, *nested):
        if "background" in child:
            for text, line, last, is_docstring in _placeholder_texts({"name": "", **child["background"]}):
                for name in [] if is_docstring else dict.fromkeys(_PLACEHOLDER.findall(text)):
                    message = f"`<{name}>` is in a Background, where no placeholder is filled"
                    remedy = "write the value itself, or move the step into the outline"
                    yield file.finding(file.find(f"<{name}>", line, last), "unknown-placeholder", message, remedy)


def _header(file: CheckedFile, scenario: Node, examples: Node) -> Findings:
    cells = examples.get("tableHeader", {"cells": []})["cells"]
    used = "\n".join(text for text, *_ in _placeholder_texts({**scenario, "name": ""}))
    named = scenario["name"]
    names: set[str] = set()
    for cell in cells:
        name, at = cell["value"], file.at(cell)
        if not _HEADER.fullmatch(name):
            message = f"the column name {quoted(name)} has characters other than letters, digits, space, - and _"
            yield file.finding(at, "regex-header", message, "name the column in plain words")
        elif name in names:
            yield file.finding(at, "unused-column", f"there are two columns named `{name}`", "delete one of the two")
        elif f"<{name}>" not in used:
            message = f"no step of the outline uses the column `{name}`"
            if f"<{name}>" in named:
                message = f"only the name of the outline uses the column `{name}`, so its values change nothing"
            wanted = [word for word in _PLACEHOLDER.findall(used) if word not in {other_cell["value"] for other_cell in cells}]
            near = file.most_similar(name, wanted)
            remedy = f"the steps say `<{near}>`: use one name" if near else f"write `<{name}>` in a step, or delete the column"
            yield file.finding(at, "unused-column", message, remedy, near)
        names.add(name)


def _rows(file: CheckedFile, examples: Node) -> Findings:
    first: dict[tuple[str, ...], int] = {}
    for row in examples["tableBody"]:
        cells = tuple(same_form(cell["value"]) for cell in row["cells"])
        line = first.setdefault(cells, row["location"]["line"])
        if line != row["location"]["line"]:
            yield file.finding(file.at(row), "duplicate-row", f"this row is the same as line {line}", "delete one of the two")


def _placeholder_texts(node: Node) -> Iterator[PlaceholderText]:
    """Yield the texts of a scenario or background in which placeholders are filled."""
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

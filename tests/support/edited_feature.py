"""The feature that random editing sessions change: how it may begin, what is typed into it, and what its tables mean to Gherkin."""

from collections.abc import Iterator
from typing import Any

from steps.language.document import Document

START = """Feature: Session
  # a remark

  Rule: R

    Scenario Outline: S <stage>
      Given an order invoiced through RMS
      And the order is <stage>
      When the seller cancels the full order
      Then the cancellation is <outcome>

      Examples: In a table
        | outcome | stage       |
        # between the rows
        | allowed | FULFILLABLE |
        | refused | PACKED      |

    Scenario: T
      Given these orders, invoiced through the client's ERP
        | order | posted           |
        | A     | 2026-05-04 09:00 |
      # the end
"""
LOOSE = START.replace("| allowed | FULFILLABLE |", "|allowed|FULFILLABLE  |")
FORMS = (
    START,
    LOOSE,
    START.replace("\n", "\r\n"),
    LOOSE.replace("\n", "\r\n", 4),
    "\ufeff" + START.replace("\n", "\r\n"),
    START.rstrip("\n"),
)
WORDS = (
    "x",
    '"',
    "'",
    "|",
    "a|b",
    "ä ö ü ß",
    "😀",
    "é中",
    "\\",
    "x\\",
    "#",
    "<stage>",
    "@tag",
    "  two  words ",
    "",
    "\u00a0n",
    "\\n",
    "-",
    "PACKED",
)


def tables_of(node: Any) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the tables below a node of the parsed feature: line and values of each row."""
    if isinstance(node, list):
        for part in node:
            yield from tables_of(part)
    elif isinstance(node, dict):
        rows = [node["tableHeader"], *node["tableBody"]] if node.get("tableHeader") else node.get("rows", [])
        if rows:
            yield [(row["location"]["line"], [cell["value"] for cell in row["cells"]]) for row in rows]
        else:
            for part in node.values():
                yield from tables_of(part)


def with_rows(text: str, lines: list[int], rows: list[list[str]]) -> str:
    """Return *text* with *rows* of a grid, as they are shown, in place of the rows of its table in *lines*."""
    written = text.split("\n")
    for line, cells in zip(lines, rows, strict=True):
        written[line - 1] = "|" + "".join(f" {escaped(unescaped(cell))} |" for cell in cells)
    return "\n".join(written)


def compiled(document: Document) -> list[Any]:
    """Return what runs of a document: each example with its place, name, tags and steps, without its id."""
    return [
        [
            example.line,
            example.row,
            example.name,
            example.tags,
            [(step.kind, step.text, step.table, step.docstring) for step in example.steps],
        ]
        for example in document.examples
    ]


def escaped(value: str) -> str:
    """Return a value as Gherkin writes it in a cell."""
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def unescaped(value: str) -> str:
    """Return what Gherkin reads of a value as the grid shows it."""
    pairs = {"\\\\": "\\", "\\|": "|", "\\n": "\n"}
    out, at, value = "", 0, value.strip()
    while at < len(value):
        pair = value[at : at + 2]
        out += pairs.get(pair, value[at])
        at += 2 if pair in pairs else 1
    return out

"""Pages of the site of a record, as text and as trees of elements."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from reports.site.builder import site_files
from reports.site.context import context_of
from sop_runs.change.snapshot import snapshot_of_run
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write

Line = dict[str, Any]
ROOT = Path(__file__).parents[2]


def pages_of(lines: list[Line], folder: Path) -> dict[str, str]:
    """Name to text of every HTML file of the site."""
    files = site_files(context_of(read_record(write(lines, folder)), base=snapshot_of_run(read_record(write(lines, folder / "base")))))
    return {name: content.decode() for name, content in files.items() if name.endswith(".html")}


def trees_of(lines: list[Line], folder: Path) -> dict[str, "Tree"]:
    return {name: Tree(html) for name, html in pages_of(lines, folder).items()}


def sample() -> list[Line]:
    """A record with something in every slot, findings included."""
    place: Line = {"path": "returns/rsi.feature", "line": 8, "column": 5}
    finding = place | {"rule": "no-then", "message": "no check", "remedy": "add one", "suggestion": "Then"}
    lines: list[Line] = json.loads(json.dumps(record(findings=[finding])))
    return lines


class Tree(HTMLParser):
    """Elements with their depth and the names of their attributes, and what can be asked of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.raw: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.sources: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.raw.append(self.get_starttag_text() or "")
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.hrefs += [given["href"] or ""] if "href" in given else []
        self.sources += [given["src"] or ""] if "src" in given else []

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call that is of a name, in our code that knows of templates or markup: the file, the name, the call."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for package in ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps"):
        for file in sorted((ROOT / package).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if re.search(r"jinja2|markupsafe", text) else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    yield file.relative_to(ROOT).as_posix(), name, node

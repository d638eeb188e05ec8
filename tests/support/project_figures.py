"""Figures of the code: its size, and how often one thing is done in two places.

    python -m tests.support.project_figures          # of this checkout
    python -m tests.support.project_figures FOLDER   # of another one, such as an older revision

What cannot be counted exactly is counted by a mark in the text of such places; the mark is beside each figure.
"""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.import_graph import TOP, ImportGraph

PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
SHARED_NAMES = 3
"""Number of modules from which on a name at module level counts as shared."""
RECORD_KEYS = frozenset(
    [
        "actual",
        "cell",
        "cells",
        "children",
        "claims",
        "closing",
        "columns",
        "counts",
        "description",
        "document",
        "docstring",
        "error",
        "examples",
        "expected",
        "facet",
        "feature",
        "features",
        "findings",
        "header",
        "holds",
        "id",
        "instance",
        "keyword",
        "kind",
        "line",
        "manifest",
        "message",
        "name",
        "outline",
        "path",
        "reading",
        "remedy",
        "row",
        "rows",
        "rule",
        "rulebook",
        "scenarios",
        "selection",
        "steps",
        "status",
        "subject",
        "suggestion",
        "table",
        "tags",
        "text",
        "clauses",
        "gaps",
        "sections",
        "sha256",
        "written",
        "executed",
    ]
)
"""Names of the fields of a record's lines."""
GHERKIN = re.compile(r"\bNode\b|^from gherkin|^import gherkin", re.MULTILINE)
"""A module that walks gherkin's own tree, which is made of dictionaries."""


def modules(top: Path) -> list[Path]:
    """Return every Python file of the product."""
    return sorted(file for package in PACKAGES for file in (top / package).rglob("*.py") if (top / package).is_dir())


def code_lines(text: str) -> int:
    """Count the lines that hold code: no blank line, comment or docstring."""
    documented = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or _is_text(node)
        for statement in ([node] if _is_text(node) else node.body[:1])
        if _is_text(statement)
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    }
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in skipped
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - documented)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def marked(files: Iterable[Path], *marks: str) -> list[Path]:
    """Return the files that have every one of *marks*, regular expressions, in them."""
    return [file for file in files if all(re.search(mark, file.read_text(encoding="utf-8")) for mark in marks)]


def shared_classes(files: Iterable[Path]) -> dict[str, int]:
    """Return the names that two classes or more of the product have, and how many have each."""
    names = Counter(
        node.name for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)
    )
    return {name: number for name, number in names.items() if number > 1}


def shared_names(files: Iterable[Path]) -> dict[str, int]:
    """Return the names of functions, classes and variables at module level that `SHARED_NAMES` modules or more define, and how many do."""
    names = Counter(name for file in files for name in set(_defined(ast.parse(file.read_text(encoding="utf-8")))))
    return {name: number for name, number in names.items() if number >= SHARED_NAMES}


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def contracts(top: Path) -> str:
    """Return how many import contracts there are and how many are kept, by import-linter."""
    program = shutil.which("lint-imports")
    if program is None:
        return "unknown (no lint-imports here)"
    environment = {**os.environ, "PYTHONPATH": str(top)}
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=top, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    counted = re.search(r"Contracts: (\d+) kept, (\d+) broken", done.stdout)
    return f"{int(counted[1]) + int(counted[2])} ({counted[1]} kept)" if counted else "unknown (lint-imports failed)"


def keys_on_records(files: Iterable[Path]) -> int:
    """Count the lines of `steps`, `reports` and `sop_cli` that name a field of a record as a key of a dictionary."""
    key = re.compile(r'\["(' + "|".join(RECORD_KEYS) + r')"\]')
    texts = [file.read_text(encoding="utf-8") for file in files if {"steps", "reports", "sop_cli", "sop_runs"} & set(file.parts)]
    return sum(bool(key.search(line)) for text in texts if not GHERKIN.search(text) for line in text.splitlines())


def figures(top: Path) -> dict[str, object]:
    """Return every figure by its name."""
    files = modules(top)
    texts = [file.read_text(encoding="utf-8") for file in files]
    folders = {file.parent for file in files}
    rooms = Counter(file.parent.relative_to(top).as_posix() for file in files if file.name != "__init__.py")
    largest = max(rooms, key=rooms.__getitem__)
    inner = {room: number for room, number in rooms.items() if "/" in room} or rooms
    smallest = min(inner, key=inner.__getitem__)
    imports = ImportGraph(top)
    decode = r"json\.loads|json\.Decoder|json\.decode|_decoder\.decode"
    return {
        "lines": sum(text.count("\n") for text in texts),
        "lines of code": sum(map(code_lines, texts)),
        "packages": sum((top / package).is_dir() for package in PACKAGES) + 1,
        "folders": len(folders),
        "largest room": f"{largest} ({rooms[largest]} modules)",
        "smallest room inside a package": f"{smallest} ({inner[smallest]} modules)",
        "import contracts": contracts(top),
        "cycles between modules": len(imports.cycles_of_modules()),
        "cycles between rooms": len(imports.cycles_of_rooms()),
        "names defined at module level in three or more modules": len(shared_names(files)),
        "places that read a record (decode JSON and know its lines)": len(
            marked(files, decode, r'(manifest|closing|line)\["type"\]|"type":"scenario"')
        ),
        "places that judge a record (say how many were expected to run)": len(marked(files, r'f"[^"]*were expected to run')),
        "places that compare records (name what was renamed or added)": len(
            marked(files, r'"renamed" if|"added" if|RENAMED, ADDED =|RENAMED = "renamed"')
        ),
        "class names shared by two classes": len(shared_classes(files)),
        "lines with a record's field as a key": keys_on_records(files),
    }


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else TOP
    for name, value in figures(place.resolve()).items():
        print(f"{value if isinstance(value, str) else format(value, ',')!s:>34}  {name}")  # noqa: T201

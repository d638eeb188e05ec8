"""Documents: a feature file read once, as text, as plain data and as the instances that will run.

`Document.plain` is JSON-ready and is what the run record carries, so that a reader of the record never parses Gherkin.
"""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sop_engine import SopError
from steps.findings import Finding, visible
from steps.instances import Instance, StepLine, instances, plain_values
from steps.parse import Node, Prose, parse, syntax_findings
from steps.sizes import oversize
from steps.source import decode

__all__ = ["Document", "FeatureFileError", "Instance", "Source", "StepLine", "find_features", "read_document", "read_source"]

Plain = dict[str, Any]


class FeatureFileError(SopError):
    """A feature file or folder that cannot be read at all."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot read {visible(str(path))}: {why}")
        self.path = path


@dataclass(frozen=True)
class Document:
    """A feature file without syntax errors. *path* is relative to the features folder, *sha256* of the bytes on disk."""

    path: str
    text: str
    sha256: str
    language: str
    plain: Plain
    instances: tuple[Instance, ...]
    feature: Node | None = field(repr=False)  # gherkin's tree, with every line and column
    prose: tuple[Prose, ...] = field(repr=False)


@dataclass(frozen=True)
class Source:
    """A feature file as found: its text, and its document where it could be parsed."""

    path: str
    text: str
    sha256: str
    document: Document | None
    prose: tuple[Prose, ...] = field(repr=False)
    readable: bool


def find_features(paths: Iterable[Path]) -> list[Path]:
    """The feature files at or below *paths*, each once, sorted by their posix paths.

    Raises:
        FeatureFileError: a path does not exist, is no feature file, or a folder has none.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _features_at(path):
            found.setdefault(file.resolve(), file)
    return sorted(found.values(), key=lambda file: file.as_posix())


def _features_at(path: Path) -> Iterable[Path]:
    if path.is_dir():
        files = [file for file in path.rglob("*.feature") if file.is_file()]
        if not files:
            raise FeatureFileError(path, "there is no .feature file in this folder")
        return files
    if not path.exists():
        raise FeatureFileError(path, "there is no such file or folder")
    if path.suffix != ".feature" or not path.is_file():
        raise FeatureFileError(path, "it is not a .feature file")
    return [path]


def read_document(file: Path, root: Path) -> tuple[Document | None, list[Finding]]:
    """The document, or the findings that kept it from being one (encoding, syntax, size). Both are never empty.

    Raises:
        FeatureFileError: the file cannot be read from disk.
    """
    source, findings = read_source(file, root)
    return source.document, findings


def read_source(file: Path, root: Path) -> tuple[Source, list[Finding]]:
    """As `read_document`, with the text also of a file that is no document."""
    path = _relative(file, root)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FeatureFileError(file, error.strerror or str(error)) from error
    return source_of(data, path)


def source_of(data: bytes, path: str) -> tuple[Source, list[Finding]]:
    """The bytes of one feature file, taken apart."""
    digest = hashlib.sha256(data).hexdigest()
    text, fault = decode(data, path)
    if fault is not None:
        return Source(path, text, digest, None, (), readable=False), [fault]
    parsed = parse(text)
    if parsed.errors:
        findings = syntax_findings(parsed.errors, path, text.split("\n"))
        return Source(path, text, digest, None, parsed.prose, readable=True), findings
    feature = parsed.feature
    excess = oversize(feature, path) if feature else []
    if excess:
        return Source(path, text, digest, None, parsed.prose, readable=True), excess
    found = instances(feature, path) if feature else ()
    language = feature["language"] if feature else "en"
    plain = _plain(feature, parsed.comments, found)
    document = Document(path, text, digest, language, plain, found, feature, parsed.prose)
    return Source(path, text, digest, document, parsed.prose, readable=True), []


def _relative(file: Path, root: Path) -> str:
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return file.name


def _plain(feature: Node | None, comments: Iterable[Node], found: tuple[Instance, ...]) -> Plain:
    remarks = [{"line": comment["location"]["line"], "text": comment["text"].strip()} for comment in comments]
    if feature is None:
        empty: Plain = {"language": "en", "tags": [], "name": "", "description": "", "line": 1}
        return {**empty, "comments": remarks, "background": None, "children": []}
    ids = {(instance.line, instance.row): instance.id for instance in found}
    head = {"language": feature["language"], "comments": remarks}
    return {**head, **_titled(feature), **_body(feature["children"], ids)}


def _titled(node: Node) -> Plain:
    named = {"line": node["location"]["line"], "name": node["name"], "description": _dedented(node.get("description"))}
    return named if "tags" not in node else {**named, "tags": [tag["name"] for tag in node["tags"]]}


def _body(children: list[Node], ids: dict[tuple[int, int | None], str]) -> Plain:
    """The background of a feature or rule, and its children in order."""
    background = next((child["background"] for child in children if "background" in child), None)
    return {
        "background": None if background is None else {**_titled(background), "steps": _steps(background)},
        "children": list(_children(children, ids)),
    }


def _children(children: list[Node], ids: dict[tuple[int, int | None], str]) -> Iterator[Plain]:
    for child in children:
        if "scenario" in child:
            yield _scenario(child["scenario"], ids)
        elif "rule" in child:
            yield {"kind": "rule", **_titled(child["rule"]), **_body(child["rule"]["children"], ids)}


def _scenario(node: Node, ids: dict[tuple[int, int | None], str]) -> Plain:
    line = node["location"]["line"]
    return {
        "kind": "scenario", "keyword": node["keyword"], **_titled(node), "steps": _steps(node),
        "examples": [_examples(examples, line, ids) for examples in node["examples"]],
        "instance": ids.get((line, None)),
    }  # fmt: skip


def _examples(node: Node, scenario: int, ids: dict[tuple[int, int | None], str]) -> Plain:
    header = node.get("tableHeader")
    lines = [row["location"]["line"] for row in node["tableBody"]]
    return {
        **_titled(node),
        "header": plain_values([header])[0] if header else [],
        "header_line": header["location"]["line"] if header else None,
        "rows": [
            {"line": line, "cells": cells, "instance": ids[scenario, line]}
            for line, cells in zip(lines, plain_values(node["tableBody"]), strict=True)
        ],
    }


def _steps(node: Node) -> list[Plain]:
    return [
        {
            "line": step["location"]["line"], "column": step["location"]["column"],
            "keyword": step["keyword"].strip(), "text": step["text"],
            "table": plain_values(step["dataTable"]["rows"]) if "dataTable" in step else None,
            "table_lines": [row["location"]["line"] for row in step.get("dataTable", {"rows": []})["rows"]],
            "docstring": step["docString"]["content"] if "docString" in step else None,
        }
        for step in node["steps"]
    ]  # fmt: skip


def _dedented(description: str | None) -> str:
    return textwrap.dedent((description or "").replace("\r", "")).strip("\n")

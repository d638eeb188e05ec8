"""Documents: a feature file read once, as text, as recorded in the run record, and as the examples that will run.

`Document.recorded` is the form in the run record, so that no reader of the record has to parse Gherkin.
"""

import hashlib
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sop_engine import SopError
from sop_engine.text import encodable, visible
from sop_runs.problem import Problem
from sop_runs.record.schema import (
    Background,
    Comment,
    ExampleRow,
    ExamplesTable,
    FeatureDocument,
    WrittenRule,
    WrittenScenario,
    WrittenStep,
)
from steps.language.examples import Example, StepLine, expand, plain_values
from steps.language.file_names import feature_files_below, file_findings, is_feature_file, place_of
from steps.language.parser import Node, Prose, parse
from steps.language.source import decode, size_findings
from steps.language.syntax import syntax_findings

__all__ = ["Document", "Example", "FeatureFileError", "FeatureSource", "StepLine", "find_features", "read_document", "read_source"]


class FeatureFileError(SopError):
    """A feature file or folder that cannot be read from disk, or contains no feature file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot read {visible(str(path))}: {why}")
        self.path = path


@dataclass(frozen=True)
class Document:
    """A feature file without syntax errors. *path* is relative to the features folder; *sha256* is of the bytes on disk."""

    path: str
    text: str
    sha256: str
    language: str
    recorded: FeatureDocument
    examples: tuple[Example, ...]
    feature: Node | None = field(repr=False)  # gherkin's tree, with every line and column
    prose: tuple[Prose, ...] = field(repr=False)


@dataclass(frozen=True)
class FeatureSource:
    """A feature file as read: its text, and its document if it could be parsed; otherwise the lines that were *unexpected*."""

    path: str
    text: str
    sha256: str
    document: Document | None
    prose: tuple[Prose, ...] = field(repr=False)
    readable: bool
    unexpected: frozenset[int] = frozenset()


def find_features(paths: Iterable[Path]) -> list[Path]:
    """Return the feature files at or below *paths*, each once, sorted by their posix paths.

    Raises:
        FeatureFileError: a path does not exist or is not a feature file, or a folder has none.
    """
    files_by_path: dict[Path, Path] = {}
    for path in paths:
        for file in _features_at(path):
            files_by_path.setdefault(file.resolve(), file)
    return sorted(files_by_path.values(), key=lambda file: file.as_posix())


def _features_at(path: Path) -> Iterable[Path]:
    if path.is_dir():
        files = list(feature_files_below(path))
        if not files:
            unread = file_findings(path, path)[:1]
            hint = f"; {unread[0].path}: {unread[0].message}; {unread[0].remedy}" if unread else ""
            raise FeatureFileError(path, f"there is no .feature file in this folder{visible(hint)}")
        return files
    if not path.exists():
        hint = "; only `sop verify` takes a line, name the file alone" if _has_line(path) else ""
        raise FeatureFileError(path, f"there is no such file or folder{hint}")
    if not is_feature_file(path):
        raise FeatureFileError(path, "it is not a .feature file")
    return [path]


def _has_line(path: Path) -> bool:
    """Return whether *path* is an existing feature file with a line, such as ``x.feature:16``."""
    name, colon, _ = path.name.partition(":")
    return bool(colon) and is_feature_file(path.parent / name)


def read_document(file: Path, root: Path) -> tuple[Document | None, list[Problem]]:
    """Return the document, None if the file has none, and the findings of reading it (encoding, syntax, size, open rows).

    Raises:
        FeatureFileError: the file cannot be read from disk.
    """
    source, findings = read_source(file, root)
    return source.document, findings


def read_source(file: Path, root: Path) -> tuple[FeatureSource, list[Problem]]:
    """Read a feature file as `read_document` does; the text is also returned if there is no document."""
    path = _relative(file, root)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FeatureFileError(file, error.strerror or str(error)) from error
    return source_of(data, path)


def source_of(data: bytes, path: str) -> tuple[FeatureSource, list[Problem]]:
    """Decode, parse and expand the bytes of one feature file; return it with its findings."""
    digest = hashlib.sha256(data).hexdigest()
    text, fault = decode(data, path)
    if fault is not None:
        return FeatureSource(path, text, digest, None, (), readable=False), [fault]
    parsed = parse(text)
    findings = syntax_findings(parsed, path, text.split("\n"))
    if parsed.errors:
        return FeatureSource(path, text, digest, None, parsed.prose, readable=True, unexpected=parsed.unexpected), findings
    feature = parsed.feature
    excess = size_findings(feature, path) if feature else []
    if excess:
        return FeatureSource(path, text, digest, None, parsed.prose, readable=True), [*findings, *excess]
    examples = expand(feature, path) if feature else ()
    language = feature["language"] if feature else "en"
    recorded = _recorded_document(feature, parsed.comments, examples)
    document = Document(path, text, digest, language, recorded, examples, feature, parsed.prose)
    return FeatureSource(path, text, digest, document, parsed.prose, readable=True), findings


def _relative(file: Path, root: Path) -> str:
    try:
        return encodable(place_of(file).relative_to(root.resolve()).as_posix())
    except ValueError:
        return encodable(file.name)


def _recorded_document(feature: Node | None, comments: Iterable[Node], examples: tuple[Example, ...]) -> FeatureDocument:
    remarks = [Comment(comment["location"]["line"], comment["text"].strip()) for comment in comments]
    if feature is None:
        return FeatureDocument([], "", "", 1, None, [], "en", remarks)
    ids = {(example.line, example.row): example.id for example in examples}
    line, name, description = _titled(feature)
    background, children = _background_and_children(feature["children"], ids)
    return FeatureDocument(_tag_names(feature), name, description, line, background, [*children], feature["language"], remarks)


def _titled(node: Node) -> tuple[int, str, str]:
    """Return line, name and description of a block."""
    return node["location"]["line"], node["name"], _dedented(node.get("description"))


def _tag_names(node: Node) -> list[str]:
    return [tag["name"] for tag in node["tags"]]


Ids = dict[tuple[int, int | None], str]
"""The id of each example, by the line of its scenario and the line of its row."""


def _background_and_children(children: list[Node], ids: Ids) -> tuple[Background | None, list[WrittenScenario | WrittenRule]]:
    """Return the background of a feature or rule, and its other children in order."""
    background = next((child["background"] for child in children if "background" in child), None)
    blocks = [
        _written_rule(child["rule"], ids) if "rule" in child else _written_scenario(child["scenario"], ids)
        for child in children
        if "background" not in child
    ]
    return None if background is None else Background(*_titled(background), _written_steps(background)), blocks


def _written_rule(node: Node, ids: Ids) -> WrittenRule:
    line, name, description = _titled(node)
    background, children = _background_and_children(node["children"], ids)
    return WrittenRule(
        line, _tag_names(node), name, description, background, [child for child in children if isinstance(child, WrittenScenario)]
    )


def _written_scenario(node: Node, ids: Ids) -> WrittenScenario:
    line, name, description = _titled(node)
    tables = [_examples_table(examples, line, ids) for examples in node["examples"]]
    return WrittenScenario(node["keyword"], line, _tag_names(node), name, description, _written_steps(node), tables, ids.get((line, None)))


def _examples_table(node: Node, scenario: int, ids: Ids) -> ExamplesTable:
    line, name, description = _titled(node)
    header = node.get("tableHeader")
    cells = zip(node["tableBody"], plain_values(node["tableBody"]), strict=True)
    rows = [ExampleRow(row["location"]["line"], values, ids[scenario, row["location"]["line"]]) for row, values in cells]
    head = plain_values([header])[0] if header else []
    return ExamplesTable(line, _tag_names(node), name, description, head, rows, header["location"]["line"] if header else None)


def _written_steps(node: Node) -> list[WrittenStep]:
    return [
        WrittenStep(
            step["location"]["line"], step["keyword"].strip(), step["text"],
            plain_values(step["dataTable"]["rows"]) if "dataTable" in step else None,
            step["docString"]["content"] if "docString" in step else None,
            step["location"]["column"],
            [row["location"]["line"] for row in step.get("dataTable", {"rows": []})["rows"]],
        )
        for step in node["steps"]
    ]  # fmt: skip


def _dedented(description: str | None) -> str:
    return textwrap.dedent((description or "").replace("\r", "")).strip("\n")

"""Cucumber's compatibility kit: every feature of it is read, exported and shown as Cucumber itself understands it.

The features follow none of our house rules, so the lint refuses each of them and none runs; here they are only read.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reports.export.run_files import CUCUMBER_JSON, MESSAGES, write_exports
from reports.site.builder import write_site
from steps.run.runner import run
from tests.support.messages_sample import BINDINGS, lines
from tests.support.npm_tools import package

Node = dict[str, Any]
ROOT = "samples"
"""What the kit calls the folder of its features."""


@pytest.fixture(scope="module")
def kit() -> Path:
    return package("@cucumber/compatibility-kit") / "features"


@pytest.fixture(scope="module")
def run_dir(kit, tmp_path_factory) -> Path:
    """A run of every feature of the kit that is not Markdown, which we do not read."""
    place = tmp_path_factory.mktemp("kit")
    for file in kit.rglob("*.feature"):
        copy = place / ROOT / file.relative_to(kit)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    result = run([place / ROOT], out=place / "runs", bindings=BINDINGS)
    write_exports(result.folder, root=ROOT)
    return result.folder


@pytest.fixture(scope="module")
def own_messages(run_dir) -> list[Node]:
    return lines(run_dir / MESSAGES)


@pytest.fixture(scope="module")
def kit_messages(kit) -> list[Node]:
    """The kit's own messages about the same files."""
    return [
        message
        for file in sorted(kit.glob("*/*.ndjson"))
        for message in lines(file)
        if next(iter(message)) in {"source", "gherkinDocument", "pickle"} and file.parent.name != "markdown"
    ]


def by_uri(messages: list[Node], kind: str) -> dict[str, list[Node]]:
    messages_by_uri: dict[str, list[Node]] = {}
    for message in messages:
        if kind in message:
            messages_by_uri.setdefault(message[kind]["uri"], []).append(message[kind])
    return messages_by_uri


def nodes(part: object) -> Iterator[Node]:
    """Everything in a tree that has an id."""
    if isinstance(part, dict):
        if "id" in part:
            yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


def without_ids(part: object) -> object:
    if isinstance(part, dict):
        return {name: without_ids(value) for name, value in part.items() if name != "id"}
    return [without_ids(value) for value in part] if isinstance(part, list) else part


def placed(pickle: Node, tree: Node) -> object:
    """A pickle with the places of its nodes instead of their ids."""
    places = {node["id"]: (node["location"]["line"], node["location"]["column"]) for node in nodes(tree)}

    def walk(part: object) -> object:
        if isinstance(part, dict):
            result = {name: walk(value) for name, value in part.items() if name not in {"id", "astNodeIds", "astNodeId"}}
            ids = [*part.get("astNodeIds", ()), *([part["astNodeId"]] if "astNodeId" in part else [])]
            return {**result, "nodes": [places[own] for own in ids]} if ids else result
        return [walk(value) for value in part] if isinstance(part, list) else part

    return walk(pickle)


def test_every_feature_of_the_kit_is_refused_by_a_rule_that_says_why_and_read_all_the_same(run_dir):
    features = [line for line in lines(run_dir / "run.ndjson") if line["type"] == "feature"]
    rules = {feature["path"]: {finding["rule"] for finding in feature["findings"]} for feature in features}

    assert len(features) > 40
    assert all(feature["document"] for feature in features)
    assert all(rules.values())
    assert set().union(*rules.values()) <= {
        "duplicate-name", "no-name", "no-steps", "no-then", "undefined-step", "unknown-placeholder", "unknown-tag",
    }  # fmt: skip


def test_the_sources_are_the_same_characters(own_messages, kit_messages):
    assert {uri: source[0] for uri, source in by_uri(own_messages, "source").items()} == {
        uri: source[0] for uri, source in by_uri(kit_messages, "source").items()
    }


def test_the_trees_are_the_same_but_for_their_ids(own_messages, kit_messages):
    actual, wanted = by_uri(own_messages, "gherkinDocument"), by_uri(kit_messages, "gherkinDocument")

    assert actual.keys() == wanted.keys()
    for uri, (tree,) in actual.items():
        assert without_ids(tree) == without_ids(wanted[uri][0]), uri


def test_the_pickles_are_the_same_but_for_their_ids(own_messages, kit_messages):
    actual, wanted = by_uri(own_messages, "pickle"), by_uri(kit_messages, "pickle")
    trees, their_trees = by_uri(own_messages, "gherkinDocument"), by_uri(kit_messages, "gherkinDocument")

    assert {uri: len(pickles) for uri, pickles in actual.items()} == {uri: len(pickles) for uri, pickles in wanted.items()}
    for uri, pickles in actual.items():
        own = [placed(pickle, trees[uri][0]) for pickle in pickles]
        other = [placed(pickle, their_trees[uri][0]) for pickle in wanted[uri]]
        assert own == other, uri


def test_cucumber_json_has_every_pickle_with_a_step(run_dir, kit_messages):
    features = json.loads((run_dir / CUCUMBER_JSON).read_bytes())
    actual = {feature["uri"]: [element["name"] for element in feature["elements"][1:]] for feature in features if feature["uri"] != "run"}

    wanted = {uri: [pickle["name"] for pickle in pickles if pickle["steps"]] for uri, pickles in by_uri(kit_messages, "pickle").items()}
    assert {uri: len(names) for uri, names in actual.items()} == {uri: len(names) for uri, names in wanted.items()}
    for uri, names in actual.items():
        assert len(set(names)) == len(names)
        assert all(name in title for title, name in zip(names, wanted[uri], strict=True)), uri


class Words(HTMLParser):
    """The text of a page as a reader sees it, in pieces between tags."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.feed(page)
        self.text = squeezed("".join(self.pieces))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def words_of(tree: Node) -> set[str]:
    """Every name, step, cell and doc string of a feature."""
    texts: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            texts.update(part[name] for name in ("name", "text", "value", "content") if isinstance(part.get(name), str))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(tree["feature"])
    return set(filter(None, map(squeezed, texts)))


def test_the_living_document_shows_every_name_step_cell_and_doc_string(run_dir, kit_messages, tmp_path):
    write_site(run_dir, tmp_path / "site")
    pages = [Words(file.read_text(encoding="utf-8")).text for file in sorted((tmp_path / "site").rglob("*.html"))]

    for uri, (tree,) in ((uri, trees[:1]) for uri, trees in by_uri(kit_messages, "gherkinDocument").items()):
        words = words_of(tree)
        missing = min(({word for word in words if word not in page} for page in pages), key=len)
        assert missing == set(), uri

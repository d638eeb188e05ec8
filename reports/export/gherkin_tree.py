"""The Gherkin tree of a feature file, parsed from the recorded text, with an id for every node.

The plain document of the record leaves out columns, delimiters, media types and the keywords of blocks. Messages want
them, so the recorded text is parsed once more, by the same library and from the same characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.ast_node import AstNode
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.stream.id_generator import IdGenerator
from gherkin.token_scanner import TokenScanner

from sop_runs.errors import RunRecordError
from sop_runs.record.reader import RUN_AGAIN
from sop_runs.record.schema import FeatureRecord

Node = dict[str, Any]
"""A node of the tree, in the shape of a Gherkin document of Messages."""


class Ids(IdGenerator):
    """Ids 0, 1, 2 … for all messages of a run; the same record gives the same ids."""

    def take(self) -> str:
        """Return the next id."""
        return str(self.get_next_id())


class _Builder(AstBuilder):
    """gherkin's builder, for which a last line of spaces is no part of a description: as in Cucumber's other languages."""

    def get_description(self, node: AstNode) -> str:  # type: ignore[override] # gherkin's is static
        lines: list[str] = AstBuilder.get_description(node).split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Written:
    """An example as written: the scenario, its Rule, and the row of Examples where there is one.

    *background* holds the steps that come first, *tags* the tags of everything around the example and its own.
    """

    scenario: Node
    rule: Node | None
    background: tuple[Node, ...]
    tags: tuple[Node, ...]
    header: Node | None = None
    row: Node | None = None

    @property
    def place(self) -> tuple[int, int | None]:
        """Line of the scenario and of the row, as the record has them."""
        return self.scenario["location"]["line"], self.row["location"]["line"] if self.row else None


def tree_of(feature: FeatureRecord, ids: Ids) -> Node | None:
    """Return the Gherkin document of a recorded feature; None if it could not be parsed when it ran.

    Raises:
        RunRecordError: the recorded document was not made from the recorded text.
    """
    if feature.document is None:
        return None
    try:
        tree: Any = Parser(_Builder(ids)).parse(TokenScanner(feature.text))
    except (CompositeParserException, ParserException) as error:
        raise RunRecordError(feature.path, "its text and its document in the record differ", RUN_AGAIN) from error
    return {name: part for name, part in tree.items() if part is not None}


def examples_of(tree: Node) -> Iterator[Written]:
    """Yield the examples of a document in the order in which they are written."""
    feature = tree.get("feature")
    if feature is None:
        return
    background: tuple[Node, ...] = ()
    for child in feature["children"]:
        if "background" in child:
            background = tuple(child["background"]["steps"])
        elif "scenario" in child:
            yield from _of_scenario(Written(child["scenario"], None, background, tuple(feature["tags"])))
        else:
            yield from _of_rule(child["rule"], background, tuple(feature["tags"]))


def _of_rule(rule: Node, background: tuple[Node, ...], tags: tuple[Node, ...]) -> Iterator[Written]:
    for child in rule["children"]:
        if "background" in child:
            background += tuple(child["background"]["steps"])
        else:
            yield from _of_scenario(Written(child["scenario"], rule, background, (*tags, *rule["tags"])))


def _of_scenario(block: Written) -> Iterator[Written]:
    scenario, tags = block.scenario, (*block.tags, *block.scenario["tags"])
    if not scenario["examples"]:
        yield Written(scenario, block.rule, block.background, tags)
    for examples in scenario["examples"]:
        for row in examples.get("tableBody", ()):
            yield Written(scenario, block.rule, block.background, (*tags, *examples["tags"]), examples["tableHeader"], row)

"""Lint of duplicates: names that look the same, and examples that say the same.

Two names look the same if they differ only in spaces or in their Unicode form (é as one character or as e with an accent; ﬁ or fi).
"""

import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from math import isfinite

from sop_engine import Reading, load_rulebook
from sop_engine.text import comparable_text, quoted
from sop_runs.problem import Problem
from sop_runs.record.version_tags import may_overlap
from steps.definitions.registry import Match
from steps.driver.order_life import OrderLife
from steps.language.document import Document
from steps.language.examples import StepLine, WrittenBlock, blocks
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample


def same_form(text: str) -> str:
    """Return *text* with single spaces and in Unicode form NFC, for comparing."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=65_536)
def _same_name(text: str) -> str:
    """Return a name for comparing it as a reader does, with single spaces."""
    return " ".join(comparable_text(text).split())


def _differ(name: str, other: str) -> bool:
    """Return whether two names differ in more than their spaces."""
    return name.split() != other.split()


def name_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules no-name and duplicate-name: features, rules, scenarios and tables of Examples."""
    feature = file.feature
    if feature is None:
        return
    rules = [child["rule"] for child in feature["children"] if "rule" in child]
    scenarios = [block.scenario for block in file.blocks]
    for node in (feature, *rules, *scenarios):
        if not any(char.isalnum() for char in node["name"]):
            keyword = node["keyword"]
            lack = (
                f"the name {quoted(node['name'])} of this {keyword} has no letter or digit"
                if node["name"]
                else f"this {keyword} has no name"
            )
            message = f"{lack}, so a reader cannot know what it is about"
            yield file.finding(file.at(node), "no-name", message, f"write a name after `{keyword}:`")
    yield from _same_scenario_names(file)
    yield from _same_looking(file, rules, "rule")
    for scenario in scenarios:
        yield from _same_looking(file, scenario["examples"], "table of Examples")


def _same_scenario_names(file: CheckedFile) -> Findings:
    earlier: dict[str, list[WrittenBlock]] = {}
    for block in file.blocks:
        scenario, name = block.scenario, _same_name(block.scenario["name"])
        other = next((other.scenario for other in earlier.get(name, ()) if _meet(other, block)), None)
        earlier.setdefault(name, []).append(block)
        if other is not None and name:
            line = other["location"]["line"]
            message = f"line {line} already has a scenario named {quoted(name)}, and only one of them would count"
            if _differ(other["name"], scenario["name"]):
                message = f"line {line} has a scenario whose name looks the same, {quoted(name)}: only its Unicode form differs"
            yield file.finding(file.at(scenario), "duplicate-name", message, "give each scenario of the file a different name")


def _meet(block: WrittenBlock, other: WrittenBlock) -> bool:
    """Return whether the scenarios of two blocks both stand in a version of the document."""
    book = load_rulebook()
    first, second = ((*part.tags, *(tag["name"] for tag in part.scenario["tags"])) for part in (block, other))
    return may_overlap(first, second, book.name, book.follows)


def _same_looking(file: CheckedFile, nodes: Iterable[Node], kind: str) -> Findings:
    """Yield a finding for names that look the same and differ in their Unicode form; equal names are allowed."""
    first: dict[str, Node] = {}
    for node in nodes:
        other = first.setdefault(_same_name(node["name"]), node)
        if _differ(other["name"], node["name"]):
            line = other["location"]["line"]
            message = f"line {line} has a {kind} whose name looks the same, {quoted(node['name'])}: only its Unicode form differs"
            yield file.finding(file.at(node), "duplicate-name", message, "type one of the two names again, or rename it")


def names_of_files(documents: Iterable[Document]) -> Iterable[Problem]:
    """Yield the findings of rule duplicate-name between files: equal names of scenarios, paths or names that differ only in Unicode form."""
    first_path: dict[str, Document] = {}
    named: dict[tuple[str, str], list[tuple[Document, Node, WrittenBlock | None]]] = {}
    for document in documents:
        path = document.path
        if first_path.setdefault(comparable_text(path), document).path != path:
            message = f"there is another file whose name looks the same, {quoted(path)}: only its Unicode form differs"
            yield Problem(path, 1, 1, "duplicate-name", message, "rename one of the two files")
        for kind, node, block in _named_nodes(document):
            earlier = named.setdefault((kind, _same_name(node["name"])), [])
            match = next((entry for entry in earlier if block is None or entry[2] is None or _meet(block, entry[2])), None)
            if match is None:
                earlier.append((document, node, block))
            if match is None or match[0] is document:
                continue
            other_document, other, _ = match
            at, line = node["location"], other["location"]["line"]
            if _differ(other["name"], node["name"]):
                message = f"line {line} of {other_document.path} has a {kind} whose name looks the same, {quoted(node['name'])}"
                message += ": only its Unicode form differs"
                yield Problem(path, at["line"], at["column"], "duplicate-name", message, "type one of the two names again, or rename it")
            elif kind == "scenario" and node["name"].strip():
                message = f"line {line} of {other_document.path} already has a scenario named {quoted(node['name'])}"
                yield Problem(
                    path, at["line"], at["column"], "duplicate-name", message, "give each scenario of the specification a different name"
                )


def _named_nodes(document: Document) -> Iterator[tuple[str, Node, WrittenBlock | None]]:
    """Yield the feature, rules and scenarios of a file, each with what it is called; a scenario also with its block."""
    if document.feature is not None:
        yield "feature", document.feature, None
        yield from (("rule", child["rule"], None) for child in document.feature["children"] if "rule" in child)
        yield from (("scenario", block.scenario, block) for block in blocks(document.feature))


def duplicate_example_findings(files: Iterable[CheckedFile]) -> Findings:
    """Yield the findings of rule doubled-example: two examples with the same steps, in one file or in two."""
    first: dict[Hashable, tuple[CheckedFile, MatchedExample]] = {}
    for file in files:
        for matched in file.matched:
            example = matched.example
            other_file, match = first.setdefault(content_of_example(matched), (file, matched))
            other = match.example
            if (other.path, other.line, other.row) != (example.path, example.line, example.row):
                what = "the scenario" if other.row is None else "the row"
                where = "" if other_file is file else f" of {other.path}"
                message = f"this says the same as {what} in line {other.row or other.line}{where}, {quoted(other.name)}"
                remedy = "delete one of the two, or change what makes them different"
                yield file.finding(file.start_of(example.row or example.line), "doubled-example", message, remedy)


def content_of_example(matched: MatchedExample) -> Hashable:
    """Return what an example says, for comparing. Thens, and Givens that do not build on each other, say the same in any order.

    Steps of an order's life say the same if the order is the same after them. The reading as practised need not be said.
    """
    given: list[Hashable] = []
    rest: list[tuple[str, Hashable]] = []
    builds = False
    orders = matched.life.orders
    last_given = max((number for number, (step, _) in enumerate(matched.steps) if step.kind == "given" and number in orders), default=-1)
    for number, (step, match) in enumerate(matched.steps):
        definition = match.definition
        refusal = matched.life.refusals.get(number)
        content = _state_of(orders[number]) if number in orders else _content_of_step(step, match)
        if refusal is not None and refusal.error is not None:
            content = _state_of(refusal.order), type(refusal.error), str(refusal.error)
        if step.kind != "given":
            rest.append((step.kind, content))
        elif number in orders and number != last_given:
            continue  # the last one has the state after all of them
        elif not ("reading" in definition.arguments and match.arguments["reading"] is Reading.AS_PRACTISED):
            builds = builds or (number not in orders and any(name in definition.input_fixtures for name in definition.output_fixtures))
            given.append(content)
    return tuple(given) if builds else frozenset(given), _with_sorted_thens(rest)


def _content_of_step(step: StepLine, match: Match) -> Hashable:
    """Return what a step says: its values without the words that its sentence leaves free (is/are), and its table without its order.

    A list of ids says the same in another order, as do the columns of a table with a heading, and its rows. (Where their order is
    claimed, one of the two examples fails.) In a Given, a cell without a value says the same as no column.
    """
    values = match.groups
    if step.kind == "then":
        values = tuple(" ".join(sorted(text.replace(",", " ").split())) if text and "," in text else text for text in values)
    return id(match.definition), values, _content_of_table(step, match), step.docstring


def _content_of_table(step: StepLine, match: Match) -> Hashable:
    table = match.definition.table
    if table is None or not step.table or table.faults(step.table):
        return step.table
    is_keyed = any(column.unique for column in table.columns)
    if step.kind == "given" and not is_keyed:
        return step.table
    rows = []
    for row in table.filled(step.table).rows:
        cells = ((name, text) for name, text in row.texts.items() if step.kind != "given" or row.values[name] is not None)
        rows.append(frozenset(cells if table.heading else ((name, _plain_value(text)) for name, text in cells)))
    return frozenset(Counter(rows).items())


def _plain_value(text: str) -> Hashable:
    """Return the value of a setting as a number or as a list of values, so that ``0.30`` is ``0.3`` and ``[6]`` is ``[ 6.0 ]``; else *text*."""
    inside = text.strip()
    if inside.startswith("[") and inside.endswith("]"):
        return tuple(_plain_value(part.strip()) for part in inside[1:-1].rstrip(" ,").split(",") if inside[1:-1].strip())
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def _state_of(order: OrderLife) -> Hashable:
    """Return the life of *order* so far; Givens and Whens that lead to the same life say the same."""
    requests = tuple(
        (request.canceller, request.scope, request.units, request.decision.outcome, request.decision.gaps)
        for request in order.cancellations
    )
    duties = tuple((duty.task, duty.because, duty.done) for duty in order.duties)
    history = tuple(event.name for event in order.history)
    return order.invoicing, order.units_ordered, order.units, order.on_hold, order.packing_error, history, requests, duties


def _with_sorted_thens(steps: Iterable[tuple[str, Hashable]]) -> Hashable:
    """Return the Whens in order, each with the set of the Thens below it."""
    groups: list[tuple[Hashable, set[Hashable]]] = [(None, set())]
    for kind, content in steps:
        if kind == "when":
            groups.append((content, set()))
        else:
            groups[-1][1].add(content)
    return tuple((event, frozenset(thens)) for event, thens in groups)

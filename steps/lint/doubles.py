"""Lint of doubles: names that look the same, and examples of a file that say the same.

Two names are the same if they differ only in spaces or in their Unicode form (é as one character or as e with an accent).
"""

import unicodedata
from collections.abc import Hashable, Iterable

from sop_engine.text import quoted
from sop_runs.problem import Problem
from steps.language.document import Document
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample, content_of


def same_form(text: str) -> str:
    """Return *text* with single spaces and in Unicode form NFC, for comparing."""
    return " ".join(unicodedata.normalize("NFC", text).split())


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
            message = f"this {keyword} has no name, so a reader cannot know what it is about"
            yield file.finding(file.at(node), "no-name", message, f"write a name after `{keyword}:`")
    yield from _same_scenario_names(file, scenarios)
    yield from _same_looking(file, rules, "rule")
    for scenario in scenarios:
        yield from _same_looking(file, scenario["examples"], "table of Examples")


def _same_scenario_names(file: CheckedFile, scenarios: Iterable[Node]) -> Findings:
    first: dict[str, Node] = {}
    for scenario in scenarios:
        name = same_form(scenario["name"])
        other = first.setdefault(name, scenario)
        if other is not scenario and name:
            line = other["location"]["line"]
            message = f"line {line} already has a scenario named {quoted(name)}, and only one of them would count"
            if " ".join(other["name"].split()) != " ".join(scenario["name"].split()):
                message = f"line {line} has a scenario whose name looks the same, {quoted(name)}: only its Unicode form differs"
            yield file.finding(file.at(scenario), "duplicate-name", message, "give each scenario of the file a different name")


def _same_looking(file: CheckedFile, nodes: Iterable[Node], kind: str) -> Findings:
    """Yield a finding for names that look the same and differ in their Unicode form; equal names are allowed."""
    first: dict[str, Node] = {}
    for node in nodes:
        other = first.setdefault(same_form(node["name"]), node)
        if unicodedata.normalize("NFC", other["name"]) == unicodedata.normalize("NFC", node["name"]) and other["name"] != node["name"]:
            line = other["location"]["line"]
            message = f"line {line} has a {kind} whose name looks the same, {quoted(node['name'])}: only its Unicode form differs"
            yield file.finding(file.at(node), "duplicate-name", message, "type one of the two names again, or rename it")


def names_of_files(documents: Iterable[Document]) -> Iterable[Problem]:
    """Yield the findings of rule duplicate-name between files: paths or features that differ only in their Unicode form."""
    first_path: dict[str, Document] = {}
    first_name: dict[str, Document] = {}
    for document in documents:
        path, feature = document.path, document.feature
        other = first_path.setdefault(unicodedata.normalize("NFC", path), document)
        if other.path != path:
            message = f"there is another file whose name looks the same, {quoted(path)}: only its Unicode form differs"
            yield Problem(path, 1, 1, "duplicate-name", message, "rename one of the two files")
        if feature is None:
            continue
        other = first_name.setdefault(same_form(feature["name"]), document)
        if other.feature is not None and " ".join(other.feature["name"].split()) != " ".join(feature["name"].split()):
            message = (
                f"the feature of {other.path} has a name that looks the same, {quoted(feature['name'])}: only its Unicode form differs"
            )
            place = feature["location"]
            yield Problem(path, place["line"], place["column"], "duplicate-name", message, "type one of the two names again, or rename it")


def doubled_example_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule doubled-example: two examples of the file with the same steps."""
    first: dict[Hashable, MatchedExample] = {}
    for matched in file.matched:
        example = matched.example
        other = first.setdefault(_content(matched), matched).example
        if other is not example and (other.line, other.row) != (example.line, example.row):
            line = other.row or other.line
            what = "the scenario" if other.row is None else "the row"
            message = f"this says the same as {what} in line {line}, {quoted(other.name)}"
            yield file.finding(
                file.start_of(example.row or example.line),
                "doubled-example",
                message,
                "delete one of the two, or change what makes them different",
            )


def _content(matched: MatchedExample) -> Hashable:
    """What an example says. Thens, and Givens that do not build on each other, say the same in any order."""
    given, rest = [], []
    builds = False
    for step, match in matched.steps:
        definition = match.definition
        if step.kind == "given":
            builds = builds or any(name in definition.takes for name in definition.gives)
            given.append(content_of(step, match))
        else:
            rest.append((step.kind, content_of(step, match)))
    return tuple(given) if builds else frozenset(given), _with_sorted_thens(rest)


def _with_sorted_thens(steps: Iterable[tuple[str, Hashable]]) -> Hashable:
    """Return the Whens in order, each with the set of the Thens below it."""
    groups: list[tuple[Hashable, set[Hashable]]] = [(None, set())]
    for kind, content in steps:
        if kind == "when":
            groups.append((content, set()))
        else:
            groups[-1][1].add(content)
    return tuple((event, frozenset(thens)) for event, thens in groups)

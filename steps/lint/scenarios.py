"""Lint of scenarios: each feature and rule has one, and each has steps, a Then, and a first step with a keyword of its own."""

from collections.abc import Iterator

from sop_engine.text import quoted
from steps.language.examples import KIND_OF
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings

CONJUNCTIONS = ("Conjunction", "Unknown")


def scenario_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules empty-feature, no-steps, no-then and first-step."""
    yield from _empty(file)
    yield from _first_steps(file)
    for block in file.blocks:
        scenario, at = block.scenario, file.at(block.scenario)
        name = " ".join(scenario["name"].split())
        if not scenario["steps"]:
            message = f"the scenario {quoted(name)} has no steps, so it would check nothing"
            yield file.finding(at, "no-steps", message, "write its Given, When and Then, or delete it")
        elif not any(KIND_OF.get(step["keywordType"]) == "then" for step in scenario["steps"]):
            message = f"the scenario {quoted(name)} has no Then, so it would check nothing"
            yield file.finding(at, "no-then", message, "write the expected result in a step that begins with Then")


def _empty(file: CheckedFile) -> Findings:
    if file.feature is None:
        yield file.finding((1, 1), "empty-feature", "the file has no Feature", "begin it with `Feature: …`, or delete the file")
        return
    if not file.blocks:
        message = "the feature has no scenario, so nothing would run"
        yield file.finding(file.at(file.feature), "empty-feature", message, "add a scenario, or delete the file")
        return
    for child in file.feature["children"]:
        if "rule" in child and not any("scenario" in inner for inner in child["rule"]["children"]):
            message = f"the rule {quoted(child['rule']['name'])} has no scenario, so nothing checks it"
            yield file.finding(file.at(child["rule"]), "empty-feature", message, "add a scenario below it, or delete the rule")


def _first_steps(file: CheckedFile) -> Findings:
    for node in _nodes_with_steps(file):
        first = node["steps"][0] if node["steps"] else None
        if first is not None and first["keywordType"] in CONJUNCTIONS:
            keyword = first["keyword"].strip()
            message = f"the first step begins with {keyword}, but there is no step before it to continue"
            yield file.finding(file.at(first), "first-step", message, "begin it with Given, When or Then", "Given")


def _nodes_with_steps(file: CheckedFile) -> Iterator[Node]:
    for child in file.feature["children"] if file.feature else ():
        for inner in child["rule"]["children"] if "rule" in child else (child,):
            yield inner.get("background") or inner["scenario"]

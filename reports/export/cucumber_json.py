"""A run as Cucumber JSON, the older format that many CI plugins still read.

The shape is that of cucumber-js: the steps of a Background stand in each scenario, every row of Examples is a scenario.
The format knows neither Rules nor files that cannot be parsed, so a Rule is named in the id, and what kept a file from
running is a scenario of its own that failed: a reader must not take silence for success.
"""

from collections.abc import Iterator
from itertools import chain

from reports.document.verdict_band import reasons_of_the_run
from reports.export.cucumber_run import CucumberExample, CucumberFeature, CucumberRun
from reports.export.gherkin_tree import Node
from reports.export.outcomes import FAILED, CucumberResult
from sop_runs.problem import Problem


def cucumber_json(run: CucumberRun) -> list[Node]:
    """The features of a run, ready for JSON. No clock ran, so every duration is zero."""
    places = {
        definition["id"]: f"{definition['sourceReference']['uri']}:{definition['sourceReference']['location']['line']}"
        for definition in run.definitions
    }
    features = [_feature(feature, places) for feature in run.features]
    reasons = reasons_of_the_run(run.verdict)
    whole = [_whole(reasons)] if reasons else []
    return [*(feature for feature in features if feature["elements"]), *whole]


def _feature(told: CucumberFeature, places: dict[str, str]) -> Node:
    tree = told.tree["feature"] if told.tree and "feature" in told.tree else None
    name = tree["name"] if tree else told.feature.path
    elements = [_element(each, name, places) for each in told.examples if each.outcomes is not None]
    findings = told.feature.findings
    return {
        "uri": told.uri,
        "id": _id(name),
        "keyword": tree["keyword"] if tree else "Feature",
        "name": name,
        "description": tree["description"] if tree else "",
        "line": tree["location"]["line"] if tree else 1,
        "tags": _tags(tree["tags"]) if tree else [],
        "elements": [*([_lint(findings, name)] if findings else []), *elements],
    }


def _element(told: CucumberExample, feature: str, places: dict[str, str]) -> Node:
    written = told.written
    rule = [written.rule["name"]] if written.rule else []
    row = [str(written.row["location"]["line"])] if written.row else []
    return {
        "id": ";".join(map(_id, (feature, *rule, told.pickle["name"], *row))),
        "type": "scenario",
        "keyword": written.scenario["keyword"],
        "name": told.pickle["name"],
        "description": written.scenario["description"],
        "line": told.pickle["location"]["line"],
        "tags": _tags(written.tags),
        "steps": list(_steps(told, places)),
    }


def _steps(told: CucumberExample, places: dict[str, str]) -> Iterator[Node]:
    written = chain(told.written.background, told.written.scenario["steps"])
    for node, step, outcome, match in zip(written, told.pickle["steps"], told.outcomes or (), told.matches, strict=False):
        found = [places[own] for own in match.get("stepDefinitionIds", ())]
        yield {
            "keyword": node["keyword"],
            "name": step["text"],
            "line": node["location"]["line"],
            "arguments": list(_arguments(node, step.get("argument", {}))),
            **({"match": {"location": found[0]}} if len(found) == 1 else {}),
            "result": _result(outcome),
        }


def _arguments(node: Node, argument: Node) -> Iterator[Node]:
    if "dataTable" in argument:
        yield {"rows": [{"cells": [cell["value"] for cell in row["cells"]]} for row in argument["dataTable"]["rows"]]}
    if "docString" in argument:
        yield {"content": argument["docString"]["content"], "line": node["docString"]["location"]["line"]}


def _result(outcome: CucumberResult) -> Node:
    result: Node = {"status": outcome.status.lower(), "duration": 0}
    if outcome.message:
        result["error_message"] = outcome.message
    return result


def _lint(findings: list[Problem], feature: str) -> Node:
    """What is wrong with a file, each finding a failed step."""
    steps = [(finding.line, finding.rule, str(finding)) for finding in findings]
    return _failing(feature, "The file is sound", findings[0].line, steps)


def _whole(reasons: tuple[str, ...]) -> Node:
    """What is wrong with the run as a whole."""
    name = "The run"
    element = _failing(name, "The run is good", 1, [(1, reason, reason) for reason in reasons])
    return {
        "uri": "run",
        "id": _id(name),
        "keyword": "Feature",
        "name": name,
        "description": "",
        "line": 1,
        "tags": [],
        "elements": [element],
    }


def _failing(feature: str, name: str, line: int, steps: list[tuple[int, str, str]]) -> Node:
    return {
        "id": f"{_id(feature)};{_id(name)}",
        "type": "scenario",
        "keyword": "Scenario",
        "name": name,
        "description": "",
        "line": line,
        "tags": [],
        "steps": [
            {"keyword": "* ", "name": text, "line": at, "arguments": [], "result": _result(CucumberResult(FAILED, message))}
            for at, text, message in steps
        ],
    }


def _tags(tags: tuple[Node, ...]) -> list[Node]:
    return [{"name": tag["name"], "line": tag["location"]["line"]} for tag in tags]


def _id(name: str) -> str:
    return name.replace(" ", "-").lower()

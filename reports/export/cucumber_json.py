"""A run as Cucumber JSON, the older format that many CI plugins still read.

The structure is that of cucumber-js: each scenario has the steps of its Background, and every row of Examples is a
scenario. The format has neither Rules nor files that cannot be parsed. So the name of a scenario is that of its test case,
which has Rule and row, and the findings of a file that did not run are a failed scenario: a missing file could be taken for
a success. Durations are in nanoseconds, as in cucumber-js; a run without durations has none.
"""

from collections.abc import Iterator
from itertools import chain

from reports.document.verdict_band import run_level_messages
from reports.export.case_names import RUN_CASE
from reports.export.cucumber_run import CucumberExample, CucumberFeature, CucumberRun
from reports.export.gherkin_tree import Node
from reports.export.outcomes import FAILED, CucumberResult


def cucumber_json(run: CucumberRun) -> list[Node]:
    """Convert a run to features, ready for JSON."""
    places = {
        definition["id"]: f"{definition['sourceReference']['uri']}:{definition['sourceReference']['location']['line']}"
        for definition in run.definitions
    }
    features = [_feature_as_json(feature, places) for feature in run.features]
    reasons = run_level_messages(run.verdict)
    run_features = [_run_as_feature(reasons)] if reasons else []
    return [*(feature for feature in features if feature["elements"]), *run_features]


def _feature_as_json(exported: CucumberFeature, places: dict[str, str]) -> Node:
    tree = exported.tree["feature"] if exported.tree and "feature" in exported.tree else None
    name = tree["name"] if tree else exported.feature.path
    elements = [_example_as_json(example, name, places) for example in exported.examples if example.outcomes is not None]
    findings = exported.feature.findings
    return {
        "uri": exported.uri,
        "id": _id(name),
        "keyword": tree["keyword"] if tree else "Feature",
        "name": name,
        "description": tree["description"] if tree else "",
        "line": tree["location"]["line"] if tree else 1,
        "tags": _tags_as_json(tree["tags"]) if tree else [],
        "elements": [*([_findings_as_scenario(exported, name)] if findings else []), *elements],
    }


def _example_as_json(example: CucumberExample, feature: str, places: dict[str, str]) -> Node:
    written = example.written
    rule = [written.rule["name"]] if written.rule else []
    row = [str(written.row["location"]["line"])] if written.row else []
    return {
        "id": ";".join(map(_id, (feature, *rule, example.pickle["name"], *row))),
        "type": "scenario",
        "keyword": written.scenario["keyword"],
        "name": example.name,
        "description": written.scenario["description"],
        "line": example.pickle["location"]["line"],
        "tags": _tags_as_json(written.tags),
        "steps": list(_steps_as_json(example, places)),
    }


def _steps_as_json(example: CucumberExample, places: dict[str, str]) -> Iterator[Node]:
    written = chain(example.written.background, example.written.scenario["steps"])
    results = zip(example.outcomes or (), example.durations, example.matches, strict=True)
    for node, step, (outcome, duration, match) in zip(written, example.pickle["steps"], results, strict=False):
        locations = [places[identifier] for identifier in match.get("stepDefinitionIds", ())]
        yield {
            "keyword": node["keyword"],
            "name": step["text"],
            "line": node["location"]["line"],
            "arguments": list(_arguments(node, step.get("argument", {}))),
            **({"match": {"location": locations[0]}} if len(locations) == 1 else {}),
            "result": _result(outcome, duration),
        }


def _arguments(node: Node, argument: Node) -> Iterator[Node]:
    if "dataTable" in argument:
        yield {"rows": [{"cells": [cell["value"] for cell in row["cells"]]} for row in argument["dataTable"]["rows"]]}
    if "docString" in argument:
        yield {"content": argument["docString"]["content"], "line": node["docString"]["location"]["line"]}


def _result(outcome: CucumberResult, duration: int | None) -> Node:
    result: Node = {"status": outcome.status.lower(), **({} if duration is None else {"duration": duration})}
    if outcome.message:
        result["error_message"] = outcome.message
    return result


def _findings_as_scenario(exported: CucumberFeature, feature: str) -> Node:
    """Return the findings of a file as failed steps."""
    steps = [(finding.line, finding.rule, str(finding)) for finding in exported.feature.findings]
    return _failing_scenario(feature, exported.findings_name, exported.feature.findings[0].line, steps)


def _run_as_feature(reasons: tuple[str, ...]) -> Node:
    """Return the problems of the run as a whole."""
    name = "The run"
    element = _failing_scenario(name, RUN_CASE, 1, [(1, reason, reason) for reason in reasons])
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


def _failing_scenario(feature: str, name: str, line: int, steps: list[tuple[int, str, str]]) -> Node:
    return {
        "id": f"{_id(feature)};{_id(name)}",
        "type": "scenario",
        "keyword": "Scenario",
        "name": name,
        "description": "",
        "line": line,
        "tags": [],
        "steps": [
            {"keyword": "* ", "name": text, "line": at, "arguments": [], "result": _result(CucumberResult(FAILED, message), 0)}
            for at, text, message in steps
        ],
    }


def _tags_as_json(tags: tuple[Node, ...]) -> list[Node]:
    return [{"name": tag["name"], "line": tag["location"]["line"]} for tag in tags]


def _id(name: str) -> str:
    return name.replace(" ", "-").lower()

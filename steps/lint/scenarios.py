"""Lint of scenarios: each has a unique name, steps, a Then, and tags from the closed list."""

from collections.abc import Iterator

from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.examples import KIND_OF
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, letters_of

CONJUNCTIONS = ("Conjunction", "Unknown")


def scenario_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules empty-feature, duplicate-name, no-steps, no-then and first-step."""
    yield from _empty(file)
    yield from _first_steps(file)
    lines_by_name: dict[str, int] = {}
    for block in file.blocks:
        scenario, at = block.scenario, file.at(block.scenario)
        name = " ".join(scenario["name"].split())
        line = lines_by_name.setdefault(name, at[0])
        if line != at[0]:
            message = f"line {line} already has a scenario named {quoted(name)}, and only one of them would count"
            yield file.finding(at, "duplicate-name", message, "give each scenario of the file a different name")
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


def tag_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule unknown-tag, on features, rules, scenarios and Examples."""
    for tag in _tag_nodes(file):
        name = tag["name"]
        if name not in file.known_tags:
            near = nearest_tag(name, file)
            message = f"the tag {quoted(name)} is not known"
            remedy = f"did you mean `{near}`?" if near else "use the id of a clause, gap or section, or delete the tag"
            yield file.finding(file.at(tag), "unknown-tag", message, remedy, near)


def known_failure_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule no-reason: a known failure is tagged at its own scenario, which gives the reason."""
    feature = file.feature
    if feature is None:
        return
    scenarios = {id(tag): block.scenario for block in file.blocks for tag in block.scenario["tags"]}
    for tag in _tag_nodes(file):
        if tag["name"] != KNOWN_FAILURE:
            continue
        scenario = scenarios.get(id(tag))
        if scenario is None:
            message = f"{KNOWN_FAILURE} covers more than one scenario, so it would hide a new failure"
            yield file.finding(file.at(tag), "no-reason", message, "tag each scenario that fails, and write the reason below its name")
        elif not scenario["description"].strip():
            message = f"the scenario {quoted(scenario['name'])} is expected to fail and gives no reason"
            yield file.finding(file.at(tag), "no-reason", message, "write the reason below the name of the scenario, before its first step")


def _tag_nodes(file: CheckedFile) -> Iterator[Node]:
    feature = file.feature
    if feature is not None:
        yield from feature["tags"]
        for child in feature["children"]:
            yield from child.get("rule", {"tags": ()})["tags"]
        for block in file.blocks:
            yield from block.scenario["tags"]
            for examples in block.scenario["examples"]:
                yield from examples["tags"]


def nearest_tag(name: str, file: CheckedFile) -> str | None:
    """Return the known tag most similar to *name*: one with the same letters and digits, else the nearest; None if none is similar."""
    letters, tags_by_letters = letters_of(name), file.tags_by_letters
    near = letters if letters in tags_by_letters else file.near(letters, tags_by_letters, cutoff=0.75)
    return tags_by_letters[near] if near else None

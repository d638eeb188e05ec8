"""Scenarios: each has a name of its own, steps, a Then, and tags from the closed list."""

from collections.abc import Iterator

from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.examples import KIND_OF
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, letters_of

CONJUNCTIONS = ("Conjunction", "Unknown")


def scenarios(sheet: CheckedFile) -> Findings:
    """Rules empty-feature, duplicate-name, no-steps, no-then and first-step."""
    yield from _empty(sheet)
    yield from _first_steps(sheet)
    named: dict[str, int] = {}
    for block in sheet.blocks:
        scenario, at = block.scenario, sheet.at(block.scenario)
        name = " ".join(scenario["name"].split())
        line = named.setdefault(name, at[0])
        if line != at[0]:
            message = f"line {line} already has a scenario named {quoted(name)}, and only one of them would count"
            yield sheet.finding(at, "duplicate-name", message, "give each scenario of the file a name of its own")
        if not scenario["steps"]:
            message = f"the scenario {quoted(name)} has no steps, so it would check nothing"
            yield sheet.finding(at, "no-steps", message, "write its Given, When and Then, or delete it")
        elif not any(KIND_OF.get(step["keywordType"]) == "then" for step in scenario["steps"]):
            message = f"the scenario {quoted(name)} has no Then, so it would check nothing"
            yield sheet.finding(at, "no-then", message, "say what must hold, in a step that begins with Then")


def _empty(sheet: CheckedFile) -> Findings:
    if sheet.feature is None:
        yield sheet.finding((1, 1), "empty-feature", "the file has no Feature", "begin it with `Feature: …`, or delete the file")
        return
    if not sheet.blocks:
        message = "the feature has no scenario, so nothing would run"
        yield sheet.finding(sheet.at(sheet.feature), "empty-feature", message, "add a scenario, or delete the file")
        return
    for child in sheet.feature["children"]:
        if "rule" in child and not any("scenario" in inner for inner in child["rule"]["children"]):
            message = f"the rule {quoted(child['rule']['name'])} has no scenario, so nothing shows it"
            yield sheet.finding(sheet.at(child["rule"]), "empty-feature", message, "add a scenario below it, or delete the rule")


def _first_steps(sheet: CheckedFile) -> Findings:
    for node in _with_steps(sheet):
        first = node["steps"][0] if node["steps"] else None
        if first is not None and first["keywordType"] in CONJUNCTIONS:
            keyword = first["keyword"].strip()
            message = f"the first step begins with {keyword}, but there is no step before it to continue"
            yield sheet.finding(sheet.at(first), "first-step", message, "begin it with Given, When or Then", "Given")


def _with_steps(sheet: CheckedFile) -> Iterator[Node]:
    for child in sheet.feature["children"] if sheet.feature else ():
        for inner in child["rule"]["children"] if "rule" in child else (child,):
            yield inner.get("background") or inner["scenario"]


def tags(sheet: CheckedFile) -> Findings:
    """Rule unknown-tag, on features, rules, scenarios and Examples."""
    for tag in _tags(sheet):
        name = tag["name"]
        if name not in sheet.known_tags:
            near = nearest_tag(name, sheet)
            message = f"the tag {quoted(name)} is not known"
            remedy = f"did you mean `{near}`?" if near else "use the id of a clause, gap or section, or delete the tag"
            yield sheet.finding(sheet.at(tag), "unknown-tag", message, remedy, near)


def reasons(sheet: CheckedFile) -> Findings:
    """Rule no-reason: a known failure says why, at its own scenario."""
    feature = sheet.feature
    if feature is None:
        return
    scenarios = {id(tag): block.scenario for block in sheet.blocks for tag in block.scenario["tags"]}
    for tag in _tags(sheet):
        if tag["name"] != KNOWN_FAILURE:
            continue
        scenario = scenarios.get(id(tag))
        if scenario is None:
            message = f"{KNOWN_FAILURE} stands above more than one scenario, so a new failure would hide behind it"
            yield sheet.finding(sheet.at(tag), "no-reason", message, "mark each scenario that fails, and say why below its name")
        elif not scenario["description"].strip():
            message = f"the scenario {quoted(scenario['name'])} is expected to fail and does not say why"
            yield sheet.finding(
                sheet.at(tag), "no-reason", message, "write the reason below the name of the scenario, before its first step"
            )


def _tags(sheet: CheckedFile) -> Iterator[Node]:
    feature = sheet.feature
    if feature is not None:
        yield from feature["tags"]
        for child in feature["children"]:
            yield from child.get("rule", {"tags": ()})["tags"]
        for block in sheet.blocks:
            yield from block.scenario["tags"]
            for examples in block.scenario["examples"]:
                yield from examples["tags"]


def nearest_tag(name: str, sheet: CheckedFile) -> str | None:
    """The known tag that reads like *name*: the same letters and digits first, then the nearest."""
    plain, known = letters_of(name), sheet.tags_by_letters
    near = plain if plain in known else sheet.near(plain, known, cutoff=0.75)
    return known[near] if near else None

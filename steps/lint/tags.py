"""Lint of tags: each is in the closed list and fits the scenarios below it.

The id of a clause or gap fits a scenario that cites it, or that is about a case which the clause or gap covers. In the life of an
order only some facts of the case are stated; an id fits if they allow it. A report or a simulated week is about no case: there the
text of the scenario, its Rule or its Feature names the id.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sop_engine import Canceller, EInvoice, Invoicing, QualityCheck, Reading, Scope, Stage, load_rulebook
from sop_engine.statement import RETURN, When
from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample, letters_of

AS_WRITTEN = "@as-written"
_FACT_OF: dict[type, str] = {
    Canceller: "canceller", Scope: "scope", Invoicing: "invoicing", Stage: "stage", EInvoice: "e_invoice", QualityCheck: "quality_check",
}  # fmt: skip
"""The fact of a case or a returned unit that a value of a step states, by its type."""


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


def fitting_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules wrong-reading and idle-tag."""
    feature = file.feature
    if feature is None:
        return
    examples: dict[int, list[MatchedExample]] = {}
    for matched in file.matched:
        examples.setdefault(matched.example.line, []).append(matched)
    for block in file.blocks:
        rule = block.rule or {"tags": (), "name": "", "description": ""}
        scenario = block.scenario
        written = examples.get(scenario["location"]["line"], [])
        text = " ".join(node[part] or "" for node in (feature, rule, scenario) for part in ("name", "description"))
        tables = [(tag, _rows_of(table)) for table in scenario["examples"] for tag in table["tags"]]
        for tag, rows in [*((tag, None) for node in (feature, rule, scenario) for tag in node["tags"]), *tables]:
            tagged = [matched for matched in written if rows is None or matched.example.row in rows]
            if tagged and len(tagged) == len(written if rows is None else rows):
                yield from _unfit(file, tag, scenario["name"], tagged, text)


def _rows_of(table: Node) -> frozenset[int]:
    return frozenset(row["location"]["line"] for row in table["tableBody"])


def _unfit(file: CheckedFile, tag: Node, name: str, tagged: Sequence[MatchedExample], text: str) -> Findings:
    """Yield a finding if *tag* does not fit the scenario *name* with the examples *tagged*."""
    if tag["name"] == AS_WRITTEN:
        if any(Reading.AS_WRITTEN not in _values(matched) for matched in tagged):
            message = f"{quoted(name)} is not taken as written, so the tag {AS_WRITTEN} is wrong"
            remedy = "begin the scenario with `Given the SOP is taken as written`, or delete the tag"
            yield file.finding(file.at(tag), "wrong-reading", message, remedy)
    elif (covered := _facts_by_id().get(tag["name"])) is not None and not any(_fits(tag["name"][1:], covered, m, text) for m in tagged):
        message = f"{quoted(name)} has the tag {tag['name']}, but neither cites it nor is about a case that it covers"
        remedy = "delete the tag, move it to the scenario that it fits, or cite it in a Then"
        if not any(_facts(matched) for matched in tagged):
            remedy = "delete the tag, cite it in a Then, or say in the text of the scenario or its Rule why it is here, with the id"
        yield file.finding(file.at(tag), "idle-tag", message, remedy)


def _fits(identifier: str, covered: "_Covered", matched: MatchedExample, text: str) -> bool:
    """Return whether an example cites *identifier*, is about a case that it covers, or, without a case, has it in its *text*."""
    if identifier in _values(matched):
        return True
    facts = _facts(matched)
    is_named = re.search(rf"(?<![\w-]){re.escape(identifier)}(?![\w-]|\.\w)", text) is not None
    if not facts:
        return covered.is_section or is_named
    if covered.when is not None and covered.is_return == ("quality_check" in facts):
        return all(facts.get(name, values) & values for name, values in covered.when.facts.items())
    return is_named and not facts.keys() & {"scope", "quality_check"}


@dataclass(frozen=True, slots=True)
class _Covered:
    """The cases or returned units that a clause, gap or section covers; None if it covers none."""

    when: When | None
    is_return: bool
    is_section: bool = False


@cache
def _facts_by_id() -> Mapping[str, _Covered]:
    """Return what each tag of the rulebook covers."""
    book = load_rulebook()
    clauses = {f"@{clause.id}": _Covered(clause.when if clause.decides else None, clause.subject == RETURN) for clause in book.clauses}
    gaps = {f"@{gap.id}": _Covered(gap.when, gap.subject == RETURN) for gap in book.gaps}
    return (
        clauses
        | gaps
        | {f"@{section.id}": _Covered(section.facts, section.id.startswith("RT"), is_section=True) for section in book.sections}
    )


def _values(matched: MatchedExample) -> list[object]:
    """Return every value of the steps of an example; of a list, its members."""
    found: list[object] = []
    for match in matched.matches:
        for value in match.arguments.values():
            found += value if isinstance(value, (list, tuple)) else [value]
    return found


def _facts(matched: MatchedExample) -> dict[str, frozenset[str]]:
    """Return what the Givens and Whens of an example state about its case or its returned unit: fact to words."""
    facts: dict[str, frozenset[str]] = {}
    for step, match in matched.steps:
        if step.kind != "then":
            for value in match.arguments.values():
                for word in value if isinstance(value, tuple) else (value,):
                    name = _FACT_OF.get(type(word))
                    if name is not None:
                        facts[name] = facts.get(name, frozenset()) | {str(word)}
    return facts if facts.keys() & {"canceller", "quality_check"} else {}

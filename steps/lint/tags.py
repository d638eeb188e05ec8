"""Lint of tags: each is in the closed list and fits the scenarios below it.

The id of a clause or gap fits a scenario that cites it, or that is about a case which the clause or gap covers. In the life of an
order only some facts of the case are stated; an id fits if they allow it. A report or a simulated week is about no case: there the
text of the scenario, its Rule or its Feature names the id.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sop_engine import Canceller, EInvoice, Invoicing, QualityCheck, Reading, Scope, Stage, load_rulebook
from sop_engine.statement import RETURN, When
from sop_engine.text import counted, quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.examples import FAILS, said_failures
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
    """Yield the findings of rule no-reason: a known failure is tagged at its own scenario of one example, which gives the reason."""
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
        elif (rows := sum(len(examples["tableBody"]) for examples in scenario["examples"])) > 1:
            message = f"{KNOWN_FAILURE} covers {rows:,} rows of this outline, so it would hide a new failure"
            yield file.finding(file.at(tag), "no-reason", message, "make a scenario of its own, with the tag, for each row that fails")
        elif not any(line.strip() and not line.strip().startswith(FAILS) for line in scenario["description"].splitlines()):
            message = f"the scenario {quoted(scenario['name'])} is expected to fail and gives no reason"
            yield file.finding(file.at(tag), "no-reason", message, "write the reason below the name of the scenario, before its first step")
    for block in file.blocks:
        scenario = block.scenario
        if said_failures(scenario["description"]) and not any(tag["name"] == KNOWN_FAILURE for tag in scenario["tags"]):
            message = f"the description says what fails (`{FAILS} …`), but the scenario is not tagged {KNOWN_FAILURE}"
            yield file.finding(file.at(scenario), "no-reason", message, f"delete the line, or tag the scenario {KNOWN_FAILURE}")


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
    """Yield the findings of the rules wrong-reading and idle-tag, one for each tag; its first scenario is named."""
    unfit: dict[int, tuple[Node, list[_Tagged]]] = {}
    for tag, tagged in _tagged_scenarios(file):
        if tagged.is_unfit(tag["name"]):
            unfit.setdefault(id(tag), (tag, []))[1].append(tagged)
    for tag, scenarios in unfit.values():
        names = quoted(scenarios[0].name) + (f" (and {counted(len(scenarios) - 1, 'more scenario')})" if len(scenarios) > 1 else "")
        if tag["name"] == AS_WRITTEN:
            message = f"the tag {AS_WRITTEN} is wrong on {names}: the SOP is not taken as written there"
            remedy = "begin the scenario with `Given the SOP is taken as written`, or delete the tag"
            yield file.finding(file.at(tag), "wrong-reading", message, remedy)
        else:
            message = f"the tag {tag['name']} does not fit {names}, which neither cites it nor is about a case that it covers"
            remedy = "delete the tag, move it to the scenario that it fits, or cite it in a Then"
            if not any(_facts(matched) for tagged in scenarios for matched in tagged.examples):
                remedy = "delete the tag, cite it in a Then, or give the reason in the text of the scenario or its Rule, with the id"
            yield file.finding(file.at(tag), "idle-tag", message, remedy)


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A scenario below a tag: its name, those of its examples that have the tag, and the text of scenario, Rule and Feature."""

    name: str
    examples: Sequence[MatchedExample]
    text: str

    def is_unfit(self, tag: str) -> bool:
        """Return whether *tag* fits no example; @as-written must fit all."""
        if tag == AS_WRITTEN:
            return any(Reading.AS_WRITTEN not in _values(matched) for matched in self.examples)
        covered = _covered_by_tag().get(tag)
        return covered is not None and not any(_fits(tag[1:], covered, matched, self.text) for matched in self.examples)


def _tagged_scenarios(file: CheckedFile) -> Iterator[tuple[Node, _Tagged]]:
    """Yield each tag with each scenario below it of which every tagged example matches step definitions."""
    examples: dict[int, list[MatchedExample]] = {}
    for matched in file.matched:
        examples.setdefault(matched.example.line, []).append(matched)
    for block in file.blocks:
        scenario = block.scenario
        nodes = [node for node in (file.feature, block.rule, scenario) if node is not None]
        written = examples.get(scenario["location"]["line"], [])
        text = " ".join(node[part] or "" for node in nodes for part in ("name", "description"))
        rows = [row for table in scenario["examples"] for row in _rows_of(table)]
        if written and len(written) == len(rows or [None]):
            for tag in (tag for node in nodes for tag in node["tags"]):
                yield tag, _Tagged(scenario["name"], written, text)
            for table in scenario["examples"]:
                tagged = [matched for matched in written if matched.example.row in _rows_of(table)]
                for tag in table["tags"] if tagged else ():
                    yield tag, _Tagged(scenario["name"], tagged, text)


def _rows_of(table: Node) -> frozenset[int]:
    return frozenset(row["location"]["line"] for row in table["tableBody"])


def _fits(identifier: str, covered: "_Covered", matched: MatchedExample, text: str) -> bool:
    """Return whether an example cites *identifier*, is about a case that it covers, or, without a case, has it in its *text*."""
    if identifier in _values(matched):
        return True
    facts = _facts(matched)
    is_named = identifier in load_rulebook().ids_in(text)
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
def _covered_by_tag() -> Mapping[str, _Covered]:
    """Return what each tag of the rulebook covers."""
    book = load_rulebook()
    clauses = {f"@{clause.id}": _Covered(clause.when if clause.decides else None, clause.subject == RETURN) for clause in book.clauses}
    gaps = {f"@{gap.id}": _Covered(gap.when, gap.subject == RETURN) for gap in book.gaps}
    returns = {clause.section for clause in book.clauses if clause.subject == RETURN}
    return clauses | gaps | {f"@{section.id}": _Covered(section.facts, section.id in returns, is_section=True) for section in book.sections}


def _values(matched: MatchedExample) -> list[object]:
    """Return every value of the steps of an example; of a list, its members."""
    values: list[object] = []
    for match in matched.matches:
        for value in match.arguments.values():
            values += value if isinstance(value, (list, tuple)) else [value]
    return values


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

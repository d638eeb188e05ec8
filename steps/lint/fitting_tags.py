"""Lint of tags that do not fit: a tag fits every example below it.

The id of a clause or gap fits an example that cites it, or that is about a case which the clause or gap covers. In the life of an
order these are the cases of its requests to cancel, which the lint computes from the Givens and Whens. Where there is no such case, a
step sentence is about the id (its definition says so), and the text of the scenario, its Rule or its Feature names it. The tag
@as-written is on every example that is taken as written, and on no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sop_engine import Canceller, EInvoice, Invoicing, QualityCheck, Reading, Scope, Stage, load_rulebook
from sop_engine.order import Cancellation, Order
from sop_engine.statement import RETURN, When
from sop_engine.text import counted, quoted
from sop_runs.problem import Problem
from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import StepValueError
from steps.definitions.registry import Match
from steps.definitions.tables import FilledTable, TableError
from steps.language.examples import StepLine
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample
from steps.lint.value_flow import DefinitionFlow

AS_WRITTEN = "@as-written"
SIMULATION = "@simulation"
_FACT_OF: dict[type, str] = {
    Canceller: "canceller", Scope: "scope", Invoicing: "invoicing", Stage: "stage", EInvoice: "e_invoice", QualityCheck: "quality_check",
}  # fmt: skip
"""The fact of a case or a returned unit that a value of a step states, by its type."""

_EVENT_AFTERWARDS = {"GAP-46": "posted", "GAP-55": "pushed"}
"""Gaps about what happens to an order after its cancellation. In an order's life the case of the request does not show it."""


def fitting_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules wrong-reading and idle-tag, one for each tag; its first scenario is named."""
    unfit: dict[int, tuple[Node, list[_Tagged]]] = {}
    for tag, tagged in _tagged_scenarios(file):
        if tagged.unfit_by(tag["name"]):
            unfit.setdefault(id(tag), (tag, []))[1].append(tagged)
    for tag, scenarios in unfit.values():
        names = scenarios[0].scenario_name(tag["name"])
        names += f" (and {counted(len(scenarios) - 1, 'more scenario')})" if len(scenarios) > 1 else ""
        if tag["name"] == AS_WRITTEN:
            message = f"the tag {AS_WRITTEN} is wrong on {names}: the SOP is not taken as written there"
            remedy = "begin the scenario with `Given the SOP is taken as written`, or delete the tag"
            yield file.finding(file.at(tag), "wrong-reading", message, remedy)
        elif tag["name"] == SIMULATION:
            message = f"the tag {SIMULATION} does not fit {names}, which is about one request to cancel: nothing is simulated there"
            yield file.finding(file.at(tag), "idle-tag", message, "delete the tag, or begin the scenario with `Given the experiment …`")
        else:
            message = f"the tag {tag['name']} does not fit {names}, which neither cites it nor is about a case that it covers"
            remedy = "delete the tag, move it to the scenario or the Examples that it fits, or cite it in a Then"
            event = _EVENT_AFTERWARDS.get(tag["name"][1:])
            if event is not None and any(example.requests for example in scenarios[0].examples):
                message = (
                    f"the tag {tag['name']} does not fit {names}: no step there is about an order that is {event} after its cancellation"
                )
            if not any(example.is_about_a_case for example in scenarios[0].examples):
                message = f"the tag {tag['name']} does not fit {names}: no step there is about it"
                remedy = "delete the tag, move it to the scenario that it fits, or cite it in a Then"
                if any(example.is_about(tag["name"][1:]) for example in scenarios[0].examples):
                    message = f"the tag {tag['name']} is not explained by {names}: no text there names it"
                    remedy = "delete the tag, cite it in a Then, or give the reason in the text of the scenario or its Rule, with the id"
            yield file.finding(file.at(tag), "idle-tag", message, remedy)
    yield from _missing_reading_tags(file)


def _missing_reading_tags(file: CheckedFile) -> Findings:
    """Yield the findings of rule wrong-reading for examples that are taken as written and do not have the tag @as-written."""
    readings: dict[int, dict[int | None, bool]] = {}
    tagged: set[int | None] = set()
    for matched in file.matched:
        example = matched.example
        readings.setdefault(example.line, {})[example.row] = is_taken_as_written(matched)
        tagged |= {example.row or example.line} if AS_WRITTEN in example.tags else set()
    for scenario in (block.scenario for block in file.blocks):
        line = scenario["location"]["line"]
        rows = readings.get(line, {})
        if rows and all(rows.values()) and tagged.isdisjoint(row or line for row in rows):
            message = f"{quoted(scenario['name'])} is taken as written, and does not have the tag {AS_WRITTEN}"
            yield file.finding(file.at(scenario), "wrong-reading", message, f"write `{AS_WRITTEN}` above the scenario")
            continue
        for table in scenario["examples"]:
            untagged = sorted(row for row in _rows_of(table) if rows.get(row) and row not in tagged)
            if untagged:
                yield _table_without_reading_tag(file, scenario, table, untagged)


def _table_without_reading_tag(file: CheckedFile, scenario: Node, table: Node, untagged: Sequence[int]) -> Problem:
    """Return the finding of a table of Examples whose rows in the lines *untagged* are taken as written."""
    more = f" (and {counted(len(untagged) - 1, 'more row')})" if len(untagged) > 1 else ""
    message = (
        f"the row in line {untagged[0]}{more} of {quoted(scenario['name'])} is taken as written, and does not have the tag {AS_WRITTEN}"
    )
    remedy = f"write `{AS_WRITTEN}` above these Examples"
    if len(untagged) < len(_rows_of(table)):
        remedy = f"give the rows that are taken as written Examples of their own, and write `{AS_WRITTEN}` above these"
    return file.finding(file.start_of(untagged[0]), "wrong-reading", message, remedy)


def stated_facts(matched: MatchedExample) -> dict[str, frozenset[str]]:
    """Return what the Givens and Whens state about one case or one returned unit: fact to words. Empty if there is none."""
    facts: dict[str, frozenset[str]] = {}
    for step, match in matched.steps:
        if step.kind != "then":
            for value in match.values:
                for word in value if isinstance(value, tuple) else (value,):
                    name = _FACT_OF.get(type(word))
                    if name is not None:
                        facts[name] = facts.get(name, frozenset()) | {str(word)}
    return facts if facts.keys() & {"scope", "quality_check"} else {}


def is_taken_as_written(matched: MatchedExample) -> bool:
    """Return whether a later step uses the reading as written."""
    try:
        stating = {number for number, match in enumerate(matched.matches) if Reading.AS_WRITTEN in match.values}
    except StepValueError:
        return False  # rule impossible-value reports it
    return bool(stating) and bool(stating - set(DefinitionFlow.of(matched.definitions).unread))


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A scenario below a tag: its name, those of its examples that have the tag, and the text of scenario, Rule and Feature."""

    name: str
    examples: "Sequence[_TaggedExample]"
    text: str

    def unfit_by(self, tag: str) -> "list[_TaggedExample]":
        """Return the examples that *tag* does not fit."""
        if tag == AS_WRITTEN:
            return [example for example in self.examples if Reading.AS_WRITTEN not in example.values]
        if tag == SIMULATION:
            return [example for example in self.examples if "scope" in example.facts]
        covered = _covered_by_tag().get(tag)
        return [] if covered is None else [example for example in self.examples if not example.fits(tag[1:], covered, self.text)]

    def scenario_name(self, tag: str) -> str:
        """Return the name of the scenario; with its rows that *tag* does not fit, if it fits others."""
        unfit = self.unfit_by(tag)
        if len(unfit) == len(self.examples):
            return quoted(self.name)
        more = f" (and {counted(len(unfit) - 1, 'more row')})" if len(unfit) > 1 else ""
        return f"the row in line {unfit[0].matched.example.row}{more} of {quoted(self.name)}"


def _tagged_scenarios(file: CheckedFile) -> Iterator[tuple[Node, _Tagged]]:
    """Yield each tag with each scenario below it of which every tagged example matches step definitions."""
    if "@" not in file.source.text:
        return
    examples: dict[int, list[_TaggedExample]] = {}
    declaring = frozenset(definition.module for definition in file.registry.definitions if definition.about or _citing(definition))
    for matched in file.matched:
        examples.setdefault(matched.example.line, []).append(_TaggedExample(matched, declaring))
    for block in file.blocks:
        scenario = block.scenario
        nodes = [node for node in (file.feature, block.rule, scenario) if node is not None]
        written = examples.get(scenario["location"]["line"], [])
        text = " ".join(node[part] or "" for node in nodes for part in ("name", "description"))
        rows = [row for table in scenario["examples"] for row in _rows_of(table)]
        if written and len(written) == len(rows or [None]):
            for tag in (tag for node in nodes for tag in node["tags"]):
                yield tag, _Tagged(scenario["name"], written, text)
            by_row = {example.matched.example.row: example for example in written}
            for table in scenario["examples"]:
                tagged = [by_row[row] for row in sorted(_rows_of(table))] if table["tags"] else []
                for tag in table["tags"] if tagged else ():
                    yield tag, _Tagged(scenario["name"], tagged, text)


def _rows_of(table: Node) -> frozenset[int]:
    return frozenset(row["location"]["line"] for row in table["tableBody"])


@dataclass(frozen=True, slots=True)
class _Covered:
    """The cases or returned units that a clause, gap or section covers; None if it covers none."""

    when: When | None
    is_return: bool
    is_section: bool = False
    is_note: bool = False
    """Whether it is a question beside a settled answer, which belongs to the latest request alone."""


@cache
def _covered_by_tag() -> Mapping[str, _Covered]:
    """Return what each tag of the rulebook covers."""
    book = load_rulebook()
    clauses = {f"@{clause.id}": _Covered(clause.when if clause.decides else None, clause.subject == RETURN) for clause in book.clauses}
    gaps = {f"@{gap.id}": _Covered(gap.when, gap.subject == RETURN, is_note=gap.aspect == "note") for gap in book.gaps}
    returns = {clause.section for clause in book.clauses if clause.subject == RETURN}
    return clauses | gaps | {f"@{section.id}": _Covered(section.facts, section.id in returns, is_section=True) for section in book.sections}


@dataclass(frozen=True)
class _TaggedExample:
    """An example, and what its steps cite and are about; the modules *declaring* have step sentences that say what they are about."""

    matched: MatchedExample
    declaring: frozenset[str]

    @cached_property
    def values(self) -> list[object]:
        """Every value of the steps; of a list, its members."""
        values: list[object] = []
        for match in self.matched.matches:
            for value in match.values:
                values += value if isinstance(value, (list, tuple)) else [value]
        return values

    @cached_property
    def cited(self) -> frozenset[object]:
        """The texts of the steps that can be ids, and the ids in cells of columns that cite them."""
        ids = {value for value in self.values if isinstance(value, str)}
        for step, match in self.matched.steps:
            table = _table_of(step, match)
            if table is not None:
                ids.update(identifier for column in _citing(match.definition) for row in table.rows for identifier in row[column] or ())
        return frozenset(ids)

    @cached_property
    def facts(self) -> dict[str, frozenset[str]]:
        """What the Givens and Whens state, as `stated_facts`."""
        return stated_facts(self.matched)

    @property
    def requests(self) -> Sequence[Cancellation]:
        """The requests to cancel in an order's life."""
        orders = self.matched.life.orders
        return orders[max(orders)].cancellations if orders else ()

    @property
    def is_about_a_case(self) -> bool:
        """Whether there is one case, one returned unit, or a request in an order's life."""
        return bool(self.facts or self.requests)

    def fits(self, identifier: str, covered: _Covered, text: str) -> bool:
        """Return whether the tag *identifier* fits: the steps cite it, are about a case that it covers, or are about it as *text* says."""
        if identifier in self.cited:
            return True
        if self.facts and covered.when is not None and covered.is_return == ("quality_check" in self.facts):
            return all(self.facts.get(name, values) & values for name, values in covered.when.facts.items())
        is_shown = (
            covered.when is not None
            and identifier not in _EVENT_AFTERWARDS
            and not covered.is_return
            and any(covered.when.covers(request.decision.case.facts) for request in self.requests[-1 if covered.is_note else 0 :])
        )
        is_named = covered.is_section or identifier in load_rulebook().ids_in(text)
        return is_shown or self.matched.life.error is not None or (is_named and self.is_about(identifier))

    def is_about(self, identifier: str) -> bool:
        """Return whether the definition of a step says that it is about *identifier*, or all are of modules whose definitions never do."""
        matches = self.matched.matches
        is_unknown = not self.is_about_a_case and self.declaring.isdisjoint(match.definition.module for match in matches)
        order: Order | None = None
        for number, (step, match) in enumerate(self.matched.steps):
            order = self.matched.life.orders.get(number, order)
            if identifier in match.definition.about:
                is_unknown = is_unknown or match.is_about(identifier, _table_of(step, match) or order)
        return is_unknown


def _citing(definition: StepDefinition) -> list[str]:
    """Return the columns of the table of a step sentence that cite clauses and gaps."""
    return [column.name for column in definition.table.columns if column.kind.cites] if definition.table is not None else []


def _table_of(step: StepLine, match: Match) -> FilledTable | None:
    """Return the table of a step with its values; None if it has none, or if a value is wrong."""
    table = match.definition.table
    try:
        return None if table is None or step.table is None else table.filled(step.table)
    except TableError:
        return None  # rules table-columns and table-cell report it
